"""Whatever storage refuses can be said to a person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import storage
from notifications.wording import catalogue
from storage.outbox import LetterState

_REFUSAL = re.compile(
    r"(?:[A-Za-z]*Refused|PlanExists|EmailTaken|DatabaseTooNew|DatabaseNotReady)\(\s*\"([a-z_]+)\""
)


def refusals() -> list[str]:
    sources = Path(storage.__file__).parent.glob("*.py")
    said = {code for path in sources for code in _REFUSAL.findall(path.read_text(encoding="utf-8"))}
    return sorted(said | {f"letter_is_{state}" for state in LetterState})


@pytest.mark.parametrize("code", refusals())
def test_every_refusal_has_its_sentence(code: str) -> None:
    assert code in catalogue()
