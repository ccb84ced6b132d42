"""What was changed in an office's settings, in words: labels by kind and field, codes by the names they have.

The label of a kind is the sentence ``setting_<kind>``, that of a field ``setting_<kind>_<field>``; a value
that is one of a few words of the program's own is worded by ``setting_<kind>_<field>_<value>`` where there
is such a sentence. A field that nobody has worded yet is shown by its own name: a record is never refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from notifications.wording import catalogue, date_text, sentence
from tasks_catalog.differences import differences
from tasks_catalog.people import Directory

_PEOPLE = frozenset({"person", "focal_point", "head", "deputy", "substitute", "by"})
"""Fields that hold the code of a person, whatever kind of thing they are of."""
_UNITS = frozenset({"unit", "units", "members"})


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One field that was changed: its label, and what stood in it before and since."""

    label: str
    before: str
    after: str


def subject_words(kind: str, key: str, directory: Directory, language: str) -> str:
    """Return what a change is about: "Đơn vị: Thanh tra Sở (TT)"."""
    label = kind_words(kind, language)
    name = _named(kind, key, directory, language)
    return f"{label}: {name}" if name else label


def changed_words(
    kind: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    directory: Directory,
    language: str,
) -> tuple[Changed, ...]:
    """Return the fields that differ, in words."""
    return tuple(
        Changed(
            label=field_words(kind, each.field, language),
            before=value_words(kind, each.field, each.before, directory, language),
            after=value_words(kind, each.field, each.after, directory, language),
        )
        for each in differences(before, after)
    )


def kind_words(kind: str, language: str) -> str:
    return _worded(f"setting_{kind}", language) or kind


def field_words(kind: str, field: str, language: str) -> str:
    return _worded(f"setting_{kind}_{field}", language) or field


def value_words(kind: str, field: str, value: Any, directory: Directory, language: str) -> str:
    """Return a value as people read it; "–" for none."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return sentence("setting_yes" if value else "setting_no", language)
    if isinstance(value, Mapping):
        parts = (
            f"{field_words(kind, name, language)}: {value_words(kind, name, one, directory, language)}"
            for name, one in value.items()
            if one not in (None, "", [], {})
        )
        return ", ".join(parts)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(value_words(kind, field, one, directory, language) for one in value)
    return _text_words(kind, field, str(value), directory, language)


def _text_words(kind: str, field: str, text: str, directory: Directory, language: str) -> str:
    if field in _PEOPLE:
        return person_words(text, directory, language)
    if field in _UNITS:
        return _unit_words(text, directory)
    return _worded(f"setting_{kind}_{field}_{text}", language) or _day_words(text, language)


def person_words(code: str, directory: Directory, language: str) -> str:
    """Return whom a code names, with the code, which tells apart two people of one name."""
    if code == "office":
        return sentence("board_by_office", language)
    person = directory.person(code)
    return f"{person.name} ({code})" if person else code


def _unit_words(code: str, directory: Directory) -> str:
    owner = directory.unit(code) or directory.group(code)
    return f"{owner.name} ({code})" if owner else code


def _named(kind: str, key: str, directory: Directory, language: str) -> str:
    first, _, rest = key.partition("/")
    if kind in ("unit", "group"):
        owner = directory.unit(key) if kind == "unit" else directory.group(key)
        return f"{owner.name} ({key})" if owner else key
    if directory.person(first) is not None and kind not in ("plan",):
        person = person_words(first, directory, language)
        return f"{person}, {_day_words(rest, language)}" if rest else person
    return "" if key == directory.organisation else _day_words(key, language)


def _day_words(text: str, language: str) -> str:
    """Return a day as the language writes it; anything else as it stands."""
    try:
        return date_text(date.fromisoformat(text), language) if len(text) == 10 else text
    except ValueError:
        return text


def _worded(code: str, language: str) -> str:
    entry = catalogue().get(code)
    return sentence(code, language) if entry is not None and "{" not in entry["vi"] else ""
