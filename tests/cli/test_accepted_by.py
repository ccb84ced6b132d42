"""Whose word accepts reports: set when a plan is imported or later, and asked for from then on."""

from __future__ import annotations

from tests.cli.conftest import NUMBER, PLANS, Dondoc

DAY = ("--as-of", "2022-01-20")
LATER = ("--as-of", "2022-03-03")


def started(empty: Dondoc, *options: str) -> None:
    empty.done("init", "--simulated")
    empty.done(
        "plan",
        "import",
        PLANS / "cchc-2022.docx",
        "--number",
        NUMBER,
        "--issued",
        "14/01/2022",
        *options,
        *DAY,
    )
    empty.done("plan", "activate", NUMBER, *DAY)
    empty.done("task", "report", f"{NUMBER}/2", "--unit", "QLTM", "--evidence", "45/BC", *LATER)


def accept(empty: Dondoc, *options: str) -> int:
    said = empty("task", "accept", f"{NUMBER}/2", "--unit", "QLTM", *options, *LATER)
    if said.code:
        assert "kế hoạch này do lãnh đạo xác nhận" in said.err + said.out
    return said.code


def test_the_coordinator_accepts_unless_the_plan_says_otherwise(empty: Dondoc) -> None:
    started(empty)
    assert accept(empty) == 0


def test_a_plan_imported_for_a_leader_s_word_asks_for_the_paper(empty: Dondoc) -> None:
    started(empty, "--accepted-by", "leader")
    assert accept(empty) != 0
    assert accept(empty, "--document", "12/TB-SCT 02/03/2022") == 0
    assert "12/TB-SCT" in empty.done("task", "show", f"{NUMBER}/2").out


def test_it_can_be_changed_and_changed_back(empty: Dondoc) -> None:
    started(empty)
    tallied = empty.done("tally", "--plan", NUMBER, *LATER, "--json").out
    said = empty.done("plan", "set", NUMBER, "--accepted-by", "leader", *LATER)
    assert "từ nay lãnh đạo xác nhận báo cáo" in said.out
    assert empty.done("tally", "--plan", NUMBER, *LATER, "--json").out == tallied, "it counts nothing"
    assert accept(empty) != 0
    again = empty.done("plan", "set", NUMBER, "--accepted-by", "coordinator", *LATER, "--json").json
    assert again == {"done": "plan_accepted_by_coordinator", "number": NUMBER}
    assert accept(empty) == 0


def test_what_is_no_such_word_is_refused(empty: Dondoc) -> None:
    started(empty)
    said = empty("plan", "set", NUMBER, "--accepted-by", "ai đó")
    assert said.code != 0
    assert "“ai đó”" in said.err
    assert "coordinator, leader" in said.err
    assert empty("plan", "set", NUMBER).code != 0
