"""Rendering: a letter kept in the outbox becomes the message that leaves, by the facts of this moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from sqlalchemy.orm import Session

from flows.calendar_files import calendar_files
from flows.mailing import MailDesk, open_desk
from flows.readers import DIGEST, letter_reader, lines_to_tell
from notifications.account_letters import PasswordFacts, compose_password
from notifications.account_news import compose_account
from notifications.account_tokens import LinkToken, sign_account_link
from notifications.deliver import Envelope
from notifications.letter import Letter, compose_digest
from notifications.letter_lines import Addressee, Item, PlanRef
from notifications.links import HIDDEN, PASSWORD, Links, with_tokens, without_tokens
from notifications.mailbox import inbox_settings_from
from notifications.mime import Attachment, Mailbox, list_id_of, message_bytes, thread_root
from notifications.occasions import (
    OwnTask,
    SummaryFigures,
    compose_alarm,
    compose_summary,
    compose_welcome,
)
from notifications.papers.package import paper_bytes
from notifications.papers.sentence import sentence_of
from notifications.papers.summary import summary_paper
from notifications.papers.urging import UrgingDraft, urged_task, urging_paper
from notifications.signing import VALID_DAYS, LinkScope, Purpose, return_path, sign_link
from notifications.wording import sentence
from storage import ledger, one_time_links, outbox, snapshots, tasks
from storage.account_news import happened
from storage.holding import holding
from storage.ledger import LedgerEntry
from storage.published import Published
from storage.reckoning import head_of
from storage.schema import LetterRow, PlanRow
from tasks_catalog.digest import Summary, summary_from_json
from tasks_catalog.duty import does_without
from tasks_catalog.facts import TaskFacts
from tasks_catalog.ladder import DEFAULT_LADDER, Ladder, NoticeState, next_step, rungs_of
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Person
from tasks_catalog.period import period_of
from tasks_catalog.preference import SWITCHED_OFF
from tasks_catalog.problem import Refused
from tasks_catalog.resolve import UnitRef, expand
from tasks_catalog.sending_hours import plans_over
from tasks_catalog.standing import StandingKind
from tasks_catalog.substitutes import receiver_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ANSWER_WITHIN = 5
"""Working days a draft letter of urging gives for the answer; the signer may write another."""


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A letter about to leave: who gets it, its words, its message, the notices it speaks for."""

    person: Person
    letter: Letter
    envelope: Envelope
    notices: tuple[int, ...]
    events: tuple[Published, ...] = ()
    """What its reader's calendar holds once it was handed over."""


@dataclass(frozen=True, kw_only=True)
class Unsaid:
    """Why a letter does not leave at all; kept with it as the answer."""

    why: str


NOTHING_LEFT = Unsaid(why="nothing left to say")
READER_LEFT = Unsaid(why="its reader has left")
HAS_HIS_OWN = Unsaid(why="the substitute has the same letter")


@dataclass(frozen=True, kw_only=True)
class _Page:
    letter: Letter
    plan: str = ""
    period: str = ""
    attachments: tuple[Attachment, ...] = ()
    notices: tuple[int, ...] = ()
    events: tuple[Published, ...] = ()
    account_link: LinkToken | None = None


def render(session: Session, desk: MailDesk, row: LetterRow, moment: datetime) -> Ready | Unsaid:
    """Return the letter as it would leave now, or why none does, such as nothing in it holding any more.

    Called inside the claim: a share reported since the letter was made loses its line here, and what
    is meant for somebody else by now is let go for his letter. Raises Refused (letter_address_dead) for a
    reader whose address is known to be dead.
    """
    person = desk.directory.person(row.person)
    if person is None or not person.active:
        if row.kind == DIGEST:  # what he read for others goes on to who stands in now
            lines_to_tell(session, row, desk.directory, moment, over=_over(desk, moment))
        return READER_LEFT
    receiver = letter_reader(row, person, desk.directory, moment.date())
    if does_without(row.kind, person, desk.directory):
        return Unsaid(why=SWITCHED_OFF)
    if receiver.absence and outbox.has_letter(session, row.organisation_id, row, receiver.person.code):
        return HAS_HIS_OWN
    if not receiver.person.reachable:
        raise Refused("letter_address_dead", person=receiver.person.name)
    addressee = Addressee(
        person=receiver.person, directory=desk.directory, absence=receiver.absence, words=desk.words
    )
    page = _page(session, desk, row, addressee, moment)
    if page is None:
        return NOTHING_LEFT
    mark = _links(desk, row, receiver.person).mark
    kept = replace(
        page.letter,
        text=without_tokens(page.letter.text, mark),
        html=without_tokens(page.letter.html, mark),
    )
    return Ready(
        person=receiver.person,
        letter=kept,
        envelope=_envelope(desk, row, receiver.person, page, moment),
        notices=page.notices,
        events=page.events,
    )


