"""Promise P10: whichever line is deleted from the ledger, the audit names it and the heart stops."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import delete, select

from flows.audit import HEARTBEAT_FILE, Audit, audit_work
from storage.engine import read, write
from storage.schema import NoticeRow
from tests.faults.ground import Copy, drill, reopened
from tests.flows.cast import moment

FRIDAY = date(2023, 1, 27)


def test_every_line_that_is_deleted_is_found_and_stops_the_heart(copies: Copy, tmp_path: Path) -> None:
    with drill(copies, tmp_path / "mail") as one:
        one.live((FRIDAY,))
        department = reopened(one.department.office.engine, tmp_path / "home", mail=one.place.mail)
        beat = department.office.settings.home / HEARTBEAT_FILE
        with read(department.office.engine) as session:
            lines = session.scalars(select(NoticeRow).order_by(NoticeRow.id)).all()
        assert len(lines) > 4
        for number, line in enumerate(lines):
            hour, minute = divmod(number, 30)
            assert audit_work(department.office, moment(FRIDAY, 9 + hour, 2 * minute)) == Audit()
            beat.unlink()
            with write(department.office.engine) as session:
                session.execute(delete(NoticeRow).where(NoticeRow.id == line.id))
            found = audit_work(department.office, moment(FRIDAY, 9 + hour, 2 * minute + 1))
            assert [(key.rung, key.person) for key in found.missing] == [(line.rung, line.person)]
            assert not found.is_clean
            assert not beat.exists()
            with write(department.office.engine) as session:
                session.merge(line)  # put back, for the next one
