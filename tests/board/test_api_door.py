"""Who is let into the API: tokens that hold, for what their person's role and their scopes both allow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from board.api.needs import TokenNeeds
from board.api.rate import RateLimit
from board.app import create_board
from board.rights import RouteRight, rights_of
from storage import api_tokens
from storage.engine import read, write
from storage.schema import ApiToken, PersonRow
from tasks_catalog.people import Post
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Role, may
from tasks_catalog.scopes import Scope
from tests.board.acting_cast import DIRECTORY, Office
from tests.board.api_client import SHARE_1, TASK_1, Program, token_of
from tests.board.cast import NOW

OPEN = {"/v1/openapi.json", "/v1/healthz", "/v1/problems/{code}"}
PEOPLE = {
    Role.VIEWER: "lim",
    Role.OFFICER: "gu",
    Role.HEAD: "sao",
    Role.COORDINATOR: "truc",
    Role.LEADER: "cam",
    Role.ADMINISTRATOR: "quan",
}


@pytest.fixture
def office(acting_office: Office) -> Office:
    return acting_office


def calls(office: Office) -> list[RouteRight]:
    found = [each for each in rights_of(office.app.routes) if each.path.startswith("/v1")]
    assert len(found) > 30
    return found


def call(office: Office, token: str, route: RouteRight) -> tuple[int, str]:
    """Ask for a route without doing anything: what gets past the door has a body that fits no act."""
    path = route.path.format(
        number="383%2FKH-SCT",
        row=1,
        occurrence="2022-09-30",
        unit="TT",
        code="plan_unknown",
        period="2022-Q1",
        id=1,
    )
    program = Program(office.app, token)
    answer = program.get(path) if route.method == "GET" else program.post(path, ["no act takes a list"])
    kind = answer.headers["content-type"]
    return answer.status_code, answer.json()["code"] if kind == "application/problem+json" else ""


def test_every_route_asks_for_a_right_under_a_scope_or_says_why_it_is_open(
    office: Office,
) -> None:
    routes = calls(office)
    assert {route.path for route in routes if route.needs.right is None} == OPEN
    for route in routes:
        if route.path in OPEN:
            assert route.needs.why
        else:
            assert isinstance(route.needs, TokenNeeds)
            assert route.needs.scope in set(Scope)


@pytest.mark.parametrize("role", list(Role))
def test_a_token_does_nothing_its_persons_role_may_not(office: Office, role: Role) -> None:
    """Each role × each route, generated from the one table of rights."""
    if role is Role.VIEWER:
        with write(office.engine) as session:
            mine = PersonRow.code == PEOPLE[role]
            session.execute(update(PersonRow).where(mine).values(post=str(Post.VIEWER)))
    token = token_of(office, PEOPLE[role])
    for route in calls(office):
        status, code = call(office, token, route)
        allowed = route.needs.right is None or may(role, route.needs.right)
        assert (code != "api_right_missing") is allowed, (route, code)
        assert (status == 403) is not allowed, (route, status, code)


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_does_nothing_outside_its_scope(office: Office, scope: Scope) -> None:
    """Each scope × each route; the coordinator's role has every right that stands under a scope."""
    token = token_of(office, "truc", scope)
    for route in calls(office):
        status, code = call(office, token, route)
        allowed = not isinstance(route.needs, TokenNeeds) or route.needs.scope is scope
        assert (code != "scope_missing") is allowed, (route, code)
        assert (status == 403) is not allowed, (route, status, code)


def test_a_refusal_says_which_scope_or_right_is_missing(office: Office) -> None:
    by_scope = Program(office.app, token_of(office, "truc", Scope.READ)).post(f"{SHARE_1}/accept")
    assert by_scope.json()["params"] == {"scope": "decide", "scopes": "read"}
    assert 'error="insufficient_scope"' in by_scope.headers["www-authenticate"]
    by_right = Program(office.app, token_of(office, "gu")).post(f"{TASK_1}/close")
    assert by_right.json()["params"] == {"role": "officer", "right": "plans", "role_name": "Cán bộ"}


def test_without_a_token_only_what_says_nothing_of_the_office_is_answered(office: Office) -> None:
    for route in calls(office):
        status, code = call(office, "", route)
        assert status == (200 if route.path in OPEN else 401), route
        assert code == ("" if route.path in OPEN else "token_needed"), route
    said = Program(office.app).get("/v1/openapi.json").text
    assert not [word for word in ("Rà soát", "Thanh tra", "truc", DIRECTORY.name) if word in said]


def test_whoever_is_signed_in_at_the_board_is_nobody_here(office: Office) -> None:
    """No page from elsewhere acts through a reader's browser: a session is not looked at under /v1."""
    browser = office.as_("truc")
    assert browser.get("/").status_code == 200
    for path in ("/v1/plans", TASK_1):
        answer = browser.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_needed")
        assert answer.headers["www-authenticate"] == 'Bearer realm="dondoc"'
    assert "access-control-allow-origin" not in browser.get("/v1/plans").headers


