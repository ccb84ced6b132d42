"""Calendars as files and feeds: events become iCalendar (RFC 5545), by the library ``icalendar``.

In letters they follow iTIP (RFC 5546): PUBLISH names the office as organizer and nobody as attendee, so
no answer is asked for; CANCEL speaks of one event only. A feed bears no method and no address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from notifications.calendar_events import Event
from notifications.mime import Attachment, Mailbox, one_line

CONTENT_TYPE = "text/calendar"
PUBLISHED_FILE = "thoi-han.ics"
CANCELLED_FILE = "huy-thoi-han.ics"
REFRESH = timedelta(hours=6)
REFRESH_WORDS = "PT6H"
MOST_EVENTS = 1000
"""Events in one feed at most: some 800 KB, under the 1 MB beyond which calendar services drop a feed."""
_PRODUCT = "-//dondoc//dondoc//VI"
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A calendar to subscribe to; ``note`` says what it leaves out."""

    name: str
    events: tuple[Event, ...]
    note: str = ""


def published(events: Iterable[Event], organizer: Mailbox, stamp: datetime) -> Attachment:
    """Return the file of a letter that puts the events into its reader's calendar; ``stamp`` is aware."""
    return _attachment(PUBLISHED_FILE, "PUBLISH", events, organizer, stamp)


def cancelled(event: Event, organizer: Mailbox, stamp: datetime, number: int = 1) -> Attachment:
    """Return the file that takes one event out again; the ``number``-th of its letter."""
    name = CANCELLED_FILE if number == 1 else CANCELLED_FILE.replace(".", f"-{number}.")
    return _attachment(name, "CANCEL", (event,), organizer, stamp)


def feed_bytes(feed: Feed) -> bytes:
    """Return the feed; the same facts give the same bytes, since it is stamped by its facts."""
    head: dict[str, object] = {
        "name": feed.name,
        "x-wr-calname": feed.name,
        "refresh-interval": REFRESH,
        "x-published-ttl": REFRESH_WORDS,
    }
    if feed.note:
        head |= {"description": feed.note, "x-wr-caldesc": feed.note}
    return _calendar(head, map(_of_feed, feed.events))


def _attachment(
    name: str, method: str, events: Iterable[Event], organizer: Mailbox, stamp: datetime
) -> Attachment:
    parts = (_component(event, stamp.astimezone(UTC), organizer) for event in events)
    return Attachment(
        name=name,
        content_type=CONTENT_TYPE,
        data=_calendar({"method": method}, parts),
        parameters=(("method", method), ("charset", "UTF-8"), ("component", "VEVENT")),
    )


def _calendar(head: Mapping[str, object], events: Iterable[bytes]) -> bytes:
    """Put finished events into a calendar; they are kept from one request to the next, the rest is short."""
    from icalendar import Calendar, vText  # a third of a second, only where a calendar is made

    calendar = Calendar()
    for name, value in {"prodid": _PRODUCT, "version": "2.0", "calscale": "GREGORIAN", **head}.items():
        if isinstance(value, str):
            value = vText(
                one_line(value)
            )  # the library writes names it does not know as they are, commas and all
        calendar.add(name, value, parameters={"VALUE": "DURATION"} if value is REFRESH else {})
    return b"".join((bytes(calendar.to_ical()).removesuffix(_END), *events, _END))


@lru_cache(maxsize=8 * MOST_EVENTS)
def _of_feed(event: Event) -> bytes:
    """Return an event of a feed; kept, since of a unit's hundreds few change from one day to the next."""
    return _component(event, datetime.combine(event.changed_on, time(), UTC))


def _component(event: Event, stamp: datetime, organizer: Mailbox | None = None) -> bytes:
    from icalendar import Event as Component
    from icalendar import vCalAddress

    made = Component()
    made.add("uid", event.uid)
    made.add("dtstamp", stamp)
    made.add("last-modified", datetime.combine(event.changed_on, time(), UTC))
    made.add("sequence", event.sequence)
    made.add("dtstart", event.due)
    made.add("dtend", event.due + timedelta(days=1))
    made.add("summary", event.summary)
    if event.description:
        made.add("description", event.description)
    if event.category:
        made.add("categories", [event.category])
    made.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT")  # a deadline does not make its day busy
    if event.link:
        made.add("url", event.link)
    if organizer is not None:
        address = vCalAddress(f"mailto:{organizer.address}")
        address.params["CN"] = one_line(organizer.name)
        made.add("organizer", address)
    return bytes(made.to_ical())
