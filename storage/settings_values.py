"""How values are taken out of ``dondoc.toml``: one that cannot be meant is refused by its key, quoted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tasks_catalog.problem import Refused


class SettingsUnreadable(Refused):
    """The settings file cannot be read, or says something it cannot mean."""


def wrong(key: str, value: object) -> SettingsUnreadable:
    """Return the refusal of a value that cannot be meant."""
    return SettingsUnreadable("settings_value_wrong", key=key, value=value)


def refuse_unknown(table: Mapping[str, object], known: set[str]) -> None:
    """Raise SettingsUnreadable for a key that nobody reads: it is misspelt, or it is meant for another."""
    for unknown in sorted(set(table) - known):
        raise SettingsUnreadable("settings_key_unknown", key=unknown, known=", ".join(sorted(known)))


def section(table: Mapping[str, object], name: str) -> dict[str, object]:
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise wrong(name, found)
    return found


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise wrong("timezone", name) from error


def time_of_day(table: Mapping[str, object], key: str, default: time) -> time:
    value = table.get(key, default)
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(str(value))
    except ValueError as error:
        raise wrong(key, value) from error


def flag(table: Mapping[str, object], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise wrong(key, value)
    return value


def words(table: Mapping[str, object], key: str, default: str = "") -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise wrong(key, value)
    return value.strip()


def list_of_words(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise wrong(key, value)
    return tuple(each.strip() for each in value)


def hours(table: Mapping[str, object], key: str, default: float) -> timedelta:
    """Return a number of hours, up to those of a month."""
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 744:
        raise wrong(key, value)
    return timedelta(hours=value)


def file_in(home: Path, table: Mapping[str, object], key: str) -> Path | None:
    """Return the file a key names, by its whole path or in the office's folder; None for none."""
    named = words(table, key)
    return home / named if named else None
