"""Phrases that state a recurrence.

::

    every = ("hằng" | "mỗi" | "định kỳ") (unit | N "tháng") | N unit ("/" | "một") "lần" | N "lần" "/" unit
          | {preposition} "thứ" D {"," "thứ" D} ["đầu tiên"] "hằng" unit
          | {preposition} "ngày" D ("hằng tháng" | ["của"] "tháng" ("đầu" | "cuối") ["mỗi"] "quý")
          | "cuối" "mỗi" unit
    bare  = unit | N "tháng"                     -- counts only beside another recurrence
"""

from __future__ import annotations

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.phrase import (
    QUARTER_ENDS,
    QUARTER_STARTS,
    Phrase,
    Role,
    Tokens,
    fault,
    prepositions,
    unnumbered,
)
from tasks_catalog.deadline.tokens import at, kinds
from tasks_catalog.text import plain

_UNITS = {K.WEEK: "WEEKLY", K.MONTH: "MONTHLY", K.QUARTER: "QUARTERLY", K.YEAR: "YEARLY"}
_TO_A_WEEKDAY = (K.COMMA, K.LPAREN, K.COLON, K.IN, K.ABOUT, K.WEEKDAY, K.BEFORE, K.LATEST, K.WORD)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _every(start: int, end: int, recurrence: str) -> Phrase:
    return Phrase(role=Role.EVERY, start=start, end=end, recurrence="FREQ=" + recurrence)


def read_weekdays(tokens: Tokens, start: int) -> Phrase | None:
    """Read "thứ Hai hằng tuần", "hằng tuần vào thứ Sáu", "mỗi thứ Hai", "thứ Hai đầu tiên hằng tháng"."""
    _, i = prepositions(tokens, start)
    each = at(tokens, i).kind is K.EACH
    if kinds(tokens, i + each, K.WEEK) and at(tokens, i + each + 1).kind in _TO_A_WEEKDAY:
        each = True
        _, i = prepositions(tokens, i + each + (at(tokens, i).kind is K.EACH))
        i += at(tokens, i).kind in (K.COMMA, K.LPAREN)
    elif each:
        i += 1
    days, end = _weekday_list(tokens, i)
    if not days:
        return None
    nth = {K.FIRST: "1", K.EARLY: "1", K.LATE: "-1"}.get(at(tokens, end).kind, "")
    end += bool(nth)
    while at(tokens, end).kind in (K.OF, K.COMMA, K.IN):
        end += 1
    tail = at(tokens, end + 1).kind if at(tokens, end).kind is K.EACH else None
    listed = ",".join(nth + day for day in days)
    if tail in (K.MONTH, K.WEEK):
        frequency = "MONTHLY" if tail is K.MONTH else "WEEKLY"
        ok = bool(nth) or tail is K.WEEK
        return _every(start, end + 2, f"{frequency};BYDAY={listed}") if ok else fault(start, end + 2)
    if each and not nth:
        return _every(start, end, f"WEEKLY;BYDAY={listed}")
    return Phrase(role=Role.WEEKDAY, start=start, end=end)


def _weekday_list(tokens: Tokens, i: int) -> tuple[list[str], int]:
    """Return the weekdays listed at ``i``: "thứ Hai, thứ 5 và thứ Sáu"."""
    days: list[str] = []
    while (day := _weekday(tokens, i)) is not None:
        days.append(_DAYS[day[0]])
        i = day[1]
        if at(tokens, i).kind not in (K.COMMA, K.AND) or _weekday(tokens, i + 1) is None:
            break
        i += 1
    return days, i


def _weekday(tokens: Tokens, i: int) -> tuple[int, int] | None:
    if at(tokens, i).kind is K.WEEKDAY:
        return at(tokens, i).value, i + 1
    number = at(tokens, i + 1)
    if plain(at(tokens, i).text) == "thu" and number.kind is K.NUM and 2 <= number.value <= 7:
        return number.value - 2, i + 2
    return None


def read_day_of_month(tokens: Tokens, start: int) -> Phrase | None:
    """Read "trước ngày 20 hằng tháng", "ngày 15 của tháng cuối quý", "ngày 05 tháng sau"."""
    _, i = prepositions(tokens, start)
    days: list[int] = []
    while kinds(tokens, i, K.DAY, K.NUM) or (days and at(tokens, i).kind is K.NUM):
        i += at(tokens, i).kind is K.DAY
        days.append(at(tokens, i).value)
        i += 1
        if at(tokens, i).kind not in (K.COMMA, K.AND):
            break
        i += 1
    last = kinds(tokens, i, K.DAY, K.LATE)
    i += 2 * last
    if not days and not last:
        return None
    while at(tokens, i).kind in (K.OF, K.COMMA, K.IN):
        i += 1
    tail = _month_tail(tokens, i)
    if tail is None or not all(1 <= day <= 31 for day in days):
        return None
    months, end = tail
    by_day = f";BYMONTHDAY={','.join(map(str, days))}" if days else ""
    if months == QUARTER_ENDS and not days:
        return _every(start, end, "QUARTERLY")
    return _every(start, end, f"MONTHLY{f';BYMONTH={months}' if months else ''}{by_day}")


