"""The list behind a number: the tasks, or a unit's shares, that a filter leaves; found, sorted, by pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from board.bulk import Bar, bar_of, pick_of
from board.list_asked import Asked, Chip, Form, Heading, chips_of, form_of, headings_of, href
from board.list_entries import Entries, Entry, counted_entries, past_entries
from board.scope import NavLink, nav_of
from board.view import View
from storage.listing import HowMany
from storage.schema import PlanRow
from tasks_catalog.facts import Share
from tasks_catalog.occurrence import Role
from tasks_catalog.searching import search_of
from tasks_catalog.task import task_id


@dataclass(frozen=True, kw_only=True)
class ListLine:
    """One task, or one unit's share of it; ``key`` names it in a form that acts on chosen lines."""

    key: str
    place: str
    href: str
    text: str
    product: str
    units: str
    deadline: str
    due: str
    kind: str
    standing: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """The lines of one page; all pages have as many as the number that led here."""

    data_as_of: str
    how_far: str
    plan: str
    plan_href: str
    title: str
    counted: str
    lines: tuple[ListLine, ...]
    form: Form
    chips: tuple[Chip, ...]
    clear: str
    headings: tuple[Heading, ...]
    first: str
    before: str
    after: str
    xlsx: str
    csv: str
    nav: tuple[NavLink, ...]
    bar: Bar | None = None
    """What may be done with the shares ticked; None on a list of whole tasks."""


def list_page(plan: PlanRow, asked: Asked, view: View) -> ListPage:
    """Return a page of a plan's list; with a unit chosen its shares can be ticked and acted on."""
    path = f"{view.links.plan(plan.number)}/list"
    counted = view.counted(plan)
    figures = counted or view.figures(plan)
    found = counted_entries(asked, plan, counted, view) if counted else past_entries(asked, plan, view)
    return ListPage(
        data_as_of=view.data_as_of,
        how_far=view.how_far(figures),
        plan=plan.number,
        plan_href=view.plan_link(plan.number),
        title=_title(asked, view),
        counted=number_text(found.number, "shares" if asked.unit else "tasks", view),
        lines=tuple(_line(entry, view) for entry in found.entries),
        form=form_of(path, asked, plan, figures, view),
        chips=chips_of(path, asked, plan, view),
        clear=href(path, Asked(sort=asked.sort, dir=asked.dir), view),
        headings=headings_of(path, asked, view, of_plans=False),
        xlsx=href(f"{path}.xlsx", asked.with_(), view),
        csv=href(f"{path}.csv", asked.with_(), view),
        nav=nav_of(view, plan.number, "list"),
        bar=bar_of(plan, view, back="list") if asked.unit and view.as_of is None else None,
        **_pages(path, asked, found, view),
    )


def search_page(asked: Asked, view: View) -> ListPage:
    """Return a page of what is found in every plan; without words there is nothing to show."""
    path = view.links.search()
    asked = Asked(text=asked.text, standing=asked.standing, after=asked.after, before=asked.before)
    nothing = Entries(entries=(), number=HowMany(number=0), after=None, before=None)
    found = counted_entries(asked, None, None, view) if search_of(asked.text) else nothing
    title = view.say("board_search_title", text=asked.text) if asked.text else view.say("board_search")
    return ListPage(
        data_as_of=view.data_as_of,
        how_far="",
        plan="",
        plan_href="",
        title=title,
        counted=number_text(found.number, "tasks", view),
        lines=tuple(_line(entry, view) for entry in found.entries),
        form=form_of(path, asked, None, None, view),
        chips=chips_of(path, asked, None, view),
        clear=path,
        headings=headings_of(path, asked, view, of_plans=True),
        xlsx="",
        csv="",
        nav=(),
        **_pages(path, asked, found, view),
    )


class _Pages(TypedDict):
    first: str
    before: str
    after: str


def _pages(path: str, asked: Asked, found: Entries, view: View) -> _Pages:
    """Return the links to the pages around this one; "" where there is none."""
    first = href(path, asked.with_(), view) if found.before else ""
    before = href(path, asked.with_(before=found.before), view) if found.before else ""
    after = href(path, asked.with_(after=found.after), view) if found.after else ""
    return {"first": first, "before": before, "after": after}


def number_text(found: HowMany, what: str, view: View) -> str:
    """Return how many there are, or that there are more than were counted."""
    number = view.grouped(found.number) if found.number >= 10_000 else str(found.number)
    if not found.exact:
        number = view.say("board_list_more", number=number)
    return view.say(f"board_list_{what}", number=number)


def _title(asked: Asked, view: View) -> str:
    parts = [
        view.say(f"board_standing_{asked.standing}") if asked.standing else view.say("board_all"),
        view.unit(asked.unit) if asked.unit else "",
        (asked.section_name or view.say("board_no_section")) if asked.section is not None else "",
    ]
    return " · ".join(part for part in parts if part)


def _line(entry: Entry, view: View) -> ListLine:
    task, plan = entry.task, entry.plan
    return ListLine(
        key=pick_of(entry.share) if entry.share else task_id(plan.number, task.row),
        place=str(task.row),
        href=view.links.task(plan.number, task.row),
        text=task.text,
        product=task.product,
        units=units_text(entry, view),
        deadline=task.deadline.text,
        due=view.day(entry.due) if entry.due else "",
        kind=str(entry.kind),
        standing=view.say(f"standing_{entry.kind}"),
        why=why_text(entry, view),
    )


def units_text(entry: Entry, view: View) -> str:
    if entry.share:
        return view.unit(entry.share.key.unit)
    owners: Iterable[str] = (o.code for o in entry.task.owners if o.role is Role.OWNER)
    return "; ".join(view.unit(code) for code in owners)


def why_text(entry: Entry, view: View) -> str:
    """Return in words why it stands so."""
    if entry.standing is None:
        return share_state(entry.share, view) if entry.share else ""
    why = {**entry.standing.params}
    if "unit" in why:
        why["unit"] = view.unit(why["unit"])
    return view.say(f"why_{entry.standing.why}", **why)


def share_state(share: Share, view: View) -> str:
    """Return in words where one share stands: reported, accepted, waiting, asked for time, or due."""
    if share.withdrawn_on:
        return view.say("board_share_withdrawn", on=share.withdrawn_on)
    if share.report:
        code = "board_share_accepted" if share.accepted_on else "board_share_reported"
        return view.say(code, on=share.report.on, due=share.due)
    if share.waiting:
        return view.say("board_share_waiting", since=share.waiting.since)
    if share.request:
        return view.say("board_share_asked", due=share.due, to=share.request.to)
    if share.role is Role.CO_OWNER:
        return view.say("board_share_voluntary", due=share.due)
    if share.lapses <= view.close:
        days = (view.count_day - share.lapses).days
        return view.say("board_share_overdue", due=share.due, days=days)
    return view.say("board_share_open", due=share.due)