def _links(desk: MailDesk, row: LetterRow, reader: Person) -> Links:
    """Return the letter's links; they act for the one it was kept for, so a stand-in gets none that act."""
    return desk.links.marked(row.message_id) if reader.code == row.person else desk.links


def _page(
    session: Session, desk: MailDesk, row: LetterRow, addressee: Addressee, moment: datetime
) -> _Page | None:
    match row.kind:
        case "welcome":
            return _welcome(session, desk, row, addressee, moment.date())
        case "summary":
            return _summary(session, desk, row, addressee)
        case "alarm":
            gaps = [str(gap) for gap in row.payload.get("gaps", ())]
            return _Page(
                letter=compose_alarm(addressee, gaps, at=moment, links=_links(desk, row, addressee.person))
            )
        case outbox.PASSWORD:
            return _password(session, desk, row, addressee, moment)
        case outbox.ACCOUNT:
            found = happened(session, row)
            letter = compose_account(addressee, found, zone=moment.tzinfo) if found else None
            return _Page(letter=letter) if letter else None
        case _:
            return _digest(session, desk, row, addressee, moment)


def _password(
    session: Session, desk: MailDesk, row: LetterRow, addressee: Addressee, moment: datetime
) -> _Page | None:
    """Return the letter with its one-time link, which holds from this moment; None once that is void."""
    found = one_time_links.of_letter(session, row.organisation_id, row.id)
    if found is None:
        return None
    cause, inviter = one_time_links.Cause(found.cause), desk.directory.person(found.by)
    facts = PasswordFacts(
        cause=cause,
        by=inviter.name if inviter else desk.directory.name,
        asked=found.made_at.astimezone(moment.tzinfo),
        until=one_time_links.posted(session, found, at=moment),
    )
    letter = compose_password(addressee, facts, links=_links(desk, row, addressee.person))
    return _Page(letter=letter, account_link=LinkToken(found.id, one_time_links.stamp(found.made_at)))


def _digest(
    session: Session, desk: MailDesk, row: LetterRow, addressee: Addressee, moment: datetime
) -> _Page | None:
    entries = lines_to_tell(session, row, desk.directory, moment, over=_over(desk, moment))
    holds = holding(session, row.id)
    if any(entry.id in holds and desk.find(entry) is None for entry in entries):
        # Made by another process of what was opened since this desk was: a younger one knows it.
        desk = open_desk(session, desk.office, moment.date(), keys=desk.keys)
    items, ids = _holding(session, desk, entries, holds, moment)
    if not items:
        return None
    today = moment.date()
    plans = {item.plan.number for item in items}
    drafts = tuple(_drafts(desk, items, today))
    calendar = calendar_files(session, desk, addressee.person, items, moment)
    return _Page(
        letter=compose_digest(
            addressee,
            items,
            as_of=today,
            calendar=desk.calendar,
            links=_links(desk, row, addressee.person),
            files=[draft.name for draft in drafts],
            calendar_files=[file.name for file in calendar.attachments],
        ),
        plan=plans.pop() if len(plans) == 1 else "",
        period=period_of(desk.regime, today).key,
        attachments=(*drafts, *calendar.attachments),
        notices=ids,
        events=calendar.events,
    )


def _over(desk: MailDesk, moment: datetime) -> frozenset[int]:
    return plans_over(desk.hours, moment.time())


