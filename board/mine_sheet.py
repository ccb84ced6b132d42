"""The period sheet behind a letter's link: what is done is ticked, or all of it confirmed, and sent once.

Nothing comes ticked: that a line is done is for the unit to say. What was said the period before stands
ready as the remark; its document is shown and not filled in, since it proves that period and not this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from board.at_work import AtWork
from board.forms import Posted
from board.handing_in import figures_of, proofs_of
from board.lists import share_state
from board.mine_forms import Field, document_fields, file_fields
from board.mine_pages import ALL, ConditionLine, Way, all_lines, conditions_on, days_text
from board.targets import sheet_targets
from board.task_pages import period_name
from storage import tasks
from storage.schema import PlanRow
from storage.sheets import LineReport, report_sheet
from storage.unit_work import SheetWork, Whose, sheet_of
from tasks_catalog.facts import ReportFact, Share
from tasks_catalog.period import Period, one_per_cut_off, period_by_key, periods_of
from tasks_catalog.problem import Refused


@dataclass(frozen=True, kw_only=True)
class SheetAt:
    """Which sheet, and the address its form posts to."""

    href: str
    back: Way | None
    whose: Whose
    plan: PlanRow
    period: str


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """One line: open ones have the fields ``done-<id>``, ``note-<id>`` and ``figure-<id>-<n>``."""

    id: int
    row: int
    text: str
    product: str
    state: str
    kind: str
    remark: str
    last_time: str
    figures: Sequence[Field] = ()


@dataclass(frozen=True, kw_only=True)
class SheetPage:
    """The sheet as it stands; ``confirming`` shows every open line as about to be sent."""

    title: str
    plan: str
    unit: str
    due: str
    days: str
    counted: str
    action: str
    all_href: str
    back: Way | None
    reader: str
    open: Sequence[SheetLine]
    reported: Sequence[SheetLine]
    fields: Sequence[Field]
    conditions: Sequence[ConditionLine]
    next_due: str
    all_word: str
    confirming: bool = False
    refused: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def sheet_page(asked: AtWork, at: SheetAt, *, confirming: bool = False) -> SheetPage:
    """Return the sheet. Raises Refused: period_unknown, mine_sheet_none when the unit has no such sheet."""
    view, say = asked.view, asked.view.say
    period = period_by_key(tasks.settings_of(at.plan).regime, at.period)
    found = sheet_of(view.session, at.whose, at.plan, at.period)
    if not found:
        raise Refused("mine_sheet_none", period=period_name(at.period, view), unit=view.unit(at.whose.unit))
    still_open = tuple(_line(line, asked) for line in found if line.share.is_live)
    last_on_time = min((line.share.lapses for line in found if line.share.is_live), default=None)
    done = len(found) - len(still_open)
    return SheetPage(
        title=say("act_sheet_title", period=period_name(at.period, view), unit=view.unit(at.whose.unit)),
        plan=say("board_plan", number=at.plan.number),
        unit=view.unit(at.whose.unit),
        due=view.day(period.cut_off),
        days=days_text(last_on_time, asked) if last_on_time else "",
        counted=say("board_sheet_counted", done=done, total=len(found)),
        action=at.href,
        all_href=f"{at.href}?{ALL}=1",
        back=at.back,
        reader=asked.person.name,
        open=still_open,
        reported=tuple(_line(line, asked) for line in found if not line.share.is_live),
        fields=(*_document_fields(asked, found), *file_fields(asked)) if still_open else (),
        conditions=tuple(conditions_on(asked, at.plan.number)) if at.back else (),
        next_due=_next_due(period, at.plan, asked),
        all_word=all_lines(len(still_open), view),
        confirming=confirming and bool(still_open),
    )


def _document_fields(asked: AtWork, found: Sequence[SheetWork]) -> Iterator[Field]:
    """Ask for one document for all that is sent, with the one of last time to go by."""
    document, issued = document_fields(asked)
    before = next(filter(None, (_document_of(line.before) for line in found)), "")
    hint = asked.view.say("mine_document_before", document=before) if before else document.hint
    yield Field(name=document.name, label=document.label, hint=hint)
    yield issued


def _document_of(report: ReportFact | None) -> str:
    proofs = report.evidence if report else ()
    return next((proof.text for proof in proofs if proof.sha256 is None), "")


def _line(line: SheetWork, asked: AtWork) -> SheetLine:
    view, share = asked.view, line.share
    late = share.is_live and share.waiting is None and share.lapses <= view.close
    told = sheet_targets(line.task, share, view)
    hint = view.say("mine_figure_hint")
    return SheetLine(
        id=line.id,
        row=line.task.row,
        text=line.task.text,
        product=line.task.product,
        state=share_state(share, view) if _is_to_be_said(share) else "",
        kind="overdue" if late else "in_progress" if share.is_live else _done_kind(share.is_late),
        remark=line.before.note if line.before else "",
        last_time=_last_time(line.before),
        figures=tuple(
            Field(name=f"figure-{line.id}-{number}", label=label, hint=hint)
            for number, label in enumerate(told, start=1)
        ),
    )


def _is_to_be_said(share: Share) -> bool:
    """Say whether a line's state is other than the sheet's own: done, waiting, asked about, begun anew."""
    return bool(share.is_done or share.waiting or share.request or share.epoch > 1)


def _done_kind(is_late: bool) -> str:
    return "done_late" if is_late else "done_on_time"


def _last_time(before: ReportFact | None) -> str:
    """Return the proofs of the report before; its remark stands in the field."""
    return "; ".join(proof.text for proof in before.evidence) if before else ""


def _next_due(period: Period, plan: PlanRow, asked: AtWork) -> str:
    """Say when the next sheet of the plan is due, if its year has another."""
    regime = tasks.settings_of(plan).regime
    later = one_per_cut_off(periods_of(regime, plan.year))
    day: date | None = min((one.cut_off for one in later if one.cut_off > period.cut_off), default=None)
    if day is None:
        return asked.view.say("mine_sheet_last")
    return asked.view.say("mine_sheet_next", day=day)


def send(asked: AtWork, at: SheetAt, form: Posted) -> tuple[int, int]:
    """Report the lines ticked that are still open; return how many were, and how many are left.

    Raises Refused: act_sheet_empty, and what a document, a file or a figure is refused with.
    """
    found = sheet_of(asked.view.session, at.whose, at.plan, at.period)
    still_open = [line for line in found if line.share.is_live]
    ticked = [line for line in still_open if form.get(f"done-{line.id}")]
    if not ticked:
        raise Refused("act_sheet_empty")
    proofs = proofs_of(form, asked.files, asked.view, by=asked.person.code)
    said = (
        LineReport(
            line=line,
            note=form.get(f"note-{line.id}", ""),
            figures=tuple(figures_of(form, line.task, f"figure-{line.id}-")),
        )
        for line in ticked
    )
    done = report_sheet(asked.desk, at.plan, said, evidence=proofs)
    return done, len(still_open) - done
