"""What is kept from whoever does not look after accounts: making an administrator, or taking one's place.

Whoever sets an administrator's post or address could sign in as one: by a link sent to another address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from board.viewers import looking
from board.ways import is_open
from storage.directory_values import PERSON
from tasks_catalog.people import Post
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

_GUARDED = ("post", "email", "active")


def is_beyond(kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    """Say whether a change makes or alters an administrator, and whoever looks may not."""
    if kind != PERSON or is_open(looking(), Right.ACCOUNTS):
        return False
    old, new = before or {}, after or {}
    concerned = str(Post.ADMINISTRATOR) in (old.get("post"), new.get("post"))
    return concerned and any(old.get(name) != new.get(name) for name in _GUARDED)


def refuse_beyond(kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
    """Raise Refused (setting_needs_accounts) where an administrator is made or altered without the right."""
    if is_beyond(kind, before, after):
        raise Refused("setting_needs_accounts")
