"""The letter that tells what was done to an account, as it is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

import notifications
from notifications.account_news import compose_account
from notifications.letter_lines import Addressee
from notifications.letter_words import ACCOUNT_NEWS
from notifications.wording import catalogue
from storage.account_news import BY_OTHERS, Happened
from storage.accounts import Done
from tests.notifications.conftest import Golden

TEMPLATES = Path(notifications.__file__).parent / "templates"
UNTIL = date(2022, 12, 30)
AT = datetime.fromisoformat("2022-11-29T19:30:00+07:00")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_says_what_when_and_by_whom(
    language: str, addressee: Callable[..., Addressee], golden: Golden
) -> None:
    found = [
        Happened(what=what, by=by, at=AT + timedelta(minutes=number), name="trục <b>", until=UNTIL)
        for number, (what, by) in enumerate(zip(ACCOUNT_NEWS, ("chi", "office", *["dung"] * 5), strict=True))
    ]
    letter = compose_account(addressee("chi", language), found, zone=AT.tzinfo)
    golden.check(f"account.{language}.txt", f"Subject: {letter.subject}\n\n{letter.text}")
    assert "http" not in letter.text
    assert "href" not in letter.html
    assert "trục &lt;b&gt;" in letter.html


def test_all_that_can_be_told_has_words() -> None:
    assert {*BY_OTHERS, Done.PASSWORD_SET, "token"} == set(ACCOUNT_NEWS)


def test_every_kind_of_letter_has_a_name_in_the_outbox() -> None:
    kinds = {folder.name for folder in TEMPLATES.iterdir() if not folder.name.startswith("_")}
    assert {f"board_kind_{kind}" for kind in kinds - {"test"}} <= set(catalogue()), "of a test none is kept"
