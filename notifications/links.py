"""Addresses of the board's pages as they stand in letters: the one place where they are built."""

from __future__ import annotations

from dataclasses import dataclass
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

    def _page(self, *parts: str) -> str:
        if not self.base_url:
            return ""
        return "/".join((self.base_url.rstrip("/"), *(quote(part, safe="") for part in parts)))
