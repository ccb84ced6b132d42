"""What each row of a task table is: a heading of the table, a section, a task, more of a task, or a doubt.

The class follows from the row's shape (which cells are printed, merged, empty) and from the numbers
around it, never from the words of one plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from tasks_catalog.documents.asides import Asides
from tasks_catalog.documents.grid import Cell, Table
from tasks_catalog.documents.heading_words import Role
from tasks_catalog.documents.headings import Columns
from tasks_catalog.documents.outline import Number, Style, read_number, split_heading
from tasks_catalog.documents.page_breaks import is_header

_SECTION_STYLES = (Style.ROMAN, Style.UPPER)
_BULLET = re.compile(r"^[-–+•*]")
_LETTERED = re.compile(r"^[a-zđ]\s*[).]\s")
_LONGEST_NUMBER = 12


class Kind(StrEnum):
    """The class of a row."""

    BLANK = "blank"
    HEADER = "header"
    HEADING = "heading"
    TASK = "task"
    CONTINUATION = "continuation"
    PROBLEM = "problem"


@dataclass(frozen=True, kw_only=True)
class RowClass:
    """One row's class; ``number`` and ``title`` for a section's heading, ``guessed`` where it is a guess."""

    kind: Kind
    number: str = ""
    title: str = ""
    guessed: bool = False


def classify(table: Table, columns: Columns) -> tuple[RowClass, ...]:
    """Return the class of every row of the table, in order."""
    reader = _Rows(table, columns)
    classes = [reader.class_of(index) for index in range(len(table.rows))]
    return tuple(_without_closing_notes(classes))


def _without_closing_notes(classes: list[RowClass]) -> list[RowClass]:
    """Read an unnumbered heading with no task under it to the table's end as a note, not as a section."""
    for index in range(len(classes) - 1, -1, -1):
        row = classes[index]
        if row.kind is Kind.TASK or (row.kind is Kind.HEADING and row.number):
            break
        if row.kind is Kind.HEADING:
            classes[index] = RowClass(kind=Kind.PROBLEM, title=row.title)
    return classes


