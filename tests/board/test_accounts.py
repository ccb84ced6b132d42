"""The administrator's page of accounts: who may sign in, letting people in, locks, and the record of it."""

from __future__ import annotations

import pytest

from storage import accounts
from storage.engine import read
from storage.schema import LetterRow
from tests.board.acting_cast import DIRECTORY
from tests.board.browsing import form_to, forms_in
from tests.board.signing_cast import OTHER, SignedOffice
from tests.board.test_signing_in import change

LIM, GU, QUAN = (f"/settings/accounts/{code}" for code in ("lim", "gu", "quan"))


def deeds(page: str) -> set[str]:
    """Return what can be done to the account shown."""
    return {form.action.rpartition("/")[2] for form in forms_in(page) if "/settings/accounts/" in form.action}


def recorded(signed: SignedOffice, code: str) -> list[tuple[str, str]]:
    with read(signed.office.engine) as session:
        return [(event.kind, event.by) for event in accounts.events_of(session, signed.office.id, code)]


def test_everybody_stands_there_with_how_their_account_is(signed: SignedOffice) -> None:
    administrator = signed.signed_in("quan")
    page = administrator.get("/settings/accounts").text
    everybody = len(DIRECTORY.people)
    assert page.count('<th scope="row"') == everybody
    for words in ("<b>3</b> Đang dùng", f"<b>{everybody - 3}</b> Chưa có tài khoản", "Trầm", "Lãnh đạo"):
        assert words in page
    found = administrator.get("/settings/accounts?text=tram&state=none").text
    assert found.count('<th scope="row"') == 1
    assert ">Trầm</a>" in found
    assert "Không có ai như vậy" in administrator.get("/settings/accounts?text=khong-ai").text
    assert "/settings/accounts" in administrator.get("/settings").text
    assert "/settings/accounts" not in signed.signed_in("truc").get("/settings").text


def test_a_person_is_invited_by_letter(signed: SignedOffice) -> None:
    administrator = signed.signed_in("quan")
    assert deeds(administrator.get(LIM).text) == {"invite", "link"}
    answer = administrator.send(administrator.form(LIM, "/invite"))
    assert answer.headers["location"] == f"{LIM}?done=account_invite"
    with read(signed.office.engine) as session:
        letter = session.query(LetterRow).filter(LetterRow.kind == "password").one()
    assert (letter.person, letter.state, letter.body_text) == ("lim", "waiting", "")
    assert recorded(signed, "lim") == [("invited", "quan"), ("made", "quan")]
    page = administrator.get(LIM).text
    assert "Được mời, chưa đặt mật khẩu" in page
    assert "được mời bằng thư (Quân)" in page


def test_a_link_to_hand_over_is_shown_once(signed: SignedOffice) -> None:
    administrator = signed.signed_in("quan")
    page = administrator.send(administrator.form(LIM, "/link")).text
    link = page.split("<code>", 1)[1].split("</code>", 1)[0]
    assert link.startswith("http://127.0.0.1:4200/sign-in/link/")
    assert link not in administrator.get(LIM).text
    lim, path = signed.browser("10.0.0.8"), link.removeprefix("http://127.0.0.1:4200")
    answer = lim.send(lim.form(path, path), {"new": OTHER, "again": OTHER})
    assert answer.status_code == 303
    assert recorded(signed, "lim")[0] == ("password_set", "lim")
    assert "Đang dùng" in administrator.get(LIM).text


def test_a_locked_account_is_out_at_once_until_it_is_unlocked(signed: SignedOffice) -> None:
    administrator, gu = signed.signed_in("quan"), signed.signed_in("gu", "10.0.0.8")
    link = signed.link("gu")
    assert deeds(administrator.get(GU).text) == {"invite", "link", "sign-out", "lock"}
    administrator.send(administrator.form(GU, "/lock"))
    assert gu.get("/account").status_code == 303
    assert gu.sign_in("gu").status_code == 400
    assert gu.get(link).status_code == 404
    assert deeds(administrator.get(GU).text) == {"unlock"}
    administrator.send(administrator.form(GU, "/unlock"))
    assert gu.sign_in("gu").status_code == 303
    assert gu.get(link).status_code == 404
    assert recorded(signed, "gu")[:2] == [("unlocked", "quan"), ("locked", "quan")]


def test_all_sessions_of_a_person_are_ended(signed: SignedOffice) -> None:
    administrator, gu = signed.signed_in("quan"), signed.signed_in("gu", "10.0.0.8")
    assert "10.0.0.8" in administrator.get(GU).text
    administrator.send(administrator.form(GU, "/gu/sign-out"))
    assert gu.get("/account").status_code == 303
    assert gu.sign_in("gu").status_code == 303
    assert recorded(signed, "gu")[0] == ("signed_out", "quan")


def test_nobody_locks_themselves_out(signed: SignedOffice) -> None:
    administrator = signed.signed_in("quan")
    assert "lock" not in deeds(administrator.get(QUAN).text)
    ticket = form_to(administrator.get(GU).text, "/lock").values["ticket"][0]
    assert administrator.post(f"{QUAN}/lock", {"ticket": ticket}).status_code == 400
    assert administrator.get("/account").status_code == 200


@pytest.mark.parametrize("what", ["invite", "link", "lock", "unlock", "sign-out", "anything"])
def test_forms_from_elsewhere_and_people_unknown_are_refused(signed: SignedOffice, what: str) -> None:
    administrator = signed.signed_in("quan")
    assert administrator.post(f"{GU}/{what}", {"ticket": "x"}).status_code == 400
    assert signed.signed_in("truc").post(f"{GU}/{what}", {}).status_code == 403
    assert recorded(signed, "gu") == [("password_set", "quan"), ("made", "quan")]


def test_who_has_left_is_not_let_in(signed: SignedOffice) -> None:
    administrator = signed.signed_in("quan")
    form = administrator.form(LIM, "/link")
    change(signed, "lim", active=False)
    answer = administrator.send(form)
    assert answer.status_code == 400
    assert "không còn trong số người đang làm việc" in answer.text
    assert administrator.get("/settings/accounts/ai-do").status_code in (400, 404)
