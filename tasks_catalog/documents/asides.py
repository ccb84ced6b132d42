"""Rows of a task table that owe nothing: remarks, sums and the signatures under it.

The wording is that of official forms (Nghị định 30/2020/NĐ-CP, Phụ lục I: nơi nhận, KT., TM., TL.), and
it counts only on a row without a deadline: "Tổng hợp kết quả" with a deadline is a task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks_catalog.documents.grid import GridRow, Table
from tasks_catalog.documents.heading_words import Role
from tasks_catalog.documents.headings import Columns
from tasks_catalog.documents.outline import read_number
from tasks_catalog.text import plain

_REMARK = re.compile(r"^\W*(?:ghi chu|chu thich|chu giai|luu y)\s*(?:[:.(]|$)|^\(\*+\)|^\*+\)")
_COUNTED = r"(?: (?:so )?(?:nhiem vu|cong viec|dau viec|chi tieu|muc tieu|noi dung|van ban))?"
_SUM = re.compile(rf"^\W*(?:tong cong|tong so|tong|cong){_COUNTED}\s*(?:[:(\d]|$)")
_SIGNED = re.compile(
    r"^(?:noi nhan\s*:?|(?:kt|tm|tl|tuq)\s*\..*"
    r"|nguoi (?:lap|lap bieu|lap bang|tong hop|lap ke hoach)|thu truong (?:don vi|co quan)"
    r"|\(?(?:da )?ky,? (?:ten|ghi ro|dong dau|va).*)$"
)


class Asides:
    """Tells which rows of one table are asides; under its last task a remark or a signature ends it."""

    def __init__(self, table: Table, columns: Columns) -> None:
        self._table = table
        self._columns = columns
        self._end = self._ends_at()

    def holds(self, index: int) -> bool:
        """Tell whether the row is a remark, a sum, or stands at or under the end of the table."""
        if index >= self._end:
            return True
        row = self._table.rows[index]
        if self._dated(index) or not row.distinct:
            return False
        first = plain(row.distinct[0][0].text)
        named = plain(row.distinct[1][0].text) if len(row.distinct) > 1 and _numbered(first) else first
        return bool(_SUM.match(first) or _REMARK.match(named))

    def _ends_at(self) -> int:
        """Return the first remark or signature below all numbers and deadlines, or the number of rows."""
        rows = range(len(self._table.rows))
        last = max((index for index in rows if self._dated(index) or self._counted(index)), default=-1)
        below = range(last + 1, len(self._table.rows))
        return next((index for index in below if self._closes(self._table.rows[index])), len(rows))

    def _closes(self, row: GridRow) -> bool:
        lines = (plain(line) for cell, _, _ in row.distinct for line in cell.written_lines[:1])
        return any(_SIGNED.match(line) or _REMARK.match(line) for line in lines)

    def _dated(self, index: int) -> bool:
        cells = self._table.rows[index].cells
        narrow = (c for c in self._deadlines() if c == 0 or cells[c].key != cells[c - 1].key)
        return any(cells[c].text and not self._table.is_above(index, c) for c in narrow)

    def _deadlines(self) -> Iterator[int]:
        yield from self._columns.periods
        if Role.DEADLINE in self._columns.roles and not self._columns.periods:
            yield self._columns.roles[Role.DEADLINE]

    def _counted(self, index: int) -> bool:
        stt = self._columns.roles.get(Role.STT)
        return stt is not None and _numbered(self._table.rows[index].cells[stt].text)


def _numbered(words: str) -> bool:
    return read_number(words) is not None
