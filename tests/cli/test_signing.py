"""What ``dondoc up`` makes of the settings of the door, and the link by which an administrator gets in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from cli.signing import door_of, first_link, provider_of, sign_in_of
from cli.year import _board
from flows.office import OpenOffice, open_office
from storage.engine import write
from storage.schema import PersonRow
from storage.settings import FILE_NAME
from tasks_catalog.problem import Refused
from tests.board.signing_cast import OTHER, Person
from tests.cli.conftest import Dondoc

OPEN = """
base_url = "https://dondoc.example.vn"
behind_proxy = ["127.0.0.1"]

[sign_in]
required = true
idle_hours = 1
lasts_hours = 9
oidc_issuer = "https://sso.example.vn"
oidc_client_id = "dondoc"
oidc_name = "cổng của tỉnh"
"""


def settings_file(home: Path, words: str) -> None:
    (home / FILE_NAME).write_text(words, encoding="utf-8")


def test_an_office_that_says_nothing_stays_on_loopback_without_sign_in(tracked: Dondoc) -> None:
    with open_office(tracked.home) as office:
        assert (sign_in_of(office), provider_of(office), first_link(office)) == (None, None, None)
        board = _board(office, office.now)
        door = door_of(office, board)
        assert (door.admits, door.proxies, door.listen, door.url) == (None, (), "127.0.0.1", "")


def test_an_office_opened_to_its_people(tracked: Dondoc) -> None:
    settings_file(tracked.home, OPEN)
    with open_office(tracked.home) as office:
        provider = provider_of(office)
        sign_in = sign_in_of(office, provider)
        assert provider is not None
        assert sign_in is not None
        assert (sign_in.secure, sign_in.cookie) == (True, "__Host-dondoc")
        assert (sign_in.policy.idle.seconds, sign_in.policy.whole.seconds) == (3600, 9 * 3600)
        assert sign_in.other_ways == (("/sign-in/oidc", "Đăng nhập bằng cổng của tỉnh"),)
        board = _board(office, office.now, sign_in=sign_in, provider=provider)
        door = door_of(office, board)
        assert door.admits is not None
        assert (door.url, door.proxies) == ("https://dondoc.example.vn", ("127.0.0.1",))

        found = first_link(office)
        assert found is not None
        address = urlsplit(found[1])
        assert f"{address.scheme}://{address.netloc}" == "https://dondoc.example.vn"
        second = first_link(office)
        assert second is not None
        browser = Person(board, host="https://dondoc.example.vn")
        assert browser.get(address.path).status_code == 404, "a link made before is void"
        path = urlsplit(second[1]).path
        form = browser.form(path, path)
        answer = browser.send(form, {"new": OTHER, "again": OTHER})
        assert answer.status_code == 303
        assert answer.headers["set-cookie"].startswith("__Host-dondoc=")
        assert browser.get("/account").status_code == 200
        assert "strict-transport-security" in browser.get("/account").headers
        assert first_link(office) is None, "somebody can sign in: no more links by themselves"
        assert Person(board, host="http://10.0.0.5").get("/account").status_code == 400


def test_without_an_administrator_it_is_said_what_to_do(tracked: Dondoc) -> None:
    settings_file(tracked.home, OPEN)
    with open_office(tracked.home) as office:
        without_administrator(office)
        with pytest.raises(Refused) as refused:
            first_link(office)
    assert refused.value.code == "account_no_administrator"


def without_administrator(office: OpenOffice) -> None:
    with write(office.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.post == "administrator").values(active=False))
