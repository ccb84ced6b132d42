"""Hashes of passwords: argon2id, with as much memory as RFC 9106 asks for where it is short."""

from __future__ import annotations

from dataclasses import dataclass
from threading import BoundedSemaphore

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from tasks_catalog.problem import Refused

_PATIENCE_SECONDS = 10


class TooManyAtOnce(Refused):
    """More people sign in at this moment than there is memory for."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a password came to; ``renewed`` is a hash by today's parameters where the kept one is older."""

    right: bool
    renewed: str | None = None


class PasswordHashes:
    """Makes and checks hashes, ``at_once`` at a time: each takes 64 MiB by the default parameters.

    Checking for somebody who has no password takes as long as for one who has.
    """

    def __init__(self, parameters: Parameters = RFC_9106_LOW_MEMORY, *, at_once: int = 2) -> None:
        self._hasher = PasswordHasher.from_parameters(parameters)
        self._room = BoundedSemaphore(at_once)
        self._nobodys: str | None = None

    def hashed(self, password: str) -> str:
        """Return the hash of a password in its normal form. Raises TooManyAtOnce."""
        with _Turn(self._room):
            return self._hasher.hash(password)

    def check(self, kept: str | None, password: str | None) -> Checked:
        """Compare a password with a hash; either may be missing, and the time is spent all the same.

        Raises TooManyAtOnce.
        """
        with _Turn(self._room):
            if kept is None or password is None:
                self._verify(self._nobody(), "")
                return Checked(right=False)
            if not self._verify(kept, password):
                return Checked(right=False)
            stale = self._hasher.check_needs_rehash(kept)
            return Checked(right=True, renewed=self._hasher.hash(password) if stale else None)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    def _nobody(self) -> str:
        if self._nobodys is None:
            self._nobodys = self._hasher.hash("nobody's")
        return self._nobodys

    def warm(self) -> None:
        """Make the hash that nobody's password is compared with, so that the first check costs no more."""
        self._nobody()


class _Turn:
    def __init__(self, room: BoundedSemaphore) -> None:
        self._room = room

    def __enter__(self) -> None:
        if not self._room.acquire(timeout=_PATIENCE_SECONDS):
            raise TooManyAtOnce("sign_in_busy")

    def __exit__(self, *_: object) -> None:
        self._room.release()
