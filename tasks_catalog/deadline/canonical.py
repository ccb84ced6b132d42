"""``canonical``: the plain wording of a reading, which reads the same again."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from tasks_catalog.deadline.model import DateRange, Deadline, Kind
from tasks_catalog.deadline.phrase import QUARTER_ENDS, QUARTER_STARTS

_PLAIN = {
    "FREQ=WEEKLY": "Hằng tuần",
    "FREQ=MONTHLY": "Hằng tháng",
    "FREQ=QUARTERLY": "Hằng quý",
    "FREQ=HALFYEARLY": "Định kỳ 6 tháng",
    "FREQ=YEARLY": "Hằng năm",
}
_UNITS = {"WEEKLY": "tuần", "MONTHLY": "tháng", "QUARTERLY": "quý", "YEARLY": "năm"}
_DAYS = {
    "MO": "thứ Hai",
    "TU": "thứ Ba",
    "WE": "thứ Tư",
    "TH": "thứ Năm",
    "FR": "thứ Sáu",
    "SA": "thứ Bảy",
    "SU": "Chủ nhật",
}
_QUARTERS = ("I", "II", "III", "IV")


def canonical(deadline: Deadline) -> str:
    """Return a Vietnamese wording whose reading is ``deadline`` again; an unclear one keeps its own words."""
    if deadline.kind is Kind.COMPOUND:
        return "; ".join(canonical(part) for part in deadline.parts)
    if deadline.kind is Kind.CONTINUOUS:
        return "Thường xuyên"
    if deadline.kind in (Kind.WHEN, Kind.EXTERNAL):
        return deadline.condition or deadline.text
    words = _stated(deadline)
    if words is None:
        return deadline.text
    return f"{words} {deadline.condition}" if deadline.condition else words


def _stated(deadline: Deadline) -> str | None:
    """Return the words of a date, a span or a recurrence."""
    if deadline.kind is Kind.EVERY and deadline.recurrence:
        return _every(deadline.recurrence)
    if len(deadline.dates) != 1:
        return None
    if deadline.kind is Kind.BY and deadline.dates[0].to:
        return f"Trước ngày {_day(deadline.dates[0].to)}"
    return _within(deadline.dates[0]) if deadline.kind is Kind.WITHIN else None


def _day(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def _within(span: DateRange) -> str | None:
    start, to = span.start, span.to
    if start is None or to is None:
        if to is not None:
            return f"Từ nay đến ngày {_day(to)}"
        return f"Từ ngày {_day(start)}" if start else None
    return _whole(start, to) or f"Từ ngày {_day(start)} đến ngày {_day(to)}"


def _whole(start: date, to: date) -> str | None:
    """Return the name of a month, quarter, half year, year or run of years, or None for any other span."""
    if start.day != 1 or to.day != monthrange(to.year, to.month)[1]:
        return None
    if start.month == 1 and to.month == 12:
        return f"Năm {to.year}" if start.year == to.year else f"Giai đoạn {start.year}-{to.year}"
    if start.year != to.year:
        return None
    length = to.month - start.month + 1
    if length == 1:
        return f"Tháng {to.month}/{to.year}"
    if length == 3 and to.month % 3 == 0:
        return f"Quý {_QUARTERS[to.month // 3 - 1]}/{to.year}"
    if length == 6 and to.month % 6 == 0:
        return f"6 tháng {'đầu' if to.month == 6 else 'cuối'} năm {to.year}"
    return None


def _every(recurrence: str) -> str | None:
    if recurrence in _PLAIN:
        return _PLAIN[recurrence]
    parts = dict(part.partition("=")[::2] for part in recurrence.split(";"))
    frequency = parts.get("FREQ", "")
    if "INTERVAL" in parts:
        return f"{parts['INTERVAL']} {_UNITS[frequency]}/lần" if frequency in _UNITS else None
    if "BYDAY" in parts:
        return _on_weekdays(parts["BYDAY"].split(","), _UNITS.get(frequency, ""))
    if frequency == "MONTHLY":
        return _in_months(parts)
    return _in_year(parts) if frequency == "YEARLY" and "BYMONTH" in parts else None


def _on_weekdays(days: list[str], unit: str) -> str:
    nth = {"1": " đầu tiên", "-1": " cuối cùng"}.get(days[0][:-2], "")
    names = ", ".join(_DAYS.get(day[-2:], day) for day in days)
    return f"{names[:1].upper()}{names[1:]}{nth} hằng {unit}"


def _in_months(parts: dict[str, str]) -> str | None:
    days = parts.get("BYMONTHDAY", "cuối").replace(",", ", ")
    which = {QUARTER_ENDS: "của tháng cuối quý", QUARTER_STARTS: "của tháng đầu quý", "": "hằng tháng"}
    months = which.get(parts.get("BYMONTH", ""))
    return f"Ngày {days} {months}" if months else None


def _in_year(parts: dict[str, str]) -> str:
    months, day = parts["BYMONTH"].split(","), parts.get("BYMONTHDAY")
    if day is None:
        return f"Tháng {', '.join(months)} hằng năm"
    return f"Trước ngày {', '.join(f'{day}/{month}' for month in months)} hằng năm"
