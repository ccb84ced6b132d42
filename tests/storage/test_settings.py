"""The settings file: what it says is meant, and what cannot be meant is refused by name."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from storage.settings import SettingsUnreadable, load_settings


def settings_file(home: Path, words: str) -> Path:
    (home / "dondoc.toml").write_text(words, encoding="utf-8")
    return home


def test_a_window_is_read_as_written(tmp_path: Path) -> None:
    found = load_settings(settings_file(tmp_path, "sending_from = 09:00:00\nsending_to = 16:30:00\n"))
    assert (found.sending_from, found.sending_to) == (time(9), time(16, 30))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(
            "sending_from = 17:00:00\nsending_to = 08:00:00", "settings_sending_window", id="reversed"
        ),
        pytest.param("sending_from = 17:00:00", "settings_sending_window", id="begins when it ends"),
        pytest.param('sending_from = "tám giờ"', "settings_value_wrong", id="no time"),
        pytest.param("gio_gui = 8", "settings_key_unknown", id="a key there is not"),
        pytest.param("sending_from = ", "settings_unreadable", id="no TOML"),
        pytest.param('timezone = "Asia/Hanoi"', "settings_value_wrong", id="no zone"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, words: str, code: str) -> None:
    with pytest.raises(SettingsUnreadable) as refused:
        load_settings(settings_file(tmp_path, words))
    assert refused.value.code == code
