"""Pages of tasks, or of one unit's shares: filtered, sorted and cut in the database, never read whole.

A page begins behind the last row of the one before (its keys, not its number), so that the thousandth
costs what the first does. Of a filter that leaves few rows those are looked up and sorted; of one that
leaves many the rows are walked in their order, by an index, until the page is full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from storage.counted_rows import ShareStanding, TaskStanding, TaskWords
from storage.counting import NEVER, RANKS
from storage.searching import has_words, hits
from tasks_catalog.problem import Refused
from tasks_catalog.searching import Search, search_of
from tasks_catalog.standing import DONE, StandingKind

MANY = 10_000
"""Rows that are looked up and sorted at once, and to which hits are counted."""


class Sort(StrEnum):
    """What a list may be sorted by; the plan's own order comes first and decides between equals."""

    ROW = "row"
    DUE = "due"
    STANDING = "standing"
    UNIT = "unit"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True)
class Query:
    """What a list is asked for; None asks for everything. With a unit it lists shares, else tasks."""

    plan_id: int | None = None
    organisation_id: int
    unit: str | None = None
    section: str | None = None
    standing: str | None = None
    due: tuple[date | None, date] | None = None
    """Something owed, of that unit if one is named, after the first day and by the second."""
    text: str = ""
    sort: Sort = Sort.ROW
    descending: bool = False

    @property
    def of_shares(self) -> bool:
        return self.unit is not None

    @property
    def search(self) -> Search | None:
        return search_of(self.text)


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One row of a list: a task, and the share it is about where shares are listed."""

    task_id: int
    plan_id: int
    row: int
    kind: StandingKind
    why: str
    params: dict[str, str]
    due: date | None
    """Of a task the earliest date it owes something by, of a share its own."""
    since: date | None = None
    occurrence: str | None = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a list. ``before`` and ``after`` begin the pages around it, None where there is none."""

    hits: tuple[Hit, ...]
    after: str | None
    before: str | None


@dataclass(frozen=True, kw_only=True)
class HowMany:
    """How many rows a list has; counted no further than ``MANY``."""

    number: int
    exact: bool = True


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """What is known of a list before a row of it is read: how its rows are best come by, and how many."""

    few: bool = False
    """So few rows can be left that they are better looked up and sorted than walked to in order."""
    number: int | None = None
    """How many rows it has, up to one more than ``MANY`` where only its text says so."""


def narrowed(session: Session, query: Query, known: int | None = None) -> Narrowed:
    """Look ahead; ``known`` is what the plan's sums say of the filter without its text and dates."""
    search = query.search
    if search is None and query.due is None:
        return Narrowed(few=known is not None and known <= MANY, number=known)
    if known is not None and known <= MANY:
        return Narrowed(few=True)
    if search is None:
        return Narrowed(few=query.of_shares)
    found = _counted(session, hits(session, search, query.plan_id))
    alone = (query.unit, query.section, query.standing, query.due) == (None,) * 4
    return Narrowed(few=found <= MANY, number=found if alone and not search.has_phrases else None)


def how_many(session: Session, query: Query, narrow: Narrowed) -> HowMany:
    """Return the number of rows: exact where the sums know it, else counted up to ``MANY``."""
    if narrow.number is not None:
        exact = query.search is None or narrow.number <= MANY
        return HowMany(number=narrow.number if exact else MANY, exact=exact)
    common = query.search is not None and not narrow.few  # of very many hits only the first are looked at
    found = _counted(session, _rows(session, query, few=True, most=2 * MANY if common else None))
    return HowMany(number=min(found, MANY), exact=found <= MANY and not common)


def page_of(
    session: Session,
    query: Query,
    *,
    after: str | None = None,
    before: str | None = None,
    most: int = 100,
    narrow: Narrowed = Narrowed(),
) -> Page:
    """Return the page that begins behind ``after``, or ends ahead of ``before``; else the first.

    Raises Refused (list_place_unreadable) for a place that is none.
    """
    back = before is not None
    keys = _keys(query)
    rows = _rows(session, query, narrow.few)
    place = before if back else after
    downwards = query.descending != back
    if place is not None:
        at = tuple_(*(literal(value) for value in _place(place, query)))
        rows = rows.where(tuple_(*keys) < at if downwards else tuple_(*keys) > at)
    rows = rows.order_by(*(key.desc() if downwards else key.asc() for key in keys)).limit(most + 1)
    found = session.execute(rows).all()
    more, found = len(found) > most, found[:most]
    if back:
        found = found[::-1]
    first, last = (found[0], found[-1]) if found else (None, None)
    has_before = more if back else place is not None
    has_after = True if back else more
    return Page(
        hits=tuple(_hit(row, query) for row in found),
        before=_written(first) if first is not None and has_before else None,
        after=_written(last) if last is not None and has_after else None,
    )


