"""The whole look at mail: its order, its sentences, folders, addresses, and the one test letter."""

from __future__ import annotations

import ast
import asyncio
import email
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from notifications.deliver import MailSettings, MailSettingsRefused
from notifications.letter import Addressee
from notifications.links import Links
from notifications.mail_check import check
from notifications.mail_check.check import TrialLetter, addresses_finding, check_mail, send_test
from notifications.mail_check.finding import KNOWN, SUBJECTS, Weight, found
from notifications.mail_check.folder import check_folder
from notifications.occasions import TrialFacts, compose_test
from notifications.wording import catalogue
from tasks_catalog.people import Person
from tests.notifications.mail_check.cast import NOW, SENDER, Relay, listening, name_server, settings

if TYPE_CHECKING:
    from tests.notifications.conftest import Golden

AT = datetime(2026, 11, 20, 9, 5, tzinfo=timezone(timedelta(hours=7)))
To = Callable[..., Addressee]


def person(name: str, address: str, **more: object) -> Person:
    return Person(code=address, name=name, email=address, unit="VP", **more)  # type: ignore[arg-type]


def test_every_finding_has_its_sentence_and_whatever_is_not_fine_says_what_to_do() -> None:
    worded = {code.removeprefix("check_") for code in catalogue() if code.startswith("check_")}
    to_do = {f"{code}_do" for code, known in KNOWN.items() if known.weight is not Weight.FINE}
    assert worded == set(KNOWN) | to_do
    assert {f"looked_at_{subject}" for subject in SUBJECTS} <= set(catalogue())
    assert {f"weight_{weight}" for weight in Weight} <= set(catalogue())


def test_every_code_of_the_table_is_found_somewhere_in_the_checks() -> None:
    files = [file for file in sorted(Path(check.__file__).parent.glob("*.py")) if file.stem != "finding"]
    named = {
        str(node.value)
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    extensions = {code for code, known in KNOWN.items() if known.looked_at == "extensions"}
    assert set(KNOWN) - extensions <= named


def test_relay_directory_and_domain_come_in_this_order() -> None:
    zone = {("sct.example.vn", "MX"): ["0 mx.example.vn."], ("sct.example.vn", "TXT"): ["v=spf1 mx -all"]}
    people = [person("Chi", "chi@sct.example.vn")]
    with listening(Relay()) as port, name_server(zone) as resolver:
        how = settings(port, resolver=resolver)
        looked = asyncio.run(check_mail(how, people, recipient=people[0].email, now=NOW))
    subjects = list(dict.fromkeys(one.looked_at for one in looked))
    assert subjects == [subject for subject in SUBJECTS if subject in subjects]
    assert {"connection", "sender", "size", "addresses", "mx", "spf", "dkim", "dmarc"} <= set(subjects)


def test_addresses_no_letter_can_be_sent_to_are_named() -> None:
    people = [
        person("Chi", "chi@example.vn"),
        person("Ân", "ân@example.vn"),
        person("Lộc", "lộc@example.vn", active=False),
    ]
    assert addresses_finding(people) == found("addresses_beyond_ascii", people="Ân (ân@example.vn)")
    assert addresses_finding(people[:1]) == found("addresses_plain", count=1)


# The folder


def test_a_folder_that_is_there_and_one_that_can_be_made(tmp_path: Path) -> None:
    assert check_folder(tmp_path).code == "folder_ready"
    assert check_folder(tmp_path / "a" / "b").code == "folder_new"
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("x")
    for place in (tmp_path / "mail", tmp_path / "mail" / "below"):
        looked = check_folder(place)
        assert (looked.code, looked.params["place"]) == ("folder_no_folder", tmp_path / "mail")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a place where not even root may write: /proc")
def test_a_folder_nobody_may_write_to() -> None:
    looked = check_folder(Path("/proc/dondoc-mail"))
    assert (looked.code, looked.hinders) == ("folder_closed", True)


def test_a_disk_too_full_for_letters(tmp_path: Path) -> None:
    looked = check_folder(tmp_path, least_free=2**60)
    assert (looked.code, looked.hinders) == ("folder_full", True)


# The test letter


def trial(addressee: Addressee) -> TrialLetter:
    return TrialLetter(addressee=addressee, at=AT, links=Links("https://dondoc.example.vn"))


def test_the_test_letter_goes_through_the_mailer_and_tells_its_way(addressee: To) -> None:
    relay = Relay()
    with listening(relay) as port:
        sent = asyncio.run(send_test(settings(port), trial(addressee("chi"))))
        way = f"127.0.0.1:{port}"
    assert (sent.code, sent.params["answer"]) == ("letter_sent", "250 2.0.0 taken as 42")
    message = email.message_from_bytes(relay.taken[0], policy=default)
    assert message["Message-ID"] == sent.params["message_id"]
    assert (message["To"].addresses[0].addr_spec, message["Auto-Submitted"]) == (
        "chi@example.vn",
        "auto-generated",
    )
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert way in text
    assert SENDER in text
    assert str(sent.params["message_id"]) in text


def test_two_test_letters_are_two(addressee: To, tmp_path: Path) -> None:
    how = MailSettings(kind="maildir", sender_address=SENDER, folder=tmp_path)
    later = TrialLetter(addressee=addressee("chi"), at=AT + timedelta(seconds=1), links=Links())
    first, second = (asyncio.run(send_test(how, one)) for one in (trial(addressee("chi")), later))
    assert first.params["message_id"] != second.params["message_id"]
    assert len(list((tmp_path / "new").iterdir())) == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param("550 5.1.1 nobody", "letter_dead", id="refused"),
        pytest.param("450 4.2.1 busy", "letter_deferred", id="put off"),
    ],
)
def test_a_test_letter_not_taken_hinders(answer: str, code: str, addressee: To) -> None:
    relay = Relay(rcpt={"chi": answer})
    with listening(relay) as port:
        told = asyncio.run(send_test(settings(port), trial(addressee("chi"))))
    assert (told.code, told.hinders, told.params["answer"]) == (code, True, answer)
    assert relay.taken == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_test_letter_reads_well(language: str, addressee: To, golden: Golden) -> None:
    facts = TrialFacts(
        at=AT,
        way="smtp.example.vn:587",
        sender=SENDER,
        message_id="<0123456789abcdef0123456789abcdef@sct.example.vn>",
    )
    letter = compose_test(addressee("chi", language), facts, links=Links())
    golden.check(f"test.{language}.txt", f"Subject: {letter.subject}\n\n{letter.text}")
    golden.check(f"test.{language}.html", letter.html)
    assert "09:05" in letter.subject


# Settings


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param({"resolver": "dns.example.vn"}, "mail_resolver_wrong", id="a resolver by name"),
        pytest.param({"resolver": "10.0.0.2:0"}, "mail_resolver_wrong", id="port 0"),
        pytest.param({"resolver": "10.0.0.2:x"}, "mail_resolver_wrong", id="no port"),
        pytest.param({"dkim_selector": "a b"}, "mail_selector_wrong", id="a selector with a space"),
        pytest.param({"dkim_selector": "m1._domainkey..x"}, "mail_selector_wrong", id="an empty label"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(more: dict[str, object], code: str) -> None:
    with pytest.raises(MailSettingsRefused) as refused:
        settings(25, **more)
    assert refused.value.code == code
