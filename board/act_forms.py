"""From a posted form to what the desk records: one function for each thing a letter's link is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from board.act_pages import Line
from board.view import View
from notifications.signing import Purpose
from storage.desk import Desk
from tasks_catalog.facts import Evidence
from tasks_catalog.problem import Refused
from tasks_catalog.typed import day_of

Form = Callable[[Desk, Line, Mapping[str, str], View], str]
"""Records what a form says and returns the sentence that says so. Raises Refused; nothing is kept then."""


def _report(desk: Desk, line: Line, form: Mapping[str, str], view: View) -> str:
    proof = _proof(form)
    note = form.get("note", "")
    if proof is None and not note:
        raise Refused("act_report_empty")
    replace(desk, note=note).report(
        line.task.id,
        line.share.key.unit,
        product_date=proof.issued if proof else None,
        evidence=[proof] if proof else [],
        occurrence=line.share.key.occurrence,
    )
    return view.say("act_report_done", on=desk.on, task=line.task.id)


def _extend(desk: Desk, line: Line, form: Mapping[str, str], view: View) -> str:
    to, reason = day_of(form.get("to", "")), form.get("note", "")
    replace(desk, note=reason).ask_extension(
        line.task.id, line.share.key.unit, to=to, occurrence=line.share.key.occurrence
    )
    return view.say("act_extend_done", to=to, task=line.task.id)


def _acknowledge(desk: Desk, line: Line, form: Mapping[str, str], view: View) -> str:
    expected = day_of(form.get("expected", ""))
    if expected < desk.on:
        raise Refused("act_expected_past", expected=expected, today=desk.on)
    desk.acknowledge(
        line.task.id, line.share.key.unit, expected=expected, occurrence=line.share.key.occurrence
    )
    return view.say("act_acknowledge_done", expected=expected, task=line.task.id)


def _sheet(desk: Desk, line: Line, form: Mapping[str, str], view: View) -> str:
    """Report every line ticked that is still open; one proof may stand for the whole sheet."""
    proof = _proof(form)
    ticked = [(task, share) for task, share in line.sheet if form.get(f"done-{task.row}") and share.is_live]
    if not ticked:
        raise Refused("act_sheet_empty")
    for task, share in ticked:
        replace(desk, note=form.get(f"note-{task.row}", "")).report(
            task.id,
            share.key.unit,
            product_date=proof.issued if proof else None,
            evidence=[proof] if proof else [],
            occurrence=share.key.occurrence,
        )
    left = sum(share.is_live for _, share in line.sheet) - len(ticked)
    return view.say("act_sheet_done" if not left else "act_sheet_part", done=len(ticked), left=left)


def _proof(form: Mapping[str, str]) -> Evidence | None:
    """Return the document the form names, with its date."""
    number, issued = form.get("document", ""), form.get("issued", "")
    if not number:
        if issued:
            raise Refused("act_document_missing", issued=issued)
        return None
    return Evidence(text=number, issued=day_of(issued) if issued else None)


FORMS: Mapping[Purpose, Form] = {
    Purpose.REPORT: _report,
    Purpose.EXTEND: _extend,
    Purpose.ACKNOWLEDGE: _acknowledge,
    Purpose.SHEET: _sheet,
}
