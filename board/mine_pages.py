"""“Việc của tôi”: what the reader of a letter owes in his unit, each with when, why and what happens next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from board.at_work import AtWork
from board.lists import share_state
from board.task_pages import period_name
from board.view import View
from notifications.reasons import next_sentence
from storage import tasks, unit_work
from storage.arising import Condition, conditions_of
from storage.schema import PlanRow
from storage.unit_work import NOBODY, OpenSheet, Whose, Work
from tasks_catalog.allowed import Act, acts_on_share
from tasks_catalog.ladder import Office, next_step
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Person
from tasks_catalog.problem import Refused
from tasks_catalog.text import plain

ALL = "all"
"""The parameter, and the field, of the page on which every open line of a sheet is confirmed at once."""
SOON_WORKING_DAYS = 10
SHOWN = 25
"""Lines of one section at most; the head of a large unit chooses an officer to see the others."""
DONE_DAYS, DONE_SHOWN = 30, 12
PATHS = {
    Act.REPORT: "report",
    Act.PROGRESS: "progress",
    Act.EXTEND: "extend",
    Act.MEASURE: "measure",
    Act.WAIT: "wait",
    Act.RESUME: "resume",
    Act.HAND_OVER: "hand-over",
}
"""What may be done about a share under the link, in the order it is offered, and the end of its address."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """A link to one thing that may be done, or to a file."""

    label: str
    href: str


@dataclass(frozen=True, kw_only=True)
class MineLine:
    """One share: its words, its date, why it stands so, what happens next, what may be done."""

    id: str
    text: str
    product: str
    due: str
    days: str
    kind: str
    notes: Sequence[str]
    next: str
    officer: str = ""
    primary: Way | None = None
    others: Sequence[Way] = ()
    files: Sequence[Way] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """Lines of one officer; without a name where nobody asks whose they are."""

    name: str
    lines: Sequence[MineLine]


@dataclass(frozen=True, kw_only=True)
class Section:
    """Lines of one kind; ``more`` says that there are others."""

    key: str
    title: str
    groups: Sequence[Group]
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class SheetWay:
    """A period's sheet in one line, and the way to confirm all of it."""

    title: str
    counted: str
    due: str
    kind: str
    days: str
    href: str
    all_href: str
    all_word: str


@dataclass(frozen=True, kw_only=True)
class ConditionLine:
    """A task that waits for a condition, and what the unit said of it."""

    id: str
    text: str
    waits_for: str
    said: str
    way: Way | None


@dataclass(frozen=True, kw_only=True)
class OfficerRow:
    """One of the unit, with what he has open and late."""

    name: str
    open: int
    late: int
    href: str
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class MinePage:
    """The page behind a digest's link."""

    title: str
    unit: str
    lead: str
    sections: Sequence[Section]
    sheets: Sequence[SheetWay]
    """Those late or due soon, which come before all else."""
    later_sheets: Sequence[SheetWay]
    conditions: Sequence[ConditionLine]
    officers: Sequence[OfficerRow] = ()
    chosen: str = ""
    all_href: str = ""
    empty: str = ""
    counts: Sequence[tuple[str, str, str, str]] = ()
    """How many of what stand on the page, where, and which mark they have."""


def whose_of(asked: AtWork, officer: str | None = None) -> Whose:
    """Return whose work the link shows: a head's whole unit (or one officer's), else the reader's own."""
    member = asked.member
    mine = Whose(organisation_id=asked.view.organisation_id, unit=member.unit)
    if asked.heads:
        return Whose(organisation_id=mine.organisation_id, unit=mine.unit, officer=officer or None)
    return Whose(organisation_id=mine.organisation_id, unit=mine.unit, member=member.code)


