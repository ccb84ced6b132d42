"""Calls one webhook once, and says what came of it. Whatever the receiver does comes back as a value.

The receiver's name is looked up once, every address found is judged
(``tasks_catalog.webhooks.address_or_refuse``), and the connection is made to one of these very addresses: a
name that leads elsewhere a moment later (DNS rebinding) leads nowhere. Redirects are not followed, proxies
of the environment not used, and no more of an answer is read than is kept.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import Literal

import httpx

from notifications.wording import problem_sentence
from tasks_catalog.problem import Refused
from tasks_catalog.webhooks import Address, address_or_refuse, url_or_refuse

WHOLE_CALL_SECONDS = 15.0
"""From looking the name up to the last byte read (Standard Webhooks suggests 15 to 30)."""
CONNECT_SECONDS = 5.0
MOST_READ = 4096
AGENT = "dondoc-webhooks/1"

Lookup = Callable[[str, int], Awaitable[Sequence[Address]]]
"""Looks a name up; raises OSError where it has no address."""


@dataclass(frozen=True, kw_only=True)
class CallOutcome:
    """``taken``: 2xx. ``gone``: 410, the receiver wants no more. ``failed``: worth another attempt."""

    state: Literal["taken", "gone", "failed"]
    status: int | None = None
    answer: str = ""
    wait: timedelta | None = None
    """How long the receiver asked to be left alone."""


async def looked_up(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of a name, those of IPv4 first. Raises OSError where there is none."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = {ip_address(str(each[4][0]).partition("%")[0]) for each in found}
    return sorted(addresses, key=lambda address: (address.version, int(address)))


def caller(trusted: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    """Return what calls are made with: certificates this system trusts, nothing of the environment."""
    return httpx.AsyncClient(
        verify=trusted or ssl.create_default_context(),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(WHOLE_CALL_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_keepalive_connections=0),  # a kept connection would outlive its judgement
        headers={"user-agent": AGENT, "accept-encoding": "identity"},
    )


async def call(
    client: httpx.AsyncClient,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    internal: bool,
    language: str,
    lookup: Lookup | None = None,
    seconds: float = WHOLE_CALL_SECONDS,
) -> CallOutcome:
    """Send one message; refusals of its address are worded in ``language``."""
    try:
        async with asyncio.timeout(seconds):
            return await _call(client, url, body, headers, internal, lookup or looked_up)
    except TimeoutError:
        return CallOutcome(state="failed", answer=f"no answer within {seconds:g} s")
    except Refused as refused:
        return CallOutcome(state="failed", answer=problem_sentence(refused, language))
    except (httpx.HTTPError, OSError, ssl.SSLError, UnicodeError) as error:
        return CallOutcome(state="failed", answer=f"{type(error).__name__}: {error}".rstrip(": "))


async def _call(
    client: httpx.AsyncClient,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    internal: bool,
    lookup: Lookup,
) -> CallOutcome:
    target = httpx.URL(url_or_refuse(url, internal=internal))
    encrypted = target.scheme == "https"
    host = target.raw_host.decode("ascii")
    addresses = await lookup(host.strip("[]"), target.port or (443 if encrypted else 80))
    for address in addresses:
        address_or_refuse(address, internal=internal, encrypted=encrypted)
    if not addresses:
        raise OSError("no address")
    request = client.build_request(
        "POST",
        target.copy_with(host=str(addresses[0])),
        content=body,
        headers={**headers, "content-type": "application/json", "host": target.netloc.decode("ascii")},
        extensions={"sni_hostname": host},  # the certificate must be the name's, not the address's
    )
    answer = await client.send(request, stream=True)
    try:
        return _outcome(answer, await _beginning(answer))
    finally:
        await answer.aclose()


async def _beginning(answer: httpx.Response) -> str:
    read = b""
    async for piece in answer.aiter_raw():
        read += piece
        if len(read) >= MOST_READ:
            break
    words = read[:MOST_READ].decode("utf-8", "replace")
    return " ".join("".join(each if each.isprintable() else " " for each in words).split())


def _outcome(answer: httpx.Response, words: str) -> CallOutcome:
    status = answer.status_code
    if 200 <= status < 300:
        return CallOutcome(state="taken", status=status, answer=words)
    if status == HTTPStatus.GONE:
        return CallOutcome(state="gone", status=status, answer=words)
    return CallOutcome(state="failed", status=status, answer=words, wait=_wait(answer))


def _wait(answer: httpx.Response) -> timedelta | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds, or a date counted from the answer's own Date."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit() and len(asked) < 9:
        return timedelta(seconds=int(asked))
    try:
        wait = parsedate_to_datetime(asked) - parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return max(wait, timedelta())
