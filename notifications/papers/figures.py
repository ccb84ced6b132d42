"""Numbers and dates as official papers write them (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from notifications.wording import date_text


def padded(number: int) -> str:
    """Return a count with a leading zero under 10: "05"."""
    return f"{number:02}"


def official_date(day: date, lang: str = "vi") -> str:
    """Return a date, days under 10 and the months 1 and 2 padded: "06/3/2023", "28/02/2023"."""
    return date_text(day, lang) if lang == "en" else f"{day.day:02}/{official_month(day.month)}/{day.year}"


def official_month(month: int) -> str:
    return f"{month:02}" if month < 3 else str(month)


def percent(part: int, whole: int, lang: str = "vi") -> str:
    """Return ``part`` of ``whole`` in per cent, to one decimal, without the sign; of nothing it is 0."""
    share = f"{100 * part / whole:.1f}" if whole else "0"
    share = share.removesuffix(".0")
    return share if lang == "en" else share.replace(".", ",")


def difference(now: int, before: int) -> str:
    return f"{now - before:+d}" if now != before else "0"


def row_ranges(rows: Iterable[int]) -> str:
    """Return row numbers with runs of three and more joined: "1, 4, 7–9"."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return ", ".join(part for run in runs for part in _run_text(run))


def _run_text(run: list[int]) -> list[str]:
    return [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(row) for row in run]
