"""Whether a relay's certificate holds: its days, the names it stands for, and who vouches for it.

A handshake names one fault only, so a certificate that was refused is judged here by itself: one
signed by its own key is told apart from one that ran out and from one for another name.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.x509.oid import NameOID

from notifications.mail_check.finding import Finding, found

SOON = timedelta(days=30)
_SELF_SIGNED = 18  # X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT
_UNTRUSTED = (19, 20, 21)  # a root not known here, no issuer found, a chain that ends in nothing known


def judge_accepted(shown: bytes, now: datetime) -> Finding:
    """Return how long a certificate still holds that the handshake accepted. ``shown`` is DER."""
    certificate = x509.load_der_x509_certificate(shown)
    until = certificate.not_valid_after_utc
    if until - now < SOON:
        return found("certificate_soon", until=_day(until, now), days=max((until - now).days, 0))
    return found("certificate_good", until=_day(until, now), issuer=_name(certificate.issuer))


def judge_refused(
    shown: bytes, refusal: ssl.SSLCertVerificationError, host: str, now: datetime
) -> Iterator[Finding]:
    """Yield every fault of a certificate that the handshake refused; never nothing."""
    certificate = x509.load_der_x509_certificate(shown)
    faults = [
        *_trust_faults(certificate, refusal),
        *_day_faults(certificate, now),
        *_name_faults(certificate, host),
    ]
    yield from faults or [found("certificate_refused", reason=refusal.verify_message)]


def _trust_faults(certificate: x509.Certificate, refusal: ssl.SSLCertVerificationError) -> Iterator[Finding]:
    if refusal.verify_code == _SELF_SIGNED:
        yield found("certificate_self_signed", name=_name(certificate.subject))
    elif refusal.verify_code in _UNTRUSTED:
        yield found("certificate_stranger", issuer=_name(certificate.issuer))


def _day_faults(certificate: x509.Certificate, now: datetime) -> Iterator[Finding]:
    if certificate.not_valid_after_utc < now:
        yield found("certificate_expired", until=_day(certificate.not_valid_after_utc, now))
    elif certificate.not_valid_before_utc > now:
        yield found("certificate_early", since=_day(certificate.not_valid_before_utc, now))


def _name_faults(certificate: x509.Certificate, host: str) -> Iterator[Finding]:
    names = names_of(certificate)
    if not any(is_for(name, host) for name in names):
        yield found("certificate_other_name", host=host, names=", ".join(names) or "-")


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the host names and addresses a certificate stands for (its common name counts no more)."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = (str(address) for address in names.get_values_for_type(x509.IPAddress))
    return (*names.get_values_for_type(x509.DNSName), *addresses)


def is_for(name: str, host: str) -> bool:
    """Say whether a certificate's name means ``host``; a star stands for the whole first label (RFC 9525)."""
    try:
        return ip_address(name) == ip_address(host)
    except ValueError:  # at least one of them is a name
        name, host = name.rstrip(".").lower(), host.rstrip(".").lower()
    if name.startswith("*."):
        first, _, rest = host.partition(".")
        return bool(first) and rest == name[2:]
    return name == host


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string() or "-"


def _day(moment: datetime, now: datetime) -> object:
    """Return the day as the office's calendar has it."""
    return moment.astimezone(now.tzinfo).date()
