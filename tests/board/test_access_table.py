"""Each route by each role: who may not is refused at the door, who may is not; nothing is written by it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import Engine

from board.api.needs import TokenNeeds
from board.rights import RouteRight, check_rights
from tasks_catalog.roles import RIGHTS, Right, Role, role_of
from tests.board import access_table
from tests.board.acting_cast import DIRECTORY, Office, open_office
from tests.board.api_client import token_of

SOMEBODY = {role: next(p.code for p in DIRECTORY.people if role_of(p.post) is role) for role in Role}
AT_DOOR = re.compile(r'không dành cho vai trò của bạn|"code": ?"(?:api_)?right_missing"')
STANDS_FOR = {
    "number:path": "383%2FKH-SCT",
    "task:path": "383%2FKH-SCT/4",
    "row": "1",
    "occurrence": "2022-09-30",
    "period": "2022-Q3",
    "unit": "TT",
    "sha256": "0" * 64,
    "kind": "csv",
    "what": "report",
}


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    made = open_office(sqlite_engine, tmp_path / "files")
    made.must_sign_in = True
    return made


def address(route: RouteRight) -> str:
    return re.sub(r"\{([^}]+)\}", lambda found: STANDS_FOR.get(found[1], "1"), route.path)


def asked_by(
    office: Office,
    code: str,
    route: RouteRight,
    token: str = "",
    path: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Ask for a route as a person would: a page by their session, the API by a token of theirs."""
    by_token = isinstance(route.needs, TokenNeeds)
    office.looks = None
    browser = office.browser if by_token or not code else office.as_(code)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": path} if by_token and token else {}
    if route.method == "GET":
        return browser.get(path or address(route), headers)
    return browser.post(path or address(route), typed or {}, headers=headers)


def record(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """Return all that is kept, but for when a token was used last, and what a call was answered."""
    return {name: rows for name, rows in office.everything().items() if name not in ("api_token", "api_call")}


def test_who_may_not_is_refused_at_the_door_and_who_may_is_let_in(office: Office) -> None:
    office.as_("truc").get("/plans/383%2FKH-SCT")  # counts the plan on, as the morning would
    tokens = {role: token_of(office, SOMEBODY[role]) for role in Role}
    before = record(office)
    asked = 0
    for route in access_table.routes_of(office.app):
        let_in = [role for role in Role if route.needs.opens_to(role)]
        # Who is let in is asked for by the first and the last of them: drawing pages takes its time.
        for role in [role for role in Role if role not in let_in[1:-1]]:
            answer = asked_by(office, SOMEBODY[role], route, tokens[role])
            at_door = answer.status_code == 403 and AT_DOOR.search(answer.text) is not None
            assert at_door != (role in let_in), (route, role, answer.status_code)
            assert answer.status_code != 401, (route, role)
            assert answer.status_code < 500, (route, role)
            asked += 1
    assert asked > 300
    assert record(office) == before


def test_who_has_not_signed_in_is_led_to_sign_in(office: Office) -> None:
    before = office.everything()
    for route in access_table.routes_of(office.app):
        answer = asked_by(office, "", route)
        if isinstance(route.needs, TokenNeeds):
            assert answer.status_code == 401, route
        elif route.needs.right is None:
            assert answer.status_code != 401, route
            assert "/sign-in?to=" not in answer.headers.get("location", ""), route
        elif route.method == "GET":
            assert answer.status_code == 303, route
            assert answer.headers["location"].startswith("/sign-in?to=%2F"), route
        else:
            assert answer.status_code == 401, route
        for person in DIRECTORY.people:
            assert f">{person.name}<" not in answer.text, route
    assert office.everything() == before


def test_the_table_in_the_documents_is_the_one_in_force(office: Office) -> None:
    assert access_table.written() == access_table.table(office.app), (
        "docs/access.md is of other routes: python -m tests.board.access_table writes it anew"
    )


def test_a_board_does_not_start_with_a_route_that_says_nothing(office: Office) -> None:
    office.app.get("/forgotten")(lambda: "x")
    with pytest.raises(TypeError, match="/forgotten says 0 times"):
        check_rights(office.app.routes)


def test_nobody_has_a_right_by_a_role_left_out() -> None:
    assert set(RIGHTS) == set(Role)
    assert Right.DECIDE not in RIGHTS[Role.ADMINISTRATOR]
    assert Right.ACCOUNTS not in RIGHTS[Role.COORDINATOR]
    everybody = frozenset.intersection(*RIGHTS.values())
    assert everybody == {Right.SELF, Right.LOOK}
