"""What may be read: plans and their tallies, tasks, units, people, changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import text

from board.api.answers import answer
from board.api.needs import token_needs
from board.api.office import board_of
from board.api.parts import Day, IfNoneMatch, Limit, Number, Row
from board.api.problems import Explained, explained
from board.api.task_list import add_task_list
from board.api.task_values import entry_values, task_out
from board.api.values import (
    BelowOut,
    Change,
    Changes,
    Health,
    OrganisationBelow,
    People,
    PersonOut,
    PlanBelowOut,
    PlanOut,
    Plans,
    TallyOut,
    TaskOut,
    UnitOut,
    Units,
)
from board.rights import open_to_all
from board.view import View
from storage import tasks
from storage.api_events import lines_since
from storage.below import below
from storage.engine import read
from storage.reckoning import tally_at
from storage.schema import PlanRow
from tasks_catalog.counting import Figures
from tasks_catalog.progress import as_json
from tasks_catalog.roles import Right

_DAY = Query(description="The close of this day; without it yesterday's.")
_AFTER = Query(ge=0, le=2**53, description="The number of the last line that was read; 0 from the start.")


def add_reading(app: FastAPI) -> None:
    _add_open(app)
    _add_plans(app)
    add_task_list(app)
    _add_task(app)
    _add_office(app)
    _add_below(app)


def _add_open(app: FastAPI) -> None:
    @app.get(
        "/healthz",
        operation_id="health",
        tags=["about"],
        response_model=Health,
        summary="Say that the office's database answers.",
        dependencies=open_to_all("says nothing but that it runs"),
    )
    def health(request: Request) -> Response:
        with read(board_of(request).engine) as session:
            session.execute(text("SELECT 1"))
        return JSONResponse({"status": "ok"})

    @app.get(
        "/problems/{code}",
        operation_id="problem",
        tags=["about"],
        response_model=Explained,
        summary="Say what a problem's code means.",
        dependencies=open_to_all("the program's own words, nothing of the office"),
    )
    def problem(code: str) -> Response:
        return JSONResponse(explained(code).model_dump())


def _add_plans(app: FastAPI) -> None:
    """Add the routes of plans; the longer path before the shorter, which would take it for a number."""

    @app.get(
        "/plans",
        operation_id="plans",
        tags=["plans"],
        response_model=Plans,
        summary="List the plans.",
        dependencies=token_needs(Right.LOOK),
    )
    def plans(request: Request, if_none_match: IfNoneMatch = None) -> Response:
        with board_of(request).view(counted=True) as view:
            every = tasks.list_plans(view.session, view.organisation_id)
            figures = view.figures_of_all(every)
            return answer(request, Plans(plans=[_plan(one, figures[one.id]) for one in every]))

    @app.get(
        "/plans/{number}/tally",
        operation_id="tally",
        tags=["plans"],
        response_model=TallyOut,
        summary="Tally a plan at the close of a day: what `dondoc tally --json` prints.",
        dependencies=token_needs(Right.LOOK),
    )
    def tally(
        number: Number,
        request: Request,
        as_of: Annotated[Day | None, _DAY] = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        with board_of(request).view(as_of) as view:
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            day = as_of or view.now.date() - timedelta(days=1)
            return answer(request, as_json(tally_at(view.session, plan, day)))

    @app.get(
        "/plans/{number}",
        operation_id="plan",
        tags=["plans"],
        response_model=PlanOut,
        summary="Show a plan.",
        dependencies=token_needs(Right.LOOK),
    )
    def plan(number: Number, request: Request, if_none_match: IfNoneMatch = None) -> Response:
        with board_of(request).view(counted=True) as view:
            found = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            return answer(request, _plan(found, view.figures_of_all([found])[found.id]))


def _add_task(app: FastAPI) -> None:
    @app.get(
        "/tasks/{number}/{row}",
        operation_id="task",
        tags=["tasks"],
        response_model=TaskOut,
        summary="Show a task: its facts, its shares, what the token's person may do now, its history.",
        dependencies=token_needs(Right.LOOK),
    )
    def task(number: Number, row: Row, request: Request, if_none_match: IfNoneMatch = None) -> Response:
        with board_of(request).view() as view:
            found = tasks.task_or_refuse(view.session, view.organisation_id, f"{number}/{row}")
            return answer(request, task_out(view.session.get_one(PlanRow, found.plan_id), found, view))


def _add_office(app: FastAPI) -> None:
    @app.get(
        "/units",
        operation_id="units",
        tags=["office"],
        response_model=Units,
        summary="List the units.",
        dependencies=token_needs(Right.LOOK),
    )
    def units(request: Request, if_none_match: IfNoneMatch = None) -> Response:
        with board_of(request).view() as view:
            return answer(request, _units(view))

    @app.get(
        "/people",
        operation_id="people",
        tags=["office"],
        response_model=People,
        summary="List the people, for those who look after the directory.",
        dependencies=token_needs(Right.DIRECTORY, personal="people"),
    )
    def people(request: Request, if_none_match: IfNoneMatch = None) -> Response:
        with board_of(request).view() as view:
            return answer(request, _people(view))

    @app.get(
        "/changes",
        operation_id="changes",
        tags=["office"],
        response_model=Changes,
        summary="Read the journal on from a line: who did what; none is passed over.",
        dependencies=token_needs(Right.TRACE),
    )
    def changes(
        request: Request,
        after: Annotated[int, _AFTER] = 0,
        limit: Limit = 100,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        with board_of(request).view() as view:
            return answer(request, _changes(view, board_of(request).root, after, limit))


def _add_below(app: FastAPI) -> None:
    @app.get(
        "/below",
        operation_id="below",
        tags=["office"],
        response_model=BelowOut,
        summary="Tell the figures of the organisations below: their plans in force, no tasks, no people.",
        dependencies=token_needs(Right.BELOW),
    )
    def organisations_below(request: Request, if_none_match: IfNoneMatch = None) -> Response:
        with board_of(request).view() as view:
            return answer(request, _below(view))


def _below(view: View) -> BelowOut:
    found = below(view.session, view.organisation_id)
    return BelowOut(
        organisations=[
            OrganisationBelow(
                code=each.code,
                name=each.name,
                depth=each.depth,
                done=each.done,
                total=each.total,
                overdue=each.overdue,
                plans=[
                    PlanBelowOut(
                        number=plan.number,
                        as_of=plan.as_of,
                        done=plan.done,
                        total=plan.total,
                        overdue=plan.overdue,
                    )
                    for plan in each.plans
                ],
            )
            for each in found
        ],
        done=sum(each.done for each in found),
        total=sum(each.total for each in found),
        overdue=sum(each.overdue for each in found),
    )


def _plan(plan: PlanRow, figures: Figures) -> PlanOut:
    return PlanOut.model_validate(
        {
            "number": plan.number,
            "issued": plan.issued,
            "title": plan.title,
            "year": plan.year,
            "state": plan.state,
            "activated_on": plan.activated_on,
            "label": plan.label,
            "done": figures.done,
            "total": figures.total,
            "as_of": figures.as_of,
        }
    )


def _units(view: View) -> Units:
    return Units(
        units=[
            UnitOut(code=one.code, name=one.name, aliases=list(one.aliases), kind=one.kind, gone=one.is_gone)
            for one in view.directory.units
        ]
    )


def _people(view: View) -> People:
    return People(
        people=[
            PersonOut(
                code=one.code,
                name=one.name,
                email=one.email,
                unit=one.unit,
                post=str(one.post),
                title=one.title,
                active=one.active,
            )
            for one in view.directory.people
        ]
    )


def _changes(view: View, root: str, after: int, limit: int) -> Changes:
    lines = lines_since(view.session, view.organisation_id, after, most=limit + 1, now=view.now)
    shown, more = lines[:limit], len(lines) > limit
    cursor = shown[-1].event.id if shown else after
    return Changes(
        changes=[Change(plan=line.plan, row=line.row, **entry_values(line.event, view)) for line in shown],
        cursor=cursor,
        next=f"{root}/v1/changes?after={cursor}&limit={limit}" if more else None,
    )
