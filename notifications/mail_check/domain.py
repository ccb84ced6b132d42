"""The sender's domain in the DNS: who takes bounces, and what receivers check a letter by (SPF, DKIM, DMARC).

Letters bear the sender's address in From and in the envelope, so SPF is aligned as DMARC asks by
itself; with DKIM it is when the relay signs for the same domain.
"""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from notifications.mail_check.finding import Finding, Weight, found
from notifications.mail_check.lookups import ALL_IN_ALL, DomainUnknown, Lookups, NobodyAnswers, open_lookups
from notifications.mail_check.spf import spf_finding

SHORT_KEY = 2048
"""Bits a signing key should have (RFC 8301, 3.2)."""
_MOST_PARENTS = 7
_ED25519_BYTES = 32
_POLICIES = ("none", "quarantine", "reject")


async def check_domain(domain: str, selector: str, name_server: tuple[str, int] | None) -> list[Finding]:
    """Return what a name server says of ``domain``, within five seconds; silence is a finding too."""
    told: list[Finding] = []
    try:
        lookups = open_lookups(name_server)
        async with asyncio.timeout(ALL_IN_ALL):
            async for one in _steps(domain, selector, lookups):
                told.append(one)
    except (NobodyAnswers, TimeoutError):
        told.append(found("lookups_cut" if told else "resolver_silent", domain=domain))
    except DomainUnknown:
        told.append(found("domain_unknown", domain=domain))
    return told


async def _steps(domain: str, selector: str, lookups: Lookups) -> AsyncIterator[Finding]:
    yield await _exchangers(domain, lookups)
    spf = await spf_finding(domain, lookups)
    yield spf
    dkim = await _dkim(domain, selector, lookups)
    yield dkim
    yield await _dmarc(domain, lookups, spf, dkim)


async def _exchangers(domain: str, lookups: Lookups) -> Finding:
    names = await lookups.exchangers(domain)
    if names == (".",):  # RFC 7505
        return found("mx_null", domain=domain)
    if names:
        return found("mx_found", domain=domain, names=", ".join(names))
    if await lookups.has_address(domain):  # RFC 5321, 5.1
        return found("mx_by_address", domain=domain)
    return found("mx_none", domain=domain)


async def _dkim(domain: str, selector: str, lookups: Lookups) -> Finding:
    if not selector:
        return found("dkim_not_looked_up", domain=domain)
    name = f"{selector}._domainkey.{domain}"
    texts = await lookups.texts(name)
    if not texts:
        return found("dkim_missing", name=name)
    return judge_key(name, tags_of(texts[0]))


def judge_key(name: str, tags: Mapping[str, str]) -> Finding:
    """Judge a key record (RFC 6376, 3.6.1; RFC 8463 for Ed25519)."""
    if tags.get("p") == "":
        return found("dkim_revoked", name=name)
    kind = tags.get("k", "rsa")
    bits = _bits(kind, "".join(tags.get("p", "").split()))
    if bits is None or tags.get("v", "DKIM1") != "DKIM1":
        return found("dkim_unreadable", name=name)
    if kind == "rsa" and bits < SHORT_KEY:
        return found("dkim_short", name=name, bits=bits, least=SHORT_KEY)
    if "y" in tags.get("t", "").split(":"):
        return found("dkim_testing", name=name)
    return found("dkim_good", name=name, kind=kind, bits=bits)


def _bits(kind: str, encoded: str) -> int | None:
    try:
        key = b64decode(encoded, validate=True)
        if kind == "ed25519":
            return 256 if len(key) == _ED25519_BYTES else None
        loaded = load_der_public_key(key)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return loaded.key_size if kind == "rsa" and isinstance(loaded, RSAPublicKey) else None


def tags_of(record: str) -> dict[str, str]:
    """Return the tags of a DKIM or DMARC record: "v=DMARC1; p=none" as names and values."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A DMARC record and where it stands."""

    name: str
    tags: Mapping[str, str]
    is_own: bool
    """Of the domain itself, not of one above it."""

    @property
    def asked(self) -> str:
        """Return what receivers are asked to do with what fails; "" where the record does not say.

        Without a policy it means none, if it asks for reports (RFC 9989, 4.7).
        """
        policy = self.tags.get("p", "none" if "rua" in self.tags else "").casefold()
        policy = policy if self.is_own else self.tags.get("sp", policy).casefold()
        return policy if policy in _POLICIES else ""


async def _dmarc(domain: str, lookups: Lookups, spf: Finding, dkim: Finding) -> Finding:
    records = await _policies_at(domain, lookups)
    if len(records) > 1:
        return found("dmarc_several", name=f"_dmarc.{domain}", count=len(records))
    if records:
        return judge_policy(Policy(name=domain, tags=records[0], is_own=True), domain, spf, dkim)
    policy = await _policy_above(domain, lookups)
    if policy is None:
        return found("dmarc_missing", domain=domain)
    return judge_policy(policy, domain, spf, dkim)


async def _policies_at(domain: str, lookups: Lookups) -> list[dict[str, str]]:
    read = map(tags_of, await lookups.texts(f"_dmarc.{domain}"))
    return [tags for tags in read if next(iter(tags.items()), None) == ("v", "DMARC1")]


async def _policy_above(domain: str, lookups: Lookups) -> Policy | None:
    """Walk up the tree to the organisational domain (RFC 9989, 4.10): the highest with a record.

    A record that says ``psd=n`` is that domain itself; one that says ``psd=y`` is a public suffix,
    and the organisation is the domain right below it.
    """
    met: list[Policy] = []
    for name in parents_of(domain):
        records = await _policies_at(name, lookups)
        if len(records) == 1:
            met.append(Policy(name=name, tags=records[0], is_own=False))
            if records[0].get("psd") in ("y", "n"):
                break
    if not met:
        return None
    highest = met[-1]
    if highest.tags.get("psd") == "y" and len(met) > 1:
        below = met[-2]
        return below if below.name.count(".") == highest.name.count(".") + 1 else highest
    return highest


def parents_of(domain: str) -> Sequence[str]:
    """Return the names above ``domain``, the nearest first; of a very long one only the last seven."""
    labels = domain.split(".")
    above = [".".join(labels[n:]) for n in range(1, len(labels))]
    return above[-_MOST_PARENTS:]


def judge_policy(policy: Policy, domain: str, spf: Finding, dkim: Finding) -> Finding:
    """Judge what receivers are asked to do, by what they would find to check a letter by."""
    name = f"_dmarc.{policy.name}"
    told = {"name": name, "policy": policy.asked, "domain": domain}
    if not policy.asked:
        return found("dmarc_unreadable", name=name)
    if policy.asked == "none":
        return found("dmarc_watches", **told)
    if spf.code in ("spf_good", "spf_neutral") or dkim.weight is Weight.FINE:
        return found("dmarc_good", **told)
    return found("dmarc_unproven" if dkim.code == "dkim_not_looked_up" else "dmarc_refuses", **told)
