"""Auditing: what should have been said against what was; a gap shows red, mails, and stops the heartbeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path

from prefect import flow
from sqlalchemy.orm import Session

from flows import escalate, post
from flows.mailing import letter_id
from flows.office import OpenOffice, open_office
from flows.remind import gather
from flows.steps import Run, named, plainly, run_name, through_prefect
from notifications.announce import announce
from notifications.wording import sentence
from storage import bounces, ledger, outbox
from storage.bounces import Unreachable
from storage.engine import read, write
from storage.holding import holding_free
from storage.ledger import LedgerEntry
from storage.miscounted import miscounted_plans
from storage.people import load_directory
from storage.plan_hours import hours_in_force, plans_in_letters
from storage.schema import LetterRow
from storage.speaking import Known
from storage.touched import tasks_touched_since
from tasks_catalog.ladder import NoticeKey
from tasks_catalog.occurrence import ShareKey
from tasks_catalog.people import Directory
from tasks_catalog.sending_hours import Hours, leaves_at

HEARTBEAT_FILE = "heartbeat"
_AFTER_ESCALATE = timedelta(minutes=10)
_STUCK_AFTER = timedelta(hours=2)
_NOT_LEFT = ("waiting", "posting", "deferred")
_MISSED = 2
"""Working days after which a line that no letter carries is a gap, where its plan has hours of its own."""
_NAMED = 20
_DEAD = "dead_address"


class AuditGapError(Exception):
    """Something that should have been said was not; the run shows red in the flow UI."""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What one audit found. Clean means every due notice is in the ledger and no letter is stuck."""

    missing: tuple[NoticeKey, ...] = ()
    stuck_letters: int = 0
    unknown_letters: int = 0
    dead_letters: int = 0
    miscounted: tuple[str, ...] = ()
    """Numbers of plans whose counted figures are not those of their tasks."""

    @property
    def is_clean(self) -> bool:
        return not self.missing and not self.stuck_letters and not self.miscounted


def audit_work(office: OpenOffice, as_of: date | datetime | None = None, *, run: Run = plainly) -> Audit:
    """Compare, then touch the heartbeat file when clean, else write to the coordinator once a day."""
    moment = office.moment_of(as_of, time(9))
    found = run(compare, office, moment)
    run(tell, office, found, moment)
    return found


@named("Đối chiếu việc phải nhắc với sổ nhắc việc")
def compare(office: OpenOffice, moment: datetime) -> Audit:
    told = last_told(office, moment)
    # By the calendar of that morning: a day made off since moves rungs, which the next morning says.
    plans = gather(office, told.date(), told)
    with read(office.engine) as session:
        changed = tasks_touched_since(session, office.organisation_id, told)
        states = outbox.list_letters(session, office.organisation_id)
        directory = load_directory(session, office.organisation_id)
        kept = [letter for letter in states if letter.state in _NOT_LEFT]
        hours = hours_in_force(session, office.organisation_id, office.sending)
        carried = plans_in_letters(session, [letter.id for letter in kept]) if hours else {}
        stuck = sum(
            moment - _could_leave(letter, directory, office, windows) > _STUCK_AFTER
            for letter in kept
            for windows in ([hours[plan] for plan in carried.get(letter.id, ()) if plan in hours],)
        )
        if hours:
            stuck += len(_missed(session, office, hours, moment.date()))
        return Audit(
            missing=tuple(key for known in plans for key in _missing(known, told.date(), changed)),
            stuck_letters=stuck if post.is_sending_time(office, moment) else 0,
            unknown_letters=sum(letter.state == "unknown" for letter in states),
            dead_letters=sum(letter.state == "dead" for letter in states),
            miscounted=miscounted_plans(
                session, office.organisation_id, turn=int(moment.timestamp()) // 3600
            ),
        )


def _missed(session: Session, office: OpenOffice, plans: Collection[int], day: date) -> frozenset[str]:
    """Return whose lines missed their plan's hours twice: no letter is made for them after these are over.

    A process that is away at just these hours every day would otherwise be silent for ever.
    """
    holds = holding_free(session, office.organisation_id)
    return frozenset(
        entry.notice.key.person
        for entry in ledger.waiting(session, office.organisation_id)
        if entry.id in holds
        and entry.plan_id in plans
        and not entry.is_snoozed(day)
        and office.calendar.working_days_between(_day_of(entry, office), day) >= _MISSED
    )


def _day_of(entry: LedgerEntry, office: OpenOffice) -> date:
    return entry.created_at.astimezone(office.settings.timezone).date()


def _could_leave(
    letter: LetterRow, directory: Directory, office: OpenOffice, windows: Sequence[Hours]
) -> datetime:
    """Return from when on a letter could have left: once it was kept, at its reader's or plans' hour."""
    hour = leaves_at(windows, directory.preference_of(letter.person).hour, office.sending)
    return max(letter.created_at, datetime.combine(letter.day, hour, tzinfo=office.settings.timezone))


