"""A plan handed in by a program: read, asked about, answered, kept and started, as in the browser."""

from __future__ import annotations

import httpx
import pytest

from storage import tasks
from storage.engine import read
from tasks_catalog.scopes import Scope
from tests.board.acting_cast import DIRECTORY, NUMBER, Office
from tests.board.api_client import Program, token_of
from tests.board.clerk import HEADS

CSV = "\n".join(
    (
        HEADS,
        "1,Rà soát văn bản,Báo cáo,Thanh tra Sở,,15/11/2022",
        "2,Kiểm tra chợ,Báo cáo,Phòng Chợ,,30/11/2022",
        "3,Đơn giản hóa,Báo cáo,Văn phòng Sở,,Tháng 15/11/2022",
    )
).encode()
HEAD = "number=400/KH-SCT&issued=2022-10-01&year=2022"


@pytest.fixture
def truc(acting_office: Office) -> Program:
    return Program(acting_office.app, token_of(acting_office, "truc"))


def hand_in(
    program: Program, data: bytes = CSV, query: str = f"name=ke-hoach.csv&{HEAD}", *, key: str = "kh"
) -> httpx.Response:
    headers = {"Idempotency-Key": key, "Content-Type": "application/octet-stream"}
    return program.ask("POST", f"/v1/imports?{query}", headers=headers, content=data)


def state(office: Office) -> dict[str, list[tuple[object, ...]]]:
    return {n: rows for n, rows in office.everything().items() if n not in ("api_token", "api_call")}


def test_a_plan_is_handed_in_answered_kept_and_started(acting_office: Office, truc: Program) -> None:
    taken = hand_in(truc)
    assert taken.status_code == 200, taken.text
    head = taken.json()
    assert (head["number"], head["issued"], head["year"]) == ("400/KH-SCT", "2022-10-01", 2022)
    assert (head["state"], head["ready"], head["tasks"]) == ("read", True, 3)
    assert (head["asked"], head["open"], head["plan"]) == (2, 2, None)
    assert hand_in(truc).content == taken.content
    assert hand_in(truc, key="lai").json()["id"] == head["id"]

    place = f"/v1/imports/{head['id']}"
    first = truc.get(f"{place}?limit=2").json()
    assert [row["row"] for row in first["rows"]] == [1, 2]
    (third,) = truc.get(first["next"]).json()["rows"]
    asking = truc.get(f"{place}?show=asking").json()
    assert [row["row"] for row in asking["rows"]] == [2, 3]
    assert third == asking["rows"][1]
    assert (first["rows"][0]["owners"][0]["code"], first["rows"][0]["questions"]) == ("TT", [])
    assert [one["code"] for one in asking["rows"][0]["questions"]] == ["unit_unknown"]
    (name,) = asking["names"]
    assert (name["name"], name["rows"], name["unit"]) == ("Phòng Chợ", [2], None)

    answers = {
        "names": [{"name": "Phòng Chợ", "unit": "TM"}],
        "rows": [{"row": 3, "deadline": "15/11/2022"}],
    }
    answered = truc.post(f"{place}/answers", answers)
    assert answered.status_code == 200, answered.text
    assert (answered.json()["asked"], answered.json()["open"]) == (2, 0)
    rows = truc.get(place).json()["rows"]
    assert (rows[1]["owners"][0]["code"], rows[2]["answer"]["deadline"]) == ("TM", "15/11/2022")
    assert rows[2]["deadline"]["dates"] == [{"from": None, "to": "2022-11-15"}]
    assert truc.post(f"{place}/head", {"title": "Kế hoạch thử"}).json()["title"] == "Kế hoạch thử"

    assert truc.get("/v1/plans/400%2FKH-SCT").status_code == 404
    kept = truc.post(f"{place}/confirm", {}, key="nhap")
    assert (kept.status_code, kept.json()["state"], kept.json()["plan"]) == (200, "imported", "400/KH-SCT")
    assert truc.post(f"{place}/confirm", {}, key="nhap").content == kept.content
    assert truc.post(f"{place}/confirm", {}).json()["plan"] == "400/KH-SCT"
    over = truc.post(f"{place}/answers", answers)
    assert (over.status_code, over.json()["code"]) == (409, "import_over")
    plan = truc.get("/v1/plans/400%2FKH-SCT").json()
    assert (plan["state"], plan["title"]) == ("imported", "Kế hoạch thử")

    start = "/v1/plans/400%2FKH-SCT/activation"
    started = truc.post(start, {}, key="bat-dau")
    assert started.status_code == 200, started.text
    told = started.json()
    assert (told["plan"], told["on"], told["shares"], told["occurrences"]) == (
        "400/KH-SCT",
        "2022-10-18",
        3,
        3,
    )
    assert truc.post(start, {}, key="bat-dau").content == started.content
    again = truc.post(start, {})
    assert (again.status_code, again.json()["code"]) == (409, "plan_started")
    assert truc.get("/v1/tasks/400%2FKH-SCT/2").json()["shares"][0]["unit"] == "TM"
    with read(acting_office.engine) as session:
        assert len(tasks.list_plans(session, acting_office.id)) == 2


