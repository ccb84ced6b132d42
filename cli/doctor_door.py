"""What ``dondoc doctor`` says of the door: a certificate about to end, a key others read, nobody let in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from flows.office import OpenOffice

_SOON = timedelta(days=21)
"""Time enough to ask for another certificate, and for a letter to go there and back."""
Found = tuple[str, Mapping[str, object]]
"""The code of a sentence, and what it quotes."""


def door_concerns(office: OpenOffice) -> Iterator[Found]:
    """Yield what is not as it should be with the way people come in."""
    from flows.server_door import CertificateUnusable, Door
    from storage import accounts
    from storage.engine import read

    network = office.settings.network
    if network.tls_certificate is not None and network.tls_key is not None:
        try:
            Door.of(office.settings, None).check_certificate()
        except CertificateUnusable as error:
            yield error.code, error.params
        else:
            host = urlsplit(office.settings.base_url).hostname or ""
            yield from certificate_concerns(network.tls_certificate, host, office.now())
            if os.name == "posix" and network.tls_key.stat().st_mode & 0o077:
                yield "doctor_key_readable", {"key": network.tls_key}
    if office.settings.sign_in.required:
        with read(office.engine) as session:
            if accounts.nobody_has_one(session, office.organisation_id):
                yield "doctor_nobody_signs_in", {}


def certificate_concerns(file: Path, host: str, now: datetime) -> Iterator[Found]:
    """Yield whether a certificate has ended, ends soon, or is of another name; ``now`` is aware."""
    from cryptography.x509 import load_pem_x509_certificates

    first = load_pem_x509_certificates(file.read_bytes())[0]
    ends = first.not_valid_after_utc
    if ends - now < _SOON:
        code = "doctor_certificate_over" if ends <= now else "doctor_certificate_ends"
        yield code, {"certificate": file, "on": ends.astimezone(now.tzinfo).date()}
    names = names_in(first)
    if not any(_fits(name, host) for name in names):
        yield (
            "doctor_certificate_of_another",
            {"certificate": file, "host": host, "names": ", ".join(names) or "–"},
        )


def names_in(certificate: Certificate) -> tuple[str, ...]:
    """Return the names and addresses a browser takes a certificate for (RFC 9525: those of the SAN alone)."""
    from cryptography.x509 import DNSName, ExtensionNotFound, IPAddress, SubjectAlternativeName

    try:
        found = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        return ()
    addresses = map(str, found.get_values_for_type(IPAddress))
    return (*(name.lower() for name in found.get_values_for_type(DNSName)), *addresses)


def _fits(name: str, host: str) -> bool:
    """Say whether a name of a certificate is the host's; ``*`` stands for its first label (RFC 9525, 6.3)."""
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return name == host
