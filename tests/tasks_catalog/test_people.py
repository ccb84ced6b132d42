"""The directory: who holds which post, who stands above whom, and what makes it unfit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notifications.wording import problem_sentence
from tasks_catalog.directory_check import DirectoryRefused, check_directory
from tasks_catalog.people import Directory, Group, Person, Post, Unit
from tasks_catalog.problem import Weight


def person(code: str, unit: str, post: Post = Post.OFFICER, **changes: object) -> Person:
    plain = Person(code=code, name=f"Người {code}", email=f"{code}@example.vn", unit=unit, post=post)
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test's shorthand for any field


OFFICE = Directory(
    organisation="so",
    name="Sở Thử",
    units=(
        Unit(code="BGD", name="Ban Giám đốc", kind="board"),
        Unit(code="VP", name="Văn phòng Sở"),
        Unit(code="TT", name="Thanh tra Sở"),
    ),
    groups=(Group(code="all", name="Các phòng, đơn vị thuộc Sở", members=("VP", "TT")),),
    people=(
        person("giamdoc", "BGD", Post.DIRECTOR),
        person("pho1", "BGD", Post.DEPUTY_DIRECTOR),
        person("pho2", "BGD", Post.DEPUTY_DIRECTOR, in_charge=True),
        person("chanh", "VP", Post.HEAD),
        person("dieuphoi", "VP", Post.COORDINATOR),
        person("quantri", "VP", Post.ADMINISTRATOR),
        person("vp1", "VP"),
        person("vp2", "VP"),
        person("truong", "TT", Post.HEAD),
        person("tt1", "TT"),
        person("tt0", "TT", active=False),
    ),
    focal_points={"BGD": "pho2", "VP": "vp2", "TT": "tt1"},
)


def without(directory: Directory, *codes: str) -> Directory:
    return replace(directory, people=tuple(p for p in directory.people if p.code not in codes))


def retired(directory: Directory, *codes: str) -> Directory:
    people = tuple(replace(p, active=False) if p.code in codes else p for p in directory.people)
    return replace(directory, people=people)


@pytest.mark.parametrize(
    ("code", "above"),
    [
        pytest.param("tt1", ["truong", "dieuphoi", "pho2", "giamdoc"], id="an officer has four above"),
        pytest.param("truong", ["dieuphoi", "pho2", "giamdoc"], id="a head has the coordinator above"),
        pytest.param(
            "dieuphoi", ["pho2", "giamdoc"], id="the coordinator is not under the head of the office"
        ),
        pytest.param("pho2", ["giamdoc"], id="the deputy in charge has the director above"),
        pytest.param("pho1", ["giamdoc"], id="another deputy is not under the one in charge"),
        pytest.param("giamdoc", [], id="nobody is above the director"),
        pytest.param(
            "quantri", ["chanh", "dieuphoi", "pho2", "giamdoc"], id="an administrator is as an officer"
        ),
    ],
)
def test_the_chain_above(code: str, above: list[str]) -> None:
    asked = OFFICE.person(code)
    assert asked is not None
    assert [p.code for p in OFFICE.chain_above(asked)] == above


def test_the_chain_leaves_out_those_missing_and_those_who_left() -> None:
    office = without(retired(OFFICE, "truong"), "pho2")
    asked = office.person("tt1")
    assert asked is not None
    assert [p.code for p in office.chain_above(asked)] == ["dieuphoi", "giamdoc"]


def test_posts_are_found_among_the_active_only() -> None:
    assert [p.code for p in OFFICE.officers_of("TT")] == ["tt1"]
    assert [p.code for p in OFFICE.officers_of("VP")] == ["vp1", "vp2"]
    assert OFFICE.head_of("TT") == OFFICE.person("truong")
    assert OFFICE.head_of("BGD") == OFFICE.director()
    assert OFFICE.focal_of("TT") == OFFICE.person("tt1")
    assert retired(OFFICE, "tt1").focal_of("TT") is None
    assert retired(OFFICE, "dieuphoi").coordinator() is None
    assert without(OFFICE, "pho2").deputy_in_charge() is None
    assert OFFICE.person("tt0") is not None


def test_unknown_codes_are_none() -> None:
    found = (
        OFFICE.unit("XX"),
        OFFICE.group("XX"),
        OFFICE.person("XX"),
        OFFICE.head_of("XX"),
        OFFICE.focal_of("X"),
    )
    assert found == (None,) * 5


def test_a_full_directory_has_neither_faults_nor_gaps() -> None:
    assert check_directory(OFFICE) == ()


GAPS = [
    pytest.param(without(OFFICE, "dieuphoi"), "coordinator_missing", Weight.QUESTION, id="no coordinator"),
    pytest.param(retired(OFFICE, "giamdoc"), "director_missing", Weight.NOTE, id="a director who left"),
    pytest.param(retired(OFFICE, "pho2"), "deputy_in_charge_missing", Weight.NOTE, id="no deputy in charge"),
    pytest.param(retired(OFFICE, "truong"), "unit_without_head", Weight.NOTE, id="a unit without a head"),
    pytest.param(
        retired(OFFICE, "tt1"), "unit_without_focal_point", Weight.NOTE, id="a focal point who left"
    ),
    pytest.param(
        replace(OFFICE, groups=(Group(code="g", name="Các phòng"),)),
        "group_without_members",
        Weight.NOTE,
        id="a group that stands for nobody yet",
    ),
    pytest.param(
        replace(OFFICE, people=(*OFFICE.people, person("vp3", "VP", Post.HEAD))),
        "head_twice",
        Weight.NOTE,
        id="two heads of one unit",
    ),
    pytest.param(
        replace(OFFICE, people=(*OFFICE.people, person("tt3", "TT", Post.COORDINATOR))),
        "coordinator_twice",
        Weight.NOTE,
        id="two coordinators",
    ),
]


@pytest.mark.parametrize(("office", "code", "weight"), GAPS)
def test_gaps_are_shown_with_their_weight(office: Directory, code: str, weight: Weight) -> None:
    found = {p.code: p for p in check_directory(office)}
    assert found[code].weight is weight
    assert problem_sentence(found[code], "vi") != problem_sentence(found[code], "en")


def changed(code: str, **changes: object) -> Directory:
    people = tuple(
        replace(p, **changes) if p.code == code else p  # type: ignore[arg-type]  # any field
        for p in OFFICE.people
    )
    return replace(OFFICE, people=people)


FAULTS = [
    pytest.param(
        changed("vp1", email="TT1@Example.vn"),
        "address_used_twice",
        ["TT1@Example.vn", "Người vp1", "Người tt1"],
        id="one address for two people, whatever its case",
    ),
    pytest.param(
        changed("vp1", email="vp1(at)so"), "address_invalid", ["vp1(at)so", "Người vp1"], id="no address"
    ),
    pytest.param(changed("vp1", email=""), "address_invalid", ["Người vp1"], id="an empty address"),
    pytest.param(
        changed("vp1", email="a@example.vn\nBcc: b@example.vn"),
        "address_invalid",
        ["Bcc"],
        id="a header smuggled in",
    ),
    pytest.param(changed("vp1", unit="XX"), "person_unit_unknown", ["Người vp1", "XX"], id="a unit unknown"),
    pytest.param(
        replace(OFFICE, groups=(Group(code="g", name="Các phòng", members=("VP", "YY")),)),
        "group_member_unknown",
        ["Các phòng", "YY"],
        id="a group with a stranger",
    ),
    pytest.param(
        replace(OFFICE, units=(*OFFICE.units, Unit(code="V2", name="Phòng Hai", aliases=("VĂN PHÒNG  SỞ",)))),
        "unit_name_twice",
        ["văn phòng sở", "Văn phòng Sở", "Phòng Hai"],
        id="an alias that is another unit's name",
    ),
    pytest.param(
        replace(OFFICE, focal_points={"VP": "tt1"}),
        "focal_point_unknown",
        ["Văn phòng Sở", "Người tt1"],
        id="a focal point of another unit",
    ),
    pytest.param(
        replace(OFFICE, people=(*OFFICE.people, person("vp1", "TT", email="khac@example.vn"))),
        "code_used_twice",
        ["vp1"],
        id="one code for two people",
    ),
    pytest.param(
        Directory(organisation="x", name="X"), "directory_without_units", [], id="an empty directory"
    ),
]


@pytest.mark.parametrize(("office", "code", "quoted"), FAULTS)
def test_faults_refuse_the_directory_and_are_quoted(office: Directory, code: str, quoted: list[str]) -> None:
    with pytest.raises(DirectoryRefused) as refused:
        check_directory(office)
    assert refused.value.code == code
    for lang in ("vi", "en"):
        told = problem_sentence(refused.value, lang)
        assert all(words in told for words in quoted)


def test_every_fault_is_told_not_only_the_first() -> None:
    office = replace(changed("vp1", email="?"), focal_points={"ZZ": "vp2"})
    with pytest.raises(DirectoryRefused) as refused:
        check_directory(office)
    assert [p.code for p in refused.value.problems] == ["focal_point_unknown", "address_invalid"]


def test_the_address_of_somebody_who_left_may_be_used_again() -> None:
    assert check_directory(changed("tt0", email="tt1@example.vn")) == ()
