"""From a composed letter to the bytes that are handed to the relay, by RFC 5322, 2045–2047 and 2231.

The parts are put together by hand: ``email.message`` costs more than composing, sending and
recording a letter together. What people wrote reaches a header only on one line, without control
characters; an address or identifier that is not safe as it stands is refused.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from tasks_catalog.problem import Refused
from tasks_catalog.unit_names import slug

MAX_ATTACHED_BYTES = 20 * 2**20
"""What official mailboxes take at most: 20 MB (such as Quyết định 143/2025/QĐ-UBND, Đồng Tháp)."""

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z"
)
_IDENTIFIER = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_CONTENT_TYPE = re.compile(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+\Z")
_PARAMETER = re.compile(r"[A-Za-z0-9-]{1,40}\Z")
_LIST_ID = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+\Z")
_WEB = re.compile(r"https?://[!-;=?-~]+\Z")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\s]+")
_PLAIN_HEADER = re.compile(r"[ -~]{0,900}\Z")
_NAME_SPECIALS = re.compile(r'([\\"])')
_WORD_BYTES = 45  # 45 bytes are 60 characters of base64: an encoded word of 72, RFC 2047 allows 75
_LINE = 76  # characters of base64, what RFC 2045 allows a line
_PARAMETER_CHARACTERS = 60


class Mailbox(NamedTuple):
    """A name as shown and an address."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that travels with the letter."""

    name: str
    content_type: str
    data: bytes
    parameters: tuple[tuple[str, str], ...] = ()
    """Of the content type, plain words only: (("method", "PUBLISH"),)."""


class HeaderRefused(Refused):
    """An address, identifier or attachment that must not stand in a message."""


