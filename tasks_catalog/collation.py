"""Vietnamese alphabetical order (TCVN): a ă â … d đ e ê …, and only then the tones."""

from __future__ import annotations

import unicodedata

from tasks_catalog.text import clean

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACE = {letter: place for place, letter in enumerate(_ALPHABET)}
_TONES = "\u0300\u0309\u0303\u0301\u0323"
"""huyền, hỏi, ngã, sắc, nặng, in this order after no tone."""

CollationKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]


def collation_key(text: str) -> CollationKey:
    """Return what ``text`` sorts by: its letters, then its tones, then itself. Digits come before letters."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for char in clean(text).casefold():
        parts = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in parts if mark in _TONES), "")
        letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
        letters.append(_letter(letter))
        tones.append(_TONES.index(tone) + 1 if tone else 0)
    return tuple(letters), tuple(tones), text


def _letter(letter: str) -> tuple[int, int]:
    if letter in _PLACE:
        return 1, _PLACE[letter]
    code = ord(letter[:1] or " ")
    return (0 if code < 128 else 2), code
