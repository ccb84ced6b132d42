"""Signing in at an identity provider, as browsers do it: a real one on loopback, and one that misbehaves."""

from __future__ import annotations

import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, update

from board.app import create_board
from board.oidc_provider import Provider
from storage import accounts, attempts
from storage.accounts import AccountRefused, By
from storage.door_settings import OidcSettings
from storage.engine import open_engine, read, write
from storage.schema import AccountRow, SessionRow, SignInAttempt
from storage.subjects import release
from tests.board.browsing import HOST
from tests.board.cast import CALENDAR
from tests.board.issuer import ISSUER, SECRET, Issuer, a_key
from tests.board.signing_cast import Person, SignedOffice, open_signed

GU = {"sub": "s-gu", "email": "Gu@Example.vn", "email_verified": True}


@pytest.fixture(scope="module")
def office(_migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedOffice]:
    """One office for all: what takes long is its plan, of which nothing is asked here."""
    folder = tmp_path_factory.mktemp("oidc")
    shutil.copyfile(_migrated_sqlite, folder / "dondoc.db")
    engine = open_engine(f"sqlite:///{folder / 'dondoc.db'}")
    yield open_signed(engine, folder / "files")
    engine.dispose()


@pytest.fixture
def signed(office: SignedOffice) -> SignedOffice:
    """The office before anybody came by a provider."""
    with write(office.office.engine) as session:
        for table in (SessionRow, SignInAttempt):
            session.execute(delete(table))
        session.execute(update(AccountRow).values(oidc_issuer=None, oidc_subject=None, locked_at=None))
    return office


@pytest.fixture(scope="module")
def provider() -> Provider:
    """The provider of all tests; who answers there changes with each."""
    return provider_of(lambda request: _ISSUERS[-1].answer(request))


@pytest.fixture(scope="module")
def app(office: SignedOffice, provider: Provider) -> FastAPI:
    return board_with(office, provider)


_ISSUERS: list[Issuer] = []


@pytest.fixture
def issuer(provider: Provider, signed: SignedOffice) -> Issuer:
    """A provider that knows an officer, and that nobody has asked anything yet."""
    _ISSUERS.append(Issuer(clock=time.time, claims=dict(GU)))
    provider._metadata, provider._keys = None, ()  # as if the board had just started
    return _ISSUERS[-1]


def provider_of(answer: Callable[[httpx.Request], httpx.Response], secret: str = SECRET) -> Provider:
    how = OidcSettings(issuer=ISSUER, client_id="dondoc", secret=secret, name="cổng của tỉnh")
    return Provider(how, clock=time.time, transport=httpx.MockTransport(answer))


def board_with(signed: SignedOffice, provider: Provider, base_url: str = HOST) -> FastAPI:
    return create_board(
        signed.office.engine,
        signed.office.id,
        clock=signed.sign_in.clock,
        base_url=base_url,
        calendar=CALENDAR,
        keys=signed.sign_in.keys,
        sign_in=replace(signed.sign_in, other_ways=(("/sign-in/oidc", "Đăng nhập bằng cổng của tỉnh"),)),
        provider=provider,
    )


