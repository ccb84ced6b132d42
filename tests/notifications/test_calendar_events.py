"""Events: one a dated share, one a period sheet; the same facts, the same bytes."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.calendar_events import Teller, events_of, uid_of
from notifications.calendar_feed import Feed, cancelled, feed_bytes, published
from notifications.links import Links
from notifications.mime import Mailbox
from tasks_catalog.facts import Closing, ClosingKind, EpochCause, ReportFact, Request, Share, Waiting
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.owed import Owed, by_event, nearest
from tasks_catalog.people import Directory, Unit
from tests.calendars import Read, read_calendar

DIRECTORY = Directory(
    organisation="sct",
    name="Sở Công Thương",
    units=(Unit(code="QLTM", name="Phòng Quản lý thương mại"), Unit(code="VP", name="Văn phòng Sở")),
)
TELLER = Teller(directory=DIRECTORY, domain="sct.example.vn", links=Links("https://dondoc.example.vn"))
OFFICE = Mailbox('Sở "Công" Thương; CCHC', "dondoc@sct.example.vn")
AT = datetime(2022, 11, 1, 1, tzinfo=UTC)
OPENED, DUE = date(2022, 1, 20), date(2022, 11, 15)
PLAN = "383/KH-SCT"


def owed(
    row: int = 1, unit: str = "QLTM", *, text: str = "Định mức chợ nông thôn", **of_share: object
) -> Owed:
    told: dict[str, object] = {"role": Role.OWNER, "due": DUE, "lapses": DUE, "first_due": DUE}
    share = Share(  # type: ignore[arg-type]
        **{"key": ShareKey(f"{PLAN}/{row}", "2022-11-15", unit), "epoch_began": OPENED, **told, **of_share}
    )
    return Owed(plan=PLAN, row=row, text=text, product="Quyết định", share=share)


def on_sheet(row: int, **of_share: object) -> Owed:
    cut_off = date(2022, 3, 14)
    return owed(
        row, period="2022-Q1", **{"due": cut_off, "lapses": cut_off, "first_due": cut_off, **of_share}
    )


def feed(*shares: Owed, teller: Teller = TELLER) -> Read:
    return read_calendar(feed_bytes(Feed(name="Thời hạn", events=events_of(by_event(shares), teller))))


def test_a_dated_share_is_a_whole_day_that_keeps_nobody_busy() -> None:
    entry = feed(owed()).only
    assert entry.due == DUE
    assert entry.lines["DTEND"] == "20221116"
    assert entry.summary == "Hạn: Định mức chợ nông thôn (Phòng Quản lý thương mại)"
    assert entry.description.splitlines() == [
        "Nhiệm vụ 383/KH-SCT/1: Định mức chợ nông thôn",
        "Sản phẩm: Quyết định",
        "Chưa báo cáo",
        "https://dondoc.example.vn/tasks/383%2FKH-SCT/1",
    ]
    assert entry.lines["CATEGORIES"] == PLAN
    assert entry.lines["STATUS"] == "CONFIRMED"
    assert entry.lines["LAST-MODIFIED"] == "20220120T000000Z"
    assert entry.uid.endswith("@sct.example.vn")
    assert "QLTM" not in entry.uid


def test_a_reader_of_english_is_told_in_english() -> None:
    entry = feed(owed(), teller=replace(TELLER, lang="en")).only
    assert entry.summary == "Due: Định mức chợ nông thôn (Phòng Quản lý thương mại)"


def test_the_continuous_tasks_of_a_period_are_one_event_and_one_moved_off_it_is_its_own() -> None:
    sheet = [on_sheet(row) for row in range(1, 36)]
    before = feed(*sheet).only
    assert before.summary == "Hạn phiếu kỳ quý I năm 2022 (Phòng Quản lý thương mại)"
    assert "Số nhiệm vụ chưa báo cáo: 35" in before.description
    assert before.lines["URL"] == "https://dondoc.example.vn/sheets/383%2FKH-SCT/2022-Q1/QLTM"
    moved = on_sheet(1, due=date(2022, 3, 31), epoch=2, epoch_cause=EpochCause.EXTENDED)
    after = feed(moved, *sheet[1:])
    assert [(entry.due.isoformat(), entry.sequence) for entry in after.entries] == [
        ("2022-03-14", 0),
        ("2022-03-31", 1),
    ]
    assert after.entries[0].uid == before.uid


@pytest.mark.parametrize(
    ("given", "closing", "summary", "said", "status"),
    [
        pytest.param({}, None, "Hạn: ", "Chưa báo cáo", "CONFIRMED", id="owed"),
        pytest.param(
            {"report": ReportFact(on=DUE, by="huong")},
            None,
            "Đã báo cáo: ",
            "Đã báo cáo ngày 15/11/2022, chờ xác nhận",
            "CONFIRMED",
            id="reported",
        ),
        pytest.param(
            {"waiting": Waiting(since=date(2022, 11, 2))},
            None,
            "Hạn: ",
            "Đã trình, chờ cấp có thẩm quyền từ ngày 02/11/2022",
            "CONFIRMED",
            id="with a higher authority",
        ),
        pytest.param(
            {"request": Request(on=OPENED, by="huong", to=date(2022, 12, 1), reason="")},
            None,
            "Hạn: ",
            "Xin gia hạn đến ngày 01/12/2022, chưa có quyết định",
            "CONFIRMED",
            id="more time asked for",
        ),
        pytest.param(
            {"role": Role.CO_OWNER}, None, "Phối hợp: ", "Phối hợp, không bắt buộc", "CONFIRMED", id="helped"
        ),
        pytest.param(
            {"withdrawn_on": date(2022, 10, 3)},
            None,
            "Thôi theo dõi: ",
            "Đã chuyển cho đơn vị khác ngày 03/10/2022",
            "CANCELLED",
            id="given to another unit",
        ),
        pytest.param(
            {},
            Closing(kind=ClosingKind.STOPPED, on=date(2022, 10, 3)),
            "Thôi theo dõi: ",
            "Dừng thực hiện theo quyết định ngày 03/10/2022",
            "CANCELLED",
            id="stopped",
        ),
    ],
)
def test_it_says_how_it_stands(
    given: dict[str, object], closing: Closing | None, summary: str, said: str, status: str
) -> None:
    entry = feed(replace(owed(**given), closing=closing)).only
    assert entry.summary.startswith(summary)
    assert said in entry.description
    assert entry.lines["STATUS"] == status
    assert entry.sequence == (status == "CANCELLED")


@pytest.mark.parametrize("kind", ClosingKind)
def test_every_way_to_close_a_task_has_its_words(kind: ClosingKind) -> None:
    for lang in ("vi", "en"):
        teller = replace(TELLER, lang=lang)
        assert feed(replace(owed(), closing=Closing(kind=kind, on=DUE)), teller=teller).only.description


def test_the_nearest_are_kept_where_there_are_too_many() -> None:
    due = [date(2022, 1, 1), date(2022, 11, 10), date(2022, 11, 30)]
    told = by_event(owed(row, due=day) for row, day in enumerate(due, 1))
    kept = nearest(told, date(2022, 11, 12), 2)
    assert [each[0].share.due for each in kept] == due[1:]


WORDS = st.text(st.characters(exclude_categories=()), max_size=120)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def any_owed(draw: st.DrawFn) -> Owed:
    first = draw(DAYS)
    due = draw(st.one_of(st.just(first), DAYS))
    row = draw(st.integers(1, 9))
    period = draw(st.sampled_from((None, "2022-Q1", "2022-9M")))
    share = Share(
        key=ShareKey(f"{PLAN}/{row}", first.isoformat(), draw(st.sampled_from(("QLTM", "VP", "gone")))),
        role=draw(st.sampled_from(Role)),
        due=due,
        lapses=due,
        first_due=first,
        period=period,
        epoch=draw(st.integers(1, 5)),
        epoch_began=draw(DAYS),
        report=draw(st.none() | st.builds(ReportFact, on=DAYS, by=st.just("huong"))),
        accepted_on=draw(st.none() | DAYS),
        waiting=draw(st.none() | st.builds(Waiting, since=DAYS)),
        request=draw(st.none() | st.builds(Request, on=DAYS, by=WORDS, to=DAYS, reason=WORDS)),
        withdrawn_on=draw(st.none() | DAYS),
    )
    closing = draw(st.none() | st.builds(Closing, kind=st.sampled_from(ClosingKind), on=DAYS))
    return Owed(plan=PLAN, row=row, text=draw(WORDS), product=draw(WORDS), closing=closing, share=share)


MANY = st.lists(any_owed(), max_size=12, unique_by=lambda each: each.share.key)


@settings(max_examples=60, deadline=None)
@given(MANY, WORDS)
def test_whatever_the_facts_the_feed_is_read_by_others(many: list[Owed], name: str) -> None:
    data = feed_bytes(Feed(name=name, events=events_of(by_event(many), TELLER)))
    read = read_calendar(data)
    assert {entry.uid for entry in read.entries} == {uid_of(each, TELLER) for each in many}
    assert unicodedata.is_normalized("NFC", "".join(entry.description for entry in read.entries))


@settings(max_examples=60, deadline=None)
@given(st.data(), MANY)
def test_the_same_facts_are_the_same_bytes_in_whatever_order(data: st.DataObject, many: list[Owed]) -> None:
    again = data.draw(st.permutations(many))
    assert events_of(by_event(many), TELLER) == events_of(by_event(again), TELLER)


@settings(max_examples=60, deadline=None)
@given(any_owed(), st.integers(1, 400))
def test_a_moved_date_raises_the_sequence_and_keeps_the_identity(given: Owed, days: int) -> None:
    share = replace(given.share, period=None)
    later = replace(share, due=share.due + timedelta(days=days), epoch=share.epoch + 1)
    (before,) = events_of(by_event([replace(given, share=share)]), TELLER)
    (after,) = events_of(by_event([replace(given, share=later)]), TELLER)
    assert after.uid == before.uid
    assert after.sequence == before.sequence + 1
    assert after.due == before.due + timedelta(days=days)


def test_the_file_of_a_letter_names_the_office_and_asks_for_no_answer() -> None:
    file = published(events_of(by_event([owed(1), owed(2)]), TELLER), OFFICE, AT)
    read = read_calendar(file.data, in_letter=True)
    assert dict(file.parameters) == {"method": read.head["METHOD"], "charset": "UTF-8", "component": "VEVENT"}
    assert read.head["METHOD"] == "PUBLISH"
    assert {entry.lines["ORGANIZER"] for entry in read.entries} == {"mailto:dondoc@sct.example.vn"}
    assert {entry.lines["DTSTAMP"] for entry in read.entries} == {"20221101T010000Z"}


def test_a_file_that_calls_off_speaks_of_one_event() -> None:
    (event,) = events_of(
        by_event([replace(owed(), closing=Closing(kind=ClosingKind.STOPPED, on=DUE))]), TELLER
    )
    first, second = (cancelled(event, OFFICE, AT, number) for number in (1, 2))
    assert (first.name, second.name) == ("huy-thoi-han.ics", "huy-thoi-han-2.ics")
    read = read_calendar(first.data, in_letter=True)
    assert read.head["METHOD"] == dict(first.parameters)["method"] == "CANCEL"
    assert read.only.lines["STATUS"] == "CANCELLED"


def test_a_feed_asks_to_be_read_again_after_six_hours_and_bears_its_name() -> None:
    data = feed_bytes(Feed(name="Thời hạn, việc; tôi", events=(), note="Chỉ ghi 1, 2"))
    head = read_calendar(data).head
    assert head["REFRESH-INTERVAL"] == head["X-PUBLISHED-TTL"] == "PT6H"
    assert head["NAME"] == head["X-WR-CALNAME"] == r"Thời hạn\, việc\; tôi"
    assert head["DESCRIPTION"] == head["X-WR-CALDESC"] == r"Chỉ ghi 1\, 2"
