"""The lines of a digest: a person's notices of the day, sorted by what they ask for.

A share with a date of its own is one line. Continuous shares are never listed one by one: those of
one unit, period and role are one line with one link, to the period sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from notifications.links import Links
from notifications.reasons import (
    next_sentence,
    no_escalation_sentence,
    period_name,
    reason_sentence,
    stand_in_sentence,
    unit_name,
)
from notifications.render import cut
from notifications.signing import Purpose
from notifications.wording import Wording, date_text
from notifications.wording.own import CATALOGUE, OwnWords
from tasks_catalog.absence import Absence
from tasks_catalog.audience import Audience
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.facts import EpochCause, Share, TaskFacts
from tasks_catalog.ladder import NextStep, Notice, NoticeKey
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.people import Directory, Person
from tasks_catalog.substitutes import Receiver

TEXT_CHARACTERS = 160
PRODUCT_CHARACTERS = 80
_OWN = (Audience.OWNER, Audience.CO_OWNER)
_ANSWERED = ("overdue", "today", "soon")
_DATED_ACTS: tuple[Purpose, ...] = (Purpose.REPORT, Purpose.EXTEND, Purpose.ACKNOWLEDGE)
_SHEET_ACTS: tuple[Purpose, ...] = (Purpose.SHEET,)
_NOTED = ("triggered", "returned", "request_undecided")


class Section(StrEnum):
    """The parts of a digest, in the order they are read."""

    OVERDUE = "overdue"
    TODAY = "today"
    DECIDE = "decide"
    SOON = "soon"
    CO_OWNER = "co_owner"
    URGE = "urge"


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Who the letter goes to, and the directory the names in it come from."""

    person: Person
    directory: Directory
    absence: Absence | None = None
    """The absence the reader stands in for, of a letter that is no digest."""
    words: OwnWords = CATALOGUE
    """How the office words its letters."""

    @property
    def say(self) -> Wording:
        """Word a sentence in the reader's language, as the office does."""
        return self.words.in_language(self.person.language)


@dataclass(frozen=True, kw_only=True)
class PlanRef:
    """The plan a letter speaks of."""

    number: str
    title: str = ""


class ActLink(NamedTuple):
    """What the reader may do at once, and the link that does it."""

    label: str
    link: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One notice with all a line needs: its task, its share, what follows, and the plan.

    ``id`` is the ledger's number of the notice, 0 where nothing is kept.
    """

    notice: Notice
    task: TaskFacts
    share: Share
    plan: PlanRef
    next: NextStep | None = None
    id: int = 0
    receiver: Receiver | None = None
    """Who reads it for the notice's person, while that one is away."""

    @property
    def route(self) -> str:
        """How the reader was found."""
        return self.receiver.route if self.receiver else self.notice.route


@dataclass(frozen=True, kw_only=True)
class LetterLine:
    """One line of a letter, worded; ``notices`` are the ledger's rows it speaks for."""

    section: Section
    plan: str
    number: str
    """The task's identity; "" for a period sheet."""
    text: str
    product: str
    """Worded, as "Sản phẩm: Quyết định"; "" where the plan names none."""
    unit: str
    due: date
    due_text: str
    status: str
    is_late: bool
    notes: tuple[str, ...]
    reason: str
    next: str
    link: str
    notices: tuple[NoticeKey, ...]
    acts: tuple[ActLink, ...] = ()


def lines_of(
    items: Iterable[Item], addressee: Addressee, *, as_of: date, calendar: WorkCalendar, links: Links
) -> tuple[LetterLine, ...]:
    """Return the lines by section and date; a share with several notices waiting is one line."""
    desk = _Desk(addressee, as_of, calendar, links)
    dated: list[_Piece] = []
    sheets: dict[tuple[str, ...], list[_Piece]] = {}
    for piece in _by_share(items):
        if piece.item.share.period is None:
            dated.append(piece)
        else:
            sheets.setdefault(desk.sheet_key(piece.item), []).append(piece)
    lines = [desk.task_line(piece) for piece in dated] + [
        desk.sheet_line(pieces) for pieces in sheets.values()
    ]
    order = list(Section)
    return tuple(sorted(lines, key=lambda line: (order.index(line.section), line.due)))


def section_of(item: Item, as_of: date, calendar: WorkCalendar) -> Section:
    """Return what the line asks of its reader; a date on a rest day calls on the working day before."""
    notice, share = item.notice, item.share
    if notice.why == "request_undecided":
        return Section.DECIDE
    if notice.audience not in _OWN or item.route == "fallback":
        return Section.URGE
    if share.role is Role.CO_OWNER:
        return Section.CO_OWNER
    if share.lapses < as_of:
        return Section.OVERDUE
    return Section.TODAY if calendar.previous_working(share.due) <= as_of else Section.SOON


@dataclass(frozen=True)
class _Piece:
    """The latest notice of a share for this person, and the keys of all that wait."""

    item: Item
    keys: tuple[NoticeKey, ...]


def _by_share(items: Iterable[Item]) -> list[_Piece]:
    latest: dict[ShareKey, Item] = {}
    keys: dict[ShareKey, list[NoticeKey]] = {}
    for item in items:
        key = item.share.key
        keys.setdefault(key, []).append(item.notice.key)
        if key not in latest or _weight(latest[key]) <= _weight(item):
            latest[key] = item
    pieces = [_Piece(item, tuple(keys[key])) for key, item in latest.items()]
    return sorted(
        pieces, key=lambda piece: (piece.item.plan.number, piece.item.task.row, piece.item.share.key)
    )


