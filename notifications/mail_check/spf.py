"""SPF (RFC 7208) of the sender's domain: is there one record, can it be evaluated, how does it end.

Whether the relay's own address passes is not judged: only whoever runs it knows from which address
it sends on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network

from notifications.mail_check.finding import Finding, found
from notifications.mail_check.lookups import Lookups

MOST_LOOKUPS = 10
"""RFC 7208, 4.6.4: more, and a receiver gives up with an error."""
_RECORD = re.compile(r"v=spf1(?: |\Z)", re.IGNORECASE)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=(.*)\Z")
_MECHANISM = re.compile(r"([+?~-]?)([A-Za-z0-9]+)(?:([:/])(.*))?\Z")
_LOOK_UP = ("include", "a", "mx", "ptr", "exists")
_NETWORKS = ("ip4", "ip6")


@dataclass(kw_only=True)
class Reading:
    """What following a record brought together."""

    lookups: int = 0
    end: str = ""
    """How what no mechanism matches is judged: "+", "?", "~", "-"; "" where the record does not say."""
    wrong: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Domains included that have no record of their own, or several."""


async def spf_finding(domain: str, lookups: Lookups) -> Finding:
    """Return what a receiver would make of the domain's SPF. Raises NobodyAnswers."""
    records = spf_records(await lookups.texts(domain))
    if not records:
        return found("spf_missing", domain=domain)
    if len(records) > 1:
        return found("spf_several", domain=domain, count=len(records))
    reading = Reading()
    await _follow(records[0], reading, lookups, is_first=True)
    return judge(records[0], reading, domain)


def spf_records(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if _RECORD.match(text)]


def judge(record: str, reading: Reading, domain: str) -> Finding:
    """Return the weightiest thing to say of a record that was followed to its end."""
    if reading.wrong:
        return found("spf_unreadable", domain=domain, words=reading.wrong[0], record=record)
    if reading.lookups > MOST_LOOKUPS:
        return found("spf_many_lookups", domain=domain, most=MOST_LOOKUPS)
    if reading.missing:
        return found("spf_include_missing", domain=domain, name=reading.missing[0])
    if reading.end == "+":
        return found("spf_open", domain=domain, record=record)
    if record.casefold().split() == ["v=spf1", "-all"]:
        return found("spf_closed", domain=domain)
    code = "spf_good" if reading.end in ("-", "~") and reading.end else "spf_neutral"
    return found(code, domain=domain, record=record)


async def _follow(record: str, reading: Reading, lookups: Lookups, *, is_first: bool) -> None:
    """Walk through a record and those it includes, counting, until too many were asked for."""
    redirect = ""
    ends = False
    for term in record.split()[1:]:
        if modifier := _MODIFIER.match(term):
            redirect = modifier[2] if modifier[1].casefold() == "redirect" else redirect
            continue
        mechanism = _MECHANISM.match(term)
        name = mechanism[2].casefold() if mechanism else ""
        if mechanism is None or not _is_known(name, mechanism[3], mechanism[4]):
            reading.wrong.append(term)
        elif name == "all":
            ends = True
            reading.end = (mechanism[1] or "+") if is_first else reading.end
        elif name in _LOOK_UP:
            reading.lookups += 1
            if name == "include":
                await _include(mechanism[4], reading, lookups, is_first=False)
    if redirect and not ends:
        reading.lookups += 1
        await _include(redirect, reading, lookups, is_first=is_first)


async def _include(domain: str, reading: Reading, lookups: Lookups, *, is_first: bool) -> None:
    if reading.lookups > MOST_LOOKUPS or "%" in domain:  # a macro: known only with a letter in hand
        return
    records = spf_records(await lookups.texts(domain))
    if len(records) == 1:
        await _follow(records[0], reading, lookups, is_first=is_first)
    else:
        reading.missing.append(domain)


def _is_known(name: str, separator: str | None, value: str | None) -> bool:
    if name == "all":
        return separator is None
    if name in _NETWORKS:
        return separator == ":" and _is_network(name, value or "")
    if name in ("include", "exists"):
        return separator == ":" and bool(value)
    return name in _LOOK_UP


def _is_network(name: str, value: str) -> bool:
    try:
        return ip_network(value, strict=False).version == int(name[2])
    except ValueError:
        return False
