"""Where a webhook may lead, what it may be told, and when a message is tried again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import pytest

from tasks_catalog.occurrence import ShareKey
from tasks_catalog.webhooks import (
    LONGEST_ASKED,
    RETRY_MINUTES,
    HookEvent,
    HookRefused,
    address_or_refuse,
    event_id,
    events_or_refuse,
    next_attempt,
    url_or_refuse,
)

NOW = datetime(2026, 3, 1, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "internal", "refused"),
    [
        pytest.param("https://nhan.example.vn/dondoc?k=1", False, None, id="outside, encrypted"),
        pytest.param("http://nhan.example.vn/", False, "webhook_url_not_https", id="outside, in the clear"),
        pytest.param("http://may-chu.noi-bo/", True, None, id="inside by name: judged when it is sent"),
        pytest.param("https://ai:mk@nhan.example.vn/", False, "webhook_url_userinfo", id="a password in it"),
        pytest.param("https://@nhan.example.vn/", False, "webhook_url_userinfo", id="an empty one too"),
        pytest.param("https://127.0.0.1/", False, "webhook_address_internal", id="this machine, unasked"),
        pytest.param("http://127.0.0.1:8000/", True, None, id="this machine, internal"),
        pytest.param("http://[::1]:8000/", True, None, id="this machine by IPv6"),
        pytest.param("http://8.8.8.8/", True, "webhook_url_not_https", id="internal frees nothing outside"),
        pytest.param("https://169.254.169.254/", True, "webhook_address_never", id="metadata, even internal"),
        pytest.param("ftp://nhan.example.vn/", False, "webhook_url_unreadable", id="no web address"),
        pytest.param("https:///nhan", False, "webhook_url_unreadable", id="no host"),
        pytest.param("https://nhan.example.vn/#a", False, "webhook_url_unreadable", id="a fragment"),
        pytest.param("https://nhan.example.vn/a b", False, "webhook_url_unreadable", id="white space"),
        pytest.param("https://nhan.example.vn:0/", False, "webhook_url_unreadable", id="no such port"),
        pytest.param("https://nhan.example.vn:x/", False, "webhook_url_unreadable", id="no port at all"),
        pytest.param("https://nhan.example.vn/" + "a" * 2000, False, "webhook_url_unreadable", id="long"),
    ],
)
def test_an_address_is_judged_as_typed(url: str, internal: bool, refused: str | None) -> None:
    if refused is None:
        assert url_or_refuse(f" {url} ", internal=internal) == url
        return
    with pytest.raises(HookRefused) as raised:
        url_or_refuse(url, internal=internal)
    assert raised.value.code == refused
    assert "mk" not in str(raised.value.params)


@pytest.mark.parametrize(
    ("address", "verdicts"),
    [
        # for: outside encrypted, internal encrypted, internal in the clear
        pytest.param("8.8.8.8", "yes yes https", id="outside"),
        pytest.param("2606:4700::1111", "yes yes https", id="outside by IPv6"),
        pytest.param("127.0.0.1", "internal yes yes", id="loopback"),
        pytest.param("::1", "internal yes yes", id="loopback by IPv6"),
        pytest.param("10.1.2.3", "internal yes yes", id="a private network"),
        pytest.param("192.168.0.9", "internal yes yes", id="another"),
        pytest.param("100.64.3.4", "internal yes yes", id="a carrier's network"),
        pytest.param("fd12::5", "internal yes yes", id="a private network by IPv6"),
        pytest.param("::ffff:10.1.2.3", "internal yes yes", id="IPv4 within IPv6"),
        pytest.param("169.254.169.254", "never never never", id="metadata"),
        pytest.param("::ffff:169.254.169.254", "never never never", id="metadata within IPv6"),
        pytest.param("64:ff9b::a9fe:a9fe", "never never never", id="metadata by NAT64"),
        pytest.param("2002:a9fe:a9fe::1", "never never never", id="metadata by 6to4"),
        pytest.param("fd00:ec2::254", "never never never", id="metadata of a cloud by IPv6"),
        pytest.param("100.100.100.200", "never never never", id="metadata of another"),
        pytest.param("fe80::1", "never never never", id="link-local"),
        pytest.param("fec0::1", "never never never", id="site-local"),
        pytest.param("224.0.0.1", "never never never", id="multicast"),
        pytest.param("ff02::1", "never never never", id="multicast by IPv6"),
        pytest.param("0.0.0.0", "never never never", id="no address"),  # noqa: S104  # refused
        pytest.param("0.1.2.3", "never never never", id="this network"),
        pytest.param("::", "never never never", id="no address by IPv6"),
        pytest.param("255.255.255.255", "never never never", id="broadcast"),
    ],
)
def test_the_very_address_is_judged_when_it_is_called(address: str, verdicts: str) -> None:
    codes = {"never": "webhook_address_never", "internal": "webhook_address_internal"}
    ways = ((False, True), (True, True), (True, False))
    for (internal, encrypted), verdict in zip(ways, verdicts.split(), strict=True):
        if verdict == "yes":
            address_or_refuse(ip_address(address), internal=internal, encrypted=encrypted)
            continue
        with pytest.raises(HookRefused) as raised:
            address_or_refuse(ip_address(address), internal=internal, encrypted=encrypted)
        assert raised.value.code == codes.get(verdict, "webhook_url_not_https")


def test_waits_grow_and_end_after_close_to_three_days() -> None:
    waits = [next_attempt(n, NOW) for n in range(1, len(RETRY_MINUTES) + 1)]
    grown = [at - NOW for at in waits if at is not None]
    assert grown == sorted(grown)
    assert (grown[0], grown[-1]) == (timedelta(minutes=1), timedelta(hours=12))
    assert timedelta(days=2) < sum(grown, timedelta()) < timedelta(days=3)
    assert next_attempt(len(RETRY_MINUTES) + 1, NOW) is None


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        pytest.param(timedelta(minutes=20), timedelta(minutes=20), id="a receiver that asks for time has it"),
        pytest.param(timedelta(seconds=1), timedelta(minutes=1), id="but not less than the wait due"),
        pytest.param(timedelta(days=400), LONGEST_ASKED, id="nor for ever"),
    ],
)
def test_a_receiver_may_ask_to_be_left_alone(asked: timedelta, wait: timedelta) -> None:
    assert next_attempt(1, NOW, asked) == NOW + wait


def test_a_message_has_one_id_for_its_share_and_epoch_and_no_other_has_it() -> None:
    key, issued = ShareKey("383/KH-SCT/1", "2022-09-30", "TT"), date(2022, 1, 15)
    first = event_id(HookEvent.DONE, key, 1, issued)
    assert first == event_id(HookEvent.DONE, key, 1, issued)
    others = {
        event_id(HookEvent.OVERDUE, key, 1, issued),
        event_id(HookEvent.DONE, key, 2, issued),
        event_id(HookEvent.DONE, key._replace(unit="VP"), 1, issued),
        event_id(HookEvent.DONE, key, 1, date(2023, 1, 15)),
    }
    assert len(others | {first}) == 5


def test_events_are_asked_for_by_name() -> None:
    assert events_or_refuse(["share.extended", "share.done", "share.done"]) == (
        "share.done",
        "share.extended",
    )
    for names, code in (([], "webhook_events_none"), (["test"], "webhook_event_unknown")):
        with pytest.raises(HookRefused) as raised:
            events_or_refuse(names)
        assert raised.value.code == code
