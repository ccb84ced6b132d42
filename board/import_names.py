"""What a page says of names and units: those the directory does not know, those it is to be given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from board.view import View
from notifications.wording import problem_sentence
from tasks_catalog.collective import is_collective
from tasks_catalog.drafting import AskedName, Draft, Review
from tasks_catalog.learning import group_of_name, unit_of_name

NAMED_ROWS = 8
"""Rows linked to from a name; how many there are is said beside it."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One choice of a list: its value, its name, and what it means."""

    value: str
    name: str
    means: str = ""
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class NameShown:
    """A name the directory does not know, what was answered, and what could be."""

    name: str
    question: str
    rows: int
    row_links: tuple[tuple[int, str], ...]
    answered: str
    alike: tuple[Choice, ...]
    """Units of names like it, offered first; none is chosen beforehand."""
    code: str
    kind: str
    collective: bool
    members: frozenset[str]
    refused: str = ""


def name_shown(
    asked: AskedName, review: Review, view: View, links: Mapping[int, str], *, refused: str = ""
) -> NameShown:
    """Return a name with what can be answered; ``refused`` is why the last answer was not taken."""
    directory = review.directory
    collective = is_collective(asked.name)
    proposed = group_of_name(asked.name, directory) if collective else unit_of_name(asked.name, directory)
    likest = asked.problem.params.get("suggestions", asked.problem.params.get("candidates", ""))
    refs = (ref for name in likest.split("; ") for ref in directory.called(name)[:1])
    answered = ""
    if asked.answer is not None:
        meant = directory.unit(asked.answer.unit) or directory.group(asked.answer.unit)
        code = "import_name_learnt" if asked.answer.learn else "import_name_here"
        answered = view.say(code, unit=meant.name if meant else asked.answer.unit)
    fault = problem_sentence(asked.fault, view.language) if asked.fault else ""
    return NameShown(
        name=asked.name,
        question=problem_sentence(asked.problem, view.language),
        rows=len(asked.rows),
        row_links=tuple((row, links[row]) for row in asked.rows[:NAMED_ROWS]),
        answered=answered,
        alike=tuple(Choice(value=ref.code, name=view.unit(ref.code)) for ref in refs),
        code=proposed.code,
        kind=getattr(proposed, "kind", "room"),
        collective=collective,
        members=frozenset(getattr(proposed, "members", ())),
        refused=refused or fault,
    )


def units_to_choose(review: Review) -> Iterator[Choice]:
    for unit in review.directory.units:
        if not unit.is_gone:
            yield Choice(value=unit.code, name=unit.name)


def units_added(draft: Draft, view: View) -> Iterator[Choice]:
    for unit in draft.units:
        yield Choice(value=unit.code, name=unit.name, means=view.say(f"import_kind_{unit.kind}"))
    for group in draft.groups:
        yield Choice(
            value=group.code,
            name=group.name,
            means=view.say("import_group_of", members=", ".join(group.members)),
        )
