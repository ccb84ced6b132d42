"""The identity provider, asked over the network: what it says of itself, its keys, and who signed in there.

Authorization code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700, 2.1.1). Every call has
a time limit and a limit of size, follows no redirect, and checks certificates; few are made at once, so that
a provider that hangs does not hold up the board.
"""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus, urlencode, urlsplit

import httpx
from joserfc.jwk import Key

from board.oidc_token import (
    ALGORITHMS,
    Expected,
    IdTokenRefused,
    KeyUnknown,
    Subject,
    claims_of,
    keys_from,
    subject_of,
)
from storage.door_settings import LOOPBACK_NAMES, OidcSettings

_SECONDS = httpx.Timeout(5.0)
_MOST_BYTES = 512 * 1024
_KEPT_SECONDS = 3600
_AT_ONCE = 4
_SCOPE = "openid email"
_OURS = ("invalid_client", "unauthorized_client")
"""Refusals (RFC 6749, 5.2) that no other attempt mends: it does not know us by this id and secret."""


class ProviderAway(Exception):
    """The provider cannot be asked, or answers what no provider answers; the reason is for the log."""


class CodeRefused(Exception):
    """The provider does not know the code: it was used, is too old, or was never given."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What one sign-in is known by: kept in the reader's browser until it comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, kw_only=True)
class _Metadata:
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    authorization: str
    token: str
    jwks: str
    userinfo: str
    algorithms: frozenset[str]
    auth_methods: tuple[str, ...]
    says_issuer: bool
    """Whether every answer names the provider (RFC 9207)."""
    read_at: float


class Provider:
    """One identity provider. ``clock`` returns seconds since 1970, by which its tokens are judged."""

    def __init__(
        self,
        settings: OidcSettings,
        *,
        clock: Callable[[], float],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.settings = settings
        self._transport = transport
        self._clock = clock
        self._trusted = ssl.create_default_context(cafile=settings.ca_file) if settings.ca_file else True
        self._metadata: _Metadata | None = None
        self._keys: tuple[Key, ...] = ()
        self._slots = threading.BoundedSemaphore(_AT_ONCE)

    @property
    def name(self) -> str:
        return self.settings.name or urlsplit(self.settings.issuer).hostname or self.settings.issuer

    def address(self, asked: Asked, redirect_uri: str) -> str:
        """Return where a browser is sent to sign in. Raises ProviderAway."""
        with self._calls() as client:
            found = self._found(client)
        challenge = hashlib.sha256(asked.verifier.encode("ascii")).digest()
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": _SCOPE,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode("ascii"),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(found.authorization).query else "?"
        return f"{found.authorization}{joint}{urlencode(query, quote_via=quote)}"

    def who(self, code: str, asked: Asked, redirect_uri: str, *, said_issuer: str | None = None) -> Subject:
        """Return who signed in, by the code a browser brought back; ``said_issuer`` is whose answer it is.

        Raises ProviderAway, CodeRefused, IdTokenRefused.
        """
        with self._calls() as client:
            found = self._found(client)
            # RFC 9207, 2.4: an answer of another provider, mixed up with ours, is not taken to ours.
            if said_issuer is None and found.says_issuer:
                raise IdTokenRefused("iss: the answer does not say whose it is")
            if said_issuer is not None and said_issuer != self.settings.issuer:
                raise IdTokenRefused("iss: another provider's answer")
            given = self._exchanged(client, found, code, asked, redirect_uri)
            token = given.get("id_token")
            if not isinstance(token, str):
                raise ProviderAway("no id_token")
            claims = self._proved(client, found, token, asked)
            subject = subject_of(claims, self.settings.issuer)
            if not subject.email and "email" not in claims and found.userinfo:
                return self._completed(client, found, given, subject)
        return subject

    def _proved(self, client: httpx.Client, found: _Metadata, token: str, asked: Asked) -> Mapping[str, Any]:
        expected = Expected(
            issuer=self.settings.issuer,
            client_id=self.settings.client_id,
            nonce=asked.nonce,
            now=int(self._clock()),
            algorithms=found.algorithms,
        )
        keys = self._keys or self._read_keys(client, found)
        try:
            return claims_of(token, keys, expected)
        except KeyUnknown:  # the provider may have changed its keys: they are read again, once
            return claims_of(token, self._read_keys(client, found), expected)

    def _completed(
        self, client: httpx.Client, found: _Metadata, given: Mapping[str, Any], subject: Subject
    ) -> Subject:
        """Ask for the address where the token does not hold it; it counts for this very subject only."""
        headers = {"Authorization": f"Bearer {given.get('access_token', '')}"}
        claims = self._json(client, "GET", found.userinfo, headers=headers)
        if claims.get("sub") != subject.subject:  # OpenID Connect Core 1.0, 5.3.2
            raise IdTokenRefused("sub: userinfo is about another")
        return subject_of(claims, self.settings.issuer)

    def _exchanged(
        self, client: httpx.Client, found: _Metadata, code: str, asked: Asked, redirect_uri: str
    ) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": asked.verifier,
        }
        secret, client_id = self.settings.secret, self.settings.client_id
        headers: dict[str, str] = {}
        if secret and "client_secret_basic" in found.auth_methods:
            # RFC 6749, 2.3.1: each half is form-encoded before the two are joined.
            both = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode("ascii")
            headers["Authorization"] = f"Basic {base64.b64encode(both).decode('ascii')}"
        else:
            form |= {"client_id": client_id} | ({"client_secret": secret} if secret else {})
        return self._json(client, "POST", found.token, headers=headers, form=form)

    def _found(self, client: httpx.Client) -> _Metadata:
        """Return what the provider says of itself, read at most once an hour."""
        known = self._metadata
        if known is None or not 0 <= self._clock() - known.read_at < _KEPT_SECONDS:
            known = self._discovered(client)
            self._metadata = known
        return known

    def _discovered(self, client: httpx.Client) -> _Metadata:
        issuer = self.settings.issuer
        said = self._json(client, "GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != issuer:  # OpenID Connect Discovery 1.0, 4.3
            raise ProviderAway("it calls itself by another name than oidc_issuer")
        algorithms = _words(said, "id_token_signing_alg_values_supported") or ("RS256",)
        methods = _words(said, "token_endpoint_auth_methods_supported") or ("client_secret_basic",)
        return _Metadata(
            authorization=self._endpoint(said, "authorization_endpoint"),
            token=self._endpoint(said, "token_endpoint"),
            jwks=self._endpoint(said, "jwks_uri"),
            userinfo=self._endpoint(said, "userinfo_endpoint") if "userinfo_endpoint" in said else "",
            algorithms=ALGORITHMS & set(algorithms),
            auth_methods=methods,
            says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
            read_at=self._clock(),
        )

    def _endpoint(self, said: Mapping[str, Any], key: str) -> str:
        """Return an address of the provider's: https, or on loopback where the provider is there."""
        address = str(said.get(key, ""))
        parts = urlsplit(address)
        near = parts.hostname in LOOPBACK_NAMES and urlsplit(self.settings.issuer).scheme == "http"
        if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and near)):
            raise ProviderAway(f"{key} is no https address")
        return address

    def _read_keys(self, client: httpx.Client, found: _Metadata) -> tuple[Key, ...]:
        self._keys = keys_from(self._json(client, "GET", found.jwks))
        return self._keys

    @contextmanager
    def _calls(self) -> Iterator[httpx.Client]:
        if not self._slots.acquire(blocking=False):
            raise ProviderAway("too many sign-ins wait for it already")
        try:
            with httpx.Client(
                verify=self._trusted, timeout=_SECONDS, follow_redirects=False, transport=self._transport
            ) as client:
                yield client
        finally:
            self._slots.release()

    def _json(
        self,
        client: httpx.Client,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        """Return the JSON object at an address. Raises ProviderAway; CodeRefused for a form turned down."""
        sent = {"Accept": "application/json", **(headers or {})}
        body = bytearray()
        try:
            with client.stream(method, address, headers=sent, data=form) as answer:
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > _MOST_BYTES:
                        raise ProviderAway("its answer is too long")
        except httpx.HTTPError as error:
            raise ProviderAway(type(error).__name__) from error
        if form is not None and answer.status_code in (400, 401):
            named = _error_named(answer, bytes(body))
            raise (ProviderAway if named in _OURS else CodeRefused)(named)
        if answer.status_code != httpx.codes.OK:
            raise ProviderAway(f"it answers {answer.status_code}")
        return _object(bytes(body))


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise ProviderAway("its answer is no JSON") from error
    if not isinstance(found, dict):
        raise ProviderAway("its answer is no JSON object")
    return found


def _error_named(answer: httpx.Response, body: bytes) -> str:
    """Return the code of a refusal (RFC 6749, 5.2), of the characters such a code has, for the log."""
    try:
        named = str(_object(body).get("error", ""))
    except ProviderAway:
        named = ""
    kept = "".join(each for each in named[:60] if each.isascii() and (each.isalnum() or each == "_"))
    return kept or f"it answers {answer.status_code}"


def _words(said: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = said.get(key)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()
