"""Acts on many rows at once: each row done or refused by itself, and every row picked accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from board.acting import desk_of, read_posted
from board.bulk_doings import BY_NAME, BulkDoing, bulk_form, fields_of, open_to
from board.fields import Form
from board.forms import Posted
from board.rights import needs
from board.share_doings import ShareHere
from board.to_accept import to_accept_page
from board.view import View
from notifications.wording import problem_sentence
from storage import tasks
from storage.desk_of_many import DeskOfMany
from storage.engine import write
from storage.schema import PlanRow
from tasks_catalog.allowed import acts_on_share, require
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import ShareKey
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right
from tasks_catalog.task import task_id

if TYPE_CHECKING:
    from board.app import Board

MOST = 200
"""Rows at once: as many as a page of them shows."""
ON_PAGE: Mapping[str, Sequence[str] | None] = {"to-accept": ("accept", "return"), "list": None}
"""The pages rows are picked on, as their addresses end, with the acts each offers; None is all."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What stands under the rows to pick: one form around them, each act with its own fields and button."""

    action: str
    forms: tuple[Form, ...]
    back: str
    most: int = MOST


@dataclass(frozen=True, kw_only=True)
class BulkLine:
    """One row picked, and what became of it."""

    pick: str
    label: str
    task: str
    href: str
    text: str
    unit: str
    due: str
    is_done: bool = False
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class BulkPage:
    """The account of every row picked; or, of a form refused as a whole, the rows and the bar again."""

    title: str
    plan: str
    plan_href: str
    back: str
    counted: str
    lines: tuple[BulkLine, ...]
    bar: Bar | None = None
    refused: str = ""


def pick_of(share: Share) -> str:
    """Return the value of the tick of one share, as it stands now: ``bulk`` posts it back."""
    return f"{share.key}#{share.epoch}"


def bar_of(
    plan: PlanRow,
    view: View,
    *,
    back: str,
    typed: Posted | None = None,
) -> Bar | None:
    """Return the bar for a page that rows are picked on (``back``, of ``ON_PAGE``).

    None where the viewer may do nothing with many rows.
    """
    named = ON_PAGE.get(back)
    settings = tasks.settings_of(plan)
    forms = tuple(
        bulk_form(doing, view, settings, typed)
        for doing in open_to(view)
        if named is None or doing.name in named
    )
    action = f"{view.links.plan(plan.number)}/bulk"
    return Bar(action=action, forms=forms, back=back) if forms else None


