"""What is foreseen is what comes: the letters of the days ahead against the mornings that follow."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from flows.office import OpenOffice
from notifications.comparing import Change, Comparison, compared
from notifications.outlook import OfficeAhead, office_ahead
from storage import ledger, tasks
from storage.engine import read, write
from storage.office_journal import Made
from storage.people import load_directory
from storage.plan_policy import set_hours, set_ladder
from tasks_catalog.audience import Audience
from tasks_catalog.ladder import DEFAULT_LADDER, Ladder
from tasks_catalog.ladder_rules import RungWritten, ladder_of, written
from tasks_catalog.preference import Preference
from tasks_catalog.sending_hours import Hours
from tests.flows.cast import ISSUED, NUMBER, Department, days, moment

NOW = date(2023, 2, 15)
OWN: Ladder = ladder_of(
    written(DEFAULT_LADDER.dated),
    [
        RungWritten(offset=-12, audience=(Audience.OWNER, Audience.HEAD)),
        RungWritten(offset=-2, audience=(Audience.OWNER,)),
        RungWritten(offset=4, audience=(Audience.COORDINATOR,)),
    ],
)


def ahead_of(office: OpenOffice, now: date, count: int, hour: int = 7) -> OfficeAhead:
    at = office.moment_of(datetime.combine(now, time(hour)), time(hour))
    with read(office.engine) as session:
        return office_ahead(
            session,
            office.organisation_id,
            load_directory(session, office.organisation_id),
            office.calendar,
            sending=office.sending,
            now=at,
            count=count,
        )


def begun(department: Department) -> Department:
    """The first weeks go by without mail, and are made good in one morning; then nobody does anything."""
    department.start(on=ISSUED)
    department.notices(NOW - timedelta(days=1))
    department.post(NOW - timedelta(days=1))
    return department


def told(department: Department, first: date, last: date) -> Counter[tuple[date, str, str]]:
    """Run the mornings of a span; return who was told of which task on which day."""
    for day in days(first, last):
        if department.office.calendar.is_working(day):
            department.notices(day)
            department.post(day)
    letters = {
        letter.id: (letter.day, letter.person)
        for letter in department.letters("sent")
        if letter.kind == "digest"
    }
    found: Counter[tuple[date, str, str]] = Counter()
    with read(department.office.engine) as session:
        for letter, (day, person) in letters.items():
            if first <= day <= last:
                found.update((day, person, entry.task_id) for entry in ledger.of_letter(session, letter))
    return found


def foreseen(ahead: OfficeAhead) -> Counter[tuple[date, str, str]]:
    return Counter(
        (letter.day, letter.reader, line.task.id) for letter in ahead.letters() for line in letter.lines
    )


def test_the_letters_foreseen_are_those_that_come(department: Department) -> None:
    begun(department)
    department.absent("dau", date(2023, 3, 1), date(2023, 3, 31), "sua", on=moment(NOW, 6))
    ahead = ahead_of(department.office, NOW, 30)
    assert len(ahead.days) == 30
    assert ahead.days[-1] >= date(2023, 3, 28), "beyond a cut-off, on which a new period opens"
    expected = foreseen(ahead)
    assert expected
    assert told(department, NOW, ahead.days[-1]) == expected


def test_looking_ahead_writes_nothing(department: Department) -> None:
    begun(department)
    before = department.dump()
    ahead = ahead_of(department.office, NOW, 30)
    ahead.letters(ladder=(next(iter(ahead.open_lines)), NOW, OWN))
    assert department.dump() == before


def test_a_ladder_bites_on_what_opens_and_leaves_what_is_open(department: Department) -> None:
    begun(department)
    ahead = ahead_of(department.office, NOW, 80)
    plan = next(iter(ahead.open_lines))
    since = NOW + timedelta(days=1)
    found: Comparison = compared(ahead.days, ahead.letters(), ahead.letters(ladder=(plan, since, OWN)))
    first_opening = date(2023, 3, 14)
    assert found.changes
    assert {change.line.share.epoch_began for change in found.changes} == {first_opening}
    assert {kind for kind in Change if found.number(kind)} >= {Change.ADDED, Change.MOVED}
    with write(department.office.engine) as session:
        made = Made(by="truc", at=department.office.moment_of(moment(NOW, 7), time(7)))
        set_ladder(session, department.office.organisation_id, NUMBER, OWN, made=made)
        row = tasks.plan_or_refuse(session, department.office.organisation_id, NUMBER)
        kept = tasks.ladders_of(session, row)
    assert kept == ((since, OWN),)
    assert ahead_of(department.office, NOW, 80).letters() == found.after, "what was shown is what was set"


def test_hours_move_letters_and_change_no_line(department: Department) -> None:
    begun(department)
    department.prefer("truc", Preference(hour=time(16, 30)), on=moment(NOW, 6))
    ahead = ahead_of(department.office, NOW, 30)
    plan = next(iter(ahead.open_lines))
    nine = Hours(first=time(9), until=time(16))
    found = compared(ahead.days, ahead.letters(), ahead.letters(hours={plan: nine}))
    moved = {change.reader: change for change in found.changes}
    assert {change.kind for change in found.changes} == {Change.MOVED}
    assert len(found.changes) == sum(len(letter.lines) for letter in found.before)
    assert moved["truc"].before is not None
    assert moved["truc"].after is not None
    assert (moved["truc"].before.hour, moved["truc"].after.hour) == (time(16, 30), time(9)), "void at 16:30"
    office = department.office
    with write(office.engine) as session:
        made = Made(by="truc", at=office.moment_of(moment(NOW, 7), time(7)))
        set_hours(session, office.organisation_id, NUMBER, nine, office=office.sending, made=made)
    assert ahead_of(office, NOW, 30).letters() == found.after


def test_what_came_too_late_for_today_is_foreseen_for_tomorrow(department: Department) -> None:
    begun(department)
    late = ahead_of(department.office, NOW, 5, hour=18)
    assert late.days[0] == date(2023, 2, 16)
    department.notices(NOW)
    department.post(NOW)
    again = ahead_of(department.office, NOW, 5, hour=9)
    had = {letter.person for letter in department.letters("sent") if letter.day == NOW}
    assert not {letter.reader for letter in again.letters() if letter.day == NOW} & had
