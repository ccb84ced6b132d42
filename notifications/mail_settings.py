"""The ``[mail]`` table of an office's settings, checked and typed, and the mailer it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from notifications.deliver import Mailer, MailSettings, MailSettingsRefused

DEFAULT_SENDER = "dondoc@example.vn"
"""Stands in letters until the office sets its own; a maildir needs no other."""
_NUMBERS: Mapping[str, type[int] | type[float]] = {
    "port": int,
    "timeout": float,
    "connections": int,
    "rate_per_minute": int,
}
_PATHS = ("folder", "ca_file")


def mail_settings_from(table: Mapping[str, object]) -> MailSettings:
    """Return the settings a table names. Raises MailSettingsRefused, quoting the key at fault."""
    known = {field.name for field in fields(MailSettings)}
    values: dict[str, Any] = {"sender_address": DEFAULT_SENDER}
    for key, value in table.items():
        if key not in known:
            raise MailSettingsRefused("mail_key_unknown", key=key, known=", ".join(sorted(known)))
        values[key] = _typed(key, value)
    return MailSettings(**values)


def _typed(key: str, value: object) -> object:
    if key in _PATHS:
        return Path(str(value))
    number = _NUMBERS.get(key)
    if number is None:
        return str(value)
    try:
        return number(str(value))
    except ValueError as error:
        raise MailSettingsRefused("mail_value_wrong", key=key, value=value) from error


def mailer_from(settings: MailSettings) -> Mailer:
    """Return the mailer the settings ask for; nothing is connected or written yet."""
    if settings.kind == "maildir":
        from notifications.maildir import MaildirMailer  # each office needs only one of the two

        return MaildirMailer(settings.folder or Path())
    from notifications.smtp import SmtpMailer  # aiosmtplib costs every start otherwise

    return SmtpMailer(settings)
