"""``dondoc doctor mail`` as an administrator calls it: real relay, real name server, nothing sent unasked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from storage.settings import FILE_NAME
from tests.notifications.mail_check.cast import Relay, free_port, listening, name_server

if TYPE_CHECKING:
    from tests.cli.conftest import Dondoc

ZONE = {
    ("sct.example.vn", "MX"): ["0 mx.example.vn."],
    ("sct.example.vn", "TXT"): ["v=spf1 ip4:192.0.2.1 -all"],
    ("_dmarc.sct.example.vn", "TXT"): ["v=DMARC1; p=quarantine"],
}


def at_relay(dondoc: Dondoc, port: int, resolver: str, **more: str) -> None:
    told: Mapping[str, object] = {
        "kind": "smtp",
        "sender_address": "dondoc@sct.example.vn",
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "timeout": 2,
        "resolver": resolver,
        **more,
    }
    lines = (
        f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in told.items()
    )
    (dondoc.home / FILE_NAME).write_text("[mail]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def test_a_way_of_mail_that_is_well_is_shown_and_nothing_is_sent(tracked: Dondoc) -> None:
    relay = Relay(offers=("DSN",))
    with listening(relay) as port, name_server(ZONE) as resolver:
        at_relay(tracked, port, resolver)
        before = tracked.bytes()
        said = tracked.done("doctor", "mail")
        found = tracked.done("doctor", "mail", "--json").json
        assert tracked.done("doctor", "--json", "mail").json == found
    assert relay.taken == []
    assert tracked.bytes() == before
    assert f"127.0.0.1, cổng {port}" in said.out
    assert "không có gì cản thư" in said.out
    assert "--send-to" in said.out
    assert found["well"] is True
    assert {one["looked_at"] for one in found["findings"]} >= {"connection", "sender", "mx", "spf", "dmarc"}
    unfit = [one["code"] for one in found["findings"] if one["weight"] != "fine"]
    assert unfit == ["dkim_not_looked_up"]
    assert all(bool(one["to_do"]) is (one["weight"] != "fine") for one in found["findings"])


def test_what_hinders_says_what_to_do_and_ends_with_1(tracked: Dondoc) -> None:
    port = free_port()
    with name_server(ZONE) as resolver:
        at_relay(tracked, port, resolver)
        said = tracked("doctor", "mail")
        english = tracked("doctor", "mail", lang="en")
        told = tracked("doctor", "mail", "--json")
    assert (said.code, english.code, told.code) == (1, 1, 1)
    assert f"từ chối kết nối ở cổng {port}" in said.out
    assert "1 điều cản thư" in said.out
    assert f"127.0.0.1 refuses connections on port {port}" in english.out
    (one,) = (one for one in told.json["findings"] if one["hinders"])
    assert (one["code"], one["values"]) == ("connect_refused", {"host": "127.0.0.1", "port": port})


def test_a_sender_refused_quotes_the_relay(tracked: Dondoc) -> None:
    with listening(Relay(mail={"dondoc": "550 5.7.1 not yours"})) as port, name_server(ZONE) as resolver:
        at_relay(tracked, port, resolver)
        said = tracked("doctor", "mail")
    assert said.code == 1
    assert "dondoc@sct.example.vn: 550 5.7.1 not yours" in re.sub(r"\s+", " ", said.out)


def test_one_test_letter_goes_to_whom_is_named_and_its_answer_is_shown(tracked: Dondoc) -> None:
    relay = Relay()
    with listening(relay) as port, name_server(ZONE) as resolver:
        at_relay(tracked, port, resolver)
        before = tracked.bytes()
        found = tracked.done("doctor", "mail", "--send-to", "thu@example.vn", "--json").json["findings"]
    assert tracked.bytes() == before
    assert len(relay.taken) == 1
    letter = found[-1]
    assert (letter["code"], letter["values"]["answer"]) == ("letter_sent", "250 2.0.0 taken as 42")
    assert f"Message-ID: {letter['values']['message_id']}".encode() in relay.taken[0]
    assert b'To: "thu@example.vn"\r\n <thu@example.vn>' in relay.taken[0]
    assert "RCPT thu@example.vn" in relay.told


def test_an_address_no_letter_can_go_to_is_refused_before_anything_is_asked(tracked: Dondoc) -> None:
    relay = Relay()
    with listening(relay) as port:
        at_relay(tracked, port, "127.0.0.1:9")
        said = tracked("doctor", "mail", "--send-to", "ân@example.vn")
    assert (said.code, "ân@example.vn" in said.err) == (2, True)
    assert relay.told == []


def test_an_office_that_writes_to_a_folder_is_looked_at_too(tracked: Dondoc) -> None:
    found = tracked.done("doctor", "mail", "--json").json["findings"]
    assert [one["looked_at"] for one in found] == ["folder", "addresses"]
    said = tracked.done("doctor", "mail", "--send-to", "thu@example.vn")
    assert "maildir:" in said.out
    assert "Kính gửi" not in said.out
    assert len(list((tracked.home / "mail" / "new").iterdir())) == 1
