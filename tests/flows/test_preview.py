"""Previewing: the letters a morning would send, word for word, and not a byte kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path

import pytest

from flows.post import compose_letters
from flows.preview import preview_work
from tests.flows.cast import PLAN, Department, Mail, mail_of

MORNING = time(8)
MORNINGS = [
    pytest.param(date(2023, 1, 18), id="reminders of an owner and a helper"),
    pytest.param(date(2023, 1, 30), id="one overdue, after downtime"),
    pytest.param(date(2023, 2, 10), id="the director's, with its draft"),
    pytest.param(date(2023, 2, 28), id="period sheets of eight units"),
    pytest.param(date(2023, 3, 15), id="the day after a cut-off, with the summary"),
]


TOKEN = re.compile(r"/a/[A-Za-z0-9._-]+")
"""What makes a link act: in the letter that leaves only, so a preview shows "…" in its place."""


def told(mail: Mail) -> tuple[str, str, tuple[str, ...], str]:
    return mail.subject, TOKEN.sub("/a/…", mail.text), mail.files, mail.message_id


def whole(mail: Mail) -> tuple[object, ...]:
    """Every header and every part of a letter as it is written, tokens hidden."""
    headers = [(name, str(value)) for name, value in mail.raw.items() if name != "List-Unsubscribe"]
    parts = [
        (part.get_content_type(), part.get_filename(), part.get_content())
        for part in mail.raw.walk()
        if not part.is_multipart()
    ]
    return headers, [
        (kind, name, TOKEN.sub("/a/…", content) if isinstance(content, str) else content)
        for kind, name, content in parts
    ]


def previewed(department: Department, day: date) -> list[Mail]:
    return in_order(mail_of(ready.envelope.data) for ready in preview_work(department.office, day).letters)


def in_order(mails: Iterable[Mail]) -> list[Mail]:
    return sorted(mails, key=lambda mail: (mail.to, mail.message_id))


def files_of(home: Path) -> dict[str, str]:
    """Return a digest of every file but the database's, whose journal files come and go by themselves."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith("dondoc.db")
    }


@pytest.mark.parametrize("day", MORNINGS)
def test_it_shows_what_the_morning_then_sends_and_keeps_nothing(department: Department, day: date) -> None:
    department.start()
    department.mornings(date(2023, 1, 5), date(2023, 1, 6))
    rows, files = department.dump(), files_of(department.office.settings.home)
    shown = previewed(department, day)
    assert department.dump() == rows
    assert files_of(department.office.settings.home) == files
    sent = in_order(department.morning(day).values())
    assert sent
    assert [told(mail) for mail in shown] == [told(mail) for mail in sent]
    assert [whole(mail) for mail in shown] == [whole(mail) for mail in sent]


def test_on_a_rest_day_it_says_why_nothing_would_leave(department: Department) -> None:
    department.start()
    preview = preview_work(department.office, date(2023, 1, 21))
    assert (preview.letters, preview.skipped) == ((), "not_a_working_day")


def test_what_was_reported_is_not_in_it(department: Department) -> None:
    department.start("\n".join(PLAN.splitlines()[:2]))
    department.report(1, "QLTM", date(2023, 1, 17))
    assert previewed(department, date(2023, 1, 18)) == []


def test_it_shows_letters_kept_on_an_earlier_day_with_what_came_since(any_department: Department) -> None:
    department = any_department
    department.start()
    friday, monday = date(2023, 1, 27), date(2023, 1, 30)
    department.notices(friday)
    compose_letters(department.office, department.office.moment_of(friday, MORNING))
    shown = previewed(department, monday)
    assert [mail.to for mail in shown] == ["gu", "huong", "sao"]
    sent = in_order(department.morning(monday).values())
    assert [told(mail) for mail in shown] == [told(mail) for mail in sent]
