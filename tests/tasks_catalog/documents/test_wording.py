"""Every code the readers raise or note has its sentence, and every sentence its values."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
ENTRIES = tomllib.loads((ROOT / "notifications/wording/documents.toml").read_text(encoding="utf-8"))
READERS = ("build", "converted", "csv_file", "docx", "guard", "pdf", "read", "xlsx")


def _sources() -> str:
    return "".join(
        (ROOT / f"tasks_catalog/documents/{name}.py").read_text(encoding="utf-8") for name in READERS
    )


def test_codes_and_sentences_are_the_same_set() -> None:
    before = r"(?:code = |code=|_note\(|Role\.\w+: |[A-Z]\w+\()"
    raised = set(re.findall(before + r'\s*"([a-z_0-9]+_[a-z_0-9]+)"', _sources()))
    assert raised == set(ENTRIES)


def test_both_languages_quote_the_same_values() -> None:
    for code, entry in ENTRIES.items():
        quoted = {
            lang: {name for _, name, _, _ in string.Formatter().parse(entry[lang]) if name} for lang in entry
        }
        assert quoted["vi"] == quoted["en"], code