def mine_page(asked: AtWork, officer: str | None = None) -> MinePage:
    """Return the page; an ``officer`` narrows it, for a head. Raises Refused: mine_officer_unknown."""
    view = asked.view
    officers = staff_of(asked)
    if officer and asked.heads and officer not in (NOBODY, *(person.code for person in officers)):
        raise Refused("mine_officer_unknown", name=officer)
    chosen = officer if asked.heads else None
    whose = whose_of(asked, chosen)
    lines = _Lines(asked)
    sections = tuple(_sections(lines, whose))
    sheets = unit_work.open_sheets(view.session, whose, most=SHOWN)
    soon = _soon(asked)
    conditions = () if chosen else tuple(conditions_on(asked))
    said = "mine_lead_head" if asked.heads else "mine_lead"
    told = {"until": asked.until} if asked.until else {}
    return MinePage(
        title=view.say("mine_title_unit" if asked.heads else "mine_title"),
        unit=view.unit(whose.unit),
        lead=view.say(said if asked.until else f"{said}_signed_in", name=asked.person.name, **told),
        sections=sections,
        sheets=tuple(_sheet_way(sheet, asked) for sheet in sheets if sheet.lapses <= soon),
        later_sheets=tuple(_sheet_way(sheet, asked) for sheet in sheets if sheet.lapses > soon),
        conditions=conditions,
        officers=tuple(_officers(asked, officers, whose, chosen)) if asked.heads else (),
        chosen=_officer_name(chosen, asked) if chosen else "",
        all_href=asked.base,
        empty="" if sections or sheets or conditions else view.say("mine_empty"),
        counts=tuple(_counts(sections, any(sheet.lapses <= soon for sheet in sheets), len(sheets), asked)),
    )


def _counts(
    sections: Iterable[Section], now: bool, sheets: int, asked: AtWork
) -> Iterator[tuple[str, str, str, str]]:
    if sheets and now:
        yield str(sheets), asked.view.say("mine_sheets"), "#sheets", ""
    for section in sections:
        if section.key not in ("done", "helped"):
            number = sum(len(group.lines) for group in section.groups)
            mark = "overdue" if section.key == "overdue" else ""
            yield f"{number}{'+' if section.more else ''}", section.title, f"#{section.key}", mark
    if sheets and not now:
        yield str(sheets), asked.view.say("mine_sheets"), "#later-sheets", ""


def staff_of(asked: AtWork) -> tuple[Person, ...]:
    """Return who works in the reader's unit, by name without regard to accents."""
    unit = asked.member.unit
    found = (person for person in asked.view.directory.people if person.active and person.unit == unit)
    return tuple(sorted(found, key=lambda person: plain(person.name)))


def _sections(lines: _Lines, whose: Whose) -> Iterator[Section]:
    view = lines.asked.view
    session, today = view.session, view.now.date()
    soon = _soon(lines.asked)
    spans = {
        "overdue": (None, view.close),
        "due": (view.close, soon),
        "coming": (soon, None),
    }
    for key, (after, until) in spans.items():
        found = unit_work.due_between(session, whose, after=after, until=until, most=SHOWN + 1)
        yield from lines.section(key, found)
    helped = unit_work.helped_with(session, whose, after=today - timedelta(days=DONE_DAYS), most=SHOWN + 1)
    yield from lines.section("helped", helped)
    yield from lines.section("asked", unit_work.asked(session, whose, most=SHOWN + 1))
    since = today - timedelta(days=DONE_DAYS)
    yield from lines.section("done", unit_work.done_since(session, whose, since, most=DONE_SHOWN))


def _soon(asked: AtWork) -> date:
    return asked.view.calendar.add_working_days(asked.view.now.date(), SOON_WORKING_DAYS)


