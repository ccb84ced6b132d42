"""What holds for any text: no exception, plausible years, and a canonical wording that reads the same."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_catalog.deadline import Deadline, Kind, as_json, canonical, from_json, read_deadline
from tasks_catalog.deadline.recurrence import occurrence_dates

YEARS = st.integers(2015, 2040)
PIECES = st.sampled_from(
    """
trước|chậm nhất|ngày|tháng|quý|năm|tuần|hằng|hàng|mỗi|định kỳ|từ|đến|đến hết|trong|sau|đầu|giữa|cuối
6 tháng|nửa|thường xuyên|liên tục|khi có|nếu có|theo|kế hoạch|tiến độ|yêu cầu|hướng dẫn|đột xuất|giai đoạn
thứ Hai|I|II|III|IV|V|1|2|3|6|9|12|15|31|32|2025|2026|15/11|15/11/2025|30/6|6/2025|2025-2030|29/02|lần
một lần|/lần|/|-|,|;|.|và|hoặc|(|)|các năm tiếp theo|trở đi|nay|làm việc|số|12/QĐ-UBND|báo cáo|UBND tỉnh
không|của|tiếp theo|năm sau|thường niên|tầm nhìn|hoàn thành|3O|l5|năm 2025|Quý III/2025|hằng năm|hằng quý
trước ngày 20|tháng cuối quý|theo tiến độ|khi có yêu cầu|trước ngày 15/11|Tháng 12|đến năm 2030
""".strip()
    .replace("\n", "|")
    .split("|")
)
WORDINGS = st.lists(PIECES, max_size=9).map(" ".join) | st.lists(PIECES, max_size=5).map("".join)


def meaning(deadline: Deadline) -> object:
    """Return what a deadline says, its words left out."""
    return deadline.kind, deadline.dates, deadline.recurrence, tuple(map(meaning, deadline.parts))


@given(st.text(), st.integers(-5, 12_000))
def test_no_text_and_no_year_raises(words: str, year: int) -> None:
    assert read_deadline(words, year=year).kind in Kind


@settings(max_examples=1500)
@given(WORDINGS, YEARS)
def test_canonical_words_read_the_same(words: str, year: int) -> None:
    read = read_deadline(words, year=year)
    assert meaning(read_deadline(canonical(read), year=year)) == meaning(read)


@settings(max_examples=500)
@given(WORDINGS, YEARS)
def test_json_gives_the_deadline_back(words: str, year: int) -> None:
    read = read_deadline(words, year=year)
    assert from_json(as_json(read)) == read


@settings(max_examples=500)
@given(WORDINGS, YEARS)
def test_readings_have_their_shape(words: str, year: int) -> None:
    read = read_deadline(words, year=year)
    for part in read.parts or (read,):
        days = [day for span in part.dates for day in (span.start, span.to) if day]
        assert all(1990 <= day.year <= 2100 for day in days)
        assert all(span.start <= span.to for span in part.dates if span.start and span.to)
        if part.kind is Kind.BY:
            assert [span.start for span in part.dates] == [None]
        assert (part.recurrence is not None) == (part.kind is Kind.EVERY)
        assert part.kind not in (Kind.WHEN, Kind.EXTERNAL) or part.condition
        if part.recurrence:
            due = occurrence_dates(part.recurrence, start=date(2025, 1, 1), end=date(2037, 12, 31))
            assert due
    assert len(read.parts) != 1
