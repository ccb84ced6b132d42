"""The rows of a list: of this moment from the counted standings, of a past day from the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from board.list_asked import Asked, query_of
from board.view import View
from storage.counted import known_count
from storage.counting import CHUNK, RANKS
from storage.facts import gather_across
from storage.listing import Hit, HowMany, Page, Query, Sort, how_many, narrowed, page_of
from storage.schema import PlanRow
from tasks_catalog.collation import collation_key
from tasks_catalog.counting import Figures, earliest_due
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role
from tasks_catalog.problem import Refused
from tasks_catalog.progress import StandingTask
from tasks_catalog.searching import Search, folded
from tasks_catalog.standing import Standing, StandingKind, is_in, share_standing

A_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A task, or one unit's share of it, with how it stands."""

    plan: PlanRow
    task: TaskFacts
    kind: StandingKind
    standing: Standing | None
    """Why the task stands so; None for a share, which has words of its own."""
    due: date | None
    share: Share | None = None


@dataclass(frozen=True, kw_only=True)
class Entries:
    """A page of entries, how many there are in all, and where the pages around it begin."""

    entries: tuple[Entry, ...]
    number: HowMany
    after: str | None
    before: str | None


def counted_entries(
    asked: Asked, plan: PlanRow | None, figures: Figures | None, view: View, *, most: int = A_PAGE
) -> Entries:
    """Return a page by the counted standings; ``figures`` are the plan's."""
    query = query_of(asked, plan, view)
    return counted_page(query, plan, figures, view, after=asked.after, before=asked.before, most=most)


def counted_page(
    query: Query,
    plan: PlanRow | None,
    figures: Figures | None,
    view: View,
    *,
    after: str | None = None,
    before: str | None = None,
    most: int = A_PAGE,
) -> Entries:
    """Return the page of a query that begins behind ``after``, or ends ahead of ``before``."""
    known = None
    if figures is not None:
        known = known_count(figures, unit=query.unit, section=query.section, standing=query.standing)
    narrow = narrowed(view.session, query, known)
    page = page_of(view.session, query, after=after, before=before, most=most, narrow=narrow)
    return Entries(
        entries=tuple(_entries(page, plan, query, view)),
        number=how_many(view.session, query, narrow),
        after=page.after,
        before=page.before,
    )


def every_counted(asked: Asked, plan: PlanRow, figures: Figures, view: View, most: int) -> Iterator[Entry]:
    """Yield up to ``most`` entries, page after page."""
    query = query_of(asked.with_(), plan, view)
    unit, section = asked.unit, asked.section_name
    known = known_count(figures, unit=unit, section=section, standing=asked.standing)
    narrow = narrowed(view.session, query, known)
    after: str | None = None
    while most > 0:
        page = page_of(view.session, query, after=after, most=min(CHUNK, most), narrow=narrow)
        yield from _entries(page, plan, query, view)
        most -= len(page.hits)
        after = page.after
        if after is None:
            return


def _entries(page: Page, plan: PlanRow | None, query: Query, view: View) -> Iterator[Entry]:
    plans = {plan.id: plan} if plan is not None else _plans({hit.plan_id for hit in page.hits}, view)
    numbers = {each.id: each.number for each in plans.values()}
    facts = gather_across(view.session, numbers, [hit.task_id for hit in page.hits]).facts
    for hit in page.hits:
        yield _entry(hit, plans[hit.plan_id], facts[hit.task_id], query)


def _plans(ids: set[int], view: View) -> dict[int, PlanRow]:
    return {plan.id: plan for plan in view.session.scalars(select(PlanRow).where(PlanRow.id.in_(ids)))}


def _entry(hit: Hit, plan: PlanRow, task: TaskFacts, query: Query) -> Entry:
    share = None
    if query.of_shares:
        mine = (s for s in task.current_shares if s.key.unit == query.unit)
        share = next((s for s in mine if s.key.occurrence == hit.occurrence), None)
    standing = None if share else Standing(kind=hit.kind, why=hit.why, params=hit.params, since=hit.since)
    return Entry(plan=plan, task=task, kind=hit.kind, standing=standing, due=hit.due, share=share)


def past_entries(asked: Asked, plan: PlanRow, view: View, *, most: int = A_PAGE) -> Entries:
    """Return a page by the journal; its place is the number of rows ahead of it."""
    every = past(asked, plan, view)
    start = _number(asked.after) if asked.after else 0
    if asked.before:
        start = max(_number(asked.before) - most, 0)
    end = start + most
    return Entries(
        entries=tuple(every[start:end]),
        number=HowMany(number=len(every)),
        after=str(end) if end < len(every) else None,
        before=str(start) if start else None,
    )


def _number(place: str) -> int:
    if not (place.isascii() and place.isdigit() and len(place) < 10):
        raise Refused("list_place_unreadable", place=place)
    return int(place)


def past(asked: Asked, plan: PlanRow, view: View) -> list[Entry]:
    """Return every entry of the list as at the close of the day looked at, sorted."""
    return past_of(query_of(asked, plan, view), plan, view)


def past_of(query: Query, plan: PlanRow, view: View) -> list[Entry]:
    """Return every entry of a query, tallied from the journal and sorted."""
    judged = view.tally(plan).tasks
    made = _shares(plan, judged, query, view) if query.of_shares else _tasks(plan, judged, query)
    found = [entry for entry in made if _is_asked(entry, query, view)]
    return sorted(found, key=lambda entry: _key(entry, query.sort, view), reverse=query.descending)


def _tasks(plan: PlanRow, judged: Iterable[StandingTask], query: Query) -> Iterator[Entry]:
    for each in judged:
        owed = [s.due for s in each.task.current_shares if s.role is Role.OWNER]
        if query.due is None or any(_is_within(due, query) for due in owed):
            yield Entry(
                plan=plan,
                task=each.task,
                kind=each.standing.kind,
                standing=each.standing,
                due=earliest_due(each.task),
            )


def _shares(plan: PlanRow, judged: Iterable[StandingTask], query: Query, view: View) -> Iterator[Entry]:
    for each in judged:
        for share in each.task.current_shares:
            mine = share.role is Role.OWNER and share.key.unit == query.unit
            if mine and (query.due is None or _is_within(share.due, query)):
                kind = share_standing(share, each.task, view.close)
                yield Entry(plan=plan, task=each.task, kind=kind, standing=None, due=share.due, share=share)


def _is_within(due: date, query: Query) -> bool:
    since, until = query.due or (None, date.max)
    return due <= until and (since is None or due > since)


def _is_asked(entry: Entry, query: Query, view: View) -> bool:
    if not is_in(entry.kind, query.standing) or query.section not in (None, entry.task.section):
        return False
    return query.search is None or _has(entry.task, query.search, view)


def _has(task: TaskFacts, search: Search, view: View) -> bool:
    owners = (view.unit(owner.code) for owner in task.owners)
    return search.is_in(folded((task.text, task.product, task.deadline.text, *owners)))


def _key(entry: Entry, sort: Sort, view: View) -> tuple[Any, ...]:
    row = entry.task.row
    occurrence = entry.share.key.occurrence if entry.share else ""
    match sort:
        case Sort.DUE:
            return entry.due or date.max, row, occurrence
        case Sort.STANDING:
            return RANKS[entry.kind], row, occurrence
        case Sort.TEXT:
            return collation_key(entry.task.text), row, occurrence
        case Sort.UNIT if entry.share is None:
            owners = [owner.code for owner in entry.task.owners if owner.role is Role.OWNER]
            return collation_key(view.unit(owners[0])) if owners else "", row, occurrence
        case _:
            return row, occurrence
