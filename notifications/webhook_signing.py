"""Signs what webhooks are sent, after the Standard Webhooks specification (1.0.0).

A webhook's secret is derived from the office's keys, the webhook's number and its rotation (HKDF, RFC
5869): nothing has to be kept, and a stolen database or backup signs nothing. Whoever changes the office's
keys keeps the old ones below the new one for as long as receivers still know the old secret: a message
carries a signature by each, and a receiver takes any that fits.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from storage.schema import WebhookRow

OLD_SECRET_HOLDS = timedelta(days=1)
"""How long after a rotation messages are signed with the secret before, too."""
_SECRET_BYTES = 32  # the specification asks for 24 to 64


@dataclass(frozen=True, kw_only=True)
class SecretScope:
    """Which secrets a webhook has."""

    organisation_id: int
    webhook_id: int
    rotation: int
    rotated_at: datetime | None = None

    @classmethod
    def of(cls, row: WebhookRow) -> Self:
        return cls(
            organisation_id=row.organisation_id,
            webhook_id=row.id,
            rotation=row.rotation,
            rotated_at=row.rotated_at,
        )


def secret_of(scope: SecretScope, keys: Sequence[str]) -> str:
    """Return the secret as its receiver is told it: "whsec_" and base64."""
    return "whsec_" + b64encode(_secret(scope, scope.rotation, keys[0])).decode("ascii")


def headers_of(
    event_id: str, body: bytes, scope: SecretScope, keys: Sequence[str], *, now: datetime
) -> Mapping[str, str]:
    """Return the three headers that let a receiver know whose message this is, and how old."""
    stamp = str(int(now.timestamp()))
    signed = f"{event_id}.{stamp}.".encode() + body
    signatures = [
        "v1," + b64encode(hmac.new(_secret(scope, rotation, key), signed, hashlib.sha256).digest()).decode()
        for rotation in _in_force(scope, now)
        for key in keys
    ]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signatures),
    }


def _in_force(scope: SecretScope, now: datetime) -> tuple[int, ...]:
    if scope.rotated_at is not None and now - scope.rotated_at < OLD_SECRET_HOLDS:
        return scope.rotation, scope.rotation - 1
    return (scope.rotation,)


def _secret(scope: SecretScope, rotation: int, key: str) -> bytes:
    about = f"dondoc.webhook.1|{scope.organisation_id}|{scope.webhook_id}|{rotation}"
    derived = HKDF(algorithm=SHA256(), length=_SECRET_BYTES, salt=None, info=about.encode())
    return derived.derive(key.encode())
