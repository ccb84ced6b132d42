"""The forms of the directory: what each asks for, and what is set by what was typed. Nothing is kept here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from board.fields import Field, day_in, needed_day
from board.forms import Posted
from board.view import View
from notifications.setting_words import field_words
from notifications.wording import LANGUAGES
from storage.absences import absence_key
from storage.directory_values import GROUP, ORGANISATION, PERSON, UNIT, person_values, unit_values
from tasks_catalog.chain import deputies_of
from tasks_catalog.collation import collation_key, name_order
from tasks_catalog.people import CLOSED, Directory, Person, Post
from tasks_catalog.problem import Refused

KINDS = ("room", "office", "centre", "board")
NEW = "new"
"""The last part of the address at which a new thing is entered: no thing has it for its code."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One thing to be set, and what goes with it: naming a head changes two people."""

    kind: str
    key: str
    values: Mapping[str, Any] | None
    with_it: Sequence[tuple[str, str, Mapping[str, Any]]] = field(default=())


def organisation_fields(values: Mapping[str, Any], view: View) -> tuple[Field, ...]:
    return (
        _text(ORGANISATION, "name", values, view, required=True),
        _text(ORGANISATION, "place", values, view),
        _text(ORGANISATION, "superior", values, view),
    )


def unit_fields(code: str, values: Mapping[str, Any], view: View) -> Iterator[Field]:
    """Yield the fields of a unit; a new one has a code of its own to be given, and nobody yet."""
    if not code:
        yield _code(view)
    yield _text(UNIT, "name", values, view, required=True)
    yield _names(UNIT, values, view)
    kinds = tuple((kind, view.say(f"setting_unit_kind_{kind}")) for kind in _kinds(values))
    yield Field(
        name="kind",
        label=field_words(UNIT, "kind", view.language),
        kind="choice",
        value=values["kind"],
        options=kinds,
    )
    if code:
        yield from _of_unit(code, values, view)
    deputies = (
        ("", view.say("unit_deputy_of_all")),
        *_options(deputies_of(view.directory), values["deputy"], view),
    )
    yield Field(
        name="deputy",
        label=field_words(UNIT, "deputy", view.language),
        hint=view.say("unit_deputy_hint"),
        kind="choice",
        value=values["deputy"] or "",
        options=deputies,
    )


def _of_unit(code: str, values: Mapping[str, Any], view: View) -> Iterator[Field]:
    directory = view.directory
    people = [person for person in directory.people if person.active and person.unit == code]
    head = directory.head_of(code)
    if values["kind"] != "board":
        may_head = [p for p in people if p.post in (Post.OFFICER, Post.HEAD)]
        yield Field(
            name="head",
            label=view.say("unit_head"),
            hint=view.say("unit_head_hint"),
            kind="choice",
            value=head.code if head else "",
            options=(("", view.say("unit_nobody")), *_options(may_head, head.code if head else None, view)),
        )
    yield Field(
        name="focal_point",
        label=field_words(UNIT, "focal_point", view.language),
        hint=view.say("unit_focal_hint"),
        kind="choice",
        value=values["focal_point"] or "",
        options=(("", view.say("unit_nobody")), *_options(people, values["focal_point"], view)),
    )


def group_fields(code: str, values: Mapping[str, Any], view: View) -> Iterator[Field]:
    if not code:
        yield _code(view)
    yield _text(GROUP, "name", values, view, required=True)
    yield _names(GROUP, values, view)
    members = set(values["members"])
    units = [unit for unit in view.directory.units if not unit.is_gone or unit.code in members]
    yield Field(
        name="members",
        label=field_words(GROUP, "members", view.language),
        kind="many",
        value="\n".join(values["members"]),
        options=tuple((unit.code, unit.name) for unit in units),
    )


