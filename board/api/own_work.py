"""What a unit says by its own people besides single shares: that a condition arose, a whole period's sheet.

Whatever other power the token's person has, here they speak as one of their unit, as at *Việc của tôi*.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response

from board.api.acting import acted, opened, refuse_changed, refuse_figures
from board.api.answers import answer
from board.api.bodies import Arisen, SheetSaid
from board.api.files import handed_of
from board.api.needs import holder_of_request, token_needs
from board.api.office import board_of
from board.api.once import call_of, done_once
from board.api.parts import IfNoneMatch, Number, PeriodKey, Row
from board.api.task_values import report_out
from board.api.values import Acted, SheetLineOut, SheetOut, SheetSent
from board.at_work import AtWork
from board.forms import Posted, text_typed
from board.mine_arisen import may_say_arisen, record_arisen
from board.mine_pages import whose_of
from board.mine_sheet import SheetAt, send
from board.view import View
from storage import tasks
from storage.api_calls import Call
from storage.files import Handed
from storage.people import person_or_refuse
from storage.unit_work import SheetWork, sheet_of
from tasks_catalog.allowed import NotAllowed
from tasks_catalog.period import period_by_key
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

SHEET = "/sheets/{number}/{period}"


def add_own_work(app: FastAPI) -> None:
    _add_arisen(app)
    _add_sheets(app)


def _add_arisen(app: FastAPI) -> None:
    @app.post(
        "/tasks/{number}/{row}/arisen",
        operation_id="task_arisen",
        tags=["acts on tasks"],
        summary=(Arisen.__doc__ or "").strip(),
        response_model=Acted,
        dependencies=token_needs(Right.WORK),
    )
    def arisen(
        number: Number, row: Row, request: Request, call: Annotated[Call, Depends(call_of)], body: Arisen
    ) -> Response:
        def do(view: View) -> Acted:
            there = opened(view, f"{number}/{row}")
            refuse_changed(there, body.seen, None)
            asked = _at_work(view, request)
            if not may_say_arisen(asked.member, there.facts, there.plan, view):
                raise NotAllowed("act_not_allowed", act="arisen")
            record_arisen(asked, there.facts.id, body.posted())
            return acted(there)

        return done_once(request, call, do)


def _add_sheets(app: FastAPI) -> None:
    @app.get(
        SHEET,
        operation_id="sheet",
        tags=["sheets"],
        summary="Show a period's sheet of the person's unit: its lines, open and reported.",
        response_model=SheetOut,
        dependencies=token_needs(Right.WORK),
    )
    def sheet(
        number: Number, period: PeriodKey, request: Request, if_none_match: IfNoneMatch = None
    ) -> Response:
        with board_of(request).view() as view:
            asked = _at_work(view, request)
            at = _sheet_at(asked, number, period)
            return answer(request, _sheet_out(at, _lines_of(at, asked)))

    @app.post(
        SHEET,
        operation_id="sheet_report",
        tags=["sheets"],
        summary=(SheetSaid.__doc__ or "").strip(),
        response_model=SheetSent,
        dependencies=token_needs(Right.WORK),
    )
    def sheet_report(
        number: Number,
        period: PeriodKey,
        request: Request,
        call: Annotated[Call, Depends(call_of)],
        body: SheetSaid,
    ) -> Response:
        def do(view: View) -> SheetSent:
            asked = _at_work(view, request)
            at = _sheet_at(asked, number, period)
            files = tuple(handed_of(board_of(request), view, handle) for handle in body.files)
            done, _ = send(asked, at, _sheet_posted(body, at, _lines_of(at, asked), files))
            return SheetSent(reported=done, sheet=_sheet_out(at, _lines_of(at, asked)))

        return done_once(request, call, do)


def _sheet_at(asked: AtWork, number: str, period: str) -> SheetAt:
    """Return which sheet is meant. Raises Refused: plan_unknown, period_unknown."""
    view = asked.view
    plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
    period_by_key(tasks.settings_of(plan).regime, period)
    return SheetAt(href="", back=None, whose=whose_of(asked), plan=plan, period=period)


def _lines_of(at: SheetAt, asked: AtWork) -> tuple[SheetWork, ...]:
    """Return the sheet's lines. Raises Refused (mine_sheet_none)."""
    view = asked.view
    found = sheet_of(view.session, at.whose, at.plan, at.period)
    if not found or at.plan.state != "active":
        raise Refused("mine_sheet_none", period=at.period, unit=view.unit(at.whose.unit))
    return found


def _sheet_out(at: SheetAt, lines: Sequence[SheetWork]) -> SheetOut:
    return SheetOut(
        plan=at.plan.number,
        period=at.period,
        unit=at.whose.unit,
        due=period_by_key(tasks.settings_of(at.plan).regime, at.period).cut_off,
        open=sum(line.share.is_live for line in lines),
        total=len(lines),
        lines=[
            SheetLineOut(
                row=line.task.row,
                occurrence=line.share.key.occurrence,
                task=line.task.id,
                text=line.task.text,
                product=line.task.product,
                targets=[target.text for target in line.task.targets],
                open=line.share.is_live,
                lapses=line.share.lapses,
                report=report_out(line.share.report),
                before=report_out(line.before),
            )
            for line in lines
        ],
    )


def _sheet_posted(
    body: SheetSaid, at: SheetAt, lines: Sequence[SheetWork], files: tuple[Handed, ...]
) -> Posted:
    """Return what the sheet's form would have posted.

    Raises Refused: sheet_line_unknown, sheet_line_told, figure_target_unknown.
    """
    known = {(line.task.row, line.share.key.occurrence): line for line in lines}
    fields: dict[str, str] = {}
    for said in body.lines:
        line = known.get((said.row, said.occurrence))
        if line is None:
            raise Refused("sheet_line_unknown", row=said.row, occurrence=said.occurrence, period=at.period)
        if not line.share.is_live:
            raise Refused("sheet_line_told", task=line.task.id, period=at.period)
        refuse_figures(line.task, (figure.target for figure in said.figures))
        fields[f"done-{line.id}"], fields[f"note-{line.id}"] = "1", said.note
        fields |= {f"figure-{line.id}-{one.target}": one.value for one in said.figures}
    if body.document is not None:
        fields["document"] = body.document.number
        fields["issued"] = body.document.issued.isoformat() if body.document.issued else ""
    texts = {name: (text_typed(value),) for name, value in fields.items()}
    return Posted(texts, {"files": files} if files else {})


def _at_work(view: View, request: Request) -> AtWork:
    """Return the token's person at their own work; the journal says which program spoke for them."""
    return AtWork(
        view=view,
        person=person_or_refuse(view.actor.code, view.directory),
        base="",
        files=board_of(request).files,
        via=view.say("api_via", name=holder_of_request(request).name),
    )
