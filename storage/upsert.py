"""INSERT ... ON CONFLICT DO NOTHING on both databases: how a unique key is claimed, without looking first."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.columns import Base


def insert_new(
    session: Session, table: type[Base], unique: tuple[str, ...] | None = None
) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT into ``table`` that skips rows whose ``unique`` columns are there already.

    Without columns any unique index of the table counts, also one over part of its rows.
    """
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing(index_elements=unique)
    return sqlite.insert(table).on_conflict_do_nothing(index_elements=unique)
