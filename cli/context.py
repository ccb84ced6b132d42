"""What every command shares: the language, how results and refusals are printed, opening the office."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

from notifications.wording import place_sentence, problem_sentence, sentence
from tasks_catalog.problem import Problem, Refused
from tasks_catalog.typed import day_of as day_of

if TYPE_CHECKING:
    from flows.office import OpenOffice

_LANGUAGES = ("vi", "en")
OFFICE = "office"
"""Who signs where the directory knows no coordinator; the journal's name for the office itself."""


def choose_language(named: str | None) -> None:
    """Keep the language for this process: the option, else ``DONDOC_LANG``, else Vietnamese."""
    if named is not None and named not in _LANGUAGES:
        raise Refused("language_unknown", named=named)
    if named is not None:
        os.environ["DONDOC_LANG"] = named


def language() -> str:
    named = os.environ.get("DONDOC_LANG", "vi")
    return named if named in _LANGUAGES else "vi"


def say(code: str, **params: object) -> None:
    """Print a sentence of the catalogue."""
    print(sentence(code, language(), **params))


def say_done(as_json: bool, code: str, **params: object) -> None:
    """Print what was done as a sentence, or as JSON: the sentence's code and the values it quotes."""
    if as_json:
        print_json({"done": code, **{name: _plain(value) for name, value in params.items()}})
    else:
        say(code, **params)


def words(code: str, **params: object) -> str:
    return sentence(code, language(), **params)


def problem_words(problem: Problem) -> str:
    return problem_sentence(problem, language())


def say_refused(refused: Refused) -> None:
    """Print why nothing was done, on the error stream."""
    print(sentence("refused_prefix", language(), why=problem_sentence(refused, language())), file=sys.stderr)


def say_problem(row: int | None, problem: Problem) -> None:
    """Print one doubt with its place, as a line a person can act on."""
    where = place_sentence(problem.where, language())
    start = words("plan_row", row=row) if row is not None else ""
    place = "; ".join(part for part in (start, where) if part)
    print(f"  - {place}: {problem_words(problem)}" if place else f"  - {problem_words(problem)}")


def problem_json(row: int | None, problem: Problem) -> dict[str, object]:
    """Return one doubt as values: the row it stands on, its code, place and sentence."""
    return {
        "row": row,
        "code": problem.code,
        "weight": str(problem.weight),
        "where": place_sentence(problem.where, language()),
        "message": problem_words(problem),
    }


def print_json(value: Mapping[str, object] | list[object]) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    print()


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | list | None) else str(value)


def optional_day(text: str | None) -> date | None:
    return day_of(text) if text else None


def moment_of(text: str | None) -> date | datetime | None:
    """Read a day, or a day and a time: 2022-11-15T08:30, 15/11/2022 08:30. Naive times are the office's."""
    if not text:
        return None
    day, _, hour = text.strip().replace("T", " ").partition(" ")
    if not hour:
        return day_of(day)
    try:
        return datetime.fromisoformat(f"{day_of(day).isoformat()}T{hour.strip()}")
    except ValueError as error:
        raise Refused("day_unreadable", words=text) from error


def read_day(text: str | None) -> date | None:
    """Read the day to look at; a time of day beside it is left out: a day is looked at as it closes."""
    moment = moment_of(text)
    return moment.date() if isinstance(moment, datetime) else moment


@contextmanager
def the_office() -> Iterator[OpenOffice]:
    """Open the office named by --home or DONDOC_HOME."""
    from flows.office import open_office

    with open_office() as office:
        yield office


def signer(office: OpenOffice, named: str | None) -> str:
    """Return who signs: the person named, who must stand in the directory, else its coordinator."""
    from storage.engine import read
    from storage.people import load_directory

    with read(office.engine) as session:
        directory = load_directory(session, office.organisation_id)
    if named is not None:
        if directory.person(named) is None:
            raise Refused("person_unknown", person=named)
        return named
    coordinator = directory.coordinator()
    return coordinator.code if coordinator else OFFICE
