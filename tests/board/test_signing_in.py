"""Signing in and out, as browsers do it: what lets in, what does not, and what a cookie is worth."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from board.sign_in_pages import target
from notifications.account_tokens import new_token, read_session, sign_form, sign_session
from storage import accounts
from storage.accounts import By
from storage.engine import read, write
from storage.people import save_directory
from tasks_catalog.people import Person as DirectoryPerson
from tasks_catalog.people import Post
from tests.board.acting_cast import DIRECTORY, KEYS
from tests.board.browsing import form_to, forms_in
from tests.board.signing_cast import (
    OTHER,
    PASSWORD,
    Person,
    SignedOffice,
    board_of,
    sign_in_of,
)


def in_(person: Person) -> bool:
    """Say whether somebody is signed in."""
    return person.get("/account").status_code == 200


def refusal(answer: httpx.Response) -> str:
    assert 'role="alert"' in answer.text, answer.text
    return answer.text.split('role="alert"', 1)[1].split("</p>", 1)[0].partition(">")[2]


# In and out


def test_who_has_not_signed_in_is_led_there_and_back(signed: SignedOffice) -> None:
    browser = signed.browser()
    answer = browser.get("/tasks?text=ch%E1%BB%A3")
    assert answer.status_code == 303
    there = answer.headers["location"]
    refused = browser.send(browser.form(there, "/sign-in"), {"name": "gu", "password": "sai mất rồi bạn"})
    assert refused.status_code == 400
    form = form_to(refused.text, "/sign-in")
    assert form.values["name"] == ["gu"]
    answer = browser.send(form, {"password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks?text=ch%E1%BB%A3")
    page = browser.get("/")
    assert ">Gụ</a>" in page.text
    assert form_to(page.text, "/sign-out").values["ticket"] != [""]
    assert browser.get("/sign-in?to=/tasks").headers["location"] == "/tasks"


def test_a_name_in_any_case_and_a_password_in_any_form_sign_in(signed: SignedOffice) -> None:
    decomposed = unicodedata.normalize("NFD", PASSWORD)
    assert decomposed != PASSWORD
    for name, typed in (("gu", decomposed), ("GU", PASSWORD), (" Gu@Example.vn ", decomposed)):
        assert signed.browser().sign_in(name, typed).status_code == 303, name


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(signed: SignedOffice) -> None:
    answer = signed.browser().sign_in("gu")
    given = {value.partition("=")[0]: value for value in answer.headers.get_list("set-cookie")}
    assert {part.strip().lower() for part in given["dondoc"].split(";")[1:]} == {
        "httponly",
        "path=/",
        "samesite=lax",
    }
    strict = signed.browser().get("/sign-in").headers["set-cookie"].lower()
    assert "samesite=strict" in strict
    assert "httponly" in strict


def test_by_https_the_cookie_is_secure_and_of_this_host_alone(signed: SignedOffice) -> None:
    sign_in = sign_in_of(signed.office, signed.times, secure=True)
    app = board_of(signed.office, sign_in, base_url="https://127.0.0.1:4200")
    browser = Person(app, host="https://127.0.0.1:4200")
    answer = browser.sign_in("gu")
    (given,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-dondoc=")]
    assert "; Secure" in given
    assert "Path=/" in given
    assert "omain" not in given
    assert in_(browser)


def test_signing_in_gives_a_new_token_and_ends_the_one_before(signed: SignedOffice) -> None:
    """Neither a token planted before (fixation) nor the earlier session is worth anything after."""
    browser = signed.browser()
    planted = sign_session(new_token(), KEYS)
    browser.cookies.set("dondoc", planted, domain="127.0.0.1")
    browser.sign_in("gu")
    first = browser.cookies["dondoc"]
    assert first != planted
    form = browser.form("/account", "/sign-out")
    again = signed.browser()
    again.get("/sign-in")
    again.sign_in("gu")
    assert again.cookies["dondoc"] != first
    assert form.action.endswith("/sign-out")
    assert not in_(carrying(signed, planted))


def carrying(signed: SignedOffice, cookie: str) -> Person:
    """Return somebody else's browser that got hold of a cookie."""
    thief = signed.browser("10.0.0.66")
    thief.cookies.set("dondoc", cookie, domain="127.0.0.1")
    return thief


def test_a_session_signed_out_of_cannot_be_taken_up_again(signed: SignedOffice) -> None:
    browser = signed.signed_in("gu")
    kept = browser.cookies["dondoc"]
    assert in_(carrying(signed, kept))
    answer = browser.sign_out()
    assert answer.headers["location"] == "/sign-in?done=signed_out"
    assert "dondoc" not in browser.cookies
    assert not in_(browser)
    assert not in_(carrying(signed, kept))


