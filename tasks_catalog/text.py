"""Vietnamese text as people write it: one form to keep, one form to compare by."""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

_WHITE = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_D_STROKE = str.maketrans({"đ": "d", "Đ": "D"})


def clean(text: str) -> str:
    """Return ``text`` in NFC with invisible characters dropped and white space folded to one space."""
    composed = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return _WHITE.sub(" ", composed).strip()


def plain(text: str) -> str:
    """Return ``text`` lower-cased and without accents, for searching with or without them."""
    decomposed = unicodedata.normalize("NFD", clean(text).translate(_D_STROKE))
    return "".join(filterfalse(unicodedata.combining, decomposed)).casefold()
