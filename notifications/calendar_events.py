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
from tasks_catalog.occurrence import Role
from tasks_catalog.owed import Owed
from tasks_catalog.people import Directory

SUMMARY_CHARACTERS = 70
"""What a month's view has room for, and more; the whole text stands in the description."""
TEXT_CHARACTERS = 1000
_UID_CHARACTERS = 32  # of hexadecimal: 128 bits


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


def events_of(told: Iterable[tuple[Owed, ...]], teller: Teller) -> tuple[Event, ...]:
    """Return an event for each of what ``by_event`` found, by day and identity whatever their order."""
    events = (_dated(each[0], teller) if each[0].is_dated else _sheet(each, teller) for each in told)
    return tuple(sorted(events, key=lambda event: (event.due, event.uid)))


def uid_of(owed: Owed, teller: Teller) -> str:
    """Return the identity of the event a share is told by."""
    share = owed.share
    if owed.is_dated:
        return teller.uid("share", str(share.key))
    return teller.uid("sheet", owed.plan, share.period or "", share.key.unit)


def _dated(owed: Owed, teller: Teller) -> Event:
    share = owed.share
    unit = unit_name(share.key.unit, teller.directory)
    told = (
        teller.say("event_task_text", task=share.key.task, text=cut(owed.text, TEXT_CHARACTERS)),
        teller.say("letter_product", product=cut(owed.product, TEXT_CHARACTERS)) if owed.product else "",
        _state(owed, teller.say),
        teller.say("note_moved", first=share.first_due) if share.first_due != share.due else "",
    )
    return _event(
        owed,
        teller,
        base=share.epoch - 1,
        summary=teller.say(_summary_code("task", [owed]), what=cut(owed.text, SUMMARY_CHARACTERS), unit=unit),
        told=told,
        link=teller.links.task(owed.plan, owed.row),
        changed_on=_changed_on(owed),
        is_cancelled=owed.is_off,
    )


def _sheet(shares: Sequence[Owed], teller: Teller) -> Event:
    first = min(shares, key=lambda each: (each.share.due, each.share.key))
    plan, share = first.plan, first.share
    period, code = share.period or "", share.key.unit
    unit, name = unit_name(code, teller.directory), period_name(period, teller.lang)
    left = sum(each.is_open for each in shares)
    told = (
        teller.say("event_sheet_text", period=name, plan=plan, unit=unit),
        teller.say("event_sheet_open", count=left) if left else "",
    )
    return _event(
        first,
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
    share, closing = owed.share, owed.closing
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
    share, closing = owed.share, owed.closing
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
