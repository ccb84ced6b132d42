"""How each family of wordings is read, for a plan of 2025."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest

from tasks_catalog.deadline import DateRange, Deadline, Kind, read_deadline


def said(deadline: Deadline) -> str:
    """Return a reading in one line: kind, spans, recurrence, condition, then its parts in braces."""
    spans = [f"{span.start or ''}..{span.to or ''}" for span in deadline.dates]
    own = [deadline.kind.value, *spans, *filter(None, (deadline.recurrence, deadline.condition))]
    return " ".join([*own, *(f"{{{said(part)}}}" for part in deadline.parts)])


def reads(words: str, expected: str, why: str) -> object:
    return pytest.param(words, expected, id=why)


def check(words: str, expected: str) -> None:
    assert said(read_deadline(words, year=2025)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads("Trước ngày 15/11/2022", "by ..2022-11-15", "before a day counts the day itself"),
        reads("hoàn thành trước 15-11-2025.", "by ..2025-11-15", "dashes part a date"),
        reads("15.11.2025", "by ..2025-11-15", "dots part a date"),
        reads("2025-06-30", "by ..2025-06-30", "an ISO date is a date"),
        reads("15/11/25", "by ..2025-11-15", "a year of two digits is of this century"),
        reads("ngày 15 tháng 11 năm 2025", "by ..2025-11-15", "a date in words is a date"),
        reads("Trước 31 tháng 12", "by ..2025-12-31", "a day without its year takes the plan's"),
        reads("(trước ngày 11 /12)", "by ..2025-12-11", "blanks inside a date do not matter"),
        reads("(trước ngày 25/12 trong năm)", "by ..2025-12-25", "in the year adds nothing to a day"),
        reads("chậm nhất là ngày 15/6/2025", "by ..2025-06-15", "at the latest is by"),
        reads("Không quá ngày 15/6/2025", "by ..2025-06-15", "not past is by"),
        reads("Đến hết ngày 30/6/2025", "by ..2025-06-30", "to the end of a day is by"),
        reads("Xong trước 20/6", "by ..2025-06-20", "done before is by"),
        reads("Trước 17h00 ngày 15/11/2025", "by ..2025-11-15", "an hour of the day is passed over"),
        reads("Trong năm 2026, trước ngày 30/6", "by ..2026-06-30", "a year in front is the day's year"),
        reads("Báo cáo quý III/2025 trước ngày 15/9/2025", "by ..2025-09-15", "the quarter names the report"),
        reads(
            "Xây dựng kế hoạch năm 2026 trước ngày 15/12/2025", "by ..2025-12-15", "the year names the plan"
        ),
        reads("thứ Sáu, ngày 14/11/2025", "by ..2025-11-14", "a weekday only repeats its date"),
        reads("Quý II/2025 (trước ngày 15/6/2025)", "by ..2025-06-15", "the nearer date holds"),
    ],
)
def test_days(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads("Tháng 11", "within 2025-11-01..2025-11-30", "a month without its year takes the plan's"),
        reads("T12/2025", "within 2025-12-01..2025-12-31", "T is short for month"),
        reads("Tháng 6/25", "within 2025-06-01..2025-06-30", "a month's year may have two digits"),
        reads("Tháng 12: báo cáo", "within 2025-12-01..2025-12-31", "a colon is no clock"),
        reads("cuối tháng 6/2025", "within 2025-06-21..2025-06-30", "the end of a month ends with it"),
        reads("Quý 3", "within 2025-07-01..2025-09-30", "quarters are counted in digits too"),
        reads("Quý III - 2025", "within 2025-07-01..2025-09-30", "a dash leads to the year"),
        reads("QIII/2025", "within 2025-07-01..2025-09-30", "Q is short for quarter"),
        reads("Quý IV (năm 2025)", "within 2025-10-01..2025-12-31", "the year may stand in brackets"),
        reads("Năm 2026: Quý IV", "within 2026-10-01..2026-12-31", "the year may stand in front"),
        reads("06 tháng cuối năm", "within 2025-07-01..2025-12-31", "the second half of the plan's year"),
        reads("Sáu tháng đầu năm 2026", "within 2026-01-01..2026-06-30", "the count may be a word"),
        reads("nửa đầu năm 2025", "within 2025-01-01..2025-06-30", "half a year"),
        reads("9 tháng đầu năm 2025", "within 2025-01-01..2025-09-30", "nine months"),
        reads("cuối năm", "within 2025-12-01..2025-12-31", "the end of the year is December"),
        reads("Cả năm", "within 2025-01-01..2025-12-31", "the whole year is the plan's"),
        reads("đến năm 2030, tầm nhìn đến năm 2045", "within ..2030-12-31", "an outlook is no deadline"),
        reads("trước tháng 6/2025", "within ..2025-05-31", "before a month ends with the month before"),
        reads("chậm nhất tháng 6/2025", "within ..2025-06-30", "at the latest in a month counts the month"),
        reads("Quý III/2025 (nếu có)", "within 2025-07-01..2025-09-30", "if any adds no event to a quarter"),
    ],
)
def test_months_quarters_and_parts_of_years(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads("từ 01/3 đến 30/6/2025", "within 2025-03-01..2025-06-30", "both ends share the year"),
        reads("Từ ngày 15/11 đến 15/01/2026", "within 2025-11-15..2026-01-15", "a range may cross the year"),
        reads("từ ngày 01 đến ngày 15/6/2025", "within 2025-06-01..2025-06-15", "both ends share the month"),
        reads("01-15/6/2025", "within 2025-06-01..2025-06-15", "days joined by a dash"),
        reads("tháng 3-6/2025", "within 2025-03-01..2025-06-30", "months joined by a dash"),
        reads("Quý I - III/2022", "within 2022-01-01..2022-09-30", "quarters joined by a dash"),
        reads("Tháng 12/2025 - tháng 3/2026", "within 2025-12-01..2026-03-31", "each end has its year"),
        reads("giai đoạn 2026-30", "within 2026-01-01..2030-12-31", "a year cut to two digits"),
        reads("Từ nay đến cuối năm", "within ..2025-12-31", "from now has no known start"),
        reads("từ tháng 6/2025 trở đi", "within 2025-06-01..", "onward has no end"),
        reads("2025 và những năm tiếp theo", "within 2025-01-01..", "the years after have no end"),
        reads("sau năm 2027", "within 2028-01-01..", "after a year begins with the next"),
    ],
)
def test_ranges(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads("Hàng tuần", "every FREQ=WEEKLY", "each week"),
        reads("thứ 2, thứ 5 hàng tuần", "every FREQ=WEEKLY;BYDAY=MO,TH", "weekdays in a list"),
        reads("Trước 15 giờ 00 thứ Sáu hằng tuần", "every FREQ=WEEKLY;BYDAY=FR", "a weekday with its hour"),
        reads("Thứ Hai đầu tiên hằng tháng", "every FREQ=MONTHLY;BYDAY=1MO", "the first Monday"),
        reads("Mỗi tháng một lần", "every FREQ=MONTHLY", "once a month"),
        reads("Hằng tháng (trước ngày 20)", "every FREQ=MONTHLY;BYMONTHDAY=20", "a day of each month"),
        reads("ngày 05 tháng sau", "every FREQ=MONTHLY;BYMONTHDAY=5", "a day of the month after"),
        reads("mùng 5 hằng tháng", "every FREQ=MONTHLY;BYMONTHDAY=5", "a day by its old name"),
        reads("01 lần/quý", "every FREQ=QUARTERLY", "once a quarter"),
        reads("3 tháng một lần", "every FREQ=QUARTERLY", "once in three months"),
        reads(
            "Trước ngày 15 tháng cuối mỗi quý",
            "every FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=15",
            "a day of each quarter's last month",
        ),
        reads("6 tháng/lần", "every FREQ=HALFYEARLY", "once in six months"),
        reads("2 lần/năm", "every FREQ=HALFYEARLY", "twice a year"),
        reads("03 năm/lần", "every FREQ=YEARLY;INTERVAL=3", "once in three years"),
        reads("Thường niên", "every FREQ=YEARLY", "annually"),
        reads(
            "Quý IV hằng năm", "every FREQ=YEARLY;BYMONTH=12", "a quarter of each year ends with its month"
        ),
        reads(
            "Hằng năm, hoàn thành trước 30/11",
            "every FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30",
            "each year leads",
        ),
        reads(
            "trước ngày 15/6 và ngày 15/12 hằng năm",
            "every FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=15",
            "each year belongs to both days",
        ),
        reads("tháng 6, 12 hằng năm", "every FREQ=YEARLY;BYMONTH=6,12", "each year belongs to both months"),
        reads("Định kỳ hằng quý năm 2025", "every FREQ=QUARTERLY", "the plan's own year adds nothing"),
        reads("Định kỳ quý, năm", "compound {every FREQ=QUARTERLY} {every FREQ=YEARLY}", "periods in a list"),
        reads("Thường xuyên trong năm", "continuous", "all through the year"),
        reads("Quanh năm", "continuous", "the year round"),
        reads("Hàng ngày", "continuous", "daily work is continuous"),
        reads("TX", "continuous", "an abbreviation that is all there is"),
        reads("- TX", "continuous", "an abbreviation behind a bullet"),
        reads("Quý II/2025; TX", "compound {within 2025-04-01..2025-06-30} {continuous}", "one of two"),
        reads("Theo kế hoạch các huyện, TX, TP", "external Theo kế hoạch các huyện, TX, TP", "a town"),
        reads("Quý II/2025 (TX Long Khánh)", "within 2025-04-01..2025-06-30", "a town with its name"),
        reads("Thường xuyên trong các năm tiếp theo", "continuous", "the years to come add nothing"),
        reads(
            "Quý IV/2025, thực hiện thường xuyên các năm sau",
            "compound {within 2025-10-01..2025-12-31} {continuous}",
            "the years to come are not a third part",
        ),
    ],
)
def test_recurrences_and_continuous_work(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads("Đột xuất", "when Đột xuất", "as it arises"),
        reads("Theo yêu cầu của Bộ Nội vụ", "when Theo yêu cầu của Bộ Nội vụ", "on request"),
        reads("Sau 05 ngày làm việc", "when Sau 05 ngày làm việc", "a length of time from an event"),
        reads(
            "Trong vòng 30 ngày kể từ ngày 01/3/2025",
            "when Trong vòng 30 ngày kể từ ngày 01/3/2025",
            "a length of time is not computed",
        ),
        reads("Theo quy định", "external Theo quy định", "as a rule elsewhere says"),
        reads("Định kỳ theo quy định", "external theo quy định", "periodically, as said elsewhere"),
        reads(
            "Theo Kế hoạch số 123/KH-UBND ngày 15/3/2025 của UBND tỉnh",
            "external Theo Kế hoạch số 123/KH-UBND ngày 15/3/2025 của UBND tỉnh",
            "the date of a document is no deadline",
        ),
        reads(
            "Khi có Quyết định số 12/QĐ-UBND, ngày 15/3/2025",
            "when Khi có Quyết định số 12/QĐ-UBND, ngày 15/3/2025",
            "nor after a comma",
        ),
        reads(
            "Hoàn thành trước ngày 30/6/2025 theo Công văn số 12/SNV ngày 01/3/2025",
            "by ..2025-06-30 theo Công văn số 12/SNV ngày 01/3/2025",
            "a document cited behind a date is its note",
        ),
        reads(
            "Có hiệu lực cùng thời điểm với Luật",
            "when cùng thời điểm với Luật",
            "as soon as another text is in force",
        ),
        reads("Ban hành đồng thời với Nghị định", "when đồng thời với Nghị định", "along with another"),
        reads(
            "Quý II/2025, đồng thời triển khai quý III/2025",
            "compound {within 2025-04-01..2025-06-30} {within 2025-07-01..2025-09-30}",
            "at the same time without with only joins",
        ),
    ],
)
def test_events_and_schedules_fixed_elsewhere(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads(
            "tháng 3 và tháng 9/2025",
            "compound {within 2025-03-01..2025-03-31} {within 2025-09-01..2025-09-30}",
            "listed months share the year",
        ),
        reads(
            "Quý III, IV",
            "compound {within 2025-07-01..2025-09-30} {within 2025-10-01..2025-12-31}",
            "no listed quarter is lost",
        ),
        reads(
            "Ngày 30 và 31/12/2025",
            "compound {by ..2025-12-30} {by ..2025-12-31}",
            "listed days share the month",
        ),
        reads(
            "6 tháng và cả năm",
            "compound {within 2025-01-01..2025-06-30} {within 2025-01-01..2025-12-31}",
            "six months beside the year are its first half",
        ),
        reads(
            "Theo tiến độ, hoàn thành trước 15/11/2025",
            "compound {external Theo tiến độ} {by ..2025-11-15}",
            "a schedule does not swallow a date",
        ),
        reads(
            "Thường xuyên (báo cáo trước ngày 15/12/2025)",
            "compound {continuous} {by ..2025-12-15}",
            "a report in brackets is a part",
        ),
        reads(
            "- Thường xuyên - Khi có chủ trương của UBND tỉnh",
            "compound {continuous} {when Khi có chủ trương của UBND tỉnh}",
            "bullets run together are parts",
        ),
        reads(
            "Từ tháng 10/2025 đến khi tổ chức xong Đại hội",
            "compound {within 2025-10-01..} {when đến khi tổ chức xong Đại hội}",
            "a start by date and an end by event",
        ),
    ],
)
def test_several_at_once(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads("tháng Chín năm 2025", "within 2025-09-01..2025-09-30", "a month in words"),
        reads("Tháng mười hai", "within 2025-12-01..2025-12-31", "the longest name of a month wins"),
        reads("tháng Năm/2026", "within 2026-05-01..2026-05-31", "May, where a year follows"),
        reads("tháng năm 2025", "unclear 2025-01-01..2025-12-31", "May, or a month not said"),
        reads("ngày 15 tháng Tư năm 2025", "by ..2025-04-15", "a month in words in a date"),
        reads("Quý hai năm 2025", "within 2025-04-01..2025-06-30", "a quarter in words"),
        reads("mỗi tháng một lần", "every FREQ=MONTHLY", "once a month is not January"),
        reads("Sau tháng 6/2025", "within 2025-07-01..", "after June is not six months"),
        reads("T.9/2025", "within 2025-09-01..2025-09-30", "T with a stop"),
        reads("Q.2/2025", "within 2025-04-01..2025-06-30", "Q with a stop"),
        reads("III/2025", "within 2025-07-01..2025-09-30", "a quarter without its word"),
        reads("Phụ lục III/2025", "unclear", "the number of an annex is no quarter"),
        reads("Tháng 6, 2025", "within 2025-06-01..2025-06-30", "a comma before the year"),
        reads(
            "tuần cuối tháng 11/2025", "within 2025-11-24..2025-11-30", "the last week ends with its month"
        ),
        reads("tuần đầu tháng 11/2025", "unclear", "the first week has no known end"),
        reads("Tuần thứ 3 của tháng 8/2025", "unclear", "weeks of a month are not counted"),
        reads("Ngày 20-22/10/2025", "within 2025-10-20..2025-10-22", "days joined by a dash"),
        reads("Quý 1-2/2026", "within 2026-01-01..2026-06-30", "the second quarter is no February"),
        reads(
            "Tháng 3-4, tháng 9-10/2026",
            "compound {within 2026-03-01..2026-04-30} {within 2026-09-01..2026-10-31}",
            "listed ranges share the year",
        ),
        reads(
            "7, 8/2025",
            "compound {within 2025-07-01..2025-07-31} {within 2025-08-01..2025-08-31}",
            "the month before takes the year",
        ),
        reads(
            "trước 15 và 30/6/2025",
            "compound {by ..2025-06-15} {by ..2025-06-30}",
            "the day before takes month and year",
        ),
        reads("Điều 7, 8/2025", "within 2025-08-01..2025-08-31", "a number behind a noun is its own"),
        reads(
            "Trước ngày 10 tháng 3, 6",
            "compound {by ..2025-03-10} {by ..2025-06-10}",
            "months of one day in a list",
        ),
        reads(
            "Ngày 10 các tháng 3, 9 hằng năm", "every FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=10", "and every year"
        ),
        reads(
            "7, 8, 9/2025",
            "compound {within 2025-07-01..2025-07-31} {within 2025-08-01..2025-08-31} "
            "{within 2025-09-01..2025-09-30}",
            "as many numbers as there are",
        ),
        reads("Quý III/IV", "unclear", "two quarters of no year"),
        reads("Quý III/năm 2025", "within 2025-07-01..2025-09-30", "a slash before the word for year"),
        reads("Tháng 3 - đến tháng 6/2025", "within 2025-03-01..2025-06-30", "a dash and a word for it"),
        reads("2025-1-05", "by ..2025-01-05", "year first, without noughts"),
        reads("Tuần 1 của tháng 6/2025", "unclear", "a numbered week of a month"),
        reads("9, 8/2025", "within 2025-08-01..2025-08-31", "numbers out of order are no list"),
    ],
)
def test_units_in_words_and_in_lists(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads(
            "từ ngày 15/12/2025 và kết thúc vào 17 giờ 00 ngày 01/02/2026",
            "within 2025-12-15..2026-02-01",
            "a beginning and an end said apart",
        ),
        reads(
            "2025-2026 (từ quý III/2025)", "within 2025-07-01..2026-12-31", "the brackets say where it begins"
        ),
        reads(
            "2025-2026 (từ quý III)", "within 2025-07-01..2026-12-31", "the beginning lies in the first year"
        ),
        reads(
            "Dự kiến ngày 05/12/2025 (chậm nhất ngày 10/12/2025)", "by ..2025-12-10", "the latest day binds"
        ),
        reads("30/6/2025 (gia hạn đến 30/9/2025)", "by ..2025-09-30", "the extension holds"),
        reads("Gia hạn đến quý III/2025", "within ..2025-09-30", "an extension to a quarter"),
        reads("Quý IV/2025 (tháng 11/2025)", "within 2025-11-01..2025-11-30", "the month of the quarter"),
        reads("Tháng 11 (Quý IV/2025)", "within 2025-11-01..2025-11-30", "the quarter of the month"),
        reads(
            "Quý III/2025 (tháng 11/2025)",
            "compound {within 2025-07-01..2025-09-30} {within 2025-11-01..2025-11-30}",
            "a month outside the quarter is another time",
        ),
        reads("Quý IV/2025, hoàn thành trước 15/11/2025", "by ..2025-11-15", "a last day in its period"),
        reads(
            "Quý III/2025, hoàn thành trước 15/11/2025",
            "compound {within 2025-07-01..2025-09-30} {by ..2025-11-15}",
            "a last day outside the period is another time",
        ),
        reads("Năm 2026, hoàn thành trước 30/11", "by ..2026-11-30", "the year in front, a verb between"),
        reads(
            "Từ tháng 01 đến ngày bầu cử 15/3/2026",
            "within 2026-01-01..2026-03-15",
            "a named day with its date",
        ),
        reads("Sau ngày bầu cử 15/3/2026", "within 2026-03-16..", "after a named day"),
        reads("Tháng 5/2025, chậm nhất 10/6/2025", "by ..2025-06-10", "the latest day binds a month too"),
        reads("Tháng 12 (trước ngày 10)", "by ..2025-12-10", "a day of the month before it"),
        reads("31-Dec-2025", "unclear", "a year tied to a word"),
        reads(
            "Quý III/2025 (nếu đủ điều kiện)",
            "within 2025-07-01..2025-09-30 nếu đủ điều kiện",
            "a proviso in brackets is a note",
        ),
        reads("Sau ngày họp 15/3/2026", "within 2026-03-16..", "a day named by one word"),
        reads(
            "tháng 3/2026 và tháng 9",
            "compound {within 2026-03-01..2026-03-31} {within 2026-09-01..2026-09-30}",
            "the year is lent forward too",
        ),
        reads(
            "Năm 2025; năm 2026; duy trì trong các năm tiếp theo",
            "compound {within 2025-01-01..2025-12-31} {within 2026-01-01..2026-12-31} {within 2027-01-01..}",
            "the years after the last one named",
        ),
        reads(
            "Tháng 3/2025; thường xuyên trong năm 2025",
            "compound {within 2025-03-01..2025-03-31} {continuous}",
            "the plan's own year behind continuous work, behind a month",
        ),
        reads(
            "Tháng 3/2025; khi có yêu cầu và khi có chỉ đạo",
            "compound {within 2025-03-01..2025-03-31} {when khi có yêu cầu và khi có chỉ đạo}",
            "two events behind a month",
        ),
        reads("Năm 1990", "within 1990-01-01..1990-12-31", "the first year read"),
        reads("Năm 1989", "unclear", "a year before any plan"),
        reads("Năm 2100", "within 2100-01-01..2100-12-31", "the last year read"),
        reads("Năm 2101", "unclear", "a year no plan reaches"),
        reads("Từ ngày ký đến 31/12/2025", "within ..2025-12-31", "from the signing has no known start"),
        reads("Năm 2025: 30/11/2025", "by ..2025-11-30", "a day behind the year and a colon"),
        reads(
            "Ban hành: Tháng 01/2025. Thực hiện: Cả năm",
            "compound {within 2025-01-01..2025-01-31} {within 2025-01-01..2025-12-31}",
            "the whole year in a sentence of its own",
        ),
        reads("Quý I/2025 và các quý tiếp theo", "within 2025-01-01..", "the quarters after have no end"),
        reads("Trước ngày bầu cử 10 ngày", "when Trước ngày bầu cử 10 ngày", "a named day without a date"),
        reads("Sau Đại hội XIV của Đảng", "when Sau Đại hội XIV của Đảng", "after an event"),
        reads(
            "Kỳ họp thứ 10 Quốc hội khóa XV", "when Kỳ họp thứ 10 Quốc hội khóa XV", "a session is an event"
        ),
        reads(
            "Kỳ họp thứ 5 (tháng 10/2025)", "within 2025-10-01..2025-10-31", "a session whose month is said"
        ),
        reads(
            "Hoàn thành trước 30/6/2025 (theo Công văn số 12/SNV ngày 01/3/2025)",
            "by ..2025-06-30 theo Công văn số 12/SNV ngày 01/3/2025",
            "a citation in brackets",
        ),
        reads(
            "Quý IV/2025 (sau khi Luật có hiệu lực)",
            "compound {within 2025-10-01..2025-12-31} {when sau khi Luật có hiệu lực}",
            "an event in brackets is waited for",
        ),
    ],
)
def test_times_said_in_two_halves(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads(
            "Trình Chính phủ tháng 8/2025; trình Quốc hội tháng 10/2025",
            "compound {within 2025-08-01..2025-08-31} {within 2025-10-01..2025-10-31}",
            "a month behind an authority says when",
        ),
        reads("Nghị quyết HĐND tỉnh năm 2025", "unclear 2025-01-01..2025-12-31", "a year behind a document"),
        reads(
            "Trình UBND tỉnh năm 2025", "within 2025-01-01..2025-12-31", "a year behind a verb's authority"
        ),
        reads(
            "Quyết định tháng 9/2025", "within 2025-09-01..2025-09-30", "a decision has no month of its own"
        ),
        reads("Kế hoạch tháng 9/2025", "unclear 2025-09-01..2025-09-30", "a plan may be for a month"),
        reads("Số liệu quý I, trình quý II/2025", "within 2025-04-01..2025-06-30", "the figures' quarter"),
        reads(
            "Hội nghị sơ kết 6 tháng đầu năm: tháng 7/2025",
            "within 2025-07-01..2025-07-31",
            "a name, a colon",
        ),
        reads(
            "Kế hoạch năm 2026 trước ngày 15/12", "unclear ..2025-12-15 ..2026-12-15", "a plan is due before"
        ),
        reads(
            "Báo cáo năm 2025 trước ngày 15/01", "unclear ..2025-01-15 ..2026-01-15", "a report is due after"
        ),
        reads(
            "Báo cáo năm 2025 trước ngày 31/3",
            "unclear ..2025-03-31 ..2026-03-31",
            "March is after the year too",
        ),
        reads("Báo cáo năm 2025 trước ngày 15/4", "by ..2025-04-15", "April is in the year"),
        reads(
            "Rà soát (nếu có) trong tháng 9/2025", "within 2025-09-01..2025-09-30", "if any before a month"
        ),
        reads(
            "Tháng 9/2025 (văn bản số 12 ngày 15/3/2025)", "within 2025-09-01..2025-09-30", "a letter's date"
        ),
        reads(
            "Khi có yêu cầu (của cấp trên)",
            "when Khi có yêu cầu (của cấp trên)",
            "brackets keep their halves",
        ),
        reads(
            "Quý I, 6 tháng, 9 tháng, năm",
            "compound {within 2025-01-01..2025-03-31} {within 2025-01-01..2025-06-30} "
            "{within 2025-01-01..2025-09-30} {within 2025-01-01..2025-12-31}",
            "the reporting periods of a year",
        ),
        reads("Báo cáo năm 2025 trước ngày 15/12", "by ..2025-12-15", "a report late in its year"),
        reads(
            "6 tháng đầu năm trước ngày 20/6 hằng năm",
            "every FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=20",
            "the half is the report's",
        ),
        reads(
            "Báo cáo quý: trước ngày 25 tháng cuối quý; báo cáo năm: trước ngày 15/12 hằng năm",
            "compound {every FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=25} "
            "{every FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15}",
            "reports named before a colon",
        ),
        reads(
            "Chậm nhất 20/6 (báo cáo 6 tháng) và 20/12 (báo cáo năm)",
            "compound {by ..2025-06-20} {by ..2025-12-20}",
            "reports named in brackets",
        ),
        reads("Tháng 11/2023 (Ngày Pháp luật 09/11)", "within 2023-11-01..2023-11-30", "a day with a name"),
        reads(
            "Tháng 10 hằng năm (hưởng ứng Ngày Chuyển đổi số quốc gia 10/10)",
            "every FREQ=YEARLY;BYMONTH=10",
            "a day with a name behind a rhythm",
        ),
        reads("Trước Ngày Pháp luật 09/11/2025", "by ..2025-11-09", "a named day that is the deadline"),
        reads(
            "Tháng 10/2026 (họp ngày 15/10)",
            "compound {within 2026-10-01..2026-10-31} {by ..2026-10-15}",
            "a day in brackets lies in the year before them",
        ),
        reads(
            "Quý I/2026 (khảo sát tháng 11)",
            "compound {within 2026-01-01..2026-03-31} {within 2025-11-01..2025-11-30}",
            "a month that would come after it keeps the plan's year",
        ),
    ],
)
def test_what_a_time_is_the_name_of(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads("mỗi thứ Hai", "every FREQ=WEEKLY;BYDAY=MO", "each Monday"),
        reads(
            "Ngày 20 hằng quý", "every FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", "a day of each quarter"
        ),
        reads("mỗi năm 01 lần", "every FREQ=YEARLY", "one time is no count"),
        reads("mỗi năm 04 lần", "every FREQ=QUARTERLY", "four times a year"),
        reads("4 tháng/lần", "every FREQ=MONTHLY;INTERVAL=4", "a rhythm of no name"),
        reads("5 tháng/lần", "unclear", "a rhythm that does not divide the year"),
        reads(
            "01 lần/6 tháng; trước 15/12/2025",
            "compound {every FREQ=HALFYEARLY} {by ..2025-12-15}",
            "once in six months, and a day",
        ),
        reads("Định kỳ 1 quý", "every FREQ=QUARTERLY", "one quarter is a unit"),
        reads("Định kỳ 1 năm 2025", "unclear 2025-01-01..2025-12-31", "one year with a number is no unit"),
        reads("năm 2026-26", "unclear 2026-01-01..2026-12-31", "no range ends where it begins"),
        reads(
            "hằng năm trước 15/6 và 20/12",
            "compound {every FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=15} "
            "{every FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20}",
            "each year leads two days",
        ),
        reads("Theo quý", "every FREQ=QUARTERLY", "by the quarter"),
        reads("Theo từng quý", "every FREQ=QUARTERLY", "by each quarter"),
        reads("theo từng giai đoạn", "external theo từng giai đoạn", "by stages fixed elsewhere"),
        reads(
            "Định kỳ 6 tháng, 1 năm",
            "compound {every FREQ=HALFYEARLY} {every FREQ=YEARLY}",
            "one year is a unit",
        ),
        reads("Hằng tuần (thứ Sáu)", "every FREQ=WEEKLY;BYDAY=FR", "the weekday in brackets"),
        reads("Báo cáo tuần vào chiều thứ Năm", "every FREQ=WEEKLY;BYDAY=TH", "a weekly report"),
        reads("Cuối các quý", "every FREQ=QUARTERLY", "the ends of the quarters"),
        reads("Hai tuần một lần", "every FREQ=WEEKLY;INTERVAL=2", "a count in words"),
        reads("Hai năm một lần", "every FREQ=YEARLY;INTERVAL=2", "years counted in words"),
        reads("Hai lần trong năm", "every FREQ=HALFYEARLY", "times counted in words"),
        reads(
            "Hằng tháng (từ ngày 20 đến ngày 25)", "every FREQ=MONTHLY;BYMONTHDAY=25", "the last of the days"
        ),
        reads(
            "Hằng tháng (trước ngày 20), hằng quý",
            "compound {every FREQ=MONTHLY;BYMONTHDAY=20} {every FREQ=QUARTERLY}",
            "what brackets close stays closed",
        ),
        reads(
            "sơ kết 6 tháng, tổng kết năm",
            "compound {every FREQ=HALFYEARLY} {every FREQ=YEARLY}",
            "reviews in a list",
        ),
        reads("Trực 24/7", "continuous", "round the clock"),
        reads("24/24 giờ", "continuous", "all hours"),
        reads("24/7", "unclear ..2025-07-24", "all week, or the 24th of July"),
        reads("24/7/2025", "by ..2025-07-24", "a full date is a date"),
        reads("Trước 24/7", "by ..2025-07-24", "before a date is before a date"),
        reads("tháng Giêng năm 2026", "unclear 2026-01-01..2026-12-31", "a lunar month"),
        reads("Trước Tết Nguyên đán", "unclear", "a lunar day"),
    ],
)
def test_rhythms_in_other_words(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads("", "unclear", "an empty cell says nothing"),
        reads("Tháng 15/11/2022", "unclear ..2022-11-15", "a month that is a day proposes the day"),
        reads("Tháng Quý IV/2022", "unclear 2022-10-01..2022-12-31", "a month that is a quarter proposes it"),
        reads("Ngày 11/2025", "unclear 2025-11-01..2025-11-30", "a day that is a month proposes the month"),
        reads("Quý 11/2025", "unclear 2025-11-01..2025-11-30", "a quarter past four proposes the month"),
        reads("31/02/2025", "unclear ..2025-02-28", "a day past the month proposes its last"),
        reads("29/02", "unclear ..2025-02-28", "29 February needs a leap year"),
        reads("32/13/2025", "unclear", "no such day, no such month"),
        reads("Quý V/2025", "unclear", "no such quarter"),
        reads("Tháng 13/2025", "unclear", "no such month"),
        reads("đầu quý III/2025", "unclear 2025-07-01..2025-07-31", "the beginning names no last day"),
        reads("giữa tháng 6/2025", "unclear 2025-06-11..2025-06-20", "nor does the middle"),
        reads("15/11, 15/01/2026", "unclear ..2025-11-15 ..2026-01-15", "the first year is doubtful"),
        reads("Trước ngày 15/11/2025 hằng năm", "unclear ..2025-11-15", "a year, or every year"),
        reads("trước 30/4/2025/2026", "unclear", "one number too many"),
        reads(
            "Quý II/III/2025", "unclear 2025-04-01..2025-06-30 2025-07-01..2025-09-30", "two quarters in one"
        ),
        reads("Kế hoạch năm 2025", "unclear 2025-01-01..2025-12-31", "a year that names a document"),
        reads("Năm học 2025-2026", "unclear", "a school year is no calendar year"),
        reads("tháng 12 năm trước", "unclear 2025-12-01..2025-12-31", "last year is past"),
        reads("Định kỳ", "unclear", "periodically, without a period"),
        reads("6 tháng", "unclear", "a length of time or a period"),
        reads("Không thường xuyên", "unclear", "a denial"),
        reads("Tuần 1 tháng 6", "unclear", "weeks of a month are counted in more than one way"),
        reads("2025-13", "unclear 2025-01-01..2025-12-31", "a number left over"),
        reads("Chưa xác định", "unclear", "not settled yet"),
    ],
)
def test_doubtful_wordings_are_left_to_a_person(words: str, expected: str) -> None:
    check(words, expected)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        reads("3O/11/2O25", "by ..2025-11-30", "the letter O for a nought"),
        reads("l5/11/2025", "by ..2025-11-15", "the letter l for a one"),
        reads("Quý lII/2022", "within 2022-07-01..2022-09-30", "the letter l in a Roman number"),
        reads("Quý 1V/2022", "within 2022-10-01..2022-12-31", "a one in a Roman number"),
        reads("Thuong xuyen", "continuous", "no accents"),
        reads("Truoc ngay 15/11/2022", "by ..2022-11-15", "no accents before a date"),
        reads("Quy III/2022", "within 2022-07-01..2022-09-30", "no accents before a quarter"),
        reads("THƯỜNG XUYÊN, LIÊN TỤC", "continuous", "capitals"),
        reads("Quý\u00a0III/2022", "within 2022-07-01..2022-09-30", "a blank that does not break"),
        reads("Thường\u00ad xuyên", "continuous", "a soft hyphen"),
        reads("Tuỳ tình hình", "when Tuỳ tình hình", "the tone mark on the other vowel"),
        reads("ngân hàng năm 2025", "unclear 2025-01-01..2025-12-31", "a bank is not each year"),
        reads("khí hậu", "unclear", "another accent is another word"),
    ],
)
def test_slips_of_typing_and_scanning(words: str, expected: str) -> None:
    check(words, expected)


def test_decomposed_text_reads_the_same_and_is_kept_composed() -> None:
    words = "Trước ngày 15/11 hằng năm"
    read = read_deadline(unicodedata.normalize("NFD", words), year=2025)
    assert read == read_deadline(words, year=2025)
    assert read.text == words


def test_a_page_is_no_deadline_and_its_words_are_kept() -> None:
    page = "Trước ngày 15/11/2025. " * 200
    read = read_deadline(page, year=2025)
    assert (read.kind, read.dates, read.text) == (Kind.UNCLEAR, (), page.strip())


def test_parts_keep_the_words_they_came_from() -> None:
    read = read_deadline("Ban hành trong năm 2026. Thực hiện rà soát, điều chỉnh (nếu có)", year=2025)
    assert read.kind is Kind.COMPOUND
    assert [part.text for part in read.parts] == ["trong năm 2026", "Thực hiện rà soát, điều chỉnh (nếu có)"]
    assert read.parts[0].dates == (DateRange(date(2026, 1, 1), date(2026, 12, 31)),)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("một", 1), ("hai", 2), ("ba", 3), ("tư", 4), ("bốn", 4), ("năm", 5), ("sáu", 6), ("bảy", 7),
        ("bẩy", 7), ("tám", 8), ("chín", 9), ("mười", 10), ("mười một", 11), ("mười hai", 12),
    ],
)  # fmt: skip
def test_every_month_has_its_name(name: str, month: int) -> None:
    assert read_deadline(f"Tháng {name} năm 2025", year=2024) == replace(
        read_deadline(f"Tháng {month} năm 2025", year=2024), text=f"Tháng {name} năm 2025"
    )


@pytest.mark.parametrize(("name", "quarter"), [("một", 1), ("hai", 2), ("ba", 3), ("tư", 4), ("bốn", 4)])
def test_every_quarter_has_its_name(name: str, quarter: int) -> None:
    read = read_deadline(f"Quý {name} năm 2025", year=2024)
    assert read.dates == read_deadline(f"Quý {quarter}/2025", year=2024).dates


@pytest.mark.parametrize(("name", "count"), [("hai", 2), ("ba", 3), ("bốn", 4)])
def test_counts_may_be_words(name: str, count: int) -> None:
    for rest in ("tuần một lần", "năm một lần", "tháng một lần", "lần trong năm"):
        read = read_deadline(f"{name} {rest}", year=2025)
        counted = read_deadline(f"{count} {rest}", year=2025)
        assert (read.kind, read.recurrence) == (counted.kind, counted.recurrence)


def test_parts_of_numbers_in_words_keep_their_words() -> None:
    read = read_deadline("Tháng Chín/2025; quý hai/2026; hai tuần một lần", year=2025)
    assert [part.text for part in read.parts] == ["Tháng Chín/2025", "quý hai/2026", "hai tuần một lần"]
