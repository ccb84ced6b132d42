"""One call of a webhook: over TLS the certificate must be the name's, whatever address it has."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from notifications.webhook_calls import CallOutcome, call, caller, looked_up
from tasks_catalog.webhooks import Address
from tests.flows.receiver import Receiver, receiving
from tests.notifications.mail_check.cast import Issued, issue

NAME = "nhan.noi-bo.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    return issue(tmp_path_factory.mktemp("tls"), NAME, names=(NAME,))


def called(url: str, certificate: Issued | None = None, *addresses: str) -> CallOutcome:
    async def found(host: str, port: int) -> Sequence[Address]:
        return [ip_address(each) for each in addresses or ("127.0.0.1",)]

    async def at_last() -> CallOutcome:
        trusted = ssl.create_default_context(cafile=str(certificate.file)) if certificate else None
        async with caller(trusted) as client:
            return await call(client, url, b"{}", {}, internal=True, language="vi", lookup=found)

    return asyncio.run(at_last())


@pytest.mark.parametrize(
    ("name", "state"),
    [
        pytest.param(NAME, "taken", id="its own name"),
        pytest.param("khac.noi-bo.example", "failed", id="another name at the same address"),
    ],
)
def test_a_certificate_is_judged_by_the_name_that_was_asked_for(
    certificate: Issued, name: str, state: str
) -> None:
    with receiving(tls=certificate.server_side()) as receiver:
        outcome = called(f"https://{name}:{receiver.port}/", certificate)
    assert outcome.state == state
    assert len(receiver.got) == (state == "taken")
    assert ("CERTIFICATE_VERIFY_FAILED" in outcome.answer) == (state == "failed")


def test_a_certificate_nobody_vouches_for_is_refused(certificate: Issued) -> None:
    with receiving(tls=certificate.server_side()) as receiver:
        assert "CERTIFICATE_VERIFY_FAILED" in called(f"https://{NAME}:{receiver.port}/").answer
    assert receiver.got == []


@pytest.mark.parametrize("addresses", [("127.0.0.1", "169.254.169.254"), ("fe80::1", "127.0.0.1")])
def test_one_forbidden_address_among_several_is_enough(addresses: tuple[str, ...]) -> None:
    with receiving() as receiver:
        outcome = called(f"http://{NAME}:{receiver.port}/", None, *addresses)
    assert (outcome.state, receiver.got) == ("failed", [])
    assert "không bao giờ được gửi tới" in outcome.answer


def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert called(receiver.url).state == "taken"
    assert proxy.got == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"retry-after": "120"}, 120, id="seconds"),
        pytest.param(
            {"retry-after": "Wed, 21 Oct 2099 07:30:00 GMT", "date": "Wed, 21 Oct 2099 07:28:00 GMT"},
            120,
            id="a date",
        ),
        pytest.param({"retry-after": "soon"}, None, id="no time"),
        pytest.param({"retry-after": "-5"}, None, id="a time before"),
    ],
)
def test_how_long_to_wait_is_read(headers: dict[str, str], seconds: int | None) -> None:
    with receiving(Receiver(answers=[(503, headers, b"")])) as receiver:
        wait = called(receiver.url).wait
    assert (wait.total_seconds() if wait is not None else None) == seconds


def test_a_name_without_an_address_is_said_so() -> None:
    async def nothing(host: str, port: int) -> Sequence[Address]:
        return []

    async def at_last() -> CallOutcome:
        async with caller() as client:
            return await call(
                client, "https://x.example/", b"", {}, internal=False, language="vi", lookup=nothing
            )

    assert asyncio.run(at_last()).answer == "OSError: no address"


def test_loopback_is_found_by_its_name() -> None:
    assert ip_address("127.0.0.1") in asyncio.run(looked_up("localhost", 80))
