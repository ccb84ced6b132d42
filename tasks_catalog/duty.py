"""Duty and option: which letters a person must get, and which may be switched off.

What a person owes, decides or must see through is a duty. Optional are a co-owner's lines, the
welcome to a plan, and the summary of a period for whoever is neither coordinator nor leader.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from tasks_catalog.audience import Audience
from tasks_catalog.people import Directory, Person, Post
from tasks_catalog.preference import OptionalLetter
from tasks_catalog.problem import Refused

SUMMARY_IS_DUTY = (Post.COORDINATOR, Post.DEPUTY_DIRECTOR, Post.DIRECTOR)


class PreferenceRefused(Refused):
    """A duty letter was to be switched off, or an hour was named at which no letter leaves."""


def does_without(letter: str, person: Person, directory: Directory) -> bool:
    """Say whether a person switched an optional letter off; a duty of the post comes all the same."""
    switched_off = letter in directory.preference_of(person.code).off
    return switched_off and not _is_duty(letter, person)


def _is_duty(letter: str, person: Person) -> bool:
    return letter == OptionalLetter.SUMMARY and person.post in SUMMARY_IS_DUTY


def is_unwanted(audience: Audience, route: str, person: str, directory: Directory) -> bool:
    """Say whether a notice is one its person switched off: a co-owner's line, which is voluntary.

    The alert that a unit has nobody to be written to is the coordinator's duty.
    """
    return (
        audience is Audience.CO_OWNER
        and route != "fallback"
        and OptionalLetter.CO_OWNER in directory.preference_of(person).off
    )


def optional_or_refuse(words: Iterable[str], person: Person | None) -> frozenset[OptionalLetter]:
    """Return the letters named; raises PreferenceRefused for one that is a duty, of the person or of all."""
    found = set()
    for word in words:
        if word not in set(OptionalLetter):
            known = ", ".join(OptionalLetter)
            raise PreferenceRefused("letter_is_duty", letter=word, known=known)
        if person is not None and _is_duty(word, person):
            raise PreferenceRefused("summary_is_duty", name=person.name)
        found.add(OptionalLetter(word))
    return frozenset(found)


def hour_or_refuse(hour: time, sending_from: time, sending_to: time) -> time:
    """Return an hour within the sending window; raises PreferenceRefused (hour_outside) with the window."""
    if not sending_from <= hour < sending_to:
        raise PreferenceRefused(
            "hour_outside",
            hour=f"{hour:%H:%M}",
            sending_from=f"{sending_from:%H:%M}",
            sending_to=f"{sending_to:%H:%M}",
        )
    return hour