def _weight(item: Item) -> tuple[date, bool]:
    """The later notice speaks; of one day, what its reader must do himself before what he must see done."""
    return item.notice.fire_on, item.notice.audience in _OWN


@dataclass(frozen=True)
class _Desk:
    """What every line of one letter has in common."""

    addressee: Addressee
    as_of: date
    calendar: WorkCalendar
    links: Links

    @property
    def lang(self) -> str:
        return self.addressee.person.language

    @property
    def words(self) -> OwnWords:
        return self.addressee.words

    def task_line(self, piece: _Piece) -> LetterLine:
        item, task = piece.item, piece.item.task
        link = self.links.task(item.plan.number, task.row)
        return self._line(
            piece.item,
            keys=piece.keys,
            number=task.id,
            text=cut(task.text, TEXT_CHARACTERS),
            product=self._product(task),
            link=link,
        )

    def _product(self, task: TaskFacts) -> str:
        if not task.product:
            return ""
        return self.words.sentence("letter_product", self.lang, product=cut(task.product, PRODUCT_CHARACTERS))

    def sheet_key(self, item: Item) -> tuple[str, ...]:
        share = item.share
        section = section_of(item, self.as_of, self.calendar)
        return (
            item.plan.number,
            share.key.unit,
            share.period or "",
            share.role,
            section,
            share.due.isoformat(),
        )

    def sheet_line(self, pieces: Sequence[_Piece]) -> LetterLine:
        item = pieces[0].item
        unit, period = item.share.key.unit, item.share.period or ""
        code = "letter_sheet_one" if len(pieces) == 1 else "letter_sheet"
        return self._line(
            item,
            keys=tuple(key for piece in pieces for key in piece.keys),
            number="",
            text=self.words.sentence(
                code, self.lang, period=period_name(period, self.lang), count=len(pieces)
            ),
            product="",
            link=self.links.sheet(item.plan.number, period, unit),
        )

    def _line(
        self, item: Item, *, keys: tuple[NoticeKey, ...], number: str, text: str, product: str, link: str
    ) -> LetterLine:
        share, directory = item.share, self.addressee.directory
        return LetterLine(
            section=section_of(item, self.as_of, self.calendar),
            plan=item.plan.number,
            number=number,
            text=text,
            product=product,
            unit=unit_name(share.key.unit, directory),
            due=share.due,
            due_text=date_text(share.due, self.lang),
            status=self._status(share),
            is_late=share.lapses < self.as_of,
            notes=tuple(self._notes(item)),
            reason=self._reason(item),
            next=self._next(item),
            link=link,
            notices=keys,
            acts=tuple(self._acts(item)),
        )

    def _acts(self, item: Item) -> Iterable[ActLink]:
        """What the owner may do from the letter; who urges or decides has the task's page."""
        if section_of(item, self.as_of, self.calendar) not in _ANSWERED:
            return
        for purpose in _DATED_ACTS if item.share.period is None else _SHEET_ACTS:
            if link := self.links.act(purpose, item.id):
                yield ActLink(self.words.sentence(f"act_{purpose.name.lower()}", self.lang), link)

    def _reason(self, item: Item) -> str:
        directory = self.addressee.directory
        if item.receiver is None or item.receiver.absence is None:
            return reason_sentence(item.notice, directory, self.lang, self.words)
        return stand_in_sentence(
            item.notice, item.receiver, item.receiver.absence, directory, self.lang, self.words
        )

    def _status(self, share: Share) -> str:
        if share.lapses < self.as_of:
            return self._days("status_overdue", self.calendar.working_days_between(share.lapses, self.as_of))
        if share.due <= self.as_of:
            return self.words.sentence("status_today", self.lang, on=share.lapses)
        return self._days("status_soon", self.calendar.working_days_between(self.as_of, share.due))

    def _days(self, code: str, days: int) -> str:
        if days < 1:
            return self.words.sentence(f"{code}_none", self.lang)
        return self.words.sentence(f"{code}_one" if days == 1 else code, self.lang, days=days)

    def _notes(self, item: Item) -> Iterable[str]:
        share, notice = item.share, item.notice
        if notice.why in _NOTED:
            asked = share.request.to if share.request else share.due
            yield self.words.sentence(f"note_{notice.why}", self.lang, due=share.due, asked=asked)
        elif share.epoch_cause is EpochCause.RETURNED:  # a later rung may have overtaken the news
            yield self.words.sentence("note_returned", self.lang)
        if share.first_due != share.due:
            yield self.words.sentence("note_moved", self.lang, first=share.first_due)
        if share.lapses > share.due and share.lapses >= self.as_of:
            yield self.words.sentence("note_slides", self.lang, lapses=share.lapses)
        elif share.due >= self.as_of and not self.calendar.is_working(share.due):
            yield self.words.sentence(
                "note_rest_day", self.lang, last=self.calendar.previous_working(share.due)
            )
        if notice.route == "fallback":
            unit = unit_name(share.key.unit, self.addressee.directory)
            yield self.words.sentence("note_nobody", self.lang, unit=unit)

    def _next(self, item: Item) -> str:
        if item.share.role is Role.CO_OWNER and item.next is None:
            return no_escalation_sentence(self.lang, self.words)
        return next_sentence(
            item.next, self.addressee.person, self.addressee.directory, self.lang, self.words
        )
