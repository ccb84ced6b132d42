"""The period sheet: on one page all continuous shares a unit owes for one reporting period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from board.lists import share_state
from board.targets import sheet_targets
from board.task_pages import period_name
from board.view import View
from storage import tasks
from storage.schema import PlanRow
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.intake import shares_owed
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Unit
from tasks_catalog.period import period_by_key
from tasks_catalog.standing import StandingKind, share_standing, standing_of
from tasks_catalog.task import PlanSettings

_REPORTED = (StandingKind.DONE_ON_TIME, StandingKind.DONE_LATE)


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """One task the unit answers for in the period."""

    row: int
    href: str
    text: str
    product: str
    kind: str
    state: str
    last_time: str
    """What the unit reported for the period before, to go by."""
    targets: tuple[str, ...] = ()
    """The figures the task is to reach, with what the unit has reported of them for this period."""


@dataclass(frozen=True, kw_only=True)
class AskedLine:
    """A task that waits for an event or a schedule: the sheet asks whether it has come."""

    row: int
    href: str
    text: str
    waits_for: str


@dataclass(frozen=True, kw_only=True)
class SheetPage:
    """A unit's sheet for a period, and how to report."""

    plan: str
    plan_href: str
    unit: str
    period: str
    cut_off: str
    counted: str
    command: str
    """What reports the first line still open; empty when every line is reported."""
    lines: tuple[SheetLine, ...]
    co_owned: tuple[SheetLine, ...]
    asked: tuple[AskedLine, ...]


def sheet_page(plan: PlanRow, period: str, unit: Unit, view: View) -> SheetPage:
    """Return the sheet; raises Refused (period_unknown) for a period the plan's regime does not have."""
    settings = tasks.settings_of(plan)
    due = period_by_key(settings.regime, period).cut_off
    facts = view.facts(plan)
    owned = tuple(_lines(plan, facts, period, unit.code, Role.OWNER, view))
    still_open = [line for line in owned if line.kind not in _REPORTED]
    return SheetPage(
        plan=plan.number,
        plan_href=view.plan_link(plan.number),
        unit=unit.name,
        period=period_name(period, view),
        cut_off=view.day(due),
        counted=view.say("board_sheet_counted", done=len(owned) - len(still_open), total=len(owned)),
        command=_command(plan, still_open[0], unit) if still_open else "",
        lines=owned,
        co_owned=tuple(_lines(plan, facts, period, unit.code, Role.CO_OWNER, view)),
        asked=tuple(_asked(plan, facts, settings, unit.code, view)),
    )


def _command(plan: PlanRow, line: SheetLine, unit: Unit) -> str:
    """Return what reports a line, with a figure for each of its targets."""
    report = f"dondoc task report {plan.number}/{line.row} --unit {unit.code}"
    return report + "".join(f' --figure "{number}=…"' for number in range(1, len(line.targets) + 1))


def _lines(
    plan: PlanRow, facts: Iterable[TaskFacts], period: str, unit: str, role: Role, view: View
) -> Iterable[SheetLine]:
    for task in facts:
        of_unit = [share for share in task.current_shares if share.key.unit == unit and share.role is role]
        for share in of_unit:
            if share.period == period:
                yield SheetLine(
                    row=task.row,
                    href=view.links.task(plan.number, task.row),
                    text=task.text,
                    product=task.product,
                    kind=str(share_standing(share, task, view.close)),
                    state=share_state(share, view),
                    last_time=_last_time(share, of_unit, view),
                    targets=sheet_targets(task, share, view) if role is Role.OWNER else (),
                )


def _last_time(share: Share, of_unit: list[Share], view: View) -> str:
    """Return the proofs and remark of the unit's latest report before this period."""
    before = [s for s in of_unit if s.first_due < share.first_due and s.report is not None]
    latest = max(before, key=lambda s: s.first_due, default=None)
    if latest is None or latest.report is None:
        return ""
    note = view.remark(latest.report.note, share.key.unit)
    return "; ".join(filter(None, (*(proof.text for proof in latest.report.evidence), note)))


def _asked(
    plan: PlanRow, facts: Iterable[TaskFacts], settings: PlanSettings, unit: str, view: View
) -> Iterable[AskedLine]:
    for task in facts:
        owed = shares_owed(task.owners, view.directory, settings)
        owns = any(share.unit == unit and share.role is Role.OWNER for share in owed)
        kind = standing_of(task, as_of=view.close, settings=settings).kind
        if owns and task.active and kind is StandingKind.NOT_ARISEN:
            yield AskedLine(
                row=task.row,
                href=view.links.task(plan.number, task.row),
                text=task.text,
                waits_for=task.deadline.condition or task.deadline.text,
            )
