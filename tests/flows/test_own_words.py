"""An office's own words: in what is posted and previewed, at the next run after they were kept."""

from __future__ import annotations

from datetime import date

from flows.preview import preview_work
from notifications.own_wording import reset_words, set_words
from storage.engine import write
from storage.office_journal import Made
from tests.flows.cast import Department, moment

DAY, NEXT = date(2023, 4, 21), date(2023, 4, 26)
"""Five and two working days before row 5 is due."""
OWN = "Thư do {office} gửi, mọi thắc mắc xin gọi văn thư."


def made(department: Department, day: date) -> Made:
    at = department.office.moment_of(moment(day, 7), moment(day, 7).time())
    return Made(by="truc", at=at)


def test_words_kept_stand_in_the_preview_and_in_the_letters_posted_until_taken_back(
    department: Department,
) -> None:
    department.start()
    office = department.office
    with write(office.engine) as session:
        for code, text in (("letter_closing", OWN), ("reason_owner_officer", "đang phụ trách ở {unit}")):
            set_words(session, office.organisation_id, code, "vi", text, made=made(department, DAY))
    previewed = preview_work(office, DAY).letters
    assert previewed
    assert all("xin gọi văn thư" in " ".join(one.letter.text.split()) for one in previewed)
    posted = department.morning(DAY)
    assert posted
    assert all("xin gọi văn thư" in mail.text for mail in posted.values())
    with write(office.engine) as session:
        reset_words(session, office.organisation_id, "letter_closing", made=made(department, DAY))
    later = department.mornings(date(2023, 4, 24), NEXT)
    assert later
    assert not any("xin gọi văn thư" in mail.text for mails in later.values() for mail in mails.values())
