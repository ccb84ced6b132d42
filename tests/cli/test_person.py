"""``dondoc person``: given out, looked up, erased, and erased again after a restore."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import text

from flows.office import open_office
from storage.engine import write
from tests.cli.conftest import Dondoc


def test_a_persons_data_is_exported_to_a_file_of_the_owners_only(tracked: Dondoc, tmp_path: Path) -> None:
    out = tmp_path / "huong.zip"
    tracked.done("person", "export", "huong", "--out", str(out))
    assert out.stat().st_mode & 0o077 == 0
    with ZipFile(out) as archive:
        assert json.loads(archive.read("data.json"))["directory"][0]["code"] == "huong"
    assert tracked.done("person", "seen", "huong", "--json").json == []
    assert "0 dòng" in tracked.done("person", "seen", "huong").out


def test_who_has_left_is_erased_listed_and_erased_again(tracked: Dondoc) -> None:
    refused = tracked("person", "erase", "huong", "--document", "12/ĐN")
    assert (refused.code, "còn hoạt động" in refused.err) == (2, True)
    with open_office() as office, write(office.engine) as session:
        session.execute(text("UPDATE person SET active = false WHERE code = 'huong'"))
        session.execute(text("UPDATE unit SET focal_point = NULL WHERE focal_point = 'huong'"))
        session.execute(text("UPDATE letter SET state = 'cancelled' WHERE person = 'huong'"))
        session.execute(text("UPDATE share SET officer = NULL WHERE officer = 'huong'"))
    assert tracked("person", "erase", "huong").code == 2
    done = tracked.done("person", "erase", "huong", "--document", "12/ĐN", "--json").json
    assert done["people"] == 1
    (line,) = tracked.done("person", "erase", "--list", "--json").json
    assert (line["person"], line["document"]) == ("huong", "12/ĐN")
    with (
        open_office() as office,
        write(office.engine) as session,
    ):  # as a restore leaves it
        session.execute(text("DELETE FROM personal_erasure"))
        session.execute(text("UPDATE person SET name = 'Hương' WHERE code = 'huong'"))
    assert "huong" in tracked.done("person", "erase", "--list").out
    assert tracked.done("person", "erase", "--again", "--json").json["people"] == 1
    assert "người đã xóa (#huong)" in tracked.done("units", "list", "--people").out
