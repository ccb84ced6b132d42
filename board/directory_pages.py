"""The page of one thing of the directory: its form, what it stands in, its latest changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from board import directory_forms as forms
from board.directory_acting import LOOKED_OVER, Tried, digest_of
from board.directory_forms import Wanted
from board.directory_lists import PersonLine, StepLine, person_line, steps_of
from board.directory_moves import held_words
from board.fields import Field, Form
from board.forms import Posted
from board.settings_record import ChangeLine, changes_of, record_link
from board.view import View
from board.viewers import looking
from board.ways import is_open
from storage.absences import ABSENCE, absence_key, absence_values
from storage.directory_values import GROUP, ORGANISATION, PERSON, UNIT, group_values, person_values
from storage.office_record import last_number
from tasks_catalog.absence import Absence
from tasks_catalog.collation import name_order
from tasks_catalog.people import Person
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board

_KEPT = ("ticket", "seen", LOOKED_OVER)


@dataclass(frozen=True)
class Section:
    """A kind of thing with pages of its own under ``/settings/<path>``."""

    path: str
    kind: str
    fields: Callable[[str, Mapping[str, Any], View], Iterable[Field]]
    wanted: Callable[[str, Posted, View], Wanted]
    now: Callable[[str, View], Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A form with what its reader saw."""

    form: Form
    seen: int


@dataclass(frozen=True, kw_only=True)
class AbsenceShown:
    """An absence on its person's page: in words, and how it is changed or called off."""

    words: str
    drawn: Drawn
    off: str


@dataclass(frozen=True, kw_only=True)
class ThingPage:
    """The page; ``code`` "" is a new thing."""

    title: str
    code: str
    list_href: str
    list_title: str
    drawn: Drawn
    facts: Sequence[str] = ()
    people: Sequence[PersonLine] = ()
    person_new: str = ""
    chain: Sequence[StepLine] = ()
    absences: Sequence[AbsenceShown] = ()
    absence_new: Drawn | None = None
    lines: Sequence[ChangeLine] = ()
    record: str = ""
    data: str = ""
    """The page of the person's data; "" where it is not for whoever looks."""
    refused: str = ""
    """A refusal whose form is not on the page."""


def _group_now(code: str, view: View) -> Mapping[str, Any] | None:
    group = view.directory.group(code)
    return group_values(group) if group else None


def _person_now(code: str, view: View) -> Mapping[str, Any] | None:
    person = view.directory.person(code)
    return person_values(person) if person else None


SECTIONS = (
    Section(
        "units",
        UNIT,
        forms.unit_fields,
        forms.unit_wanted,
        lambda code, view: forms.unit_now(code, view.directory),
    ),
    Section("groups", GROUP, forms.group_fields, forms.group_wanted, _group_now),
    Section("people", PERSON, forms.person_fields, forms.person_wanted, _person_now),
)


def thing_page(
    board: Board,
    view: View,
    section: Section,
    code: str,
    *,
    given: Mapping[str, str] | None = None,
    posted: Posted | None = None,
    tried: Tried | None = None,
    absence: str | None = None,
) -> ThingPage:
    """Return the page of a thing, or of a new one (code ""), with what came of a form posted to it.

    ``absence`` names the form where it was one of the person's absences: the first day, "" a new one.
    Raises Refused (setting_thing_unknown).
    """
    values = section.now(code, view) if code else {**forms.blank(section.kind), **(given or {})}
    if values is None:
        raise Refused("setting_thing_unknown", key=code)
    root = f"{board.root}/settings/{section.path}"
    mine = posted if absence is None else None
    title = str(values["name"]) if code else view.say(f"settings_{section.path}_new")
    drawn = _drawn(
        view,
        section.kind,
        code,
        f"{root}/{quote(code, safe='') if code else forms.NEW}",
        section.fields(code, values, view),
        title=title,
        posted=mine,
        tried=tried if absence is None else None,
    )
    page = ThingPage(
        title=title,
        code=code,
        list_href=root,
        list_title=view.say(f"settings_{section.path}"),
        drawn=drawn,
        lines=changes_of(board, view, section.kind, code) if code else (),
        record=record_link(board, section.kind, code) if code else "",
    )
    if not code:
        return page
    if section.kind == UNIT:
        return _unit_page(board, view, code, page)
    person = view.directory.person(code) if section.kind == PERSON else None
    if person is None:
        return page
    if is_open(looking(), Right.PERSONAL_DATA):
        page = replace(page, data=f"{root}/{quote(code, safe='')}/data")
    return _person_page(view, person, page, f"{root}/{quote(code, safe='')}/absences", posted, tried, absence)


