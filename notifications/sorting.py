"""Which it is: a bounce, a complaint, an automatic answer, a person's reply, or nothing that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from notifications.bounces import Report, is_abuse_report, report_of, returned_id
from notifications.incoming import Incoming, header, headers
from notifications.replies import AttachedFile, files_of, reply_words
from notifications.signing import letter_of_path

_BULK = ("bulk", "junk", "auto_reply")


@dataclass(frozen=True, kw_only=True)
class Ours:
    """What tells the office's own mail: its sender, the address bounces come to, the keys that sign it."""

    sender_address: str
    return_address: str = ""
    keys: Sequence[str] = ()

    def letter_of(self, recipients: Iterable[str]) -> int | None:
        """Return the letter a recipient's signed return path names."""
        if not self.return_address:
            return None
        found = (letter_of_path(self.return_address, each, self.keys) for each in recipients)
        return next((letter for letter in found if letter is not None), None)


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """What a message is; ``letter`` is the one its signed return path names, if it came by one."""

    kind: str
    """"bounce", "abuse", "ignored" or "answer"."""
    why: str = ""
    letter: int | None = None
    report: Report = field(default_factory=lambda: Report(failures=()))
    words: str = ""
    files: tuple[AttachedFile, ...] = ()


def sorted_message(incoming: Incoming, ours: Ours) -> Sorted:
    """Return what a message is. A report comes before the signs of a machine, which reports bear as well."""
    letter = ours.letter_of(incoming.recipients)
    message = incoming.message
    report = report_of(message)
    if report is not None:
        return Sorted(kind="bounce", letter=letter, report=report)
    if is_abuse_report(message):
        report = Report(failures=(), message_id=returned_id(message))
        return Sorted(kind="abuse", letter=letter, report=report)
    if why := why_automatic(incoming, ours.sender_address):
        return Sorted(kind="ignored", why=why, letter=letter)
    return Sorted(kind="answer", letter=letter, words=reply_words(message), files=files_of(message))


def why_automatic(incoming: Incoming, own_address: str) -> str:
    """Return the code of why a message is not a person's word (RFC 3834, 2); "" for one that may be."""
    message = incoming.message
    if incoming.sender.casefold() == own_address.casefold():
        return "mail_our_own"
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    if submitted not in ("", "no"):
        return "mail_auto_submitted"
    if any(each.strip() == "<>" for each in headers(message, "Return-Path")):
        return "mail_null_path"
    if header(message, "Precedence").strip().casefold() in _BULK:
        return "mail_bulk"
    if header(message, "X-Autoreply") or header(message, "X-Autorespond"):
        return "mail_autoreply"
    return ""