class _Lines:
    """Makes shares into lines; keeps each plan's office, which most lines share."""

    def __init__(self, asked: AtWork) -> None:
        self.asked = asked
        self._offices: dict[int, Office] = {}

    def section(self, key: str, found: Sequence[Work]) -> Iterator[Section]:
        view = self.asked.view
        if not found:
            return
        shown = found[:SHOWN]
        self._know({work.plan.id for work in shown})
        yield Section(
            key=key,
            title=view.say(f"mine_section_{key}", days=SOON_WORKING_DAYS, since=DONE_DAYS),
            groups=tuple(self._groups(shown)),
            more=view.say("mine_more", number=SHOWN) if len(found) > SHOWN else "",
        )

    def _groups(self, found: Iterable[Work]) -> Iterator[Group]:
        """Group a head's lines by officer: first what nobody was given, which he may hand out."""
        if not self.asked.heads:
            yield Group(name="", lines=tuple(map(self._line, found)))
            return
        by_officer: dict[str, list[MineLine]] = {}
        for work in found:
            by_officer.setdefault(work.share.officer or NOBODY, []).append(self._line(work))
        names = {code: _officer_name(code, self.asked) for code in by_officer}
        for code in sorted(by_officer, key=lambda one: (one != NOBODY, plain(names[one]))):
            yield Group(name=names[code], lines=tuple(by_officer[code]))

    def _line(self, work: Work) -> MineLine:
        asked, share, view = self.asked, work.share, self.asked.view
        ways = [
            Way(label=view.say(f"mine_{path}"), href=f"{asked.base}/shares/{work.id}/{path}")
            for act, path in PATHS.items()
            if act in acts_on_share(asked.member, work.task, share)
        ]
        leads = bool(ways) and share.is_live
        return MineLine(
            id=work.task.id,
            text=work.task.text,
            product=work.task.product,
            due=view.day(share.due),
            days=self._days(work),
            kind=_kind(work, view.close),
            notes=tuple(self._notes(work)),
            next=self._next(work) if share.is_live else "",
            primary=ways[0] if leads else None,
            others=tuple(ways[1:] if leads else ways),
            files=files_of(work, asked),
        )

    def _days(self, work: Work) -> str:
        """Say how late it is, or how long is left; who only helps is never late."""
        share, today = work.share, self.asked.view.now.date()
        past = share.role is Role.CO_OWNER and share.lapses < today
        return days_text(share.lapses, self.asked) if share.is_live and not share.waiting and not past else ""

    def _notes(self, work: Work) -> Iterator[str]:
        """Say why it stands as it does: an earlier date, a request, a wait, a promise, a mere option."""
        share, view = work.share, self.asked.view
        if not share.is_live or share.waiting or share.request or share.role is Role.CO_OWNER:
            yield share_state(share, view)
        if share.waiting and share.waiting.document:
            yield view.say("board_detail_document", number=share.waiting.document.number)
        if share.request:
            yield view.say("board_detail_reason", it=share.request.reason)
        if share.epoch > 1 and share.is_live:
            cause = view.say(f"epoch_{share.epoch_cause}")
            yield view.say("board_share_epoch", epoch=share.epoch, cause=cause, first=share.first_due)
        if share.expected and share.is_live:
            yield view.say("board_detail_expected", it=share.expected)
        if share.report and share.report.evidence:
            named = [proof.text for proof in share.report.evidence if proof.sha256 is None]
            if named:
                yield view.say("mine_evidence", it=", ".join(named))

    def _next(self, work: Work) -> str:
        view, share = self.asked.view, work.share
        if share.role is Role.CO_OWNER:
            return ""
        step = next_step(work.task, share, self._office(work.plan), after=view.now.date())
        return next_sentence(step, self.asked.person, view.directory, view.language)

    def _know(self, plans: set[int]) -> None:
        """Ask once which plans have ladders of their own; all others share the office's."""
        view = self.asked.view
        own = tasks.plans_with_ladders(view.session, plans)
        usual = Office(directory=view.directory, calendar=view.calendar)
        self._offices |= dict.fromkeys(plans - own - set(self._offices), usual)

    def _office(self, plan: PlanRow) -> Office:
        if plan.id not in self._offices:
            view = self.asked.view
            ladders = tasks.ladders_of(view.session, plan)
            self._offices[plan.id] = Office(directory=view.directory, calendar=view.calendar, ladders=ladders)
        return self._offices[plan.id]


