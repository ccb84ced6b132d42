"""Webhooks: what other systems are told, where it may be sent, and when it is tried again.

What is told names plans, units and dates by their codes and no person (rule 11 of the design): a receiver
that needs more asks the board, by a right of its own. Where it may be sent is judged twice: the address as
the administrator typed it, and each time the very network address the connection is made to, so that no
webhook reaches into this machine or the office's network unasked (server-side request forgery, CWE-918).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

from tasks_catalog.facts import Share
from tasks_catalog.occurrence import ShareKey
from tasks_catalog.problem import Refused
from tasks_catalog.standing import StandingKind

RETRY_MINUTES = (1, 5, 30, 120, 300, 600, 720, 720, 720, 720)
"""How long to wait after the 1st, 2nd ... failed attempt: close to three days in all, over a weekend
(Standard Webhooks 1.0.0, "Deliverability and reliability")."""
LONGEST_ASKED = timedelta(hours=12)
"""A receiver's own Retry-After is heeded up to here."""
LONGEST_URL = 2000

Address = IPv4Address | IPv6Address
_NEVER = (
    ip_network("100.100.100.200/32"),  # metadata of clouds beside 169.254.169.254 and fe80::/10,
    ip_network("168.63.129.16/32"),  # which are refused as link-local
    ip_network("fd00:ec2::254/128"),
)
_NAT64 = ip_network("64:ff9b::/96")


class HookEvent(StrEnum):
    """What a webhook may be told."""

    DONE = "share.done"
    OVERDUE = "share.overdue"
    EXTENDED = "share.extended"
    TEST = "test"


SUBSCRIBED = (HookEvent.DONE, HookEvent.OVERDUE, HookEvent.EXTENDED)
"""What a webhook is made for; a test is sent on being asked for."""


class HookRefused(Refused):
    """A webhook that cannot be had as asked for, or that is not there."""


def url_or_refuse(url: str, *, internal: bool) -> str:
    """Return the address a webhook is sent to, as typed but for white space around it.

    Raises HookRefused: webhook_url_unreadable, webhook_url_userinfo, webhook_url_not_https, and for an
    address in figures what ``address_or_refuse`` raises.
    """
    url = url.strip()
    parts = _parts_or_refuse(url)
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise HookRefused("webhook_url_userinfo", url=f"{parts.scheme}://…@{parts.hostname}")
    if parts.scheme == "http" and not internal:
        raise HookRefused("webhook_url_not_https", url=url)
    literal = _literal(parts.hostname or "")
    if literal is not None:
        address_or_refuse(literal, internal=internal, encrypted=parts.scheme == "https")
    return url


def _parts_or_refuse(url: str) -> SplitResult:
    refused = HookRefused("webhook_url_unreadable", url=url[:200])
    if len(url) > LONGEST_URL or not url.isprintable() or any(character.isspace() for character in url):
        raise refused
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise refused from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or parts.fragment:
        raise refused
    return parts


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def address_or_refuse(address: Address, *, internal: bool, encrypted: bool) -> None:
    """Raise HookRefused unless a connection may be made to this very address.

    webhook_address_never: this network's own machinery (link-local, metadata), many receivers at once,
    no receiver at all. webhook_address_internal: of this machine or network, and the webhook is not said
    to be internal. webhook_url_not_https: outside, and not encrypted.
    """
    told = _embedded(address)
    never = told.is_link_local or told.is_multicast or told.is_unspecified or _is_reserved(told)
    if never or any(told in network for network in _NEVER):
        raise HookRefused("webhook_address_never", address=str(address))
    if not told.is_global:
        if not internal:
            raise HookRefused("webhook_address_internal", address=str(address))
    elif not encrypted:
        raise HookRefused("webhook_url_not_https", url=str(address))


def _embedded(address: Address) -> Address:
    """Return the IPv4 address an IPv6 one stands for (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if within is not None:
            return within
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_reserved(address: Address) -> bool:
    """Say whether nobody rightly answers there: 0.0.0.0/8, 240.0.0.0/4, broadcast, fec0::/10."""
    if isinstance(address, IPv4Address):
        return address.is_reserved or int(address) >> 24 == 0
    return address.is_site_local or (address.is_reserved and not address.is_loopback)


def events_or_refuse(names: Iterable[str]) -> tuple[str, ...]:
    """Return the events asked for, each once, in their order.

    Raises HookRefused: webhook_events_none, webhook_event_unknown.
    """
    asked = set(names)
    known = {str(event) for event in SUBSCRIBED}
    if not asked:
        raise HookRefused("webhook_events_none", known=", ".join(SUBSCRIBED))
    for name in sorted(asked - known):
        raise HookRefused("webhook_event_unknown", event=name, known=", ".join(SUBSCRIBED))
    return tuple(str(event) for event in SUBSCRIBED if event in asked)


def next_attempt(attempts: int, now: datetime, asked: timedelta | None = None) -> datetime | None:
    """Return when to try again after ``attempts`` attempts (from 1); None: give up and show it.

    ``asked`` is how long the receiver asked to be left alone.
    """
    if attempts > len(RETRY_MINUTES):
        return None
    wait = timedelta(minutes=RETRY_MINUTES[max(attempts, 1) - 1])
    return now + max(wait, min(asked or wait, LONGEST_ASKED))


def event_id(kind: HookEvent, key: ShareKey, epoch: int, issued: date) -> str:
    """Return the id of a message about a share in one epoch: the same whenever it is made, whoever is told.

    So a receiver that keeps ids hears each once, also after the office's database was restored.
    """
    words = f"{kind}|{issued.isoformat()}|{key.task}|{key.occurrence}|{key.unit}|{epoch}"
    return f"msg_{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def message(kind: str, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a message (Standard Webhooks 1.0.0, "Payload structure")."""
    return {"type": kind, "timestamp": at.isoformat(), "data": dict(data)}


def share_data(share: Share, plan: str, issued: date, standing: StandingKind) -> dict[str, Any]:
    """Return what is told of a share: its names in the record, its dates, how it stands."""
    return {
        "plan": plan,
        "plan_issued": issued.isoformat(),
        "task": share.key.task,
        "occurrence": share.key.occurrence,
        "unit": share.key.unit,
        "role": str(share.role),
        "period": share.period,
        "first_due": share.first_due.isoformat(),
        "due": share.due.isoformat(),
        "last_day_on_time": share.lapses.isoformat(),
        "epoch": share.epoch,
        "standing": str(standing),
        "reported_on": share.report.on.isoformat() if share.report else None,
    }
