"""Setting a thing of the directory from its form: looked over where it moves mail, refused where changed.

What would move is found by doing it and taking it back: the page shows just what would be kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from board.acting import made_by
from board.directory_forms import Wanted
from board.directory_guard import refuse_beyond
from board.directory_moves import moved_words
from board.forms import Posted
from board.tickets import TICKET
from board.view import View
from notifications.setting_words import person_words
from notifications.wording import problem_sentence
from storage.engine import write
from storage.holding import alone_at
from storage.office_journal import change
from storage.office_record import refuse_changed_since
from storage.people import load_directory
from storage.settables import SETTABLES
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from board.app import Board

LOOKED_OVER, SEEN = "looked_over", "seen"


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of a form: kept under ``key`` as change ``number`` (0: it was so already), or why not."""

    key: str = ""
    number: int = 0
    refused: str = ""
    preview: Sequence[str] = ()
    """What it would move, to be looked over and sent again."""


class _LookOver(Exception):  # no fault: it takes back what was only tried
    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self.lines = lines


def set_by_form(
    board: Board, kind: str, seen_key: str, form: Posted, wanted_of: Callable[[View], Wanted]
) -> Tried:
    """Set what a form asks for, in one transaction; ``seen_key`` is the thing it was drawn for, "" for a new.

    Raises nothing of what a person can put right: it is returned, and nothing is kept then.
    """
    try:
        with write(board.engine) as session:
            alone_at(session, board.organisation_id)  # what is seen here stays so until it is kept
            view = board.view_of(session)
            refuse_changed_since(session, view.organisation_id, kind, seen_key, form.get(SEEN, "0"))
            wanted = wanted_of(view)
            number = _set(view, wanted)
            moved = moved_words(view, view.directory, load_directory(session, view.organisation_id))
            if moved and form.get(LOOKED_OVER) != digest_of(form):
                raise _LookOver(moved)
    except _LookOver as found:
        return Tried(preview=found.lines)
    except Refused as refused:
        return Tried(refused=refused_words(board, refused))
    return Tried(key=wanted.key, number=number)


def _set(view: View, wanted: Wanted) -> int:
    """Set the thing and what goes with it; return the number of the first change, 0 for none."""
    numbers, made = [], made_by(view)
    for kind, key, values in ((wanted.kind, wanted.key, wanted.values), *wanted.with_it):
        before = SETTABLES[kind].read(view.session, view.organisation_id, key)
        refuse_beyond(kind, before, values)
        done = change(view.session, view.organisation_id, SETTABLES[kind], kind, key, values, made=made)
        numbers += [done.id] if done is not None else []
    return numbers[0] if numbers else 0


def digest_of(form: Posted) -> str:
    """Return what tells whether a form is the one that was looked over."""
    words = sorted((name, value) for name, value in form.lists.items() if name not in (LOOKED_OVER, TICKET))
    return hashlib.sha256(repr(words).encode()).hexdigest()[:32]


def refused_words(board: Board, refused: Refused) -> str:
    """Word a refusal; who changed the thing meanwhile is named."""
    if refused.code != "setting_changed_since":
        return problem_sentence(refused, board.language)
    with board.view() as view:
        by = person_words(str(refused.params["by"]), view.directory, board.language)
    return view.say("setting_changed_since", **{**refused.params, "by": by})
