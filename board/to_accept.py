"""Reports that wait to be accepted: from whom, when, late or not, on what proof, with a tick for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from board.proofs import Kept, Proof, kept_of, proof_of
from board.view import View
from storage import tasks
from storage.schema import PlanRow
from storage.to_accept import MOST_COUNTED, reports_to_accept
from tasks_catalog.facts import ReportFact, Share, TaskFacts
from tasks_catalog.task import AcceptedBy

if TYPE_CHECKING:
    from board.bulk import Bar


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """One report; ``pick`` is its tick's value."""

    pick: str
    label: str
    row: int
    href: str
    text: str
    unit: str
    due: str
    on: str
    kind: str
    timing: str
    paper_date: str
    proofs: tuple[Proof, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class ToAcceptPage:
    """A page of the reports, in the plan's order."""

    plan: str
    plan_href: str
    counted: str
    by_leader: bool
    lines: tuple[ReportLine, ...]
    bar: Bar | None
    ticked: bool
    tick_href: str
    """Leads to the same page with every tick set, or with none."""
    more_href: str


def to_accept_page(
    plan: PlanRow,
    view: View,
    bar: Bar | None,
    pick_of: Callable[[Share], str],
    *,
    after: str,
    ticked: bool,
) -> ToAcceptPage:
    found = reports_to_accept(view.session, plan, after=after)
    kept = kept_of((task for task, _ in found.lines), view)
    here = f"{view.links.plan(plan.number)}/to-accept"
    asked = {"after": after} if after else {}
    shown = len(found.lines)
    code = "to_accept_count" if shown == found.total else "to_accept_shown"
    return ToAcceptPage(
        plan=plan.number,
        plan_href=view.plan_link(plan.number),
        counted=view.say(code, number=_counted(found.total, view), shown=shown),
        by_leader=tasks.settings_of(plan).accepted_by is AcceptedBy.LEADER,
        lines=tuple(
            _line(task, share, share.report, plan, kept, view, pick_of(share))
            for task, share in found.lines
            if share.report is not None
        ),
        bar=bar,
        ticked=ticked,
        tick_href=_with(here, asked if ticked else {**asked, "all": "1"}),
        more_href=_with(here, {"after": found.after}) if found.after else "",
    )


def _counted(total: int, view: View) -> str:
    most = view.grouped(MOST_COUNTED)
    return view.say("overview_more_than", number=most) if total > MOST_COUNTED else str(total)


def _with(address: str, asked: dict[str, str]) -> str:
    return f"{address}?{urlencode(asked)}" if asked else address


def _line(
    task: TaskFacts, share: Share, report: ReportFact, plan: PlanRow, kept: Kept, view: View, pick: str
) -> ReportLine:
    unit = view.unit(share.key.unit)
    days = (report.on - share.lapses).days
    earlier = report.product_date is not None and report.product_date < report.on
    return ReportLine(
        pick=pick,
        label=view.say("bulk_pick_line", row=task.row, unit=unit, due=share.due),
        row=task.row,
        href=view.links.task(plan.number, task.row),
        text=task.text,
        unit=unit,
        due=view.day(share.due),
        on=view.day(report.on),
        kind="done_late" if share.is_late else "done_on_time",
        timing=view.say("to_accept_late", days=days) if share.is_late else view.say("to_accept_on_time"),
        paper_date=view.say("to_accept_paper_date", on=report.product_date) if earlier else "",
        proofs=tuple(proof_of(proof, kept, view) for proof in report.evidence),
        note=view.remark(report.note, share.key.unit),
    )
