"""``dondoc people prefer``: the hour a person's letters leave, and the optional ones he does without."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import moment_of, print_json, say, signer, the_office, words
from cli.options import AsOf, By, Json, PersonCode, both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from tasks_catalog.people import Person
    from tasks_catalog.preference import Preference

MORNING = time(9)
_AT_ONCE = "any"


def register(people: typer.Typer) -> None:
    """Add the command to the group of people."""
    people.command("prefer", help=both("Giờ nhận thư, thư không bắt buộc", "sending hour, optional letters"))(
        prefer
    )


def prefer(
    code: PersonCode,
    hour: Annotated[
        str | None,
        typer.Option(
            "--hour",
            help=both("Không gửi trước giờ này, ví dụ 14:00; any: bỏ", "not before it; any: at once"),
        ),
    ] = None,
    off: Annotated[
        list[str] | None,
        typer.Option("--off", help=both("Tắt: welcome, co_owner, summary", "switch an optional letter off")),
    ] = None,
    on: Annotated[list[str] | None, typer.Option("--on", help=both("Bật lại", "switch it on again"))] = None,
    calendar: Annotated[
        bool | None,
        typer.Option("--calendar/--no-calendar", help=both("Kèm tệp lịch theo thư", "a calendar file too")),
    ] = None,
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage.engine import write
    from storage.people import load_directory, person_or_refuse
    from storage.preferences import save_preference
    from tasks_catalog.duty import hour_or_refuse, optional_or_refuse
    from tasks_catalog.preference import Preference

    with the_office() as office:
        signed, moment = signer(office, by), office.moment_of(moment_of(as_of), MORNING)
        with write(office.engine) as session:
            directory = load_directory(session, office.organisation_id)
            person, before = person_or_refuse(code, directory), directory.preference_of(code)
            asked = _hour_of(hour) if hour else before.hour
            if asked is not None and hour:
                asked = hour_or_refuse(asked, office.settings.sending_from, office.settings.sending_to)
            switched_on = optional_or_refuse(on or (), None)
            after = Preference(
                hour=asked,
                off=(before.off | optional_or_refuse(off or (), person)) - switched_on,
                calendar=before.calendar if calendar is None else calendar,
            )
            if after != before:
                save_preference(session, office.organisation_id, code, after, by=signed, at=moment)
    if json:
        print_json({"done": "preferred", "person": code, **preference_json(after)})
        return
    _say_preference(person, after)


def _hour_of(text: str) -> time | None:
    """Read an hour as typed: 14:00, 8:30, 14h, 14h30; "any" is none at all."""
    if text.strip().casefold() == _AT_ONCE:
        return None
    hours, _, minutes = text.strip().casefold().replace("h", ":").partition(":")
    try:
        return time(int(hours), int(minutes or 0))
    except ValueError as error:
        raise Refused("hour_unreadable", words=text) from error


def _say_preference(person: Person, preference: Preference) -> None:
    asked = preference.hour
    hour = words("preference_from", hour=f"{asked:%H:%M}") if asked else words("preference_at_once")
    off = ", ".join(words(f"optional_{letter}") for letter in sorted(preference.off))
    say("preference_hour", name=person.name, hour=hour, language=words(f"language_{person.language}"))
    say("preference_off", off=off or words("preference_none_off"))
    say("preference_calendar_on" if preference.calendar else "preference_calendar_off")
    say("preference_duty")


def preference_json(preference: Preference) -> dict[str, object]:
    return {
        "hour": f"{preference.hour:%H:%M}" if preference.hour else None,
        "off": sorted(map(str, preference.off)),
        "calendar": preference.calendar,
    }
