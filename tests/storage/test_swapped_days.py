"""Days off and worked that an office enters: kept, checked, taken back, and in the calendar at once."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from storage.engine import read, write
from storage.office_calendar import OfficeCalendar
from storage.office_journal import Made, change, undo
from storage.organisations import create_organisation
from storage.schema import Organisation
from storage.settables import SETTABLES
from storage.swapped_days import KIND, SWAPPED_DAYS, as_values, enter, list_swapped, take_back
from tasks_catalog.calendar import SwappedDay, WorkCalendar, vietnam
from tasks_catalog.people import Directory
from tasks_catalog.problem import Refused

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 7)
OFF = SwappedDay(day=MONDAY, worked=False, name="Nghỉ bù", document="12/UBND-VX")


def at(hour: int, day: int = 1) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=ZONE)


def made(hour: int = 9, by: str = "truc") -> Made:
    return Made(by=by, at=at(hour))


@pytest.fixture(scope="module")
def by_law() -> WorkCalendar:
    return vietnam([2026])


def office(engine: Engine) -> int:
    with write(engine) as session:
        directory = Directory(organisation="sct", name="Sở Công Thương")
        return create_organisation(session, directory, simulated=True, at=at(8)).id


def entered(engine: Engine, organisation: int, *days: SwappedDay, hour: int = 9) -> None:
    with write(engine) as session:
        enter(session, organisation, days, vietnam([2026]), made=made(hour))


def test_a_day_is_kept_and_in_force_at_once_in_a_calendar_that_was_asked_before(
    engine: Engine, by_law: WorkCalendar
) -> None:
    organisation = office(engine)
    calendars = OfficeCalendar(organisation, by_law=by_law)
    with read(engine) as session:
        before = calendars.of(session)
        assert calendars.of(session) is before, "nothing changed, nothing is counted anew"
    entered(engine, organisation, OFF)
    with read(engine) as session:
        after = calendars.of(session)
        assert (before.is_working(MONDAY), after.is_working(MONDAY)) == (True, False)
        assert after.why_off(MONDAY) == "Nghỉ bù"
        assert list_swapped(session, organisation) == (OFF,)


def test_one_office_s_days_are_not_another_s(engine: Engine, by_law: WorkCalendar) -> None:
    mine = office(engine)
    with write(engine) as session:
        another = Organisation(code="stc", name="Sở Tài chính", place="", superior="", kind="simulated")
        another.created_at = at(8)
        session.add(another)
        session.flush()
        other = another.id
    entered(engine, mine, OFF)
    with read(engine) as session:
        assert not OfficeCalendar(mine, by_law=by_law).of(session).is_working(MONDAY)
        assert OfficeCalendar(other, by_law=by_law).of(session).is_working(MONDAY)


def test_a_change_is_undone_and_the_calendar_of_an_earlier_moment_is_known(
    engine: Engine, by_law: WorkCalendar
) -> None:
    organisation = office(engine)
    calendars = OfficeCalendar(organisation, by_law=by_law)
    entered(engine, organisation, OFF, hour=9)
    with write(engine) as session:
        undo(session, organisation, SETTABLES, 1, made=made(11, "quan"))
    with read(engine) as session:
        worked = [calendars.at(session, at(hour)).is_working(MONDAY) for hour in (8, 10, 12)]
        assert worked == [True, False, True]
        assert list_swapped(session, organisation) == ()


def test_a_day_is_taken_back_once(engine: Engine) -> None:
    organisation = office(engine)
    entered(engine, organisation, OFF)
    with write(engine) as session:
        take_back(session, organisation, MONDAY, made=made())
        with pytest.raises(Refused) as refused:
            take_back(session, organisation, MONDAY, made=made())
    assert refused.value.code == "swapped_day_not_own"


@pytest.mark.parametrize(
    ("key", "values", "code"),
    [
        pytest.param("2026-02-30", {}, "day_unreadable", id="no day"),
        pytest.param("20260302", {}, "day_unreadable", id="a day not as keys are written"),
        pytest.param("2026-03-02", {"state": "half"}, "swapped_day_values", id="no state"),
        pytest.param("2026-03-02", {"confirmed": "yes"}, "swapped_day_values", id="no yes or no"),
        pytest.param("2026-03-02", {"more": 1}, "swapped_day_values", id="a field there is not"),
        pytest.param("2026-03-02", {"name": ""}, "swapped_day_nameless", id="no name"),
        pytest.param("2026-03-02", {"name": "x" * 121}, "swapped_day_too_long", id="long name"),
        pytest.param("2026-03-02", {"document": "a\x07b"}, "swapped_day_values", id="a bell"),
        pytest.param("2026-03-02", {"name": "Nghi\u0309"}, "swapped_day_values", id="decomposed"),
    ],
)
def test_what_cannot_be_meant_is_refused_whichever_way_it_comes(
    sqlite_engine: Engine, key: str, values: dict[str, object], code: str
) -> None:
    organisation = office(sqlite_engine)
    wanted = as_values(OFF) | values
    with write(sqlite_engine) as session, pytest.raises(Refused) as refused:
        change(session, organisation, SWAPPED_DAYS, KIND, key, wanted, made=made())
    assert refused.value.code == code


def test_days_are_entered_all_or_none(sqlite_engine: Engine) -> None:
    organisation = office(sqlite_engine)
    twice = SwappedDay(day=MONDAY, worked=False, name="Nữa")
    pointless = SwappedDay(day=SATURDAY, worked=False, name="Nghỉ")
    for wrong, code in ((twice, "swapped_day_twice_named"), (pointless, "swapped_day_weekend")):
        with pytest.raises(Refused) as refused:
            entered(sqlite_engine, organisation, OFF, wrong)
        assert refused.value.code == code
    with read(sqlite_engine) as session:
        assert list_swapped(session, organisation) == ()