def test_signing_out_needs_a_form_of_ones_own_page(signed: SignedOffice) -> None:
    browser = signed.signed_in("gu")
    assert browser.post("/sign-out", {"ticket": "x"}).status_code == 400
    other = signed.signed_in("truc").form("/account", "/sign-out")
    assert browser.send(other).status_code == 400
    assert in_(browser)


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda cookie: cookie[:-1], id="cut short"),
        pytest.param(lambda cookie: cookie + "A", id="longer"),
        pytest.param(lambda cookie: cookie.rpartition(".")[0], id="without its signature"),
        pytest.param(
            lambda cookie: ("B" if cookie[0] == "A" else "A") + cookie[1:],
            id="another token under the signature",
        ),
        pytest.param(lambda cookie: sign_session(new_token(), KEYS), id="a token never given out"),
        pytest.param(lambda cookie: sign_session(cookie.rpartition(".")[0], ["k" * 40]), id="other keys"),
        pytest.param(lambda cookie: sign_form(cookie.rpartition(".")[0], KEYS), id="signed for another use"),
        pytest.param(lambda cookie: "." * 5000, id="very long"),
        pytest.param(lambda cookie: "", id="empty"),
    ],
)
def test_a_forged_cookie_is_nobodys(signed: SignedOffice, forge: Callable[[str], str]) -> None:
    cookie = signed.signed_in("gu").cookies["dondoc"]
    assert not in_(carrying(signed, forge(cookie)))


def test_the_digest_in_the_database_is_no_cookie(signed: SignedOffice) -> None:
    cookie = signed.signed_in("gu").cookies["dondoc"]
    with read(signed.office.engine) as session:
        digest = str(session.execute(text("SELECT digest FROM account_session")).scalar_one())
    token = read_session(cookie, KEYS)
    assert token is not None
    assert token not in digest
    assert not in_(carrying(signed, digest))
    assert not in_(carrying(signed, sign_session(digest[:43], KEYS)))


def test_a_session_of_another_organisation_is_nobodys_here(signed: SignedOffice) -> None:
    cookie = signed.signed_in("gu").cookies["dondoc"]
    elsewhere = replace(signed.office, id=signed.office.id)
    sign_in = sign_in_of(elsewhere, signed.times, organisation_id=signed.office.id + 1)
    assert sign_in.held(read_session(cookie, KEYS)) is None
    assert signed.sign_in.held(read_session(cookie, KEYS)) is not None


def test_a_new_key_keeps_sessions_and_one_taken_away_ends_them(signed: SignedOffice) -> None:
    cookie = signed.signed_in("gu").cookies["dondoc"]
    token = read_session(cookie, KEYS)
    new = "khoa-moi-dai-du-de-ky-phien-lam-viec-cua-co-quan"
    assert read_session(cookie, [new, *KEYS]) == token
    assert read_session(cookie, [new]) is None
    assert sign_session(str(token), [new, *KEYS]) != cookie


@pytest.mark.parametrize(
    ("waits", "holds"),
    [
        pytest.param([timedelta(hours=3)] * 3, True, id="used again and again"),
        pytest.param([timedelta(hours=4)], False, id="idle for four hours"),
        pytest.param([timedelta(hours=3)] * 4, False, id="twelve hours old"),
    ],
)
def test_a_session_ends_by_idling_and_by_age(
    signed: SignedOffice, waits: list[timedelta], holds: bool
) -> None:
    browser = signed.signed_in("gu")
    for wait in waits[:-1]:
        signed.later(wait)
        assert in_(browser)
    signed.later(waits[-1])
    assert in_(browser) is holds


def test_looking_writes_once_a_minute(signed: SignedOffice) -> None:
    browser = signed.signed_in("gu")
    browser.get("/tasks")  # counts the day
    before = signed.office.everything()
    for _ in range(3):
        browser.get("/tasks")
    assert signed.office.everything() == before
    signed.later(timedelta(minutes=1))
    browser.get("/tasks")
    assert signed.office.everything() != before


def change(signed: SignedOffice, code: str, **values: object) -> None:
    """Save the directory with one person changed."""
    found = DIRECTORY.person(code)
    assert isinstance(found, DirectoryPerson)
    other = replace(found, **values)  # type: ignore[arg-type]
    people = tuple(other if each.code == code else each for each in DIRECTORY.people)
    with write(signed.office.engine) as session:
        save_directory(session, signed.office.id, replace(DIRECTORY, people=people))


def test_who_leaves_or_changes_post_has_other_rights_at_the_next_page(signed: SignedOffice) -> None:
    browser = signed.signed_in("truc")
    assert browser.get("/outbox").status_code == 200
    change(signed, "truc", post=Post.OFFICER)
    assert browser.get("/outbox").status_code == 403
    assert browser.get("/tasks").status_code == 200
    change(signed, "truc", active=False)
    assert browser.get("/tasks").status_code == 303


