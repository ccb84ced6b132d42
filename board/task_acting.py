"""The forms of a task's page, posted: done in one transaction and said, or refused where the form stood.

A form says what its reader had seen of the task; where somebody recorded something since, it is refused,
so that nobody decides on what is no longer so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from board.acting import back_to, desk_of, read_posted
from board.forms import Posted
from board.rights import needs
from board.share_doings import SHARE_DOINGS, ShareDoing, ShareHere
from board.task_doings import TASK_DOINGS, TaskDoing, TaskHere
from board.task_pages import reading_lines, task_page
from board.task_panel import Answered, Focus, focus_link
from notifications.wording import problem_sentence
from storage import tasks
from storage.changed import changed_since
from storage.engine import write
from storage.schema import PlanRow, TaskRow
from tasks_catalog.allowed import NotAllowed, acts_on_share, acts_on_task, require
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.problem import Problem, Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board
    from board.view import View

LOOKED_OVER = ("deadline", "accept", "owners", "co_owners", "document", "issued")
"""Fields of an answer that is looked over before it is kept: changed, it is looked over again."""


@dataclass(frozen=True, kw_only=True)
class _Open:
    """A task opened within a transaction that writes."""

    plan: PlanRow
    row: TaskRow
    facts: TaskFacts
    view: View


def add_task_acting(app: FastAPI, board: Board) -> None:
    """Add what the forms of a task's page post to; without a secret no form is drawn, and there is none."""
    if not board.keys:
        return
    for share_doing in SHARE_DOINGS:
        _add_share_doing(app, board, share_doing)
    for task_doing in TASK_DOINGS:
        _add_task_doing(app, board, task_doing)


def _add_share_doing(app: FastAPI, board: Board, doing: ShareDoing) -> None:
    address = f"/tasks/{{number:path}}/{{row}}/shares/{{occurrence}}/{{unit}}/{doing.name}"

    @app.post(address, response_class=HTMLResponse, dependencies=needs(Right.WORK))
    async def act(number: str, row: str, occurrence: str, unit: str, request: Request) -> Response:
        form = await read_posted(board, request)
        focus = Focus(occurrence=occurrence, unit=unit)
        return await run_in_threadpool(_on_share, board, f"{number}/{row}", focus, doing, form)

    @app.get(address, response_class=RedirectResponse, dependencies=needs(Right.LOOK))
    def show(number: str, row: int, occurrence: str, unit: str) -> RedirectResponse:
        return RedirectResponse(board.links.task(number, row), status_code=303)


def _add_task_doing(app: FastAPI, board: Board, doing: TaskDoing) -> None:
    address = f"/tasks/{{number:path}}/{{row}}/{doing.name}"

    @app.post(address, response_class=HTMLResponse, dependencies=needs(Right.WORK))
    async def act(number: str, row: str, request: Request) -> Response:
        form = await read_posted(board, request)
        return await run_in_threadpool(_on_task, board, f"{number}/{row}", doing, form)

    @app.get(address, response_class=RedirectResponse, dependencies=needs(Right.LOOK))
    def show(number: str, row: int) -> RedirectResponse:
        return RedirectResponse(board.links.task(number, row), status_code=303)


def _opened(view: View, task_id: str) -> _Open:
    row = tasks.task_or_refuse(view.session, view.organisation_id, task_id)
    plan = tasks.plan_or_refuse(view.session, view.organisation_id, task_id.rpartition("/")[0])
    return _Open(plan=plan, row=row, facts=tasks.facts_of_task(view.session, row), view=view)


def _on_share(board: Board, task_id: str, focus: Focus, doing: ShareDoing, form: Posted) -> Response:
    with write(board.engine) as session:
        there = _opened(board.view_of(session), task_id)
        key = ShareKey(there.facts.id, focus.occurrence, focus.unit)
        share = there.facts.shares.get(key)
        if share is None:
            raise Refused("share_unknown", task=task_id, unit=focus.unit)
        refused = _attempt(there, lambda: _do_on_share(board, there, share, doing, form))
        if refused is not None:
            return _shown_again(board, there, doing.name, form, refused, focus)
        href, _, _ = focus_link(there.plan.number, there.row.row, share, there.view).partition("#")
        return back_to(href, doing.name)  # to the top of the page, where it is said


def _do_on_share(board: Board, there: _Open, share: Share, doing: ShareDoing, form: Posted) -> None:
    _refuse_changed(there, form, share.key)
    require(doing.act, acts_on_share(there.view.actor, there.facts, share))
    if not doing.fits(share):
        raise NotAllowed("act_not_allowed", act=doing.name)
    settings = tasks.settings_of(there.plan)
    here = ShareHere(task=there.facts, share=share, settings=settings, view=there.view, files=board.files)
    doing.do(desk_of(there.view), here, form)