def test_what_does_not_answer_is_refused_and_nothing_kept(acting_office: Office, truc: Program) -> None:
    place = f"/v1/imports/{hand_in(truc).json()['id']}"
    before = state(acting_office)
    for end, body, status, code in (
        ("answers", {}, 409, "import_answer_empty"),
        ("answers", {"rows": [{"row": 1, "accept": True}]}, 409, "import_row_asks_nothing"),
        ("answers", {"rows": [{"row": 3, "owners": ["TT"]}]}, 409, "import_answer_beside"),
        ("answers", {"rows": [{"row": 3, "deadline": "hôm nào"}]}, 409, "answer_deadline_unclear"),
        ("answers", {"names": [{"name": "Phòng Chợ", "unit": "XX"}]}, 404, "unit_not_known"),
        ("answers", {"names": [{"name": "Phòng Họp", "unit": "TM"}]}, 409, "import_name_not_asked"),
        ("answers", {"rows": [{"row": 3, "accepted": True}]}, 422, "api_invalid"),
        ("head", {"year": 1900}, 422, "api_invalid"),
        ("confirm", {"sure": True}, 422, "api_invalid"),
    ):
        told = truc.post(f"{place}/{end}", body)
        assert (told.status_code, told.json()["code"]) == (status, code), told.text
    gone = truc.post("/v1/imports/77/confirm", {})
    assert (gone.status_code, gone.json()["code"]) == (404, "import_unknown")
    assert state(acting_office) == before


def test_a_plan_of_a_number_there_is_is_not_made_twice(acting_office: Office, truc: Program) -> None:
    place = hand_in(truc, query=f"name=ke-hoach.csv&number={NUMBER}&issued=2022-10-01").json()
    assert place["plan"] == NUMBER
    told = truc.post(f"/v1/imports/{place['id']}/confirm", {})
    assert (told.status_code, told.json()["code"]) == (409, "plan_exists")
    aside = truc.post(f"/v1/imports/{place['id']}/set_aside", {})
    assert (aside.status_code, aside.json()["state"]) == (200, "set_aside")
    told = truc.post(f"/v1/imports/{place['id']}/confirm", {})
    assert (told.status_code, told.json()["code"]) == (409, "import_over")


def test_what_is_no_plan_is_not_kept(acting_office: Office, truc: Program) -> None:
    truc.get("/v1/plans")
    before = state(acting_office)
    for query, data, status, code in (
        ("name=ke-hoach.exe", b"MZ", 415, "file_type_unsupported"),
        ("name=ke-hoach.csv", b"", 415, "file_empty"),
        ("name=ke-hoach.csv&year=22", CSV, 422, "api_invalid"),
        ("name=ke-hoach.csv&nam=2022", CSV, 422, "api_invalid"),
    ):
        told = hand_in(truc, data, query)
        assert (told.status_code, told.json()["code"]) == (status, code), told.text
    assert state(acting_office) == before


def test_plans_are_the_coordinators_by_a_token_made_for_them(acting_office: Office) -> None:
    others = [person.code for person in DIRECTORY.people if person.code != "truc"]
    for token in (*(token_of(acting_office, code) for code in others),):
        told = hand_in(Program(acting_office.app, token))
        assert (told.status_code, told.json()["code"]) == (403, "api_right_missing")
    reader = Program(acting_office.app, token_of(acting_office, "truc", Scope.READ, Scope.WORK))
    assert hand_in(reader).json()["code"] == "scope_missing"
    assert reader.get("/v1/imports/1").json()["code"] == "scope_missing"
