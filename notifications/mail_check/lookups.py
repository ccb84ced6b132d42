"""Asking a name server about the sender's domain: few questions, little time, and silence is an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import dns.asyncresolver
import dns.exception
import dns.name
import dns.resolver
from dns.rdatatype import RdataType

ALL_IN_ALL = 5.0
"""Seconds for everything asked about one domain."""
ONE_QUESTION = 2.5
_EACH_TRY = 1.0


class NobodyAnswers(Exception):
    """No name server answered the question: not to be told from a domain that is well."""


class DomainUnknown(Exception):
    """The name server says that the name does not exist at all."""


@dataclass(frozen=True)
class Lookups:
    """What may be asked. "" or () for what is not there; raises NobodyAnswers, DomainUnknown."""

    resolver: dns.asyncresolver.Resolver

    async def texts(self, name: str) -> tuple[str, ...]:
        """Return the TXT records of ``name``, pieces joined; a name that does not exist has none."""
        try:
            found = await self._records(name, RdataType.TXT)
        except DomainUnknown:
            return ()
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in found)

    async def exchangers(self, domain: str) -> tuple[str, ...]:
        """Return who takes mail for ``domain``, the first choice first; "." alone says: nobody."""
        found = await self._records(domain, RdataType.MX)
        ordered = sorted((record.preference, record.exchange.to_text()) for record in found)
        return tuple(name.rstrip(".") or "." for _, name in ordered)

    async def has_address(self, domain: str) -> bool:
        return bool(await self._records(domain, RdataType.A) or await self._records(domain, RdataType.AAAA))

    async def _records(self, name: str, kind: RdataType) -> list[Any]:
        try:
            return list(await self.resolver.resolve(name, kind, search=False, raise_on_no_answer=False))
        except dns.resolver.NXDOMAIN as reason:
            raise DomainUnknown(name) from reason
        except (dns.name.LabelTooLong, dns.name.EmptyLabel, dns.name.NameTooLong):
            return []  # no name, so nothing is there
        except (dns.exception.DNSException, OSError) as reason:
            raise NobodyAnswers(name) from reason


def open_lookups(name_server: tuple[str, int] | None) -> Lookups:
    """Return look-ups at ``name_server``, else at the system's. Raises NobodyAnswers if it has none."""
    try:
        resolver = dns.asyncresolver.Resolver(configure=name_server is None)
    except (dns.resolver.NoResolverConfiguration, OSError) as reason:
        raise NobodyAnswers("-") from reason
    if name_server is not None:
        resolver.nameservers, resolver.port = [name_server[0]], name_server[1]
    resolver.lifetime, resolver.timeout = ONE_QUESTION, _EACH_TRY
    return Lookups(resolver)
