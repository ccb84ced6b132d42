"""Several organisations in one database: each sees its own, a superior body the figures of those below."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from board.rights import RouteRight
from board.tickets import ticket_for
from storage import outbox, tasks
from storage.below import below
from storage.day_turn import count_on
from storage.desk import Desk
from storage.engine import read, write
from storage.organisations import create_organisation, only_organisation, organisation_of
from storage.plan_import import import_plan
from storage.schema import LetterRow, Organisation, ShareRow
from storage.starting import open_plan
from tasks_catalog.intake import take_in
from tasks_catalog.people import Directory, Post, Unit
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Role
from tasks_catalog.scopes import Scope
from tasks_catalog.task import PlanHead, PlanRead, PlanSettings, RowCount
from tests.board import access_table
from tests.board.acting_cast import DIRECTORY, KEYS, LATELY, STARTED, Office, open_office, person
from tests.board.api_client import Program, token_of
from tests.board.cast import CALENDAR, a_task, at
from tests.board.test_access_table import address, asked_by, record

MARK = "Ngọclinh"
"""Stands in every word of the other organisation, and in none of the department's."""
NUMBER = "9/KH-XNL"
OTHER = Directory(
    organisation="xnl",
    name=f"UBND xã {MARK}",
    units=(Unit(code="TT", name=f"Văn phòng {MARK}"), Unit(code="VP", name=f"Tổ {MARK}")),
    people=(
        person("gu", "TT", name=f"Gụ {MARK}"),
        person("mai", "VP", Post.COORDINATOR, f"Mai {MARK}"),
    ),
    focal_points={"TT": "gu"},
)
TASKS = (
    a_task(1, f"Việc thứ nhất của {MARK}", f"Văn phòng {MARK}", "30/9/2022"),
    a_task(2, f"Việc thứ hai của {MARK}", f"Văn phòng {MARK}", "30/11/2022"),
)


def add_other(engine: Engine, under: str = "sct", directory: Directory = OTHER, number: str = NUMBER) -> int:
    """Add an organisation below another, its plan with one task overdue and one letter kept."""
    settings = PlanSettings(year=2022)
    found = PlanRead(head=PlanHead(title=f"Kế hoạch của {MARK}"), tasks=TASKS, rows=RowCount())
    taken = take_in(found, directory, settings, CALENDAR)
    with write(engine) as session:
        made = create_organisation(session, directory, simulated=True, at=at(STARTED), under=under)
        plan = import_plan(
            session,
            made.id,
            found,
            number=number,
            issued=date(2022, 1, 15),
            settings=settings,
            owners=taken.owners,
            planned=taken.planned,
            problems=taken.problems,
            by="mai",
            at=at(STARTED),
        )
        tasks.activate(session, plan, on=STARTED, by="mai", at=at(STARTED))
        open_plan(session, plan, directory=directory, at=at(STARTED), on=STARTED)
        outbox.open_letter(
            session,
            made.id,
            kind="digest",
            person="gu",
            day=LATELY,
            message_id=f"<{number}@x>",
            at=at(LATELY),
        )
        desk = Desk(session=session, organisation_id=made.id, calendar=CALENDAR, at=at(LATELY), by="gu")
        desk.report(f"{number}/2", "TT")
        organisation_id = made.id
    count_on(engine, organisation_id, LATELY, at_most=10_000)
    return organisation_id


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    made = open_office(sqlite_engine, tmp_path / "files")
    made.must_sign_in = True
    return made


def foreign_addresses(office: Office, other: int, method: str) -> Iterable[tuple[str, RouteRight, str]]:
    """Return every address of the department's board, as it is and filled with what is the other
    organisation's, each with its route and somebody who may open it.
    """
    with read(office.engine) as session:
        letter = session.scalars(select(LetterRow.id).where(LetterRow.organisation_id == other)).one()
        share = session.scalars(select(ShareRow.id).where(ShareRow.organisation_id == other)).first()
    theirs = {"383%2FKH-SCT": NUMBER.replace("/", "%2F")}
    for route in access_table.routes_of(office.app):
        if route.method != method:
            continue
        reader = "truc" if route.needs.opens_to(Role.COORDINATOR) else "quan"
        filled = route.path.replace("{letter}", str(letter)).replace("{share}", str(share))
        filled = address(replace(route, path=filled))
        yield reader, route, address(route)
        for ours, foreign in theirs.items():
            yield reader, route, filled.replace(ours, foreign)


def test_no_page_shows_anything_of_another_organisation(office: Office) -> None:
    other = add_other(office.engine)
    tokens = {code: token_of(office, code) for code in ("truc", "quan")}
    for code, route, path in foreign_addresses(office, other, "GET"):
        answer = asked_by(office, code, route, tokens[code], path)
        assert answer.status_code not in (401, 500), path
        words = (
            answer.text
            if not path.startswith(("/below", "/v1/below"))
            else answer.text.replace(OTHER.name, "")
        )
        assert MARK not in words, (code, path)


