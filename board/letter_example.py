"""A letter to look at before a sentence is kept: with a reader's own lines of today, else an invented one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from board.view import View
from notifications.announce import announce
from notifications.letter import Letter, compose_digest
from notifications.letter_examples import Found, Make, example_with, first_with
from notifications.letter_lines import Addressee, Item, PlanRef
from notifications.links import Links, without_tokens
from notifications.wording.own import Key, OwnWords
from storage import tasks
from tasks_catalog.ladder import NoticeState, Office, next_step
from tasks_catalog.people import Person

MOST_READERS, MOST_LINES, MOST_TASKS, MOST_SHARES = 6, 12, 300, 5_000


@dataclass(frozen=True, kw_only=True)
class Example:
    """A letter in the office's words, and whether its lines stand in the office's record."""

    found: Found
    reader: str
    """Whose lines they are; "" for an invented letter."""


def example_of(code: str, language: str, texts: Mapping[Key, str], view: View) -> Example:
    """Return a letter in which the sentence stands: of a real reader where one has it today."""
    for reader, make in _readers(view, language):
        found = first_with(code, texts, language, [make])
        if found is not None:
            return Example(found=found, reader=reader.name)
    today = view.now.date()
    made = example_with(code, texts, language, today=today, calendar=view.calendar)
    return Example(found=made, reader="")


def _readers(view: View, language: str) -> Iterator[tuple[Person, Make]]:
    """Yield the readers with most to be told by today, each with what makes their letter."""
    lines: dict[str, list[Item]] = {}
    for item in _items(view):
        lines.setdefault(item.notice.key.person, []).append(item)
    most = sorted(lines.items(), key=lambda entry: (-len(entry[1]), entry[0]))[:MOST_READERS]
    for code, items in most:
        person = view.directory.person(code)
        if person is not None:
            told = replace(person, language=language)
            yield person, partial(_digest, view, told, tuple(items[:MOST_LINES]))


def _digest(view: View, person: Person, items: tuple[Item, ...], words: OwnWords) -> Letter:
    links = Links("https://board.example.vn").marked(f"example {person.code}")
    letter = compose_digest(
        Addressee(person=person, directory=view.directory, words=words),
        items,
        as_of=view.now.date(),
        calendar=view.calendar,
        links=links,
    )
    return replace(
        letter,
        text=without_tokens(letter.text, links.mark),
        html=without_tokens(letter.html, links.mark),
    )


def _items(view: View) -> Iterator[Item]:
    """Yield the lines every reader would have if none had been told before; of a great plan, the first."""
    today = view.now.date()
    for plan in tasks.list_plans(view.session, view.organisation_id, active_only=True):
        office = Office(
            directory=view.directory,
            calendar=view.calendar,
            ladders=tasks.ladders_of(view.session, plan),
        )
        if tasks.shares_to_speak_of(view.session, plan, office, today, at_most=MOST_SHARES) > MOST_SHARES:
            continue  # reading them all would hold the look up for seconds
        facts = tasks.facts_to_speak_of(view.session, plan, office, today)[:MOST_TASKS]
        known = {task.id: task for task in facts}
        ref = PlanRef(number=plan.number, title=plan.title)
        for number, notice in enumerate(announce(facts, office, as_of=today, known=()), 1):
            if notice.state is NoticeState.WAITING:
                task = known[notice.key.share.task]
                share = task.shares[notice.key.share]
                step = next_step(task, share, office, after=today)
                yield Item(notice=notice, task=task, share=share, plan=ref, next=step, id=number)
