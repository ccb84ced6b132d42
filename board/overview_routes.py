"""The overview's routes: each page for one plan, most of them for the whole office too, and the charts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from board import brief, burn_page, changes, due_days, month_page, timeline_page, waits
from board.charts import MEDIA_TYPE
from board.rights import needs
from board.scope import Scope, scope_of
from storage.schema import PlanRow
from tasks_catalog.burn import Step
from tasks_catalog.due import DayOf, Span
from tasks_catalog.month import month_of, read_month
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board

_PLAN = "/plans/{number:path}"
_ONLY = ("open", "overdue")


def add_overview(app: FastAPI, board: Board) -> None:
    """Add the routes; they stand before a plan's own, which would take their last word for its number."""
    pages = _Pages(board=board)
    _add_lists(app, pages)
    _add_changes(app, pages)
    _add_pictures(app, pages)


@dataclass(frozen=True, kw_only=True)
class _Pages:
    """Draws a page for a plan, or for the office where ``number`` is None."""

    board: Board

    @contextmanager
    def looking(self, number: str | None, as_of: date | None, *, counted: bool = False) -> Iterator[Scope]:
        with self.board.view(as_of, counted=counted) as view:
            yield scope_of(view, number)

    @contextmanager
    def looking_at_plan(
        self, number: str, as_of: date | None, *, counted: bool = False
    ) -> Iterator[tuple[PlanRow, Scope]]:
        with self.looking(number, as_of, counted=counted) as scope:
            yield scope.plans[0], scope

    def shown(self, template: str, page: object, scope: Scope) -> HTMLResponse:
        return self.board.html(template, page, scope.view.directory.name)

    def decisions(self, number: str | None, as_of: date | None) -> HTMLResponse:
        with self.looking(number, as_of) as scope:
            return self.shown("decisions.html", waits.decisions_page(scope), scope)

    def calendar(self, number: str | None, month: str | None, as_of: date | None) -> HTMLResponse:
        with self.looking(number, as_of) as scope:
            wanted = read_month(month) if month else month_of(scope.view.count_day)
            return self.shown("calendar.html", month_page.calendar_page(scope, wanted), scope)

    def changes(
        self,
        number: str | None,
        kind: str,
        days: tuple[date, date],
        before: int | None,
        as_of: date | None,
    ) -> HTMLResponse:
        with self.looking(number, as_of) as scope:
            page = changes.changes_page(scope, kind, *days, before)
            return self.shown("changes.html", page, scope)

    def due(self, number: str | None, span: Span, after: str | None, as_of: date | None) -> HTMLResponse:
        mark = due_days.read_mark(after)
        with self.looking(number, as_of) as scope:
            return self.shown("due.html", due_days.due_page(scope, span, after=mark), scope)


def _span(first: date, last: date, by: str, only: str | None) -> Span:
    """Return what a list of days is asked for. Raises Refused (due_by_unknown, due_only_unknown)."""
    if by not in tuple(DayOf):
        raise Refused("due_by_unknown", by=by, known=", ".join(DayOf))
    if only is not None and only not in _ONLY:
        raise Refused("due_only_unknown", only=only, known=", ".join(_ONLY))
    return Span(
        first=first, last=last, by=DayOf(by), open_only=only == "open", overdue_only=only == "overdue"
    )


def _step(by: str) -> Step:
    if by not in tuple(Step):
        raise Refused("burn_step_unknown", by=by, known=", ".join(Step))
    return Step(by)


