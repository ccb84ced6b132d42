"""Messages from an IMAP mailbox: the unseen ones, whole and untouched, marked as read once they are kept."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from imaplib import IMAP4
from types import TracebackType
from typing import Any, Self

from imap_tools import AND, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox

from notifications.incoming import MOST_BYTES
from notifications.mailbox import InboxSettings, MailboxAway, Taken
from notifications.mime import one_line

INBOX = "INBOX"
MOST_AT_ONCE = 200
"""Messages taken in one run; the next run takes the next ones."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_FAULTS = (ImapToolsError, IMAP4.error, OSError)


class ImapMailbox:
    """One login, from ``with`` to its end."""

    def __init__(self, settings: InboxSettings) -> None:
        self._settings = settings
        self._box: BaseMailBox | None = None

    def __enter__(self) -> Self:
        settings = self._settings
        box: BaseMailBox | None = None
        try:
            box = _connected(settings)
            if settings.security == "starttls":
                box.client.starttls(_trust(settings))
            box.login(settings.username, settings.password, initial_folder=settings.folder or INBOX)
        except _FAULTS as error:
            with suppress(*_FAULTS):  # half a handshake leaves nothing to hang up properly
                if box is not None:
                    box.client.shutdown()
            raise _away(settings, error) from error
        self._box = box
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        box, self._box = self._box, None
        if box is None:
            return
        try:
            box.logout()
        except _FAULTS:  # what was taken is kept already; a rude goodbye changes none of it
            return

    def waiting(self) -> Iterator[Taken]:
        try:
            for uid in self._open.uids(AND(seen=False))[:MOST_AT_ONCE]:
                taken = self._taken(uid)
                if taken is not None:
                    yield taken
        except _FAULTS as error:
            raise _away(self._settings, error) from error

    def _taken(self, uid: str) -> Taken | None:
        """Return a message by its uid, read without marking it; None when a twin has moved it on."""
        told = b" ".join(_texts(self._fetched(uid, "(RFC822.SIZE INTERNALDATE)")))
        size = _SIZE.search(told)
        if size is None:
            return None
        length = int(size[1])
        data = None if length > MOST_BYTES else self._whole(uid)
        return Taken(name=uid, size=length, data=data, received=_moment(told))

    def _whole(self, uid: str) -> bytes:
        # The bytes themselves: imap_tools would parse them unbounded, and hand on what it made of them.
        found = [part[1] for part in self._fetched(uid, "(BODY.PEEK[])") if isinstance(part, tuple)]
        return found[0] if found else b""

    def _fetched(self, uid: str, what: str) -> list[Any]:
        state, data = self._open.client.uid("FETCH", uid, what)
        if state != "OK":
            raise IMAP4.error(f"FETCH {state}")
        return data

    def done(self, taken: Taken) -> None:
        try:
            self._open.flag([taken.name], ["\\Seen"], True)
            if self._settings.move_to:
                self._open.move([taken.name], self._settings.move_to)
        except _FAULTS as error:
            raise _away(self._settings, error) from error

    @property
    def _open(self) -> BaseMailBox:
        if self._box is None:
            raise MailboxAway("inbox_away", host=self._settings.host, why="not open")
        return self._box


def _connected(settings: InboxSettings) -> BaseMailBox:
    host, port, timeout = settings.host, settings.server_port, settings.timeout
    if settings.security == "tls":
        return MailBox(host, port, timeout=timeout, ssl_context=_trust(settings))
    return MailBoxUnencrypted(host, port, timeout=timeout)


def _trust(settings: InboxSettings) -> ssl.SSLContext:
    trust = ssl.create_default_context()
    if settings.ca_file is not None:
        trust.load_verify_locations(settings.ca_file)
    return trust


def _texts(fetched: list[Any]) -> Iterator[bytes]:
    for part in fetched:
        yield from (
            each for each in (part if isinstance(part, tuple) else (part,)) if isinstance(each, bytes)
        )


def _moment(told: bytes) -> datetime | None:
    said = _DATE.search(told)
    try:
        return parsedate_to_datetime(said[1].decode("ascii").replace("-", " ", 2)) if said else None
    except (ValueError, TypeError, IndexError):
        return None


def _away(settings: InboxSettings, error: Exception) -> MailboxAway:
    return MailboxAway(
        "inbox_away", host=settings.host, why=one_line(str(error))[:200] or type(error).__name__
    )