def _month_tail(tokens: Tokens, i: int) -> tuple[str, int] | None:
    """Read the months a day recurs in: "tháng sau", "tháng cuối (mỗi) quý"; "" is every month."""
    if kinds(tokens, i, K.EACH, K.MONTH):
        return ("", i + 2) if unnumbered(tokens, i + 2) else None
    if kinds(tokens, i, K.LATE, K.EACH, K.QUARTER):
        return QUARTER_ENDS, i + 3
    if kinds(tokens, i, K.EACH, K.QUARTER) or (kinds(tokens, i, K.QUARTER) and unnumbered(tokens, i + 1)):
        return QUARTER_ENDS, i + 1 + (at(tokens, i).kind is K.EACH)
    if at(tokens, i).kind is not K.MONTH or not unnumbered(tokens, i + 1):
        return None
    side, j = at(tokens, i + 1).kind, i + 2
    if side not in (K.EARLY, K.LATE, K.FIRST):
        return "", i + 1 + (side in (K.NEXT, K.AFTER))
    while at(tokens, j).kind in (K.OF, K.EACH):
        j += 1
    if at(tokens, j).kind is not K.QUARTER or not unnumbered(tokens, j + 1):
        return None
    j += 1 + (at(tokens, j + 1).kind in (K.NEXT, K.AFTER))
    return (QUARTER_ENDS if side is K.LATE else QUARTER_STARTS), j


def read_each(tokens: Tokens, start: int) -> Phrase | None:
    """Read "hằng quý", "mỗi 6 tháng", "thường niên", "định kỳ quý", "mỗi tháng một lần"."""
    if at(tokens, start).kind is K.YEARLY:
        return _every(start, start + 1, "YEARLY")
    if at(tokens, start).kind not in (K.EACH, K.PERIODIC, K.ACCORDING):
        return None
    i = start + 1 + (at(tokens, start).kind is not K.EACH and at(tokens, start + 1).kind is K.EACH)
    i += kinds(tokens, i, K.COLON)
    i += _is_one(tokens, i) and at(tokens, i + 1).kind in _UNITS
    if months := _month_count(tokens, i):
        recurrence = _every_months(months[0])
        return _every(start, _once(tokens, months[1]), recurrence) if recurrence else None
    unit = at(tokens, i).kind
    if unit in _UNITS and unnumbered(tokens, i + 1):
        return _every(start, _once(tokens, i + 1), _UNITS[unit]) if not _counted(tokens, i) else None
    return None


def _is_one(tokens: Tokens, i: int) -> bool:
    return at(tokens, i).kind is K.ONE or (at(tokens, i).kind is K.NUM and at(tokens, i).value == 1)


def _counted(tokens: Tokens, i: int) -> bool:
    """Say whether "mỗi năm" goes on with a count other than one: "mỗi năm 02 lần"."""
    return kinds(tokens, i + 1, K.NUM, K.TIMES) and at(tokens, i + 1).value != 1


def _once(tokens: Tokens, i: int) -> int:
    """Return the index after "/lần", "một lần", "01 lần" at ``i``."""
    j = i + (at(tokens, i).kind is K.SLASH)
    j += _is_one(tokens, j)
    return j + 1 if j > i and at(tokens, j).kind is K.TIMES else i


