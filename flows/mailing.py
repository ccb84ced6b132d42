"""Mailing: from notices waiting in the ledger to one letter a person kept in the outbox.

Works within a session it is given, so that ``post`` commits what ``preview`` throws away: the two
cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from flows.office import OpenOffice
from flows.readers import DIGEST, is_declined, reader_of
from notifications import mime
from notifications.deliver import MailSettings, is_loopback
from notifications.links import Links
from notifications.mail_settings import mail_settings_from
from notifications.own_wording import load_words
from notifications.wording.own import CATALOGUE, OwnWords
from storage import ledger, outbox, tasks
from storage.holding import alone_at, carry_over, holding_free
from storage.ledger import LedgerEntry
from storage.people import load_directory
from storage.plan_hours import hours_in_force
from storage.schema import PlanRow
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.ladder import NoticeState, Office
from tasks_catalog.people import Directory
from tasks_catalog.sending_hours import Hours, plans_over


@dataclass(frozen=True, kw_only=True)
class PlanDesk:
    """One active plan with the facts its letters speak of, by task id."""

    plan: PlanRow
    office: Office
    tasks: Mapping[str, TaskFacts]


@dataclass(frozen=True, kw_only=True)
class MailDesk:
    """What composing and rendering letters needs, gathered once a run."""

    office: OpenOffice
    mail: MailSettings
    directory: Directory
    calendar: WorkCalendar
    plans: Mapping[int, PlanDesk]
    hours: Mapping[int, Hours] = field(default_factory=dict)
    """The sending hours of plans that have their own, by plan."""
    words: OwnWords = CATALOGUE
    """How the office words its letters."""
    keys: Sequence[str] = ()
    """What links and return paths are signed with; empty where nothing leaves, as in a preview."""

    @cached_property
    def by_number(self) -> Mapping[str, PlanDesk]:
        return {plan.plan.number: plan for plan in self.plans.values()}

    @cached_property
    def regime(self) -> str:
        """The reporting regime of the first plan: letters of one period are kept together by it."""
        return tasks.settings_of(next(iter(self.plans.values())).plan).regime

    @property
    def links(self) -> Links:
        """Return the board's pages as readers find them.

        None where letters leave by a relay and the board answers on this machine alone: a link that
        leads nowhere is worse than none, and answering by mail still works.
        """
        base_url = self.office.settings.base_url
        nowhere = self.mail.kind == "smtp" and is_loopback(urlsplit(base_url).hostname or "")
        return Links("" if nowhere else base_url)

    def find(self, entry: LedgerEntry) -> tuple[PlanDesk, TaskFacts, Share] | None:
        """Return what a notice is about, as known here; None when it is about another epoch, or unknown.

        Whether the notice still speaks the truth is for ``storage.holding`` to say.
        """
        plan = self.plans.get(entry.plan_id)
        task = plan.tasks.get(entry.task_id) if plan else None
        share = task.shares.get(entry.notice.key.share) if task else None
        if plan is None or task is None or share is None or share.epoch != entry.notice.key.epoch:
            return None
        return plan, task, share


def open_desk(session: Session, office: OpenOffice, day: date, *, keys: Sequence[str] = ()) -> MailDesk:
    """Gather the directory, and of every active plan the shares letters of ``day`` may speak of."""
    directory = load_directory(session, office.organisation_id)
    calendar = office.calendar_in(session)
    plans = {
        plan.id: _plan_desk(session, calendar, plan, directory, day)
        for plan in tasks.list_plans(session, office.organisation_id, active_only=True)
    }
    return MailDesk(
        office=office,
        mail=mail_settings_from(office.settings.mail),
        directory=directory,
        calendar=calendar,
        plans=plans,
        hours=hours_in_force(session, office.organisation_id, office.sending),
        words=load_words(session, office.organisation_id),
        keys=keys,
    )


def _plan_desk(
    session: Session, calendar: WorkCalendar, plan: PlanRow, directory: Directory, day: date
) -> PlanDesk:
    known = Office(directory=directory, calendar=calendar, ladders=tasks.ladders_of(session, plan))
    facts = tasks.facts_to_speak_of(session, plan, known, day)
    return PlanDesk(plan=plan, office=known, tasks={task.id: task for task in facts})


def letter_id(office: OpenOffice, kind: str, person: str, day: date, *about: str) -> str:
    """Return the Message-ID a letter keeps for life: the same letter always gets the same one."""
    domain = mail_settings_from(office.settings.mail).domain
    return mime.letter_id(office.organisation_id, domain, kind, person, day, *about)


def compose(session: Session, office: OpenOffice, moment: datetime) -> int:
    """Make one letter a person of the notices waiting; return how many letters were made.

    What a later rung overtook is superseded; what is done, moved, reassigned or switched off is
    cancelled. A line goes to whoever reads for its person today (``tasks_catalog.substitutes``). A
    letter of an earlier day that never left takes along what came since, and so does one of today. Who
    had the day's letter already is written to on the next sending day, and so is a line of a plan whose
    hours of this day are over.
    """
    organisation = office.organisation_id
    alone_at(session, organisation)
    carried = carry_over(session, organisation, DIGEST, moment.date())
    ledger.supersede_overtaken(session, organisation, at=moment)
    free = [entry for entry in ledger.waiting(session, organisation) if entry.letter_id is None]
    holds = holding_free(session, organisation)
    stale = [entry.id for entry in free if entry.id not in holds]
    if stale:
        ledger.settle(session, stale, NoticeState.CANCELLED, at=moment)
    speaking = _wanted(session, [entry for entry in free if entry.id in holds], office, moment)
    letters, made = _letters_of(session, office, speaking, carried, moment)
    ledger.attach(
        session,
        {notice: letters[person] for person, ids in speaking.items() if person in letters for notice in ids},
    )
    return made


def _wanted(
    session: Session, entries: Sequence[LedgerEntry], office: OpenOffice, moment: datetime
) -> Mapping[str, list[int]]:
    """Return the notices to be told today by who reads them; what a reader switched off is cancelled."""
    directory = load_directory(session, office.organisation_id)
    unwanted = [entry for entry in entries if is_declined(entry, directory)]
    ledger.decline(session, unwanted, at=moment)
    declined = {entry.id for entry in unwanted}
    hours = hours_in_force(session, office.organisation_id, office.sending)
    over = plans_over(hours, moment.time())
    people: dict[str, list[int]] = {}
    for entry in entries:
        later = entry.is_snoozed(moment.date()) or entry.plan_id in over
        if entry.id not in declined and not later:
            people.setdefault(reader_of(entry, directory, moment.date()), []).append(entry.id)
    return people


def _letters_of(
    session: Session,
    office: OpenOffice,
    people: Iterable[str],
    carried: Mapping[str, int],
    moment: datetime,
) -> tuple[Mapping[str, int], int]:
    """Return the letter that takes each person's lines today, and how many of them are new.

    Who has none of it had today's letter already.
    """
    organisation, day = office.organisation_id, moment.date()
    asked = [person for person in people if person not in carried]
    new = outbox.open_letters(
        session,
        organisation,
        kind=DIGEST,
        day=day,
        message_ids={person: letter_id(office, DIGEST, person, day) for person in asked},
        at=moment,
    )
    kept = {
        person: letter.id
        for person in asked
        if person not in new
        and (letter := outbox.find_open(session, organisation, DIGEST, person, day)) is not None
    }
    return {**carried, **new, **kept}, len(new)
