"""The directory through the one door: each thing set can be set back, whoever set it and by whatever way."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage import office_record
from storage.absences import absence_key, come_back, enter
from storage.engine import read, rehearse, write
from storage.handing_over import hand_over
from storage.merging import merge_units
from storage.office_journal import ChangeRefused, Made, change, undo
from storage.people import load_directory, save_directory
from storage.preferences import save_preference
from storage.renaming import rename_unit
from storage.schema import TaskStanding
from storage.settables import SETTABLES
from storage.unit_settables import is_reshaping
from tasks_catalog.absence import Absence
from tasks_catalog.facts import Document
from tasks_catalog.people import Directory, Person, Post, Unit
from tasks_catalog.preference import Preference
from tasks_catalog.problem import Refused
from tests.flows.cast import PLAN, moment, open_department
from tests.storage.cast import DIRECTORY, ISSUED, at, import_cast, set_up

MADE = Made(by="lan", at=at(ISSUED))
LAN, HUNG, BINH = DIRECTORY.people
DEPUTY = Person(
    code="cam",
    name="Đỗ Cẩm",
    email="cam@sct.example.vn",
    unit="vp",
    post=Post.DEPUTY_DIRECTOR,
    in_charge=True,
)
OTHER = replace(DEPUTY, code="dung", name="Trần Dũng", email="dung@sct.example.vn", in_charge=False)
OFFICE = replace(
    DIRECTORY,
    people=(LAN, HUNG, replace(BINH, email="binh@sct.example.vn"), DEPUTY, OTHER),
)
AWAY = "hung/2022-01-10"
EDITS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("organisation", "sct", {"name": "Sở Công nghiệp và Thương mại", "place": "Tuyên Quang"}),
    ("unit", "tm", {"name": "Phòng Thương mại", "aliases": ["Phòng QLTM", "Phòng Quản lý thương mại"]}),
    ("unit", "tm", {"focal_point": None, "deputy": "dung", "kind": "centre"}),
    ("group", "all", {"name": "Các đơn vị", "aliases": [], "members": ["vp"]}),
    ("person", "hung", {"name": "Trần Hùng", "title": "Phó Trưởng phòng", "language": "en"}),
    ("person", "hung", {"email": "hung.moi@sct.example.vn"}),
    ("person", "binh", {"active": False}),
    ("person", "binh", {"unit": "vp", "post": "officer"}),
    ("person", "cam", {"in_charge": False}),
)


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        office = set_up(session)
        save_directory(session, office, OFFICE)
        return office


@pytest.fixture
def on_sqlite(sqlite_engine: Engine) -> int:
    with write(sqlite_engine) as session:
        office = set_up(session)
        save_directory(session, office, OFFICE)
        return office


def set_to(session: Session, office: int, kind: str, key: str, values: Mapping[str, Any]) -> int | None:
    """Set some fields of a thing; return the number of the change."""
    settable = SETTABLES[kind]
    now = settable.read(session, office, key) or {}
    done = change(session, office, settable, kind, key, {**now, **values}, made=MADE)
    return done.id if done else None


def test_what_was_set_and_set_back_is_as_it_was(engine: Engine, office: int) -> None:
    for kind, key, values in EDITS:
        with rehearse(engine) as session:
            before = load_directory(session, office)
            number = set_to(session, office, kind, key, values)
            assert number is not None, (kind, values)
            assert load_directory(session, office) != before, (kind, values)
            undo(session, office, SETTABLES, number, made=MADE)
            assert load_directory(session, office) == before, (kind, values)


_edits = st.lists(st.sampled_from(EDITS), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=_edits)
def test_however_much_is_set_setting_it_back_from_the_last_gives_what_there_was(
    sqlite_engine: Engine, edits: list[tuple[str, str, Mapping[str, Any]]]
) -> None:
    with rehearse(sqlite_engine) as session:
        office = set_up(session)
        save_directory(session, office, OFFICE)
        before, numbers = load_directory(session, office), []
        for kind, key, values in edits:
            numbers.append(set_to(session, office, kind, key, values))
        for number in reversed([each for each in numbers if each is not None]):
            undo(session, office, SETTABLES, number, made=MADE)
        assert load_directory(session, office) == before


def test_a_new_person_set_back_stays_known_and_has_left(engine: Engine, office: int) -> None:
    values = {
        "name": unicodedata.normalize("NFD", "Vũ Thị Mai"),
        "email": "mai@sct.example.vn",
        "unit": "tm",
        "post": "officer",
        "title": "",
        "language": "vi",
        "active": True,
        "in_charge": False,
    }
    with write(engine) as session:
        number = set_to(session, office, "person", "mai", values)
        assert number is not None
        found = load_directory(session, office).person("mai")
        assert found == Person(code="mai", name="Vũ Thị Mai", email="mai@sct.example.vn", unit="tm")
        undo(session, office, SETTABLES, number, made=MADE)
        found = load_directory(session, office).person("mai")
        assert found is not None
        assert not found.active


def test_a_new_unit_set_back_is_closed_and_its_name_is_free(engine: Engine, office: int) -> None:
    values = {
        "name": "Phòng Năng lượng",
        "aliases": ["NL"],
        "kind": "room",
        "focal_point": None,
        "deputy": None,
    }
    with write(engine) as session:
        number = set_to(session, office, "unit", "nl", values)
        assert number is not None
        undo(session, office, SETTABLES, number, made=MADE)
        closed = load_directory(session, office)
        assert (closed.unit("nl") or Unit(code="", name="")).is_gone
        assert closed.called("Phòng Năng lượng") == ()
        set_to(session, office, "unit", "nl2", values)
        assert [ref.code for ref in load_directory(session, office).called("Phòng Năng lượng")] == ["nl2"]


def test_a_new_group_set_back_is_gone_unless_a_task_names_it(engine: Engine, office: int) -> None:
    values = {"name": "Các trung tâm", "aliases": [], "members": ["cn"]}
    with write(engine) as session:
        number = set_to(session, office, "group", "tt", values)
        assert number is not None
        undo(session, office, SETTABLES, number, made=MADE)
        assert load_directory(session, office) == OFFICE


@pytest.mark.parametrize(
    ("kind", "key", "values", "code"),
    [
        pytest.param("person", "hung", {"email": "LAN@sct.example.vn"}, "setting_address_taken", id="taken"),
        pytest.param("person", "hung", {"email": "không phải"}, "address_invalid", id="no address"),
        pytest.param("person", "hung", {"name": "  "}, "setting_name_needed", id="no name"),
        pytest.param("person", "hung", {"unit": "xx"}, "setting_unit_unknown", id="no unit"),
        pytest.param("person", "hung", {"unit": "cn"}, "setting_focal_moves", id="the focal point moves"),
        pytest.param("person", "lan", {"active": False}, "setting_last_coordinator", id="no coordinator"),
        pytest.param("person", "có dấu", {**{}, "name": "x"}, "setting_code_unfit", id="a code with marks"),
        pytest.param("unit", "tm", {"name": "văn phòng sở"}, "unit_name_taken", id="another's name"),
        pytest.param("unit", "tm", {"aliases": ["VP Sở"]}, "unit_name_twice", id="another's alias"),
        pytest.param("unit", "tm", {"focal_point": "lan"}, "setting_not_of_unit", id="a stranger answers"),
        pytest.param("unit", "tm", {"deputy": "hung"}, "setting_no_deputy", id="no deputy director"),
        pytest.param("unit", "tm", {"kind": "merged"}, "setting_unit_gone", id="merged by hand"),
        pytest.param("group", "all", {"members": ["xx"]}, "group_member_unknown", id="a member there is not"),
    ],
)
def test_what_breaks_a_rule_of_the_directory_is_refused_and_leaves_nothing(
    sqlite_engine: Engine, on_sqlite: int, kind: str, key: str, values: Mapping[str, Any], code: str
) -> None:
    full = {"email": "", "unit": "vp", "post": "officer", "title": "", "language": "vi", "active": True}
    with pytest.raises(Refused) as refused, write(sqlite_engine) as session:
        set_to(
            session, on_sqlite, kind, key, {**({"in_charge": False, **full} if " " in key else {}), **values}
        )
    assert refused.value.code == code
    with read(sqlite_engine) as session:
        assert load_directory(session, on_sqlite) == OFFICE
        assert office_record.changes(session, on_sqlite, most=9) == ()


def test_a_unit_with_people_or_work_is_not_taken_away(engine: Engine, office: int) -> None:
    with pytest.raises(Refused) as refused, write(engine) as session:
        change(session, office, SETTABLES["unit"], "unit", "tm", None, made=MADE)
    assert refused.value.code == "setting_unit_has_people"


def test_two_people_swap_addresses_in_three_steps(engine: Engine, office: int) -> None:
    """One after the other they would share an address for a moment: the first steps aside."""
    lan, hung = LAN.email, HUNG.email
    with write(engine) as session:
        for code, email in (("lan", "lan.tam@sct.example.vn"), ("hung", lan), ("lan", hung)):
            set_to(session, office, "person", code, {"email": email})
        found = load_directory(session, office)
    assert [(found.person(code) or LAN).email for code in ("lan", "hung")] == [hung, lan]


def test_a_renamed_unit_is_sorted_by_its_new_name_and_back(engine: Engine) -> None:
    with write(engine) as session:
        office = set_up(session)
        import_cast(session, office)
        key = select(TaskStanding.unit_key).where(TaskStanding.row == 1)
        before = session.scalar(key)
        number = set_to(session, office, "unit", "tm", {"name": "Ban Thương nghiệp"})
        assert number is not None
        assert (session.scalar(key) or "").startswith("ban")
        undo(session, office, SETTABLES, number, made=MADE)
        assert session.scalar(key) == before


# --- absences and preferences ----------------------------------------------------------------------------


def test_an_absence_entered_changed_and_called_off_can_each_be_set_back(engine: Engine, office: int) -> None:
    first, last = date(2022, 1, 10), date(2022, 1, 14)
    with write(engine) as session:
        start = load_directory(session, office)
        enter(session, office, Absence(person="hung", first=first, last=last), by="lan", at=at(ISSUED))
        entered = load_directory(session, office)
        assert entered.absence_of("hung", last) is not None
        longer = {"last": "2022-01-20", "substitute": "binh"}
        changed = set_to(session, office, "absence", AWAY, longer)
        assert changed is not None
        assert load_directory(session, office).absences[0].substitute == "binh"
        undo(session, office, SETTABLES, changed, made=MADE)
        assert load_directory(session, office).absence_of("hung", last) is not None
        assert load_directory(session, office).absence_of("hung", date(2022, 1, 20)) is None
        come_back(session, office, "hung", on=date(2022, 1, 12), by="lan", at=at(date(2022, 1, 12)))
        assert load_directory(session, office).absence_of("hung", date(2022, 1, 13)) is None
        back = office_record.last_number(session, office, "absence", AWAY)
        undo(session, office, SETTABLES, back, made=replace(MADE, at=at(date(2022, 1, 12))))
        assert load_directory(session, office).absence_of("hung", date(2022, 1, 13)) is not None
        number = min(each.number for each in office_record.changes(session, office, key=AWAY, most=9))
        with pytest.raises(ChangeRefused):
            undo(session, office, SETTABLES, number + 1, made=MADE)
        change(session, office, SETTABLES["absence"], "absence", AWAY, None, made=MADE)
        off = office_record.last_number(session, office, "absence", AWAY)
        assert load_directory(session, office).absence_of("hung", first) is None
        undo(session, office, SETTABLES, off, made=MADE)
        assert load_directory(session, office).absence_of("hung", last) is not None
        assert start.absences == ()


@pytest.mark.parametrize(
    ("key", "values", "code"),
    [
        pytest.param(AWAY, {"last": "2022-01-01"}, "absence_backwards", id="backwards"),
        pytest.param("hung/2021-12-01", {"last": "2021-12-02"}, "absence_over", id="over"),
        pytest.param(AWAY, {"substitute": "hung"}, "substitute_himself", id="himself"),
        pytest.param("ai/2022-01-10", {}, "person_unknown", id="nobody"),
    ],
)
def test_absences_keep_their_rules(
    sqlite_engine: Engine, on_sqlite: int, key: str, values: Mapping[str, Any], code: str
) -> None:
    known = {"person": "hung", "first": "2022-01-10", "last": "2022-01-14", "substitute": None, "note": ""}
    with pytest.raises(Refused) as refused, write(sqlite_engine) as session:
        set_to(session, on_sqlite, "absence", key, {**known, **values})
    assert refused.value.code == code


def test_a_preference_is_recorded_and_set_back(engine: Engine, office: int) -> None:
    with write(engine) as session:
        wanted = Preference(hour=time(14))
        save_preference(session, office, "hung", wanted, by="hung", at=at(ISSUED))
        assert load_directory(session, office).preference_of("hung") == wanted
        number = office_record.last_number(session, office, "preference", "hung")
        undo(session, office, SETTABLES, number, made=MADE)
        assert load_directory(session, office) == OFFICE


# --- what is done by command ----------------------------------------------------------------------------


def test_an_import_is_recorded_thing_by_thing_and_each_is_set_back(engine: Engine, office: int) -> None:
    lan, _, binh, *deputies = OFFICE.people
    new = replace(
        OFFICE,
        units=(replace(OFFICE.units[0], name="Văn phòng"), *OFFICE.units[1:]),
        people=(replace(lan, title="Chánh Văn phòng"), binh, *deputies),
    )
    with write(engine) as session:
        save_directory(session, office, new, made=replace(MADE, note="danh-ba.xlsx"))
        found = office_record.changes(session, office, most=9)
        assert [(each.kind, each.key) for each in found] == [
            ("person", "hung"),
            ("person", "lan"),
            ("unit", "vp"),
        ]
        assert {(each.by, each.note) for each in found} == {("lan", "danh-ba.xlsx")}
        assert (found[0].before or {})["active"] is True
        for each in found:
            undo(session, office, SETTABLES, each.number, made=MADE)
        back = load_directory(session, office)
    assert {p.code: p for p in back.people} == {p.code: p for p in OFFICE.people}
    assert back.units == OFFICE.units


def test_a_rename_by_command_is_in_the_record_with_its_document(engine: Engine, office: int) -> None:
    with write(engine) as session:
        paper = Document(number="15/QĐ-SCT", issued=ISSUED)
        rename_unit(session, office, "tm", "Phòng Thương mại", by="lan", at=at(ISSUED), document=paper)
        (line,) = office_record.changes(session, office, kinds=("unit",), key="tm", most=9)
    assert (line.note, (line.after or {})["name"]) == ("15/QĐ-SCT", "Phòng Thương mại")


def test_a_merger_is_in_the_record_and_is_not_taken_back_there(sqlite_engine: Engine, on_sqlite: int) -> None:
    with write(sqlite_engine) as session:
        paper = Document(number="16/QĐ-SCT", issued=ISSUED)
        merge_units(
            session, on_sqlite, "cn", "tm", by="lan", at=at(ISSUED), document=paper, mark="đã sáp nhập"
        )
        (husk,) = office_record.changes(session, on_sqlite, key="cn", most=9)
        assert (husk.note, (husk.after or {})["kind"]) == ("16/QĐ-SCT", "merged")
        assert is_reshaping(husk.before, husk.after)
        with pytest.raises(Refused) as refused:
            undo(session, on_sqlite, SETTABLES, husk.number, made=MADE)
    assert refused.value.code == "setting_unit_gone"


def test_whoever_was_named_before_changed_post_is_not_in_the_way(
    sqlite_engine: Engine, on_sqlite: int
) -> None:
    with write(sqlite_engine) as session:
        set_to(session, on_sqlite, "unit", "tm", {"deputy": "dung"})
        set_to(session, on_sqlite, "person", "dung", {"post": "officer"})
        assert set_to(session, on_sqlite, "unit", "tm", {"name": "Phòng Thương mại"}) is not None


def test_an_import_that_says_nothing_of_deputies_keeps_them(engine: Engine, office: int) -> None:
    with write(engine) as session:
        set_to(session, office, "unit", "tm", {"deputy": "dung"})
        save_directory(session, office, OFFICE, made=MADE)
        assert load_directory(session, office).deputies == {"tm": "dung"}


def test_whoever_saves_a_directory_says_who_does_it() -> None:
    """Only an office that is being set up has nobody yet to sign for its directory."""
    root, unsigned = Path(__file__).parents[2], set()
    for package in ("storage", "flows", "board", "cli"):
        for file in (root / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                saves = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "save_directory"
                if saves and "made" not in {keyword.arg for keyword in node.keywords}:
                    unsigned.add(file.relative_to(root).as_posix())
    assert unsigned == {"storage/organisations.py", "cli/setup.py"}


# --- letters not yet sent ---------------------------------------------------------------------------------


def test_what_waits_for_a_focal_point_goes_to_the_next_one(sqlite_engine: Engine, tmp_path: Path) -> None:
    due, monday = date(2023, 1, 27), date(2023, 1, 30)
    department = open_department(sqlite_engine, tmp_path)
    department.start(PLAN.replace("Quý I/2023", "Trước ngày 27/01/2023"), on=due)
    department.notices(due)
    with write(sqlite_engine) as session:
        office = department.office.organisation_id
        settable = SETTABLES["unit"]
        now = settable.read(session, office, "QLTM")
        assert now is not None
        made = Made(by="truc", at=department.office.moment_of(moment(due, 7, 50), time(9)))
        change(session, office, settable, "unit", "QLTM", {**now, "focal_point": "sao"}, made=made)
    assert "huong" not in department.post(due)
    department.morning(monday)
    told = department.told(1)
    assert [line for line in told if line[1] == "huong" and line[2] == "sent"] == []
    assert [line[0] for line in told if line[1] == "sao" and line[2] == "sent"][-1] == "+1"
    assert department.audits[-1].is_clean


def test_a_hand_over_is_in_the_record(sqlite_engine: Engine, tmp_path: Path) -> None:
    department = open_department(sqlite_engine, tmp_path)
    with write(sqlite_engine) as session:
        office = department.office.organisation_id
        moved = department.office.moment_of(moment(date(2023, 1, 27), 8), time(9))
        hand_over(session, office, "huong", "sao", by="truc", at=moved)
        (line,) = office_record.changes(session, office, most=9)
    assert (line.kind, line.key, (line.after or {})["focal_point"]) == ("unit", "QLTM", "sao")


def test_the_key_of_an_absence_names_person_and_day() -> None:
    assert absence_key("hung", date(2022, 1, 10)) == AWAY
    assert isinstance(OFFICE, Directory)
