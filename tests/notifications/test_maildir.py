"""A maildir any mail program opens, in which a letter lies once however often it is delivered."""

from __future__ import annotations

import asyncio
import mailbox
from pathlib import Path

import pytest

from notifications.deliver import Envelope, Outcome
from notifications.maildir import MaildirMailer, file_name
from notifications.mime import new_message_id

ID = new_message_id(("digest", "an", "2022-11-30"), "sct.example.vn")


def envelope(message_id: str = ID, data: bytes = b"Subject: x\r\n\r\nChao\r\n") -> Envelope:
    return Envelope(
        message_id=message_id, sender="dondoc@sct.example.vn", recipient="an@example.vn", data=data
    )


def delivered(folder: Path, *envelopes: Envelope) -> list[Outcome]:
    async def run() -> list[Outcome]:
        async with MaildirMailer(folder) as mailer:
            return list(await asyncio.gather(*map(mailer.deliver, envelopes)))

    return asyncio.run(run())


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_letter_lies_in_new_with_its_bytes(tmp_path: Path) -> None:
    (outcome,) = delivered(tmp_path / "thu", envelope())
    assert outcome.state == "sent"
    assert files(tmp_path / "thu") == [f"new/{file_name(ID)}"]
    assert (tmp_path / "thu" / "new" / file_name(ID)).read_bytes() == envelope().data


def test_a_mail_program_reads_it(tmp_path: Path) -> None:
    delivered(tmp_path / "thu", envelope())
    box = mailbox.Maildir(tmp_path / "thu", create=False)
    assert [message["Subject"] for message in box] == ["x"]


def test_delivered_twice_it_is_one_file(tmp_path: Path) -> None:
    outcomes = delivered(tmp_path, envelope(), envelope()) + delivered(tmp_path, envelope())
    assert {outcome.state for outcome in outcomes} == {"sent"}
    assert files(tmp_path) == [f"new/{file_name(ID)}"]


def test_a_letter_already_read_does_not_come_back(tmp_path: Path) -> None:
    delivered(tmp_path, envelope())
    (tmp_path / "new" / file_name(ID)).rename(tmp_path / "cur" / f"{file_name(ID)}:2,S")
    delivered(tmp_path, envelope())
    assert files(tmp_path) == [f"cur/{file_name(ID)}:2,S"]


def test_different_letters_are_different_files(tmp_path: Path) -> None:
    delivered(tmp_path, envelope(), envelope("<other@sct.example.vn>"))
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize(
    "message_id",
    [
        pytest.param("<../../etc/passwd@x.vn>", id="a path"),
        pytest.param("<a\n@x.vn>", id="a line break"),
        pytest.param("", id="nothing"),
        pytest.param("<.hidden@x.vn>", id="a hidden file"),
    ],
)
def test_an_odd_identifier_never_leaves_the_folder(tmp_path: Path, message_id: str) -> None:
    delivered(tmp_path / "thu", envelope(message_id))
    assert [Path(name).parent.name for name in files(tmp_path)] == ["new"]


def test_a_folder_that_cannot_be_written_defers_the_letter(tmp_path: Path) -> None:
    (tmp_path / "thu").write_text("a file stands in the way", encoding="utf-8")
    (outcome,) = delivered(tmp_path / "thu", envelope())
    assert outcome.state == "deferred"
    assert outcome.of_relay