def person_fields(code: str, values: Mapping[str, Any], view: View) -> Iterator[Field]:
    if not code:
        yield _code(view, hint=view.say("person_code_hint"))
    yield _text(PERSON, "name", values, view, required=True)
    yield _text(PERSON, "email", values, view, hint=view.say("person_email_hint"))
    units = [unit for unit in view.directory.units if not unit.is_gone or unit.code == values["unit"]]
    units.sort(key=lambda unit: collation_key(unit.name))
    for name, options in (
        ("unit", tuple((unit.code, unit.name) for unit in units)),
        ("post", tuple((str(post), view.say(f"setting_person_post_{post}")) for post in Post)),
        ("language", tuple((each, view.say(f"setting_person_language_{each}")) for each in LANGUAGES)),
    ):
        label = field_words(PERSON, name, view.language)
        yield Field(name=name, label=label, kind="choice", value=values[name], options=options)
        if name == "post":
            yield _text(PERSON, "title", values, view, hint=view.say("person_title_hint"))
    for name in ("in_charge", "active"):
        label = view.say(f"person_{name}")
        yield Field(name=name, label=label, kind="check", value="1" if values[name] else "")


def absence_fields(person: Person, values: Mapping[str, Any], view: View, *, new: bool) -> Iterator[Field]:
    """Yield the fields of an absence; who may stand in is of the person's unit, or somebody above units."""
    if new:
        yield Field(name="first", label=view.say("setting_absence_first"), kind="date", required=True)
    last = values.get("last") or ""
    yield Field(name="last", label=view.say("setting_absence_last"), kind="date", required=True, value=last)
    may = [
        p for p in view.directory.people if p.active and p.code != person.code and _may_stand_in(p, person)
    ]
    named = values.get("substitute")
    yield Field(
        name="substitute",
        label=view.say("setting_absence_substitute"),
        hint=view.say("absence_substitute_hint"),
        kind="choice",
        value=named or "",
        options=(("", view.say("absence_nobody_named")), *_options(may, named, view)),
    )
    yield Field(name="note", label=view.say("setting_absence_note"), value=values.get("note") or "")


def _may_stand_in(other: Person, person: Person) -> bool:
    return other.unit == person.unit or other.post not in (Post.OFFICER, Post.VIEWER, Post.ADMINISTRATOR)


# --- what is set by what was typed ----------------------------------------------------------------------


def organisation_wanted(code: str, form: Posted, view: View) -> Wanted:
    values = {name: form.get(name, "") for name in ("name", "place", "superior")}
    return Wanted(kind=ORGANISATION, key=code, values=values)


def unit_wanted(code: str, form: Posted, view: View) -> Wanted:
    """Raises Refused (setting_code_known, setting_choice_unknown, person_unknown)."""
    key, directory = code or _new_code(form, view.directory.unit(form.get("code", ""))), view.directory
    unit = directory.unit(code)
    kind = form.get("kind", KINDS[0])
    if kind not in KINDS and (unit is None or kind != unit.kind):
        raise Refused("setting_choice_unknown", words=kind)
    values = {
        "name": form.get("name", ""),
        "aliases": _listed(form.get("aliases", "")),
        "kind": kind,
        "focal_point": form.get("focal_point") or None,
        "deputy": form.get("deputy") or None,
    }
    return Wanted(kind=UNIT, key=key, values=values, with_it=tuple(_heads(code, form, directory)))