class _Rows:
    def __init__(self, table: Table, columns: Columns) -> None:
        self.table = table
        self.columns = columns
        self.task = columns.roles[Role.TASK]
        self.deadlines = columns.periods or tuple(
            columns.roles[role] for role in (Role.DEADLINE,) if role in columns.roles
        )
        self.asides = Asides(table, columns)
        self.seen_task = False

    def class_of(self, index: int) -> RowClass:
        found = self._class_of(index)
        self.seen_task = self.seen_task or found.kind is Kind.TASK
        if found.kind is Kind.HEADING:
            self.seen_task = False
        return found

    def _class_of(self, index: int) -> RowClass:
        row = self.table.rows[index]
        if row.blank:
            return RowClass(kind=Kind.BLANK)
        if index < self.columns.body or is_header(row, self.table, self.columns):
            return RowClass(kind=Kind.HEADER)
        if row.continues:
            return RowClass(kind=Kind.CONTINUATION)
        if self.asides.holds(index):
            return self._not_read(index)
        return self._merged_heading(index) or self._plain_heading(index) or self._task_or_rest(index)

    def _own(self, index: int) -> list[tuple[Cell, int, int]]:
        cells = self.table.rows[index].distinct
        return [(cell, first, last) for cell, first, last in cells if not self.table.is_above(index, first)]

    def _merged_heading(self, index: int) -> RowClass | None:
        """Read a row that is one wide cell, with at most a number before it."""
        own = self._own(index)
        if not own or len(own) > 2 or len(own) < len(self.table.rows[index].distinct):
            return None
        cell, first, last = own[-1]
        number = own[0][0].text if len(own) == 2 else ""
        if not self._wide(first, last) or len(number) > _LONGEST_NUMBER:
            return None
        if len(own) == 2:
            return RowClass(kind=Kind.HEADING, number=number, title=cell.text)
        number, title = split_heading(cell.text)
        return RowClass(kind=Kind.HEADING, number=number, title=title)

    def _wide(self, first: int, last: int) -> bool:
        held = sum(first <= column <= last for column in self.columns.roles.values())
        return last > first and held >= 2 and (last - first + 1) * 2 >= self.table.width

    def _plain_heading(self, index: int) -> RowClass | None:
        """Read a row without merged cells that has a title and nothing else, such as exports have."""
        own = self._own(index)
        stt = self.columns.roles.get(Role.STT)
        number = self.table.rows[index].cells[stt].text if stt is not None else ""
        titles = [(cell, first) for cell, first, _ in own if first != stt]
        if len(own) < len(self.table.rows[index].distinct):
            return None
        if not titles and number and len(number) > _LONGEST_NUMBER:  # "I. Cải cách" in the STT column itself
            inside, title = split_heading(number)
            return RowClass(kind=Kind.HEADING, number=inside, title=title, guessed=not inside)
        if _sure_section(number):  # what stands beside its title in a column of remarks is no task's
            titles = [found for found in titles if found[1] in self.columns.roles.values()]
        if len(titles) != 1 or titles[0][1] > self.task:
            return None
        return self._titled(index, number, titles[0][0].text, titles[0][1])

    def _titled(self, index: int, number: str, words: str, column: int) -> RowClass | None:
        inside, title = ("", words) if number else split_heading(words)
        read = read_number(number or inside)
        heading = RowClass(kind=Kind.HEADING, number=number or inside, title=title)
        if column < self.task and column in self.columns.roles.values():
            return heading
        if _sure_section(number or inside) or words.isupper():
            return heading
        following = self._next_number(index)
        if read is not None and number:
            inner = _goes_inside(following, read) or self._parted_below(index)
            return heading if inner or self._stands_apart(index, read, following) else None
        if not number and self.seen_task and (_BULLET.match(words) or words[:1].islower()):
            return None
        if following is not None and _is_first(following):
            return RowClass(kind=Kind.HEADING, number=inside, title=title, guessed=True)
        return None

    def _stands_apart(self, index: int, read: Number, following: Number | None) -> bool:
        """The tasks count on, 45 and 46, over a title between them that is numbered on its own: "1"."""
        above = self._number_above(index)
        if above is None or following is None or not read.places or self._owned(index):
            return False
        counts_on = above.level_key == following.level_key == read.level_key
        return counts_on and following.value == above.value + 1 and read.value < above.value

    def _number_above(self, index: int) -> Number | None:
        """Return the number of the last task above, whatever headings stand between."""
        stt = self.columns.roles.get(Role.STT)
        for above in range(index - 1, self.columns.body - 1, -1) if stt is not None else ():
            wide = any(self._wide(first, last) for _, first, last in self.table.rows[above].distinct)
            if not wide and self._dated(above) and self._number(above):
                return read_number(self._number(above))
        return None

    def _next_number(self, index: int) -> Number | None:
        stt = self.columns.roles.get(Role.STT)
        for row in self.table.rows[index + 1 :] if stt is not None else ():
            if not row.blank and not is_header(row, self.table, self.columns):
                return read_number(row.cells[stt or 0].text)
        return None

    def _parted_below(self, index: int) -> bool:
        """The next row has no number of its own, a dash or "a)" before its words, and its own deadline."""
        for below in range(index + 1, len(self.table.rows)):
            row = self.table.rows[below]
            if row.blank or is_header(row, self.table, self.columns):
                continue
            words = row.cells[self.task].text
            dashed = bool(_BULLET.match(words) or _LETTERED.match(words))
            stt = self.columns.roles[Role.STT]
            apart = not row.cells[stt].text and not self.table.is_above(below, self.task)
            return dashed and apart and self._dated(below)
        return False

    def _task_or_rest(self, index: int) -> RowClass:
        if self._is_task(index):
            return RowClass(kind=Kind.TASK)
        if self.seen_task and not self._number(index) and not self._after_gap(index):
            return RowClass(kind=Kind.CONTINUATION, guessed=True)
        return self._not_read(index)

    def _not_read(self, index: int) -> RowClass:
        words = " | ".join(cell.text for cell, _, _ in self.table.rows[index].distinct)
        return RowClass(kind=Kind.PROBLEM, title=words)

    def _after_gap(self, index: int) -> bool:
        """Blank rows of a sheet above the row: what has neither number nor deadline there is a remark."""
        rows = self.table.rows
        return self.table.sheet is not None and index > 0 and rows[index].number > rows[index - 1].number + 1

    def _dated(self, index: int) -> bool:
        cells = self.table.rows[index].cells
        return any(cells[c].text and not self.table.is_above(index, c) for c in self.deadlines)

    def _number(self, index: int) -> str:
        stt = self.columns.roles.get(Role.STT)
        if stt is None or self.table.is_above(index, stt):
            return ""
        return self.table.rows[index].cells[stt].text

    def _is_task(self, index: int) -> bool:
        cells = self.table.rows[index].cells
        dated = self._dated(index)
        if not cells[self.task].text:
            return False
        if self.table.is_above(index, self.task):
            return dated  # one task, merged over rows that each have a deadline: each is owed
        return self._number(index) != "" or dated or self._owned(index) or not self._goes_on(index)

    def _owned(self, index: int) -> bool:
        """The row names an owner, or shares a merged owner, number or deadline with the row above."""
        cells = self.table.rows[index].cells
        shared = (Role.STT, Role.DEADLINE, Role.LEAD)
        merged = any(
            self.table.is_above(index, self.columns.roles[role]) and cells[self.columns.roles[role]].text
            for role in shared
            if role in self.columns.roles
        )
        lead = self.columns.roles.get(Role.LEAD)
        return merged or (lead is not None and bool(cells[lead].text))

    def _goes_on(self, index: int) -> bool:
        """A row without number, owner and deadline: more of the task above, unless it begins afresh."""
        words = self.table.rows[index].cells[self.task].text
        product = self.columns.roles.get(Role.PRODUCT)
        has_product = product is not None and bool(self.table.rows[index].cells[product].text)
        return self.seen_task and (not has_product or words[:1].islower() or bool(_BULLET.match(words)))


def _sure_section(number: str) -> bool:
    read = read_number(number)
    return read is not None and read.style in _SECTION_STYLES


def _is_first(number: Number) -> bool:
    return number.value == 1


def _goes_inside(following: Number | None, heading: Number) -> bool:
    """The row after "2" is numbered "2.1", "2" (its only task), "1" or "a": "2" is a heading."""
    if following is None:
        return False
    if following.places[: len(heading.places)] == heading.places and heading.places:
        return True
    return following.value == 1 and (following.style is not heading.style or heading.value > 1)