def test_nothing_of_another_organisation_can_be_done(office: Office) -> None:
    other = add_other(office.engine)
    tokens = {code: token_of(office, code) for code in ("truc", "quan")}
    before = record(office)
    tried = 0
    for code, route, path in foreign_addresses(office, other, "POST"):
        if path == address(route):
            continue  # an address of one's own, where one may act
        typed = {"ticket": ticket_for(path, KEYS), "seen": "9999", "note": "x", "document": "1/X"}
        answer = asked_by(office, code, route, tokens[code], path, typed)
        assert answer.status_code in (400, 404, 415, 422), (path, answer.status_code)
        assert "Biểu mẫu này không còn dùng được" not in answer.text, path  # not for want of a ticket
        tried += 1
    assert tried > 20
    assert record(office) == before


def test_a_superior_body_sees_figures_and_no_more(office: Office) -> None:
    add_other(office.engine)
    page = office.as_("nghien").get("/below").text
    assert OTHER.name in page
    assert "9/KH-XNL: 1/2" in page
    assert "1 cơ quan: đã hoàn thành 1/2 nhiệm vụ, quá hạn 1." in page
    assert "Việc thứ nhất" not in page
    assert "Gụ" not in page
    assert 'href="/below"' in office.as_("nghien").get("/").text
    assert office.as_("gu").get("/below").status_code == 403
    assert 'href="/below"' not in office.as_("gu").get("/").text


def test_a_program_is_told_the_same_figures_and_no_more(office: Office) -> None:
    add_other(office.engine)
    told = Program(office.app, token_of(office, "nghien", Scope.READ)).get("/v1/below")
    assert told.json()["organisations"] == [
        {
            "code": OTHER.organisation,
            "name": OTHER.name,
            "depth": 1,
            "done": 1,
            "total": 2,
            "overdue": 1,
            "plans": [
                {
                    "number": NUMBER,
                    "as_of": "2022-10-17",
                    "done": 1,
                    "total": 2,
                    "overdue": 1,
                }
            ],
        }
    ]
    assert [told.json()[name] for name in ("done", "total", "overdue")] == [1, 2, 1]
    refused = Program(office.app, token_of(office, "gu")).get("/v1/below")
    assert (refused.status_code, refused.json()["code"]) == (403, "api_right_missing")


def test_without_anybody_below_the_way_is_not_there(office: Office) -> None:
    assert 'href="/below"' not in office.as_("nghien").get("/").text
    assert "Chưa có cơ quan cấp dưới" in office.as_("nghien").get("/below").text


def test_figures_go_up_every_step_and_never_sideways_or_down(engine: Engine, tmp_path: Path) -> None:
    office = open_office(engine, tmp_path / "files")
    commune = add_other(engine)
    hamlet = replace(OTHER, organisation="thon", name="Thôn")
    add_other(engine, under="xnl", directory=hamlet, number="1/KH-T")
    sister = replace(OTHER, organisation="xb", name="Xã B")
    sister_id = add_other(engine, directory=sister, number="2/KH-B")
    with read(engine) as session:
        seen = [(each.code, each.depth, each.done, each.total) for each in below(session, office.id)]
        assert seen == [("xb", 1, 1, 2), ("xnl", 1, 1, 2), ("thon", 2, 1, 2)]
        assert [each.code for each in below(session, commune)] == ["thon"]
        assert below(session, sister_id) == ()


def test_a_loop_of_superiors_ends(engine: Engine, tmp_path: Path) -> None:
    office = open_office(engine, tmp_path / "files")
    commune = add_other(engine)
    with write(engine) as session:
        session.get_one(Organisation, office.id).superior_id = commune
    with read(engine) as session:
        assert [each.code for each in below(session, office.id)] == ["xnl"]
        assert [each.code for each in below(session, commune)] == ["sct"]


def test_which_office_is_meant_must_be_said_where_there_are_several(engine: Engine, tmp_path: Path) -> None:
    office = open_office(engine, tmp_path / "files")
    other = add_other(engine)
    with read(engine) as session:
        with pytest.raises(Refused) as refused:
            only_organisation(session)
        assert (refused.value.code, refused.value.params) == ("organisation_which", {"known": "sct, xnl"})
        assert organisation_of(session, "xnl").id == other
        assert organisation_of(session, "sct").id == office.id
        with pytest.raises(Refused) as refused:
            organisation_of(session, "x")
        assert refused.value.code == "organisation_unknown"


@pytest.mark.parametrize(
    ("directory", "under", "code"),
    [
        pytest.param(OTHER, "", "office_exists", id="no superior named"),
        pytest.param(OTHER, "khong", "organisation_unknown", id="a superior nobody knows"),
        pytest.param(DIRECTORY, "sct", "organisation_taken", id="a code that is taken"),
    ],
)
def test_an_organisation_is_added_only_below_one_that_is_there(
    engine: Engine, tmp_path: Path, directory: Directory, under: str, code: str
) -> None:
    open_office(engine, tmp_path / "files")
    with pytest.raises(Refused) as refused, write(engine) as session:
        create_organisation(session, directory, simulated=True, at=at(STARTED), under=under)
    assert refused.value.code == code


def test_marks_are_in_every_word_that_could_leak() -> None:
    words = [*(t.text for t in TASKS), *(u.name for u in OTHER.units), *(p.name for p in OTHER.people)]
    assert all(MARK in word for word in words)
    assert not re.search(MARK, repr(DIRECTORY))
