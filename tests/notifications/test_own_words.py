"""Sentences an office words its own way: in every letter, in no other office's, and never more than text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from notifications import own_wording
from notifications.letter import Addressee, Item, compose_digest
from notifications.letter_examples import example_with, examples
from notifications.letter_words import CODES, LETTERS, original
from notifications.links import Links
from notifications.wording import catalogue
from notifications.wording.own import CATALOGUE, OwnWords
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.facts import TaskFacts
from tasks_catalog.problem import Refused

TODAY = date(2022, 11, 30)
NOT_THE_OFFICES = ("post_", "mail_", "link_", "address_", "message_id_", "header_", "attachments_")
"""Names of posts, and refusals, which stand in letters.toml beside the letters' sentences."""


@pytest.mark.parametrize(
    ("language", "today"),
    [
        pytest.param("vi", TODAY, id="Vietnamese"),
        pytest.param("en", TODAY, id="English"),
        pytest.param("vi", date(2022, 12, 3), id="a Saturday"),
    ],
)
def test_every_sentence_there_is_to_word_stands_in_an_example_in_the_office_s_words(
    calendar: WorkCalendar, language: str, today: date
) -> None:
    words = OwnWords({(code, language): f"◆{code}◆{original(code, language)}" for code in CODES})
    seen: set[str] = set()
    for make in examples(language, today=today, calendar=calendar):
        letter = make(words)
        seen |= set(re.findall("◆([a-z_]+)◆", letter.subject + letter.text + letter.html))
    assert seen == set(CODES)


def test_an_example_is_found_by_what_its_reader_sees(calendar: WorkCalendar) -> None:
    texts = {("letter_unit", "vi"): "Đơn vị chủ trì"}
    found = example_with("letter_unit", texts, "vi", today=TODAY, calendar=calendar)
    assert "Đơn vị chủ trì: Phòng Kế hoạch - Tài chính" in found.letter.text
    assert ("Đơn vị chủ trì", True) in found.pieces
    assert "".join(words for words, _ in found.pieces) == found.letter.text


def test_every_sentence_of_letters_is_the_office_s_to_word_or_named_as_not() -> None:
    import tomllib
    from pathlib import Path

    import notifications.wording

    file = Path(notifications.wording.__file__).parent / "letters.toml"
    codes = tomllib.loads(file.read_text(encoding="utf-8"))
    left = [code for code in codes if code not in CODES and not code.startswith(NOT_THE_OFFICES)]
    assert left == []
    assert set(CODES) <= set(catalogue())
    assert sum(len(part.codes) for parts in LETTERS.values() for part in parts) == len(CODES)


def test_two_offices_in_one_process_keep_their_own_words(
    november: tuple[TaskFacts, ...],
    waiting: Callable[..., tuple[Item, ...]],
    addressee: Callable[..., Addressee],
    calendar: WorkCalendar,
) -> None:
    from dataclasses import replace

    items = waiting(november, "an")
    own = OwnWords(
        {
            ("letter_closing", "vi"): "Văn phòng {office} gửi tự động hằng ngày.",
            ("reason_owner_focal_point", "vi"): "là đầu mối được phân công của {unit}",
        }
    )
    for words in (own, CATALOGUE, own):
        letter = compose_digest(
            replace(addressee("an"), words=words), items, as_of=TODAY, calendar=calendar, links=Links()
        )
        for said in ("gửi tự động hằng ngày", "là đầu mối được phân công của"):
            assert (said in " ".join(letter.text.split())) is (words is own)
            assert (said in letter.html) is (words is own)


def test_html_in_a_sentence_stays_text(calendar: WorkCalendar) -> None:
    texts = {("letter_closing", "vi"): 'Thư của {office} <img src="x"> & bạn bè gửi'}
    letter = example_with("letter_closing", texts, "vi", today=TODAY, calendar=calendar).letter
    assert "<img" in letter.text
    assert "<img" not in letter.html
    assert "&lt;img src=&#34;x&#34;&gt; &amp; bạn bè" in letter.html


@pytest.mark.parametrize(
    ("code", "text", "refusal"),
    [
        pytest.param("letter_greeting", "Kính gửi", "wording_name_missing", id="a name left out"),
        pytest.param("letter_greeting", "Gửi {who} {x}", "wording_name_unknown", id="a name there is not"),
        pytest.param("letter_greeting", "Gửi {who.__class__}", "wording_braces", id="an attribute"),
        pytest.param("letter_greeting", "Gửi {who[0]}", "wording_braces", id="an item"),
        pytest.param("letter_greeting", "Gửi {who!r}", "wording_braces", id="a conversion"),
        pytest.param("letter_greeting", "Gửi {who:>99999999}", "wording_braces", id="a format"),
        pytest.param("letter_greeting", "Gửi {who} {0}", "wording_braces", id="a place"),
        pytest.param("letter_greeting", "Gửi {{who}}", "wording_braces", id="doubled braces"),
        pytest.param("letter_greeting", "Gửi {who", "wording_braces", id="half a brace"),
        pytest.param("letter_greeting", "Gửi {who} }", "wording_braces", id="a brace alone"),
        pytest.param("letter_greeting", "", "wording_empty", id="nothing"),
        pytest.param("letter_greeting", "{who}", "wording_says_nothing", id="only what is filled in"),
        pytest.param("letter_greeting", "Gửi \x00 {who}", "wording_characters", id="a null"),
        pytest.param("letter_greeting", "Gửi \u202e{who}", "wording_characters", id="right to left"),
        pytest.param("subject_plan", "x" * 190 + " {counts} {plan}", "wording_too_long", id="a long subject"),
        pytest.param("welcome_stops", "x" * 601, "wording_too_long", id="a long sentence"),
        pytest.param("letter_reason", "{reason}.", "wording_says_nothing", id="why, left out"),
        pytest.param("welcome_stops", "Báo cáo.", "wording_says_nothing", id="how it stops, left out"),
        pytest.param("mail_port_wrong", "Cổng {port}", "wording_unknown", id="a refusal"),
        pytest.param("post_head", "Sếp", "wording_unknown", id="a post"),
        pytest.param("front_title", "Bảng", "wording_unknown", id="a page"),
    ],
)
def test_what_may_not_stand_for_a_sentence_is_refused(code: str, text: str, refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        own_wording.check(code, "vi", text)
    assert refused.value.code == refusal


def test_a_kept_text_that_fits_no_longer_is_left_out() -> None:
    """After an update a sentence may quote other values: the catalogue's is said until somebody looks."""
    words = own_wording.words_of({("letter_greeting", "vi"): "Gửi {ten}", ("gone", "vi"): "x"})
    assert words is CATALOGUE
