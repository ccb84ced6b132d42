"""Who may reach the board, and by what way: where it listens, its names, its certificate, how people sign in.

What would open an office to a network by oversight is refused here, before anything listens: without
sign-in, or with passwords in clear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from storage.settings_values import (
    SettingsUnreadable,
    file_in,
    flag,
    hours,
    list_of_words,
    refuse_unknown,
    words,
    wrong,
)

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = (LOOPBACK, "localhost")
HSTS = "max-age=31536000"
"""What a browser is told where it came by https: a year (RFC 6797); of this name alone, since what else the
domain serves is not ours to say.
"""
IDLE_HOURS, LASTS_HOURS = 4, 12
NETWORK_KEYS = {"listen", "hosts", "tls_certificate", "tls_key", "behind_proxy"}
SIGN_IN_KEYS = {
    "required",
    "idle_hours",
    "lasts_hours",
    "oidc_issuer",
    "oidc_client_id",
    "oidc_secret",
    "oidc_name",
    "oidc_ca_file",
}
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
"""A host's name or IPv4 address as a browser sends it: no port, no ``*``."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """Where the board listens, and to what names it answers besides those of loopback and its base URL."""

    listen: str = LOOPBACK
    hosts: tuple[str, ...] = ()
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    behind_proxy: tuple[str, ...] = ()
    """Addresses or networks of the proxies whose word of who calls is believed (``X-Forwarded-For``)."""

    @property
    def beyond_loopback(self) -> bool:
        return not ip_address(self.listen).is_loopback

    @property
    def opened(self) -> bool:
        """Whether other machines reach the whole board, by its own port or through a proxy."""
        return self.beyond_loopback or bool(self.behind_proxy)

    @property
    def tls(self) -> bool:
        return self.tls_certificate is not None


@dataclass(frozen=True, kw_only=True)
class OidcSettings:
    """The identity provider people may sign in at (OpenID Connect), and what it knows this office by."""

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    name: str = ""
    """What stands on the button; "": the issuer's host name."""
    ca_file: Path | None = None


@dataclass(frozen=True, kw_only=True)
class SignInSettings:
    """Whether people sign in, and how long a session lasts without being used, and at all."""

    required: bool = False
    idle: timedelta = timedelta(hours=IDLE_HOURS)
    lasts: timedelta = timedelta(hours=LASTS_HOURS)
    oidc: OidcSettings | None = None


def network_of(table: Mapping[str, object], home: Path) -> Network:
    """Return what a file says of the network. Raises SettingsUnreadable, quoting the key at fault."""
    return Network(
        listen=_address(words(table, "listen", LOOPBACK)),
        hosts=tuple(_name(each) for each in list_of_words(table, "hosts")),
        tls_certificate=file_in(home, table, "tls_certificate"),
        tls_key=file_in(home, table, "tls_key"),
        behind_proxy=tuple(_proxy(each) for each in list_of_words(table, "behind_proxy")),
    )


def sign_in_of(table: Mapping[str, object], home: Path, secret: str | None = None) -> SignInSettings:
    """Return what the ``[sign_in]`` table says; ``secret`` has the last word over its ``oidc_secret``.

    Raises SettingsUnreadable, quoting the key at fault.
    """
    refuse_unknown(table, SIGN_IN_KEYS)
    idle, lasts = hours(table, "idle_hours", IDLE_HOURS), hours(table, "lasts_hours", LASTS_HOURS)
    if idle > lasts:
        an_hour = timedelta(hours=1)
        raise SettingsUnreadable(
            "settings_idle_longer", idle=f"{idle / an_hour:g}", lasts=f"{lasts / an_hour:g}"
        )
    return SignInSettings(
        required=flag(table, "required"),
        idle=idle,
        lasts=lasts,
        oidc=_oidc_of(table, home, secret),
    )


def _oidc_of(table: Mapping[str, object], home: Path, secret: str | None) -> OidcSettings | None:
    issuer, client = words(table, "oidc_issuer"), words(table, "oidc_client_id")
    if not issuer and not client:
        return None
    if not issuer or not client:
        raise SettingsUnreadable(
            "settings_oidc_half",
            there="oidc_issuer" if issuer else "oidc_client_id",
            missing="oidc_client_id" if issuer else "oidc_issuer",
        )
    parts = urlsplit(issuer)
    near = parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES
    if not (parts.scheme == "https" or near) or not parts.hostname or parts.query or parts.fragment:
        raise SettingsUnreadable("settings_oidc_issuer", value=issuer)
    return OidcSettings(
        issuer=issuer,
        client_id=client,
        secret=secret or words(table, "oidc_secret"),
        name=words(table, "oidc_name"),
        ca_file=file_in(home, table, "oidc_ca_file"),
    )


def check_door(network: Network, sign_in: SignInSettings, base_url: str) -> None:
    """Raise SettingsUnreadable for an office that would stand open, or send passwords in clear."""
    if network.tls != (network.tls_key is not None):
        there, missing = "tls_certificate", "tls_key"
        if not network.tls:
            there, missing = missing, there
        raise SettingsUnreadable("settings_tls_half", there=there, missing=missing)
    if not sign_in.required:
        if network.beyond_loopback:
            raise SettingsUnreadable("settings_listen_without_sign_in", listen=network.listen)
        for key in ("behind_proxy", "hosts"):
            if named := getattr(network, key):
                raise SettingsUnreadable("settings_names_without_sign_in", key=key, value=", ".join(named))
    if network.beyond_loopback and not network.tls and not network.behind_proxy:
        raise SettingsUnreadable("settings_listen_in_clear", listen=network.listen)
    if (network.opened or network.tls) and urlsplit(base_url).scheme != "https":
        raise SettingsUnreadable("settings_base_url_not_https", base_url=base_url)


def names_of(network: Network, sign_in: SignInSettings, base_url: str) -> tuple[str, ...]:
    """Return the host names requests may come by.

    Without sign-in those of loopback only: by any other name a foreign page could have the reader's own
    browser read the board to it (DNS rebinding).
    """
    own_address = () if network.beyond_loopback else (as_host(network.listen),)
    near = tuple(dict.fromkeys((*LOOPBACK_NAMES, *own_address)))
    if not sign_in.required:
        return near
    own = (urlsplit(base_url).hostname or LOOPBACK).lower()
    return tuple(dict.fromkeys((*near, own, *network.hosts)))


def as_host(address: str) -> str:
    """Return an address as it stands in a URL (RFC 3986, 3.2.2)."""
    return f"[{address}]" if ":" in address else address


def _address(listen: str) -> str:
    try:
        return str(ip_address(LOOPBACK if listen == "localhost" else listen))
    except ValueError as error:
        raise SettingsUnreadable("settings_listen_no_address", value=listen) from error


def _name(host: str) -> str:
    if not _NAME.fullmatch(host.lower()):
        raise SettingsUnreadable("settings_host_no_name", value=host)
    return host.lower()


def _proxy(named: str) -> str:
    """Return a proxy's address or network; one that holds whole provinces of the internet is refused."""
    try:
        network = ip_network(named)
    except ValueError as error:
        raise SettingsUnreadable("settings_proxy_no_address", value=named) from error
    if network.prefixlen < (8 if network.version == 4 else 32):
        raise wrong("behind_proxy", named)
    return named
