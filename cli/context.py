"""What every command shares: the language chosen, how results and refusals are printed, opening the office."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from notifications.wording import place_sentence, problem_sentence, sentence
from tasks_catalog.problem import Problem, Refused

if TYPE_CHECKING:
    from flows.office import OpenOffice

_LANGUAGES = ("vi", "en")


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
    print("  - " + "; ".join(part for part in (start, where) if part) + f": {problem_words(problem)}")


def print_json(value: Mapping[str, object] | list[object]) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    print()


def day_of(text: str) -> date:
    """Read a day typed as 2022-11-15 or 15/11/2022."""
    parts = text.strip().split("/")
    try:
        if len(parts) == 3:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("day_unreadable", words=text) from error


@contextmanager
def the_office() -> Iterator[OpenOffice]:
    """Open the office named by --home or DONDOC_HOME."""
    from flows.office import open_office

    with open_office() as office:
        yield office
