"""Opening the database, and the two ways of using it: one transaction that writes, or one that only reads."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 30
_READ_ONLY = "dondoc_read_only"
_MIGRATION_LOCK = 0x646F6E64  # "dond": one migration at a time on PostgreSQL


class DatabaseTooNew(Refused):
    """The database was migrated by a newer version of the program."""


class DatabaseNotReady(Refused):
    """The database has no tables yet, or those of an older version: it must be migrated first."""


def open_engine(url: str) -> Engine:
    """Return an engine for ``sqlite:///...`` or ``postgresql://...`` (served by psycopg 3)."""
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, json_serializer=_dumps, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(address, json_serializer=_dumps, pool_pre_ping=True)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # sqlite3 would begin by itself, late and deferred; ``_begin_sqlite`` says BEGIN instead.
    setattr(connection, "isolation_level", None)  # noqa: B010  # not in SQLAlchemy's protocol
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA recursive_triggers = ON")  # else REPLACE slips past the append-only triggers
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    """Turn the write-ahead log on; in a new file SQLite does not wait for the lock this takes."""
    for _ in range(BUSY_SECONDS * 100):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorname != "SQLITE_BUSY":
                raise
            sleep(0.01)
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    """Begin at once as the writer, so that two writers queue instead of failing half-way; or only read."""
    read_only = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def write(engine: Engine) -> Iterator[Session]:
    """Open one writing transaction: committed at exit, rolled back on any error.

    Rows stay readable after it. On SQLite writers queue for at most 30 seconds.
    """
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def read(engine: Engine) -> Iterator[Session]:
    """Open one reading transaction over one state of the database; writing in it is an error."""
    with Session(engine.execution_options(**_read_options(engine)), expire_on_commit=False) as session:
        yield session


@contextmanager
def rehearse(engine: Engine) -> Iterator[Session]:
    """Open a transaction that may write and is always rolled back: what would happen, without it."""
    with Session(engine, expire_on_commit=False) as session:
        try:
            yield session
        finally:
            session.rollback()


def _read_options(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {_READ_ONLY: True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def migrate(engine: Engine) -> None:
    """Bring the database to this version's tables, in one transaction.

    Raises DatabaseTooNew for a database a newer version has migrated.
    """
    from alembic import command

    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        _refuse_newer(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_version(engine: Engine) -> None:
    """Raise DatabaseTooNew or DatabaseNotReady unless the database has exactly this version's tables."""
    with engine.connect().execution_options(**_read_options(engine)) as connection:
        found = _refuse_newer(connection)
    if found != _head():
        raise DatabaseNotReady("database_not_ready", found=found or "-", wanted=_head())


def _refuse_newer(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in _known():
        raise DatabaseTooNew("database_too_new", found=found, wanted=_head())
    return found


def _known() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _head() -> str:
    from alembic.script import ScriptDirectory

    (head,) = ScriptDirectory.from_config(_config()).get_heads()
    return head


def _config() -> Config:
    """Build Alembic's configuration in code: an installed wheel has no alembic.ini."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
