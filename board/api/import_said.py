"""What a program says of a plan handed in, made the change of its draft that the board's forms make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from board.api.import_values import Answers, HeadSaid, RowSaid
from board.forms import Posted, text_typed
from board.import_forms import fault_of_answer, name_of_form
from board.importing import refuse_fault
from tasks_catalog.drafting import Draft, Review
from tasks_catalog.people import Directory
from tasks_catalog.problem import Refused
from tasks_catalog.settling import Answer
from tasks_catalog.unit_names import plain_key

Change = Callable[[Draft], Draft]


def headed_with(said: HeadSaid) -> Change:
    """Return the change that a new head makes."""

    def change(draft: Draft) -> Draft:
        return replace(
            draft,
            number=_told(said.number, draft.number),
            issued=said.issued or draft.issued,
            title=_told(said.title, draft.title),
            label=_told(said.label, draft.label),
            year=said.year or draft.year,
        )

    return change


def _told(words: str | None, before: str) -> str:
    return before if words is None else text_typed(words)


def answered_with(said: Answers, review: Review, directory: Directory) -> Change:
    """Return the change that the answers make, each looked at as on the board.

    Raises Refused: import_answer_empty, import_name_not_asked, and what an answer that does not hold is
    refused with.
    """
    if not (said.names or said.rows):
        raise Refused("import_answer_empty")
    names = [
        Posted(
            {
                "name": (text_typed(one.name),),
                "what": ("unit" if one.unit else "clear",),
                "unit": (text_typed(one.unit or ""),),
                "learn": ("yes" if one.learn else "no",),
            }
        )
        for one in said.names
    ]
    rows = [(one.row, _answer(one)) for one in said.rows]

    def named(draft: Draft) -> Draft:
        for form in names:
            draft = name_of_form(form, draft, directory)
        return draft

    def change(draft: Draft) -> Draft:
        draft = named(draft)
        for row, given in rows:
            draft = draft.with_row(row, given)
        return draft

    asked = {plain_key(one.name): one.name for one in review.names}
    for form in names:
        if plain_key(form["name"]) not in asked:
            known = "; ".join(asked.values()) or "–"
            raise Refused("import_name_not_asked", name=form["name"], names=known)
    tried = replace(review, draft=named(review.draft))
    for form in names:
        refuse_fault(tried, form["name"])
    for row, given in rows:
        _refuse_answer(tried, row, given)
    return change


def _answer(said: RowSaid) -> Answer | None:
    given = Answer(
        deadline=None if said.accept else text_typed(said.deadline) or None,
        accept_proposal=said.accept,
        owners=tuple(dict.fromkeys(map(text_typed, said.owners))),
        co_owners=tuple(dict.fromkeys(map(text_typed, said.co_owners))),
    )
    return None if given == Answer() else given


def _refuse_answer(review: Review, row: int, given: Answer | None) -> None:
    """Raise what is wrong with an answer, with the row it was given for."""
    if row not in review.asked:
        raise Refused("import_row_asks_nothing", row=row)
    fault = fault_of_answer(review, row, given) if given is not None else None
    if fault is not None:
        raise Refused(fault.code, **{**fault.params, "row": str(row)})
