"""What ``dondoc up`` makes of the settings of the door, and the link by which an administrator gets in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cli.account import first_link_of
from cli.doctor_door import certificate_concerns
from cli.signing import door_of, provider_of, sign_in_of
from cli.year import _board
from flows.office import open_office
from storage.settings import FILE_NAME
from tests.board.signing_cast import OTHER, Person
from tests.certificates import certificate_for
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
        assert (sign_in_of(office), provider_of(office)) == (None, None)
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

        found = first_link_of(office)
        assert found is not None
        address = urlsplit(found[2])
        assert f"{address.scheme}://{address.netloc}" == "https://dondoc.example.vn"
        second = first_link_of(office)
        assert second is not None
        browser = Person(board, host="https://dondoc.example.vn")
        assert browser.get(address.path).status_code == 404, "a link made before is void"
        path = urlsplit(second[2]).path
        form = browser.form(path, path)
        answer = browser.send(form, {"new": OTHER, "again": OTHER})
        assert answer.status_code == 303
        assert answer.headers["set-cookie"].startswith("__Host-dondoc=")
        assert browser.get("/account").status_code == 200
        assert "strict-transport-security" in browser.get("/account").headers
        assert first_link_of(office) is None, "somebody can sign in: no more links by themselves"
        assert Person(board, host="http://10.0.0.5").get("/account").status_code == 400


def test_the_doctor_looks_at_the_door(tracked: Dondoc) -> None:
    certificate, key = certificate_for("localhost", tracked.home)
    key.chmod(0o644)
    settings_file(
        tracked.home,
        'base_url = "https://dondoc.example.vn"\nlisten = "10.0.0.5"\n'
        'tls_certificate = "dondoc.pem"\ntls_key = "dondoc.key"\n[sign_in]\nrequired = true\n',
    )
    found = {one["code"]: one["message"] for one in tracked.done("doctor", "--json").json["findings"]}
    assert "localhost, không phải cho dondoc.example.vn" in found["doctor_certificate_of_another"]
    assert f"chmod 600 {key}" in found["doctor_key_readable"]
    assert "dondoc account first" in found["doctor_nobody_signs_in"]
    assert "doctor_certificate_ends" in found
    certificate.write_text("không còn", encoding="utf-8")
    found = {one["code"]: one["message"] for one in tracked.done("doctor", "--json").json["findings"]}
    assert str(certificate) in found["certificate_unusable"]


@pytest.mark.parametrize(
    ("host", "later", "codes"),
    [
        pytest.param("dondoc.example.vn", timedelta(), {"doctor_certificate_ends"}, id="ends soon"),
        pytest.param("dondoc.example.vn", timedelta(hours=2), {"doctor_certificate_over"}, id="is over"),
        pytest.param("dondoc.example.vn", timedelta(days=-60), set(), id="is good"),
        pytest.param(
            "a.dondoc.example.vn", timedelta(days=-60), {"doctor_certificate_of_another"}, id="other"
        ),
    ],
)
def test_a_certificate_and_its_days(tmp_path: Path, host: str, later: timedelta, codes: set[str]) -> None:
    for name in ("dondoc.example.vn", "*.example.vn"):
        certificate, _ = certificate_for(name, tmp_path)
        found = certificate_concerns(certificate, host, datetime.now(UTC) + later)
        assert {code for code, _ in found} == codes
