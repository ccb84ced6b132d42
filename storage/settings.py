"""The settings of one installation: one commented TOML file in its home folder, and the environment.

``DONDOC_HOME`` names the folder; ``DONDOC_DATABASE``, ``DONDOC_BASE_URL``, ``DONDOC_MAIL_PASSWORD``,
``DONDOC_INBOX_PASSWORD`` and ``DONDOC_OIDC_SECRET`` override the file, so that secrets need not stand in it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from platformdirs import user_data_path

from storage.door_settings import (
    NETWORK_KEYS,
    Network,
    SignInSettings,
    check_door,
    names_of,
    network_of,
    sign_in_of,
)
from storage.settings_values import SettingsUnreadable as SettingsUnreadable
from storage.settings_values import refuse_unknown, section, time_of_day, zone

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
    "sign_in",
    *NETWORK_KEYS,
}


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
    network: Network = field(default_factory=Network)
    sign_in: SignInSettings = field(default_factory=SignInSettings)

    @property
    def names(self) -> tuple[str, ...]:
        """The host names requests to the board may come by."""
        return names_of(self.network, self.sign_in, self.base_url)


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
    mail = {"kind": "maildir", "folder": str(folder / "mail"), **section(table, "mail")}
    if password := os.environ.get("DONDOC_MAIL_PASSWORD"):
        mail["password"] = password
    inbox = section(table, "inbox")
    if password := os.environ.get("DONDOC_INBOX_PASSWORD"):
        inbox = {**inbox, "password": password}
    port = int(str(table.get("port", 4200)))
    sending = time_of_day(table, "sending_from", time(8)), time_of_day(table, "sending_to", time(17))
    if sending[0] >= sending[1]:
        raise SettingsUnreadable(
            "settings_sending_window", first=f"{sending[0]:%H:%M}", last=f"{sending[1]:%H:%M}"
        )
    default_url = f"sqlite:///{folder / 'dondoc.db'}"
    network = network_of(table, folder)
    sign_in = sign_in_of(section(table, "sign_in"), folder, os.environ.get("DONDOC_OIDC_SECRET"))
    here = f"{'https' if network.tls else 'http'}://127.0.0.1:{port}"
    base_url = os.environ.get("DONDOC_BASE_URL") or str(table.get("base_url", here))
    check_door(network, sign_in, base_url)
    return Settings(
        home=folder,
        database_url=os.environ.get("DONDOC_DATABASE") or str(table.get("database", default_url)),
        organisation=str(table.get("organisation", "")),
        base_url=base_url,
        timezone=zone(str(table.get("timezone", "Asia/Ho_Chi_Minh"))),
        language=str(table.get("language", "vi")),
        sending_from=sending[0],
        sending_to=sending[1],
        port=port,
        mail=mail,
        inbox=inbox,
        network=network,
        sign_in=sign_in,
    )


def _table(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsUnreadable("settings_unreadable", file=path.name, error=error) from error
    refuse_unknown(table, _KNOWN)
    return table
