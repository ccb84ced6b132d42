"""The terms as they are written.

::

    term    = [clock] day | month | quarter | part | year
    day     = ["ngày"] D sep M sep Y | ["ngày"] D "tháng" M [year] | D "/" M | ["ngày"] Y-M-D | "ngày" D
    month   = [third] "tháng" M [year] | M "/" Y
    quarter = [third] "quý" Q [year]
    part    = N "tháng" ("đầu" | "cuối") "năm" [Y] | "nửa" ("đầu" | "cuối") "năm" [Y] | N "tháng" "năm" Y
    year    = [third] "năm" Y | Y
    third   = "đầu" | "giữa" | "cuối"

A term printed so that it cannot be right ("31/02/2025", "Quý V", "Tháng 15/11/2022") keeps ``guesses``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.quarters import Read, read_bare_quarter, read_quarter, third_at
from tasks_catalog.deadline.terms import FIRST_YEAR, LAST_YEAR, Grain, Term, guess_day, one_day
from tasks_catalog.deadline.tokens import Token, at, kinds, roman_value
from tasks_catalog.deadline.years import full_year, is_open, is_short_year, is_year, year_at

_SEPARATORS = (K.SLASH, K.DOT, K.DASH)


def read_term(tokens: Sequence[Token], i: int) -> Read | None:
    """Return the term at ``i`` and the index after it, or None."""
    readers: tuple[Callable[[Sequence[Token], int], Read | None], ...] = (
        _misnamed, _iso_day, _numeric_day, _worded_day, _part, _month, read_quarter, _year, _month_of_year,
        _day_month, _lone_day, read_bare_quarter,
    )  # fmt: skip
    for reader in readers:
        if found := reader(tokens, i):
            return found
    return None


def _day(year: int | None, month: int, day: int) -> Term:
    """Return the day named, as a fault with its guess where no calendar has it."""
    probe = year or 2024  # a leap year, so that 29/02 without its year may stand
    sound = 1 <= month <= 12 and FIRST_YEAR <= probe <= LAST_YEAR and one_day(probe, month, day)
    term = Term(grain=Grain.DAY, year=year, first=month, last=month, day=day)
    return term if sound else replace(term, fault=True, guesses=guess_day(year or 0, month, day))


def _misnamed(tokens: Sequence[Token], i: int) -> Read | None:
    """Read a unit before a thing of another unit: "Tháng 15/11/2022", "Tháng Quý IV/2022", "Ngày 11/2025"."""
    unit = at(tokens, i).kind
    if unit in (K.MONTH, K.QUARTER, K.YEAR):
        found = _numeric_day(tokens, i + 1)
        if found is None and unit is not K.YEAR:
            found = (read_quarter if unit is K.MONTH else _month)(tokens, i + 1)
        if found is None and unit is K.YEAR:
            found = _month_of_year(tokens, i + 1)
        year_at_once = is_year(at(tokens, i + 1)) or (
            at(tokens, i + 1).kind is K.YEAR and is_year(at(tokens, i + 2))
        )
        if found is None and unit is K.MONTH and year_at_once:
            found = _year(tokens, i + 1)  # "tháng năm 2025": May, or a month not said
        return _as_fault(found)
    if unit is K.DAY and (found := _month_of_year(tokens, i + 1) or _year_after_day(tokens, i)):
        return _as_fault(found)
    return None


def _year_after_day(tokens: Sequence[Token], i: int) -> Read | None:
    return _year(tokens, i + 1) if at(tokens, i + 1).kind is K.QUARTER or is_year(at(tokens, i + 1)) else None


def _as_fault(found: Read | None) -> Read | None:
    if found is None:
        return None
    term, end = found
    guess = term.span(0) if term.year is None else term.span(term.year)
    return replace(term, fault=True, guesses=term.guesses or ((guess,) if guess else ())), end


def _iso_day(tokens: Sequence[Token], i: int) -> Read | None:
    i += at(tokens, i).kind is K.DAY
    numbers = _numbers(tokens, i)
    if numbers is None or not is_year(numbers[0]) or len(numbers[1].text) > 2 or len(numbers[2].text) > 2:
        return None
    return _day(numbers[0].value, numbers[1].value, numbers[2].value), i + 5


def _numbers(tokens: Sequence[Token], i: int) -> tuple[Token, Token, Token] | None:
    """Return three numbers joined twice by the same separator."""
    sep = at(tokens, i + 1).kind
    if sep not in _SEPARATORS or not kinds(tokens, i, K.NUM, sep, K.NUM, sep, K.NUM):
        return None
    return at(tokens, i), at(tokens, i + 2), at(tokens, i + 4)


def _numeric_day(tokens: Sequence[Token], i: int) -> Read | None:
    """Read "15/11/2025", "15-11-2025", "ngày 15/11-2025", "ngày 15/11 năm 2025"."""
    named = at(tokens, i).kind is K.DAY
    i += named
    numbers = _numbers(tokens, i)
    if numbers is None and kinds(tokens, i, K.NUM, K.SLASH, K.NUM, K.DASH, K.NUM):
        numbers = at(tokens, i), at(tokens, i + 2), at(tokens, i + 4)
        if not is_year(numbers[2]):
            return None
    if numbers is None or len(numbers[0].text) > 2 or len(numbers[1].text) > 2:
        return None
    day, month, year = numbers
    if is_open(tokens, i + 5) or not (len(year.text) == 4 or is_short_year(year)):
        return Term(grain=Grain.DAY, fault=True), i + 5 + 2 * is_open(tokens, i + 5)
    return _day(full_year(year), month.value, day.value), i + 5


def _worded_day(tokens: Sequence[Token], i: int) -> Read | None:
    """Read "ngày 15 tháng 11 năm 2025", "15 tháng 11/2025", "ngày 15 tháng 11"."""
    named = at(tokens, i).kind is K.DAY
    i += named
    end = i + 1 + (at(tokens, i + 1).kind is K.OF or (named and at(tokens, i + 1).kind is K.COMMA))
    if at(tokens, i).kind is not K.NUM or not kinds(tokens, end, K.MONTH, K.NUM):
        return None
    month = at(tokens, end + 1)
    if is_year(month) or (not named and at(tokens, i).value > 31):
        return None
    year = year_at(tokens, end + 2)
    return _day(year[0] if year else None, month.value, at(tokens, i).value), year[1] if year else end + 2


def _day_month(tokens: Sequence[Token], i: int) -> Read | None:
    """Read "15/11", "ngày 15-11", "ngày 15/11 năm 2025"; a bare "15-11" is a range, not a day."""
    named = at(tokens, i).kind is K.DAY
    i += named
    sep = at(tokens, i + 1).kind
    if not kinds(tokens, i, K.NUM, sep, K.NUM) or sep not in (
        (K.SLASH, K.DASH, K.DOT) if named else (K.SLASH,)
    ):
        return None
    day, month = at(tokens, i), at(tokens, i + 2)
    if len(day.text) > 2 or len(month.text) > 2 or (sep is K.DASH and is_open(tokens, i + 3)):
        return None  # "ngày 20-22/10/2025" is a range of days
    year = year_at(tokens, i + 3) if at(tokens, i + 3).kind in (K.YEAR, K.COMMA, K.OF) else None
    return _day(year[0] if year else None, month.value, day.value), year[1] if year else i + 3


def _lone_day(tokens: Sequence[Token], i: int) -> Read | None:
    """Read "ngày 20", whose month is said by what follows ("hằng tháng") or by nothing."""
    if not kinds(tokens, i, K.DAY, K.NUM):
        return None
    day = at(tokens, i + 1).value
    return Term(grain=Grain.DAY, first=0, last=0, day=day, fault=not 1 <= day <= 31), i + 2


def _month_of_year(tokens: Sequence[Token], i: int) -> Read | None:
    """Read "11/2025", "11-2025", "11.2025"."""
    month, sep, year = at(tokens, i), at(tokens, i + 1).kind, at(tokens, i + 2)
    if month.kind is not K.NUM or len(month.text) > 2 or sep not in _SEPARATORS or not is_year(year):
        return None
    fault = not 1 <= month.value <= 12 or is_open(tokens, i + 3)
    return Term(grain=Grain.MONTH, year=year.value, first=month.value, last=month.value, fault=fault), i + 3


def _month(tokens: Sequence[Token], i: int) -> Read | None:
    third, i = third_at(tokens, i)
    if at(tokens, i).kind is not K.MONTH:
        return None
    i += 1 + (at(tokens, i + 1).kind in (K.STOP, K.DOT) and at(tokens, i + 2).kind is K.NUM)
    number = at(tokens, i)
    roman = None if number.kind is K.NUM else roman_value(number)
    if not (number.kind is K.NUM and len(number.text) <= 2) and roman is None:
        return None
    month = number.value if roman is None else roman
    year = year_at(tokens, i + 1)
    end = year[1] if year else i + 1
    term = Term(grain=Grain.MONTH, year=year[0] if year else None, first=month, last=month, third=third)
    if not 1 <= month <= 12 or is_open(tokens, end):
        return replace(term, fault=True), end + 2 * is_open(tokens, end)
    return (term, end) if roman is None else _as_fault((term, end))


def _part(tokens: Sequence[Token], i: int) -> Read | None:
    """Read "6 tháng đầu năm (2025)", "02 tháng cuối năm", "nửa đầu năm", "9 tháng năm 2025"."""
    if at(tokens, i).kind is K.HALF:
        count, j = 6, i + 1
        swapped = kinds(tokens, j, K.YEAR, K.EARLY) or kinds(tokens, j, K.YEAR, K.LATE)
        j += swapped
    elif at(tokens, i).kind is K.MONTHS:
        count, j, swapped = at(tokens, i).value, i + 1, False
    elif kinds(tokens, i, K.NUM, K.MONTH) and 1 <= at(tokens, i).value <= 11:
        count, j, swapped = at(tokens, i).value, i + 2, False
    else:
        return None
    side = at(tokens, j).kind if at(tokens, j).kind in (K.EARLY, K.LATE) else None
    j += side is not None
    named = at(tokens, j).kind is K.YEAR or swapped
    year = year_at(tokens, j)
    if year is None and (side is None or not named):
        return None
    end = year[1] if year else j + (not swapped)
    first, last = (13 - count, 12) if side is K.LATE else (1, count)
    return Term(grain=Grain.PART, year=year[0] if year else None, first=first, last=last), end


def _year(tokens: Sequence[Token], i: int) -> Read | None:
    third, j = third_at(tokens, i)
    named = at(tokens, j).kind is K.YEAR
    j += named
    number = at(tokens, j)
    if is_year(number):
        fault = is_open(tokens, j + 1)
        return Term(grain=Grain.YEAR, year=number.value, third=third, fault=fault), j + 1 + 2 * fault
    if third is not None and named and number.kind is not K.NUM:
        return Term(grain=Grain.YEAR, third=third), j
    return None
