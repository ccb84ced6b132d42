"""Calendar events: from what is owed to the days a calendar shows. Pure: the same facts, the same events.

A share with a date of its own is one event on its day. Continuous shares due at their period's cut-off
are never shown one by one: those of one unit, plan and period are one event, the period sheet's.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from notifications.links import Links
from notifications.mime import one_line
from notifications.reasons import period_name, unit_name
from notifications.render import cut
from notifications.wording import sentence
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory

SUMMARY_CHARACTERS = 70
"""What a month's view has room for, and more; the whole text stands in the description."""
TEXT_CHARACTERS = 1000
_UID_CHARACTERS = 32  # of hexadecimal: 128 bits


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A share with the task and the plan it is of."""

    plan: str
    task: TaskFacts
    share: Share

    @property
    def is_dated(self) -> bool:
        """Has a date of its own: no part of a period sheet, or moved off the sheet's cut-off."""
        return self.share.period is None or self.share.due != self.share.first_due

    @property
    def is_off(self) -> bool:
        """Not owed any more though nobody did it: given to another unit, or closed by decision."""
        return self.share.withdrawn_on is not None or (
            self.task.closing is not None and not self.share.is_done
        )

    @property
    def is_open(self) -> bool:
        return self.share.is_live and not self.is_off


@dataclass(frozen=True, kw_only=True)
class Event:
    """One all-day entry of a calendar. ``uid`` stays for ever; ``sequence`` grows with each new date."""

    uid: str
    sequence: int
    due: date
    summary: str
    changed_on: date
    """The day of the last fact it tells."""
    description: str = ""
    link: str = ""
    category: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Teller:
    """What all events of one reader have in common: names, the domain of their identities, the language."""

    directory: Directory
    domain: str
    links: Links
    lang: str = "vi"

    def say(self, code: str, **params: object) -> str:
        return sentence(code, self.lang, **params)

    def uid(self, *parts: str) -> str:
        """Return the identity of an event; nobody reads a unit or a plan out of it."""
        words = "\x1f".join((self.directory.organisation, *parts))
        digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{digest[:_UID_CHARACTERS]}@{self.domain}"


def is_shown(owed: Owed, since: date) -> bool:
    """Say whether a feed still shows a share: while it is owed, and what ended from ``since`` on.

    Co-owners' shares are voluntary and stay open for ever: those due before ``since`` have gone by.
    """
    share, closing = owed.share, owed.task.closing
    if share.withdrawn_on is not None:
        return share.withdrawn_on >= since
    if share.report is not None:
        return share.report.on >= since
    if closing is not None:
        return closing.on >= since
    return share.role is Role.OWNER or share.due >= since


def events_of(owed: Iterable[Owed], teller: Teller) -> tuple[Event, ...]:
    """Return the events by day and identity, whatever the order of the shares."""
    events: list[Event] = []
    sheets: dict[tuple[str, str, str], list[Owed]] = {}
    for each in owed:
        if each.is_dated:
            events.append(_dated(each, teller))
        else:
            key = (each.plan, each.share.period or "", each.share.key.unit)
            sheets.setdefault(key, []).append(each)
    events += [_sheet(key, shares, teller) for key, shares in sheets.items()]
    return tuple(sorted(events, key=lambda event: (event.due, event.uid)))


def uid_of(owed: Owed, teller: Teller) -> str:
    """Return the identity of the event a share is told by."""
    share = owed.share
    if owed.is_dated:
        return teller.uid("share", str(share.key))
    return teller.uid("sheet", owed.plan, share.period or "", share.key.unit)


def _dated(owed: Owed, teller: Teller) -> Event:
    task, share = owed.task, owed.share
    unit = unit_name(share.key.unit, teller.directory)
    told = (
        teller.say("event_task_text", task=task.id, text=cut(task.text, TEXT_CHARACTERS)),
        teller.say("letter_product", product=cut(task.product, TEXT_CHARACTERS)) if task.product else "",
        _state(owed, teller.say),
        teller.say("note_moved", first=share.first_due) if share.first_due != share.due else "",
    )
    return _event(
        owed,
        teller,
        base=share.epoch - 1,
        summary=teller.say(_summary_code("task", [owed]), what=cut(task.text, SUMMARY_CHARACTERS), unit=unit),
        told=told,
        link=teller.links.task(owed.plan, task.row),
        changed_on=_changed_on(owed),
        is_cancelled=owed.is_off,
    )


def _sheet(key: tuple[str, str, str], shares: Sequence[Owed], teller: Teller) -> Event:
    plan, period, code = key
    unit, name = unit_name(code, teller.directory), period_name(period, teller.lang)
    left = sum(each.is_open for each in shares)
    told = (
        teller.say("event_sheet_text", period=name, plan=plan, unit=unit),
        teller.say("event_sheet_open", count=left) if left else "",
    )
    return _event(
        min(shares, key=lambda each: each.share.key),
        teller,
        base=max(each.share.epoch for each in shares) - 1,
        summary=teller.say(_summary_code("sheet", shares), what=name, unit=unit),
        told=told,
        link=teller.links.sheet(plan, period, code),
        changed_on=max(map(_changed_on, shares)),
        is_cancelled=all(each.is_off for each in shares),
    )


def _event(
    owed: Owed,
    teller: Teller,
    *,
    base: int,
    summary: str,
    told: Iterable[str],
    link: str,
    changed_on: date,
    is_cancelled: bool,
) -> Event:
    return Event(
        uid=uid_of(owed, teller),
        sequence=base + is_cancelled,
        due=owed.share.due,
        summary=_plain(summary),
        description="\n".join(filter(None, (*map(_plain, told), link))),
        link=link,
        category=_plain(owed.plan),
        changed_on=changed_on,
        is_cancelled=is_cancelled,
    )


def _summary_code(kind: str, shares: Sequence[Owed]) -> str:
    """Return how the event is called: off, done, a co-owner's, or owed."""
    if all(each.is_off for each in shares):
        return f"event_{kind}_off"
    if not any(each.is_open and each.share.role is Role.OWNER for each in shares):
        helped = any(each.is_open for each in shares)
        return f"event_{kind}_helped" if helped else f"event_{kind}_done"
    return f"event_{kind}"


def _state(owed: Owed, say: Callable[..., str]) -> str:
    """Say how the share stands, without counting days: the words change only when a fact does."""
    share, closing = owed.share, owed.task.closing
    if share.withdrawn_on is not None:
        return say("event_state_withdrawn", on=share.withdrawn_on)
    if share.report is not None:
        return say(
            "event_state_accepted" if share.accepted_on else "event_state_reported", on=share.report.on
        )
    if closing is not None:
        return say(f"event_state_{closing.kind}", on=closing.on)
    if share.waiting is not None:
        return say("event_state_waiting", since=share.waiting.since)
    if share.request is not None:
        return say("event_state_asked", to=share.request.to)
    return say("event_state_owner" if share.role is Role.OWNER else "event_state_co_owner")


def _changed_on(owed: Owed) -> date:
    share, closing = owed.share, owed.task.closing
    days: tuple[date | None, ...] = (
        *share.holds,
        share.waiting.since if share.waiting else None,
        share.request.on if share.request else None,
        share.report.on if share.report else None,
        share.accepted_on,
        share.withdrawn_on,
        closing.on if closing else None,
    )
    return max((share.epoch_began, *(day for day in days if day is not None)))


def _plain(text: str) -> str:
    """Return words fit for a calendar: one line, in composed form."""
    return unicodedata.normalize("NFC", one_line(text))
