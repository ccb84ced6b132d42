"""What the words of an answer propose: read as a clerk would, and left alone where they take it back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_catalog.facts import Document
from tasks_catalog.suggestion import Meaning, Suggestion, suggestion_of, tasks_named

ON = date(2022, 9, 12)
PLANS = ("383/KH-SCT", "25/KH-SCT")
REPORT = Document(number="45/BC-VP", issued=date(2022, 9, 10))


def done(document: Document | None = None) -> Suggestion:
    return Suggestion(meaning=Meaning.DONE, document=document)


def more_time(day: date | None) -> Suggestion:
    return Suggestion(meaning=Meaning.MORE_TIME, day=day)


def on_it(day: date | None = None) -> Suggestion:
    return Suggestion(meaning=Meaning.ACKNOWLEDGED, day=day)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        pytest.param("Đã hoàn thành.", done(), id="done, and nothing more"),
        pytest.param(
            "Văn phòng đã ban hành Báo cáo số 45/BC-VP ngày 10/9/2022.", done(REPORT), id="with its paper"
        ),
        pytest.param(
            "Da hoan thanh, bao cao so 45/BC-VP ngay 10 thang 9 nam 2022", done(REPORT), id="without accents"
        ),
        pytest.param(
            "Phòng đã thực hiện xong. Gửi chị Báo cáo 45/BC-VP ngày 10.9.2022.",
            done(REPORT),
            id="in two sentences",
        ),
        pytest.param(
            "Nhiệm vụ 383/KH-SCT/1 đã hoàn thành, Báo cáo 45/BC-VP.",
            done(Document(number="45/BC-VP")),
            id="the task's number is no paper, nor has the paper a date",
        ),
        pytest.param(
            "Thực hiện Kế hoạch 383/KH-SCT, phòng đã hoàn thành.", done(), id="nor is the plan's number one"
        ),
        pytest.param(
            "Đã ban hành Quyết định số 12/QĐ-SCT ngày 31/02/2022.",
            done(Document(number="12/QĐ-SCT")),
            id="a date there is none of",
        ),
        pytest.param("Chưa hoàn thành.", Suggestion(), id="not done"),
        pytest.param("Phòng chưa ban hành được, sẽ đã hoàn thành sau.", Suggestion(), id="taken back"),
        pytest.param("Đã hoàn thành dự thảo.", Suggestion(), id="a draft is not the product"),
        pytest.param("Đã hoàn thành một phần.", Suggestion(), id="a part is not the whole"),
        pytest.param("Nếu đã hoàn thành thì báo ở đâu?", Suggestion(), id="a question"),
        pytest.param(
            "Xin gia hạn đến 30/11/2022 vì chờ ý kiến Sở Tư pháp.",
            more_time(date(2022, 11, 30)),
            id="more time",
        ),
        pytest.param(
            "Đề nghị lùi thời hạn sang hết quý IV/2022", more_time(date(2022, 12, 31)), id="a quarter"
        ),
        pytest.param("xin gia han den het thang 11", more_time(date(2022, 11, 30)), id="a month, no accents"),
        pytest.param("Xin gia hạn đến 30/11.", more_time(date(2022, 11, 30)), id="a day without its year"),
        pytest.param(
            "Xin thêm thời gian 10 ngày.", more_time(None), id="a span is no date: the coordinator says"
        ),
        pytest.param(
            "Đã hoàn thành phần một; xin gia hạn đến 30/11/2022",
            more_time(date(2022, 11, 30)),
            id="both: time",
        ),
        pytest.param("Không xin gia hạn.", Suggestion(), id="no more time asked for"),
        pytest.param("Đã nhận.", on_it(), id="received"),
        pytest.param(
            "Đã nhận thư, dự kiến hoàn thành trước ngày 15/11/2022.", on_it(date(2022, 11, 15)), id="by when"
        ),
        pytest.param(
            "Đang triển khai. Dự kiến xong ngày 20/10.", on_it(date(2022, 10, 20)), id="in the next line"
        ),
        pytest.param("Sẽ báo cáo vào ngày 20/10/2022", on_it(date(2022, 10, 20)), id="will report"),
        pytest.param("Cảm ơn chị.", Suggestion(), id="a word of thanks"),
        pytest.param("", Suggestion(), id="nothing"),
    ],
)
def test_what_an_answer_seems_to_say(words: str, read: Suggestion) -> None:
    assert suggestion_of(words, on=ON, plans=PLANS) == read


@pytest.mark.parametrize(
    ("words", "named"),
    [
        pytest.param("Re: 383/KH-SCT/1", ("383/KH-SCT/1",), id="a task"),
        pytest.param("383/kh-sct/12 và 25/KH-SCT/3", ("383/KH-SCT/12", "25/KH-SCT/3"), id="two, in any case"),
        pytest.param("383/KH-SCT/1, 383/KH-SCT/1", ("383/KH-SCT/1",), id="one named twice"),
        pytest.param("1383/KH-SCT/1", (), id="the end of another number"),
        pytest.param("383/KH-SCT/1/2", (), id="the start of another number"),
        pytest.param("Kế hoạch 383/KH-SCT", (), id="the plan alone"),
        pytest.param("99/KH-SCT/1", (), id="a plan nobody knows"),
    ],
)
def test_tasks_are_known_by_their_numbers(words: str, named: tuple[str, ...]) -> None:
    assert tasks_named(words, PLANS) == named


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400) | st.text(alphabet="đã hoàn thành xin gia hạn đến 30/11 .,;\n", max_size=400))
def test_no_words_raise_anything(words: str) -> None:
    found = suggestion_of(words, on=ON, plans=PLANS)
    assert found.document is None or found.meaning is Meaning.DONE
    assert tasks_named(words, PLANS) is not None


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "evil", ["không a " * 20_000, "đến " * 20_000 + "gia hạn", "1/a" * 20_000, "ngày " * 20_000]
)
def test_hostile_words_are_read_in_no_time(evil: str) -> None:
    assert suggestion_of("xin gia hạn " + evil, on=ON).meaning is Meaning.MORE_TIME
