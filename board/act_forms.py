"""From a posted form to what the desk records: one function for each thing a letter's link is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from board.act_pages import Line
from board.forms import Posted
from board.handing_in import figures_of, proofs_of
from board.view import View
from notifications.signing import Purpose
from storage.desk import Desk
from storage.files import FileStore
from tasks_catalog.problem import Refused
from tasks_catalog.typed import day_of

Form = Callable[[Desk, Line, Posted, View, FileStore | None], str]
"""Records what a form says and returns the sentence that says so. Raises Refused; nothing is kept then."""


def _report(desk: Desk, line: Line, form: Posted, view: View, files: FileStore | None) -> str:
    note, figures = form.get("note", ""), tuple(figures_of(form, line.task))
    proofs = proofs_of(form, files, view, by=desk.by)
    if not (proofs or note or figures):
        raise Refused("act_report_empty")
    replace(desk, note=note).report(
        line.task.id,
        line.share.key.unit,
        product_date=next((proof.issued for proof in proofs if proof.issued), None),
        evidence=proofs,
        occurrence=line.share.key.occurrence,
        figures=figures,
    )
    return view.say("act_report_done", on=desk.on, task=line.task.id)


def _extend(desk: Desk, line: Line, form: Posted, view: View, files: FileStore | None) -> str:
    to, reason = day_of(form.get("to", "")), form.get("note", "")
    replace(desk, note=reason).ask_extension(
        line.task.id, line.share.key.unit, to=to, occurrence=line.share.key.occurrence
    )
    return view.say("act_extend_done", to=to, task=line.task.id)


def _acknowledge(desk: Desk, line: Line, form: Posted, view: View, files: FileStore | None) -> str:
    expected = day_of(form.get("expected", ""))
    if expected < desk.on:
        raise Refused("act_expected_past", expected=expected, today=desk.on)
    desk.acknowledge(
        line.task.id, line.share.key.unit, expected=expected, occurrence=line.share.key.occurrence
    )
    return view.say("act_acknowledge_done", expected=expected, task=line.task.id)


FORMS: Mapping[Purpose, Form] = {
    Purpose.REPORT: _report,
    Purpose.EXTEND: _extend,
    Purpose.ACKNOWLEDGE: _acknowledge,
}
