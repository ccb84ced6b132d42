"""Hashes of passwords that cost nothing: the real ones take 64 MiB and a tenth of a second each."""

from __future__ import annotations

from argon2 import Parameters
from argon2.low_level import Type

from storage.password_hashes import PasswordHashes


def cheap_hashes(time_cost: int = 1) -> PasswordHashes:
    return PasswordHashes(
        Parameters(
            type=Type.ID,
            version=19,
            salt_len=8,
            hash_len=16,
            time_cost=time_cost,
            memory_cost=8,
            parallelism=1,
        )
    )
