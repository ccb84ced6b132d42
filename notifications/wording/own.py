"""Sentences an office words its own way, beside the catalogue: handed along with a letter, never kept here.

One process may write the letters of several offices, so nothing of an office stands in a module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from notifications.wording import Wording, filled, sentence

Key = tuple[str, str]
"""A sentence's code, and "vi" or "en"."""


@dataclass(frozen=True, eq=False)
class OwnWords:
    """An office's own texts by code and language; what it does not word itself is the catalogue's."""

    texts: Mapping[Key, str] = field(default_factory=lambda: MappingProxyType({}))

    def sentence(self, code: str, lang: str, /, **params: object) -> str:
        """Return the sentence as ``notifications.wording.sentence`` does, in the office's words."""
        text = self.texts.get((code, "en" if lang == "en" else "vi"))
        return sentence(code, lang, **params) if text is None else filled(text, code, lang, params)

    def in_language(self, lang: str) -> Wording:
        """Return ``sentence`` with the language chosen."""

        def say(code: str, /, **params: object) -> str:
            return self.sentence(code, lang, **params)

        return say


CATALOGUE = OwnWords()
"""The catalogue's own words: for an office that words nothing itself, and for pages."""
