"""The one catalogue of sentences people read, in Vietnamese and English, one TOML file for each area.

An entry is ``[code]`` with ``vi`` and ``en``; placeholders are those of ``str.format`` and the same
in both. The core names what happened by a code and hands over the words to quote; only here does it
become a sentence. Files are read once, at the first sentence asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from tasks_catalog.problem import Place, Problem, Refused

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "LANGUAGES",
    "CatalogueFault",
    "Wording",
    "WordingMissing",
    "catalogue",
    "date_text",
    "filled",
    "place_sentence",
    "problem_sentence",
    "read_catalogue",
    "sentence",
]

LANGUAGES = ("vi", "en")
Wording = Callable[..., str]
"""Anything called like ``sentence`` with the language already chosen: ``say("due_today", on=day)``."""

Texts = Mapping[str, Mapping[str, str]]
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class WordingMissing(LookupError):
    """A sentence was asked for that the catalogue cannot make; the message names code and cause."""


class CatalogueFault(Exception):
    """The files themselves are wrong: a code in two files, or an entry without both languages."""


def sentence(code: str, /, lang: str = "vi", **params: object) -> str:
    """Return the sentence of ``code``; a language other than English is answered in Vietnamese.

    Dates among ``params``, also those in ISO form, are written as the language writes them. Raises
    WordingMissing for an unknown code or a placeholder without its value.
    """
    return _worded(code, lang, params)


def problem_sentence(problem: Problem | Refused, lang: str = "vi") -> str:
    """Return what is wrong and what would be right, without the place (``place_sentence``)."""
    return _worded(problem.code, lang, problem.params)


def place_sentence(place: Place | None, lang: str = "vi") -> str:
    """Return where in the document something stands: "bảng 2, dòng 14, cột Thời hạn"; "" for nowhere."""
    if place is None:
        return ""
    parts: tuple[tuple[str, object], ...] = (
        ("place_sheet", place.sheet),
        ("place_page", place.page),
        ("place_table", place.table),
        ("place_row", place.row),
        ("place_column", place.column),
    )
    return ", ".join(_worded(code, lang, {"it": it}) for code, it in parts if it is not None)


def date_text(day: date, lang: str = "vi") -> str:
    """Return a day as letters and pages write it: "15/11/2022", in English "15 Nov 2022"."""
    if lang == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day:02}/{day.month:02}/{day.year}"


@cache
def catalogue() -> Texts:
    """Return every code with its texts by language, from all files of this folder."""
    from pathlib import Path  # likewise

    return read_catalogue(sorted(Path(__file__).parent.glob("*.toml")))


def read_catalogue(files: Iterable[Path]) -> Texts:
    """Return the entries of ``files``. Raises CatalogueFault, which names the file and the code."""
    import tomllib  # only who words a sentence pays for it

    texts: dict[str, Mapping[str, str]] = {}
    written_in: dict[str, str] = {}
    for file in files:
        for code, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if code in texts:
                raise CatalogueFault(f"[{code}] stands in {written_in[code]} and in {file.name}: keep one")
            if not isinstance(entry, dict) or not all(isinstance(entry.get(lang), str) for lang in LANGUAGES):
                raise CatalogueFault(f"[{code}] in {file.name} needs the texts {' and '.join(LANGUAGES)}")
            texts[code], written_in[code] = entry, file.name
    return texts


def _worded(code: str, lang: str, params: Mapping[str, object]) -> str:
    entry = catalogue().get(code)
    if entry is None:
        raise WordingMissing(f"no sentence for [{code}] in notifications/wording/*.toml")
    return filled(entry["en" if lang == "en" else "vi"], code, lang, params)


def filled(text: str, code: str, lang: str, params: Mapping[str, object]) -> str:
    """Return a text with its placeholders filled in as the language writes values.

    Raises WordingMissing for a placeholder without its value, which names ``code``.
    """
    if "{" not in text:
        return text
    try:
        return text.format_map({name: _shown(value, lang) for name, value in params.items()})
    except (KeyError, IndexError) as missing:
        raise WordingMissing(f"[{code}] quotes {missing}, given: {', '.join(params) or '-'}") from missing


def _shown(value: object, lang: str) -> object:
    if isinstance(value, str):
        return _iso_shown(value, lang) if len(value) == 10 and _ISO_DATE.match(value) else value
    return date_text(value, lang) if isinstance(value, date) else value


def _iso_shown(value: str, lang: str) -> str:
    try:
        return date_text(date.fromisoformat(value), lang)
    except ValueError:  # "2022-02-30" is somebody's words, not a day: quoted as it stands
        return value