def test_pages_speak_the_language_of_who_has_signed_in(signed: SignedOffice) -> None:
    browser = signed.signed_in("gu")
    assert '<html lang="vi">' in browser.get("/account").text
    change(signed, "gu", language="en")
    page = browser.get("/account").text
    assert '<html lang="en">' in page
    assert "Sign out" in page


def test_the_administrator_has_the_accounts_and_nobody_else(signed: SignedOffice) -> None:
    statuses = {code: signed.signed_in(code).get("/settings/accounts").status_code for code in ("quan", "gu")}
    assert statuses == {"quan": 200, "gu": 403}
    assert signed.browser().get("/settings/accounts").status_code == 303


# Who is not let in


def lock(signed: SignedOffice) -> None:
    with write(signed.office.engine) as session:
        accounts.lock(session, signed.office.id, "gu", by=By(code="quan", at=signed.now))


@pytest.mark.parametrize(
    ("happened", "name", "password"),
    [
        pytest.param(None, "ai-do", PASSWORD, id="nobody of that name"),
        pytest.param(None, "", "", id="nothing typed"),
        pytest.param(None, "gu", OTHER, id="a wrong password"),
        pytest.param(None, "gu", "a\tb", id="no password at all"),
        pytest.param(None, "lim", PASSWORD, id="no account"),
        pytest.param(lock, "gu", PASSWORD, id="locked"),
        pytest.param(lambda signed: change(signed, "gu", active=False), "gu", PASSWORD, id="has left"),
    ],
)
def test_it_is_not_said_why_nobody_is_let_in_and_takes_as_long(
    signed: SignedOffice,
    monkeypatch: pytest.MonkeyPatch,
    happened: Callable[[SignedOffice], None] | None,
    name: str,
    password: str,
) -> None:
    if happened:
        happened(signed)
    hashes, verified = signed.sign_in.hashes, list[str]()
    inner = hashes._verify
    monkeypatch.setattr(hashes, "_verify", lambda kept, words: verified.append(kept) or inner(kept, words))
    answer = signed.browser().sign_in(name, password)
    assert answer.status_code == 400
    assert refusal(answer).startswith("Không đăng nhập được: tên hoặc mật khẩu không đúng")
    assert len(verified) == 1
    assert "dondoc" not in {each.partition("=")[0] for each in answer.headers.get_list("set-cookie")}


def test_five_wrong_passwords_close_the_door_here_and_not_elsewhere(signed: SignedOffice) -> None:
    thief = signed.browser("10.0.0.66")
    for _ in range(5):
        assert thief.sign_in("gu", OTHER).status_code == 400
    answer = thief.sign_in("gu@example.vn")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 901
    assert "Đã sai quá nhiều lần" in refusal(answer)
    assert signed.browser("10.0.0.7").sign_in("gu").status_code == 303
    assert thief.sign_in("truc").status_code == 303
    thief = signed.browser("10.0.0.66")
    signed.later(timedelta(minutes=15))
    assert thief.sign_in("gu").status_code == 303


