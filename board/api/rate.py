"""How many calls a token may make: a bucket that fills evenly, in the memory of each process."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

PER_MINUTE = 600
"""Calls of one token; a plan of a thousand tasks is read whole in six."""


@dataclass
class RateLimit:
    """At most ``per_minute`` calls at once, and as many a minute from then on. ``clock`` is in seconds."""

    per_minute: int
    clock: Callable[[], float]
    _left: dict[int, tuple[float, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait_of(self, token: int) -> int:
        """Count a call of the token and return 0; or the seconds to wait, and then it is not counted."""
        now, per_second = self.clock(), self.per_minute / 60
        with self._lock:
            left, since = self._left.get(token, (float(self.per_minute), now))
            left = min(float(self.per_minute), left + (now - since) * per_second)
            self._left[token] = (left - 1 if left >= 1 else left, now)
        return 0 if left >= 1 else max(1, math.ceil((1 - left) / per_second))
