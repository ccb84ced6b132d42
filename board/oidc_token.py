"""What an ID token says, once it is proved to be the provider's, for us, of this sign-in, and of now.

OpenID Connect Core 1.0, 3.1.3.7, read strictly: algorithms from a list of our own, no other audience
without ``azp``, and a nonce always.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from joserfc.jwt import JWTClaimsRegistry

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Signatures by a private key alone: never "none", and no HS*, whose key a client shares (RFC 8725, 3.1)."""
LEEWAY = 60
"""Seconds the two clocks may differ by."""
_FRESH = 600
"""Seconds since a token was made: it was made for the sign-in that is going on."""
_MOST = 16_384
_LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, 2: sub."""


class IdTokenRefused(Exception):
    """The token proves nothing; the reason names what is wrong and holds nothing of the token."""


class KeyUnknown(IdTokenRefused):
    """The token is signed by a key the provider had not published when its keys were read."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Who signed in at the provider: its name for them, for ever, and the address it vouches for."""

    issuer: str
    subject: str
    email: str = ""
    """Empty unless the provider says that it is verified."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a token must say to be the answer to what was asked."""

    issuer: str
    client_id: str
    nonce: str
    now: int
    algorithms: Collection[str] = ALGORITHMS


def keys_from(published: Mapping[str, Any]) -> tuple[Key, ...]:
    """Return the signing keys of a JWK set (RFC 7517, 5); those of unknown kinds or secret are left out."""
    found: list[Key] = []
    for one in published.get("keys", ()):
        if not isinstance(one, dict) or one.get("kty") == "oct" or one.get("use", "sig") != "sig":
            continue
        try:
            found.append(JWKRegistry.import_key(one))
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # "implementations SHOULD ignore JWKs ... not understood"
    return tuple(found)


def claims_of(token: str, keys: Collection[Key], expected: Expected) -> Mapping[str, Any]:
    """Return what a token says. Raises KeyUnknown, IdTokenRefused."""
    if len(token) > _MOST:
        raise IdTokenRefused("too long")
    claims = _verified(token, keys, expected.algorithms)
    registry = JWTClaimsRegistry(
        now=expected.now,
        leeway=LEEWAY,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise IdTokenRefused(error.error) from error
    _check_parties(claims, expected)
    if claims["iat"] < expected.now - _FRESH - LEEWAY:
        raise IdTokenRefused("iat: made long ago")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise IdTokenRefused("nonce: of another sign-in")
    if not 0 < len(claims["sub"]) <= _LONGEST_SUBJECT:
        raise IdTokenRefused("sub: empty or too long")
    return claims


def _check_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if "azp" in claims and claims["azp"] != expected.client_id:
        raise IdTokenRefused("azp: issued to another")
    if set(audience) != {expected.client_id} and "azp" not in claims:
        raise IdTokenRefused("aud: for others too, and no azp")


def _verified(token: str, keys: Collection[Key], algorithms: Collection[str]) -> dict[str, Any]:
    """Return the claims of a token that one of the keys signed, by a kind of signature that is allowed."""
    allowed = ALGORITHMS & set(algorithms)
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError) as error:
        raise IdTokenRefused("no token") from error
    if header.get("alg") not in allowed:
        raise IdTokenRefused("alg: not allowed")
    fits = [key for key in keys if "kid" not in header or key.kid == header["kid"]]
    if not fits:
        raise KeyUnknown("kid: no such key")
    for key in fits:
        try:
            return jwt.decode(token, key, algorithms=[header["alg"]]).claims
        except (JoseError, ValueError, TypeError):
            continue  # another key of the set, or a key of another kind
    raise KeyUnknown("signature: by none of the keys")


def subject_of(claims: Mapping[str, Any], issuer: str) -> Subject:
    """Return whom claims are of; an address counts only where they say ``true`` to its being verified."""
    email = claims.get("email")
    verified = claims.get("email_verified") is True and isinstance(email, str)
    return Subject(issuer=issuer, subject=claims["sub"], email=str(email) if verified else "")
