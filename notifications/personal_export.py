"""A person's data as a file to take away: JSON for programs, and the same as plain text in their language."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from notifications.wording import catalogue, sentence

Data = Mapping[str, Sequence[Mapping[str, Any]]]
JSON_NAME, TEXT_NAME = "data.json", "data.txt"


def export_file(code: str, data: Data, *, language: str, at: datetime) -> bytes:
    """Return a zip of both; ``data`` is what ``storage.personal_data.data_of`` gathers."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        told = {"person": code, "at": at.isoformat(), **data}
        _add(archive, JSON_NAME, json.dumps(told, ensure_ascii=False, indent=2), at)
        _add(archive, TEXT_NAME, "\n".join(_lines(code, data, language, at)), at)
    return kept.getvalue()


def _add(archive: zipfile.ZipFile, name: str, words: str, at: datetime) -> None:
    file = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    file.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(file, words.encode("utf-8"))


def _lines(code: str, data: Data, language: str, at: datetime) -> Iterator[str]:
    yield sentence("personal_export_title", language, code=code, on=at.date())
    yield sentence("personal_export_lead", language)
    for kind, rows in data.items():
        yield ""
        heading = sentence(f"personal_data_{kind}", language)
        yield f"{heading} ({len(rows)})"
        yield "-" * len(heading)
        for row in rows:
            yield "- " + "; ".join(
                f"{_field(name, language)}: {_shown(value)}"
                for name, value in row.items()
                if value not in (None, "", [], {})
            )


def _field(name: str, language: str) -> str:
    code = f"personal_field_{name}"
    return sentence(code, language) if code in catalogue() else name


def _shown(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False)
    return " ".join(str(value).split())
