"""The order of Vietnamese words: a key that sorts as a dictionary does, kept beside what it sorts.

Letters decide first (a ă â b c d đ e ê …), tones only between words that are else the same, in the
order they are taught: level, huyền, hỏi, ngã, sắc, nặng. Numbers within a text sort as numbers.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tasks_catalog.text import clean

# "{" and "|" come after every letter, so that ă follows all words in a and â all words in ă
_LETTERS = {"ă": "a{", "â": "a|", "đ": "d{", "ê": "e{", "ô": "o{", "ơ": "o|", "ư": "u{"}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_NUMBER = re.compile(r"[0-9]+")
_LONGEST = 90
"""Of a long text its beginning is enough: what is the same so far sorts by its row."""


def collation_key(text: str) -> str:
    """Return a key that sorts by its code points as ``text`` sorts in Vietnamese; case does not matter."""
    letters, tones = [], []
    for character in clean(text).casefold()[:_LONGEST]:
        letter, tone = _parted(character)
        if letter:
            letters.append(letter)
            tones.append(tone)
    key = _NUMBER.sub(_as_number, "".join(letters))
    return f"{key}\u0001{''.join(tones).rstrip('0')}"


def name_order(name: str) -> tuple[str, str]:
    """Return a key that sorts people as Vietnamese lists do: by given name, the last word, then the whole."""
    words = clean(name).split(" ")
    return collation_key(words[-1]), collation_key(name)


@lru_cache(maxsize=4096)
def _parted(character: str) -> tuple[str, str]:
    """Return a character's letter, as it sorts, and its tone; "" for what does not count in sorting."""
    if character.isascii():
        return (character, "0") if character.isalnum() or character == " " else ("", "0")
    marks = unicodedata.normalize("NFD", character)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), "0")
    letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    return (_LETTERS.get(letter, letter), tone) if letter.isalnum() else ("", "0")


def _as_number(found: re.Match[str]) -> str:
    """Return a number behind how many digits it has: 9 comes before 10."""
    digits = found.group().lstrip("0")
    return f"{len(digits):02}{digits}"
