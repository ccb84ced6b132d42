"""The pages behind the links of a letter: what the one thing is about, and whether it can still be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from board.lists import share_state
from board.task_pages import period_name
from board.view import View
from notifications.signing import LinkScope, Purpose
from storage import tasks
from storage.links import Bearer, LinkNotHeld
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role

_ONE_SHARE = (Purpose.REPORT, Purpose.EXTEND, Purpose.ACKNOWLEDGE)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a link is for: the share of its line, and for a sheet all that stand on it with it."""

    plan: str
    task: TaskFacts
    share: Share
    sheet: Sequence[tuple[TaskFacts, Share]] = ()


@dataclass(frozen=True, kw_only=True)
class Asks:
    """One field of the form."""

    name: str
    label: str
    hint: str = ""
    kind: str = "text"
    """"text", "date" or "words" (several lines)."""
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One continuous task of the sheet; ``name`` is the field that says it is done."""

    name: str
    row: int
    text: str
    product: str
    state: str
    can_report: bool
    last_time: str


@dataclass(frozen=True, kw_only=True)
class ActPage:
    """The form, or why there is none; ``done`` and ``refused`` are what came of posting it."""

    title: str
    reader: str
    facts: Sequence[tuple[str, str]]
    lead: str
    asks: Sequence[Asks] = ()
    rows: Sequence[SheetRow] = ()
    submit: str
    over: str = ""
    """Why nothing is left to do, such as that it was reported already."""
    done: str = ""
    refused: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def line_of(scope: LinkScope, bearer: Bearer, view: View) -> Line:
    """Return what the link is about as it stands now.

    Raises LinkNotHeld: link_line_gone; link_epoch_over when the date was moved or the report returned
    since; link_share_moved when the work is somebody else's by now.
    """
    entry = bearer.entry
    if entry is None:
        raise LinkNotHeld("link_line_gone")
    key = entry.notice.key
    row = tasks.task_or_refuse(view.session, view.organisation_id, entry.task_id)
    facts = tasks.facts_of_task(view.session, row)
    share = facts.shares.get(key.share)
    if share is None or share.withdrawn_on is not None:
        raise LinkNotHeld("link_share_moved")
    if share.epoch != key.epoch:
        raise LinkNotHeld("link_epoch_over")
    if share.officer not in (None, key.person) and share.is_live:
        raise LinkNotHeld("link_share_moved")
    number = entry.task_id.rpartition("/")[0]
    sheet = _sheet(number, share, view) if scope.purpose is Purpose.SHEET else ()
    return Line(plan=number, task=facts, share=share, sheet=sheet)


def _sheet(number: str, share: Share, view: View) -> tuple[tuple[TaskFacts, Share], ...]:
    """Return the unit's continuous shares of the same period that it owns, in the plan's order."""
    plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
    return tuple(
        (task, other)
        for task in tasks.facts_of_plan(view.session, plan)
        for other in task.current_shares
        if other.key.unit == share.key.unit and other.period == share.period and other.role is Role.OWNER
    )


def act_page(scope: LinkScope, bearer: Bearer, view: View) -> ActPage:
    """Return the page of a link, as it stands now."""
    line = line_of(scope, bearer, view)
    name = scope.purpose.name.lower()
    say = view.say
    if scope.purpose is Purpose.SHEET:
        return _sheet_page(line, bearer, view)
    over = "" if line.share.is_live else share_state(line.share, view)
    return ActPage(
        title=say(f"act_{name}"),
        reader=bearer.person.name,
        facts=tuple(_facts(line, view)),
        lead=say(f"act_{name}_lead"),
        asks=() if over else tuple(_asks(scope.purpose, view)),
        submit=say(f"act_{name}_submit"),
        over=over,
    )


def _facts(line: Line, view: View) -> list[tuple[str, str]]:
    say, share = view.say, line.share
    facts = [
        (say("board_column_task"), f"{line.task.id} – {line.task.text}"),
        (say("board_unit"), view.unit(share.key.unit)),
        (say("board_due"), view.day(share.due)),
        (say("board_state"), share_state(share, view)),
    ]
    if line.task.product:
        facts.insert(1, (say("act_product"), line.task.product))
    return facts


def _asks(purpose: Purpose, view: View) -> list[Asks]:
    say = view.say
    match purpose:
        case Purpose.REPORT:
            return [
                Asks(name="document", label=say("act_document"), hint=say("act_document_hint")),
                Asks(name="issued", label=say("act_issued"), kind="date"),
                Asks(name="note", label=say("act_result"), hint=say("act_result_hint"), kind="words"),
            ]
        case Purpose.EXTEND:
            return [
                Asks(name="to", label=say("act_new_date"), kind="date", required=True),
                Asks(name="note", label=say("act_reason"), kind="words", required=True),
            ]
        case _:
            return [Asks(name="expected", label=say("act_expected"), kind="date", required=True)]


def _sheet_page(line: Line, bearer: Bearer, view: View) -> ActPage:
    say, unit = view.say, view.unit(line.share.key.unit)
    rows = tuple(_sheet_row(task, share, view) for task, share in line.sheet)
    is_open = any(row.can_report for row in rows)
    return ActPage(
        title=say("act_sheet_title", period=period_name(line.share.period or "", view), unit=unit),
        reader=bearer.person.name,
        facts=((say("board_due"), view.day(line.share.due)),),
        lead=say("act_sheet_lead"),
        asks=(
            Asks(name="document", label=say("act_document"), hint=say("act_document_hint")),
            Asks(name="issued", label=say("act_issued"), kind="date"),
        )
        if is_open
        else (),
        rows=rows,
        submit=say("act_sheet_submit"),
        over="" if is_open else say("act_sheet_over"),
    )


def _sheet_row(task: TaskFacts, share: Share, view: View) -> SheetRow:
    return SheetRow(
        name=f"done-{task.row}",
        row=task.row,
        text=task.text,
        product=task.product,
        state=share_state(share, view),
        can_report=share.is_live,
        last_time=_last_remark(task, share),
    )


def _last_remark(task: TaskFacts, share: Share) -> str:
    """Return the remark of the unit's report for the period before, to begin from."""
    before = [
        other
        for other in task.current_shares
        if other.key.unit == share.key.unit and other.first_due < share.first_due and other.report is not None
    ]
    latest = max(before, key=lambda other: other.first_due, default=None)
    return latest.report.note if latest is not None and latest.report is not None else ""
