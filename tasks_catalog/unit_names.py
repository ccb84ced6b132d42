"""The forms under which two spellings of a unit's name count as one; never a guess at a likeness."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks_catalog.text import clean, plain

# A directory's names and those of a plan's owners are asked for again on every row: their keys are kept.
_NOT_WORD = re.compile(r"[\W_]+")
_LONG_I = re.compile(r"\b(h|k|l|m|s|t|qu)y\b")


@lru_cache(maxsize=8192)
def name_key(name: str) -> str:
    """Return ``name`` without case and punctuation, accents kept: "Phòng KH.TC.TH" -> "phòng kh tc th"."""
    return _NOT_WORD.sub(" ", clean(name).casefold()).strip()


@lru_cache(maxsize=8192)
def plain_key(name: str) -> str:
    """Return the key without accents, for text typed without them.

    It also folds what Vietnamese writes in two ways: the place of the tone mark ("hoá", "hóa") and
    i for y in an open syllable ("kỹ", "kĩ").
    """
    return _LONG_I.sub(r"\1i", _NOT_WORD.sub(" ", plain(name)).strip())


def slug(name: str) -> str:
    """Return a code made of ``name``: lower case, no accents, words joined by dashes."""
    return _NOT_WORD.sub("-", plain(name)).strip("-")