def _add_lists(app: FastAPI, pages: _Pages) -> None:
    @app.get("/decisions", response_class=HTMLResponse, dependencies=needs(Right.DECIDE))
    def decisions(as_of: date | None = None) -> HTMLResponse:
        return pages.decisions(None, as_of)

    @app.get(f"{_PLAN}/decisions", response_class=HTMLResponse, dependencies=needs(Right.DECIDE))
    def plan_decisions(number: str, as_of: date | None = None) -> HTMLResponse:
        return pages.decisions(number, as_of)

    @app.get("/calendar", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def calendar(month: str | None = None, as_of: date | None = None) -> HTMLResponse:
        return pages.calendar(None, month, as_of)

    @app.get(f"{_PLAN}/calendar", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def plan_calendar(number: str, month: str | None = None, as_of: date | None = None) -> HTMLResponse:
        return pages.calendar(number, month, as_of)

    @app.get("/due", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def due(
        first: date,
        last: date,
        by: str = DayOf.DUE,
        only: str | None = None,
        after: str | None = None,
        as_of: date | None = None,
    ) -> HTMLResponse:
        return pages.due(None, _span(first, last, by, only), after, as_of)

    @app.get(f"{_PLAN}/due", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def plan_due(
        number: str,
        first: date,
        last: date,
        by: str = DayOf.DUE,
        only: str | None = None,
        after: str | None = None,
        as_of: date | None = None,
    ) -> HTMLResponse:
        return pages.due(number, _span(first, last, by, only), after, as_of)


def _add_changes(app: FastAPI, pages: _Pages) -> None:
    @app.get("/changes", response_class=HTMLResponse, dependencies=needs(Right.TRACE))
    def office_changes(
        kind: str, first: date, last: date, before: int | None = None, as_of: date | None = None
    ) -> HTMLResponse:
        return pages.changes(None, kind, (first, last), before, as_of)

    @app.get(f"{_PLAN}/changes", response_class=HTMLResponse, dependencies=needs(Right.TRACE))
    def plan_changes(
        number: str, kind: str, first: date, last: date, before: int | None = None, as_of: date | None = None
    ) -> HTMLResponse:
        return pages.changes(number, kind, (first, last), before, as_of)


def _add_pictures(app: FastAPI, pages: _Pages) -> None:
    """Add the pages with charts, and the charts as pictures with addresses of their own."""

    @app.get(f"{_PLAN}/timeline", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def timeline(number: str, page: int = 1, as_of: date | None = None) -> HTMLResponse:
        with pages.looking_at_plan(number, as_of) as (plan, scope):
            return pages.shown("timeline.html", timeline_page.timeline_page(plan, max(1, page), scope), scope)

    @app.get(f"{_PLAN}/timeline.svg", dependencies=needs(Right.LOOK))
    def timeline_picture(number: str, page: int = 1, as_of: date | None = None) -> Response:
        with pages.looking_at_plan(number, as_of) as (plan, scope):
            return _picture(timeline_page.timeline_svg(plan, max(1, page), scope))

    @app.get(f"{_PLAN}/burnup", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def burnup(number: str, by: str = Step.MONTH, as_of: date | None = None) -> HTMLResponse:
        with pages.looking_at_plan(number, as_of) as (plan, scope):
            return pages.shown("burnup.html", burn_page.burn_page(plan, _step(by), scope), scope)

    @app.get(f"{_PLAN}/burnup.svg", dependencies=needs(Right.LOOK))
    def burnup_picture(number: str, by: str = Step.MONTH, as_of: date | None = None) -> Response:
        with pages.looking_at_plan(number, as_of) as (plan, scope):
            return _picture(burn_page.burn_svg(plan, _step(by), scope))

    @app.get(f"{_PLAN}/brief", response_class=HTMLResponse, dependencies=needs(Right.DECIDE))
    def leaders(number: str, as_of: date | None = None) -> HTMLResponse:
        with pages.looking_at_plan(number, as_of, counted=True) as (plan, scope):
            return pages.shown("brief.html", brief.brief_page(plan, scope), scope)

    @app.get(f"{_PLAN}/trend.svg", dependencies=needs(Right.LOOK))
    def trend_picture(number: str, as_of: date | None = None) -> Response:
        with pages.looking_at_plan(number, as_of) as (plan, scope):
            return _picture(burn_page.trend_svg(plan, scope))


def _picture(svg: bytes) -> Response:
    return Response(svg, media_type=MEDIA_TYPE)
