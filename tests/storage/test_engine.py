"""Migrations arrive at the tables the code knows; transactions begin and end as promised."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, StatementError

from storage.engine import (
    DatabaseNotReady,
    DatabaseTooNew,
    check_version,
    migrate,
    open_engine,
    read,
    write,
)
from storage.schema import Base, Organisation


def office(code: str = "sct", at: datetime | None = None) -> Organisation:
    created = at or datetime(2022, 1, 4, 8, 0, tzinfo=UTC)
    return Organisation(
        code=code, name="Sở Công Thương", place="", superior="", kind="live", created_at=created
    )


def test_migrations_arrive_at_exactly_the_tables_the_code_knows(engine: Engine) -> None:
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_declared}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def _is_declared(name: str | None, _kind: str, _parents: object) -> bool:
    """The index to search in is each dialect's own: a virtual table here, an expression there."""
    return not (name or "").startswith(("task_search", "ix_task_words_search"))


def test_migrations_name_their_checks_as_the_code_does(engine: Engine) -> None:
    found = {
        table.name: {check["name"] for check in inspect(engine).get_check_constraints(table.name)}
        for table in Base.metadata.sorted_tables
    }
    declared = {
        table.name: {
            constraint.name for constraint in table.constraints if str(constraint.name).startswith("ck_")
        }
        for table in Base.metadata.sorted_tables
    }
    assert found == declared


def test_a_migrated_database_is_ready_and_migrating_again_changes_nothing(engine: Engine) -> None:
    check_version(engine)
    migrate(engine)
    check_version(engine)


def test_an_empty_database_is_not_ready(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(DatabaseNotReady) as refused:
        check_version(engine)
    assert refused.value.code == "database_not_ready"
    engine.dispose()


@pytest.mark.parametrize("use", [check_version, migrate], ids=["opening it", "migrating it"])
def test_a_database_of_a_newer_version_is_refused(engine: Engine, use: object) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '2031_01_01_later'"))
    with pytest.raises(DatabaseTooNew) as refused:
        use(engine)  # type: ignore[operator]
    assert refused.value.code == "database_too_new"
    assert refused.value.params["found"] == "2031_01_01_later"


def test_two_processes_may_migrate_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twice.db'}"
    faults: list[BaseException] = []

    def run() -> None:
        engine = open_engine(url)
        try:
            migrate(engine)
        except DBAPIError as fault:
            faults.append(fault)
        engine.dispose()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_what_a_failing_transaction_wrote_is_gone(engine: Engine) -> None:
    def fail_after_writing() -> None:
        with write(engine) as session:
            session.add(office())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_writing()
    with read(engine) as session:
        assert session.query(Organisation).count() == 0


def test_rows_stay_readable_after_their_transaction(engine: Engine) -> None:
    with write(engine) as session:
        written = office()
        session.add(written)
    with read(engine) as session:
        found = session.get_one(Organisation, written.id)
    assert found.name == written.name


def test_writing_while_reading_is_an_error(engine: Engine) -> None:
    with read(engine) as session:
        session.add(office())
        with pytest.raises(DBAPIError, match=r"read.?only"):
            session.flush()
        session.expunge_all()
    with write(engine) as session:
        session.add(office())


def test_reading_sees_one_state_from_beginning_to_end(engine: Engine) -> None:
    with read(engine) as reader:
        before = reader.query(Organisation).count()
        with write(engine) as session:
            session.add(office())
        assert reader.query(Organisation).count() == before


def test_a_writer_on_sqlite_holds_the_lock_from_its_beginning(sqlite_engine: Engine) -> None:
    impatient = open_engine(str(sqlite_engine.url))
    with write(sqlite_engine) as first, impatient.connect() as second:
        first.execute(text("SELECT 1"))
        second.connection.driver_connection.execute("PRAGMA busy_timeout = 0")  # type: ignore[union-attr]
        with pytest.raises(DBAPIError, match="locked"):
            second.execute(text("SELECT 1"))
    impatient.dispose()


def test_sqlite_is_set_up_for_several_processes(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        asked = ("journal_mode", "foreign_keys", "busy_timeout")
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked}
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_moment_comes_back_as_the_same_moment_in_utc(engine: Engine) -> None:
    local = datetime.fromisoformat("2022-03-14T23:30:00+07:00")
    with write(engine) as session:
        session.add(office(at=local))
    with read(engine) as session:
        found = session.query(Organisation).one().created_at
    assert found == local
    assert found.isoformat() == "2022-03-14T16:30:00+00:00"


def test_a_datetime_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2022, 3, 14, 8, 0)  # noqa: DTZ001  # the fault under test
    with pytest.raises(StatementError, match="naive"), write(engine) as session:
        session.add(office(at=naive))


@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"], ids=["update", "delete"])
@pytest.mark.parametrize(("table", "column"), [("event", "note"), ("snapshot", "period")])
def test_the_database_itself_keeps_the_record(engine: Engine, table: str, column: str, change: str) -> None:
    with write(engine) as session:
        row = office()
        session.add(row)
        session.flush()
        _record_something(session, row.id)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change.format(table, column)))


def _record_something(session, organisation_id: int) -> None:  # type: ignore[no-untyped-def]
    from storage.schema import Event, PlanRow, SnapshotRow

    at, day = datetime(2022, 1, 4, 8, 0, tzinfo=UTC), date(2022, 1, 4)
    plan = PlanRow(
        organisation_id=organisation_id,
        number="3088/KH-SCT",
        issued=day,
        title="",
        issuer="",
        year=2022,
        settings={},
        state="imported",
        label="",
        source_name="",
        source_sha256="",
        imported_at=at,
    )
    session.add(plan)
    session.flush()
    shared = {"organisation_id": organisation_id, "plan_id": plan.id}
    session.add(Event(**shared, kind="import", payload={}, note="", by="office", at=at, on=day))
    session.add(SnapshotRow(**shared, period="2022-Q1", as_of=day, content={}, sha256="", taken_at=at))