def sent(browser: Person, to: str = "/tasks") -> str:
    """Begin a sign-in and return the address at the provider the browser is sent to."""
    answer = browser.get(f"/sign-in/oidc?to={to}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def account(signed: SignedOffice, code: str) -> tuple[str | None, str | None]:
    with read(signed.office.engine) as session:
        found = accounts.find_account(session, signed.office.id, code)
        return (found.oidc_issuer, found.oidc_subject) if found else (None, None)


def times_bound(signed: SignedOffice, code: str) -> int:
    with read(signed.office.engine) as session:
        events = accounts.events_of(session, signed.office.id, code, most=100)
        return sum(event.kind == "bound" for event in events)


def refused(answer: httpx.Response, words: str, status: int = 400) -> None:
    """See that nobody is let in, that it is said why, and that the password form is still there."""
    assert answer.status_code == status
    assert words in answer.text
    assert 'type="password"' in answer.text
    assert "invalid_grant" not in answer.text


# It is written with modules that authlib is to lose, and says so at each of its answers.
real = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def real_provider() -> Iterator[str]:
    """A provider that is not ours (oidc-provider-mock), on a free port of loopback."""
    with warnings.catch_warnings(record=True):  # authlib sets a filter of its own when imported
        from oidc_provider_mock import User, run_server_in_thread
    users = [User(sub="s-gu", claims={"email": "gu@example.vn", "email_verified": True})]
    with run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@real
def test_through_a_real_provider_an_officer_signs_in_and_is_known_from_then_on(
    signed: SignedOffice, real_provider: str
) -> None:
    settings = OidcSettings(issuer=real_provider, client_id="dondoc", secret="bi-mat")
    app = board_with(signed, Provider(settings, clock=time.time))
    before = times_bound(signed, "gu")
    for number in (1, 2):
        browser = Person(app)
        page = browser.get("/sign-in?to=/tasks").text
        assert 'href="/sign-in/oidc?to=%2Ftasks"' in page
        address = sent(browser)
        assert address.startswith(f"{real_provider}/oauth2/authorize?")
        # What the reader does at the provider: one click.
        there = httpx.post(address, data={"sub": "s-gu"})
        back = urlsplit(there.headers["location"])
        assert f"{back.scheme}://{back.netloc}" == HOST
        answer = browser.get(f"{back.path}?{back.query}")
        assert (answer.status_code, answer.headers.get("location")) == (303, "/tasks"), answer.text
        assert ">Gụ</a>" in browser.get("/account").text, number
        assert account(signed, "gu") == (real_provider, "s-gu")
    with read(signed.office.engine) as session:
        outcomes = [one.outcome for one in attempts.attempts_of(session, signed.office.id, "gu")]
    assert outcomes == ["by_provider", "by_provider"]
    assert times_bound(signed, "gu") == before + 1


@real
def test_who_stops_at_a_real_provider_is_told_so(signed: SignedOffice, real_provider: str) -> None:
    settings = OidcSettings(issuer=real_provider, client_id="dondoc", secret="bi-mat")
    browser = Person(board_with(signed, Provider(settings, clock=time.time)))
    there = httpx.post(sent(browser), data={"action": "deny"})
    # It forgets the state there (RFC 6749, 4.1.2.1), and without one an answer is not taken for ours.
    refused(browser.get(there.headers["location"].removeprefix(HOST)), "không bắt đầu ở trình duyệt này")


def test_what_is_asked_and_how_it_is_kept(app: FastAPI, issuer: Issuer) -> None:
    browser = Person(app)
    answer = browser.get("/sign-in/oidc?to=https://evil.example/")
    asked = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert (asked["response_type"], asked["scope"]) == ("code", "openid email")
    assert asked["redirect_uri"] == f"{HOST}/sign-in/oidc/back"
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    kept = answer.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=lax", "Max-Age=600", "Path=/sign-in/oidc"):
        assert part in kept
    back = browser.get(issuer.approve(answer.headers["location"]))
    assert (back.status_code, back.headers["location"]) == (303, "/")


def test_by_another_name_of_the_board_one_is_led_to_the_name_the_provider_knows(
    signed: SignedOffice, issuer: Issuer
) -> None:
    browser = Person(board_with(signed, provider_of(issuer.answer), "https://dondoc.example.vn"))
    answer = browser.get("/sign-in/oidc?to=/tasks")
    assert answer.headers["location"] == "https://dondoc.example.vn/sign-in/oidc?to=%2Ftasks&led=true"
    assert issuer.calls == []
    answer = browser.get("/sign-in/oidc?to=%2Ftasks&led=true")
    assert answer.headers["location"].startswith(ISSUER), "behind a proxy that changes the name it ends"


def test_an_answer_is_taken_once_and_in_the_browser_that_asked(app: FastAPI, issuer: Issuer) -> None:
    browser = Person(app)
    back = issuer.approve(sent(browser))
    other = Person(app)
    refused(other.get(back), "không bắt đầu ở trình duyệt này")
    sent(other)
    refused(other.get(back), "không bắt đầu ở trình duyệt này")
    kept = httpx.Cookies(browser.cookies)
    assert browser.get(back).status_code == 303
    refused(Person(browser.app, cookies=kept).get(back), "Không xác nhận được")
    browser.sign_out()
    refused(browser.get(back), "không bắt đầu ở trình duyệt này")


def test_an_answer_that_comes_too_late_is_not_taken(
    app: FastAPI, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Person(app)
    back = issuer.approve(sent(browser))
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 601)
    refused(browser.get(back), "không bắt đầu ở trình duyệt này")


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"nonce": "lan-truoc"}, id="of another sign-in"),
        pytest.param({"aud": "khac"}, id="for another"),
        pytest.param({"iss": "https://khac.example.vn"}, id="by another"),
        pytest.param({"exp": 1_000_000_000}, id="expired"),
    ],
)
def test_a_token_that_proves_nothing_lets_nobody_in(
    app: FastAPI,
    signed: SignedOffice,
    issuer: Issuer,
    claims: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    issuer.claims |= claims
    browser = Person(app)
    refused(browser.get(issuer.approve(sent(browser))), "Không xác nhận được câu trả lời của cổng của tỉnh")
    assert browser.get("/account").status_code == 303
    assert account(signed, "gu") == (None, None)
    assert SECRET not in caplog.text
    assert "ma-0" not in caplog.text


@pytest.mark.parametrize(
    ("metadata", "more", "lets_in"),
    [
        pytest.param({}, {"iss": ISSUER}, True, id="it says whose answer it is"),
        pytest.param({}, {"iss": "https://khac.example.vn"}, False, id="another's answer"),
        pytest.param(
            {"authorization_response_iss_parameter_supported": True},
            {},
            False,
            id="it always says, and does not",
        ),
    ],
)
def test_whose_answer_it_is(
    app: FastAPI, issuer: Issuer, metadata: dict[str, Any], more: dict[str, str], lets_in: bool
) -> None:
    issuer.metadata |= metadata
    browser = Person(app)
    answer = browser.get(issuer.approve(sent(browser), **more))
    assert answer.status_code == (303 if lets_in else 400)
    assert ("/token" in issuer.calls) == lets_in, "a code of another's is not taken to this one"


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"issuer": "https://sso.example.vn/realms/khac"}, id="it calls itself otherwise"),
        pytest.param({"token_endpoint": "http://sso.example.vn/token"}, id="codes would go in clear"),
        pytest.param({"jwks_uri": "http://localhost/jwks"}, id="keys from this machine"),
        pytest.param({"authorization_endpoint": "javascript:alert(1)"}, id="no page"),
    ],
)
def test_a_provider_whose_word_cannot_be_meant_is_away(
    app: FastAPI, issuer: Issuer, metadata: dict[str, Any]
) -> None:
    issuer.metadata |= metadata
    answer = Person(app).get("/sign-in/oidc")
    refused(answer, "Hiện không đăng nhập được bằng cổng của tỉnh", status=503)