def _missing(known: Known, day: date, changed: frozenset[str]) -> Iterator[NoticeKey]:
    """Yield what the morning of ``day`` should have kept and did not.

    What a person decided since began an epoch (a trigger, a return, more time): not a word was said in
    it yet, and the next morning says it. A rung told to as many people as it should be is told, though
    the share's officer or the directory is another by now.
    """
    spoken_of = {(key.share, key.epoch) for key in known.keys}
    owed = [
        notice.key
        for notice in announce(known.tasks, known.office, as_of=day, known=())
        if notice.key.share.task not in changed or (notice.key.share, notice.key.epoch) in spoken_of
    ]
    people_owed = Counter(_rung(key) for key in owed)
    people_told = Counter(_rung(key) for key in known.keys)
    for key in owed:
        if key not in known.keys and people_told[_rung(key)] < people_owed[_rung(key)]:
            yield key


def _rung(key: NoticeKey) -> tuple[ShareKey, int, str]:
    return key.share, key.epoch, key.rung


def last_told(office: OpenOffice, moment: datetime) -> datetime:
    """Return when the last morning's work should have been done, of the working days up to ``moment``."""
    done = (datetime.combine(moment.date(), escalate.HOUR) + _AFTER_ESCALATE).time()
    day = moment.date() if moment.time() >= done else moment.date() - timedelta(days=1)
    return datetime.combine(office.calendar.previous_working(day), done, tzinfo=moment.tzinfo)


@named("Báo cáo kết quả kiểm tra")
def tell(office: OpenOffice, found: Audit, moment: datetime) -> None:
    if found.is_clean:
        beat(office.settings.home / HEARTBEAT_FILE, moment)
    day = post.sending_day(office, moment)  # a whole Tết of hourly gaps is one letter
    with write(office.engine) as session:
        coordinator = load_directory(session, office.organisation_id).coordinator()
        if coordinator is None:
            return
        untold = [each for each in bounces.unreachable(session, office.organisation_id) if _is_new(each)]
        if found.is_clean and not (untold and coordinator.reachable):
            return
        # A dead address alone has a letter of its own: the day's gaps must find theirs free.
        about = (_DEAD,) if found.is_clean else ()
        lang = coordinator.language
        letter = outbox.open_letter(
            session,
            office.organisation_id,
            kind="alarm",
            person=coordinator.code,
            day=day,
            about="".join(about),
            message_id=letter_id(office, "alarm", coordinator.code, day, *about),
            payload={
                "gaps": [
                    *gap_sentences(found, lang),
                    *(dead_sentence(each, lang, moment.tzinfo) for each in untold),
                ]
            },
            at=moment,
        )
        if letter is not None:
            bounces.told(session, untold, at=moment)


def _is_new(found: Unreachable) -> bool:
    return found.dead.told_at is None


def dead_sentence(found: Unreachable, lang: str, zone: tzinfo | None) -> str:
    """Word that a person cannot be written to any more, and what to do about it."""
    return sentence(
        "audit_unreachable",
        lang,
        name=found.person.name,
        person=found.person.code,
        address=found.person.email,
        on=found.dead.since.astimezone(zone).date(),
        status=found.bounce.status,
    )


def gap_sentences(found: Audit, lang: str) -> Iterator[str]:
    """Word what was found; of many missing notices the first are named and the rest counted."""
    for key in found.missing[:_NAMED]:
        yield sentence("audit_missing", lang, task=key.share.task, unit=key.share.unit, rung=key.rung)
    if len(found.missing) > _NAMED:
        yield sentence("audit_more_missing", lang, count=len(found.missing) - _NAMED)
    if found.stuck_letters:
        yield sentence("audit_stuck", lang, count=found.stuck_letters)
    for number in found.miscounted[:_NAMED]:
        yield sentence("audit_miscounted", lang, plan=number)


def beat(path: Path, moment: datetime) -> None:
    """Write the heartbeat: whoever watches this file knows the audit was clean at this moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(moment.isoformat() + "\n", encoding="utf-8")


@flow(name="Tự kiểm tra", flow_run_name=run_name("Tự kiểm tra"))
def audit(as_of: date | datetime | None = None) -> None:
    """Compare what should have been said with what was. Raises AuditGapError: the run shows red."""
    with open_office() as office:
        found = audit_work(office, as_of, run=through_prefect)
    if not found.is_clean:
        raise AuditGapError(
            f"{len(found.missing)} notices missing, {found.stuck_letters} letters stuck, "
            f"{len(found.miscounted)} plans miscounted"
        )
