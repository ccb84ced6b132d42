"""The wording of a deadline and its typed reading."""

from tasks_catalog.deadline.canonical import canonical
from tasks_catalog.deadline.doubt import doubt_of
from tasks_catalog.deadline.jsonform import DeadlineNotRestored, as_json, from_json
from tasks_catalog.deadline.model import DateRange, Deadline, Kind
from tasks_catalog.deadline.reading import read_deadline

__all__ = [
    "DateRange",
    "Deadline",
    "DeadlineNotRestored",
    "Kind",
    "as_json",
    "canonical",
    "doubt_of",
    "from_json",
    "read_deadline",
]
