"""An identity provider of a few lines, which answers as it is told to: also as none should."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

ISSUER = "https://sso.example.vn/realms/tinh"
SECRET = "bi-mat/của dondoc"


def a_key(kid: str = "mot") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


@dataclass
class Issuer:
    """Signs in whoever ``claims`` name; ``changes`` break what its metadata, tokens or answers say."""

    clock: Callable[[], float]
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    key: ECKey = field(default_factory=a_key)
    published: list[ECKey] = field(default_factory=list)
    """What its key set holds; empty: the key it signs with."""
    down: bool = False
    calls: list[str] = field(default_factory=list)
    _given: dict[str, dict[str, str]] = field(default_factory=dict)

    def approve(self, address: str, **more: str) -> str:
        """Sign in at the address a browser was sent to; return the path it comes back to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["code_challenge_method"] == "S256"
        code = f"ma-{len(self._given)}"
        self._given[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{httpx.QueryParams({'code': code, 'state': asked['state'], **more})}"

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/realms/tinh")
        self.calls.append(path)
        if self.down:
            raise httpx.ConnectTimeout("no answer", request=request)
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self._metadata())
        if path == "/jwks":
            keys = [key.as_dict(private=False) for key in self.published or [self.key]]
            return httpx.Response(200, json={"keys": keys})
        if path == "/userinfo":
            assert request.headers["authorization"] == "Bearer the-xem"
            return httpx.Response(200, json=self.userinfo)
        return self._token(request)

    def _metadata(self) -> dict[str, Any]:
        said = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        }
        return {**said, **self.metadata}

    def _token(self, request: httpx.Request) -> httpx.Response:
        """Exchange a code, once, for the client that asked (RFC 6749, 4.1.3; RFC 7636, 4.6)."""
        kind, _, both = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(both).decode().partition(":")
        if (kind, name, httpx.QueryParams(f"s={secret}")["s"]) != ("Basic", "dondoc", SECRET):
            return httpx.Response(401, json={"error": "invalid_client"})
        form = {key: value for key, (value,) in parse_qs(request.content.decode()).items()}
        asked = self._given.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return httpx.Response(400, json={"error": "invalid_grant"})
        now = int(self.clock())
        said = {"iss": ISSUER, "aud": "dondoc", "nonce": asked["nonce"], "iat": now, "exp": now + 300}
        said = {name: value for name, value in {**said, **self.claims}.items() if value is not None}
        token = jwt.encode({"alg": "ES256", "kid": self.key.kid}, said, self.key)
        return httpx.Response(
            200, content=json.dumps({"id_token": token, "access_token": "the-xem", "token_type": "Bearer"})
        )
