"""What a list is asked for by its address: filters, order, place; and the links that change one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from urllib.parse import urlencode

from board.standings import NO_SECTION, STANDINGS
from board.view import View
from storage.listing import Query, Sort
from storage.schema import PlanRow
from storage.tasks import settings_of
from tasks_catalog.collation import collation_key
from tasks_catalog.counting import Figures
from tasks_catalog.period import Period, period_by_key, periods_of
from tasks_catalog.problem import Refused

_FILTERS = ("text", "unit", "section", "standing", "period")
_PLACE = ("after", "before")
LONGEST = 200
"""Characters of a typed text that are looked at."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The parameters of a list's address; None, and an empty text or unit, ask for everything."""

    text: str = ""
    unit: str | None = None
    section: str | None = None
    standing: str | None = None
    period: str | None = None
    sort: str = "row"
    dir: str = "asc"
    after: str | None = None
    before: str | None = None

    def __post_init__(self) -> None:
        if self.standing is not None and self.standing not in STANDINGS:
            raise Refused("board_standing_unknown", standing=self.standing, known=", ".join(STANDINGS))
        if self.sort not in set(Sort):
            raise Refused("list_sort_unknown", sort=self.sort, known=", ".join(Sort))

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Asked:
        """Read an address's parameters; a form sends what was left open as "", a link leaves it out.

        The section "" is asked for as "-", for tasks that stand under none.
        """
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in parameters.items() if name in known and value}
        if "section" not in given and "section" in parameters and "text" not in parameters:
            given["section"] = NO_SECTION
        given["text"] = given.get("text", "").strip()[:LONGEST]
        return cls(**given)

    @property
    def descending(self) -> bool:
        return self.dir == "desc"

    @property
    def section_name(self) -> str | None:
        return "" if self.section == NO_SECTION else self.section

    def with_(self, **changes: str | None) -> Asked:
        """Return the same list asked for otherwise, from its first page on."""
        return replace(self, **{"after": None, "before": None, **changes})  # type: ignore[arg-type]

    def parameters(self) -> dict[str, str]:
        """Return what its address says; what is as by default is left out."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        plain = {field.name: field.default for field in fields(self)}
        return {name: value for name, value in given.items() if value is not None and value != plain[name]}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a filter."""

    value: str
    word: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter in force, and the list without it."""

    word: str
    href: str
    without: str


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A column's heading; with a link it sorts by the column, the other way round when it does already."""

    word: str
    href: str = ""
    order: str = ""
    """"ascending" or "descending" (``aria-sort``), where the list is sorted by it."""
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Form:
    """The filters as a form: what can be chosen, and what the form keeps as it is."""

    action: str
    text: str
    units: tuple[Option, ...]
    sections: tuple[Option, ...]
    standings: tuple[Option, ...]
    periods: tuple[Option, ...]
    kept: tuple[tuple[str, str], ...]


def href(path: str, asked: Asked, view: View) -> str:
    """Return the address of a list so asked for, on the day looked at."""
    given = asked.parameters()
    if view.as_of:
        given["as_of"] = view.as_of.isoformat()
    return f"{path}?{urlencode(given)}" if given else path


def query_of(asked: Asked, plan: PlanRow | None, view: View) -> Query:
    """Return what the database is asked. Raises Refused (period_unknown)."""
    due = None
    if asked.period is not None and plan is not None:
        period = period_by_key(settings_of(plan).regime, asked.period)
        due = (period.start - timedelta(days=1), period.cut_off)
    return Query(
        plan_id=plan.id if plan is not None else None,
        organisation_id=view.organisation_id,
        unit=asked.unit,
        section=asked.section_name,
        standing=asked.standing,
        due=due,
        text=asked.text,
        sort=Sort(asked.sort),
        descending=asked.descending,
    )