def _holding(
    session: Session,
    desk: MailDesk,
    entries: Sequence[LedgerEntry],
    holds: frozenset[int],
    moment: datetime,
) -> tuple[list[Item], tuple[int, ...]]:
    """Return the letter's lines that still hold, and cancel the others."""
    items: list[Item] = []
    held: list[int] = []
    gone: list[int] = []
    for entry in entries:
        if entry.notice.state is not NoticeState.WAITING:
            continue
        item = _item(desk, entry, moment.date()) if entry.id in holds else None
        if item is None:
            gone.append(entry.id)
        else:
            items.append(item)
            held.append(entry.id)
    if gone:
        ledger.settle(session, gone, NoticeState.CANCELLED, at=moment)
    return items, tuple(held)


def _item(desk: MailDesk, entry: LedgerEntry, today: date) -> Item | None:
    found = desk.find(entry)
    if found is None:
        return None
    plan, task, share = found
    receiver = receiver_of(entry.line, desk.directory, today)
    return Item(
        notice=entry.notice,
        receiver=receiver if receiver and receiver.absence else None,
        task=task,
        share=share,
        plan=PlanRef(number=plan.plan.number, title=plan.plan.title),
        next=next_step(task, share, plan.office, after=max(today, entry.notice.fire_on)),
        id=entry.id,
    )


def _drafts(desk: MailDesk, items: Sequence[Item], today: date) -> list[Attachment]:
    """Return a draft letter of urging for each line whose rung carries one (the director's)."""
    drafts = []
    for item in items:
        plan = desk.by_number[item.plan.number]
        rungs = rungs_of(item.share, plan.office)
        if not any(rung.draft and rung.key == item.notice.key.rung for rung in rungs):
            continue
        unit = desk.directory.unit(item.share.key.unit)
        draft = UrgingDraft(
            head=head_of(plan.plan, desk.directory),
            unit=unit.name if unit else item.share.key.unit,
            tasks=(urged_task(item.task, item.share, as_of=today),),
            as_of=today,
            answer_by=desk.calendar.add_working_days(today, ANSWER_WITHIN),
        )
        name = f"du-thao-cong-van-don-doc-{item.task.row}-{item.share.key.unit}.docx"
        drafts.append(Attachment(name=name, content_type=DOCX, data=paper_bytes(urging_paper(draft))))
    return drafts


def _welcome(
    session: Session, desk: MailDesk, row: LetterRow, addressee: Addressee, today: date
) -> _Page | None:
    plan = tasks.find_plan(session, desk.office.organisation_id, str(row.payload["plan"]))
    if plan is None:
        return None
    unit = str(row.payload["unit"])
    own = [
        OwnTask(task=task, role=role)
        for task in tasks.facts_of_plan(session, plan)
        for role in (_role_of(task, unit, desk),)
        if role is not None
    ]
    letter = compose_welcome(
        addressee,
        own,
        plan=PlanRef(number=plan.number, title=plan.title),
        unit=unit,
        as_of=today,
        links=_links(desk, row, addressee.person),
        ladder=_ladder_on(tasks.ladders_of(session, plan), today),
    )
    return _Page(letter=letter, plan=plan.number, period=str(plan.year))


def _ladder_on(ladders: Sequence[tuple[date, Ladder]], day: date) -> Ladder:
    """Return the ladder of the epochs that begin on a day."""
    return next((ladder for since, ladder in reversed(ladders) if since <= day), DEFAULT_LADDER)


def _role_of(task: TaskFacts, unit: str, desk: MailDesk) -> Role | None:
    """Return what the unit is to the task, by name or by group; owner wins."""
    roles = {
        owner.role
        for owner in task.owners
        if unit in expand(UnitRef(code=owner.code, collective=owner.collective), desk.directory)
    }
    return Role.OWNER if Role.OWNER in roles else next(iter(roles), None)


@lru_cache(maxsize=8)
def _paper_of(frozen: bytes) -> bytes:
    """Return the report of a snapshot: the same for each of its readers, and slow to lay out."""
    return paper_bytes(summary_paper(summary_from_json(json.loads(frozen))))


