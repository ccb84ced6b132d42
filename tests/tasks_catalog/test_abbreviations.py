"""Abbreviations of a unit's name: found where one unit alone fits, asked about where two do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasks_catalog.abbreviations import abbreviates
from tasks_catalog.people import MERGED, SPLIT, Directory, Group, Unit
from tasks_catalog.problem import Weight
from tasks_catalog.resolve import find_unit, resolve_ownership, resolve_units

PLANNING = "Phòng Kế hoạch – Tài chính – Tổng hợp"
OFFICE = Directory(
    organisation="sct",
    name="Sở Công Thương",
    units=(
        Unit(code="1", name="Văn phòng Sở"),
        Unit(code="2", name="Thanh tra Sở"),
        Unit(code="3", name=PLANNING),
        Unit(code="4", name="Phòng Quản lý thương mại"),
        Unit(code="5", name="Phòng Quản lý công nghiệp"),
        Unit(code="6", name="Trung tâm Khuyến công", kind="centre"),
        Unit(code="7", name="Phòng Quản lý công nghệ (đã sáp nhập)", kind=MERGED),
    ),
)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("P. KH-TC-TH", PLANNING),
        ("Phòng KH.TC.TH", PLANNING),
        ("KHTCTH", PLANNING),
        ("PKHTCTH", PLANNING),
        ("TTr", "Thanh tra Sở"),
        ("VP Sở", "Văn phòng Sở"),
        ("Phòng Quản lý TM", "Phòng Quản lý thương mại"),
        ("KT&QLNL", "Phòng Kỹ thuật và Quản lý năng lượng"),
        ("Sở KH&CN", "Sở Khoa học và Công nghệ"),
        ("BGĐ", "Ban Giám đốc"),
        ("UBND tỉnh", "Ủy ban nhân dân tỉnh"),
        ("TTXVN", "Thông tấn xã Việt Nam"),
    ],
)
def test_capitals_stand_for_the_words_in_their_order(short: str, full: str) -> None:
    assert abbreviates(short, full)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        pytest.param("QLCN", "Phòng Quản lý thương mại", id="another word"),
        pytest.param("TC", PLANNING, id="a part of the name"),
        pytest.param("P", "Phòng Một", id="a letter alone"),
        pytest.param("khtcth", PLANNING, id="no capitals"),
        pytest.param("TH-TC-KH", PLANNING, id="another order"),
        pytest.param("Văn phòng Sở", "Văn phòng Sở", id="the name itself"),
        pytest.param("", PLANNING, id="nothing"),
    ],
)
def test_what_leaves_words_over_is_no_abbreviation(short: str, full: str) -> None:
    assert not abbreviates(short, full)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("VP", ["1"], id="VP"),
        pytest.param("Văn phòng", ["1"], id="without “Sở”"),
        pytest.param("VP, TTr; P. QLTM", ["1", "2", "4"], id="three in one cell"),
        pytest.param("P.QLTM + P.QLCN", ["4", "5"], id="joined by a plus"),
        pytest.param("Thanh tra/Văn phòng", ["2", "1"], id="joined by a slash"),
        pytest.param("P. KH - TC - TH", ["3"], id="with spaced dashes"),
        pytest.param("QLCN", ["5"], id="a unit that is gone is not meant"),
    ],
)
def test_cells_as_clerks_write_them(text: str, codes: list[str]) -> None:
    read = resolve_units(text, OFFICE)
    assert ([ref.code for ref in read.owners], read.problems) == (codes, ())


def test_an_abbreviation_of_two_units_is_a_question() -> None:
    twin = Directory(
        organisation="s",
        name="S",
        units=(Unit(code="a", name="Phòng Tài chính"), Unit(code="b", name="Phòng Tổ chức")),
    )
    (asked,) = resolve_units("P. TC", twin).problems
    assert asked.code == "unit_ambiguous"
    assert asked.params["candidates"] == "Phòng Tài chính; Phòng Tổ chức"


def test_the_code_of_a_unit_that_is_gone_means_nothing() -> None:
    gone = Directory(organisation="s", name="S", units=(Unit(code="QLTM", name="Cũ (đã chia)", kind=SPLIT),))
    assert find_unit("QLTM", gone) is None


@pytest.mark.parametrize(
    ("lead", "weight"),
    [
        pytest.param("Các địa phương", Weight.QUESTION, id="alone, nobody owes the row"),
        pytest.param("Văn phòng Sở, các địa phương", Weight.NOTE, id="beside a unit, which owes it"),
    ],
)
def test_an_empty_group_that_owns_is_told(lead: str, weight: Weight) -> None:
    office = replace(OFFICE, groups=(Group(code="g", name="Các địa phương"),))
    (told,) = resolve_ownership(lead, "Các địa phương", office).problems
    assert (told.code, told.weight, told.params["name"]) == ("owner_group_empty", weight, "Các địa phương")
