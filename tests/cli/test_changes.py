"""The record of changes at the command line: what commands changed is seen there, and taken back."""

from __future__ import annotations

from pathlib import Path

from cli.setup import example_directory
from tests.cli.conftest import Dondoc

ON = ("--as-of", "2022-11-15")


def imported(dondoc: Dondoc, folder: Path, *replaced: tuple[str, str]) -> None:
    """Import the example directory with some words of it replaced."""
    text = example_directory().read_text(encoding="utf-8")
    for before, after in replaced:
        assert before in text
        text = text.replace(before, after, 1)
    file = folder / "danh-ba.toml"
    file.write_text(text, encoding="utf-8")
    dondoc.done("units", "import", file, *ON)


def test_an_import_is_told_and_taken_back(tracked: Dondoc, tmp_path: Path) -> None:
    assert "Chưa có thay đổi nào." in tracked.done("changes", "list").out
    imported(tracked, tmp_path, ('place = "Đồng Nai"', 'place = "Tuyên Quang"'))
    said = tracked.done("changes", "list").out
    assert "Đơn vị sử dụng" in said
    assert "Địa danh ghi trên văn bản: Đồng Nai → Tuyên Quang" in said
    assert "danh-ba.toml" in said
    (line,) = tracked.done("changes", "list", "--json").json
    assert (line["kind"], line["after"]["place"], line["undone_by"]) == ("organisation", "Tuyên Quang", None)
    undone = tracked.done("changes", "undo", line["number"], *ON, "--json").json
    assert undone == {"done": "change_taken_back", "number": line["number"], "by_number": line["number"] + 1}
    lines = tracked.done("changes", "list", "--kind", "organisation", "--json").json
    assert [(each["after"]["place"], each["undoes"]) for each in lines] == [
        ("Đồng Nai", line["number"]),
        ("Tuyên Quang", None),
    ]
    again = tracked("changes", "undo", line["number"], *ON)
    assert (again.code, "đã được hoàn tác" in again.err) == (2, True)


def test_absences_and_preferences_by_command_are_told(tracked: Dondoc) -> None:
    tracked.done("people", "absent", "huong", "--from", "16/11/2022", "--to", "18/11/2022", *ON)
    tracked.done("people", "prefer", "huong", "--hour", "14:00", *ON)
    found = tracked.done("changes", "list", "--json").json
    assert [(each["kind"], each["key"]) for each in found] == [
        ("preference", "huong"),
        ("absence", "huong/2022-11-16"),
    ]
    tracked.done("changes", "undo", found[1]["number"], *ON)
    assert tracked.done("people", "absences", "--as-of", "2022-11-15", "--json").json == []


def test_what_is_unknown_is_refused(tracked: Dondoc) -> None:
    assert tracked("changes", "undo", "77", *ON).code == 2
    refused = tracked("changes", "list", "--kind", "x")
    assert (refused.code, "“x”" in refused.err) == (2, True)
