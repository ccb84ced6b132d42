"""Whether a short wording abbreviates a unit's full name: "P. KH-TC-TH", "VP", "TTr", "Sở KH&CN".

Each capital of the short form stands for one word of the full name, in order, with nothing left over:
a rule to be followed by eye, no likeness. Who uses it asks for the one unit that fits.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tasks_catalog.text import clean, plain
from tasks_catalog.unit_names import plain_key

_WORD = re.compile(r"[^\W_]+")
_JOINERS = frozenset(("va", "cua"))
_TAILS = frozenset(("so", "bo", "tinh"))
"""What a name may end in and be called without, within the office itself: "Văn phòng Sở"."""
_HEADS: tuple[tuple[str, ...], ...] = (("phong",), ("trung", "tam"))
"""Kinds of unit a pure abbreviation may leave out: "QLTM" for "Phòng Quản lý thương mại"."""
_ONSETS = ("ngh", "ng", "nh", "ch", "gh", "gi", "kh", "ph", "qu", "th", "tr")


def without_tail(name: str) -> str:
    """Return the key of a name without its last word, where it may be called so; else ""."""
    words = plain_key(name).split()
    return " ".join(words[:-1]) if len(words) > 1 and words[-1] in _TAILS else ""


@lru_cache(maxsize=16384)
def abbreviates(short: str, full: str) -> bool:
    """Tell whether ``short`` is ``full`` with words cut to their first letters (two or more capitals)."""
    tokens, words = tuple(_WORD.findall(clean(short))), tuple(plain_key(full).split())
    if not tokens or not words or sum(sum(c.isupper() for c in token) for token in tokens) < 2:
        return False
    if plain_key(short) == plain_key(full) or len(words) < 2:
        return False
    starts = [0, *(len(head) for head in _HEADS if words[: len(head)] == head)]
    return any(
        _fits(tokens, words, start, cut=False) for start in starts if not start or _is_short(tokens[0])
    )


def _is_short(token: str) -> bool:
    return len(token) > 1 and token[:2].isupper()


def _fits(tokens: tuple[str, ...], words: tuple[str, ...], at: int, *, cut: bool) -> bool:
    """Tell whether the tokens use up the words from ``at`` on, at least one of them cut short."""
    if not tokens:
        return cut and all(word in _TAILS for word in words[at:])
    if at == len(words):
        return False
    if words[at] in _JOINERS and _fits(tokens, words, at + 1, cut=cut):
        return True
    if plain_key(tokens[0]) == words[at] and _fits(tokens[1:], words, at + 1, cut=cut):
        return True
    single = len(tokens[0]) == 1 and len(tokens) == 1
    return not single and any(_fits(tokens[1:], words, end, cut=True) for end in _ends(tokens[0], words, at))


def _ends(token: str, words: tuple[str, ...], at: int) -> list[int]:
    """Return where the words end that the token's capitals can stand for, beginning with the word ``at``."""
    if not token:
        return [at]
    if at == len(words) or not token[0].isupper():
        return []
    word, found = words[at], []
    if word in _JOINERS:
        found += _ends(token, words, at + 1)
    onset = next((cluster for cluster in _ONSETS if word.startswith(cluster)), word[:1])
    for length in {1, len(onset)}:
        part = token[:length]
        small = part[1:].islower() or not part[1:]  # "TTr" is T and Tr, "TT" never one word
        if plain(part) == onset[:length] and len(part) == length and small:
            found += _ends(token[length:], words, at + 1)
    return found