def test_a_provider_that_is_down_leaves_the_password(app: FastAPI, issuer: Issuer) -> None:
    browser = Person(app)
    back = issuer.approve(sent(browser))
    issuer.down = True
    refused(browser.get(back), "hệ thống đó không trả lời", status=503)
    assert browser.sign_in("gu", to="/tasks").status_code == 303


def test_a_provider_that_was_never_reached_leaves_the_password_too(app: FastAPI, issuer: Issuer) -> None:
    issuer.down = True
    refused(Person(app).get("/sign-in/oidc"), "hệ thống đó không trả lời", status=503)


def test_an_endless_answer_is_not_read_to_its_end(app: FastAPI, issuer: Issuer) -> None:
    issuer.metadata["them"] = "a" * 600_000
    refused(Person(app).get("/sign-in/oidc"), "Hiện không đăng nhập được", status=503)


def test_a_wrong_client_secret_is_for_the_administrator(
    signed: SignedOffice, issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    browser = Person(board_with(signed, provider_of(issuer.answer, "sai-bi-mat")))
    refused(browser.get(issuer.approve(sent(browser))), "Hiện không đăng nhập được", status=503)
    assert "invalid_client" in caplog.text
    assert "sai-bi-mat" not in caplog.text


def test_keys_the_provider_changed_are_read_again_once(app: FastAPI, issuer: Issuer) -> None:
    browser = Person(app)
    assert browser.get(issuer.approve(sent(browser))).status_code == 303
    issuer.key = a_key("hai")
    browser.cookies.clear()
    assert browser.get(issuer.approve(sent(browser))).status_code == 303
    assert issuer.calls.count("/jwks") == 2
    assert issuer.calls.count("/.well-known/openid-configuration") == 1
    issuer.published = [issuer.key]
    issuer.key = a_key("hai")
    browser.cookies.clear()
    refused(browser.get(issuer.approve(sent(browser))), "Không xác nhận được")
    assert issuer.calls.count("/jwks") == 3


@pytest.mark.parametrize(
    ("claims", "userinfo", "words"),
    [
        pytest.param(
            {"email": "la@example.vn"}, {}, "chưa gắn với tài khoản nào", id="an address nobody has"
        ),
        pytest.param({"email_verified": False}, {}, "chưa gắn với tài khoản nào", id="not verified"),
        pytest.param({"email": "sao@example.vn"}, {}, "chưa gắn với tài khoản nào", id="no account"),
        pytest.param({"email": None}, {"sub": "s-gu"}, "chưa gắn với tài khoản nào", id="no address at all"),
        pytest.param(
            {"email": None},
            {**GU, "sub": "s-khac"},
            "Không xác nhận được",
            id="the address of another subject",
        ),
        pytest.param({"email": None}, GU, "", id="its address told apart"),
    ],
)
def test_who_is_recognised(
    app: FastAPI,
    signed: SignedOffice,
    issuer: Issuer,
    claims: dict[str, Any],
    userinfo: dict[str, Any],
    words: str,
) -> None:
    issuer.claims |= claims
    issuer.userinfo = userinfo
    browser = Person(app)
    answer = browser.get(issuer.approve(sent(browser)))
    if words:
        refused(answer, words)
    else:
        assert answer.status_code == 303
        assert account(signed, "gu") == (ISSUER, "s-gu")


def test_an_address_given_to_another_identity_later_opens_nothing(
    app: FastAPI, signed: SignedOffice, issuer: Issuer
) -> None:
    browser = Person(app)
    assert browser.get(issuer.approve(sent(browser))).status_code == 303
    browser.cookies.clear()
    issuer.claims["sub"] = "s-nguoi-moi"
    refused(browser.get(issuer.approve(sent(browser))), "đã gắn với một danh tính khác")
    assert account(signed, "gu") == (ISSUER, "s-gu")


def test_the_administrator_releases_who_got_another_identity(
    app: FastAPI, signed: SignedOffice, issuer: Issuer
) -> None:
    officer, again = Person(app), Person(app)
    assert officer.get(issuer.approve(sent(officer))).status_code == 303
    administrator = signed.signed_in("quan")
    form = administrator.form("/settings/accounts/gu", "/release")
    answer = administrator.send(form)
    assert "Đã gỡ gắn kết" in administrator.get(answer.headers["location"]).text
    assert officer.get("/account").status_code == 303, "what that identity began has ended"
    issuer.claims["sub"] = "s-cap-lai"
    assert again.get(issuer.approve(sent(again))).status_code == 303
    assert account(signed, "gu") == (ISSUER, "s-cap-lai")
    with read(signed.office.engine) as session:
        kinds = [event.kind for event in accounts.events_of(session, signed.office.id, "gu", most=3)]
    assert kinds == ["bound", "released", "bound"]


def test_who_is_bound_to_nothing_cannot_be_released(signed: SignedOffice) -> None:
    by = By(code="quan", at=signed.now)
    with pytest.raises(AccountRefused) as why, write(signed.office.engine) as session:
        release(session, signed.office.id, "gu", by=by)
    assert why.value.code == "oidc_not_bound"


def test_a_bound_subject_is_known_by_whatever_address_it_has(app: FastAPI, issuer: Issuer) -> None:
    browser = Person(app)
    assert browser.get(issuer.approve(sent(browser))).status_code == 303
    browser.cookies.clear()
    issuer.claims["email"] = "truc@example.vn"
    assert browser.get(issuer.approve(sent(browser))).status_code == 303
    assert ">Gụ</a>" in browser.get("/account").text


def test_a_locked_account_stays_shut(app: FastAPI, signed: SignedOffice, issuer: Issuer) -> None:
    with write(signed.office.engine) as session:
        accounts.lock(session, signed.office.id, "gu", by=By(code="quan", at=signed.now))
    browser = Person(app)
    answer = browser.get(issuer.approve(sent(browser)))
    assert answer.status_code == 400
    assert browser.get("/account").status_code == 303
    assert account(signed, "gu") == (None, None)
