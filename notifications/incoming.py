"""Bytes from a mailbox to what can be asked of a message; hostile ones are bounded before they are parsed.

Anybody may write to the office. Sizes, lengths of headers, numbers of parts and depths are limited, every
text is made fit to keep, and a header the standard library stumbles over is read as it stands.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import EmailPolicy
from email.utils import getaddresses, parsedate_to_datetime

from notifications.mime import one_line
from tasks_catalog.problem import Refused

MOST_BYTES = 10 * 2**20
"""What is read of one message; a larger one is recorded as too large and left where it is."""
MOST_TEXT = 20_000
_MOST_BOUNDARIES = 5_000  # a part costs a tenth of a millisecond, and 10 MB hold two million
_MOST_PARTS = 200
_MOST_HEADERS = 2_000
_LONGEST_HEADER = 8_000
_LONGEST_VALUE = 900
_LONGEST_ID = 250
_MOST_IDS = 50
_IDENTIFIER = re.compile(r"<[^<>\s]{3,250}>")
_FOR = re.compile(r"\bfor\s+<?([^\s<>;]{3,320})>?")
_RECIPIENTS = (
    "To",
    "Cc",
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Failed-Recipients",
)
_UNKEPT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class MessageUnreadable(Refused):
    """A message that cannot be taken apart; it is parked with this reason."""


class _Bounded(EmailPolicy):
    """The default policy, with headers cut before it reads them: it slows down with their length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        held, kept = 0, []
        for line in sourcelines:
            kept.append(line[: _LONGEST_HEADER - held])
            held += len(line)
            if held >= _LONGEST_HEADER:
                break
        return super().header_source_parse(kept)


_POLICY = _Bounded()


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One message, with what tells where it belongs."""

    message: Message
    sha256: str
    size: int
    message_id: str
    sender: str
    """The bare address of From; "" without one."""
    subject: str
    recipients: tuple[str, ...]
    """Whom it was for, by any header that says so: among them a signed return path."""
    answers_to: tuple[str, ...]
    """Message-IDs it answers, the nearest first."""
    stamped: datetime | None
    """When the last server took it, by its Received line; the sender's own Date is never believed."""

    @property
    def key(self) -> str:
        """What makes it this message and no other: its Message-ID, else its content."""
        return self.message_id or f"sha256:{self.sha256}"


def read_message(data: bytes) -> Incoming:
    """Take a message apart. Raises MessageUnreadable: mail_too_large, mail_too_many_parts,
    mail_too_many_headers, mail_too_deep."""
    if len(data) > MOST_BYTES:
        raise MessageUnreadable("mail_too_large", size=len(data), most=MOST_BYTES)
    if data.count(b"\n--") > _MOST_BOUNDARIES:
        raise MessageUnreadable("mail_too_many_parts", most=_MOST_BOUNDARIES)
    try:
        message = message_from_bytes(data, policy=_POLICY)
    except RecursionError as error:
        raise MessageUnreadable("mail_too_deep") from error
    if len(message) > _MOST_HEADERS:
        raise MessageUnreadable("mail_too_many_headers", most=_MOST_HEADERS)
    nearest = identifiers(message, "In-Reply-To")
    return Incoming(
        message=message,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        message_id=next(iter(identifiers(message, "Message-ID")), ""),
        sender=next(iter(_addresses(message, "From")), ""),
        subject=header(message, "Subject"),
        recipients=tuple(_recipients(message)),
        answers_to=tuple(dict.fromkeys((*nearest, *reversed(identifiers(message, "References"))))),
        stamped=_stamped(message),
    )


def header(message: Message, name: str) -> str:
    """Return a header on one line, decoded; "" without one."""
    return next(iter(headers(message, name)), "")


def headers(message: Message, name: str) -> list[str]:
    """Return every header of a name, decoded where that is possible."""
    wanted = name.casefold()
    return [
        kept(_decoded(field, raw), _LONGEST_VALUE, lines=False)
        for field, raw in message.raw_items()
        if field.casefold() == wanted
    ]


def _decoded(name: str, raw: str) -> str:
    try:
        return str(_POLICY.header_fetch_parse(name, raw))
    except Exception:  # noqa: BLE001  # the parser's own faults on broken headers: the raw words are kept
        return str(raw)


def identifiers(message: Message, name: str) -> list[str]:
    """Return the message identifiers a header names, as they stand."""
    found = [each for line in headers(message, name) for each in _IDENTIFIER.findall(line)]
    return [each for each in found if len(each) <= _LONGEST_ID][:_MOST_IDS]


def _addresses(message: Message, name: str) -> list[str]:
    try:
        return [address for _, address in getaddresses(headers(message, name)) if "@" in address]
    except RecursionError:  # comments within comments
        return []


def _recipients(message: Message) -> Iterator[str]:
    for name in _RECIPIENTS:
        yield from _addresses(message, name)[:_MOST_IDS]
    for line in headers(message, "Received")[:_MOST_IDS]:
        yield from _FOR.findall(line)


def _stamped(message: Message) -> datetime | None:
    """Return the date of the topmost Received line, which the server that delivered it put there."""
    said = header(message, "Received").rpartition(";")[2]
    try:
        found = parsedate_to_datetime(said)
        return found if found.utcoffset() is not None else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def parts_of(message: Message) -> Iterator[Message]:
    """Yield the leaves of a message in their order, not looking into messages it holds; at most 200."""
    left: list[Message] = [message]
    for _ in range(_MOST_PARTS * 10):
        if not left:
            return
        part = left.pop(0)
        inner = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if isinstance(inner, list):
            left[:0] = [each for each in inner[:_MOST_PARTS] if isinstance(each, Message)]
        else:
            yield part


def content_of(part: Message) -> bytes:
    """Return a part's content, decoded; what cannot be decoded is returned as it came."""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def text_of(part: Message) -> str:
    """Return a part's words, in the charset it names if there is such a one, else in UTF-8."""
    data = content_of(part)[: 10 * MOST_TEXT]
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):  # no such charset, or none that text can be in
        return data.decode("utf-8", "replace")


def kept(text: str, most: int, *, lines: bool = True) -> str:
    """Return text fit to keep: NFC, without control characters and halves of characters, at most so long."""
    cut = text[:most].replace("\r\n", "\n").replace("\r", "\n")
    whole = _UNKEPT.sub(" ", cut) if lines else one_line(cut)
    return unicodedata.normalize("NFC", whole.encode("utf-8", "replace").decode("utf-8"))
