"""Tallying: a day's figures are the same for ever; what the flow UI shows of them is safe and plain."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from flows.showing import artifact_key, escape, overdue_rows, page
from flows.tally import tally_run, tally_work
from storage import tasks
from storage.attempts import Outcome, Who, attempts_of, record
from storage.engine import read, write
from storage.forgetting import KEPT
from storage.reckoning import tally_at
from tasks_catalog.digest import Summary
from tasks_catalog.facts import ClosingKind
from tasks_catalog.progress import as_json
from tasks_catalog.standing import StandingKind
from tests.flows.cast import NUMBER, PAPER, PLAN, Department, example_directory

POISON = "Rà soát | <b>văn bản</b> [xem](http://x.example) *gấp* `rm` # 1"


def bytes_of(department: Department, day: date) -> bytes:
    with read(department.office.engine) as session:
        plan = tasks.plan_or_refuse(session, department.office.organisation_id, NUMBER)
        return json.dumps(as_json(tally_at(session, plan, day)), ensure_ascii=False).encode()


def one_tally(department: Department, day: date) -> Summary:
    (summary,) = tally_work(department.office, day)
    return summary


def test_a_days_tally_is_the_same_bytes_whatever_happens_later(any_department: Department) -> None:
    department = any_department
    department.start()
    department.report(2, "QLCN", date(2023, 2, 1))
    day = date(2023, 2, 10)
    before = bytes_of(department, day)
    department.report(1, "QLTM", date(2023, 2, 13))
    with department.desk(date(2023, 2, 14), "truc", note="Thiếu phụ lục") as desk:
        desk.return_(f"{NUMBER}/2", "QLCN")
    with department.desk(date(2023, 2, 15), "truc", document=PAPER) as desk:
        desk.close(f"{NUMBER}/5", ClosingKind.POSTPONED)
        desk.trigger(f"{NUMBER}/4", due=date(2023, 3, 1))
    department.mornings(date(2023, 2, 27), date(2023, 3, 1))
    assert bytes_of(department, day) == before
    assert bytes_of(department, date(2023, 3, 1)) != before


@pytest.mark.parametrize("day", [date(2023, 1, 3), date(2023, 1, 30), date(2023, 3, 14), date(2023, 12, 31)])
def test_the_standings_sum_to_the_total_in_every_breakdown(department: Department, day: date) -> None:
    department.start()
    department.report(2, "QLCN", date(2023, 1, 12))
    tally = one_tally(department, day)
    assert sum(tally.counts.values()) == tally.total == 6
    assert sum(line.total for line in tally.by_section) == 6
    assert sum(line.done for line in tally.by_section) == tally.done
    assert all(sum(line.counts.values()) == line.total for line in (*tally.by_section, *tally.by_unit))
    assert tally.counts[StandingKind.OVERDUE] == len(tally.overdue)


def test_it_is_the_state_at_the_close_of_the_day(department: Department) -> None:
    department.start()
    department.report(1, "QLTM", date(2023, 1, 27), hour=23)
    assert one_tally(department, date(2023, 1, 26)).done == 0
    assert one_tally(department, date(2023, 1, 27)).done == 1


def test_a_tasks_words_are_data_in_the_page_never_markup(department: Department) -> None:
    department.start(PLAN.replace("Quy định đấu thầu chợ", POISON))
    shown = page(one_tally(department, date(2023, 1, 30)), "http://127.0.0.1:4200")
    assert escape(POISON) == (r"Rà soát \| \<b\>văn bản\</b\> \[xem\](http://x.example) \*gấp\* \`rm\` \# 1")
    (line,) = [line for line in shown.splitlines() if "Rà soát" in line and "văn bản\\</b" in line]
    assert line.replace("\\|", "").count("|") == 4  # three cells: the text broke out of none
    assert "<b>" not in shown
    assert "# 0/6" in shown
    assert "[Mở bảng theo dõi kế hoạch 25/KH-SCT](http://127.0.0.1:4200/" in shown


def test_no_persons_name_and_no_address_stands_in_what_is_shown(department: Department) -> None:
    department.start()
    with department.desk(date(2023, 1, 16), "sao") as desk:
        desk.reassign(f"{NUMBER}/1", from_unit="QLTM", to_unit="QLTM", officer="sao")
    summary = one_tally(department, date(2023, 4, 28))
    shown = page(summary, "") + json.dumps(overdue_rows(summary), ensure_ascii=False)
    assert "Quy định đấu thầu chợ" in shown
    for person in example_directory().people:
        assert person.name not in shown
        assert person.email not in shown


def test_the_overdue_table_begins_with_the_oldest_and_says_so_when_empty(department: Department) -> None:
    department.start()
    rows = overdue_rows(one_tally(department, date(2023, 5, 5)))
    assert [row["Hạn"] for row in rows] == [
        "27/01/2023",
        "14/03/2023",
        "14/03/2023",
        "31/03/2023",
        "28/04/2023",
    ]
    assert rows[0]["Nhiệm vụ"] == "Quy định đấu thầu chợ"
    (empty,) = overdue_rows(one_tally(department, date(2023, 1, 5)))
    assert "Không có nhiệm vụ nào quá hạn." in empty.values()


def test_an_artifact_key_is_what_prefect_takes() -> None:
    assert artifact_key("25/KH-SCT") == "25-kh-sct"
    assert artifact_key("Số 7/KH-UBND (bổ sung)") == "so-7-kh-ubnd-bo-sung"


def test_the_mornings_run_forgets_what_is_over_and_a_look_at_another_day_does_not(
    department: Department,
) -> None:
    office = department.office
    with write(office.engine) as session:
        who = Who(account="a", address="192.0.2.1", person="gu")
        record(
            session, office.organisation_id, who, Outcome.WRONG, at=office.now() - KEPT - timedelta(hours=1)
        )
    for day, kept in ((office.today(), 1), (None, 0)):
        tally_run(office, day)
        with read(office.engine) as session:
            assert len(attempts_of(session, office.organisation_id, "gu")) == kept
