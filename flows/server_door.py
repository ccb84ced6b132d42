"""By what way the server is reached: its address and names, its certificate, who is let into the flow UI."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from storage.door_settings import LOOPBACK, LOOPBACK_NAMES, as_host
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from storage.settings import Settings

Admits = Callable[["Request"], "Response | None"]
"""Says whether who sent a request may see the flow UI: None lets it in, else this is the answer.

Asked in a thread, since it may look into the database.
"""


class PortTaken(Refused):
    """Another program, perhaps another dondoc, listens on the port already."""


class AddressNotHere(Refused):
    """The address to listen on is none of this machine's."""


class CertificateUnusable(Refused):
    """The certificate or its key cannot be read, or they do not belong together."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """How the server is reached; as it stands: on loopback, by everybody who sits there."""

    listen: str = LOOPBACK
    names: tuple[str, ...] = LOOPBACK_NAMES
    """The host names requests may come by."""
    url: str = ""
    """The address people open, where it is not loopback's own."""
    certificate: Path | None = None
    key: Path | None = None
    proxies: tuple[str, ...] = ()
    admits: Admits | None = None
    """None: whoever reaches the server may see the flow UI and use Prefect's API."""

    @classmethod
    def of(cls, settings: Settings, admits: Admits | None) -> Door:
        """Return the door the office's settings name, kept by ``admits``."""
        network = settings.network
        return cls(
            listen=network.listen,
            names=settings.names,
            url=settings.base_url.rstrip("/") if network.opened or network.tls else "",
            certificate=network.tls_certificate,
            key=network.tls_key,
            proxies=network.behind_proxy,
            admits=admits,
        )

    @property
    def guarded(self) -> bool:
        """Whether our own flows need a way of their own: theirs would be refused, or its name not theirs."""
        return self.admits is not None or self.certificate is not None

    @property
    def scheme(self) -> str:
        return "https" if self.certificate else "http"

    def near(self, port: int) -> str:
        """Return the server's own address as this machine reaches it."""
        every = ip_address(self.listen).is_unspecified
        return f"{self.scheme}://{LOOPBACK if every else as_host(self.listen)}:{port}"

    def origins(self, port: int) -> tuple[str, ...]:
        """Return the origins of our own pages (RFC 6454): by loopback's names, and by those people use."""
        here = (
            (*LOOPBACK_NAMES, as_host(self.listen)) if as_host(self.listen) in self.names else LOOPBACK_NAMES
        )
        near = (f"{self.scheme}://{name}:{port}" for name in here)
        named = urlsplit(self.url)
        after = f":{named.port}" if named.port else ""
        others = (name for name in self.names if name not in LOOPBACK_NAMES)
        far = (f"{named.scheme}://{name}{after}" for name in others if named.scheme)
        return tuple(dict.fromkeys((*near, *far)))

    def check_certificate(self) -> None:
        """Raise CertificateUnusable now, not in the server's thread; a key with a passphrase asks nobody."""
        if self.certificate is None:
            return
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.certificate, self.key, lambda: "")
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise CertificateUnusable(
                "certificate_unusable", certificate=self.certificate, key=self.key, error=error
            ) from error


@contextmanager
def listening(address: str, port: int) -> Iterator[socket.socket]:
    """Bind first: the port's number is known, and a taken port refused, before Prefect is imported."""
    family = socket.AF_INET6 if isinstance(ip_address(address), IPv6Address) else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's delay on: 40 ms for each of the ten calls a flow run makes.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if os.name == "posix":  # lets a restart take the port at once; elsewhere it would let two share it
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:  # "::" is every address, of IPv4 too
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            listener.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise AddressNotHere("address_not_here", listen=address) from error
            raise PortTaken("port_taken", port=port, error=error.strerror) from error
        listener.listen(128)
        yield listener
