"""``dondoc inbox``, ``bounces`` and ``answers``: what comes back by mail, taken in and decided by command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import NUMBER, Dondoc
from tests.mail import sample

TASK = f"{NUMBER}/2"
DAY = ("--as-of", "2022-11-01")


@pytest.fixture
def told(tracked: Dondoc) -> Dondoc:
    """The office after the reminders of 01/11/2022 left."""
    for flow in ("open", "remind", "escalate", "post"):
        tracked.done(flow, *DAY)
    return tracked


def letter_of(told: Dondoc) -> tuple[int, str, str]:
    """Return the number, the reader and the Message-ID of one reminder that left."""
    kept = told.done("outbox", "list", "--day", "2022-11-01", "--json").json
    letter = next(each for each in kept if each["kind"] == "digest" and each["state"] == "sent")
    shown = told.done("outbox", "show", letter["id"], "--json").json
    return letter["id"], letter["person"], shown["message_id"]


def file_with(tmp_path: Path, message: bytes) -> Path:
    path = tmp_path / "thu.eml"
    path.write_bytes(message)
    return path


def test_without_a_mailbox_it_says_what_to_do(tracked: Dondoc) -> None:
    assert "đặt mục [inbox]" in tracked.done("inbox", "read").out


def test_a_file_there_is_none_of_is_refused(tracked: Dondoc) -> None:
    said = tracked("inbox", "read", "khong-co.eml")
    assert said.code == 2
    assert "Không có tệp khong-co.eml" in said.err


def test_an_answer_from_a_file_is_shown_and_confirmed(told: Dondoc, tmp_path: Path) -> None:
    _, person, message_id = letter_of(told)
    reader = f"{person}@example.vn"
    file = file_with(tmp_path, sample("reply-done", message_id=message_id, reader=reader))
    assert "1 thư trả lời" in told.done("inbox", "read", file, *DAY).out
    assert "1 thư đã nhận từ trước" in told.done("inbox", "read", file, *DAY).out
    assert file.exists()

    (answer,) = told.done("answers", "--json").json
    assert (answer["state"], answer["kind"], answer["person"]) == ("open", "done", person)
    shown = told.done("answers", "show", 1).out
    assert "báo hoàn thành; văn bản 45/BC-QLTM ngày 26/01/2023" in shown
    assert "từ đúng địa chỉ" in shown
    assert "báo cáo.pdf (application/pdf" in shown
    assert "1 thư trả lời chờ xác nhận" in told("doctor").out

    done = told.done("answers", "confirm", 1, "--task", TASK, "--document", "46/BC-QLTM 01/11/2022", *DAY)
    assert f"Đã ghi nhận thư trả lời số 1 cho nhiệm vụ {TASK}." in done.out
    history = told.done("task", "show", TASK, "--json").json["history"]
    assert (history[-1]["kind"], history[-1]["by"]) == ("report", person)
    assert history[-1]["note"].startswith("theo thư trả lời ngày 01/11/2022, do ")
    again = told("answers", "confirm", 1, *DAY)
    assert again.code == 2
    assert "đã được xử lý" in again.err


def test_an_answer_is_rejected_only_with_its_reason(told: Dondoc, tmp_path: Path) -> None:
    message = b"From: ai@khac.example\nSubject: Hoi\n\nXin chao"
    told.done("inbox", "read", file_with(tmp_path, message), *DAY)
    assert "từ địa chỉ khác, không có trong danh bạ" in told.done("answers").out
    assert "chưa rõ nhiệm vụ" in told.done("answers").out
    assert told("answers", "confirm", 1, "--as", "sai", *DAY).code == 2
    refused = told("answers", "confirm", 1, "--as", "report", *DAY)
    assert refused.code == 2
    assert "--task 383/KH-SCT/12" in refused.err
    assert told("answers", "reject", 1, *DAY).code == 2
    told.done("answers", "reject", 1, "--note", "Không liên quan", *DAY)
    assert told.done("answers", "--json").json == []
    (answer,) = told.done("answers", "list", "--all", "--json").json
    assert answer["state"] == "rejected"


def test_an_answer_with_nothing_to_record_is_set_aside(told: Dondoc, tmp_path: Path) -> None:
    told.done("inbox", "read", file_with(tmp_path, b"From: ai@khac.example\n\nCam on"), *DAY)
    told.done("answers", "ignore", 1, *DAY)
    assert told.done("answers", "list", "--all", "--json").json[0]["state"] == "ignored"


def test_an_unsigned_bounce_is_shown_with_its_letter_and_clears_nothing(told: Dondoc, tmp_path: Path) -> None:
    number, person, message_id = letter_of(told)
    bounce = sample("postfix-no-such-user", message_id=message_id, reader=f"{person}@example.vn")
    told.done("inbox", "read", file_with(tmp_path, bounce), *DAY)
    listed = told.done("bounces", "--json").json
    assert listed["unreachable"] == []
    assert [(each["verdict"], each["letter"]) for each in listed["bounces"]] == [("unsigned", number)]
    assert "không có chữ ký của thư: chỉ ghi nhận" in told.done("bounces").out
    assert "mã 5.1.1" in told.done("outbox", "show", number).out
    assert "User unknown" in told.done("outbox", "show", number).out
    refused = told("bounces", "clear", person, *DAY)
    assert refused.code == 2
    assert "không bị ghi là hỏng" in refused.err


def test_a_signed_bounce_is_named_by_doctor_and_cleared_by_hand(told: Dondoc, tmp_path: Path) -> None:
    from notifications.signing import return_path
    from storage.secret import keys_of

    number, person, message_id = letter_of(told)
    (told.home / "dondoc.toml").write_text(
        '[mail]\nreturn_address = "tra-lai@example.vn"\n', encoding="utf-8"
    )
    path = return_path("tra-lai@example.vn", number, keys_of(told.home))
    bounce = sample("postfix-no-such-user", path=path, message_id=message_id, reader=f"{person}@example.vn")
    told.done("inbox", "read", file_with(tmp_path, bounce), *DAY)
    doctor = told("doctor")
    assert doctor.code == 1
    assert f"dondoc bounces clear {person}" in doctor.out
    row = told.done("outbox", "show", number).out
    assert "địa chỉ không tồn tại, mã 5.1.1" in row
    told.done("bounces", "clear", person, *DAY)
    assert f"bounces clear {person}" not in told("doctor").out


def test_what_could_not_be_read_is_listed_with_its_reason(told: Dondoc, tmp_path: Path) -> None:
    deep = b"Content-Type: message/rfc822\n\n" * 3000
    told.done("inbox", "read", file_with(tmp_path, deep), *DAY)
    (parked,) = told.done("inbox", "list", "--kind", "parked", "--json").json
    assert (parked["subject"], parked["why"]) == ("thu.eml", "Thư lồng quá nhiều lớp; không đọc.")
    assert "Thư lồng quá nhiều lớp" in told.done("inbox", "list").out
    assert "1 thư đến không đọc được" in told("doctor").out
