"""Units at the command line: a directory learned and imported, a name settled once, units reshaped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import NUMBER, PLANS, Dondoc

GOVERNMENT = PLANS / "tb-624-vpcp-2025-pl1-quahan.xlsx"
DAY = ("--as-of", "2025-11-02")
PLAN = "624/TB-VPCP"


def learned(empty: Dondoc, folder: Path, file: Path, *options: str) -> Path:
    draft = folder / "danh-ba.toml"
    empty.done("units", "learn", file, "--write", draft, *options)
    return draft


@pytest.mark.parametrize(
    ("file", "asking"),
    [
        pytest.param("tb-624-vpcp-2025-pl1-quahan.xlsx", 0, id="an overdue list of the Government"),
        pytest.param("nq-03-nq-cp-2025-pl2.xlsx", 0, id="a resolution of the Government"),
        pytest.param("dongthap-552-kh-ubnd-2025.docx", 0, id="a plan of a province"),
    ],
)
def test_a_plan_meets_the_directory_learned_from_it(
    empty: Dondoc, tmp_path: Path, file: str, asking: int
) -> None:
    """The clerk fills in the groups the plan tells nothing of, and no row asks about units any more."""
    draft = learned(empty, tmp_path, PLANS / file, "--fill")
    text = draft.read_text(encoding="utf-8")
    code = text.split("\n[[units]]\n", 1)[1].split('"', 2)[1]
    draft.write_text(text.replace("members = []", f'members = ["{code}"]'), encoding="utf-8")
    empty.done("init", "--simulated", "--directory", draft)
    typed = ("plan", "import", PLANS / file, "--number", PLAN, "--issued", "2025-11-01", *DAY, "--json")
    problems = empty.done(*typed).json["problems"]
    of_units = [
        p for p in problems if p["weight"] == "question" and p["code"].startswith(("unit_", "owner_"))
    ]
    assert len(of_units) == asking


def test_a_draft_is_never_written_over(empty: Dondoc, tmp_path: Path) -> None:
    draft = learned(empty, tmp_path, GOVERNMENT)
    again = empty("units", "learn", GOVERNMENT, "--write", draft)
    assert (again.code, "danh-ba.toml" in again.err) == (2, True)
    assert empty("units", "learn", GOVERNMENT, "--write", tmp_path / "danh-ba.xlsx").code == 2


def test_what_is_learned_is_shown_and_given_as_json(empty: Dondoc) -> None:
    assert "BTC  " in empty.done("units", "learn", GOVERNMENT).out
    found = empty.done("units", "learn", GOVERNMENT, "--json").json
    assert (len(found["units"]), len(found["groups"])) == (15, 13)
    assert found["units"][0]["as_owner"] == 24


def test_a_name_is_settled_on_every_row_and_learned(empty: Dondoc, tmp_path: Path) -> None:
    draft = learned(empty, tmp_path, GOVERNMENT, "--fill")
    text = draft.read_text(encoding="utf-8").replace("Bộ Giáo dục và Đào tạo", "Bộ Học vấn")
    draft.write_text(text, encoding="utf-8")
    empty.done("init", "--simulated", "--directory", draft)
    said = empty.done("plan", "import", GOVERNMENT, "--number", PLAN, "--issued", "2025-11-01", *DAY)
    assert "--name" in said.out
    settle = ("plan", "settle", PLAN, "--name", "Bộ Giáo dục và Đào tạo", "--unit", "BGDDT", *DAY)
    done = empty.done(*settle, "--learn", "--json").json
    assert (len(done["rows"]), done["still_asking"], done["learned"]) == (5, [], True)
    assert "Bộ Giáo dục và Đào tạo" not in empty.done("plan", "questions", PLAN).out
    units = {unit["code"]: unit for unit in empty.done("units", "list", "--json").json}
    assert units["BGDDT"]["aliases"] == ["Bộ Giáo dục và Đào tạo"]
    assert empty(*settle).code == 2


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        pytest.param(("--name", "Phòng X"), "--unit", id="a name without its unit"),
        pytest.param(("--unit", "VP"), "--name", id="a unit without the name"),
        pytest.param(("--name", "X", "--unit", "VP", "--row", "3"), "--row", id="a name and a row"),
        pytest.param((), "--row", id="neither row nor name"),
        pytest.param(("--name", "Phòng X", "--unit", "VP"), "Phòng X", id="a name nobody asks about"),
    ],
)
def test_an_answer_half_typed_is_refused(tracked: Dondoc, typed: tuple[str, ...], named: str) -> None:
    before = tracked.bytes()
    said = tracked("plan", "settle", NUMBER, *typed)
    assert (said.code, named in said.err) == (2, True)
    assert tracked.bytes() == before


def test_a_unit_is_renamed(tracked: Dondoc) -> None:
    day = ("--as-of", "2022-04-01", "--document", "9/QĐ-UBND 30/03/2022")
    said = tracked.done(
        "units", "rename", "QLTM", "--name", "Phòng Thương mại", "--on", "2022-03-31", *day
    ).out
    assert "31/03/2022" in said
    units = {unit["code"]: unit for unit in tracked.done("units", "list", "--json").json}
    assert units["QLTM"]["name"] == "Phòng Thương mại"
    assert "Phòng Quản lý thương mại" in units["QLTM"]["aliases"]
    assert tracked("units", "rename", "QLTM", "--name", "Thanh tra Sở", *day).code == 2


def test_a_unit_is_split(tracked: Dondoc) -> None:
    day = ("--as-of", "2022-04-01", "--document", "9/QĐ-UBND 30/03/2022")
    into = ("--into", "KH=Phòng Kế hoạch", "--into", "TCTH=Phòng Tài chính, Tổng hợp")
    done = tracked.done("units", "split", "KHTCTH", *into, *day, "--json").json
    assert set(done["tasks"]) == {"KH", "TCTH"}
    assert done["tasks"]["KH"] > 0
    listed = tracked.done("units", "list").out
    assert "đã chia thành KH, TCTH ngày 01/04/2022" in listed
    assert tracked("units", "split", "KHTCTH", *into, *day).code == 2
    assert tracked("units", "split", "TT", "--into", "VP", *day).code == 2
    assert "383" in tracked("units", "split", "TT", "--into", "VP,QLTM", "--to-for", "x", *day).err
