"""What the API tells: the numbers of the tally, lists page by page, a task with what may be done, changes."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from storage import tasks
from storage.engine import read, write
from storage.plan_import import import_plan
from storage.reckoning import tally_at
from tasks_catalog.facts import Evidence
from tasks_catalog.intake import take_in
from tasks_catalog.progress import as_json
from tasks_catalog.task import PlanHead, PlanRead, PlanSettings, RowCount
from tests.board.acting_cast import DIRECTORY, NUMBER, ROW_1, TASKS, Office, reported
from tests.board.api_client import SHARE_1, TASK_1, Program, token_of
from tests.board.cast import CALENDAR, NOW, at

PLAN = "/v1/plans/383%2FKH-SCT"


@pytest.fixture
def office(acting_office: Office) -> Office:
    return acting_office


@pytest.fixture
def truc(office: Office) -> Program:
    return Program(office.app, token_of(office, "truc"))


def test_a_tally_is_the_commands_own_value_for_value(office: Office, truc: Program) -> None:
    reported(office)
    for day in (date(2022, 9, 30), date(2022, 10, 17)):
        with read(office.engine) as session:
            plan = tasks.plan_or_refuse(session, office.id, NUMBER)
            printed = json.dumps(as_json(tally_at(session, plan, day)), ensure_ascii=False)
        told = truc.get(f"{PLAN}/tally?as_of={day}")
        assert json.dumps(told.json(), ensure_ascii=False) == printed
    assert truc.get(f"{PLAN}/tally").json()["as_of"] == "2022-10-17"
    assert truc.get(f"{PLAN}/tally?as_of=2022-12-01").json()["code"] == "board_day_to_come"


def test_plans_are_told_with_their_figures(truc: Program) -> None:
    (plan,) = truc.get("/v1/plans").json()["plans"]
    assert plan == truc.get(PLAN).json()
    assert (plan["number"], plan["state"], plan["done"], plan["total"]) == (NUMBER, "active", 0, 5)
    assert truc.get("/v1/plans/383/KH-SCT").status_code == 404  # the slash of a number is sent as %2F


def every_page(program: Program, address: str) -> list[str]:
    found: list[str] = []
    while address:
        page = program.get(address).json()
        found += [f"{one['row']}{one['occurrence'] or ''}" for one in page["tasks"]]
        address = page["next"] or ""
    return found


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        pytest.param("", ["1", "2", "3", "4", "5"], id="everything"),
        pytest.param(f"plan={NUMBER}", ["1", "2", "3", "4", "5"], id="of a plan"),
        pytest.param("standing=overdue", ["1", "3"], id="of a standing"),
        pytest.param("text=kiem tra", ["2"], id="with words, no accents"),
        pytest.param("due_from=2022-11-01", ["2", "3"], id="due from a day"),
        pytest.param("due_from=2022-09-30&due_until=2022-09-30", ["1"], id="due on a day"),
        pytest.param(f"plan={NUMBER}&unit=TM", ["22022-11-15", "32022-03-14", "32022-06-14"], id="of a unit"),
        pytest.param("unit=TT&due_until=2022-04-01", ["32022-03-14"], id="of a unit in every plan"),
        pytest.param("due_from=0001-01-01&due_until=9999-12-31", ["1", "2", "3"], id="as long as days go"),
    ],
)
def test_a_list_is_filtered_and_followed_page_by_page(truc: Program, asked: str, rows: list[str]) -> None:
    found = every_page(truc, f"/v1/tasks?{asked}&limit=2".replace("?&", "?"))
    assert found[: len(rows)] == rows
    assert len(found) == len(set(found))
    assert every_page(truc, f"/v1/tasks?{asked}&limit=200".replace("?&", "?")) == found


def test_a_plan_that_is_not_started_is_listed_too(office: Office, truc: Program) -> None:
    settings = PlanSettings(year=2022)
    found = PlanRead(head=PlanHead(title="Kế hoạch khác"), tasks=TASKS, rows=RowCount())
    taken = take_in(found, DIRECTORY, settings, CALENDAR)
    with write(office.engine) as session:
        import_plan(
            session,
            office.id,
            found,
            number="9/KH",
            issued=date(2022, 2, 1),
            settings=settings,
            owners=taken.owners,
            planned=taken.planned,
            problems=taken.problems,
            by="truc",
            at=at(date(2022, 10, 1)),
        )
    assert every_page(truc, "/v1/tasks?plan=9/KH&limit=2") == ["1", "2", "3", "4", "5"]
    assert len(every_page(truc, "/v1/tasks?limit=3")) == 10


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/v1/tasks?limit=201", 422, "api_invalid"),
        ("/v1/tasks?limit=0", 422, "api_invalid"),
        ("/v1/tasks?standing=late", 422, "api_invalid"),
        ("/v1/tasks?due_from=1/2/2022", 422, "api_invalid"),
        ("/v1/tasks?units=TT", 422, "api_invalid"),
        ("/v1/tasks?plan=9/KH", 404, "plan_unknown"),
        ("/v1/tasks?unit=TTX", 404, "unit_not_known"),
        ("/v1/tasks?cursor=AAAA", 404, "cursor_unknown"),
        ("/v1/tasks?cursor=YXQgeA", 404, "list_place_unreadable"),
        ("/v1/tasks/383%2FKH-SCT/99", 404, "task_unknown"),
        ("/v1/tasks/383%2FKH-SCT/x", 422, "api_invalid"),
        ("/v1/tasks/383%2FKH-SCT%00/1", 404, "plan_unknown"),
        ("/v1/changes?after=x", 422, "api_invalid"),
    ],
)
def test_what_cannot_be_asked_is_refused(truc: Program, address: str, status: int, code: str) -> None:
    answer = truc.get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_what_has_not_changed_is_not_sent_again(truc: Program) -> None:
    for address in ("/v1/plans", "/v1/tasks", TASK_1, f"{PLAN}/tally", "/v1/units", "/v1/people"):
        first = truc.get(address)
        assert first.headers["cache-control"] == "private, no-cache"
        again = truc.get(address, If_None_Match=f'"x", {first.headers["etag"]}')
        assert (again.status_code, again.content) == (304, b""), address
        assert truc.get(address, If_None_Match='"x"').status_code == 200
    before = truc.get(TASK_1).headers["etag"]
    assert truc.post(f"{SHARE_1}/report", {"note": "xong"}).status_code == 200
    assert truc.get(TASK_1, If_None_Match=before).status_code == 200


def test_a_task_says_what_this_tokens_person_may_do(office: Office) -> None:
    def share(person: str) -> tuple[set[str], set[str]]:
        told = Program(office.app, token_of(office, person)).get(TASK_1).json()
        return set(told["shares"][0]["may"]), set(told["may"])

    of_unit = {"report", "progress", "measure", "extend", "wait"}
    assert share("gu") == (of_unit, set())
    assert share("sao") == (of_unit | {"hand_over"}, set())
    assert share("tram") == (set(), set())
    assert share("cam") == ({"give_time"}, set())
    assert share("quan") == (set(), set())
    assert share("truc") == (
        of_unit | {"hand_over", "give_time", "snooze"},
        {"correct", "reassign", "close"},
    )


def test_names_of_other_units_are_told_to_those_who_may_know(office: Office) -> None:
    reported(office)

    def by(person: str) -> dict[str, str]:
        history = Program(office.app, token_of(office, person)).get(TASK_1).json()["history"]
        found: dict[str, str] = next(line["by"] for line in history if line["kind"] == "report")
        return found

    assert by("truc") == by("lim") == {"code": "gu", "name": "Gụ"}
    assert by("tram") == {"code": None, "name": "cán bộ của Thanh tra Sở"}


def test_the_journal_is_read_on_from_where_one_stood(office: Office, truc: Program) -> None:
    cursor, lines, address = 0, [], "/v1/changes?limit=4"
    while address:
        page = truc.get(address).json()
        lines += page["changes"]
        cursor, address = page["cursor"], page["next"]
    assert [line["id"] for line in lines] == sorted({line["id"] for line in lines})
    assert {line["kind"] for line in lines} == {"import", "activate", "open"}
    assert truc.get(f"/v1/changes?after={cursor}").json() == {"changes": [], "cursor": cursor, "next": None}
    proof = [Evidence(text="45/BC-TT")]
    office.desk(lambda desk: desk.report(ROW_1, "TT", evidence=proof), by="gu")
    (told,) = truc.get(f"/v1/changes?after={cursor}").json()["changes"]
    assert (told["kind"], told["plan"], told["row"], told["by"]["code"]) == ("report", NUMBER, 1, "gu")
    assert told["at"] == "2022-10-17T09:00:00+07:00"
    assert date.fromisoformat(told["on"]) == NOW.date() - timedelta(days=1)


def test_people_are_told_to_those_who_keep_the_directory(office: Office, truc: Program) -> None:
    told = truc.get("/v1/people").json()["people"]
    assert {one["code"] for one in told} == {one.code for one in DIRECTORY.people}
    assert Program(office.app, token_of(office, "gu")).get("/v1/people").status_code == 403
