"""Erasing in the browser: what stands against it, what it would empty, and the second press."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from notifications.wording import catalogue
from storage import outbox
from storage.engine import read, write
from storage.erased_file import read_erased
from storage.erasing import erase, erased, stays_of
from storage.schema import LetterRow, PersonRow, ShareRow, UnitRow
from tests.board.acting_cast import Office, open_office, reported
from tests.board.browsing import form_to, forms_in
from tests.board.cast import NOW

DATA = "/settings/people/gu/data"
ERASE = "/data/erase"
PAPER = "12/ĐN 05/10/2022 <b>"


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    """Gụ has reported, been written to, and left; his work is handed over."""
    made = open_office(sqlite_engine, tmp_path / "files")
    reported(made)
    with write(sqlite_engine) as session:
        day = NOW.date()
        outbox.open_letter(
            session, made.id, kind="digest", person="gu", day=day, message_id="<1@example.vn>", at=NOW
        )
        session.execute(update(LetterRow).values(state="sent", address="gu@example.vn"))
        session.execute(update(ShareRow).values(officer=None))
        session.execute(update(UnitRow).where(UnitRow.focal_point == "gu").values(focal_point=None))
        session.execute(update(PersonRow).where(PersonRow.code == "gu").values(active=False))
    return made


def test_it_shows_what_would_go_and_what_stays_and_erases_at_the_second_press(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "erased.csv"
    object.__setattr__(office.app.state.board, "erased", file)
    browser = office.as_("quan")
    before = office.everything()
    shown = browser.send(form_to(browser.get(DATA).text, ERASE), {"document": PAPER})
    assert shown.status_code == 200
    assert "thư gửi người này (địa chỉ, tiêu đề, lời thư): 1" in shown.text
    assert "dòng nhật ký quyết định: 1" in shown.text
    assert "phiên đăng nhập" not in shown.text
    assert office.everything() == before
    assert not file.exists()
    changed = browser.send(form_to(shown.text, ERASE), {"document": "13/ĐN"})
    assert changed.status_code == 200, "another document is looked over anew"
    done = browser.send(form_to(shown.text, ERASE))
    assert done.status_code == 303
    page = browser.get(done.headers["location"]).text
    assert "Đã xóa dữ liệu" in page
    assert "theo văn bản 12/ĐN 05/10/2022 &lt;b&gt;" in page
    assert "Dữ liệu của người này đã được xóa" in page
    assert not any(form.action.endswith(ERASE) for form in forms_in(page))
    with read(office.engine) as session:
        (line,) = erased(session, office.id)
        assert (line.person, line.by, line.document) == ("gu", "quan", PAPER)
        person = session.scalars(select(PersonRow).where(PersonRow.code == "gu")).one()
        assert (person.name, person.email) == ("người đã xóa (#gu)", "")
    assert read_erased(file) == [("gu", NOW.date().isoformat(), PAPER)]


def test_who_is_at_work_or_holds_something_has_no_form_but_what_to_do_first(office: Office) -> None:
    browser = office.as_("quan")
    form = form_to(browser.get(DATA).text, ERASE)
    with write(office.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.code == "gu").values(active=True))
        session.execute(update(UnitRow).where(UnitRow.code == "TT").values(focal_point="gu"))
    page = browser.get(DATA).text
    assert "đánh dấu là đã nghỉ" in page
    assert "còn là đầu mối" in page
    assert not any(each.action.endswith(ERASE) for each in forms_in(page))
    before = office.everything()
    answer = browser.send(form, {"document": PAPER})
    assert answer.status_code == 400
    assert "đánh dấu là đã nghỉ" in answer.text
    assert office.everything() == before


def test_a_document_must_be_named_and_another_role_may_not(office: Office) -> None:
    browser = office.as_("quan")
    form = form_to(browser.get(DATA).text, ERASE)
    answer = browser.send(form, {"document": " "})
    assert answer.status_code == 400
    assert "Hãy ghi số, ký hiệu và ngày" in answer.text
    assert office.as_("truc").send(form, {"document": PAPER}).status_code == 403


def test_what_is_emptied_and_stays_has_words(office: Office) -> None:
    with write(office.engine) as session:
        stays = stays_of(session, office.id, "gu")
        counts = erase(session, office.id, "gu", by="quan", document="1", at=NOW, shown_as="-")
    wanted = {f"erase_empties_{what}" for what in counts} | {f"erase_stays_{what}" for what in stays}
    assert wanted <= set(catalogue())
