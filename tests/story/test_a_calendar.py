"""What a reader's own calendar holds after each letter: dates move, work ends, nothing stays for nothing."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage

from notifications.calendar_feed import CANCELLED_FILE, PUBLISHED_FILE
from storage.engine import read
from storage.schema import PublishedEvent
from tasks_catalog.facts import ClosingKind
from tests.calendars import Entry, Read, read_calendar
from tests.flows.cast import ISSUED, NUMBER, PAPER, PLAN, Department, Mail

MARKETS = "\n".join(PLAN.splitlines()[:2])
TASK = f"{NUMBER}/1"
TWO = "\n".join(
    (
        MARKETS.replace("Thanh tra Sở", ""),
        "Thể chế,2,Rà soát quy hoạch chợ,Báo cáo,Phòng Quản lý thương mại,,Trước ngày 31/03/2023",
    )
)
"""Both are Hương's: by 27/01 and by 31/03."""


def files_of(mail: Mail) -> dict[str, Read]:
    """The calendars of a letter by their names, each with its type as its own method says."""
    found = {}
    for part in mail.raw.iter_attachments():
        assert isinstance(part, EmailMessage)
        if part.get_content_type() != "text/calendar":
            continue
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        calendar = read_calendar(data, in_letter=True)
        assert part.get_content_disposition() == "attachment"
        assert part.get_param("method") == calendar.head["METHOD"]
        assert part.get_param("component") == "VEVENT"
        assert part.get_content_charset() == "utf-8"
        found[str(part.get_filename())] = calendar
    return found


def put_in(mail: Mail) -> tuple[Entry, ...]:
    """What a letter puts in: nothing where every line of it is overdue."""
    files = files_of(mail)
    return files[PUBLISHED_FILE].entries if PUBLISHED_FILE in files else ()


def taken_out(mail: Mail) -> list[Entry]:
    return [calendar.only for name, calendar in files_of(mail).items() if name != PUBLISHED_FILE]


def calendar_of(found: dict[date, dict[str, Mail]], reader: str) -> dict[str, tuple[str, int]]:
    """What the reader's calendar holds once every letter was opened: identity -> summary and sequence."""
    held: dict[str, tuple[str, int]] = {}
    for letters in found.values():
        for name, calendar in files_of(letters[reader]).items() if reader in letters else ():
            for entry in calendar.entries:
                if name == PUBLISHED_FILE:
                    held[entry.uid] = (entry.summary, entry.sequence)
                else:
                    assert entry.sequence > held.pop(entry.uid)[1]
    return held


def test_the_owner_gets_the_day_and_those_who_urge_do_not(any_department: Department) -> None:
    any_department.start(MARKETS)
    found = any_department.mornings(ISSUED, date(2023, 2, 10))
    (first, *later) = [letters["huong"] for letters in found.values() if "huong" in letters]
    (entry,) = put_in(first)
    assert (entry.due, entry.sequence) == (date(2023, 1, 27), 0)
    assert entry.summary == "Hạn: Quy định đấu thầu chợ (Phòng Quản lý thương mại)"
    assert f"Tệp {PUBLISHED_FILE} kèm theo" in first.text
    assert all((now.uid, now.sequence) == (entry.uid, 0) for mail in later for now in put_in(mail))
    others = [mail for letters in found.values() for reader, mail in letters.items() if reader != "huong"]
    assert len(others) >= 5
    assert not any(files_of(mail) for mail in others)


def test_more_time_moves_the_same_event(department: Department) -> None:
    department.start(MARKETS.replace("Thanh tra Sở", ""))
    first = department.mornings(date(2023, 1, 13), date(2023, 1, 16))
    with department.desk(date(2023, 1, 17), "truc", document=PAPER) as desk:
        desk.grant_extension(TASK, "QLTM", to=date(2023, 2, 24))
    then = department.mornings(date(2023, 2, 9), date(2023, 2, 10))
    (before,), (after,) = put_in(first[date(2023, 1, 13)]["huong"]), put_in(then[date(2023, 2, 10)]["huong"])
    assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)
    assert (before.due, after.due) == (date(2023, 1, 27), date(2023, 2, 24))
    assert "Thời hạn ban đầu: 27/01/2023." in after.description


