"""The settings of one installation: one commented TOML file in its home folder, and the environment.

``DONDOC_HOME`` names the folder; ``DONDOC_DATABASE``, ``DONDOC_BASE_URL``, ``DONDOC_MAIL_PASSWORD`` and
``DONDOC_INBOX_PASSWORD`` override the file, so that secrets need not stand in it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path

from tasks_catalog.problem import Refused

FILE_NAME = "dondoc.toml"
_KNOWN = {
    "database",
    "organisation",
    "base_url",
    "timezone",
    "language",
    "sending_from",
    "sending_to",
    "port",
    "mail",
    "inbox",
}


class SettingsUnreadable(Refused):
    """The settings file cannot be read, or says something it cannot mean."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where things are and when mail may leave. Times are local to ``timezone``."""

    home: Path
    database_url: str
    organisation: str = ""
    """The code of the office among several in the database; "" where it is the only one."""
    base_url: str = "http://127.0.0.1:4200"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    language: str = "vi"
    sending_from: time = time(8)
    sending_to: time = time(17)
    port: int = 4200
    lease: timedelta = timedelta(minutes=10)
    """How long a process may hold a letter it is posting before another asks what became of it."""
    mail: Mapping[str, object] = field(default_factory=dict)
    """The ``[mail]`` table; ``notifications.deliver`` knows its keys."""
    inbox: Mapping[str, object] = field(default_factory=dict)
    """The ``[inbox]`` table; ``notifications.mailbox`` knows its keys."""


def default_home() -> Path:
    """Return ``DONDOC_HOME``, or the user's data folder for dondoc."""
    named = os.environ.get("DONDOC_HOME")
    return Path(named) if named else user_data_path("dondoc", appauthor=False)


def load_settings(home: Path | None = None) -> Settings:
    """Return the settings of ``home``; every one has a default, so no file is a valid file.

    Raises SettingsUnreadable, quoting the line or key at fault.
    """
    folder = (home or default_home()).absolute()
    table = _table(folder / FILE_NAME)
    mail = {"kind": "maildir", "folder": str(folder / "mail"), **_section(table, "mail")}
    if password := os.environ.get("DONDOC_MAIL_PASSWORD"):
        mail["password"] = password
    inbox = _section(table, "inbox")
    if password := os.environ.get("DONDOC_INBOX_PASSWORD"):
        inbox = {**inbox, "password": password}
    port = int(str(table.get("port", 4200)))
    sending = _time(table, "sending_from", time(8)), _time(table, "sending_to", time(17))
    if sending[0] >= sending[1]:
        raise SettingsUnreadable(
            "settings_sending_window", first=f"{sending[0]:%H:%M}", last=f"{sending[1]:%H:%M}"
        )
    default_url = f"sqlite:///{folder / 'dondoc.db'}"
    return Settings(
        home=folder,
        database_url=os.environ.get("DONDOC_DATABASE") or str(table.get("database", default_url)),
        organisation=str(table.get("organisation", "")),
        base_url=os.environ.get("DONDOC_BASE_URL") or str(table.get("base_url", f"http://127.0.0.1:{port}")),
        timezone=_zone(str(table.get("timezone", "Asia/Ho_Chi_Minh"))),
        language=str(table.get("language", "vi")),
        sending_from=sending[0],
        sending_to=sending[1],
        port=port,
        mail=mail,
        inbox=inbox,
    )


def _table(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsUnreadable("settings_unreadable", file=path.name, error=error) from error
    for unknown in sorted(set(table) - _KNOWN):
        raise SettingsUnreadable("settings_key_unknown", key=unknown, known=", ".join(sorted(_KNOWN)))
    return table


def _section(table: Mapping[str, object], name: str) -> dict[str, object]:
    section = table.get(name, {})
    if not isinstance(section, dict):
        raise SettingsUnreadable("settings_value_wrong", key=name, value=section)
    return section


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsUnreadable("settings_value_wrong", key="timezone", value=name) from error


def _time(table: Mapping[str, object], key: str, default: time) -> time:
    value = table.get(key, default)
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(str(value))
    except ValueError as error:
        raise SettingsUnreadable("settings_value_wrong", key=key, value=value) from error
