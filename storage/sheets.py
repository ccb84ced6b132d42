"""A period sheet sent: all its lines reported in one go, in a few statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage import journal
from storage.desk import Desk
from storage.schema import PlanRow
from storage.unit_work import SheetWork
from tasks_catalog.decisions import Recorded, Report
from tasks_catalog.facts import Evidence
from tasks_catalog.figures import read_figures


@dataclass(frozen=True, kw_only=True)
class LineReport:
    """What a unit says of one line: its remark, and figures of the task's targets as typed."""

    line: SheetWork
    note: str = ""
    figures: tuple[str, ...] = ()


def report_sheet(
    desk: Desk, plan: PlanRow, lines: Iterable[LineReport], *, evidence: tuple[Evidence, ...] = ()
) -> int:
    """Report every line given, with the same proofs; return how many there were.

    Raises DecisionRefused, or Refused for a figure that cannot be read; nothing is recorded then.
    """
    issued = next((proof.issued for proof in evidence if proof.issued), None)
    entries = [
        (
            said.line.task.id,
            Recorded(
                decision=Report(
                    share=said.line.share.key,
                    product_date=issued,
                    evidence=evidence,
                    note=said.note,
                    figures=read_figures(said.figures, said.line.task.targets, task=said.line.task.id),
                ),
                on=desk.on,
                by=desk.by,
                document=desk.document,
                note=desk.remark(said.note),
            ),
        )
        for said in lines
    ]
    return journal.record_many(desk.session, plan, entries, at=desk.at).entries