def _heads(code: str, form: Posted, directory: Directory) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the people whose posts change where another head is named: the old one first."""
    if not code or "head" not in form:
        return
    before, named = directory.head_of(code), form["head"]
    if named == (before.code if before else ""):
        return
    person = directory.person(named) if named else None
    if named and (person is None or person.unit != code or person.post not in (Post.OFFICER, Post.HEAD)):
        raise Refused("setting_not_head", person=person.name if person else named)
    heads = [p for p in directory.people if p.active and p.unit == code and p.post is Post.HEAD]
    for head in heads:
        yield PERSON, head.code, {**person_values(head), "post": str(Post.OFFICER)}
    if person is not None:
        yield PERSON, person.code, {**person_values(person), "post": str(Post.HEAD)}


def group_wanted(code: str, form: Posted, view: View) -> Wanted:
    """Raises Refused (setting_code_known)."""
    values = {
        "name": form.get("name", ""),
        "aliases": _listed(form.get("aliases", "")),
        "members": list(form.all("members")),
    }
    known = view.directory.group(form.get("code", ""))
    return Wanted(kind=GROUP, key=code or _new_code(form, known), values=values)


def person_wanted(code: str, form: Posted, view: View) -> Wanted:
    """Raises Refused (setting_code_known, setting_choice_unknown)."""
    post, language = form.get("post", ""), form.get("language", "")
    for chosen, known in ((post, tuple(map(str, Post))), (language, LANGUAGES)):
        if chosen not in known:
            raise Refused("setting_choice_unknown", words=chosen)
    values = {
        "name": form.get("name", ""),
        "email": form.get("email", ""),
        "unit": form.get("unit", ""),
        "post": post,
        "title": form.get("title", ""),
        "language": language,
        "active": bool(form.get("active")),
        "in_charge": bool(form.get("in_charge")),
    }
    known_person = view.directory.person(form.get("code", ""))
    return Wanted(kind=PERSON, key=code or _new_code(form, known_person), values=values)


def absence_wanted(person: str, first: str, form: Posted) -> Wanted:
    """Return the absence typed; ``first`` "" for a new one.

    Raises Refused (day_unreadable, absence_needs_first, absence_needs_last).
    """
    begins = first or needed_day(form, "first", asks="absence_needs_first").isoformat()
    last = day_in(form, "last")
    if last is None:
        raise Refused("absence_needs_last")
    values = {
        "person": person,
        "first": begins,
        "last": last.isoformat(),
        "substitute": form.get("substitute") or None,
        "note": form.get("note", ""),
    }
    return Wanted(kind="absence", key=absence_key(person, date.fromisoformat(begins)), values=values)


def blank(kind: str) -> dict[str, Any]:
    """Return the values of a thing that is new."""
    if kind == UNIT:
        return {"name": "", "aliases": [], "kind": KINDS[0], "focal_point": None, "deputy": None}
    if kind == GROUP:
        return {"name": "", "aliases": [], "members": []}
    return person_values(Person(code="", name="", email="", unit=""))


def unit_now(code: str, directory: Directory) -> Mapping[str, Any] | None:
    unit = directory.unit(code)
    if unit is None:
        return None
    focal, deputy = directory.focal_points.get(code), directory.deputies.get(code)
    shown = unit_values(unit, focal, deputy)
    return shown or {**blank(UNIT), "name": unit.name, "kind": CLOSED}


def _new_code(form: Posted, known: Any) -> str:
    code = form.get("code", "")
    if code == NEW:
        raise Refused("setting_code_unfit", key=code)
    if known is not None:
        raise Refused("setting_code_known", key=code, name=known.name)
    return code


def _listed(typed: str) -> list[str]:
    return [name.strip() for name in typed.split(";") if name.strip()]


def _kinds(values: Mapping[str, Any]) -> tuple[str, ...]:
    return KINDS if values["kind"] in KINDS else (*KINDS, values["kind"])


def _text(
    kind: str, name: str, values: Mapping[str, Any], view: View, *, required: bool = False, hint: str = ""
) -> Field:
    label = field_words(kind, name, view.language)
    return Field(name=name, label=label, value=values[name], required=required, hint=hint)


def _code(view: View, hint: str = "") -> Field:
    return Field(
        name="code", label=view.say("setting_code"), hint=hint or view.say("setting_code_hint"), required=True
    )


def _names(kind: str, values: Mapping[str, Any], view: View) -> Field:
    return Field(
        name="aliases",
        label=field_words(kind, "aliases", view.language),
        hint=view.say("setting_aliases_hint"),
        kind="words",
        value="; ".join(values["aliases"]),
    )


def _options(people: Iterable[Person], named: str | None, view: View) -> tuple[tuple[str, str], ...]:
    """Return people to choose from, by given name; who is named already is among them."""
    known = {person.code: person for person in people}
    if named and named not in known and (person := view.directory.person(named)) is not None:
        known[named] = person
    found = sorted(known.values(), key=lambda person: name_order(person.name))
    return tuple((person.code, f"{person.name} ({person.title or person.code})") for person in found)