def _month_count(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """Read "6 tháng", "sáu tháng" that name no part of a year."""
    if at(tokens, i).kind is K.MONTHS:
        count, end = at(tokens, i).value, i + 1
    elif kinds(tokens, i, K.NUM, K.MONTH):
        count, end = at(tokens, i).value, i + 2
    else:
        return None
    return (count, end) if at(tokens, end).kind not in (K.NUM, K.EARLY, K.LATE, K.FIRST) else None


def _every_months(count: int) -> str | None:
    """Return the recurrence of "N tháng" among reporting periods: 9 is the nine-month report, once a year."""
    named = {1: "MONTHLY", 3: "QUARTERLY", 6: "HALFYEARLY", 9: "YEARLY;BYMONTH=9", 12: "YEARLY"}
    return named.get(count, f"MONTHLY;INTERVAL={count}" if count in (2, 4) else None)


def read_ratio(tokens: Tokens, start: int) -> Phrase | None:
    """Read "6 tháng/lần", "02 năm một lần", "quý/lần", "02 lần/năm", "mỗi năm 02 lần"."""
    i = start + (at(tokens, start).kind is K.EACH)
    number = at(tokens, i)
    counted = number.kind is K.NUM or number.kind is K.ONE
    count = number.value if number.kind is K.NUM else 1
    if counted and at(tokens, i + 1).kind is K.TIMES:
        return _times_per(tokens, start, i + 2, count)
    unit_at = i + counted
    unit = at(tokens, unit_at).kind
    if at(tokens, i).kind is K.MONTHS:
        count, unit, unit_at = at(tokens, i).value, K.MONTH, i
    if unit not in _UNITS:
        return None
    if kinds(tokens, unit_at + 1, K.NUM, K.TIMES) and at(tokens, unit_at + 1).value > 1 and count == 1:
        return _times_in(start, unit_at + 3, at(tokens, unit_at + 1).value, unit)
    end = _once(tokens, unit_at + 1)
    if end == unit_at + 1:
        return None
    if unit is K.MONTH:
        recurrence = _every_months(count) if count != 9 else None
        return _every(start, end, recurrence) if recurrence else fault(start, end)
    return _every(start, end, _UNITS[unit] + (f";INTERVAL={count}" if count > 1 else "")) if count else None


def _times_per(tokens: Tokens, start: int, i: int, count: int) -> Phrase | None:
    i += at(tokens, i).kind in (K.SLASH, K.EACH, K.IN)
    i += at(tokens, i).kind in (K.ONE, K.EACH) or (kinds(tokens, i, K.NUM) and at(tokens, i).value == 1)
    if months := _month_count(tokens, i):
        recurrence = _every_months(months[0]) if count == 1 else None
        return _every(start, months[1], recurrence) if recurrence else fault(start, months[1])
    unit = at(tokens, i).kind
    return _times_in(start, i + 1, count, unit) if unit in _UNITS else None


def _times_in(start: int, end: int, count: int, unit: K) -> Phrase:
    """Return "N times a unit" where the calendar has a period of that length."""
    if count == 1:
        return _every(start, end, _UNITS[unit])
    named = {
        (2, K.YEAR): "HALFYEARLY",
        (4, K.YEAR): "QUARTERLY",
        (12, K.YEAR): "MONTHLY",
        (3, K.QUARTER): "MONTHLY",
    }
    recurrence = named.get((count, unit))
    return _every(start, end, recurrence) if recurrence else fault(start, end)


def read_end_of_each(tokens: Tokens, start: int) -> Phrase | None:
    """Read "cuối mỗi quý", "định kỳ cuối quý", "cuối tháng hằng tháng"; the beginning of each is doubtful."""
    i = start + (at(tokens, start).kind is K.PERIODIC)
    _, i = prepositions(tokens, i)
    side = at(tokens, i).kind
    if side not in (K.LATE, K.EARLY, K.MID):
        return None
    each = at(tokens, i + 1).kind is K.EACH
    unit_at = i + 1 + each
    each = each or plain(at(tokens, unit_at).text).startswith(("cac ", "nhung "))
    unit = at(tokens, unit_at).kind
    if unit not in _UNITS or not unnumbered(tokens, unit_at + 1):
        return None
    end = unit_at + 1
    if kinds(tokens, end, K.EACH, unit):
        each, end = True, end + 2
    if not each and at(tokens, start).kind is not K.PERIODIC:
        return None if unit is K.YEAR else fault(start, end)
    if side is not K.LATE or unit is K.WEEK:
        return fault(start, end)
    return _every(start, end, _UNITS[unit] + (";BYMONTH=12" if unit is K.YEAR else ""))


def read_periodic(tokens: Tokens, i: int) -> Phrase | None:
    if at(tokens, i).kind is not K.PERIODIC:
        return None
    return Phrase(role=Role.PERIODIC, start=i, end=i + 1)


def read_bare(tokens: Tokens, i: int) -> Phrase | None:
    if months := _month_count(tokens, i):
        recurrence = _every_months(months[0])
        return (
            Phrase(role=Role.BARE, start=i, end=months[1], recurrence=f"FREQ={recurrence}")
            if recurrence
            else None
        )
    one = _is_one(tokens, i) and at(tokens, i + 1).kind in _UNITS and unnumbered(tokens, i + 2)
    i += one
    if at(tokens, i).kind not in _UNITS or len(at(tokens, i).text) == 1 or not unnumbered(tokens, i + 1):
        return None
    return Phrase(role=Role.BARE, start=i - one, end=i + 1, recurrence="FREQ=" + _UNITS[at(tokens, i).kind])