def _counted(session: Session, rows: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(rows.limit(MANY + 1).subquery())) or 0


def _keys(query: Query) -> list[ColumnElement[Any]]:
    """Return what rows are sorted by; together no two rows share them."""
    task, share = TaskStanding, ShareStanding
    if query.of_shares:
        first: dict[Sort, ColumnElement[Any]] = {
            Sort.DUE: share.due.expression,
            Sort.STANDING: share.rank.expression,
            Sort.TEXT: task.text_key.expression,
        }
        rest = [share.row.expression, share.id.expression]
    else:
        first = {
            Sort.DUE: task.due.expression,
            Sort.STANDING: task.rank.expression,
            Sort.TEXT: task.text_key.expression,
            Sort.UNIT: task.unit_key.expression,
        }
        rest = [task.row.expression]
    ahead = [first[query.sort]] if query.sort in first else []
    plan = [] if query.plan_id is not None else [task.plan_id.expression]
    return [*ahead, *plan, *rest]


def _rows(session: Session, query: Query, few: bool, most: int | None = None) -> Select[Any]:
    """Return the query for all rows; its filters use an index where they leave few.

    With ``most`` only so many hits of the text are looked at.
    """
    task, share, words = TaskStanding, ShareStanding, TaskWords
    keys = [key.label(f"key{n}") for n, key in enumerate(_keys(query))]
    found = select(task.task_id, task.plan_id, task.row, task.why, task.params, task.since, *keys)
    if query.of_shares:
        found = found.add_columns(share.kind, share.due, share.occurrence)
        found = found.join(share, share.task_id == task.task_id).where(share.unit == query.unit)
        if query.plan_id is not None:
            found = found.where(share.plan_id == query.plan_id)
        else:
            found = found.where(task.organisation_id == query.organisation_id)
    else:
        found = found.add_columns(task.kind, task.due)
        if query.plan_id is not None:
            found = found.where(task.plan_id == query.plan_id)
        else:
            found = found.where(task.organisation_id == query.organisation_id)
    filters = _filters(query, few)
    search = query.search
    if search is not None:
        found = found.join(words, words.task_id == task.task_id).where(has_words(search))
        if few:
            found_by_text = hits(session, search, query.plan_id)
            filters.append(task.task_id.in_(found_by_text.limit(most) if most else found_by_text))
    return found.where(and_(*filters)) if filters else found


def _filters(query: Query, few: bool) -> list[ColumnElement[bool]]:
    task, share = TaskStanding, ShareStanding
    found: list[ColumnElement[bool]] = []
    if query.section is not None:
        # "|| ''" and "+ 0" keep the planner from an index of the filter where the order's is wanted
        section = task.section.expression if few else task.section.concat("")
        found.append(section == query.section)
    if query.standing is not None:
        rank = share.rank if query.of_shares else task.rank
        found.append((rank.expression if few else rank + 0).in_(_ranks(query.standing)))
    if query.due is not None:
        since, until = query.due
        within = and_(share.due <= until, share.due > since) if since else share.due <= until
        if query.of_shares:
            found.append(within)
        else:
            owes = select(share.id).where(share.task_id == task.task_id, within)
            found.append(owes.correlate(task).exists())
    return found


def _ranks(standing: str) -> Sequence[int]:
    if standing == DONE:
        return [RANKS[kind] for kind in StandingKind if kind.is_done]
    return [RANKS[standing]]


def _hit(row: Any, query: Query) -> Hit:
    return Hit(
        task_id=row.task_id,
        plan_id=row.plan_id,
        row=row.row,
        kind=StandingKind(row.kind),
        why=row.why,
        params=row.params,
        due=None if row.due == NEVER else row.due,
        since=row.since,
        occurrence=row.occurrence if query.of_shares else None,
    )


_PARTS = "\u001f"


def _written(row: Any) -> str:
    """Return a row's keys as a place in the list, for the address of a page."""
    keys: list[Any] = []
    while hasattr(row, f"key{len(keys)}"):
        keys.append(getattr(row, f"key{len(keys)}"))
    return _PARTS.join(key.isoformat() if isinstance(key, date) else str(key) for key in keys)


def _place(place: str, query: Query) -> list[Any]:
    keys = _keys(query)
    parts = place.split(_PARTS)
    try:
        if len(parts) != len(keys):
            raise ValueError
        return [_value(part, key.type.python_type) for part, key in zip(parts, keys, strict=True)]
    except ValueError:
        raise Refused("list_place_unreadable", place=place) from None


def _value(part: str, kind: type) -> Any:
    if kind is date:
        return date.fromisoformat(part)
    if kind is int and abs(int(part)) >= 2**63:
        raise ValueError
    return kind(part)
