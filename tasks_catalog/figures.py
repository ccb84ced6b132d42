"""Figures reported of targets: a number as people write it, read against the target it is about.

Vietnamese writing: "1.000" is a thousand, "97,5" ninety-seven and a half, and so is "97.5". A percentage
may be given as the two counts it comes from, "24.635/24.641 hồ sơ": both are kept, and it is judged by
them, not by a rounded number. A percentage is taken as a share of a whole, which is never under 0 nor
over 100, unless the target's words speak of a change, or of a plan or budget that can be exceeded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tasks_catalog.problem import Problem, Refused
from tasks_catalog.targets import PERCENT, Target, number_of
from tasks_catalog.text import clean, plain

_NUMBER = r"[-+−]?(?:\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
_FIGURE = re.compile(
    rf"(?P<number>{_NUMBER})(?:\s*/\s*(?P<whole>{_NUMBER}))?(?![\d.,/])\s*(?P<unit>[^\d\s].*)?", re.DOTALL
)
_NUMBERED = re.compile(r"\s*(?P<target>\d+)\s*=(?P<words>.*)", re.DOTALL)
_DIGITS = re.compile(r"[\d., ]+")
_MOST_DIGITS = 24
"""Characters of a number, its points included: more is a slip of the hand, and past exact division."""
_GROUPED_BY_COMMAS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_NO_SHARE = re.compile(
    r"\b(?:tăng|giảm|tốc\s+độ|so\s+với|vượt|dự\s+toán|kế\s+hoạch|chỉ\s+tiêu|chỉ\s+số|công\s+suất|tiết\s+kiệm)\b",
    re.IGNORECASE,
)
_CHANGES = re.compile(r"\b(?:tăng|giảm|tốc\s+độ|so\s+với|tiết\s+kiệm)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was reached of one target: an amount, or the two counts that make a percentage."""

    target: int
    """The target's place in its task, counted from 1."""
    amount: Decimal | None = None
    part: Decimal | None = None
    whole: Decimal | None = None

    @property
    def is_whole(self) -> bool:
        """Say whether it holds an amount or both counts, and not a mixture."""
        counts = (self.part is not None, self.whole is not None)
        return counts == (False, False) if self.amount is not None else counts == (True, True)

    @property
    def value(self) -> Decimal:
        """The number that is judged; of two counts it is the percentage, unrounded."""
        if self.part is not None and self.whole:
            return 100 * self.part / self.whole
        return self.amount or Decimal(0)


def read_figures(words: Iterable[str], targets: tuple[Target, ...], *, task: str) -> tuple[Figure, ...]:
    """Read figures as typed: "97,5", or with the target's number before it, "2=24.635/24.641".

    Raises Refused: the sentence quotes what was typed and says what would be right.
    """
    figures: list[Figure] = []
    for one in words:
        figure = _read(one, targets, task)
        if any(figure.target == other.target for other in figures):
            raise Refused("figure_twice", words=clean(one), number=figure.target)
        figures.append(figure)
    return tuple(figures)


def fault_of(figure: Figure, targets: tuple[Target, ...], *, task: str) -> Problem | None:
    """Return why the figure cannot be kept: of no target of the task, or no number the target can have."""
    if not targets:
        return Problem(code="targets_none", params={"task": task})
    if not 1 <= figure.target <= len(targets):
        return _unknown(figure.target, targets, task)
    target = targets[figure.target - 1]
    quoted = {"words": _as_given(figure), "target": target.text}
    if not figure.is_whole:
        return Problem(code="figure_unreadable", params=quoted)
    if figure.whole is not None and figure.whole <= 0:
        return Problem(code="figure_of_nothing", params=quoted)
    if figure.value < 0 and not (target.is_percent and _CHANGES.search(f"{target.of} {target.text}")):
        return Problem(code="figure_negative", params=quoted)
    if figure.value > 100 and _is_share(target):
        return Problem(code="figure_over_100", params=quoted)
    return None


def _unknown(number: int, targets: tuple[Target, ...], task: str) -> Problem:
    params = {"task": task, "number": str(number), "targets": in_lines(targets)}
    return Problem(code="target_unknown", params=params)