def _on_task(board: Board, task_id: str, doing: TaskDoing, form: Posted) -> Response:
    with write(board.engine) as session:
        there = _opened(board.view_of(session), task_id)
        asked = tasks.questions_of_task(session, there.row)
        here = TaskHere(plan=there.plan, task=there.facts, view=there.view, asked=asked)
        if doing.looked_over and form.get("looked_over") != words_of(form):
            return _looked_over(board, there, here, doing, form)
        refused = _attempt(there, lambda: _do_on_task(there, here, doing, form))
        if refused is not None:
            return _shown_again(board, there, doing.name, form, refused)
        left = len(tasks.questions_of_task(session, there.row))
        href = there.view.links.task(there.plan.number, there.row.row)
        return back_to(href, f"{doing.name}_part" if doing.looked_over and left else doing.name, left=left)


def _do_on_task(there: _Open, here: TaskHere, doing: TaskDoing, form: Posted) -> object:
    _refuse_changed(there, form, None)
    require(doing.act, acts_on_task(there.view.actor, there.facts, asks=bool(here.asked)))
    return doing.do(desk_of(there.view), here, form)


def _attempt(there: _Open, do: Callable[[], object]) -> Refused | None:
    """Do it whole or not at all; return why it was refused."""
    try:
        with there.view.session.begin_nested():
            do()
    except Refused as reason:
        return reason
    return None


def _refuse_changed(there: _Open, form: Posted, share: ShareKey | None) -> None:
    """Raise Refused (task_changed_meanwhile) where the form's reader has not seen what was recorded last."""
    view, seen = there.view, form.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdecimal() else 0
    last = changed_since(view.session, there.row, share, number)
    if last is not None:
        what = view.say("board_imported" if last.kind == "import" else f"decision_{last.kind}")
        raise Refused("task_changed_meanwhile", what=what, by=view.person(last.by), at=view.moment(last.at))


def words_of(form: Posted) -> str:
    """Return the answer a form gives, to tell whether it is the one that was looked over."""
    return " · ".join(f"{name}={value}" for name in LOOKED_OVER for value in form.all(name) if value)


def _looked_over(board: Board, there: _Open, here: TaskHere, doing: TaskDoing, form: Posted) -> HTMLResponse:
    """Show what the answer would record, by recording it and taking it back."""
    lines: list[str] = []
    try:
        with there.view.session.begin_nested():
            left = _do_on_task(there, here, doing, form)
            facts = tasks.facts_of_task(there.view.session, there.row)
            lines += _preview(facts, left if isinstance(left, tuple) else (), there.view)
            raise _OnlyLookedAt
    except _OnlyLookedAt:
        values = {**form.lists, "looked_over": (words_of(form),)}
        return _drawn(board, there, Answered(doing=doing.name, preview=lines, values=values), 200)
    except Refused as reason:
        return _shown_again(board, there, doing.name, form, reason)


class _OnlyLookedAt(Exception):
    """What was recorded is taken back: it was only to be seen."""


def _preview(facts: TaskFacts, left: Sequence[Problem], view: View) -> list[str]:
    names = {role: [view.unit(o.code) for o in facts.owners if o.role is role] for role in Role}
    owners, co_owners = ("; ".join(names[role]) for role in (Role.OWNER, Role.CO_OWNER))
    lines = [*reading_lines(facts, view)]
    lines += [view.say("form_preview_owners", it=owners)] if owners else []
    lines += [view.say("form_preview_co_owners", it=co_owners)] if co_owners else []
    asks = [problem_sentence(problem, view.language) for problem in left]
    lines += [view.say("form_preview_left", it=ask) for ask in asks]
    return lines if asks else [*lines, view.say("form_preview_starts")]


def _shown_again(
    board: Board, there: _Open, doing: str, form: Posted, refused: Refused, share: Focus | None = None
) -> HTMLResponse:
    """Draw the page as it stands now, the refusal and what was typed where the form is."""
    why = problem_sentence(refused, there.view.language)
    answered = Answered(doing=doing, share=share, refused=why, values=form.lists)
    return _drawn(board, there, answered, 403 if isinstance(refused, NotAllowed) else 400)


def _drawn(board: Board, there: _Open, answered: Answered, status: int) -> HTMLResponse:
    view = board.view_of(there.view.session)
    page = task_page(there.plan, there.row, view, files=board.files, answered=answered)
    return board.html("task.html", page, view.directory.name, status)