def form_of(path: str, asked: Asked, plan: PlanRow | None, figures: Figures | None, view: View) -> Form:
    """Return the form; an office's own list is filtered by words and standing only."""
    kept = [("sort", asked.sort), ("dir", asked.dir)] if asked.sort != "row" or asked.descending else []
    if view.as_of:
        kept.append(("as_of", view.as_of.isoformat()))
    return Form(
        action=path,
        text=asked.text,
        units=_units(asked, figures, view) if figures else (),
        sections=_sections(asked, figures, view) if figures else (),
        standings=tuple(
            Option(value=each, word=view.say(f"board_standing_{each}"), chosen=each == asked.standing)
            for each in STANDINGS
        ),
        periods=_periods(asked, plan, view) if plan is not None else (),
        kept=tuple(kept),
    )


def _units(asked: Asked, figures: Figures, view: View) -> tuple[Option, ...]:
    codes = dict.fromkeys([line.key for line in figures.by_unit] + ([asked.unit] if asked.unit else []))
    named = sorted(((view.unit(code), code) for code in codes), key=lambda pair: collation_key(pair[0]))
    return tuple(Option(value=code, word=name, chosen=code == asked.unit) for name, code in named)


def _sections(asked: Asked, figures: Figures, view: View) -> tuple[Option, ...]:
    names = dict.fromkeys(line.key for line in figures.by_section)
    if asked.section_name is not None:
        names.setdefault(asked.section_name)
    return tuple(
        Option(
            value=name or NO_SECTION,
            word=name or view.say("board_no_section"),
            chosen=name == asked.section_name,
        )
        for name in names
    )


def _periods(asked: Asked, plan: PlanRow, view: View) -> tuple[Option, ...]:
    settings = settings_of(plan)
    return tuple(
        Option(value=period.key, word=_period(period, view), chosen=period.key == asked.period)
        for period in periods_of(settings.regime, settings.year)
    )


def _period(period: Period, view: View) -> str:
    return view.say(period.name_code, year=period.year)


def chips_of(path: str, asked: Asked, plan: PlanRow | None, view: View) -> tuple[Chip, ...]:
    """Return the filters in force, each with the list without it."""
    words: dict[str, str] = {}
    if asked.text:
        words["text"] = f"“{asked.text}”"
    if asked.unit:
        words["unit"] = view.unit(asked.unit)
    if asked.section is not None:
        words["section"] = asked.section_name or view.say("board_no_section")
    if asked.standing:
        words["standing"] = view.say(f"board_standing_{asked.standing}")
    if asked.period and plan is not None:
        words["period"] = _period(period_by_key(settings_of(plan).regime, asked.period), view)
    return tuple(
        Chip(
            word=word,
            href=href(path, _without(asked, name), view),
            without=view.say("board_list_without", filter=word),
        )
        for name, word in words.items()
    )


def _without(asked: Asked, name: str) -> Asked:
    return asked.with_(**{name: "" if name == "text" else None})


def headings_of(path: str, asked: Asked, view: View, *, of_plans: bool) -> tuple[Heading, ...]:
    """Return the columns' headings; over all plans the order is the plans' own."""
    columns = (
        ("board_list_plan" if of_plans else "board_row", Sort.ROW),
        ("board_column_task", Sort.TEXT),
        ("board_owes", Sort.UNIT),
        ("board_column_deadline", Sort.DUE),
        ("board_standing", Sort.STANDING),
    )
    found = []
    for code, sort in columns:
        word = view.say(code)
        if of_plans or (sort is Sort.UNIT and asked.unit):
            found.append(Heading(word=word))
            continue
        mine = asked.sort == sort
        turned = asked.with_(sort=str(sort), dir="desc" if mine and not asked.descending else "asc")
        order = ("descending" if asked.descending else "ascending") if mine else ""
        says = view.say("board_list_sort_by", column=word)
        found.append(Heading(word=word, href=href(path, turned, view), order=order, says=says))
    return tuple(found)
