"""A sentence an office words its own way: what it may hold, and what of the original it must keep.

Texts are filled in by ``str.format``, which reaches into objects where braces hold more than a name: only
plain names in braces are let in, and exactly those the original has.
"""

from __future__ import annotations

import re

from tasks_catalog.problem import Refused
from tasks_catalog.text import clean

MOST, MOST_SUBJECT = 600, 200
_NAMED = re.compile(r"\{([a-z][a-z_]*)\}")
_WORD = re.compile(r"[^\W\d_]+")


def check_text(text: str) -> frozenset[str]:
    """Return the names in a text's braces.

    Raises Refused: wording_empty, wording_too_long, wording_characters (not in NFC, several lines, control
    characters), wording_braces (anything in braces but a plain name).
    """
    if not text:
        raise Refused("wording_empty")
    if len(text) > MOST:
        raise Refused("wording_too_long", most=MOST, length=len(text))
    if text != clean(text) or not text.isprintable():
        raise Refused("wording_characters")
    left = _NAMED.sub("", text)
    if "{" in left or "}" in left:
        at = min(place for brace in "{}" if (place := left.find(brace)) >= 0)
        raise Refused("wording_braces", words=left[max(0, at - 5) : at + 25])
    return frozenset(_NAMED.findall(text))


def check_against(text: str, original: str, *, subject: bool = False, words: int = 1) -> None:
    """Raise Refused where a text cannot stand for its original.

    A ``subject`` is shorter; at least so many ``words`` besides what is filled in must say something.
    Raises what ``check_text`` raises, wording_name_missing, wording_name_unknown, wording_says_nothing.
    """
    found, wanted = check_text(text), check_text(original)
    if subject and len(text) > MOST_SUBJECT:
        raise Refused("wording_too_long", most=MOST_SUBJECT, length=len(text))
    known = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "–"
    for names, code in ((found - wanted, "wording_name_unknown"), (wanted - found, "wording_name_missing")):
        if names:
            raise Refused(code, names=", ".join(f"{{{name}}}" for name in sorted(names)), known=known)
    if len(_WORD.findall(_NAMED.sub(" ", text))) < min(words, len(_WORD.findall(_NAMED.sub(" ", original)))):
        raise Refused("wording_says_nothing", least=words)
