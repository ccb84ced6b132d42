"""Sending hours of a plan: before, within and after them; two plans in one letter; a reader's own hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from flows.activate import activate_plan
from flows.audit import audit_work
from flows.post import has_work
from flows.preview import preview_work
from storage import tasks
from storage.engine import write
from storage.office_journal import Made
from storage.plan_policy import set_hours, set_ladder
from tasks_catalog.audience import Audience
from tasks_catalog.ladder import DEFAULT_LADDER
from tasks_catalog.ladder_rules import RungWritten, ladder_of, written
from tasks_catalog.preference import Preference
from tasks_catalog.sending_hours import Hours
from tests.flows.cast import HEADS, ISSUED, NUMBER, PLAN, Department, moment

MARKETS = "\n".join(PLAN.splitlines()[:2])
"""Trade owes its rules by 27/01/2023 (huong, sao), the inspectorate helps (gu)."""
OTHER = f"{HEADS}\nThể chế,1,Đề án chợ đầu mối,Đề án,Phòng Quản lý thương mại,,Trước ngày 27/01/2023"
OTHER_NUMBER = "26/KH-SCT"
HELP, NEXT = date(2023, 1, 18), date(2023, 1, 19)
"""Two working days before, and the last working day before Tết."""
THERE, HERE = "Đề án chợ đầu mối", "Quy định đấu thầu chợ"


@pytest.fixture
def reminded(department: Department) -> Department:
    department.start(MARKETS, on=HELP)
    department.notices(HELP)
    return department


@pytest.fixture
def reminded_anywhere(any_department: Department) -> Department:
    """On each kind of database: what the claim itself decides."""
    any_department.start(MARKETS, on=HELP)
    any_department.notices(HELP)
    return any_department


def hours(department: Department, first: int, until: int, *, number: str = NUMBER, on: datetime) -> None:
    office = department.office
    with write(office.engine) as session:
        set_hours(
            session,
            office.organisation_id,
            number,
            Hours(first=time(first), until=time(until)),
            office=office.sending,
            made=Made(by="truc", at=office.moment_of(on, time(7))),
        )


def two_plans(department: Department) -> None:
    """Trade owes by the same day under another plan too."""
    department.start(OTHER, on=HELP, number=OTHER_NUMBER)
    department.notices(HELP)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return moment(day, hour, minute)


def test_nothing_leaves_before_the_hours_of_its_plan(
    reminded: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours(reminded, 10, 12, on=at(HELP, 7))
    assert reminded.post(at(HELP, 8)) == {}
    assert reminded.post(at(HELP, 9, 59)) == {}
    assert audit_work(reminded.office, at(HELP, 9, 55)).is_clean  # it waits, and is not stuck
    for hour, is_work in ((9, False), (10, True)):
        now = reminded.office.moment_of(at(HELP, hour), time(hour))
        monkeypatch.setattr(type(reminded.office), "now", lambda _office, shown=now: shown)
        assert has_work(reminded.office) is is_work
    assert sorted(reminded.post(at(HELP, 10))) == ["gu", "huong"]


def test_what_has_not_left_when_they_are_over_goes_the_next_working_day(reminded: Department) -> None:
    hours(reminded, 8, 10, on=at(HELP, 7))
    assert reminded.post(at(HELP, 10)) == {}
    assert reminded.letters() == (), "a late run makes no letter that could not leave"
    reminded.notices(NEXT)
    assert sorted(reminded.post(at(NEXT, 8))) == ["gu", "huong"]


def test_a_process_away_at_just_these_hours_is_found_by_the_audit(reminded: Department) -> None:
    hours(reminded, 8, 10, on=at(HELP, 7))
    for day in (HELP, NEXT, date(2023, 1, 27)):
        reminded.notices(day)
        assert reminded.post(at(day, 11)) == {}
        found = audit_work(reminded.office, at(day, 11, 30))
        assert found.stuck_letters == (2 if day.day == 27 else 0), "huong and gu, the second day after"


def test_a_letter_made_in_time_that_could_not_leave_keeps_its_name(reminded_anywhere: Department) -> None:
    hours(reminded_anywhere, 9, 10, on=at(HELP, 7))
    reminded_anywhere.post(at(HELP, 8))
    kept = {letter.person: letter.message_id for letter in reminded_anywhere.letters("waiting")}
    assert reminded_anywhere.post(at(HELP, 11)) == {}
    assert {letter.person for letter in reminded_anywhere.letters("waiting")} == {"gu", "huong"}
    assert audit_work(reminded_anywhere.office, at(HELP, 11, 30)).stuck_letters == 2
    reminded_anywhere.notices(NEXT)
    sent = reminded_anywhere.post(at(NEXT, 9))
    assert {reader: mail.message_id for reader, mail in sent.items() if reader != "truc"} == kept


def test_a_letter_waits_for_the_latest_start_of_the_plans_in_it(reminded_anywhere: Department) -> None:
    two_plans(reminded_anywhere)
    hours(reminded_anywhere, 10, 17, on=at(HELP, 7))
    hours(reminded_anywhere, 14, 17, number=OTHER_NUMBER, on=at(HELP, 7))
    assert reminded_anywhere.post(at(HELP, 8)) == {}
    assert sorted(reminded_anywhere.post(at(HELP, 10))) == ["gu"], (
        "who reads the one plan alone has it at ten"
    )
    assert reminded_anywhere.post(at(HELP, 13, 59)) == {}
    (mail,) = reminded_anywhere.post(at(HELP, 14)).values()
    assert HERE in mail.text
    assert THERE in mail.text


def test_a_plan_without_hours_waits_with_the_one_that_has_them_since_there_is_one_letter(
    reminded: Department,
) -> None:
    two_plans(reminded)
    hours(reminded, 14, 17, number=OTHER_NUMBER, on=at(HELP, 7))
    assert sorted(reminded.post(at(HELP, 8))) == ["gu"]
    (mail,) = reminded.post(at(HELP, 14)).values()
    assert HERE in mail.text
    assert THERE in mail.text


def test_of_a_late_letter_the_line_whose_hours_are_over_goes_the_next_day(
    reminded_anywhere: Department,
) -> None:
    two_plans(reminded_anywhere)
    hours(reminded_anywhere, 8, 10, on=at(HELP, 7))
    reminded_anywhere.prefer("huong", Preference(hour=time(9, 30)), on=at(HELP, 7))
    reminded_anywhere.post(at(HELP, 8))  # kept, with both lines, for half past nine
    (mail,) = reminded_anywhere.post(at(HELP, 11)).values()
    assert (HERE in mail.text, THERE in mail.text) == (False, True)
    reminded_anywhere.notices(NEXT)
    assert HERE in reminded_anywhere.post(at(NEXT, 9, 30))["huong"].text


@pytest.mark.parametrize(
    ("preferred", "leaves"),
    [
        pytest.param(time(11), 11, id="within the hours it counts"),
        pytest.param(time(8, 30), 10, id="before them the hours do"),
        pytest.param(time(15), 10, id="after them it is void, else the line would never leave"),
    ],
)
def test_a_reader_s_own_hour(reminded_anywhere: Department, preferred: time, leaves: int) -> None:
    hours(reminded_anywhere, 10, 12, on=at(HELP, 7))
    reminded_anywhere.prefer("huong", Preference(hour=preferred), on=at(HELP, 7))
    reminded_anywhere.post(at(HELP, 8))
    sent = {hour: sorted(reminded_anywhere.post(at(HELP, hour))) for hour in (9, 10, 11)}
    assert [hour for hour, readers in sent.items() if "huong" in readers] == [leaves]


def test_hours_changed_while_a_letter_waits_hold_at_once(reminded: Department) -> None:
    hours(reminded, 14, 17, on=at(HELP, 7))
    reminded.post(at(HELP, 8))
    hours(reminded, 9, 17, on=at(HELP, 8, 30))
    assert sorted(reminded.post(at(HELP, 9))) == ["gu", "huong"]


def test_hours_outside_the_office_s_made_shorter_are_void(reminded: Department) -> None:
    hours(reminded, 15, 17, on=at(HELP, 7))
    shorter = replace(reminded.office.settings, sending_to=time(15))
    office = replace(reminded.office, settings=shorter)
    office.__dict__["calendars"] = reminded.office.calendars
    assert sorted(Department(office=office).post(at(HELP, 8))) == ["gu", "huong"]


def test_a_preview_is_what_the_hours_let_leave(reminded: Department) -> None:
    hours(reminded, 15, 17, on=at(HELP, 7))
    ready = preview_work(reminded.office, HELP).letters
    assert {each.person.code for each in ready} == {"gu", "huong"}
    assert all(b"15:00:00 +0700" in each.envelope.data for each in ready)


def test_a_welcome_tells_the_ladder_the_plan_has(department: Department) -> None:
    office = department.office
    department.read_plan(MARKETS)
    own = ladder_of(
        [
            RungWritten(offset=-7, audience=(Audience.OWNER,)),
            RungWritten(offset=4, audience=(Audience.COORDINATOR,)),
        ],
        written(DEFAULT_LADDER.sheet),
    )
    with write(office.engine) as session:
        made = Made(by="truc", at=office.moment_of(at(ISSUED, 8), time(8)))
        set_ladder(session, office.organisation_id, NUMBER, own, made=made)
        assert tasks.plan_or_refuse(session, office.organisation_id, NUMBER).state == "imported"
    activate_plan(office, NUMBER, by="truc", as_of=ISSUED)
    text = department.post(at(ISSUED, 9))["huong"].text
    assert "trước hạn 7 ngày làm việc" in text
    assert "trước hạn 10 ngày làm việc" not in text