def add_bulk(app: FastAPI, board: Board) -> None:
    """Add the page of reports to accept, and what many rows are posted to; that only with a secret."""

    @app.get("/plans/{number:path}/to-accept", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def to_accept(number: str, after: str = "", all: bool = False) -> HTMLResponse:
        with board.view() as view:
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            bar = bar_of(plan, view, back="to-accept")
            page = to_accept_page(plan, view, bar, pick_of, after=after, ticked=all)
            return board.html("to_accept.html", page, view.directory.name)

    if not board.keys:
        return

    @app.post("/plans/{number:path}/bulk", response_class=HTMLResponse, dependencies=needs(Right.WORK))
    async def bulk(number: str, request: Request) -> HTMLResponse:
        form = await read_posted(board, request)
        return await run_in_threadpool(_bulk, board, number, form)


def _bulk(board: Board, number: str, form: Posted) -> HTMLResponse:
    picks = tuple(dict.fromkeys(form.all("pick")))
    with write(board.engine) as session:
        view = board.view_of(session)
        plan = tasks.plan_or_refuse(session, view.organisation_id, number)
        try:
            doing = _doing(form, view)
            said = fields_of(doing, form)
            _check_picks(picks)
            doing.check(said, view.now.date())
        except Refused as reason:
            page = _picked_again(plan, view, form, picks, problem_sentence(reason, view.language))
            return board.html("bulk.html", page, view.directory.name, 400)
        desk = DeskOfMany.over(desk_of(view), plan, _rows_of(picks, plan))
        lines = tuple(_do_one(pick, doing, said, desk, view) for pick in picks)
        desk.write_down()
        return board.html("bulk.html", _account(lines, plan, form, view), view.directory.name)


def _doing(form: Posted, view: View) -> BulkDoing:
    doings = {doing.name: doing for doing in open_to(view)}
    act = form.get("act", "")
    if act not in doings:
        known = "; ".join(view.say(f"doing_bulk_{name}") for name in doings)
        raise Refused("bulk_act_unknown", act=act, known=known or "–")
    return doings[act]


def _check_picks(picks: Sequence[str]) -> None:
    if not picks:
        raise Refused("bulk_none_picked")
    if len(picks) > MOST:
        raise Refused("bulk_too_many", given=len(picks), most=MOST)


def _do_one(pick: str, doing: BulkDoing, said: Posted, desk: DeskOfMany, view: View) -> BulkLine:
    """Decide on one row by itself, and say what became of it."""
    line = BulkLine(pick=pick, label="", task="", href="", text=pick[:80], unit="", due="")
    try:
        task, share = _picked(pick, desk)
        line = _line(pick, task, share, desk.plan, view)
        require(doing.act, acts_on_share(view.actor, task, share))
        settings = tasks.settings_of(desk.plan)
        BY_NAME[doing.name].do(desk, ShareHere(task=task, share=share, settings=settings, view=view), said)
    except Refused as reason:
        why = problem_sentence(reason, view.language)
        return replace(line, outcome=view.say("bulk_not_done", why=why))
    return replace(line, is_done=True, outcome=view.say("bulk_is_done"))


def _rows_of(picks: Sequence[str], plan: PlanRow) -> set[int]:
    """Return the rows of the plan that the ticks name."""
    return {read.row for pick in picks if (read := _read(pick, plan)) is not None}


class _Tick(NamedTuple):
    row: int
    occurrence: str
    unit: str
    epoch: str


def _read(pick: str, plan: PlanRow) -> _Tick | None:
    """Read a tick's value; None for one that no page of this plan draws."""
    task, at, rest = pick.partition("@")
    number, _, row = task.rpartition("/")
    parts = rest.split("#")
    known = number == plan.number and row.isascii() and row.isdecimal() and len(row) < 10
    if not known or not at or len(parts) != 3:
        return None
    return _Tick(int(row), *parts)


def _picked(pick: str, desk: DeskOfMany) -> tuple[TaskFacts, Share]:
    """Return what a tick was about, as it stands now.

    Raises Refused: bulk_pick_unreadable, bulk_no_such_row, share_unknown, bulk_line_moved.
    """
    read = _read(pick, desk.plan)
    if read is None:
        raise Refused("bulk_pick_unreadable", words=pick[:80])
    facts = desk.facts.get(task_id(desk.plan.number, read.row))
    if facts is None:
        raise Refused("bulk_no_such_row", row=read.row, number=desk.plan.number)
    share = facts.shares.get(ShareKey(facts.id, read.occurrence, read.unit))
    if share is None:
        raise Refused("share_unknown", task=facts.id, unit=read.unit)
    if str(share.epoch) != read.epoch:
        raise Refused("bulk_line_moved")
    return facts, share


def _line(pick: str, task: TaskFacts, share: Share, plan: PlanRow, view: View) -> BulkLine:
    unit, due = view.unit(share.key.unit), view.day(share.due)
    return BulkLine(
        pick=pick,
        label=view.say("bulk_pick_line", row=task.row, unit=unit, due=share.due),
        task=task.id,
        href=view.links.task(plan.number, task.row),
        text=task.text,
        unit=unit,
        due=due,
    )


def _account(lines: tuple[BulkLine, ...], plan: PlanRow, form: Posted, view: View) -> BulkPage:
    done = sum(line.is_done for line in lines)
    return BulkPage(
        title=view.say("bulk_done_title", number=len(lines)),
        plan=plan.number,
        plan_href=view.plan_link(plan.number),
        back=_back(plan, form, view),
        counted=view.say("bulk_counted", done=done, left=len(lines) - done),
        lines=lines,
    )


def _picked_again(plan: PlanRow, view: View, form: Posted, picks: Sequence[str], refused: str) -> BulkPage:
    """Show the rows picked and what was typed once more; nothing was recorded."""
    lines = []
    desk = DeskOfMany.over(desk_of(view), plan, _rows_of(picks[: 2 * MOST], plan))
    for pick in picks[: 2 * MOST]:
        try:
            task, share = _picked(pick, desk)
        except Refused:
            continue  # named again once it is done with the others
        lines.append(_line(pick, task, share, plan, view))
    return BulkPage(
        title=view.say("bulk_title"),
        plan=plan.number,
        plan_href=view.plan_link(plan.number),
        back=_back(plan, form, view),
        counted=view.say("bulk_lines"),
        lines=tuple(lines),
        bar=bar_of(plan, view, back=form.get("back", ""), typed=form),
        refused=refused,
    )


def _back(plan: PlanRow, form: Posted, view: View) -> str:
    back = form.get("back", "")
    return f"{view.links.plan(plan.number)}/{back}" if back in ON_PAGE else view.plan_link(plan.number)
