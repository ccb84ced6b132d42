"""``dondoc people``: absences, hand-over and preferences as a person types them, and what it answers."""

from __future__ import annotations

import pytest

from tests.cli.conftest import NUMBER, Dondoc

DAY = ("--as-of", "2022-11-01")
TASK = f"{NUMBER}/2"


def test_an_absence_is_entered_shown_explained_and_ended(tracked: Dondoc) -> None:
    entered = tracked.done(
        "people", "absent", "huong", "--from", "1/11/2022", "--to", "11/11/2022", "--substitute", "sao", *DAY
    )
    assert "vắng mặt từ 01/11/2022 đến 11/11/2022; người nhận thay: Lý Thị Sao Thử (sao)." in entered.out
    for command in ("open", "remind", "post"):
        tracked.done(command, "--as-of", "2022-11-01")
    told = tracked.done("explain", TASK, *DAY).out
    assert "huong (người nhận thay: sao): đã gửi" in told
    assert "ngày 08/11/2022 bậc -5 sẽ báo Lý Thị Sao Thử" in told
    ((away,)) = tracked.done("people", "absences", "--json", *DAY).json
    assert (away["person"], away["from"], away["to"], away["back_on"]) == (
        "huong",
        "2022-11-01",
        "2022-11-11",
        None,
    )
    assert "vắng mặt từ 01/11/2022" in tracked.done("people", "list", *DAY).out
    back = tracked.done("people", "back", "huong", "--on", "2022-11-07", *DAY)
    assert (
        back.out
        == "Phan Văn Hương Thử (huong) trở lại làm việc từ ngày 07/11/2022 và tự nhận thư từ ngày đó.\n"
    )
    assert "sẽ báo Phan Văn Hương Thử" in tracked.done("explain", TASK, *DAY).out
    assert tracked.done("people", "absences", "--as-of", "2022-11-08").out == (
        "Không ai vắng mặt hoặc sắp vắng mặt.\n"
    )
    assert len(tracked.done("people", "absences", "--all", "--json", "--as-of", "2022-11-08").json) == 1


def test_an_absence_called_off_before_it_began(tracked: Dondoc) -> None:
    tracked.done("people", "absent", "huong", "--from", "14/11/2022", "--to", "18/11/2022", *DAY)
    said = tracked.done("people", "back", "huong", *DAY).out
    assert said.startswith("Đã hủy đợt vắng mặt của Phan Văn Hương Thử (huong) từ 14/11/2022 đến 18/11/2022")


def test_a_substitute_who_is_away_too_is_said(tracked: Dondoc) -> None:
    tracked.done("people", "absent", "sao", "--from", "3/11/2022", "--to", "4/11/2022", *DAY)
    said = tracked.done(
        "people", "absent", "huong", "--from", "1/11/2022", "--to", "4/11/2022", "--substitute", "sao", *DAY
    )
    assert "Lưu ý: Lý Thị Sao Thử (sao) cũng vắng mặt từ 03/11/2022 đến 04/11/2022" in said.out


def test_a_preference_is_kept_shown_and_says_what_cannot_be_switched_off(tracked: Dondoc) -> None:
    said = tracked.done(
        "people", "prefer", "huong", "--hour", "14h30", "--off", "co_owner", "--no-calendar", *DAY
    )
    assert "nhận thư bằng tiếng Việt, từ 14:30." in said.out
    assert "Thư đã tắt: phần việc phối hợp." in said.out
    assert "Thư nghĩa vụ luôn được gửi, không tắt được" in said.out
    assert tracked.done("people", "prefer", "huong", "--on", "co_owner", "--json", *DAY).json == {
        "done": "preferred",
        "person": "huong",
        "hour": "14:30",
        "off": [],
        "calendar": False,
    }
    again = tracked.done("people", "prefer", "huong", "--hour", "any", "--calendar", "--json", *DAY).json
    assert (again["hour"], again["calendar"]) == (None, True)
    before = tracked.bytes()
    tracked.done("people", "prefer", "huong", *DAY)  # asking changes nothing
    assert tracked.bytes() == before


def test_a_co_owner_s_line_switched_off_is_explained(tracked: Dondoc) -> None:
    tracked.done("people", "prefer", "gu", "--off", "co_owner", *DAY)
    assert "TT: Đỗ Thị Gụ Thử đã tắt nhắc phần việc phối hợp" in tracked.done("explain", TASK, *DAY).out
    for command in ("open", "remind", "post"):
        tracked.done(command, "--as-of", "2022-11-11")
    assert "không gửi, người nhận đã tắt loại thư này" in tracked.done("explain", TASK, *DAY).out


def test_a_snooze_is_explained(tracked: Dondoc) -> None:
    tracked.done("task", "snooze", TASK, "--until", "12/11/2022", *DAY)
    said = tracked.done("explain", TASK, *DAY).out
    assert "QLTM: tạm hoãn nhắc đến ngày 12/11/2022" in said
    assert "ngày 14/11/2022 bậc" in said  # the twelfth is a Saturday


def test_handing_over_says_what_moved_and_the_second_time_nothing(tracked: Dondoc) -> None:
    moved = tracked.done(
        "task", "reassign", TASK, "--from", "QLTM", "--to", "QLTM", "--officer", "huong", *DAY
    )
    assert moved.code == 0
    said = tracked.done("people", "hand-over", "huong", "sao", "--document", "12/TB-VP 31/10/2022", *DAY).out
    assert f"  {TASK}\n" in said
    assert "sao là đầu mối của: QLTM." in said
    again = tracked.done("people", "hand-over", "huong", "sao", "--json", *DAY).json
    assert (again["tasks"], again["focal_points"], again["cancelled"]) == ([], [], 0)


REFUSED = {
    "an hour at night": (("prefer", "huong", "--hour", "19:00"), "19:00", "từ 08:00 đến trước 17:00"),
    "no hour": (("prefer", "huong", "--hour", "chiều"), "chiều", "14:00"),
    "a duty letter": (("prefer", "huong", "--off", "owner"), "owner", "welcome, co_owner, summary"),
    "a leader's summary": (("prefer", "truc", "--off", "summary"), "Trúc", "thư nghĩa vụ"),
    "an unknown person": (("prefer", "ai"), "ai", "dondoc units list --people"),
    "a day that is none": (("absent", "huong", "--from", "32/11", "--to", "1/12/2022"), "32/11", ""),
    "an unknown substitute": (
        ("absent", "huong", "--from", "1/11/2022", "--to", "2/11/2022", "--substitute", "ai"),
        "ai",
        "dondoc units list --people",
    ),
    "nobody away": (("back", "huong"), "Hương", "dondoc people absences"),
    "a hand-over to another unit": (("hand-over", "huong", "dau"), "QLCN", "--anyway"),
}


@pytest.mark.parametrize(("typed", "quoted", "way_out"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_quotes_what_was_wrong_and_writes_nothing(
    tracked: Dondoc, typed: tuple[str, ...], quoted: str, way_out: str
) -> None:
    before = tracked.bytes()
    said = tracked("people", *typed, *DAY)
    assert (said.code, said.out) == (2, "")
    assert quoted in said.err
    assert way_out in said.err
    assert tracked("people", *typed, *DAY, lang="en").err.startswith("Not done: ")
    assert tracked.bytes() == before
