"""Whatever is not answered as asked under /v1 is a problem as of RFC 9457, and says what would be right."""

from __future__ import annotations

import re

import pytest

from board.api.app import the_api
from board.api.language import language_of
from board.api.problems import Problem
from board.forms import MOST_BYTES
from notifications.wording import catalogue
from tests.board.acting_cast import Office
from tests.board.api_client import SHARE_1, TASK_1, Program, token_of


@pytest.fixture
def office(acting_office: Office) -> Office:
    return acting_office


@pytest.fixture
def truc(office: Office) -> Program:
    return Program(office.app, token_of(office, "truc"))


JSON, KEY = {"Content-Type": "application/json"}, {"Idempotency-Key": "k"}
REPORT = f"{SHARE_1}/report"
ASKED = [
    pytest.param("GET", "/v1/nowhere", {}, b"", 404, "api_no_such_address", id="no such address"),
    pytest.param("GET", "/v1/", {}, b"", 404, "api_no_such_address", id="the root"),
    pytest.param("GET", "/v1/plans/", {}, b"", 404, "api_no_such_address", id="no number"),
    pytest.param("GET", "/v1/%0A", {}, b"", 404, "api_no_such_address", id="a line break"),
    pytest.param("DELETE", "/v1/plans", {}, b"", 405, "api_method", id="a method not known"),
    pytest.param("HEAD", TASK_1, {}, b"", 405, "", id="HEAD"),
    pytest.param("GET", REPORT, {}, b"", 405, "api_method", id="reading an act"),
    pytest.param("GET", f"{TASK_1}/close", {}, b"", 405, "api_method", id="reading an act of a task"),
    pytest.param("OPTIONS", "/v1/plans", {}, b"", 405, "api_method", id="a browser from elsewhere asking"),
    pytest.param("POST", REPORT, {**JSON, **KEY}, b"{", 400, "api_unreadable", id="broken JSON"),
    pytest.param("POST", REPORT, {**JSON, **KEY}, b"\xff", 400, "api_unreadable", id="no UTF-8"),
    pytest.param("POST", REPORT, {**JSON, **KEY}, b"[" * 60_000, 400, "api_unreadable", id="a deep nest"),
    pytest.param(
        "POST", REPORT, {**JSON, **KEY}, b'{"seen":' + b"9" * 5000 + b"}", 400, "api_unreadable", id="big"
    ),
    pytest.param(
        "POST", REPORT, {**JSON, **KEY}, b'{"note":"\\ud800"}', 422, "api_invalid", id="half a letter"
    ),
    pytest.param("POST", REPORT, {**JSON, **KEY}, b'{"seen":NaN}', 422, "api_invalid", id="no number"),
    pytest.param("POST", REPORT, {**JSON, **KEY}, b"", 422, "api_invalid", id="nothing"),
    pytest.param("POST", REPORT, {**JSON, **KEY}, b"null", 422, "api_invalid", id="null"),
    pytest.param(
        "POST", REPORT, {"Content-Type": "text/plain", **KEY}, b"{}", 415, "api_media_type", id="text"
    ),
    pytest.param("POST", REPORT, KEY, b"{}", 415, "api_media_type", id="of no kind"),
    pytest.param(
        "POST", REPORT, {**JSON, **KEY}, b" " * (MOST_BYTES + 1), 413, "api_too_large", id="too large"
    ),
]


@pytest.mark.parametrize(("method", "path", "headers", "body", "status", "code"), ASKED)
def test_a_call_that_cannot_be_answered_is_told_why(
    truc: Program, method: str, path: str, headers: dict[str, str], body: bytes, status: int, code: str
) -> None:
    answer = truc.ask(method, path, headers=headers, content=body)
    assert answer.status_code == status, answer.text
    if not code:
        return
    assert answer.headers["content-type"] == "application/problem+json"
    told = Problem.model_validate_json(answer.content)
    assert (told.code, told.status, told.instance) == (code, status, path)
    assert told.type == f"/v1/problems/{code}"
    assert answer.headers["cache-control"] == "no-store"
    assert truc.get(told.type).json()["status"] == status
    if status == 405:
        assert answer.headers["allow"] in ("GET", "POST")


def test_a_body_that_says_it_is_too_large_is_not_read(truc: Program) -> None:
    headers = {**JSON, **KEY, "Content-Length": str(10**9)}
    assert truc.ask("POST", REPORT, headers=headers, content=b"{}").status_code == 413


def test_a_request_that_does_not_fit_says_where(truc: Program) -> None:
    body = {"document": {"nummer": "1"}, "figures": [{"target": 0, "value": "1"}]}
    told = truc.post(REPORT, body).json()
    assert {tuple(one["where"]) for one in told["errors"]} == {
        ("body", "document", "number"),
        ("body", "document", "nummer"),
        ("body", "figures", "0", "target"),
    }


def test_a_problem_is_said_in_the_language_asked_for(truc: Program) -> None:
    vietnamese, english = truc.get("/v1/nowhere"), truc.get("/v1/nowhere", Accept_Language="en-GB,vi;q=0.5")
    assert (vietnamese.headers["content-language"], english.headers["content-language"]) == ("vi", "en")
    assert english.json()["detail"].startswith("There is no such address")
    assert "Accept-Language" in english.headers["vary"]
    assert truc.get("/v1/tasks/9%2FKH/1", Accept_Language="en").json()["title"] == "Not found"


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "vi"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("vi;q=0.3, en;q=0.4", "en"),
        ("fr", "vi"),
        ("*", "vi"),
        ("en;q=0", "vi"),
        ("en;q=x", "vi"),
        (",;,=", "vi"),
    ],
)
def test_vietnamese_is_spoken_unless_english_leads(asked: str, language: str) -> None:
    assert language_of({"accept-language": asked} if asked else {}) == language


def test_every_code_explains_itself_to_anybody(office: Office) -> None:
    nobody = Program(office.app)
    for code in ("plan_unknown", "idempotency_missing", "token_wrong", "act_not_allowed", "api_failed"):
        told = nobody.get(f"/v1/problems/{code}")
        assert told.json() == {"code": code, "status": told.json()["status"], **catalogue()[code]}
    assert nobody.get("/v1/problems/no_such_code").json()["code"] == "problem_unknown"


def test_the_description_tells_of_every_route_what_it_needs_and_may_answer() -> None:
    told = the_api().openapi()
    assert told["openapi"] == "3.1.0"
    operations = [one for path in told["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations) > 30
    for one in operations:
        assert one["summary"]
        problems = {status for status in one["responses"] if int(status) >= 400}
        if "security" in one:
            assert {"401", "403", "422", "429", "500"} <= problems
            assert one["x-dondoc-scope"] in ("read", "work", "decide", "plans")
        for status in problems:
            assert "application/problem+json" in one["responses"][status]["content"]
    posts = [path["post"] for path in told["paths"].values() if "post" in path]
    for one in posts:
        (key,) = (each for each in one["parameters"] if each["name"] == "Idempotency-Key")
        assert key["required"]
    for name, schema in told["components"]["schemas"].items():
        if schema["type"] == "object":
            assert schema.get("additionalProperties") is False, name
    assert not re.search(r"[àáạảãâăđêôơư]", str(told["paths"]))