def _kind(work: Work, close: date) -> str:
    share = work.share
    if share.is_done:
        return "done_late" if share.is_late else "done_on_time"
    late = share.role is Role.OWNER and share.waiting is None and share.lapses <= close
    return "overdue" if late else "in_progress"


def days_text(lapses: date, asked: AtWork) -> str:
    """Return how many days something is late, or how many are left."""
    days = (lapses - asked.view.now.date()).days
    if days < 0:
        return asked.view.say("mine_days_late", days=-days)
    return asked.view.say("mine_days_left", days=days) if days else asked.view.say("mine_days_today")


def files_of(work: Work, asked: AtWork) -> tuple[Way, ...]:
    """Return the files of the share's report, each under the reader's own link."""
    proofs = work.share.report.evidence if work.share.report else ()
    return tuple(
        Way(label=proof.text, href=f"{asked.base}/files/{proof.sha256}?share={work.id}")
        for proof in proofs
        if proof.sha256
    )


def _sheet_way(sheet: OpenSheet, asked: AtWork) -> SheetWay:
    view = asked.view
    return SheetWay(
        title=view.say("mine_sheet", period=period_name(sheet.period, view), plan=sheet.plan.number),
        counted=view.say("mine_sheet_open", number=sheet.open),
        due=view.day(sheet.lapses),
        kind="overdue" if sheet.lapses <= view.close else "in_progress",
        days=days_text(sheet.lapses, asked),
        href=sheet_href(asked, sheet.plan.number, sheet.period),
        all_href=f"{sheet_href(asked, sheet.plan.number, sheet.period)}?{ALL}=1",
        all_word=all_lines(sheet.open, view),
    )


def all_lines(number: int, view: View) -> str:
    """Return the words of the way to confirm every open line of a sheet."""
    return view.say("mine_sheet_all_one" if number == 1 else "mine_sheet_all", number=number)


def sheet_href(asked: AtWork, plan: str, period: str) -> str:
    return f"{asked.base}/sheet/{quote(plan, safe='')}/{quote(period, safe='')}"


def arisen_href(asked: AtWork, plan: str, row: int) -> str:
    return f"{asked.base}/tasks/{quote(plan, safe='')}/{row}/arisen"


def conditions_on(asked: AtWork, plan: str = "") -> Iterator[ConditionLine]:
    """Yield the unit's tasks that wait for a condition, of one plan or of all."""
    view = asked.view
    for one in conditions_of(view.session, view.organisation_id, asked.member.unit, view.directory):
        if plan in ("", one.plan):
            yield _condition(one, asked)


def _condition(one: Condition, asked: AtWork) -> ConditionLine:
    view = asked.view
    said = view.say("mine_arisen_said", on=one.said.on) if one.said else ""
    way = Way(label=view.say("mine_arisen"), href=arisen_href(asked, one.plan, one.row))
    return ConditionLine(
        id=one.task_id,
        text=one.text,
        waits_for=view.say("board_waits_for", words=one.waits_for),
        said=said,
        way=None if one.said else way,
    )


def _officers(
    asked: AtWork, staff: Iterable[Person], whose: Whose, chosen: str | None
) -> Iterator[OfficerRow]:
    """Yield nobody's share of the work first, then each of the unit, then who left with work open."""
    view = asked.view
    whole = Whose(organisation_id=whose.organisation_id, unit=whose.unit)
    loads = {load.officer or NOBODY: load for load in unit_work.loads(view.session, whole, view.now.date())}
    codes = [NOBODY, *(person.code for person in staff)]
    for code in (*codes, *(code for code in loads if code not in codes)):
        load = loads.get(code)
        yield OfficerRow(
            name=_officer_name(code, asked),
            open=load.open if load else 0,
            late=load.late if load else 0,
            href=f"{asked.base}?officer={quote(code, safe='')}",
            chosen=code == chosen,
        )


def _officer_name(code: str, asked: AtWork) -> str:
    return asked.view.say("mine_nobody") if code == NOBODY else asked.view.person(code)
