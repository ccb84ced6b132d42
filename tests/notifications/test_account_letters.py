"""The letter that lets its reader set a password, as it is read; and the tokens of links and sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from notifications.account_letters import PasswordFacts, compose_password
from notifications.account_tokens import (
    LinkToken,
    new_token,
    read_account_link,
    read_session,
    sign_account_link,
    sign_session,
)
from notifications.letter_lines import Addressee
from notifications.links import Links
from storage.one_time_links import Cause
from tests.notifications.conftest import Golden

To = Callable[..., Addressee]

KEYS = ("mot-khoa-bi-mat-du-dai-de-ky-lien-ket", "khoa-cu-van-con-duoc-tin-trong-mot-thang")
FACTS = PasswordFacts(
    cause=Cause.RESET,
    by="Trần Văn Dũng",
    asked=datetime.fromisoformat("2022-11-29T19:30:00+07:00"),
    until=datetime.fromisoformat("2022-12-01T08:00:00+07:00"),
)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("cause", [Cause.RESET, Cause.INVITED])
def test_the_letter_says_what_it_is_for_and_what_to_do_if_one_did_not_ask(
    language: str, cause: Cause, addressee: To, golden: Golden
) -> None:
    facts = PasswordFacts(cause=cause, by=FACTS.by, asked=FACTS.asked, until=FACTS.until)
    letter = compose_password(
        addressee("chi", language), facts, links=Links("https://dondoc.example.vn", mark="dau")
    )
    golden.check(f"password-{cause}.{language}.txt", f"Subject: {letter.subject}\n\n{letter.text}")
    if cause is Cause.RESET:
        golden.check(f"password-{cause}.{language}.html", letter.html)
    assert "https://dondoc.example.vn/sign-in/link/dau.w.0" in letter.text
    assert "https://dondoc.example.vn/sign-in/link/dau.w.0" in letter.html


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda token: token[:-1], id="cut short"),
        pytest.param(lambda token: "9" + token, id="another number"),
        pytest.param(lambda token: token.replace(".", "", 1), id="without a part"),
        pytest.param(lambda token: "", id="nothing"),
        pytest.param(lambda token: "ă" * 40, id="not of ASCII"),
        pytest.param(lambda token: token * 9, id="very long"),
    ],
)
def test_a_spoilt_token_names_no_link(spoil: Callable[[str], str]) -> None:
    assert read_account_link(spoil(sign_account_link(LinkToken(7, 1_669_700_000_000), KEYS)), KEYS) is None


def test_tokens_are_of_one_use_and_of_the_keys_that_are_believed() -> None:
    link, token = LinkToken(7, 1_669_700_000_000), new_token()
    assert read_account_link(sign_account_link(link, KEYS[1:]), KEYS) == link
    assert read_account_link(sign_account_link(link, KEYS), KEYS[1:]) is None
    assert read_session(sign_session(token, KEYS), KEYS) == token
    assert read_session(sign_session(token, KEYS), ()) is None
    assert read_session(sign_account_link(link, KEYS), KEYS) is None
    assert read_account_link(sign_session(token, KEYS), KEYS) is None
    assert len({new_token() for _ in range(100)}) == 100
    assert len(token) == 43
