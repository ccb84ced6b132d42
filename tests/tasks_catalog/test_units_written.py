"""Names of units in the owner's and co-owner's cells, split the way a clerk reads them."""

from __future__ import annotations

import pytest

from tasks_catalog.units_written import split_known, split_units

OWNER_CELLS = [
    pytest.param(
        "Các phòng, đơn vị thuộc Sở", ["Các phòng, đơn vị thuộc Sở"], id="a wording for many is one name"
    ),
    pytest.param(
        "Ban giám đốc, các phòng, đơn vị thuộc Sở",
        ["Ban giám đốc, các phòng, đơn vị thuộc Sở"],
        id="with its leaders it is still one",
    ),
    pytest.param(
        "Các phòng, Trung tâm thuộc Sở", ["Các phòng, Trung tâm thuộc Sở"], id="capitals inside one wording"
    ),
    pytest.param("Thanh tra Sở; Văn phòng Sở", ["Thanh tra Sở", "Văn phòng Sở"], id="a semicolon parts"),
    pytest.param("Văn phòng, Thanh tra", ["Văn phòng", "Thanh tra"], id="a comma parts where a name begins"),
    pytest.param(
        "Sở Văn hóa, Thể thao và Du lịch", ["Sở Văn hóa, Thể thao và Du lịch"], id="a comma within a name"
    ),
    pytest.param(
        "Sở Tài chính và Sở Công Thương",
        ["Sở Tài chính", "Sở Công Thương"],
        id="“và” parts where a name begins",
    ),
    pytest.param("Bộ Khoa học và Công nghệ", ["Bộ Khoa học và Công nghệ"], id="“và” within a name"),
    pytest.param(
        "Bộ Lao động - Thương binh và Xã hội, Bộ Y tế",
        ["Bộ Lao động - Thương binh và Xã hội", "Bộ Y tế"],
        id="a dash and “và Xã hội” within a name",
    ),
    pytest.param(
        "Bộ Tài chính, các bộ, ngành", ["Bộ Tài chính", "các bộ, ngành"], id="a wording for many after a name"
    ),
    pytest.param("VTV, VOV, TTXVN, các địa phương", ["VTV", "VOV", "TTXVN", "các địa phương"], id="acronyms"),
    pytest.param(
        "Sở Tài chính\nSở Công Thương", ["Sở Tài chính", "Sở Công Thương"], id="a line for each name"
    ),
    pytest.param("Các phòng, đơn vị\nthuộc Sở", ["Các phòng, đơn vị thuộc Sở"], id="a name over two lines"),
    pytest.param("- Văn phòng\n- Phòng A", ["Văn phòng", "Phòng A"], id="a list with dashes"),
    pytest.param(
        "Văn phòng Sở; Phòng KH.TC.TH (căn cứ chức năng, nhiệm vụ thực hiện)",
        ["Văn phòng Sở", "Phòng KH.TC.TH"],
        id="a remark in parentheses is dropped",
    ),
    pytest.param(
        "Phòng Kế hoạch – Tài chính – Tổng hợp",
        ["Phòng Kế hoạch – Tài chính – Tổng hợp"],
        id="dashes in a name",
    ),
    pytest.param(
        "Các Cục: Di sản văn hóa, Bản quyền tác giả",
        ["Cục Di sản văn hóa", "Cục Bản quyền tác giả"],
        id="a kind with a list",
    ),
    pytest.param("VP, TTr, P. QLTM", ["VP", "TTr", "P. QLTM"], id="abbreviations, one with a full stop"),
    pytest.param("P.QLTM và P.QLCN", ["P.QLTM", "P.QLCN"], id="“và” between abbreviations"),
    pytest.param("Văn phòng/Thanh tra", ["Văn phòng", "Thanh tra"], id="a slash parts names"),
    pytest.param("VP + TTr", ["VP", "TTr"], id="so does a plus"),
    pytest.param("Phòng QLTM - Phòng QLCN", ["Phòng QLTM", "Phòng QLCN"], id="and a dash between two rooms"),
    pytest.param("UBND các phường/xã", ["UBND các phường/xã"], id="a slash inside one wording"),
    pytest.param(
        "Văn phòng; Phòng KH - TC - TH", ["Văn phòng", "Phòng KH - TC - TH"], id="spaced dashes in one name"
    ),
    pytest.param("Phòng KT & QLNL", ["Phòng KT & QLNL"], id="an ampersand in one name"),
    pytest.param(
        "Doanh nghiệp; Sở, ban, ngành có liên quan",
        ["Doanh nghiệp", "Sở, ban, ngành có liên quan"],
        id="“Sở, ban, ngành” without “các”",
    ),
    pytest.param("", [], id="an empty cell"),
]


@pytest.mark.parametrize(("text", "names"), OWNER_CELLS)
def test_an_owner_cell_holds_these_names(text: str, names: list[str]) -> None:
    assert split_units(text) == tuple((name, "owner") for name in names)


@pytest.mark.parametrize(
    ("text", "owners", "co_owners"),
    [
        pytest.param(
            "Văn phòng Sở phối hợp Thanh tra Sở; Phòng KH-TC-TH",
            ["Văn phòng Sở"],
            ["Thanh tra Sở", "Phòng KH-TC-TH"],
            id="A phối hợp B; C",
        ),
        pytest.param(
            "Chủ trì: Phòng A; Phối hợp: Phòng B, Phòng C", ["Phòng A"], ["Phòng B", "Phòng C"], id="labels"
        ),
        pytest.param(
            "Phòng A chủ trì, phối hợp với Phòng B", ["Phòng A"], ["Phòng B"], id="chủ trì, phối hợp với"
        ),
        pytest.param("Phối hợp: Phòng B", [], ["Phòng B"], id="co-owners only"),
        pytest.param(
            "Văn phòng Sở (chủ trì), Thanh tra Sở (phối hợp)",
            ["Văn phòng Sở"],
            ["Thanh tra Sở"],
            id="roles in brackets",
        ),
        pytest.param(
            "Phòng A (đơn vị chủ trì); Phòng B; Phòng C",
            ["Phòng A"],
            ["Phòng B", "Phòng C"],
            id="who is not marked beside a marked owner helps",
        ),
        pytest.param(
            "Phòng A; Phòng B (phối hợp)",
            ["Phòng A"],
            ["Phòng B"],
            id="who is not marked beside a helper owns",
        ),
    ],
)
def test_who_helps_is_told_from_who_owns(text: str, owners: list[str], co_owners: list[str]) -> None:
    expected = [(name, "owner") for name in owners] + [(name, "co_owner") for name in co_owners]
    assert split_units(text) == tuple(expected)


def test_a_name_written_twice_is_one_name() -> None:
    assert split_units("Phòng A; Phòng A") == (("Phòng A", "owner"),)


@pytest.mark.parametrize(
    ("text", "known", "names"),
    [
        pytest.param(
            "Phòng Kế hoạch, Phòng chống thiên tai; VP",
            "Phòng Kế hoạch, Phòng chống thiên tai",
            ["Phòng Kế hoạch, Phòng chống thiên tai", "VP"],
            id="a comma inside a known name",
        ),
        pytest.param(
            "VP, Tổ Một cửa/Tổ Bưu chính", "Tổ Một cửa/Tổ Bưu chính", ["VP, Tổ Một cửa/Tổ Bưu chính"],
            id="a name not begun like a unit is not parted by its neighbour",
        ),
    ],
)  # fmt: skip
def test_a_name_the_directory_knows_is_never_parted(text: str, known: str, names: list[str]) -> None:
    assert split_known(text, lambda name: name == known) == tuple((name, "owner") for name in names)
