"""The outbox: which letters left, which wait, and which want a person's eye. Shows no address and no text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from board.view import View
from notifications.deliver import attempts_to_come
from notifications.reasons import unit_name
from storage import bounces, inbox, ledger, outbox
from storage.links import uses_of
from storage.outbox import LetterState
from storage.schema import LetterRow

LATEST = 100
_WANT_AN_EYE = (LetterState.UNKNOWN, LetterState.DEAD)


@dataclass(frozen=True, kw_only=True)
class StateCount:
    """How many letters are in a state."""

    state: str
    word: str
    number: int


@dataclass(frozen=True, kw_only=True)
class LetterLine:
    """One letter: for whom, about what, and what became of it."""

    id: int
    href: str
    day: str
    person: str
    kind: str
    subject: str
    state: str
    word: str
    when: str
    attempts: int
    answer: str


@dataclass(frozen=True, kw_only=True)
class OutboxPage:
    """Counts, what wants an eye, and the latest of the rest."""

    counts: tuple[StateCount, ...]
    want_an_eye: tuple[LetterLine, ...]
    latest: tuple[LetterLine, ...]
    more: int
    unreachable: tuple[str, ...]
    """Who cannot be written to, as sentences."""
    unread: int
    """Messages that came back and could not be read."""


def outbox_page(view: View) -> OutboxPage:
    letters = outbox.list_letters(view.session, view.organisation_id)
    found = Counter(letter.state for letter in letters)
    stuck = [letter for letter in letters if letter.state in _WANT_AN_EYE]
    rest = [letter for letter in reversed(letters) if letter.state not in _WANT_AN_EYE]
    return OutboxPage(
        counts=tuple(
            StateCount(state=state, word=view.say(f"board_letter_{state}"), number=found[state])
            for state in LetterState
        ),
        want_an_eye=tuple(_line(letter, view) for letter in stuck),
        latest=tuple(_line(letter, view) for letter in rest[:LATEST]),
        more=max(0, len(rest) - LATEST),
        unreachable=tuple(
            view.say("board_unreachable", name=one.person.name, on=view.local(one.dead.since).date())
            for one in bounces.unreachable(view.session, view.organisation_id)
        ),
        unread=len(inbox.list_incoming(view.session, view.organisation_id, kinds=("parked", "too_large"))),
    )


def _line(letter: LetterRow, view: View) -> LetterLine:
    when = letter.sent_at or letter.next_attempt_at or letter.created_at
    return LetterLine(
        id=letter.id,
        href=view.links.letter(letter.id),
        day=view.day(letter.day),
        person=view.person(letter.person),
        kind=view.say(f"board_kind_{letter.kind}"),
        subject=letter.subject,
        state=letter.state,
        word=view.say(f"board_letter_{letter.state}"),
        when=view.moment(when),
        attempts=letter.attempts,
        answer=letter.answer,
    )


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One attempt to post it, or one to come (without an answer yet)."""

    at: str
    word: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Carried:
    """One line of the letter: which step of which task, and what has become of it."""

    task: str
    href: str
    unit: str
    rung: str
    state: str


@dataclass(frozen=True, kw_only=True)
class LetterPage:
    """One letter: what was tried, what is tried next, what it carries, what was done by its links."""

    head: LetterLine
    attempts: tuple[Attempt, ...]
    to_come: tuple[str, ...]
    lines: tuple[Carried, ...]
    uses: tuple[Attempt, ...]
    what_to_do: tuple[str, ...]


def letter_page(letter_id: int, view: View) -> LetterPage:
    """Return the page of one letter; raises LetterRefused (letter_unknown)."""
    letter = outbox.letter_or_refuse(view.session, view.organisation_id, letter_id)
    return LetterPage(
        head=_line(letter, view),
        attempts=tuple(
            Attempt(at=view.moment(one.at), word=view.say(f"board_letter_{one.state}"), answer=one.answer)
            for one in outbox.attempts_of(view.session, letter.id)
        ),
        to_come=tuple(view.moment(at) for at in _to_come(letter)),
        lines=tuple(
            Carried(
                task=entry.task_id,
                href=view.links.task(*_parted(entry.task_id)),
                unit=unit_name(entry.notice.key.share.unit, view.directory),
                rung=entry.notice.key.rung,
                state=view.say(f"board_notice_{entry.notice.state}"),
            )
            for entry in ledger.of_letter(view.session, letter.id)
        ),
        uses=tuple(
            Attempt(at=view.moment(use.at), word=_link_word(use.purpose, view), answer=use.outcome)
            for use in uses_of(view.session, letter.id)
        ),
        what_to_do=tuple(_commands(letter)),
    )


def _to_come(letter: LetterRow) -> Iterable[datetime]:
    """Yield when the letter is tried again, should each attempt fail."""
    if letter.state == LetterState.DEFERRED and letter.next_attempt_at is not None:
        yield letter.next_attempt_at
        yield from attempts_to_come(letter.attempts + 1, letter.next_attempt_at)


def _parted(task: str) -> tuple[str, int]:
    number, _, row = task.rpartition("/")
    return number, int(row)


def _commands(letter: LetterRow) -> Iterable[str]:
    """Yield what a person may do about it, as commands: the board itself only shows."""
    if letter.state == LetterState.UNKNOWN:
        yield f"dondoc outbox resolve {letter.id} --arrived"
        yield f"dondoc outbox resolve {letter.id} --lost"
    if letter.state in (LetterState.DEFERRED, LetterState.DEAD, LetterState.UNKNOWN):
        yield f"dondoc outbox retry {letter.id}"
    if letter.state in (LetterState.WAITING, LetterState.DEFERRED):
        yield f"dondoc outbox cancel {letter.id}"


def _link_word(purpose: str, view: View) -> str:
    """Return what a link was used for in words; one for several things says which: "m:report"."""
    first, _, what = purpose.partition(":")
    word = view.say(f"board_link_{first}")
    return f"{word}: {view.say(f'mine_{what}')}" if what else word