def test_what_was_closed_is_taken_out_once_with_the_next_letter_and_no_letter_is_written_for_it(
    any_department: Department,
) -> None:
    any_department.start(TWO)
    before = any_department.mornings(date(2023, 1, 13), date(2023, 1, 16))
    (entry,) = put_in(before[date(2023, 1, 13)]["huong"])
    with any_department.desk(date(2023, 1, 16), "truc", document=PAPER) as desk:
        desk.close(TASK, ClosingKind.STOPPED)
    assert any_department.mornings(date(2023, 1, 17), date(2023, 1, 30)) == {}
    after = any_department.mornings(date(2023, 3, 17), date(2023, 3, 31))
    letters = [day["huong"] for day in after.values() if "huong" in day]
    assert len(letters) > 2
    (gone,) = taken_out(letters[0])
    assert (gone.uid, gone.sequence) == (entry.uid, entry.sequence + 1)
    assert (gone.summary, gone.lines["STATUS"]) == (entry.summary, "CANCELLED")
    assert f"Tệp {CANCELLED_FILE} để xóa" in letters[0].text
    assert [taken_out(mail) for mail in letters[1:]] == [[]] * len(letters[1:])


def test_who_was_given_the_work_has_it_and_who_had_it_has_it_no_more_even_there_and_back(
    department: Department,
) -> None:
    department.start(TWO)
    found = department.mornings(date(2023, 1, 13), date(2023, 1, 16))
    with department.desk(date(2023, 1, 16), "sao") as desk:
        desk.reassign(TASK, from_unit="QLTM", to_unit="QLTM", officer="sao")
    found |= department.mornings(date(2023, 1, 17), date(2023, 1, 30))
    assert "Quy định đấu thầu chợ" in next(iter(calendar_of(found, "sao").values()))[0]
    found |= department.mornings(date(2023, 1, 31), date(2023, 3, 17))
    held = calendar_of(found, "huong")
    assert [summary for summary, _ in held.values()] == [
        "Hạn: Rà soát quy hoạch chợ (Phòng Quản lý thương mại)"
    ]
    with department.desk(date(2023, 3, 17), "sao") as desk:
        desk.reassign(TASK, from_unit="QLTM", to_unit="QLTM", officer="huong")
        desk.report(f"{NUMBER}/2", "QLTM")
    with department.desk(date(2023, 3, 20), "truc", document=PAPER) as desk:
        desk.grant_extension(TASK, "QLTM", to=date(2023, 4, 14))
    found |= department.mornings(date(2023, 3, 20), date(2023, 4, 14))
    ((summary, sequence),) = calendar_of(found, "huong").values()
    assert "Quy định đấu thầu chợ" in summary
    assert sequence == 2  # put in with 0, taken out with 1


def test_a_period_sheet_is_one_event_that_goes_when_all_of_it_is_reported(department: Department) -> None:
    two_sheets = PLAN.splitlines()[0:1] + [PLAN.splitlines()[3]] * 2
    department.start("\n".join(two_sheets))
    found = department.mornings(date(2023, 2, 27), date(2023, 3, 1))
    (entry,) = put_in(found[date(2023, 2, 28)]["huong"])
    assert entry.summary == "Hạn phiếu kỳ quý I năm 2023 (Phòng Quản lý thương mại)"
    assert entry.due == date(2023, 3, 14)
    department.report(1, "QLTM", date(2023, 3, 1), occurrence="2023-03-14")
    found = department.mornings(date(2023, 3, 10), date(2023, 3, 13))
    (still,) = put_in(found[date(2023, 3, 10)]["huong"])
    assert still.uid == entry.uid
    department.report(2, "QLTM", date(2023, 3, 13), occurrence="2023-03-14")
    found = department.mornings(date(2023, 3, 14), date(2023, 6, 14))
    first = next(day["huong"] for day in found.values() if "huong" in day)
    assert [gone.uid for gone in taken_out(first)] == [entry.uid]
    assert {now.due for now in put_in(first)} == {date(2023, 6, 14)}


def test_a_letter_that_did_not_leave_put_nothing_into_a_calendar(department: Department) -> None:
    department.start(MARKETS)
    department.notices(date(2023, 1, 13))
    with read(department.office.engine) as session:
        assert session.query(PublishedEvent).count() == 0
    department.post(date(2023, 1, 13))
    with read(department.office.engine) as session:
        (kept,) = session.query(PublishedEvent).all()
    assert (kept.person, kept.method, kept.sequence) == ("huong", "PUBLISH", 0)
    assert kept.letter_id == department.letters("sent")[0].id