def test_a_closed_door_writes_nothing_and_hashes_nothing(
    signed: SignedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    thief = signed.browser("10.0.0.66")
    for _ in range(5):
        thief.sign_in("ai-do", OTHER)
    form, before = thief.form("/sign-in", "/sign-in"), signed.office.everything()
    monkeypatch.setattr(signed.sign_in.hashes, "check", None)
    assert thief.send(form, {"name": "ai-do", "password": OTHER}).status_code == 429
    assert signed.office.everything() == before


def test_too_many_at_once_are_asked_to_come_again(
    signed: SignedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.password_hashes._PATIENCE_SECONDS", 0)
    room = signed.sign_in.hashes._room
    assert room.acquire(blocking=False)
    assert room.acquire(blocking=False)
    answer = signed.browser().sign_in("gu")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "5"
    room.release(2)


# From elsewhere


@pytest.mark.parametrize(
    ("to", "leads"),
    [
        ("/tasks?text=x", "/tasks?text=x"),
        ("/outbox#a", "/outbox#a"),
        ("", "/"),
        ("https://evil.example.vn/", "/"),
        ("//evil.example.vn", "/"),
        ("/\\evil.example.vn", "/"),
        ("\\\\evil.example.vn", "/"),
        ("/\t/evil.example.vn", "/"),
        ("/\n/evil.example.vn", "/"),
        ("javascript:alert(1)", "/"),
        ("tasks", "/"),
        ("/" + "a" * 3000, "/"),
    ],
)
def test_it_leads_on_within_this_board_only(to: str, leads: str) -> None:
    assert target("", to) == leads


def test_under_a_path_it_leads_on_below_it(signed: SignedOffice) -> None:
    assert target("/dondoc", "/dondoc/tasks") == "/dondoc/tasks"
    assert target("/dondoc", "/elsewhere") == "/dondoc/"
    browser = signed.browser()
    form = browser.form("/sign-in?to=//evil.example.vn", "/sign-in")
    assert form.values["to"] == [""]
    answer = browser.send(form, {"name": "gu", "password": PASSWORD, "to": "//evil.example.vn"})
    assert answer.headers["location"] == "/"


def test_nobody_can_sign_in_somebody_elses_browser(signed: SignedOffice) -> None:
    """Login CSRF: the form is bound to a cookie of the browser it was drawn in."""
    drawn = signed.browser().form("/sign-in", "/sign-in")
    mine = {"name": "gu", "password": PASSWORD, "ticket": drawn.values["ticket"][0]}
    victim = signed.browser()
    answer = victim.post("/sign-in", mine)
    assert answer.status_code == 400
    assert "cookie" in refusal(answer)
    victim.get("/sign-in")
    answer = victim.post("/sign-in", mine)
    assert answer.status_code == 400
    own = victim.form("/sign-in", "/sign-in").values["ticket"][0]
    foreign = {"sec-fetch-site": "cross-site"}
    assert victim.post("/sign-in", {**mine, "ticket": own}, foreign).status_code == 400
    assert victim.post("/sign-in", {**mine, "ticket": own}).status_code == 303


def test_forms_drawn_before_signing_in_are_worth_nothing_after(signed: SignedOffice) -> None:
    browser = signed.browser()
    before = browser.form("/sign-in", "/sign-in")
    browser.sign_in("gu")
    assert browser.send(before, {"name": "truc", "password": PASSWORD}).status_code == 400


# The own account


def test_the_own_account_shows_who_one_is_and_where_one_is_signed_in(signed: SignedOffice) -> None:
    browser = signed.signed_in("gu")
    signed.signed_in("gu", "10.0.0.8")
    signed.browser("10.0.0.66").sign_in("gu", OTHER)
    page = browser.get("/account").text
    for words in ("Gụ", "Thanh tra Sở", "Cán bộ", "gu@example.vn", "10.0.0.8", "phiên này", "Không vào được"):
        assert words in page
    other = signed.signed_in("truc").get("/account").text
    assert "10.0.0.66" not in other


def test_the_other_sessions_are_ended_at_a_click(signed: SignedOffice) -> None:
    here, there = signed.signed_in("gu"), signed.signed_in("gu", "10.0.0.8")
    answer = here.send(here.form("/account", "/account/others"))
    assert answer.headers["location"] == "/account?done=sessions_ended&done_number=1"
    assert in_(here)
    assert not in_(there)
    assert [form for form in forms_in(here.get("/account").text) if form.action.endswith("/others")] == []


def test_a_new_password_ends_every_other_session(signed: SignedOffice) -> None:
    here, there = signed.signed_in("gu"), signed.signed_in("gu", "10.0.0.8")
    form = here.form("/account", "/account/password")
    typed = {"old": PASSWORD, "new": OTHER, "again": unicodedata.normalize("NFC", OTHER)}
    assert here.send(form, typed).headers["location"] == "/account?done=password_set"
    assert in_(here)
    assert not in_(there)
    assert signed.browser().sign_in("gu").status_code == 400
    assert signed.browser().sign_in("gu", OTHER).status_code == 303
    page = here.get("/account").text
    assert "đặt mật khẩu mới (Gụ)" in page


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"old": OTHER, "new": OTHER, "again": OTHER}, "Mật khẩu hiện tại không đúng"),
        ({"old": PASSWORD, "new": OTHER, "again": PASSWORD}, "không giống nhau"),
        ({"old": PASSWORD, "new": "ngắn", "again": "ngắn"}, "có 4 ký tự; cần ít nhất 12"),
        ({"old": PASSWORD, "new": "Sở Công Thương 22", "again": "Sở Công Thương 22"}, "đơn vị, cơ quan"),
    ],
)
def test_a_change_that_cannot_be_is_said_and_nothing_is_changed(
    signed: SignedOffice, typed: dict[str, str], why: str
) -> None:
    browser = signed.signed_in("gu")
    answer = browser.send(browser.form("/account", "/account/password"), typed)
    assert answer.status_code == 400
    assert why in refusal(answer)
    assert signed.browser().sign_in("gu").status_code == 303


def test_the_own_password_cannot_be_guessed_from_a_session_left_open(signed: SignedOffice) -> None:
    browser = signed.signed_in("gu")
    form = browser.form("/account", "/account/password")
    statuses = [
        browser.send(form, {"old": f"{OTHER} {n}", "new": OTHER, "again": OTHER}).status_code
        for n in range(6)
    ]
    assert statuses == [400] * 5 + [429]
