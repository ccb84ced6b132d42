"""Reporting periods and their cut-offs, as data: which period a day belongs to, what a year holds.

Windows and cut-offs: Nghị định 09/2019/NĐ-CP, Điều 12 (the 15th of one month to the 14th of another);
administrative reform: công văn 581/BNV-CCHC, whose second and fourth quarters are the reports of the
half year and of the year. Both ends of a window belong to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tasks_catalog.problem import Refused


class PeriodKind(StrEnum):
    """How long a reporting period is."""

    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class PeriodRule:
    """One period of every year: its name in keys ("Q1"), its window as (month, day)."""

    name: str
    kind: PeriodKind
    start: tuple[int, int]
    cut_off: tuple[int, int]

    def of(self, year: int) -> Period:
        """Return the period of ``year``; a window that would start after its end starts a year earlier."""
        first_year = year - 1 if self.start > self.cut_off else year
        return Period(
            key=f"{year}-{self.name}",
            kind=self.kind,
            start=date(first_year, *self.start),
            cut_off=date(year, *self.cut_off),
        )


@dataclass(frozen=True, kw_only=True)
class Period:
    """A reporting period of one year, from ``start`` to ``cut_off``, both included."""

    key: str
    kind: PeriodKind
    start: date
    cut_off: date

    @property
    def year(self) -> int:
        """The year it reports on, which is the year of its cut-off."""
        return self.cut_off.year

    @property
    def name_code(self) -> str:
        """Return the code of its printed name, which takes ``year``: "period_q1"."""
        return f"period_{self.key.partition('-')[2].lower()}"


@dataclass(frozen=True, kw_only=True)
class Regime:
    """A reporting regime: its periods by cut-off, the shorter before the longer of one cut-off."""

    key: str
    rules: tuple[PeriodRule, ...]
    why: str


_Q, _H, _9M, _Y = PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.NINE_MONTHS, PeriodKind.YEAR
_NEW_YEAR = (12, 15)


def _rule(name: str, kind: PeriodKind, start: tuple[int, int], cut_off: tuple[int, int]) -> PeriodRule:
    return PeriodRule(name=name, kind=kind, start=start, cut_off=cut_off)


REGIMES: Mapping[str, Regime] = {
    regime.key: regime
    for regime in (
        Regime(
            key="cchc",
            why="công văn 581/BNV-CCHC",
            rules=(
                _rule("Q1", _Q, _NEW_YEAR, (3, 14)),
                _rule("H1", _H, _NEW_YEAR, (6, 14)),
                _rule("Q3", _Q, (6, 15), (9, 14)),
                _rule("Y", _Y, _NEW_YEAR, (12, 14)),
            ),
        ),
        Regime(
            key="nd09",
            why="Nghị định 09/2019/NĐ-CP, Điều 12",
            rules=(
                _rule("Q1", _Q, _NEW_YEAR, (3, 14)),
                _rule("Q2", _Q, (3, 15), (6, 14)),
                _rule("H1", _H, _NEW_YEAR, (6, 14)),
                _rule("Q3", _Q, (6, 15), (9, 14)),
                _rule("9M", _9M, _NEW_YEAR, (9, 14)),
                _rule("Q4", _Q, (9, 15), (12, 14)),
                _rule("Y", _Y, _NEW_YEAR, (12, 14)),
            ),
        ),
        Regime(
            key="calendar",
            why="an office that counts by calendar quarters",
            rules=(
                _rule("Q1", _Q, (1, 1), (3, 31)),
                _rule("Q2", _Q, (4, 1), (6, 30)),
                _rule("Q3", _Q, (7, 1), (9, 30)),
                _rule("Q4", _Q, (10, 1), (12, 31)),
            ),
        ),
    )
}


def regime_of(key: str) -> Regime:
    """Return the regime called ``key``. Raises Refused("regime_unknown")."""
    if key not in REGIMES:
        raise Refused("regime_unknown", regime=key, known=", ".join(REGIMES))
    return REGIMES[key]


def periods_of(regime: str, year: int) -> tuple[Period, ...]:
    """Return the periods that report on ``year``, by cut-off."""
    return tuple(rule.of(year) for rule in regime_of(regime).rules)


def one_per_cut_off(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """Return the longest period of each cut-off: a unit is asked once a day, not once a report."""
    longest: dict[date, Period] = {}
    for period in periods:
        known = longest.get(period.cut_off)
        if known is None or period.start < known.start:
            longest[period.cut_off] = period
    return tuple(longest.values())


def period_of(regime: str, day: date) -> Period:
    """Return the first period whose cut-off is ``day`` or later, which may be next year's first."""
    this_year = (p for p in periods_of(regime, day.year) if p.cut_off >= day)
    return next(this_year, None) or periods_of(regime, day.year + 1)[0]


def period_by_key(regime: str, key: str) -> Period:
    """Return the period with the key, such as "2022-Q1". Raises Refused("period_unknown")."""
    year, _, _ = key.partition("-")
    if len(year) == 4 and year.isascii() and year.isdigit() and int(year) > 1:
        for period in periods_of(regime, int(year)):
            if period.key == key:
                return period
    names = ", ".join(rule.name for rule in regime_of(regime).rules)
    raise Refused("period_unknown", key=key, regime=regime, known=names)
