"""The acts: each of the board's two tables is an address, and does the same deed under the same rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response

from board.acting import desk_of
from board.api.bodies import SHARE_BODIES, TASK_BODIES, Body, Measure, Report, Settle
from board.api.files import handed_of
from board.api.needs import holder_of_request, token_needs
from board.api.office import board_of
from board.api.once import call_of, done_once
from board.api.parts import Number, OccurrenceKey, Row, UnitCode
from board.api.task_values import task_out
from board.api.values import Acted
from board.share_doings import SHARE_DOINGS, ShareDoing, ShareHere
from board.task_doings import TASK_DOINGS, TaskDoing, TaskHere
from board.view import View
from storage import tasks
from storage.api_calls import Call
from storage.changed import changed_since, last_change
from storage.desk import Desk
from storage.files import Handed
from storage.schema import PlanRow, TaskRow
from tasks_catalog.allowed import Act, NotAllowed, acts_on_share, acts_on_task, require
from tasks_catalog.facts import TaskFacts
from tasks_catalog.occurrence import ShareKey
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board

_DECIDED = frozenset({Act.ACCEPT, Act.RETURN, Act.DECIDE_EXTENSION, Act.SNOOZE})
_OF_SHARE = "/tasks/{number}/{row}/shares/{occurrence}/{unit}"
_OF_TASK = "/tasks/{number}/{row}"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A task opened within the transaction that acts."""

    plan: PlanRow
    row: TaskRow
    facts: TaskFacts
    seen: int
    """The last line of the journal before the act."""
    view: View


def right_of(doing: ShareDoing | TaskDoing) -> Right:
    """Return the right an act asks for; what is open on the one share or task is narrower still."""
    if isinstance(doing, TaskDoing):
        return Right.PLANS
    return Right.DECIDE if doing.act in _DECIDED else Right.WORK


def add_acting(app: FastAPI) -> None:
    for share_doing in SHARE_DOINGS:
        _add_share_act(app, share_doing, SHARE_BODIES[share_doing.name])
    for task_doing in TASK_DOINGS:
        _add_task_act(app, task_doing, TASK_BODIES[task_doing.name])


def _add_share_act(app: FastAPI, doing: ShareDoing, model: type[Body]) -> None:
    def act(
        number: Number,
        row: Row,
        occurrence: OccurrenceKey,
        unit: UnitCode,
        request: Request,
        call: Annotated[Call, Depends(call_of)],
        body: Any,
    ) -> Response:
        def do(view: View) -> Acted:
            there = opened(view, f"{number}/{row}")
            key = ShareKey(there.facts.id, occurrence, unit)
            _do_on_share(board_of(request), there, key, doing, body, _desk(view, request))
            return acted(there)

        return done_once(request, call, do)

    act.__annotations__["body"] = model
    _add(app, f"{_OF_SHARE}/{doing.name}", act, doing, model, f"share_{doing.name}")


def _add_task_act(app: FastAPI, doing: TaskDoing, model: type[Body]) -> None:
    def act(
        number: Number, row: Row, request: Request, call: Annotated[Call, Depends(call_of)], body: Any
    ) -> Response:
        def do(view: View) -> Acted:
            there = opened(view, f"{number}/{row}")
            _do_on_task(there, doing, body, _desk(view, request))
            return acted(there)

        return done_once(request, call, do)

    act.__annotations__["body"] = model
    _add(app, f"{_OF_TASK}/{doing.name}", act, doing, model, f"task_{doing.name}")


def _add(
    app: FastAPI, path: str, act: Any, doing: ShareDoing | TaskDoing, model: type[Body], name: str
) -> None:
    app.post(
        path,
        name=name,
        operation_id=name,
        summary=(model.__doc__ or "").strip(),
        tags=["acts on shares" if isinstance(doing, ShareDoing) else "acts on tasks"],
        response_model=Acted,
        dependencies=token_needs(right_of(doing)),
    )(act)


def _desk(view: View, request: Request) -> Desk:
    """Return the desk of the token's person; the journal's remark says that a program did it, and which."""
    return replace(desk_of(view), via=view.say("api_via", name=holder_of_request(request).name))


def opened(view: View, task_id: str) -> Opened:
    row = tasks.task_or_refuse(view.session, view.organisation_id, task_id)
    plan = view.session.get_one(PlanRow, row.plan_id)
    facts, seen = tasks.facts_of_task(view.session, row), last_change(view.session, row)
    return Opened(plan=plan, row=row, facts=facts, seen=seen, view=view)


def _do_on_share(
    board: Board, there: Opened, key: ShareKey, doing: ShareDoing, body: Body, desk: Desk
) -> None:
    share = there.facts.shares.get(key)
    if share is None:
        raise Refused("share_unknown", task=there.facts.id, unit=key.unit)
    refuse_changed(there, body.seen, key)
    require(doing.act, acts_on_share(there.view.actor, there.facts, share))
    if not doing.fits(share):
        raise NotAllowed("act_not_allowed", act=doing.name)
    if isinstance(body, Report | Measure):
        refuse_figures(there.facts, (figure.target for figure in body.figures))
    files: tuple[Handed, ...] = ()
    if isinstance(body, Report) and body.files:
        files = tuple(handed_of(board, there.view, handle) for handle in body.files)
    settings = tasks.settings_of(there.plan)
    here = ShareHere(task=there.facts, share=share, settings=settings, view=there.view, files=board.files)
    doing.do(desk, here, body.posted(files))


def _do_on_task(there: Opened, doing: TaskDoing, body: Body, desk: Desk) -> None:
    asked = tasks.questions_of_task(there.view.session, there.row)
    refuse_changed(there, body.seen, None)
    require(doing.act, acts_on_task(there.view.actor, there.facts, asks=bool(asked)))
    if isinstance(body, Settle):
        _refuse_unknown(there.view, (*body.owners, *body.co_owners))
    here = TaskHere(plan=there.plan, task=there.facts, view=there.view, asked=asked)
    doing.do(desk, here, body.posted())


def refuse_changed(there: Opened, seen: int | None, share: ShareKey | None) -> None:
    """Raise Refused (task_changed_meanwhile) where something bears on it that the asker has not seen."""
    if seen is None:
        return
    view = there.view
    last = changed_since(view.session, there.row, share, seen)
    if last is not None:
        what = view.say("board_imported" if last.kind == "import" else f"decision_{last.kind}")
        raise Refused("task_changed_meanwhile", what=what, by=view.person(last.by), at=view.moment(last.at))


def refuse_figures(facts: TaskFacts, targets: Iterable[int]) -> None:
    for number in targets:
        if number > len(facts.targets):
            raise Refused("figure_target_unknown", number=number, task=facts.id, known=len(facts.targets))


def _refuse_unknown(view: View, codes: Iterable[str]) -> None:
    for code in codes:
        if view.directory.unit(code) is None and view.directory.group(code) is None:
            known = ", ".join(one.code for one in view.directory.owners)
            raise Refused("unit_not_known", name=code, known=known)


def acted(there: Opened) -> Acted:
    told = task_out(there.plan, there.row, there.view)
    return Acted(events=[line.id for line in told.history if line.id > there.seen], task=told)