def message_bytes(
    *,
    sender: Mailbox,
    recipient: Mailbox,
    subject: str,
    text: str,
    html: str,
    date: datetime,
    message_id: str,
    reply_to: Mailbox | None = None,
    list_id: str = "",
    unsubscribe: str = "",
    thread: str = "",
    language: str = "vi",
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return the message, ready to be sent; the same arguments give the same bytes.

    ``date`` is aware; ``unsubscribe`` is the address of the reader's preferences (RFC 2369), to which mail
    programs may post over HTTPS without opening it (RFC 8058); ``thread`` is the identifier of a root no
    real message bears, so that mail readers keep the letters of one person, plan and period together
    (RFC 5322, 3.6.4). Raises HeaderRefused: address_unsafe, message_id_unsafe, header_unsafe,
    attachments_too_large.
    """
    head = [
        b"From: " + _mailbox(sender),
        b"To: " + _mailbox(recipient),
        *([b"Reply-To: " + _mailbox(reply_to)] if reply_to else []),
        b"Subject: " + _unstructured(subject),
        b"Date: " + format_datetime(date).encode("ascii"),
        b"Message-ID: " + _identifier(message_id),
        *([b"In-Reply-To: " + _identifier(thread), b"References: " + _identifier(thread)] if thread else []),
        *([b"List-Id: <" + _checked(_LIST_ID, list_id) + b">"] if list_id else []),
        *(_unsubscribe(unsubscribe) if unsubscribe else ()),
        b"Auto-Submitted: auto-generated",  # RFC 3834, 5: no automatic answers, no loops
        b"X-Auto-Response-Suppress: All",
        b"Content-Language: " + _checked(_LANGUAGE, language),
        b"MIME-Version: 1.0",
    ]
    boundary = b"=_" + hashlib.sha256(message_id.encode()).hexdigest()[:32].encode("ascii")
    body = _multipart(b"alternative", boundary + b".1", (_text(b"plain", text), _text(b"html", html)))
    if attachments:
        if sum(len(each.data) for each in attachments) > MAX_ATTACHED_BYTES:
            raise HeaderRefused("attachments_too_large", limit=f"{MAX_ATTACHED_BYTES // 2**20} MB")
        body = _multipart(b"mixed", boundary + b".0", (body, *map(_attached, attachments)))
    return b"\r\n".join((*head, body))


def new_message_id(parts: Iterable[str], domain: str) -> str:
    """Return the Message-ID of the letter that ``parts`` (stable ids, ISO dates) identify, for life.

    It is a digest: nobody reads a person, a unit or a plan out of it.
    """
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"<{digest[:32]}@{domain}>"


def letter_id(organisation: int, domain: str, kind: str, person: str, day: date, *about: str) -> str:
    """Return the Message-ID a letter keeps for life: the same letter always gets the same one."""
    return new_message_id((str(organisation), kind, person, day.isoformat(), *about), domain)


def thread_root(person: str, plan: str, period: str, domain: str) -> str:
    """Return the identifier letters to one person about one plan and period answer to."""
    return new_message_id(("thread", person, plan, period), domain)


def list_id_of(plan: str, domain: str) -> str:
    """Return the List-Id (RFC 2919) people filter a plan's letters by: "383-kh-sct.example.vn"."""
    return f"{slug(plan)[:60].strip('-') or 'dondoc'}.{domain}"


def is_address(address: str) -> bool:
    """Say whether ``address`` may stand in an envelope and a header as it is: plain ASCII, no spaces."""
    return _ADDRESS.match(address) is not None and ".." not in address


def one_line(text: str) -> str:
    """Return ``text`` on one line: control characters are spaces, what UTF-8 cannot hold is replaced."""
    return _UNSEEN.sub(" ", text).strip().encode("utf-8", "replace").decode("utf-8")


def _unsubscribe(address: str) -> tuple[bytes, ...]:
    head = b"List-Unsubscribe: <" + _checked(_WEB, address) + b">"
    one_click = (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",)
    return (head, *(one_click if address.startswith("https://") else ()))


def _multipart(kind: bytes, boundary: bytes, parts: Iterable[bytes]) -> bytes:
    head = b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n' % (kind, boundary)
    return head + b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts) + b"--%s--\r\n" % boundary


def _text(kind: bytes, text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    head = b"Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" % kind
    return head + _base64(lines.encode("utf-8", "replace"))


def _attached(file: Attachment) -> bytes:
    name = _parameter("filename", one_line(file.name) or "file")
    kind = _checked(_CONTENT_TYPE, file.content_type)
    told = [b"%s=%s" % (_checked(_PARAMETER, key), _checked(_PARAMETER, it)) for key, it in file.parameters]
    return b"\r\n".join(
        (
            b"Content-Type: " + b";\r\n ".join((kind, *told)),
            b"Content-Disposition: attachment;" + name,
            b"Content-Transfer-Encoding: base64",
            b"",
            _base64(file.data),
        )
    )


def _base64(data: bytes) -> bytes:
    encoded = b2a_base64(data, newline=False)
    return b"\r\n".join([encoded[at : at + _LINE] for at in range(0, len(encoded), _LINE)])


def _parameter(name: str, value: str) -> bytes:
    """Return a parameter in the continued, percent-encoded form of RFC 2231, which holds any file name."""
    encoded = quote(value, safe="")
    pieces: list[str] = [""]
    for character in re.findall(r"%..|.", encoded):
        if len(pieces[-1]) + len(character) > _PARAMETER_CHARACTERS:
            pieces.append("")
        pieces[-1] += character
    if len(pieces) == 1:
        return f"\r\n {name}*=utf-8''{encoded}".encode("ascii")
    starts = ["utf-8''", *([""] * (len(pieces) - 1))]
    lines = (f"\r\n {name}*{n}*={starts[n]}{piece}" for n, piece in enumerate(pieces))
    return ";".join(lines).encode("ascii")


@lru_cache(maxsize=4096)
def _mailbox(mailbox: Mailbox) -> bytes:
    """Return ``Name <address>``; kept, since the office and its coordinator stand in every letter."""
    if not is_address(mailbox.address):
        raise HeaderRefused("address_unsafe", address=one_line(mailbox.address) or "-")
    address = f"<{mailbox.address}>".encode("ascii")
    name = one_line(mailbox.name)
    if not name:
        return address
    if _PLAIN_HEADER.match(name) and "=?" not in name:
        quoted = _NAME_SPECIALS.sub(r"\\\1", name)
        return f'"{quoted}"'.encode("ascii") + b"\r\n " + address
    return _encoded_words(name) + b"\r\n " + address


@lru_cache(maxsize=4096)
def _unstructured(text: str) -> bytes:
    line = one_line(text)
    if _PLAIN_HEADER.match(line) and "=?" not in line:
        return line.encode("ascii")
    return _encoded_words(line)


def _encoded_words(line: str) -> bytes:
    """Return ``line`` as folded encoded words (RFC 2047), none of which splits a character."""
    words: list[bytes] = []
    held = b""
    for character in line:
        encoded = character.encode("utf-8")
        if len(held) + len(encoded) > _WORD_BYTES:
            words.append(held)
            held = b""
        held += encoded
    words.append(held)
    return b"\r\n ".join(b"=?utf-8?b?" + b64encode(word) + b"?=" for word in words)


def _identifier(message_id: str) -> bytes:
    if not _IDENTIFIER.match(message_id) or len(message_id) > 900:
        raise HeaderRefused("message_id_unsafe", message_id=one_line(message_id) or "-")
    return message_id.encode("ascii")


def _checked(pattern: re.Pattern[str], value: str) -> bytes:
    if not pattern.match(value) or len(value) > 400:
        raise HeaderRefused("header_unsafe", value=one_line(value) or "-")
    return value.encode("ascii")
