"""The list behind a number: the tasks, or a unit's shares, of one standing, section or unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from board.scope import NavLink, nav_of
from board.standings import is_in
from board.view import View
from storage.schema import PlanRow
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role
from tasks_catalog.progress import StandingTask
from tasks_catalog.standing import StandingKind, share_standing


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is asked for; None asks for everything."""

    standing: str | None = None
    section: str | None = None
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListLine:
    """One task, or one unit's share of it."""

    row: int
    href: str
    text: str
    product: str
    units: str
    deadline: str
    kind: str
    standing: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """The lines, as many as the number that led here."""

    data_as_of: str
    plan: str
    plan_href: str
    title: str
    counted: str
    lines: tuple[ListLine, ...]
    nav: tuple[NavLink, ...]


def list_page(plan: PlanRow, filters: Filters, view: View) -> ListPage:
    judged = view.tally(plan).tasks
    lines = tuple(
        _shares(plan, judged, filters, view) if filters.unit else _tasks(plan, judged, filters, view)
    )
    code = "board_list_shares" if filters.unit else "board_list_tasks"
    return ListPage(
        data_as_of=view.data_as_of,
        plan=plan.number,
        plan_href=view.plan_link(plan.number),
        title=_title(filters, view),
        counted=view.say(code, number=len(lines)),
        lines=lines,
        nav=nav_of(view, plan.number, "list"),
    )


def _title(filters: Filters, view: View) -> str:
    parts = [
        view.say(f"board_standing_{filters.standing}") if filters.standing else view.say("board_all"),
        view.unit(filters.unit) if filters.unit else "",
        (filters.section or view.say("board_no_section")) if filters.section is not None else "",
    ]
    return " · ".join(part for part in parts if part)


def _tasks(plan: PlanRow, judged: Iterable[StandingTask], filters: Filters, view: View) -> Iterable[ListLine]:
    for entry in judged:
        if is_in(entry.standing.kind, filters.standing) and filters.section in (None, entry.task.section):
            why = {**entry.standing.params}
            if "unit" in why:
                why["unit"] = view.unit(why["unit"])
            yield _line(
                plan,
                entry.task,
                view,
                units="; ".join(view.unit(o.code) for o in entry.task.owners if o.role is Role.OWNER),
                kind=entry.standing.kind,
                why=view.say(f"why_{entry.standing.why}", **why),
            )


def _shares(
    plan: PlanRow, judged: Iterable[StandingTask], filters: Filters, view: View
) -> Iterable[ListLine]:
    for entry in judged:
        for share in entry.task.current_shares:
            if share.role is not Role.OWNER or share.key.unit != filters.unit:
                continue
            kind = share_standing(share, entry.task, view.close)
            if is_in(kind, filters.standing) and filters.section in (None, entry.task.section):
                yield _line(
                    plan,
                    entry.task,
                    view,
                    units=view.unit(share.key.unit),
                    kind=kind,
                    why=share_state(share, view),
                )


def _line(
    plan: PlanRow, task: TaskFacts, view: View, *, units: str, kind: StandingKind, why: str
) -> ListLine:
    return ListLine(
        row=task.row,
        href=view.links.task(plan.number, task.row),
        text=task.text,
        product=task.product,
        units=units,
        deadline=task.deadline.text,
        kind=str(kind),
        standing=view.say(f"standing_{kind}"),
        why=why,
    )


def share_state(share: Share, view: View) -> str:
    """Return in words where one share stands: reported, accepted, waiting, asked for time, or due."""
    if share.withdrawn_on:
        return view.say("board_share_withdrawn", on=share.withdrawn_on)
    if share.report:
        code = "board_share_accepted" if share.accepted_on else "board_share_reported"
        return view.say(code, on=share.report.on, due=share.due)
    if share.waiting:
        return view.say("board_share_waiting", since=share.waiting.since)
    if share.request:
        return view.say("board_share_asked", due=share.due, to=share.request.to)
    if share.role is Role.CO_OWNER:
        return view.say("board_share_voluntary", due=share.due)
    if share.lapses <= view.close:
        days = (view.count_day - share.lapses).days
        return view.say("board_share_overdue", due=share.due, days=days)
    return view.say("board_share_open", due=share.due)
