"""Figures of targets in words: as the summary, the board and the command line print them alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from notifications.wording import sentence
from tasks_catalog.digest import UnitFigure
from tasks_catalog.figures import Figure
from tasks_catalog.judging import Verdict
from tasks_catalog.targets import PERCENT, Target

_PLACES = (2, 3, 4, 6, 9)


def figure_text(figure: Figure, target: Target, lang: str = "vi") -> str:
    """Return a figure with its unit, and the counts a percentage comes from: "99,97% (24.635/24.641)"."""
    return _text(figure.value, figure.part, figure.whole, target.unit, target.value, lang)


def unit_figure_text(unit: UnitFigure, measure: str, aim: Decimal, lang: str = "vi") -> str:
    """Return the figure a summary has frozen for one unit; "" where there is none."""
    return "" if unit.value is None else _text(unit.value, unit.part, unit.whole, measure, aim, lang)


def reported_text(
    units: Iterable[UnitFigure], measure: str, aim: Decimal, name_of: Callable[[str], str], lang: str = "vi"
) -> str:
    """Return what was reported of a target: the figure of its only unit, else how many units have met it,
    and by name those that have not.
    """
    found = tuple(units)
    if len(found) < 2:
        return "".join(unit_figure_text(unit, measure, aim, lang) for unit in found)
    met = sum(unit.verdict is Verdict.MET for unit in found)
    missed = [
        f"{name_of(unit.unit)} ({unit_figure_text(unit, measure, aim, lang)})"
        for unit in found
        if unit.verdict is Verdict.NOT_MET
    ]
    silent = [name_of(unit.unit) for unit in found if unit.verdict is Verdict.NOT_REPORTED]
    told = [sentence("target_units_met", lang, met=met, units=len(found))]
    if missed:
        told.append(sentence("target_units_missed", lang, units="; ".join(missed)))
    if silent and met + len(missed):
        told.append(sentence("target_units_silent", lang, units="; ".join(silent)))
    return " ".join(told) if met + len(missed) else ""


def number_text(number: Decimal, lang: str = "vi") -> str:
    """Return a number with its thousands set apart: "24.635" and "97,5"; in English "24,635" and "97.5"."""
    english = f"{number:,f}"
    if "." in english:
        english = english.rstrip("0").rstrip(".")
    return english if lang == "en" else english.translate(str.maketrans(",.", ".,"))


def _text(
    value: Decimal, part: Decimal | None, whole: Decimal | None, measure: str, aim: Decimal, lang: str
) -> str:
    gap = "" if measure.startswith(PERCENT) else " "
    amount = f"{number_text(_rounded(value, aim), lang)}{gap}{measure}"
    if part is None or whole is None:
        return amount
    return f"{amount} ({number_text(part, lang)}/{number_text(whole, lang)})"


def _rounded(value: Decimal, aim: Decimal) -> Decimal:
    """Return the value to two places, or as many as keep it on its side of the aim: 99.996 is not 100."""
    for places in _PLACES:
        near = round(value, places)
        if (near > aim, near < aim) == (value > aim, value < aim):
            return near
    return value
