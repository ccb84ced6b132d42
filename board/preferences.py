"""The page behind "when letters come": a reader's own preferences, and what cannot be switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time

from board.view import View
from storage.links import Bearer
from storage.preferences import save_preference
from tasks_catalog.duty import hour_or_refuse, optional_or_refuse
from tasks_catalog.people import Person
from tasks_catalog.preference import OptionalLetter, Preference
from tasks_catalog.problem import Refused

ONE_CLICK = "List-Unsubscribe"
"""What a mail program posts by itself, with "One-Click" (RFC 8058): all that is optional stops."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One box: what it is, and whether it is ticked."""

    name: str
    label: str
    ticked: bool


@dataclass(frozen=True, kw_only=True)
class PreferencesPage:
    """The form; ``done`` and ``refused`` are what came of posting it."""

    title: str
    reader: str
    hour: str
    hour_hint: str
    letters: Sequence[Choice]
    calendar: Choice
    away: Sequence[str]
    """Absences known from today on, in words."""
    done: str = ""
    refused: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def preferences_page(bearer: Bearer, view: View) -> PreferencesPage:
    person = bearer.person
    known = view.directory.preference_of(person.code)
    open_to = [letter for letter in OptionalLetter if _may_do_without(letter, person)]
    return PreferencesPage(
        title=view.say("preferences_title"),
        reader=person.name,
        hour=f"{known.hour:%H:%M}" if known.hour else "",
        hour_hint=view.say(
            "preferences_hour_hint", sending_from=_clock(view.sending[0]), sending_to=_clock(view.sending[1])
        ),
        letters=tuple(_choice(letter, known, view) for letter in open_to),
        calendar=Choice(name="calendar", label=view.say("preferences_calendar"), ticked=known.calendar),
        away=tuple(_away(person, view)),
    )


def _choice(letter: OptionalLetter, known: Preference, view: View) -> Choice:
    label = view.say(f"optional_{letter}")
    return Choice(name=f"want-{letter}", label=label, ticked=letter not in known.off)


def prefer(bearer: Bearer, form: Mapping[str, str], view: View) -> str:
    """Keep what the form says and return the sentence that says so. Raises Refused; nothing is kept then."""
    person, known = bearer.person, view.directory.preference_of(bearer.person.code)
    open_to = {letter for letter in OptionalLetter if _may_do_without(letter, person)}
    if ONE_CLICK in form:
        wanted = Preference(hour=known.hour, off=known.off | open_to, calendar=known.calendar)
    else:
        unticked = {letter for letter in open_to if not form.get(f"want-{letter}")}
        wanted = Preference(
            hour=_hour(form.get("hour", ""), view),
            off=(known.off - open_to) | unticked,
            calendar=bool(form.get("calendar")),
        )
    save_preference(view.session, view.organisation_id, person.code, wanted, by=person.code, at=view.now)
    return view.say("preferences_off" if ONE_CLICK in form else "preferences_done")


def _may_do_without(letter: OptionalLetter, person: Person) -> bool:
    try:
        optional_or_refuse((letter,), person)
    except Refused:
        return False
    return True


def _hour(typed: str, view: View) -> time | None:
    if not typed:
        return None
    try:
        hour = time.fromisoformat(typed)
    except ValueError as error:
        raise Refused("hour_unreadable", words=typed) from error
    return hour_or_refuse(hour, *view.sending)


def _away(person: Person, view: View) -> list[str]:
    return [
        view.say(
            "preferences_away" if absence.substitute else "preferences_away_alone",
            first=absence.first,
            last=absence.ends,
            name=view.person(absence.substitute) if absence.substitute else "",
        )
        for absence in view.directory.absences
        if absence.person == person.code and absence.ends >= view.now.date()
    ]


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