def office_page(
    board: Board, view: View, *, posted: Posted | None = None, tried: Tried | None = None
) -> ThingPage:
    """Return the page of the office itself."""
    directory = view.directory
    values = {"name": directory.name, "place": directory.place, "superior": directory.superior}
    code = directory.organisation
    href = f"{board.root}/settings/office"
    fields = forms.organisation_fields(values, view)
    title = view.say("settings_office")
    return ThingPage(
        title=title,
        code=code,
        list_href="",
        list_title="",
        drawn=_drawn(view, ORGANISATION, code, href, fields, title=title, posted=posted, tried=tried),
        lines=changes_of(board, view, ORGANISATION, code),
        record=record_link(board, ORGANISATION),
    )


def _unit_page(board: Board, view: View, code: str, page: ThingPage) -> ThingPage:
    people = [person for person in view.directory.people if person.unit == code and person.active]
    people.sort(key=lambda person: name_order(person.name))
    unit = view.directory.unit(code)
    gone = unit is None or unit.is_gone
    return replace(
        page,
        facts=() if people or gone else (view.say("unit_without_anybody"),),
        people=tuple(person_line(board.root, person, view) for person in people),
        person_new="" if gone else f"{board.root}/settings/people/new?unit={quote(code, safe='')}",
        chain=() if gone else steps_of(code, view),
    )


def _person_page(
    view: View,
    person: Person,
    page: ThingPage,
    root: str,
    posted: Posted | None,
    tried: Tried | None,
    absence: str | None,
) -> ThingPage:
    today = view.now.date()
    shown = [each for each in view.directory.absences if each.person == person.code and _goes_on(each, today)]
    held = held_words(view, person)
    known = {each.first.isoformat() for each in shown}

    def drawn(first: str, values: Mapping[str, Any]) -> Drawn:
        here = absence == first
        return _drawn(
            view,
            ABSENCE,
            absence_key(person.code, date.fromisoformat(first)) if first else "",
            f"{root}/{first}" if first else root,
            forms.absence_fields(person, values, view, new=not first),
            title=view.say("absence_change") if first else view.say("absence_new"),
            posted=posted if here else None,
            tried=tried if here else None,
            id=f"absence-{first or forms.NEW}",
        )

    homeless = tried is not None and absence not in (None, "", *known)
    return replace(
        page,
        facts=(held,) if held else (),
        absences=tuple(
            AbsenceShown(
                words=_absence_words(each, view),
                drawn=drawn(each.first.isoformat(), absence_values(each)),
                off=f"{root}/{each.first.isoformat()}/off",
            )
            for each in shown
        ),
        absence_new=drawn("", {}) if person.active else None,
        refused=tried.refused if tried is not None and homeless else "",
    )


def _goes_on(absence: Absence, today: date) -> bool:
    return absence.ends >= max(today, absence.first)


def _absence_words(absence: Absence, view: View) -> str:
    who = view.person(absence.substitute) if absence.substitute else view.say("absence_by_route_short")
    return view.say(
        "absence_shown", first=absence.first, last=absence.ends, who=who, note=absence.note or "–"
    )


def _drawn(
    view: View,
    kind: str,
    key: str,
    action: str,
    fields: Iterable[Field],
    *,
    title: str,
    posted: Posted | None,
    tried: Tried | None,
    id: str = "",
) -> Drawn:
    """Draw a form; one that was refused, or is looked over, holds what was typed."""
    values = {name: each for name, each in posted.lists.items() if name not in _KEPT} if posted else {}
    preview = tried.preview if tried else ()
    if posted is not None and preview:
        values[LOOKED_OVER] = (digest_of(posted),)
    form = Form(
        id=id or kind,
        action=action,
        title=title,
        fields=tuple(fields),
        submit=view.say("setting_save"),
        is_open=tried is not None and posted is not None,
        preview=preview,
        preview_lead=view.say("move_lead"),
        refused=tried.refused if tried else "",
        values=values,
    )
    return Drawn(form=form, seen=last_number(view.session, view.organisation_id, kind, key) if key else 0)
