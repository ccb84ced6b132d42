"""Bounces: what a mail server reports of a letter (RFC 3464, RFC 3463) and what is made of it.

Only a permanent "no such address" that came to the letter's own signed return path makes an address dead.
A report that names a letter by its Message-ID alone is recorded: others may know that identifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from enum import StrEnum

from notifications.incoming import header, identifiers, kept, parts_of, text_of

NO_SUCH_ADDRESS = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")
"""Bad mailbox, bad system, bad syntax, moved without a new address, null MX: nobody is there any more.

Not 5.1.7 and 5.1.8, which are about the sender, nor 5.2.2 (full), 5.3.x (the system), 5.4.4 (no route,
often a slip of the name server), 5.7.x (policy): those may pass, or are for the relay's administrator.
"""
MOST_FAILURES = 20
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_TYPE = re.compile(r"^\s*[\w-]+\s*;\s*")


class Verdict(StrEnum):
    """What is made of a report about one recipient."""

    DEAD = "dead"
    """The address is gone: nobody is written to there until it changes or a person clears it."""
    UNSIGNED = "unsigned"
    """It would be, but the report did not come by the letter's signed path: recorded only."""
    ELSEWHERE = "elsewhere"
    """It is gone where the reader forwards mail to; the reader's own address is not."""
    STALE = "stale"
    """It is gone, says a report of a letter too old, or sent before a person cleared the address."""
    REFUSED = "refused"
    """Not taken, for a cause that is not the address: full, policy, system."""
    DELAYED = "delayed"
    ARRIVED = "arrived"
    UNREAD = "unread"
    """A bounce without a code to go by."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One recipient's part of a report."""

    address: str
    original: str = ""
    action: str = ""
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report of a mail server: of which message, what about whom."""

    failures: tuple[Failure, ...]
    message_id: str = ""


def report_of(message: Message) -> Report | None:
    """Return what a mail server reports; None for a message that is no report."""
    parts = list(parts_of(message))
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        failed = header(message, "X-Failed-Recipients")  # Exim's and Google's word where nothing else is
        if not failed:
            return None
        addresses = [each.strip() for each in failed.split(",")][:MOST_FAILURES]
        return Report(failures=tuple(Failure(address=each, action="failed") for each in addresses))
    return Report(failures=tuple(_failures(status))[:MOST_FAILURES], message_id=_returned_id(parts))


def is_abuse_report(message: Message) -> bool:
    """Say whether a reader marked a letter as unwanted, and the provider says so (RFC 5965)."""
    return any(part.get_content_type() == "message/feedback-report" for part in parts_of(message))


def returned_id(message: Message) -> str:
    """Return the Message-ID of the letter a report gives back, whole or its headers; "" without one."""
    return _returned_id(parts_of(message))


def verdict_of(failure: Failure, *, signed: bool, address: str) -> Verdict:
    """Return what to make of a failure of a letter that went to ``address``."""
    kind = failure.status[:1]
    if failure.action in ("delivered", "relayed", "expanded") or kind == "2":
        return Verdict.ARRIVED
    if failure.action == "delayed" or kind == "4":
        return Verdict.DELAYED
    if not failure.status:
        return Verdict.UNREAD
    if failure.status not in NO_SUCH_ADDRESS:
        return Verdict.REFUSED
    if not signed:
        return Verdict.UNSIGNED
    named = {each.casefold() for each in (failure.address, failure.original) if each}
    return Verdict.DEAD if not named or address.casefold() in named else Verdict.ELSEWHERE


def _failures(status: Message) -> Iterator[Failure]:
    blocks = status.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message) or not header(block, "Action"):
            continue
        diagnostic = header(block, "Diagnostic-Code")
        yield Failure(
            address=_address(block, "Final-Recipient"),
            original=_address(block, "Original-Recipient"),
            action=header(block, "Action").partition(" ")[0].casefold(),
            status=_status(header(block, "Status"), diagnostic),
            diagnostic=kept(_TYPE.sub("", diagnostic), 500, lines=False),
        )


def _address(block: Message, name: str) -> str:
    """Return the address of "rfc822; huong@example.vn"."""
    return _TYPE.sub("", header(block, name)).strip(" <>")[:320]


def _status(said: str, diagnostic: str) -> str:
    """Return the code; a general one ("5.0.0") gives way to the one the far server's words name."""
    own, told = _STATUS.search(said), _STATUS.search(diagnostic)
    if own is None or (own[0].endswith(".0.0") and told is not None and told[1] == own[1]):
        own = told
    return own[0] if own else ""


def _returned_id(parts: Iterable[Message]) -> str:
    for part in parts:
        returned: Message | None = None
        if part.get_content_type() in ("message/rfc822", "message/global"):
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else None
            returned = first if isinstance(first, Message) else None
        elif part.get_content_type() == "text/rfc822-headers":
            returned = HeaderParser().parsestr(text_of(part))
        if returned is not None and (found := identifiers(returned, "Message-ID")):
            return found[0]
    return ""
