"""No page leads whoever looks to a page that refuses them: what is not theirs is not offered."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tasks_catalog.roles import Role
from tests.board.acting_cast import Office, open_office, reported
from tests.board.test_access_table import SOMEBODY

MOST = 400
"""Pages looked at by each role; those found first are nearest to where one begins."""


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_what_is_not_for_a_role_is_not_offered_to_it(
    role: Role, sqlite_engine: Engine, tmp_path: Path
) -> None:
    office: Office = open_office(sqlite_engine, tmp_path / "files")
    office.must_sign_in = True
    reported(office)
    seen = {"/"}
    to_see = deque(["/"])
    looked_at = 0
    while to_see and looked_at < MOST:
        path = to_see.popleft()
        answer = office.as_(SOMEBODY[role]).get(path)
        looked_at += 1
        assert answer.status_code not in (401, 403), (role, path)
        if "text/html" not in answer.headers["content-type"]:
            continue
        for href in re.findall(r'<a [^>]*href="(/[^"#]*)', answer.text):
            found = unescape(href)
            kind = re.sub(r"\d+", "0", found.partition("?")[0])
            if kind not in seen and not found.startswith(("/static", "/flows")):
                seen.add(kind)
                to_see.append(found)
    assert looked_at > 10
