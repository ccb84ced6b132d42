"""What is owed as a calendar sees it: a share with the words of its task, and whether it is still shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasks_catalog.facts import Closing, Share
from tasks_catalog.occurrence import Role


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A share with what its task says; ``row`` is the task's in ``plan``."""

    plan: str
    row: int
    text: str
    product: str = ""
    closing: Closing | None = None
    share: Share

    @property
    def is_dated(self) -> bool:
        """Has a date of its own: no part of a period sheet, or moved off the sheet's cut-off."""
        return self.share.period is None or self.share.due != self.share.first_due

    @property
    def is_off(self) -> bool:
        """Not owed any more though nobody did it: given to another unit, or closed by decision."""
        return self.share.withdrawn_on is not None or (self.closing is not None and not self.share.is_done)

    @property
    def is_open(self) -> bool:
        return self.share.is_live and not self.is_off

    def is_shown(self, since: date) -> bool:
        """Say whether it is still shown: while it is owed, and what ended from ``since`` on.

        Co-owners' shares are voluntary and stay open for ever: those due before ``since`` have gone by.
        """
        ended = self._ended_on
        if ended is None:
            return self.share.role is Role.OWNER or self.share.due >= since
        return ended >= since

    @property
    def _ended_on(self) -> date | None:
        if self.share.withdrawn_on is not None:
            return self.share.withdrawn_on
        if self.share.report is not None:
            return self.share.report.on
        return self.closing.on if self.closing is not None else None


def by_event(owed: Iterable[Owed]) -> tuple[tuple[Owed, ...], ...]:
    """Return the shares that are told together: one with a date of its own, or a whole period sheet's."""
    found: dict[tuple[object, ...], list[Owed]] = {}
    for each in owed:
        share = each.share
        key = share.key if each.is_dated else (each.plan, share.period, share.key.unit, "sheet")
        found.setdefault(tuple(key), []).append(each)
    return tuple(tuple(shares) for shares in found.values())


def nearest(events: Iterable[tuple[Owed, ...]], today: date, most: int) -> tuple[tuple[Owed, ...], ...]:
    """Return at most ``most`` of what is told, that due nearest to ``today``."""
    return tuple(sorted(events, key=lambda told: (abs(told[0].share.due - today), told[0].share.key))[:most])
