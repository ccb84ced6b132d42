"""``dondoc calendar``: days with their sources, entered, listed, taken back, or refused with the reason."""

from __future__ import annotations

from tests.cli.conftest import Dondoc


def test_a_day_is_entered_listed_with_its_source_and_taken_back(tracked: Dondoc) -> None:
    made = tracked.done(
        "calendar", "set", "14/11/2022", "--name", "Nghỉ bù", "--document", "12/UBND-VX", "--json"
    )
    assert made.json["done"] == "calendar_command_set"
    days = {day["day"]: day for day in tracked.done("calendar", "list", "--year", 2022, "--json").json}
    assert days["2022-11-14"] == {
        "day": "2022-11-14",
        "state": "off",
        "name": "Nghỉ bù",
        "document": "12/UBND-VX",
        "origin": "office",
        "confirmed": True,
    }
    assert days["2022-09-02"]["origin"] == "law"
    assert "Cơ quan nhập" in tracked.done("calendar", "list", "--year", 2022).out
    again = tracked.done("calendar", "set", "14/11/2022", "--name", "Nghỉ bù", "--document", "12/UBND-VX")
    assert "không có gì thay đổi" in again.out
    assert "14/11/2022" in tracked.done("changes", "list", "--kind", "swapped_day").out
    tracked.done("calendar", "unset", "2022-11-14")
    assert "14/11/2022" not in tracked.done("calendar", "list", "--year", 2022).out


def test_a_day_without_a_document_is_in_doubt(tracked: Dondoc) -> None:
    tracked.done("calendar", "set", "19/11/2022", "--worked", "--name", "Làm bù")
    assert "(chưa có văn bản xác nhận)" in tracked.done("calendar", "list", "--year", 2022).out


def test_what_says_nothing_is_refused_and_nothing_is_written(tracked: Dondoc) -> None:
    before = tracked.bytes()
    for typed, said in (
        (("set", "19/11/2022", "--name", "Nghỉ"), "cuối tuần"),
        (("set", "14/11/2022", "--worked", "--name", "Làm"), "đã là ngày làm việc"),
        (("set", "14/11/2099", "--name", "Nghỉ"), "nằm ngoài lịch"),
        (("set", "hôm nay", "--name", "Nghỉ"), "hôm nay"),
        (("unset", "14/11/2022"), "không phải do cơ quan nhập"),
    ):
        refused = tracked("calendar", *typed)
        assert refused.code == 2, typed
        assert said in refused.err
    assert tracked.bytes() == before