def test_where_no_sign_in_is_configured_the_api_still_asks_for_a_token(office: Office) -> None:
    office.looks = None
    assert office.browser.get("/").status_code == 200
    assert office.browser.get("/v1/plans").status_code == 401


def ended(office: Office, token: str) -> None:
    with write(office.engine) as session:
        api_tokens.revoke(session, office.id, int(token.split("_")[1]), by="quan", at=NOW)


def left(office: Office, token: str) -> None:
    with write(office.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.code == "truc").values(active=False))


def expired(office: Office, token: str) -> None:
    with write(office.engine) as session:
        session.execute(update(ApiToken).values(until=date(2022, 10, 17)))


@pytest.mark.parametrize("end", [ended, left, expired])
def test_a_token_that_has_ended_is_none_at_once(office: Office, end: object) -> None:
    token = token_of(office, "truc")
    program = Program(office.app, token)
    assert program.get("/v1/plans").status_code == 200
    assert callable(end)
    end(office, token)
    answer = program.get("/v1/plans")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_wrong")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


NO_TOKENS = {
    "another secret": "dondoc_1_" + "0" * 64,
    "no such number": "dondoc_999_" + "0" * 64,
    "number nought": "dondoc_0_" + "0" * 64,
    "a number no database holds": "dondoc_" + "9" * 30 + "_" + "0" * 64,
    "no secret": "dondoc_1_",
    "something else": "x",
    "nothing": "",
}


def test_words_that_are_no_token_are_none(office: Office) -> None:
    token_of(office, "truc")
    for what, words in NO_TOKENS.items():
        for header in (f"Bearer {words}", f"bearer {words}", f"Basic {words}"):
            answer = Program(office.app).get("/v1/plans", Authorization=header)
            assert (answer.status_code, answer.json()["code"]) == (401, "token_wrong"), what


def test_a_token_of_another_office_is_none(office: Office) -> None:
    token = token_of(office, "truc")
    assert api_tokens.holder_of(office.engine, office.id, token, at=NOW)
    assert api_tokens.holder_of(office.engine, office.id + 1, token, at=NOW) is None


def test_the_secret_is_kept_nowhere(office: Office) -> None:
    token = token_of(office, "truc")
    Program(office.app, token).get("/v1/plans")
    secret = token.rsplit("_", 1)[1]
    assert len(secret) == 64
    assert secret not in repr(office.everything())


def test_that_it_was_used_is_written_at_most_once_a_minute(office: Office) -> None:
    token = token_of(office, "truc")

    def used_after(seconds: int) -> timedelta:
        at = NOW + timedelta(seconds=seconds)
        assert api_tokens.holder_of(office.engine, office.id, token, at=at)
        with read(office.engine) as session:
            (row,) = api_tokens.all_of(session, office.id)
            assert row.last_used_at is not None
            return row.last_used_at - NOW

    told = [used_after(seconds).total_seconds() for seconds in (0, 30, 59, 61, 100, 130)]
    assert told == [0, 0, 0, 61, 61, 130]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param({"name": "  "}, "token_no_name", id="no name"),
        pytest.param({"person": "nobody"}, "person_unknown", id="nobody"),
        pytest.param({"until": date(2022, 10, 17)}, "token_day_past", id="over already"),
        pytest.param({"until": NOW.date() + timedelta(days=401)}, "token_too_long", id="over 400 days"),
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(office: Office, given: dict[str, object], code: str) -> None:
    asked = {"name": "x", "person": "truc", "scopes": (Scope.READ,), "until": NOW.date(), **given}
    with pytest.raises(Refused) as refused, write(office.engine) as session:
        api_tokens.make(session, office.id, by="quan", at=NOW, **asked)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_who_calls_too_often_is_told_when_to_come_again(office: Office) -> None:
    app = create_board(
        office.engine, office.id, clock=lambda: NOW, base_url="http://127.0.0.1", api_per_minute=2
    )
    program = Program(app, token_of(office, "truc"))
    other = Program(app, token_of(office, "gu"))
    assert [program.get("/v1/plans").status_code for _ in range(3)] == [200, 200, 429]
    refused = program.get("/v1/plans")
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert refused.json()["code"] == "api_too_many"
    assert other.get("/v1/plans").status_code == 200
    assert Program(app).get("/v1/healthz").status_code == 200


def test_a_bucket_fills_evenly() -> None:
    now = [0.0]
    rate = RateLimit(per_minute=60, clock=lambda: now[0])
    assert [rate.wait_of(1) for _ in range(61)] == [0] * 60 + [1]
    now[0] = 2.0
    assert [rate.wait_of(1) for _ in range(3)] == [0, 0, 1]
