"""``dondoc plan set``: sending hours and the ladder by command, through the door that the record shows."""

from __future__ import annotations

from tests.cli.conftest import NUMBER, Dondoc

DAY = ("--as-of", "2022-03-01")


def test_hours_are_set_explained_on_record_and_taken_away(tracked: Dondoc) -> None:
    said = tracked.done("plan", "set", NUMBER, "--hours", "09:00-16:00", *DAY)
    assert "đi từ 09:00 đến trước 16:00" in said.out
    assert "đi từ 09:00 đến trước 16:00" in tracked.done("explain", f"{NUMBER}/4", *DAY).out
    assert "Giờ gửi thư của kế hoạch" in tracked.done("changes", "list").out
    told = tracked.done("plan", "set", NUMBER, "--hours", "none", "--reset-ladder", *DAY, "--json").json
    assert told == [
        {"done": "plan_hours_office", "number": NUMBER},
        {"done": "plan_ladder_reset", "number": NUMBER},
    ]
    assert "09:00" not in tracked.done("explain", f"{NUMBER}/4", *DAY).out


def test_hours_that_cannot_be_are_refused_with_what_would_be_right(tracked: Dondoc) -> None:
    for typed, words in (
        ("sáng", "hãy ghi như 09:00-16:00"),
        ("16:00-09:00", "giờ bắt đầu phải trước giờ kết thúc"),
        ("05:00-09:00", "hãy chọn trong khoảng 08:00 đến 17:00"),
    ):
        said = tracked("plan", "set", NUMBER, "--hours", typed, *DAY)
        assert said.code == 2
        assert words in said.err
    assert tracked("plan", "set", NUMBER).code == 2
