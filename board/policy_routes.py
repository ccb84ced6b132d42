"""The addresses on which plans are set: looked over first, kept by the same form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.acting import back_to, made_by, read_posted, said_of
from board.policy_forms import (
    Handling,
    handling_typed,
    hours_typed,
    ladder_typed,
    rows_of,
    rows_typed,
)
from board.policy_page import Typed, office_hours, plans_page, policy_href, policy_page
from board.policy_preview import PreviewShown, handling_preview, hours_preview, ladder_preview
from board.rights import needs
from notifications.wording import sentence
from storage import tasks
from storage.engine import write
from storage.office_record import refuse_changed_since
from storage.plan_hours import other_hours
from storage.plan_policy import LADDER, PLAN_HOURS, PLAN_SETTINGS, set_handling, set_hours, set_ladder
from tasks_catalog.ladder import DEFAULT_LADDER
from tasks_catalog.ladder_rules import LadderRefused, List
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right
from tasks_catalog.sending_hours import sound_or_refuse

if TYPE_CHECKING:
    from board.app import Board
    from board.forms import Posted
    from board.view import View
    from storage.office_rows import OfficeChange
    from storage.schema import PlanRow


def add_policy(app: FastAPI, board: Board) -> None:
    """Add the pages; without a secret nothing can be posted to them."""

    @app.get("/settings/plans", response_class=HTMLResponse, dependencies=needs(Right.POLICY))
    def plans() -> HTMLResponse:
        with board.view() as view:
            return board.html("settings_plans.html", plans_page(board, view), view.directory.name)

    @app.get("/settings/plans/{number:path}", response_class=HTMLResponse, dependencies=needs(Right.POLICY))
    def plan(number: str, request: Request) -> HTMLResponse:
        with board.view() as view:
            found = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            said, page = said_of(request, view.language), policy_page(found, board, view)
            return board.html("settings_plan.html", page, view.directory.name, said=said)

    if not board.keys:
        return

    @app.post("/settings/plans/{number:path}", response_class=HTMLResponse, dependencies=needs(Right.POLICY))
    async def set_plan(number: str, request: Request) -> Response:
        form = await read_posted(board, request)
        return await run_in_threadpool(_posted, board, number, form)


def _posted(board: Board, number: str, form: Posted) -> Response:
    """Look over, or keep, what a form says. A refusal stands where the form stood; nothing is kept then."""
    matter, do = form.get("matter", ""), form.get("do", "")
    if matter not in _LOOK_OVER or do not in ("preview", "keep", "default"):
        raise Refused("board_request_unreadable")
    typed = Typed(matter=matter, seen=form.get("seen", ""))
    try:
        typed = _typed(typed, form)
        if do == "keep":
            return _kept(board, number, form, matter)
        if do == "default":
            return _default(board, number, typed)
    except LadderRefused as refused:
        return _again(board, number, typed, refused, str(refused.list))
    except Refused as refused:
        return _again(board, number, typed, refused)
    with board.view() as view:
        plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
        try:
            shown = _LOOK_OVER[matter](plan, form, view)
        except LadderRefused as refused:
            return _again(board, number, typed, refused, str(refused.list))
        except Refused as refused:
            return _again(board, number, typed, refused)
        page = policy_page(plan, board, view, replace(typed, preview=shown))
        return board.html("settings_plan.html", page, view.directory.name)


def _typed(typed: Typed, form: Posted) -> Typed:
    """Return what the form holds, as it is drawn again: also what will be refused."""
    if typed.matter == LADDER:
        return replace(typed, lists=tuple(rows_typed(form, which) for which in List))
    if typed.matter == PLAN_HOURS:
        return replace(typed, hours=(form.get("first", ""), form.get("until", "")))
    return replace(typed, handling=handling_typed(form))


def _again(board: Board, number: str, typed: Typed, refused: Refused, where: str = "") -> HTMLResponse:
    with board.view() as view:
        plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
        again = replace(typed, refused=refused_words(refused, view.language), refused_list=where)
        page = policy_page(plan, board, view, again)
        return board.html("settings_plan.html", page, view.directory.name, 400)


def refused_words(refused: Refused, language: str) -> str:
    """Return the sentence of a refusal, an audience it names in words."""
    told: Mapping[str, str] = refused.params
    if "audience" in told:
        told = {**told, "audience": sentence(f"audience_{told['audience']}", language)}
    return sentence(refused.code, language, **told)


def _default(board: Board, number: str, typed: Typed) -> HTMLResponse:
    """Put the default ladder into the form; it is kept only when somebody says so."""
    lists = (rows_of(DEFAULT_LADDER.dated), rows_of(DEFAULT_LADDER.sheet))
    with board.view() as view:
        plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
        proposed = replace(typed, lists=lists, proposed=view.say("policy_default_proposed"))
        page = policy_page(plan, board, view, proposed)
        return board.html("settings_plan.html", page, view.directory.name)


def _kept(board: Board, number: str, form: Posted, matter: str) -> Response:
    with write(board.engine) as session:
        view = board.view_of(session)
        plan = tasks.plan_or_refuse(session, view.organisation_id, number)
        refuse_changed_since(session, view.organisation_id, matter, plan.number, form.get("seen", ""))
        change = _KEEP[matter](plan, form, view)
        href = f"{policy_href(board, plan.number)}#{matter}"
    return back_to(href, "policy_kept", number=change.id) if change else back_to(href, "policy_same")


def _keep_ladder(plan: PlanRow, form: Posted, view: View) -> OfficeChange | None:
    made = made_by(view, form.get("note", ""))
    return set_ladder(view.session, view.organisation_id, plan.number, ladder_typed(form), made=made)


def _keep_hours(plan: PlanRow, form: Posted, view: View) -> OfficeChange | None:
    made, office = made_by(view, form.get("note", "")), office_hours(view)
    hours = hours_typed(form)
    return set_hours(view.session, view.organisation_id, plan.number, hours, office=office, made=made)


def _keep_handling(plan: PlanRow, form: Posted, view: View) -> OfficeChange | None:
    asked: Handling = handling_typed(form)
    return set_handling(
        view.session,
        view.organisation_id,
        plan.number,
        accepted_by=asked.accepted_by,
        continuous=asked.continuous,
        not_arisen=asked.not_arisen,
        made=made_by(view, form.get("note", "")),
    )


def _look_over_hours(plan: PlanRow, form: Posted, view: View) -> PreviewShown:
    hours = hours_typed(form)
    if hours is not None:
        sound_or_refuse(hours, other_hours(view.session, plan), office_hours(view))
    return hours_preview(plan, hours, view)


_KEEP: Mapping[str, Callable[[PlanRow, Posted, View], OfficeChange | None]] = {
    LADDER: _keep_ladder,
    PLAN_HOURS: _keep_hours,
    PLAN_SETTINGS: _keep_handling,
}
_LOOK_OVER: Mapping[str, Callable[[PlanRow, Posted, View], PreviewShown]] = {
    LADDER: lambda plan, form, view: ladder_preview(plan, ladder_typed(form), view),
    PLAN_HOURS: _look_over_hours,
    PLAN_SETTINGS: lambda plan, form, view: handling_preview(plan, handling_typed(form), view),
}
