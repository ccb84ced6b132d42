"""Searching tasks: words folded so that "cai cach" finds "cải cách", and what a typed text asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tasks_catalog.text import plain

_WORD = re.compile(r"[^\W_]+")
_PHRASE = re.compile(r'"([^"]*)"|(\S+)')
SHORT = 1
"""A word of so many letters stands for itself: as a beginning it would be half of all words."""
_MOST = 12
"""Words of a search that count; who pastes a whole page finds by its beginning."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for: every word must begin a word of the task; a phrase's words stand together."""

    phrases: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for phrase in self.phrases for word in phrase))

    @property
    def has_phrases(self) -> bool:
        return any(len(phrase) > 1 for phrase in self.phrases)

    def is_in(self, words: str) -> bool:
        """Say whether ``words``, folded, have all of it; a single letter must be a word of its own."""
        return all(f" {' '.join(phrase)}{_end(phrase)}" in f"{words} " for phrase in self.phrases)


def _end(phrase: tuple[str, ...]) -> str:
    return " " if len(phrase[-1]) <= SHORT else ""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded; whatever is no letter or digit parts them."""
    return tuple(_WORD.findall(plain(text)))


def folded(texts: Iterable[str]) -> str:
    """Return texts as one string of folded words, each after one space: what a search looks through."""
    return "".join(f" {word}" for word in words_of("\n".join(texts)))


def search_of(text: str) -> Search | None:
    """Return what a typed text asks for, or None for one without a word. Words in "" stand together."""
    phrases = []
    left = _MOST
    for phrase, word in _PHRASE.findall(text):
        single = words_of(word)
        for words in (words_of(phrase),) if phrase else ((each,) for each in single):
            if words and left:
                phrases.append(words[:left])
                left -= len(words[:left])
    return Search(phrases=tuple(phrases)) if phrases else None
