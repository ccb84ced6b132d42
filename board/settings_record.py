"""The page of settings and the record of what was changed in them, each change with its way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from board.directory_guard import is_beyond
from board.settings_index import PLACES, cards_for, kinds_for
from board.view import View
from board.viewers import looking
from board.ways import is_open
from notifications.setting_words import (
    Changed,
    changed_words,
    field_words,
    kind_words,
    person_words,
    subject_words,
)
from storage import office_record
from storage.directory_values import UNIT
from storage.office_record import Recorded
from storage.settables import SETTABLES
from storage.unit_settables import is_reshaping
from tasks_catalog.collation import collation_key
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board

A_PAGE, LATEST = 30, 10


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One change as it is shown."""

    number: int
    moment: str
    by: str
    subject: str
    href: str
    fields: Sequence[Changed]
    what: str
    """That the thing is new, or was taken away, or that what it said was erased; "" for a plain change."""
    note: str
    undoes: int | None
    undone_by: int | None
    undo: str = ""
    """Where the form that takes it back posts to; "" where it cannot be, or not by whoever looks."""


@dataclass(frozen=True, kw_only=True)
class SettingsPage:
    """The page of settings: (address, title, lead) of each card, and the latest changes."""

    cards: Sequence[tuple[str, str, str]]
    lines: Sequence[ChangeLine]
    record: str
    """The whole record; "" where it is not for whoever looks."""


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """A page of the record, with its filters."""

    action: str
    kinds: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    asked: Mapping[str, str]
    lines: Sequence[ChangeLine]
    next: str
    back: str
    refused: str = ""


def settings_page(board: Board, view: View) -> SettingsPage:
    """Return the page of settings for whoever looks."""
    who, root = looking(), board.root
    may_undo = is_open(who, Right.UNDO)
    found = office_record.changes(view.session, view.organisation_id, kinds=kinds_for(who), most=LATEST)
    return SettingsPage(
        cards=[
            (f"{root}{card.path}", view.say(card.code), view.say(f"{card.code}_lead"))
            for card in cards_for(who, signs_in=board.signs_in)
        ],
        lines=tuple(_line(each, board, view, may_undo=False) for each in found) if may_undo else (),
        record=f"{root}/settings/changes" if may_undo else "",
    )


def record_page(board: Board, view: View, asked: Mapping[str, str], *, refused: str = "") -> RecordPage:
    """Return the changes asked for: of a ``kind``, a thing (``key``), ``by`` a person, ``before`` a number.

    Raises Refused (setting_kind_unknown).
    """
    known = kinds_for(looking())
    kind, key, by = asked.get("kind", ""), asked.get("key", ""), asked.get("by", "")
    if kind and kind not in known:
        raise Refused("setting_kind_unknown", kind=kind, known=", ".join(known) or "-")
    before = asked.get("before", "")
    older = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    found = office_record.changes(
        view.session,
        view.organisation_id,
        kinds=(kind,) if kind else known,
        key=key,
        by=by,
        before=older,
        most=A_PAGE + 1,
    )
    shown, here = found[:A_PAGE], f"{board.root}/settings/changes"
    filters = {name: value for name, value in (("kind", kind), ("key", key), ("by", by)) if value}
    people = office_record.people_of(view.session, view.organisation_id)
    return RecordPage(
        action=here,
        kinds=sorted(
            ((each, kind_words(each, view.language)) for each in known),
            key=lambda one: collation_key(one[1]),
        ),
        people=sorted(
            ((code, person_words(code, view.directory, view.language)) for code in people),
            key=lambda one: collation_key(one[1]),
        ),
        asked={"kind": kind, "key": key, "by": by},
        lines=tuple(_line(each, board, view, may_undo=True) for each in shown),
        next=_page(here, filters, shown[-1].number) if len(found) > A_PAGE else "",
        back=_page(here, filters, None) if older is not None else "",
        refused=refused,
    )


def changes_of(board: Board, view: View, kind: str, key: str, most: int = 5) -> tuple[ChangeLine, ...]:
    """Return the latest changes of one thing, for the page on which it is set."""
    found = office_record.changes(view.session, view.organisation_id, kinds=(kind,), key=key, most=most)
    may_undo = is_open(looking(), Right.UNDO)
    return tuple(_line(each, board, view, may_undo=may_undo) for each in found)


def record_link(board: Board, kind: str, key: str = "") -> str:
    """Return the address of the record of one thing, or of all things of a kind."""
    asked = {"kind": kind, **({"key": key} if key else {})}
    return f"{board.root}/settings/changes?{urlencode(asked)}"


def _page(here: str, filters: Mapping[str, str], before: int | None) -> str:
    asked = {**filters, **({"before": str(before)} if before is not None else {})}
    return f"{here}?{urlencode(asked)}" if asked else here


def _line(change: Recorded, board: Board, view: View, *, may_undo: bool) -> ChangeLine:
    place = PLACES.get(change.kind)
    can = may_undo and _can_be_undone(change, view)
    return ChangeLine(
        number=change.number,
        moment=view.moment(change.at),
        by=person_words(change.by, view.directory, view.language),
        subject=subject_words(change.kind, change.key, view.directory, view.language),
        href=place.href(board.root, change.key) if place else "",
        fields=tuple(_fields(change, view)),
        what=_what(change, view),
        note=change.note,
        undoes=change.undoes,
        undone_by=change.undone_by,
        undo=f"{board.root}/settings/changes/{change.number}/undo" if can else "",
    )


def _can_be_undone(change: Recorded, view: View) -> bool:
    """Say whether a button is offered: also not for what is a decision of its own, or beyond one's rights."""
    if change.kind == UNIT and is_reshaping(change.before, change.after):
        return False
    if is_beyond(change.kind, change.after, change.before):
        return False
    return office_record.can_be_undone(view.session, view.organisation_id, SETTABLES, change)


def _fields(change: Recorded, view: View) -> Iterator[Changed]:
    if change.erased:
        for field in dict.fromkeys((*(change.before or {}), *(change.after or {}))):
            yield Changed(label=field_words(change.kind, field, view.language), before="…", after="…")
        return
    yield from changed_words(change.kind, change.before, change.after, view.directory, view.language)


def _what(change: Recorded, view: View) -> str:
    if change.erased:
        return view.say("setting_erased")
    if change.before is None:
        return view.say("setting_is_new")
    return view.say("setting_is_gone") if change.after is None else ""