def in_lines(targets: Iterable[Target]) -> str:
    """Return the targets numbered: "1) Tối thiểu 95% ...; 2) ..."."""
    return "; ".join(f"{number}) {target.text}" for number, target in enumerate(targets, start=1))


def decimal_text(number: Decimal) -> str:
    """Return a number as it is written in Vietnamese: "24.635", "97,5"."""
    whole, _, rest = f"{number.normalize():f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".") if whole.strip("-") else whole
    sign = "-" if whole.startswith("-") and not grouped.startswith("-") else ""
    return f"{sign}{grouped},{rest}" if rest else f"{sign}{grouped}"


def _as_given(figure: Figure) -> str:
    if figure.part is not None and figure.whole is not None:
        return f"{decimal_text(figure.part)}/{decimal_text(figure.whole)}"
    return decimal_text(figure.amount or Decimal(0))


def _is_share(target: Target) -> bool:
    """Say whether the percentage is of a whole: not of a change, a budget or a plan."""
    beyond = target.value > 100 or _NO_SHARE.search(f"{target.of} {target.text}")
    return target.unit == PERCENT and not beyond


def _read(typed: str, targets: tuple[Target, ...], task: str) -> Figure:
    words = clean(typed)
    numbered = _NUMBERED.fullmatch(words)
    if not targets:
        raise Refused("targets_none", task=task)
    if numbered is None and len(targets) > 1:
        raise Refused("figure_of_which", words=words, task=task, targets=in_lines(targets))
    number = int(numbered["target"][:9]) if numbered else 1
    fault = None if 1 <= number <= len(targets) else _unknown(number, targets, task)
    if fault is not None:
        raise Refused(fault.code, **fault.params)
    said = numbered["words"].strip() if numbered else words
    figure = _figure(said.rstrip(" .,;"), number, targets[number - 1])
    fault = fault_of(figure, targets, task=task)
    if fault is not None:
        raise Refused(fault.code, **{**fault.params, "words": said})
    return figure


def _figure(words: str, number: int, target: Target) -> Figure:
    found = _FIGURE.fullmatch(words)
    if found is None or any(len(run) > _MOST_DIGITS for run in _DIGITS.findall(words)):
        raise Refused("figure_unreadable", words=words, target=target.text)
    unit, is_fraction = (found["unit"] or "").strip(" .,;"), found["whole"] is not None
    _check_unit(words, unit, target, is_fraction=is_fraction)
    if is_fraction:
        part, whole = (_number(found[name], words, counts=True) for name in ("number", "whole"))
        return Figure(target=number, part=part, whole=whole)
    amount = _number(found["number"], words, counts=not target.is_percent)
    return Figure(target=number, amount=amount)


def _check_unit(words: str, unit: str, target: Target, *, is_fraction: bool) -> None:
    """Refuse a count where a percentage is asked for, a percentage where a count is, another noun."""
    said = plain(unit).replace("phan tram", PERCENT)
    if is_fraction and not target.is_percent:
        raise Refused("figure_fraction", words=words, unit=target.unit, target=target.text)
    if not said or (is_fraction and not said.startswith(PERCENT)):
        return
    if target.is_percent and (is_fraction or not said.startswith(PERCENT)):
        raise Refused("figure_no_percent", words=words, target=target.text)
    wanted = plain(target.unit)
    if not (wanted.startswith(said) or said.startswith(wanted)) and not target.is_percent:
        raise Refused("figure_other_unit", words=words, unit=target.unit, target=target.text)


def _number(written: str, words: str, *, counts: bool) -> Decimal:
    """Read one number; "1,250" of things counted may be a thousand or one and a quarter: it is asked."""
    written = written.replace("−", "-").replace(" ", ".")
    if _GROUPED_BY_COMMAS.fullmatch(written.lstrip("+-")) and (counts or written.count(",") > 1):
        right = written.replace(",", ".")
        raise Refused("figure_ambiguous", words=words, number=written, right=right)
    sign, digits = (-1, written[1:]) if written.startswith("-") else (1, written.lstrip("+"))
    return sign * number_of(digits)
