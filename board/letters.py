"""The outbox: which letters left, which wait, and which want a person's eye. Shows no address and no text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from board.view import View
from storage import bounces, inbox, outbox
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
