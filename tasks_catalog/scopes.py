"""What a program's token may be used for: never more than its person's role, and only what its scopes name.

Each right of a role that the API knows belongs to one scope; a right that stands under none is for people
at pages only, whatever their token says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

LONGEST_DAYS = 400
"""A year and what it takes to renew in time: no token lasts longer."""
LONGEST_NAME = 80


class Scope(StrEnum):
    """What a token was made for."""

    READ = "read"
    """Plans, tasks, units, people, changes: as far as the person's role sees them."""
    WORK = "work"
    """What a unit says of its own shares: reports, progress, figures, requests, waits; files for them."""
    DECIDE = "decide"
    """What waits for a decision: accept, return, extend, snooze."""
    PLANS = "plans"
    """Whole tasks: answer a row's question, correct, trigger, reassign, close, reopen."""


SCOPE_OF: Mapping[Right, Scope] = {
    Right.LOOK: Scope.READ,
    Right.BELOW: Scope.READ,
    Right.TRACE: Scope.READ,
    Right.DIRECTORY: Scope.READ,
    Right.WORK: Scope.WORK,
    Right.FILES: Scope.WORK,
    Right.DECIDE: Scope.DECIDE,
    Right.PLANS: Scope.PLANS,
}


def scopes_or_refuse(words: Iterable[str]) -> tuple[Scope, ...]:
    """Return the scopes named, in their own order. Raises Refused: token_no_scope, token_scope_unknown."""
    asked = {word.strip() for word in words if word.strip()}
    known = ", ".join(Scope)
    if not asked:
        raise Refused("token_no_scope", known=known)
    if unknown := sorted(asked - set(Scope)):
        raise Refused("token_scope_unknown", scope=unknown[0], known=known)
    return tuple(scope for scope in Scope if scope in asked)


def last_day_or_refuse(until: date, today: date) -> date:
    """Return the last day a token holds. Raises Refused: token_day_past, token_too_long."""
    if until < today:
        raise Refused("token_day_past", until=until, today=today)
    if until > (latest := today + timedelta(days=LONGEST_DAYS)):
        raise Refused("token_too_long", until=until, most=LONGEST_DAYS, latest=latest)
    return until
