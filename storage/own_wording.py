"""Sentences of letters an office words its own way: set through the one door, read back.

What a sentence may hold is checked here (``tasks_catalog.own_text``); whether it fits the sentence it stands
for is known above, where the sentences are (``notifications.own_wording``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from storage.office_journal import Made, Values
from storage.wording_rows import OwnWordingRow
from tasks_catalog.own_text import check_text
from tasks_catalog.problem import Refused

KIND = "wording"
LANGUAGES = ("vi", "en")


class OwnWording:
    """The kind of setting "wording": its key is "<code>/<language>", its value the text."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        row = session.scalars(_query(organisation_id, key)).one_or_none()
        return None if row is None else {"text": row.text}

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Raises Refused: wording_unknown (no such key), wording_values, and what ``check_text`` raises."""
        code, language = _parted(key)
        if values is None:
            session.execute(
                delete(OwnWordingRow).where(
                    OwnWordingRow.organisation_id == organisation_id,
                    OwnWordingRow.code == code,
                    OwnWordingRow.language == language,
                )
            )
            return
        text = values.get("text")
        if set(values) != {"text"} or not isinstance(text, str):
            raise Refused("wording_values")
        check_text(text)
        row = session.scalars(_query(organisation_id, key)).one_or_none()
        if row is None:
            row = OwnWordingRow(organisation_id=organisation_id, code=code, language=language)
            session.add(row)
        row.text = text


OWN_WORDING = OwnWording()


def own_texts(session: Session, organisation_id: int) -> Mapping[tuple[str, str], str]:
    """Return every text the office has of its own, by code and language."""
    table = OwnWordingRow
    query = select(table.code, table.language, table.text).where(table.organisation_id == organisation_id)
    return {(code, language): text for code, language, text in session.execute(query).tuples()}


def _query(organisation_id: int, key: str) -> Select[Any]:
    code, language = _parted(key)
    return select(OwnWordingRow).where(
        OwnWordingRow.organisation_id == organisation_id,
        OwnWordingRow.code == code,
        OwnWordingRow.language == language,
    )


def _parted(key: str) -> tuple[str, str]:
    code, _, language = key.rpartition("/")
    if not code or not code.isidentifier() or not code.isascii() or language not in LANGUAGES:
        raise Refused("wording_unknown", named=key[:60])
    return code, language
