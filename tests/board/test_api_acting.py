"""Acting through the API: the board's own deeds, done once however often they are sent, or refused whole."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, event

from board.api.bodies import SHARE_BODIES, TASK_BODIES
from board.app import create_board
from board.share_doings import SHARE_DOINGS
from board.task_doings import TASK_DOINGS
from storage import api_calls
from storage.api_calls import KEPT, Call
from storage.engine import open_engine, write
from tasks_catalog.problem import Refused
from tests.board.acting_cast import Office, asked_for_time, closed, open_office, reported
from tests.board.api_client import SHARE_1, TASK_1, Program, token_of
from tests.board.cast import NOW

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def office(acting_office: Office) -> Office:
    return acting_office


def program(office: Office, person: str) -> Program:
    return Program(office.app, token_of(office, person))


def test_every_form_of_the_board_has_its_address_and_its_model() -> None:
    assert {doing.name for doing in SHARE_DOINGS} == set(SHARE_BODIES)
    assert {doing.name for doing in TASK_DOINGS} == set(TASK_BODIES)


def test_a_report_is_recorded_as_the_tokens_person_and_says_which_program(office: Office) -> None:
    answer = program(office, "gu").post(
        f"{SHARE_1}/report",
        {"document": {"number": "45/BC-TT", "issued": "2022-10-14"}, "note": "đã rà soát"},
    )
    assert answer.status_code == 200, answer.text
    told = answer.json()
    line = office.history()[-1]
    assert (line.kind, line.by, line.note) == ("report", "gu", "đã rà soát (qua API: liên thông)")
    assert told["events"] == [told["task"]["seen"]]
    share = told["task"]["shares"][0]
    assert share["report"]["evidence"] == [{"text": "45/BC-TT", "issued": "2022-10-14", "sha256": None}]
    assert share["may"] == ["measure"]
    assert answer.headers["cache-control"] == "no-store"


DEEDS = [
    pytest.param(reported, "truc", f"{SHARE_1}/accept", {}, "accept", id="accept"),
    pytest.param(reported, "cam", f"{SHARE_1}/return", {"note": "thiếu phụ lục"}, "return", id="return"),
    pytest.param(
        asked_for_time,
        "cam",
        f"{SHARE_1}/grant",
        {"to": "2022-11-30", "document": {"number": "9/QĐ"}},
        "decide_extension",
        id="grant",
    ),
    pytest.param(
        asked_for_time, "truc", f"{SHARE_1}/refuse", {"note": "không"}, "decide_extension", id="refuse"
    ),
    pytest.param(None, "sao", f"{SHARE_1}/hand_over", {"officer": "lim"}, "reassign", id="hand over"),
    pytest.param(None, "sao", f"{SHARE_1}/hand_over", {"officer": None}, "reassign", id="hand to nobody"),
    pytest.param(
        None, "gu", f"{SHARE_1}/wait", {"document": {"number": "1/TTr"}, "note": "chờ"}, "wait", id="wait"
    ),
    pytest.param(
        None,
        "gu",
        f"{SHARE_1}/measure",
        {"figures": [{"target": 1, "value": "97,5"}]},
        "measure",
        id="measure",
    ),
    pytest.param(None, "gu", f"{SHARE_1}/progress", {"expected": "2022-10-25"}, "acknowledge", id="progress"),
    pytest.param(
        None, "gu", f"{SHARE_1}/extend", {"to": "2022-11-30", "note": "x"}, "ask_extension", id="extend"
    ),
    pytest.param(None, "truc", f"{SHARE_1}/snooze", {"until": "2022-10-25"}, "snooze", id="snooze"),
    pytest.param(
        None,
        "truc",
        f"{TASK_1}/close",
        {"kind": "stopped", "document": {"number": "7/QĐ"}},
        "close",
        id="close",
    ),
    pytest.param(closed, "truc", f"{TASK_1}/reopen", {"note": "làm tiếp"}, "reopen", id="reopen"),
    pytest.param(
        None,
        "truc",
        f"{TASK_1}/correct",
        {"text": "Rà soát văn bản QPPL"},
        "correct",
        id="correct",
    ),
    pytest.param(
        None, "truc", f"{TASK_1}/reassign", {"from_unit": "TT", "to_unit": "TM"}, "reassign", id="reassign"
    ),
]


@pytest.mark.parametrize(("before", "person", "address", "body", "kind"), DEEDS)
def test_a_deed_is_done(
    office: Office, before: object, person: str, address: str, body: dict[str, object], kind: str
) -> None:
    if callable(before):
        before(office)
    answer = program(office, person).post(address, body)
    assert answer.status_code == 200, answer.text
    line = office.history()[-1]
    assert (line.kind, line.by) == (kind, person)
    assert answer.json()["events"]


def test_a_row_is_settled_and_a_condition_triggered(office: Office) -> None:
    truc, row = program(office, "truc"), "/v1/tasks/383%2FKH-SCT/5"
    unknown = truc.post(f"{row}/settle", {"owners": ["TTX"]})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unit_not_known")
    settled = truc.post(f"{row}/settle", {"owners": ["all", "all"], "deadline": "30/11/2022"})
    assert settled.status_code == 200, settled.text
    task = settled.json()["task"]
    assert (task["active"], task["questions"]) == (True, [])
    assert [owner["code"] for owner in task["owners"]] == ["all"]
    assert task["deadline"]["dates"] == [{"from": None, "to": "2022-11-30"}]
    paper = {"number": "88/UBND-KT", "issued": "2022-10-17"}
    arose = truc.post("/v1/tasks/383%2FKH-SCT/4/trigger", {"due": "2022-12-15", "document": paper})
    assert arose.json()["task"]["shares"][0]["due"] == "2022-12-15"


def test_a_unit_says_that_what_its_task_waits_for_has_arisen(office: Office) -> None:
    gu, fourth = program(office, "gu"), "/v1/tasks/383%2FKH-SCT/4"
    assert gu.get(fourth).json()["may"] == ["arisen"]
    assert "arisen" not in gu.get(TASK_1).json()["may"]
    body = {"arose": "2022-10-17", "note": "có công văn", "document": {"number": "88/UBND-KT"}}
    told = gu.post(f"{fourth}/arisen", body)
    assert told.status_code == 200, told.text
    line = told.json()["task"]["history"][-1]
    assert (line["kind"], line["by"]["code"], line["document"]["number"]) == (
        "say_arisen",
        "gu",
        "88/UBND-KT",
    )
    assert line["note"] == "có công văn (qua API: liên thông)"
    assert told.json()["task"]["shares"] == []
    assert "set_aside" in program(office, "truc").get(fourth).json()["may"]


REFUSALS = [
    pytest.param("tram", f"{SHARE_1}/report", {"note": "x"}, 403, "act_not_allowed", id="another unit's"),
    pytest.param("truc", f"{SHARE_1}/accept", {}, 403, "act_not_allowed", id="nothing to accept"),
    pytest.param("truc", f"{SHARE_1}/grant", {}, 422, "api_invalid", id="no document"),
    pytest.param("gu", f"{SHARE_1}/report", {}, 409, "form_report_empty", id="an empty report"),
    pytest.param("gu", f"{SHARE_1}/report", {"nota": "x"}, 422, "api_invalid", id="a field mistyped"),
    pytest.param("gu", f"{SHARE_1}/report", {"note": 7}, 422, "api_invalid", id="a number for words"),
    pytest.param("gu", f"{SHARE_1}/progress", {"expected": 0}, 422, "api_invalid", id="a number for a day"),
    pytest.param(
        "gu", f"{SHARE_1}/progress", {"expected": "2022-10-01"}, 409, "act_expected_past", id="a day past"
    ),
    pytest.param(
        "gu",
        f"{SHARE_1}/measure",
        {"figures": [{"target": 2, "value": "9"}]},
        409,
        "figure_target_unknown",
        id="no such target",
    ),
    pytest.param("gu", f"{SHARE_1}/report", {"files": ["x"]}, 404, "file_handle_unknown", id="no such file"),
    pytest.param(
        "gu", f"{SHARE_1}/report", {"note": "x", "seen": 1}, 409, "task_changed_meanwhile", id="old"
    ),
    pytest.param(
        "gu", f"{TASK_1}/shares/2022-09-30/VP/report", {"note": "x"}, 404, "share_unknown", id="no share"
    ),
    pytest.param(
        "tram",
        "/v1/tasks/383%2FKH-SCT/4/arisen",
        {"arose": "2022-10-17", "note": "x"},
        403,
        "act_not_allowed",
        id="another unit's condition",
    ),
    pytest.param(
        "gu",
        f"{TASK_1}/arisen",
        {"arose": "2022-10-17", "note": "x"},
        403,
        "act_not_allowed",
        id="a day, no condition",
    ),
    pytest.param(
        "gu",
        "/v1/tasks/383%2FKH-SCT/4/arisen",
        {"arose": "2022-12-17", "note": "x"},
        409,
        "arisen_to_come",
        id="a condition still ahead",
    ),
    pytest.param("truc", f"{TASK_1}/correct", {}, 409, "form_correct_nothing", id="nothing to correct"),
]


@pytest.mark.parametrize(("person", "address", "body", "status", "code"), REFUSALS)
def test_what_is_refused_leaves_nothing(
    office: Office, person: str, address: str, body: dict[str, object], status: int, code: str
) -> None:
    mine = program(office, person)
    mine.get("/v1/plans")
    before = office.everything()
    answer = mine.post(address, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert office.everything() == before


def test_what_was_seen_decides_whether_something_came_between(office: Office) -> None:
    gu = program(office, "gu")
    seen = gu.get(TASK_1).json()["shares"][0]["seen"]
    asked_for_time(office)
    late = gu.post(f"{SHARE_1}/report", {"note": "xong", "seen": seen})
    assert (late.status_code, late.json()["code"]) == (409, "task_changed_meanwhile")
    seen = gu.get(TASK_1).json()["shares"][0]["seen"]
    assert gu.post(f"{SHARE_1}/report", {"note": "xong", "seen": seen}).status_code == 200


def hand_in(mine: Program, data: bytes, name: str, *, key: str = "tep", kind: str = "") -> dict[str, str]:
    headers = {"Idempotency-Key": key, "Content-Type": kind or "application/octet-stream"}
    answer = mine.ask("POST", f"/v1/files?name={name}", headers=headers, content=data)
    told: dict[str, str] = {"status": str(answer.status_code), **answer.json()}
    return told


def test_a_file_is_handed_in_and_named_in_a_report(office: Office) -> None:
    gu = program(office, "gu")
    told = hand_in(gu, PDF, "bao-cao.pdf")
    assert (told["status"], told["media_type"], told["name"]) == ("200", "application/pdf", "bao-cao.pdf")
    assert hand_in(gu, PDF, "bao-cao.pdf") == told
    assert hand_in(gu, PDF + b"\n", "bao-cao.pdf")["code"] == "idempotency_other"
    report = gu.post(f"{SHARE_1}/report", {"files": [told["file"]]})
    (proof,) = report.json()["task"]["shares"][0]["report"]["evidence"]
    assert (proof["text"], proof["sha256"]) == ("bao-cao.pdf", told["sha256"])
    office.looks = None
    assert office.browser.get(f"/files/{told['sha256']}").content == PDF


def test_a_file_of_somebody_else_is_not_drawn_to_ones_own_report(office: Office) -> None:
    told = hand_in(program(office, "tram"), PDF, "mat.pdf")
    for handle in (told["file"], told["sha256"]):
        answer = program(office, "gu").post(f"{SHARE_1}/report", {"files": [handle]})
        assert (answer.status_code, answer.json()["code"]) == (404, "file_handle_unknown")


def test_a_file_is_taken_by_what_it_is(office: Office) -> None:
    gu = program(office, "gu")
    assert hand_in(gu, b"<script>alert(1)</script>", "bao-cao.pdf")["code"] == "upload_kind"
    assert hand_in(gu, PDF, "bao-cao.png")["code"] == "upload_misnamed"
    assert hand_in(gu, b"", "bao-cao.pdf")["code"] == "upload_empty"
    assert hand_in(gu, PDF, "bao-cao.pdf", kind="text/html")["code"] == "api_media_type"
    assert hand_in(gu, PDF, "")["code"] == "api_invalid"


# Once


def test_a_call_sent_again_is_answered_as_before_and_done_once(office: Office) -> None:
    gu = program(office, "gu")
    first = gu.post(f"{SHARE_1}/progress", {"expected": "2022-10-25"}, key="khoa-1")
    again = gu.post(f"{SHARE_1}/progress", {"expected": "2022-10-25"}, key="khoa-1")
    quoted = gu.post(f"{SHARE_1}/progress", {"expected": "2022-10-25"}, key='"khoa-1"')
    assert first.content == again.content == quoted.content
    assert [each.headers.get("idempotent-replayed") for each in (first, again, quoted)] == [
        None,
        "true",
        "true",
    ]
    assert Counter(line.kind for line in office.history())["acknowledge"] == 1


def test_a_key_means_one_call_of_one_token(office: Office) -> None:
    gu, sao = program(office, "gu"), program(office, "sao")
    body = {"expected": "2022-10-25"}
    assert gu.post(f"{SHARE_1}/progress", body, key="k").status_code == 200
    for address, other in (
        (f"{SHARE_1}/progress", {"expected": "2022-10-26"}),
        (f"{SHARE_1}/report", {"note": "xong"}),
    ):
        answer = gu.post(address, other, key="k")
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_other")
    assert sao.post(f"{SHARE_1}/progress", body, key="k").headers.get("idempotent-replayed") is None
    assert Counter(line.kind for line in office.history())["acknowledge"] == 2


def test_a_call_without_a_key_is_not_done(office: Office) -> None:
    gu = program(office, "gu")
    for headers in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 256}, {"Idempotency-Key": "a b"}):
        answer = gu.ask("POST", f"{SHARE_1}/report", headers=headers, json={"note": "xong"})
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_missing")


def test_a_refusal_does_not_use_the_key_up(office: Office) -> None:
    gu = program(office, "gu")
    assert gu.post(f"{SHARE_1}/report", {}, key="k").status_code == 409
    assert gu.post(f"{SHARE_1}/report", {"note": "xong"}, key="k").status_code == 200


def test_what_breaks_off_before_the_end_is_neither_done_nor_remembered(office: Office) -> None:
    gu, body = program(office, "gu"), {"note": "xong"}
    gu.get("/v1/plans")
    before = office.everything()

    def die(_connection: object) -> None:
        raise ConnectionResetError("the machine went down")

    event.listen(office.engine, "commit", die)
    broken = gu.post(f"{SHARE_1}/report", body, key="k")
    event.remove(office.engine, "commit", die)
    assert (broken.status_code, broken.json()["code"]) == (500, "api_failed")
    assert "machine" not in broken.text
    assert office.everything() == before
    after = gu.post(f"{SHARE_1}/report", body, key="k")
    assert (after.status_code, after.headers.get("idempotent-replayed")) == (200, None)
    assert gu.post(f"{SHARE_1}/report", body, key="k").headers["idempotent-replayed"] == "true"
    assert Counter(line.kind for line in office.history())["report"] == 1


def test_two_processes_with_one_key_act_once(engine: Engine, tmp_path: Path) -> None:
    """Each process has its own board and connections; whoever comes second waits, or is told to."""
    office = open_office(engine, tmp_path / "files")
    token = token_of(office, "gu")
    url = engine.url.render_as_string(hide_password=False)
    engines = [open_engine(url) for _ in range(4)]
    boards = [create_board(own, office.id, clock=lambda: NOW, base_url="http://127.0.0.1") for own in engines]
    start = Barrier(len(boards))

    def process(app: FastAPI) -> tuple[int, str]:
        mine = Program(app, token)
        start.wait(60)
        answer = mine.post(f"{SHARE_1}/progress", {"expected": "2022-10-25"}, key="k")
        return answer.status_code, answer.headers.get("idempotent-replayed", "")

    with ThreadPoolExecutor(len(engines)) as pool:
        told = Counter(pool.map(process, boards))
    for own in engines:
        own.dispose()
    assert Counter(line.kind for line in office.history())["acknowledge"] == 1
    assert told[200, ""] == 1
    assert set(told) <= {(200, ""), (200, "true"), (409, "")}


def test_answers_are_forgotten_after_two_days(office: Office) -> None:
    gu = program(office, "gu")
    gu.post(f"{SHARE_1}/progress", {"expected": "2022-10-25"}, key="k")
    call = Call(token=1, key="k", fingerprint="another")
    with write(office.engine) as session, pytest.raises(Refused) as refused:
        api_calls.begin(session, office.id, call, at=NOW + KEPT)
    assert refused.value.code == "idempotency_other"
    with write(office.engine) as session:
        assert api_calls.purge(session, office.id, at=NOW + KEPT) == 0
        assert api_calls.begin(session, office.id, call, at=NOW + KEPT + timedelta(seconds=1)) is None
