"""INSERT ... ON CONFLICT on both databases: how a unique key is claimed or renewed, without looking first."""

from __future__ import annotations

from functools import cache

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


def insert_or_renew(
    session: Session, table: type[Base], unique: tuple[str, ...], renewed: tuple[str, ...]
) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT into ``table`` that gives rows already there the new ``renewed`` columns."""
    return _renewing(session.get_bind().dialect.name, table, unique, renewed)


@cache
def _renewing(
    dialect: str, table: type[Base], unique: tuple[str, ...], renewed: tuple[str, ...]
) -> sqlite.Insert | postgresql.Insert:
    if dialect == "postgresql":
        onto = postgresql.insert(table)
        return onto.on_conflict_do_update(
            index_elements=unique, set_={name: onto.excluded[name] for name in renewed}
        )
    into = sqlite.insert(table)
    return into.on_conflict_do_update(
        index_elements=unique, set_={name: into.excluded[name] for name in renewed}
    )
