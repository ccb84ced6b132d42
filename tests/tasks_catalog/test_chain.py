"""Chains of command: a unit's own deputy comes first, gaps are seen, what a change moves is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tasks_catalog.audience import Audience, readers_for
from tasks_catalog.chain import Move, chain_of, moves
from tasks_catalog.differences import Difference, differences
from tasks_catalog.directory_check import DirectoryRefused, check_directory
from tasks_catalog.documents.directory import read_directory
from tasks_catalog.people import CLOSED, Directory, Person, Post, Unit

OFFICE = Directory(
    organisation="sct",
    name="Sở Công Thương",
    units=(
        Unit(code="BGD", name="Ban Giám đốc", kind="board"),
        Unit(code="VP", name="Văn phòng Sở"),
        Unit(code="TM", name="Phòng Quản lý thương mại"),
        Unit(code="NL", name="Phòng Năng lượng"),
    ),
    people=tuple(
        Person(
            code=code,
            name=name,
            email=f"{code}@example.vn",
            unit=unit,
            post=post,
            in_charge=code == "cam",
        )
        for code, name, unit, post in (
            ("nghien", "Nghiến", "BGD", Post.DIRECTOR),
            ("cam", "Cẩm", "BGD", Post.DEPUTY_DIRECTOR),
            ("dung", "Dũng", "BGD", Post.DEPUTY_DIRECTOR),
            ("truc", "Trúc", "VP", Post.COORDINATOR),
            ("dau", "Dầu", "TM", Post.HEAD),
            ("tram", "Trầm", "TM", Post.OFFICER),
        )
    ),
    focal_points={"TM": "tram"},
    deputies={"TM": "dung"},
)


def told(unit: str, directory: Directory = OFFICE) -> list[tuple[str, bool]]:
    return [(step.reader.code if step.reader else "", step.gap) for step in chain_of(unit, directory)]


@pytest.mark.parametrize(
    ("unit", "chain"),
    [
        pytest.param(
            "TM",
            [("tram", False), ("dau", False), ("truc", False), ("dung", False), ("nghien", False)],
            id="a deputy director of its own",
        ),
        pytest.param(
            "NL",
            [("truc", True), ("truc", True), ("truc", False), ("cam", False), ("nghien", False)],
            id="a unit without anybody goes to the coordinator",
        ),
        pytest.param(
            "BGD",
            [("nghien", True), ("", False), ("", False), ("", False), ("", False)],
            id="nobody stands above the board of directors",
        ),
    ],
)
def test_who_is_written_to_at_each_rung(unit: str, chain: list[tuple[str, bool]]) -> None:
    assert told(unit) == chain


def test_a_deputy_who_has_left_or_another_post_leaves_the_unit_to_the_one_in_charge() -> None:
    for changed in ({"active": False}, {"post": Post.OFFICER}):
        people = tuple(replace(p, **changed) if p.code == "dung" else p for p in OFFICE.people)  # type: ignore[arg-type]
        (reader,) = readers_for(Audience.DEPUTY_DIRECTOR, "TM", None, replace(OFFICE, people=people))
        assert reader.person.code == "cam"


def test_the_chain_above_an_officer_has_the_unit_s_own_deputy() -> None:
    tram = OFFICE.person("tram")
    assert tram is not None
    assert [p.code for p in OFFICE.chain_above(tram)] == ["dau", "truc", "dung", "nghien"]


def test_what_a_change_moves_is_told_rung_by_rung() -> None:
    people = tuple(replace(p, active=False) if p.code == "tram" else p for p in OFFICE.people)
    after = replace(OFFICE, people=people)
    assert list(moves(OFFICE, after)) == [
        Move(unit="TM", audience=Audience.OWNER, before="tram", after="dau"),
        Move(unit="TM", audience=Audience.HEAD, before="dau", after="truc"),
    ]
    assert list(moves(OFFICE, OFFICE)) == []


def test_a_closed_unit_leaves_its_name_free_and_moves_nothing() -> None:
    closed = Unit(code="XX", name="Phòng Năng lượng", kind=CLOSED)
    office = replace(OFFICE, units=(*OFFICE.units, closed))
    assert [ref.code for ref in office.called("Phòng Năng lượng")] == ["NL"]
    assert list(moves(OFFICE, office)) == []
    check_directory(office)


def test_a_deputy_nobody_knows_is_a_fault() -> None:
    with pytest.raises(DirectoryRefused) as refused:
        check_directory(replace(OFFICE, deputies={"TM": "ai"}))
    assert refused.value.code == "deputy_unknown"


def test_a_directory_s_file_names_a_unit_s_deputy(tmp_path: Path) -> None:
    file = tmp_path / "danh-ba.toml"
    file.write_text(
        '[organisation]\ncode = "sct"\nname = "Sở"\n[[units]]\ncode = "TM"\nname = "TM"\ndeputy = "cam"\n',
        encoding="utf-8",
    )
    assert read_directory(file).deputies == {"TM": "cam"}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param({"a": 1, "b": 2}, {"a": 1, "b": 3}, [("b", 2, 3)], id="one field"),
        pytest.param(None, {"a": "", "b": 0, "c": False}, [("b", None, 0)], id="new: what says something"),
        pytest.param({"a": ["x"]}, None, [("a", ["x"], None)], id="taken away"),
        pytest.param({"a": True}, {"a": False}, [("a", True, False)], id="switched off"),
        pytest.param({"a": 1}, {"a": 1}, [], id="nothing"),
    ],
)
def test_differences_are_told_field_by_field(
    before: dict[str, object] | None, after: dict[str, object] | None, found: list[tuple[object, ...]]
) -> None:
    assert differences(before, after) == tuple(
        Difference(field=str(field), before=then, after=now) for field, then, now in found
    )
