"""Addresses of the board's pages as they stand in letters: the one place where they are built.

A link that acts for its reader carries a token. What is composed, kept and previewed holds a mark in its
place; only the message that leaves gets the token.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote

from notifications.signing import Purpose

PASSWORD = "w"  # noqa: S105  # a letter in a mark, as those of ``Purpose``
"""What stands in the mark of a one-time link (``notifications.account_tokens``)."""
HIDDEN = "…"
"""What is kept and previewed where a token stood."""


@dataclass(frozen=True)
class Links:
    """Pages under ``base_url``; without one every link is "" and letters do without.

    ``mark`` stands for tokens in one letter; without one the letter holds no link that acts.
    """

    base_url: str = ""
    mark: str = ""

    def marked(self, message_id: str) -> Links:
        """Return the links of one letter: a plan's words cannot hold its mark by chance."""
        return replace(self, mark=f"dd{hashlib.sha256(message_id.encode()).hexdigest()[:20]}")

    def act(self, purpose: Purpose, notice: int = 0) -> str:
        """Return the link by which the letter's reader may do this one thing about one line."""
        return self._page("a", f"{self.mark}.{purpose}.{notice}") if self.mark else ""

    def password(self) -> str:
        """Return the link by which the letter's reader sets a password, once."""
        return self._page("sign-in", "link", f"{self.mark}.{PASSWORD}.0") if self.mark else ""

    def task(self, plan: str, row: int) -> str:
        return self._page("tasks", plan, str(row))

    def share_act(self, plan: str, row: int, occurrence: str, unit: str) -> str:
        """Return what the addresses of a share's forms begin with."""
        return self._page("tasks", plan, str(row), "shares", occurrence, unit)

    def sheet(self, plan: str, period: str, unit: str) -> str:
        return self._page("sheets", plan, period, unit)

    def plan(self, plan: str) -> str:
        return self._page("plans", plan)

    def search(self) -> str:
        return self._page("tasks")

    def letter(self, letter: int) -> str:
        return self._page("outbox", str(letter))

    def feed(self, token: str) -> str:
        page = self._page("feeds", token)
        return f"{page}.ics" if page else ""

    def _page(self, *parts: str) -> str:
        if not self.base_url:
            return ""
        return "/".join((self.base_url.rstrip("/"), *map(_segment, parts)))


def with_tokens(words: str, mark: str, token: Callable[[str, int], str]) -> str:
    """Return ``words`` with each mark replaced by what ``token`` makes for its purpose and line.

    The purpose comes as the mark has it: a ``Purpose``, or ``PASSWORD``.
    """
    if not mark:
        return words
    return _marked(mark).sub(lambda match: token(match[1], int(match[2])), words)


def without_tokens(words: str, mark: str) -> str:
    """Return ``words`` as they may be kept: nobody can act by them."""
    return _marked(mark).sub(HIDDEN, words) if mark else words


@lru_cache(maxsize=8)
def _marked(mark: str) -> re.Pattern[str]:
    return re.compile(rf"{mark}\.([a-z])\.(\d+)")


@lru_cache(maxsize=4096)
def _segment(part: str) -> str:
    """Percent-encode one path segment, slashes included; kept, since a letter's links share most."""
    return quote(part, safe="")
