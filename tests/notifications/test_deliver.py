"""Settings that could not work are refused with their way out; retries follow a written schedule."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from notifications.deliver import (
    RETRY_MINUTES,
    MailSettings,
    MailSettingsRefused,
    next_attempt,
)
from notifications.mail_settings import mailer_from
from notifications.maildir import MaildirMailer
from notifications.smtp import SmtpMailer
from notifications.wording import problem_sentence

NOW = datetime(2022, 11, 30, 8, 0, tzinfo=timezone(timedelta(hours=7)))
RELAY = {"kind": "smtp", "sender_address": "dondoc@sct.example.vn", "host": "smtp.sct.example.vn"}


def test_each_failed_attempt_waits_as_the_schedule_says() -> None:
    waits = [next_attempt(attempts, NOW) for attempts in range(1, len(RETRY_MINUTES) + 1)]
    assert waits == [NOW + timedelta(minutes=minutes) for minutes in (2, 5, 15, 30, 60, 120, 240)]


def test_after_the_last_attempt_the_letter_is_given_up() -> None:
    assert next_attempt(len(RETRY_MINUTES) + 1, NOW) is None


def test_waits_grow_and_end_within_a_day_of_work() -> None:
    assert list(RETRY_MINUTES) == sorted(set(RETRY_MINUTES))
    assert sum(RETRY_MINUTES) <= 8 * 60


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"sender_address": "dondoc"}, "mail_sender_wrong", id="a sender without a domain"),
        pytest.param({"sender_address": "đôn@sct.vn"}, "mail_sender_wrong", id="a sender beyond ASCII"),
        pytest.param({"kind": "maildir"}, "mail_folder_missing", id="a maildir without a folder"),
        pytest.param({"kind": "pigeon"}, "mail_kind_unknown", id="an unknown mailer"),
        pytest.param({"host": ""}, "mail_host_wrong", id="no relay"),
        pytest.param({"host": "smtp.vn\r\nX"}, "mail_host_wrong", id="a relay with a line break"),
        pytest.param({"security": "ssl"}, "mail_security_unknown", id="an unknown security"),
        pytest.param({"port": 0}, "mail_port_wrong", id="port 0"),
        pytest.param({"port": 70000}, "mail_port_wrong", id="a port too high"),
        pytest.param({"timeout": 0}, "mail_timeout_wrong", id="no patience at all"),
        pytest.param({"username": "dondoc"}, "mail_login_half", id="a username without its password"),
        pytest.param({"password": "bí mật"}, "mail_login_half", id="a password without its username"),
        pytest.param(
            {"username": "u", "password": "p", "security": "none"},
            "mail_password_unprotected",
            id="a password in the open",
        ),
    ],
)
def test_settings_that_could_not_work_are_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(MailSettingsRefused) as refused:
        MailSettings(**(RELAY | change))  # type: ignore[arg-type]
    assert refused.value.code == code
    assert problem_sentence(refused.value) != problem_sentence(refused.value, "en")


@pytest.mark.parametrize(("security", "port"), [("none", 25), ("starttls", 587), ("tls", 465)])
def test_each_security_has_its_usual_port(security: str, port: int) -> None:
    assert MailSettings(**(RELAY | {"security": security})).relay_port == port  # type: ignore[arg-type]


def test_the_password_is_never_shown() -> None:
    settings = MailSettings(**(RELAY | {"username": "dondoc", "password": "rat-bi-mat"}))  # type: ignore[arg-type]
    assert "rat-bi-mat" not in repr(settings)


def test_the_settings_choose_the_mailer(tmp_path: Path) -> None:
    folder = MailSettings(kind="maildir", sender_address="dondoc@sct.example.vn", folder=tmp_path)
    assert isinstance(mailer_from(folder), MaildirMailer)
    assert isinstance(mailer_from(MailSettings(**RELAY)), SmtpMailer)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
