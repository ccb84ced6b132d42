"""Feeds: the deadlines of one person or one unit as a calendar to subscribe to.

The address is the key: whoever has it reads the feed until it is revoked. An address that is altered,
revoked or unknown is answered like any page that is not there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from threading import BoundedSemaphore

from starlette.responses import Response

from board.view import View
from notifications.calendar_events import Teller, events_of
from notifications.calendar_feed import CONTENT_TYPE, MOST_EVENTS, Feed, feed_bytes
from notifications.feed_tokens import FeedScope, read_feed
from notifications.links import Links
from notifications.wording import sentence
from storage import feeds
from storage.feeds import FeedKind
from tasks_catalog.owed import Owed, by_event, nearest

SHOWN_DAYS = 60
"""Days for which a feed goes on showing what was reported, closed or given to another."""
_AT_ONCE = BoundedSemaphore(2)
"""Feeds are made two at a time: a crowd of calendars waking at the full hour must not hold up the pages."""


@dataclass(frozen=True, kw_only=True)
class FeedOffice:
    """What feeds need of their office: what addresses are signed with, its mail domain, whole links."""

    keys: Sequence[str]
    domain: str
    links: Links


def feed_answer(
    token: str, look: Callable[[], AbstractContextManager[View]], office: FeedOffice, asked: str
) -> Response | None:
    """Return the feed a token opens, or 304 where ``asked`` (If-None-Match) names what it still is.

    None when the token opens none. ``look`` opens a view of the record; for a false token none is opened.
    """
    scope = read_feed(token, office.keys)
    if scope is None:
        return None
    with _AT_ONCE, look() as view:
        feed = _feed(scope, view, office)
        return None if feed is None else _answer(feed_bytes(feed), asked)


def _feed(scope: FeedScope, view: View, office: FeedOffice) -> Feed | None:
    name, lang = _named(scope, view)
    if not name or not feeds.is_in_force(view.session, view.organisation_id, *scope):
        return None
    teller = Teller(directory=view.directory, domain=office.domain, links=office.links, lang=lang)
    told = by_event(_owed(scope, view))
    shown = nearest(told, view.now.date(), MOST_EVENTS)
    left_out = len(told) > len(shown)
    note = sentence("feed_left_out", lang, shown=len(shown), total=len(told)) if left_out else ""
    return Feed(name=name, events=events_of(shown, teller), note=note)


def _named(scope: FeedScope, view: View) -> tuple[str, str]:
    """Return the feed's name and language; no name where its reader has left."""
    if scope.kind == FeedKind.PERSON:
        person = view.directory.person(scope.code)
        if person is None or not person.active:
            return "", view.language
        return sentence("feed_of_person", person.language, name=person.name), person.language
    unit = view.directory.unit(scope.code)
    return (view.say("feed_of_unit", unit=unit.name) if unit else ""), view.language


def _owed(scope: FeedScope, view: View) -> Iterator[Owed]:
    since = view.now.date() - timedelta(days=SHOWN_DAYS)
    if scope.kind == FeedKind.PERSON:
        return feeds.owed_by_person(view.session, view.organisation_id, scope.code, view.directory, since)
    return feeds.owed_by_unit(view.session, view.organisation_id, scope.code, since)


def _answer(data: bytes, asked: str) -> Response:
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private"}
    known = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=f"{CONTENT_TYPE}; charset=utf-8", headers=headers)
