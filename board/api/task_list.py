"""The list of tasks: the filters of the board's lists, page by page behind a cursor."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import FastAPI, Query, Request
from fastapi.responses import Response

from board.api.answers import answer
from board.api.needs import token_needs
from board.api.office import board_of
from board.api.parts import Day, IfNoneMatch, Limit, Text, text_query
from board.api.task_values import owners_out
from board.api.values import Line, TaskList
from board.list_entries import Entry, counted_page, past_of
from board.view import View
from storage import listing, tasks
from storage.schema import PlanRow
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right
from tasks_catalog.task import task_id

Asked = Literal["done_on_time", "done_late", "closed", "in_progress", "overdue", "not_arisen", "done"]
_SINCE = Query(description="Owes something on this day or after it.")
_UNTIL = Query(description="Owes something on this day or before it.")
_STANDING = Query(description="One of the six, or done for the three that count as done.")
_CURSOR = Query(
    min_length=4, max_length=800, pattern=r"^[A-Za-z0-9_-]+$", description="From next of the page before."
)


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    plan: str | None
    unit: str | None
    section: str | None
    standing: str | None
    due_from: date | None
    due_until: date | None
    text: str | None
    limit: int
    cursor: str | None

    def address(self, root: str, cursor: str) -> str:
        given = {**self.__dict__, "cursor": cursor}
        return f"{root}/v1/tasks?" + urlencode({k: str(v) for k, v in given.items() if v is not None})


def add_task_list(app: FastAPI) -> None:
    @app.get(
        "/tasks",
        operation_id="tasks",
        tags=["tasks"],
        response_model=TaskList,
        summary="List tasks; with unit, that unit's shares.",
        dependencies=token_needs(Right.LOOK),
    )
    def listed(
        request: Request,
        plan: Annotated[Text | None, text_query("Of this plan, by its number.")] = None,
        unit: Annotated[Text | None, text_query("Shares this unit owns, by its code.", longest=60)] = None,
        section: Annotated[Text | None, text_query("Of this section, as the plan calls it.")] = None,
        standing: Annotated[Asked | None, _STANDING] = None,
        due_from: Annotated[Day | None, _SINCE] = None,
        due_until: Annotated[Day | None, _UNTIL] = None,
        text: Annotated[Text | None, text_query("With these words, accents or not.")] = None,
        limit: Limit = 100,
        cursor: Annotated[str | None, _CURSOR] = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        wanted = _Wanted(
            plan=plan,
            unit=unit,
            section=section,
            standing=standing,
            due_from=due_from,
            due_until=due_until,
            text=text,
            limit=limit,
            cursor=cursor,
        )
        with board_of(request).view(counted=True) as view:
            return answer(request, _list(view, wanted, board_of(request).root))


def _list(view: View, wanted: _Wanted, root: str) -> TaskList:
    plan = tasks.plan_or_refuse(view.session, view.organisation_id, wanted.plan) if wanted.plan else None
    if wanted.unit is not None and view.directory.unit(wanted.unit) is None:
        known = ", ".join(unit.code for unit in view.directory.units)
        raise Refused("unit_not_known", name=wanted.unit, known=known)
    query = _query(view, wanted, plan)
    place = _read_cursor(wanted.cursor) if wanted.cursor else None
    figures = view.counted(plan) if plan is not None else None
    if plan is not None and figures is None:
        entries, after = _past(query, plan, view, place, wanted.limit)
    else:
        page = counted_page(query, plan, figures, view, after=place, most=wanted.limit)
        entries, after = list(page.entries), page.after
    return TaskList(
        tasks=[_line(one) for one in entries],
        next=wanted.address(root, _cursor(after)) if after is not None else None,
    )


def _query(view: View, wanted: _Wanted, plan: PlanRow | None) -> listing.Query:
    due = None
    if wanted.due_from is not None or wanted.due_until is not None:
        first = wanted.due_from or date.min
        since = first - timedelta(days=1) if first > date.min else None
        due = (since, wanted.due_until or date.max)
    return listing.Query(
        plan_id=plan.id if plan is not None else None,
        organisation_id=view.organisation_id,
        unit=wanted.unit,
        section=wanted.section,
        standing=wanted.standing,
        due=due,
        text=wanted.text or "",
    )


def _past(
    query: listing.Query, plan: PlanRow, view: View, place: str | None, most: int
) -> tuple[list[Entry], str | None]:
    """Return a page of a plan that is not counted, such as one not started yet."""
    start = int(place) if place and place.isascii() and place.isdigit() and len(place) < 10 else 0
    if place and not start:
        raise Refused("cursor_unknown")
    every = past_of(query, plan, view)
    end = start + most
    return every[start:end], str(end) if end < len(every) else None


def _line(entry: Entry) -> Line:
    task = entry.task
    return Line(
        id=task_id(entry.plan.number, task.row),
        plan=entry.plan.number,
        row=task.row,
        text=task.text,
        product=task.product,
        section=task.section,
        deadline=task.deadline.text,
        owners=owners_out(task.owners),
        standing=entry.kind.value,
        due=entry.due,
        occurrence=entry.share.key.occurrence if entry.share else None,
    )


def _cursor(place: str) -> str:
    return base64.urlsafe_b64encode(f"at {place}".encode()).decode("ascii").rstrip("=")


def _read_cursor(cursor: str) -> str:
    """Return the place a cursor means. Raises Refused (cursor_unknown)."""
    try:
        words = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refused("cursor_unknown") from error
    if not words.startswith("at ") or "\x00" in words:
        raise Refused("cursor_unknown")
    return words.removeprefix("at ")