def _summary(session: Session, desk: MailDesk, row: LetterRow, addressee: Addressee) -> _Page | None:
    number, period = str(row.payload["plan"]), str(row.payload["period"])
    plan = tasks.find_plan(session, desk.office.organisation_id, number)
    kept = snapshots.latest(session, plan, period) if plan else None
    if plan is None or kept is None:
        return None
    summary = summary_from_json(kept.content)
    name = str(row.payload["file"])
    paper = Attachment(name=name, content_type=DOCX, data=_paper_of(snapshots.canonical(kept.content)))
    figures = _figures(session, plan, summary, period, name, addressee.person.language)
    letter = compose_summary(addressee, figures, links=_links(desk, row, addressee.person))
    return _Page(letter=letter, plan=number, period=period, attachments=(paper,))


def _figures(
    session: Session, plan: PlanRow, summary: Summary, period: str, name: str, lang: str
) -> SummaryFigures:
    by_row = {task.row: task for task in tasks.facts_of_plan(session, plan)}
    worst = sorted(summary.overdue, key=lambda late: (late.since, late.row))[:5]
    return SummaryFigures(
        plan=PlanRef(number=plan.number, title=plan.title),
        period=period,
        as_of=summary.as_of,
        sentence=sentence_of(summary, lang),
        done=summary.done,
        total=summary.total,
        counts={sentence(f"standing_{kind}", lang): summary.counts[kind] for kind in StandingKind},
        worst=[(by_row[late.row], late.since) for late in worst if late.row in by_row],
        files=(name,),
    )


def _reply_to(desk: MailDesk, coordinator: Person | None, lang: str) -> Mailbox | None:
    """Return where answers go: the mailbox that is read, if the office has one, else the coordinator."""
    address = inbox_settings_from(desk.office.settings.inbox).address
    if address:
        name = coordinator.name if coordinator else desk.directory.name
        return Mailbox(sentence("inbox_reply_name", lang, coordinator=name), address)
    return Mailbox(coordinator.name, coordinator.email) if coordinator else None


def _envelope(desk: MailDesk, row: LetterRow, person: Person, page: _Page, moment: datetime) -> Envelope:
    """Return the message as it leaves: only here do tokens stand in it, and only where there are keys."""
    mail, directory = desk.mail, desk.directory
    coordinator = directory.coordinator()
    links, token = _links(desk, row, person), _token_of(desk, row, moment.date(), page.account_link)
    optional = desk.keys and row.kind not in (outbox.PASSWORD, outbox.ACCOUNT)
    data = message_bytes(
        sender=Mailbox(mail.sender_name or directory.name, mail.sender_address),
        recipient=Mailbox(person.name, person.email),
        subject=page.letter.subject,
        text=with_tokens(page.letter.text, links.mark, token),
        html=with_tokens(page.letter.html, links.mark, token),
        date=moment,
        message_id=row.message_id,
        reply_to=_reply_to(desk, coordinator, person.language),
        list_id=list_id_of(page.plan, mail.domain) if page.plan else "",
        unsubscribe=with_tokens(links.act(Purpose.PREFERENCES), links.mark, token) if optional else "",
        thread=thread_root(person.code, page.plan, page.period, mail.domain),
        language=person.language,
        attachments=page.attachments,
    )
    sender = mail.sender_address
    if mail.return_address and desk.keys:
        sender = return_path(mail.return_address, row.id, desk.keys)
    return Envelope(message_id=row.message_id, sender=sender, recipient=person.email, data=data)


def _token_of(
    desk: MailDesk, row: LetterRow, today: date, account_link: LinkToken | None
) -> Callable[[str, int], str]:
    """Return what makes a token for a purpose and a line of the letter; without keys, what hides one."""
    if not desk.keys:
        return lambda purpose, line: HIDDEN
    until = today + timedelta(days=VALID_DAYS)

    @cache  # the text and the HTML hold the same links
    def token(purpose: str, line: int) -> str:
        if purpose == PASSWORD:
            return sign_account_link(account_link, desk.keys) if account_link else HIDDEN
        return sign_link(
            LinkScope(purpose=Purpose(purpose), letter=row.id, notice=line, until=until), desk.keys
        )

    return token
