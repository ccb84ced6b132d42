"""ID tokens: what is forged, of another sign-in, or no longer good proves nothing."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

from board.oidc_token import Expected, IdTokenRefused, KeyUnknown, claims_of, keys_from, subject_of

ISSUER, US, NOW = "https://sso.example.vn", "dondoc", 1_700_000_000
KEY = ECKey.generate_key("P-256", {"kid": "mot", "use": "sig"})
OTHER = ECKey.generate_key("P-256", {"kid": "mot", "use": "sig"})
EXPECTED = Expected(issuer=ISSUER, client_id=US, nonce="lan-nay", now=NOW)
CLAIMS = {
    "iss": ISSUER,
    "aud": US,
    "sub": "248289761001",
    "nonce": "lan-nay",
    "iat": NOW - 2,
    "exp": NOW + 300,
}


def token(claims: Mapping[str, Any], key: Key = KEY, alg: str = "ES256", **header: str) -> str:
    return jwt.encode({"alg": alg, "kid": "mot", **header}, dict(claims), key, algorithms=[alg])


def test_a_token_of_this_sign_in_is_believed() -> None:
    claims = claims_of(token(CLAIMS), [KEY], EXPECTED)
    assert subject_of(claims, ISSUER).subject == "248289761001"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        pytest.param({"iss": "https://khac.example.vn"}, "invalid_claim", id="of another provider"),
        pytest.param({"aud": "khac"}, "invalid_claim", id="for another"),
        pytest.param({"aud": [US, "khac"]}, "aud", id="for others too, and not said for whom"),
        pytest.param({"aud": [US, "khac"], "azp": "khac"}, "azp", id="issued to another"),
        pytest.param({"azp": "khac"}, "azp", id="for us, issued to another"),
        pytest.param({"exp": NOW - 61}, "expired_token", id="expired"),
        pytest.param({"exp": "mai"}, "invalid_claim", id="an expiry that is no time"),
        pytest.param({"iat": NOW + 120}, ".", id="made in time to come"),
        pytest.param({"iat": NOW - 700}, "iat", id="made long ago"),
        pytest.param({"nonce": "lan-truoc"}, "nonce", id="of another sign-in"),
        pytest.param({"nonce": None}, "nonce", id="of no sign-in"),
        pytest.param({"nonce": 7}, "nonce", id="a nonce that is no word"),
        pytest.param({"sub": ""}, ".", id="of nobody"),
        pytest.param({"sub": 7}, "invalid_claim", id="of a number"),
        pytest.param({"sub": "a" * 256}, "sub", id="of too long a name"),
        pytest.param({"exp": None}, "missing_claim", id="for ever"),
        pytest.param({"nbf": NOW + 120}, ".", id="not yet good"),
    ],
)
def test_what_a_token_says_must_be_of_now_for_us_and_of_this_sign_in(
    changed: dict[str, Any], why: str
) -> None:
    said = {name: value for name, value in {**CLAIMS, **changed}.items() if value is not None}
    with pytest.raises(IdTokenRefused, match=why):
        claims_of(token(said), [KEY], EXPECTED)


def test_for_others_too_it_is_believed_when_it_says_that_it_was_issued_to_us() -> None:
    assert claims_of(token({**CLAIMS, "aud": [US, "khac"], "azp": US}), [KEY], EXPECTED)


def _unsigned() -> str:
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none", "kid": "mot"}, CLAIMS)
    )
    return f"{head}.{body}."


def _tampered() -> str:
    head, _, signature = token(CLAIMS).split(".")
    body = base64.urlsafe_b64encode(json.dumps({**CLAIMS, "sub": "1"}).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


def _by_the_public_key_as_a_shared_one() -> str:
    head, body, _ = token(CLAIMS).split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "mot"}).encode()).rstrip(b"=").decode()
    made = hmac.digest(KEY.as_pem(private=False), f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        pytest.param(_unsigned, "alg", id="alg none"),
        pytest.param(_by_the_public_key_as_a_shared_one, "alg", id="HS256 by the public key"),
        pytest.param(lambda: token(CLAIMS, OTHER), "signature", id="another key of the same name"),
        pytest.param(_tampered, "signature", id="changed after it was signed"),
        pytest.param(lambda: token(CLAIMS, KEY, kid="hai"), "kid", id="a key nobody published"),
        pytest.param(lambda: "khong.phai.token", "no token", id="no token"),
        pytest.param(lambda: "", "no token", id="nothing"),
        pytest.param(lambda: "ó.ó.ó", "no token", id="not even ASCII"),
        pytest.param(lambda: "a" * 20_000, "too long", id="endless"),
    ],
)
def test_a_signature_by_the_providers_own_key_alone_is_believed(forged: Callable[[], str], why: str) -> None:
    with pytest.raises(IdTokenRefused, match=why):
        claims_of(forged(), [KEY], EXPECTED)


def test_a_kind_of_signature_the_provider_does_not_use_is_not_believed() -> None:
    only_rsa = Expected(issuer=ISSUER, client_id=US, nonce="lan-nay", now=NOW, algorithms=["RS256", "HS256"])
    with pytest.raises(IdTokenRefused, match="alg"):
        claims_of(token(CLAIMS), [KEY], only_rsa)


def test_without_a_kid_every_key_is_tried() -> None:
    bare = jwt.encode({"alg": "ES256"}, dict(CLAIMS), KEY)
    assert claims_of(bare, [OTHER, KEY], EXPECTED)
    with pytest.raises(KeyUnknown):
        claims_of(bare, [OTHER], EXPECTED)


def test_of_published_keys_those_to_sign_with_count() -> None:
    rsa = RSAKey.generate_key(2048, {"kid": "rsa"})
    published = {
        "keys": [
            rsa.as_dict(private=False),
            OctKey.generate_key(256, {"kid": "chung"}).as_dict(private=True),
            {**KEY.as_dict(private=False), "use": "enc", "kid": "ma-hoa"},
            {"kty": "la-lam", "kid": "la"},
            "khong phai khoa",
        ]
    }
    assert [key.kid for key in keys_from(published)] == ["rsa"]


@pytest.mark.parametrize(
    ("said", "email"),
    [
        pytest.param({"email": "gu@example.vn", "email_verified": True}, "gu@example.vn", id="verified"),
        pytest.param({"email": "gu@example.vn", "email_verified": False}, "", id="not verified"),
        pytest.param({"email": "gu@example.vn", "email_verified": "true"}, "", id="a word for true"),
        pytest.param({"email": "gu@example.vn"}, "", id="not said"),
        pytest.param({"email": ["gu@example.vn"], "email_verified": True}, "", id="no address"),
    ],
)
def test_an_address_counts_when_the_provider_vouches_for_it(said: dict[str, Any], email: str) -> None:
    assert subject_of({**CLAIMS, **said}, ISSUER).email == email
