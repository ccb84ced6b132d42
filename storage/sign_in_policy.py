"""How long things of signing in last, and how many failures close the door: data, with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class SignInPolicy:
    """The office's rules. Defaults by NIST SP 800-63B (AAL1; rate limiting, 5.2.2) and OWASP ASVS 3.3."""

    idle: timedelta = timedelta(hours=4)
    """A session not used for so long is over: half a working day."""
    whole: timedelta = timedelta(hours=12)
    """A session is over after so long, however much it is used."""
    seen_every: timedelta = timedelta(minutes=1)
    """Its last use is written no oftener, so that looking writes seldom."""
    window: timedelta = timedelta(minutes=15)
    """Failures are counted over so long, and close the door for so long."""
    pair_failures: int = 5
    """Of one account from one address: others, elsewhere, still sign in to it."""
    address_failures: int = 30
    """Of one address, whatever accounts it tries."""
    account_failures: int = 100
    """Of one account in a row, from anywhere: its password is good again after a reset only."""
    reset_letters: int = 3
    """Letters of reset to one person and day."""
