"""What a summary says: its numbers, lists and notes as values, and their frozen form."""

from tasks_catalog.digest.compose import notes_of, summary_of
from tasks_catalog.digest.frozen import as_json, summary_from_json
from tasks_catalog.digest.model import (
    Changes,
    DecidedTask,
    Move,
    MoveKind,
    Note,
    OverdueTask,
    Summary,
    SummaryHead,
    TargetLine,
    UnitFigure,
    plan_name_of,
)

__all__ = [
    "Changes",
    "DecidedTask",
    "Move",
    "MoveKind",
    "Note",
    "OverdueTask",
    "Summary",
    "SummaryHead",
    "TargetLine",
    "UnitFigure",
    "as_json",
    "notes_of",
    "plan_name_of",
    "summary_from_json",
    "summary_of",
]
