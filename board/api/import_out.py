"""A plan handed in as the API tells it: its head, the names it asks about, its rows as they would be kept."""

from __future__ import annotations

from typing import Any

from board.api.import_values import ImportNameOut, ImportOut, ImportRowOut, ImportRows, RowAnswerOut
from board.api.task_values import owners_out, question_out
from board.api.values import QuestionOut
from board.import_desk import Opened
from board.view import View
from notifications.wording import place_sentence
from storage import uploads
from tasks_catalog.deadline import as_json
from tasks_catalog.drafting import AskedName, Review
from tasks_catalog.problem import Refused


def head_out(opened: Opened, view: View) -> ImportOut:
    return ImportOut(**_head(opened, view))


def rows_out(opened: Opened, view: View, *, root: str, show: str, after: int, limit: int) -> ImportRows:
    """Return a page of rows, those after a row; ``show`` is "all" or "asking"."""
    review = opened.review
    wanted = [row for row in review.tasks if row > after and (show == "all" or row in review.asked)]
    shown = wanted[:limit]
    more = f"{root}/v1/imports/{opened.row.id}?show={show}&after={shown[-1]}&limit={limit}" if shown else ""
    return ImportRows(
        **_head(opened, view),
        problems=[question_out(one, view) for one in opened.found.read.problems],
        names=[_name(one, view) for one in review.names],
        rows=[_row(row, review, view) for row in shown],
        next=more if len(wanted) > limit else None,
    )


def _head(opened: Opened, view: View) -> dict[str, Any]:
    row, review, draft = opened.row, opened.review, uploads.draft_of(opened.row)
    return {
        "id": row.id,
        "name": row.name,
        "size": row.size,
        "sha256": row.sha256,
        "at": view.local(row.at),
        "state": row.state,
        "number": draft.number,
        "issued": draft.issued,
        "title": draft.title,
        "label": draft.label,
        "year": review.settings.year,
        "year_assumed": opened.found.year_assumed,
        "ready": draft.is_ready,
        "plan": opened.plan.number if opened.plan else None,
        "tasks": opened.found.read.rows.tasks,
        "unreadable": opened.found.read.rows.problems,
        "asked": len(review.asked),
        "open": len(review.open_rows),
    }


def _row(number: int, review: Review, view: View) -> ImportRowOut:
    row = review.row(number)
    task, given = row.task, row.answer
    return ImportRowOut(
        row=number,
        place=place_sentence(task.place, view.language),
        stt=task.stt,
        section=task.section,
        text=task.text,
        product=task.product,
        deadline=as_json(row.deadline),
        owners=owners_out(row.owners),
        questions=[question_out(one, view) for one in row.left],
        settled=[question_out(one, view) for one in row.asked if one not in row.left],
        notes=[question_out(one, view) for one in row.notes],
        answer=RowAnswerOut(
            deadline=given.deadline,
            accept=given.accept_proposal,
            owners=list(given.owners),
            co_owners=list(given.co_owners),
        )
        if given
        else None,
        fault=_fault(row.fault, view),
    )


def _name(asked: AskedName, view: View) -> ImportNameOut:
    return ImportNameOut(
        name=asked.name,
        rows=list(asked.rows),
        question=question_out(asked.problem, view),
        unit=asked.answer.unit if asked.answer else None,
        learn=asked.answer.learn if asked.answer else None,
        fault=_fault(asked.fault, view),
    )


def _fault(fault: Refused | None, view: View) -> QuestionOut | None:
    return question_out(fault, view) if fault else None
