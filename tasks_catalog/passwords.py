"""Passwords: one form to compare by, and which new ones are good enough.

The form is RFC 8265's OpaqueString, so that a Vietnamese word typed on another keyboard, or decomposed as
some machines send it, is the same password. What is asked of a new one is NIST SP 800-63B's: length and
resistance to guessing, no rules of composition and no date on which it must be changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock
from typing import Any

from tasks_catalog.people import Directory, Person
from tasks_catalog.problem import Refused
from tasks_catalog.text import plain

LEAST, MOST = 12, 200
"""Characters of a password, after normalising."""
_STRONG = 3
"""Of zxcvbn's 0 to 4: at least 10^8 guesses, beyond what can be tried at a sign-in page."""
_JUDGED = 64
"""Characters zxcvbn is given: its time grows with their square, and what is longer is judged by these."""
_ONE_AT_A_TIME = Lock()
"""zxcvbn keeps the words it is given in a dictionary of its module."""
_KNOWN_HERE = (
    *("matkhau", "mat khau", "password", "dondoc", "don doc", "cai cach hanh chinh", "cchc"),
    *("so cong thuong", "uy ban nhan dan", "ubnd", "viet nam", "xin chao", "anh yeu em", "hanh chinh"),
)


class PasswordRefused(Refused):
    """A password that nobody may choose; the refusal says why."""


def opaque(typed: str) -> str | None:
    """Return a password in the form it is compared by; None where it holds what no password may.

    RFC 8265, 4.2: other spaces become U+0020, then NFC; nothing is trimmed, folded or lower-cased. Controls
    and characters nobody sees are not allowed (RFC 8264, FreeformClass).
    """
    spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in typed)
    composed = unicodedata.normalize("NFC", spaced)
    if not composed or any(unicodedata.category(each).startswith("C") for each in composed):
        return None
    return composed


def new_password(typed: str, person: Person, directory: Directory) -> str:
    """Return a new password in the form to keep a hash of.

    Raises PasswordRefused: password_unreadable, password_short, password_long, or password_weak_<why> for
    one that would be guessed, among others from what is known of its person.
    """
    password = opaque(typed)
    if password is None:
        raise PasswordRefused("password_unreadable" if typed else "password_short", least=LEAST, length=0)
    if len(password) < LEAST:
        raise PasswordRefused("password_short", least=LEAST, length=len(password))
    if len(password) > MOST:
        raise PasswordRefused("password_long", most=MOST, length=len(password))
    known = tuple(_known_of(person, directory))
    if (why := _weakness(password, known)) is not None:
        raise PasswordRefused(f"password_weak_{why}")
    return password


def _known_of(person: Person, directory: Directory) -> Iterator[str]:
    """What a colleague would try first, without accents: whole, without spaces, and word by word."""
    unit = directory.unit(person.unit)
    local, _, domain = person.email.partition("@")
    said = (person.name, local, domain, person.email, person.code, person.title, directory.name)
    units = (unit.name, unit.code, *unit.aliases) if unit else (person.unit,)
    for words in map(plain, (*said, *units, directory.place, *_KNOWN_HERE)):
        if words:
            yield from (words, words.replace(" ", ""))
            yield from (word for word in words.split() if len(word) > 1)


def _weakness(password: str, known: Iterable[str]) -> str | None:
    """Return why the password would be guessed; None where it would not.

    Judged as typed and without accents, which whoever guesses Vietnamese words leaves out first.
    """
    from zxcvbn import zxcvbn  # its word lists take a tenth of a second to load

    inputs = list(dict.fromkeys(known))
    for words in dict.fromkeys((password[:_JUDGED], plain(password)[:_JUDGED])):
        with _ONE_AT_A_TIME:
            found = zxcvbn(words, user_inputs=inputs)
        if found["score"] < _STRONG:
            return _why(found["sequence"])
    return None


_PATTERNS: Mapping[str, str] = {
    "repeat": "repeat",
    "sequence": "sequence",
    "spatial": "sequence",
    "date": "date",
    "regex": "date",
    "dictionary": "common",
}


def _why(sequence: Iterable[Mapping[str, Any]]) -> str:
    """Return the most telling of the patterns found."""
    found = list(sequence)
    if any(match.get("dictionary_name") == "user_inputs" for match in found):
        return "known"
    longest = max(found, key=lambda match: len(match["token"]), default=None)
    return _PATTERNS.get(longest["pattern"], "guessable") if longest else "guessable"
