"""Plan and Task: what a plan's document says, row by row, as read and before anything is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tasks_catalog.deadline import Deadline
from tasks_catalog.problem import Place, Problem


@dataclass(frozen=True, kw_only=True)
class PlanHead:
    """What the document's head says of the plan; a field is None where it does not stand there."""

    number: str | None = None
    issued: date | None = None
    issuer: str | None = None
    title: str | None = None
    year: int | None = None


@dataclass(frozen=True, kw_only=True)
class UnitsWritten:
    """A cell that names units: its words as printed, and the names found in them, in order."""

    text: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Task:
    """One row of the appendix: the tracked job.

    ``row`` counts the tasks of the plan from 1 and, with the plan's number, is the identity
    (``task_id``); ``stt`` is what the document printed, which may repeat and is no key.
    """

    row: int
    stt: str = ""
    section: str = ""
    group: str = ""
    objective: str = ""
    text: str
    product: str = ""
    lead: UnitsWritten = UnitsWritten()
    cooperating: UnitsWritten = UnitsWritten()
    deadline: Deadline
    extra: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    """Printed headings of the columns the ``lead`` and ``cooperating`` words stand in, by field."""
    problems: tuple[Problem, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, kw_only=True)
class RowCount:
    """How every row of the document's tables was accounted for; the six parts sum to ``total``.

    ``problems`` counts rows that could be read as none of the other five.
    """

    total: int = 0
    tasks: int = 0
    sections: int = 0
    groups: int = 0
    headers: int = 0
    continuations: int = 0
    problems: int = 0


@dataclass(frozen=True, kw_only=True)
class PlanRead:
    """A document as read: its head, its tasks, and an account of every row and every doubt."""

    head: PlanHead
    tasks: tuple[Task, ...]
    rows: RowCount
    problems: tuple[Problem, ...] = ()
    source_name: str = ""
    source_sha256: str = ""


class Continuous(StrEnum):
    """How a continuous task whose due occurrences are all done is counted."""

    TO_DATE = "to_date"
    YEAR_END = "year_end"


class NotArisen(StrEnum):
    """Whether tasks that never came due are part of the total."""

    IN_TOTAL = "in_total"
    EXCLUDED = "excluded"


class AnsweredBy(StrEnum):
    """Who answers for a collective owner."""

    EACH_UNIT = "each_unit"
    FOCAL_UNIT = "focal_unit"


class AcceptedBy(StrEnum):
    """Whose word accepts a report: the coordinator's, or a leader's, on whose paper he may act."""

    COORDINATOR = "coordinator"
    LEADER = "leader"


@dataclass(frozen=True, kw_only=True)
class PlanSettings:
    """The choices of one plan; those that bear on the tally are printed under it."""

    year: int
    regime: str = "cchc"
    """Key of the reporting regime whose cut-offs continuous tasks follow (``tasks_catalog.period``)."""
    continuous: Continuous = Continuous.TO_DATE
    not_arisen: NotArisen = NotArisen.IN_TOTAL
    answered_by: AnsweredBy = AnsweredBy.EACH_UNIT
    focal_unit: str | None = None
    """Code of the unit that answers for collective owners, with ``AnsweredBy.FOCAL_UNIT``."""
    accepted_by: AcceptedBy = AcceptedBy.COORDINATOR
    printed_dates_slide: bool = False
    derived_dates_slide: bool = True
    """Bộ luật Dân sự 2015, Điều 148(5): a term that ends on a rest day ends with the next working day."""


def task_id(plan_number: str, row: int) -> str:
    """Return the identity people type and read, such as ``383/KH-SCT/12``."""
    return f"{plan_number}/{row}"
