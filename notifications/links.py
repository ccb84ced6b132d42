"""Addresses of the board's pages as they stand in letters: the one place where they are built."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote


@dataclass(frozen=True)
class Links:
    """Pages under ``base_url``; without one every link is "" and letters do without."""

    base_url: str = ""

    def task(self, plan: str, row: int) -> str:
        return self._page("tasks", plan, str(row))

    def sheet(self, plan: str, period: str, unit: str) -> str:
        return self._page("sheets", plan, period, unit)

    def plan(self, plan: str) -> str:
        return self._page("plans", plan)

    def feed(self, token: str) -> str:
        page = self._page("feeds", token)
        return f"{page}.ics" if page else ""

    def _page(self, *parts: str) -> str:
        if not self.base_url:
            return ""
        return "/".join((self.base_url.rstrip("/"), *map(_segment, parts)))


@lru_cache(maxsize=4096)
def _segment(part: str) -> str:
    """Percent-encode one path segment, slashes included; kept, since a letter's links share most."""
    return quote(part, safe="")
