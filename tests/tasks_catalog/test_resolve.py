"""From the names in a plan to units: every spelling of the real plan, and no guess."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.wording import problem_sentence
from tasks_catalog.documents.directory import read_directory
from tasks_catalog.people import Directory, Unit, UnitRef
from tasks_catalog.problem import Place, Weight
from tasks_catalog.resolve import expand, find_unit, resolve_ownership, resolve_units
from tasks_catalog.task import UnitsWritten

ROOT = Path(__file__).parent.parent.parent
PLAN = ROOT / "tests" / "data" / "plans" / "cchc-2022.csv"
ROOMS = ("VP", "TT", "KHTCTH", "QLTM", "QLCN", "KTQLNL")
CENTRES = ("KCTVPTCN", "XTTM")


@cache
def office() -> Directory:
    return read_directory(ROOT / "tasks_catalog" / "examples" / "so-cong-thuong.toml")


def codes(refs: tuple[UnitRef, ...]) -> list[str]:
    return [ref.code for ref in refs]


@pytest.mark.parametrize(
    "name",
    [
        "Phòng Kế hoạch – Tài chính – Tổng hợp",
        "Phòng Kế hoạch - Tài chính - Tổng hợp",
        "Phòng Kế hoạch-Tài chính-Tổng hợp",
        "Phòng Kế hoạch Tài Chính tổng hợp",
        "PHÒNG KẾ HOẠCH — TÀI CHÍNH — TỔNG HỢP",
        "Phòng KH-TC-TH",
        "Phòng KH.TC.TH",
        "Phòng KH.TC.TH.",
        "phòng kh tc th",
        "KH-TC-TH",
        "Phong Ke hoach Tai chinh Tong hop",
        "Phòng\u00a0Kế hoạch –\nTài chính – Tổng\u00ad hợp",
        unicodedata.normalize("NFD", "Phòng Kế hoạch – Tài chính – Tổng hợp"),
    ],
)
def test_one_unit_written_in_many_ways(name: str) -> None:
    assert find_unit(name, office()) == UnitRef(code="KHTCTH")


@pytest.mark.parametrize(
    ("name", "units"),
    [
        pytest.param("Các phòng, đơn vị thuộc Sở", (*ROOMS, *CENTRES), id="rooms and centres are all eight"),
        pytest.param("Các đơn vị thuộc Sở", CENTRES, id="the units of the department are its two centres"),
        pytest.param("Các phòng chuyên môn", ROOMS, id="the rooms"),
        pytest.param(
            "Ban giám đốc, các phòng, đơn vị thuộc Sở", ("BGD", *ROOMS, *CENTRES), id="with the board: nine"
        ),
    ],
)
def test_collective_wordings_stand_for_their_units(name: str, units: tuple[str, ...]) -> None:
    ref = find_unit(name, office())
    assert ref is not None
    assert ref.collective
    assert expand(ref, office()) == units


def test_a_single_unit_stands_for_itself() -> None:
    assert expand(UnitRef(code="VP"), office()) == ("VP",)


@pytest.mark.parametrize(
    ("text", "owners", "co_owners"),
    [
        pytest.param("Văn phòng Sở", ["VP"], [], id="one owner"),
        pytest.param("Văn phòng Sở; Thanh tra Sở", ["VP", "TT"], [], id="a semicolon makes joint owners"),
        pytest.param("Văn phòng Sở, Thanh tra Sở", ["VP", "TT"], [], id="so does a comma"),
        pytest.param("Văn phòng Sở và Thanh tra Sở", ["VP", "TT"], [], id="and so does và"),
        pytest.param("Văn phòng Sở\nThanh tra Sở", ["VP", "TT"], [], id="two lines of one cell"),
        pytest.param("Văn phòng Sở Thanh tra Sở", ["VP", "TT"], [], id="two lines run together"),
        pytest.param(
            "Văn phòng Sở; Thanh tra Sở; Phòng KH.TC.TH (căn cứ chức năng, nhiệm vụ thực hiện)",
            ["VP", "TT", "KHTCTH"],
            [],
            id="a remark is no name",
        ),
        pytest.param(
            "Văn phòng Sở phối hợp Thanh tra Sở; Phòng KH-TC-TH",
            ["VP"],
            ["TT", "KHTCTH"],
            id="who stands after phối hợp helps",
        ),
        pytest.param("Các phòng, đơn vị thuộc Sở", ["CAC-PHONG-DON-VI"], [], id="a comma inside one wording"),
        pytest.param("Văn phòng Sở; Văn phòng", ["VP"], [], id="a unit named twice owns once"),
        pytest.param("", [], [], id="an empty cell names nobody"),
    ],
)
def test_reading_one_cell(text: str, owners: list[str], co_owners: list[str]) -> None:
    read = resolve_units(text, office())
    assert (codes(read.owners), codes(read.co_owners)) == (owners, co_owners)
    assert [p.code for p in read.problems] == (["co_owners_in_owner_column"] if co_owners else [])


def test_helpers_in_the_owners_column_are_noted_not_asked_about() -> None:
    at = Place(table=1, row=54, column="Chủ trì")
    (note,) = resolve_units("Văn phòng Sở phối hợp Thanh tra Sở", office(), where=at).problems
    assert (note.weight, note.where) == (Weight.NOTE, at)
    assert problem_sentence(note) == (
        "Cột chủ trì ghi “Văn phòng Sở phối hợp Thanh tra Sở”: hiểu là Văn phòng Sở chủ trì; "
        "Thanh tra Sở phối hợp."
    )


def test_an_unknown_name_is_asked_about_with_suggestions_and_never_guessed() -> None:
    read = resolve_units("Phòng Quản lý thương mạii; Thanh tra Sở", office())
    (problem,) = read.problems
    assert codes(read.owners) == ["TT"]
    assert (problem.code, problem.weight) == ("unit_unknown", Weight.QUESTION)
    assert problem.params["suggestions"].startswith("Phòng Quản lý thương mại; ")
    assert problem.params["suggestions"].count(";") <= 2
    assert "“Phòng Quản lý thương mạii”" in problem_sentence(problem)


def test_a_name_like_no_other_gets_no_suggestion() -> None:
    (problem,) = resolve_units("UBND cấp xã", office()).problems
    assert problem.params == {"name": "UBND cấp xã", "suggestions": "-"}


def test_the_offices_own_name_may_be_written_out() -> None:
    assert find_unit("Thanh tra Sở Công Thương", office()) == UnitRef(code="TT")
    assert find_unit("Các đơn vị thuộc Sở Công Thương", office()) == UnitRef(
        code="CAC-DON-VI", collective=True
    )


def test_part_of_a_known_name_is_not_taken_for_it() -> None:
    assert codes(resolve_units("Thanh tra Chính phủ", office()).owners) == []
    assert codes(resolve_units("Văn phòng Sở Xây dựng", office()).owners) == []


def test_a_name_of_two_units_is_asked_about() -> None:
    twice = replace(
        office(), units=(*office().units, Unit(code="PCCC", name="Phòng Hai", aliases=("Thanh tra",)))
    )
    (problem,) = resolve_units("Thanh tra", twice).problems
    assert (problem.code, problem.params["candidates"]) == ("unit_ambiguous", "Thanh tra Sở; Phòng Hai")
    assert find_unit("Thanh tra", twice) is None


def test_accents_tell_two_units_apart_and_without_them_one_asks() -> None:
    units = (Unit(code="CAN", name="Phòng Cán bộ"), Unit(code="CAN2", name="Phòng Căn bộ"))
    two = Directory(organisation="x", name="X", units=units)
    assert find_unit("phòng căn bộ", two) == UnitRef(code="CAN2")
    assert [p.code for p in resolve_units("Phong Can bo", two).problems] == ["unit_ambiguous"]


def test_spellings_of_tone_and_of_i_and_y_are_one() -> None:
    two = Directory(organisation="x", name="X", units=(Unit(code="VH", name="Phòng Văn hóa – Kỹ thuật"),))
    assert find_unit("Phòng Văn hoá, Kĩ thuật", two) == UnitRef(code="VH")


def test_an_owner_is_not_its_own_co_owner() -> None:
    read = resolve_ownership("Văn phòng Sở", "Thanh tra Sở; Văn phòng Sở", office())
    assert (codes(read.owners), codes(read.co_owners)) == (["VP"], ["TT"])


def test_phoi_hop_in_the_co_owners_column_is_no_news() -> None:
    read = resolve_ownership("Văn phòng Sở", "Phối hợp: Thanh tra Sở", office())
    assert (codes(read.co_owners), read.problems) == (["TT"], ())


def test_no_owner_is_a_question() -> None:
    at = Place(table=1, row=3, column="Chủ trì")
    read = resolve_ownership("", "Thanh tra Sở", office(), lead_at=at)
    assert [(p.code, p.where) for p in read.problems] == [("owner_missing", at)]


def test_a_stranger_among_the_co_owners_can_be_a_note() -> None:
    read = resolve_ownership("Văn phòng Sở", "UBND cấp xã", office(), unknown_co_owner=Weight.NOTE)
    assert [p.weight for p in read.problems] == [Weight.NOTE]


def test_names_parted_by_the_reader_are_kept_apart() -> None:
    cell = UnitsWritten(text="UBND xã A UBND xã B", units=("UBND xã A", "UBND xã B"))
    assert [p.params["name"] for p in resolve_units(cell, office()).problems] == ["UBND xã A", "UBND xã B"]


def test_all_57_tasks_of_the_real_plan_find_their_units() -> None:
    with PLAN.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    read = [resolve_ownership(row["lead"], row["cooperating"], office()) for row in rows]
    assert len(read) == 57
    assert [p for r in read for p in r.problems if p.weight is Weight.QUESTION] == []
    assert all(r.owners for r in read)
    assert sum(any(ref.collective for ref in r.owners) for r in read) == 16
    assert sum(any(ref.collective for ref in r.co_owners) for r in read) == 37


@given(text=st.text(max_size=120))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read = resolve_units(text, office())
    assert not set(read.owners) & set(read.co_owners)
