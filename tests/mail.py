"""Mail that came back, as the tests hand it in: the samples of ``tests/data/mail`` about one letter."""

from __future__ import annotations

from pathlib import Path

from notifications.signing import return_path

MAIL = Path(__file__).parent / "data" / "mail"
RETURN_ADDRESS = "tra-lai@example.vn"
KEY = "k" * 32


def sample(
    name: str,
    *,
    path: str = "dondoc@example.vn",
    message_id: str = "<letter@example.vn>",
    reader: str = "huong@example.vn",
) -> bytes:
    """Return a sample about the letter of that Message-ID to that reader, sent back to ``path``."""
    text = (MAIL / f"{name}.eml").read_text(encoding="utf-8")
    for word, value in (("RETURN-PATH", path), ("MESSAGE-ID", message_id), ("READER", reader)):
        text = text.replace(word, value)
    return text.encode()


def signed_path(letter: int, key: str = KEY) -> str:
    return return_path(RETURN_ADDRESS, letter, (key,))
