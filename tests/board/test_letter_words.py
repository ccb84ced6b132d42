"""The wording of letters in the browser: looked at in a real letter, kept, taken back, refused."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from markupsafe import escape
from sqlalchemy import Engine

from notifications.letter_words import CODES, LETTERS, original
from notifications.own_wording import load_words
from storage import office_journal
from storage.engine import read, write
from storage.office_journal import Made
from storage.own_wording import own_texts
from storage.settables import SETTABLES
from tests.board.acting_cast import Office, open_office
from tests.board.browsing import form_to, forms_in
from tests.board.cast import NOW

PAGE = "/settings/letters"
CLOSING = f"{PAGE}/letter_closing"
SAID = "Thư tự động của {office}, xin đừng lo."


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    return open_office(sqlite_engine, tmp_path / "files")


def kept(office: Office) -> dict[tuple[str, str], str]:
    with read(office.engine) as session:
        return dict(own_texts(session, office.id))


def sent(office: Office, text: str, do: str = "keep", *, path: str = CLOSING, language: str = "vi") -> str:
    """Type a sentence and press a button; return the page that follows, or that refuses."""
    browser = office.as_("truc")
    form = next(each for each in forms_in(browser.get(path).text) if each.action.endswith(f"/{language}"))
    found = browser.send(form, {"text": text, "do": do})
    if found.status_code == 303:
        return browser.get(found.headers["location"]).text
    assert found.status_code == (200 if do == "look" else 400), found.text
    return found.text


def test_every_sentence_is_listed_under_its_letter_in_its_order(office: Office) -> None:
    browser = office.as_("quan")
    for letter, parts in LETTERS.items():
        page = browser.get(f"{PAGE}?letter={letter}").text
        listed = re.findall(rf'href="{PAGE}/(\w+)"', page)
        assert listed == [code for part in parts for code in part.codes]


def test_sentences_are_found_with_and_without_accents(office: Office) -> None:
    browser = office.as_("quan")
    for words in ("tự động gửi", "tu dong gui", "letter_closing", "automatically"):
        assert CLOSING in browser.get(f"{PAGE}?text={words}").text
    assert "Không có câu nào như vậy" in browser.get(f"{PAGE}?text=zzz").text


def test_a_look_shows_the_letter_of_a_real_reader_and_keeps_nothing(office: Office) -> None:
    before = office.everything()
    page = sent(office, SAID, "look")
    assert "xin đừng lo" in page
    assert "Các việc của" in page
    assert "383/KH-SCT/1" in page
    assert office.everything() == before


def test_a_sentence_nobody_has_today_is_looked_at_in_an_invented_letter(office: Office) -> None:
    path = f"{PAGE}/subject_test"
    page = sent(office, "Thử thư ngày {on} lúc {time}", "look", path=path)
    assert "người giả định" in page
    assert re.search(r"Thử thư ngày \d\d/\d\d/2022 lúc 09:00", page)


def test_the_html_part_is_shown_as_text_and_able_to_do_nothing(office: Office) -> None:
    page = sent(office, "Thư của {office} <script>alert(1)</script> gửi tự động", "look")
    assert "<script" not in page
    form = form_to(page, "/letter_closing/vi/letter")
    shown = office.as_("truc").send(form)
    assert shown.status_code == 200
    assert "<script" not in shown.text
    assert "&lt;script&gt;alert(1)" in shown.text
    assert 'style="' in shown.text
    policy = shown.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script" not in policy
    assert "default-src 'none'" in policy


def test_a_sentence_is_kept_for_its_language_alone_and_taken_back(office: Office) -> None:
    page = sent(office, SAID)
    assert "Đã lưu" in page
    assert kept(office) == {("letter_closing", "vi"): SAID}
    assert "cơ quan đã sửa" in office.as_("truc").get(f"{PAGE}?letter=common").text
    browser = office.as_("truc")
    reset = next(form for form in forms_in(page) if form.buttons == [("do", "reset")])
    assert browser.send(reset, {"do": "reset"}).status_code == 303
    assert kept(office) == {}


def test_the_original_typed_again_is_no_wording_of_one_s_own(office: Office) -> None:
    sent(office, SAID)
    sent(office, original("letter_closing", "vi"))
    assert kept(office) == {}


def test_a_wording_is_undone_in_the_record(office: Office) -> None:
    sent(office, SAID)
    with write(office.engine) as session:
        office_journal.undo(session, office.id, SETTABLES, 1, made=Made(by="quan", at=NOW))
    assert kept(office) == {}
    with read(office.engine) as session:
        assert load_words(session, office.id).texts == {}


def test_decomposed_vietnamese_is_kept_composed(office: Office) -> None:
    sent(office, unicodedata.normalize("NFD", SAID))
    assert kept(office) == {("letter_closing", "vi"): SAID}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("Thư tự động của cơ quan.", "thiếu phần điền vào {office}", id="a name left out"),
        pytest.param("Thư của {office} cho {x}", "{x}", id="a name there is not"),
        pytest.param("Thư của {office.__class__} gửi", "Dấu ngoặc nhọn", id="an attribute"),
        pytest.param("Thư của {office:>9999} gửi", "Dấu ngoặc nhọn", id="a format"),
        pytest.param("", "không được để trống", id="nothing"),
        pytest.param("{office}", "ít nhất 3 từ", id="says nothing"),
        pytest.param("thư " * 200 + "{office}", "nhiều nhất là 600", id="too long"),
    ],
)
@pytest.mark.parametrize("do", ["look", "keep"])
def test_what_may_not_stand_for_a_sentence_is_refused_where_it_was_typed(
    office: Office, text: str, said: str, do: str
) -> None:
    browser = office.as_("truc")
    form = next(each for each in forms_in(browser.get(CLOSING).text) if each.action.endswith("/vi"))
    found = browser.send(form, {"text": text, "do": do})
    assert found.status_code == 400
    assert said in found.text
    assert escape(text.strip()) in found.text
    assert kept(office) == {}


def test_what_another_kept_meanwhile_is_not_overwritten_unseen(office: Office) -> None:
    browser = office.as_("quan")
    form = next(each for each in forms_in(browser.get(CLOSING).text) if each.action.endswith("/vi"))
    sent(office, SAID)
    refused = office.as_("quan").send(form, {"text": "Thư khác của {office} gửi", "do": "keep"})
    assert refused.status_code == 400
    assert kept(office) == {("letter_closing", "vi"): SAID}


@pytest.mark.parametrize("path", [f"{PAGE}/post_head", f"{PAGE}/mail_port_wrong", f"{PAGE}/nope"])
def test_what_is_no_sentence_of_letters_has_no_page(office: Office, path: str) -> None:
    assert office.as_("truc").get(path).status_code == 404


@pytest.mark.parametrize("code", ["gu", "sao", "cam", "nghien"])
def test_letters_are_worded_by_those_who_set_the_office_s_ways(office: Office, code: str) -> None:
    form = next(iter(forms_in(office.as_("truc").get(CLOSING).text)))
    for path in (PAGE, CLOSING):
        assert office.as_(code).get(path).status_code == 403
    assert office.as_(code).send(form, {"do": "keep"}).status_code == 403


def test_each_sentence_has_a_page(office: Office) -> None:
    browser = office.as_("truc")
    for code in list(CODES)[::12]:
        assert original(code, "en").split("{")[0].strip()[:12].replace("&", "&amp;") in browser.get(
            f"{PAGE}/{code}"
        ).text.replace("&#39;", "'")
