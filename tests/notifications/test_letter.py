"""One letter a person: what stands in it, in which order, and the same in text and HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from notifications.letter import SHOWN_LINES, Addressee, Item, Letter, PlanRef, Section, compose_digest
from notifications.links import Links
from tasks_catalog.audience import Audience
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.facts import EpochCause, Request, Share, TaskFacts
from tasks_catalog.ladder import Notice, NoticeKey, NoticeState
from tasks_catalog.occurrence import Role

if TYPE_CHECKING:
    from tests.notifications.conftest import Golden

Waiting = Callable[..., tuple[Item, ...]]
To = Callable[..., Addressee]
Shares = Callable[..., Share]
Tasks = Callable[..., TaskFacts]

LINKS = Links("https://dondoc.example.vn", mark="dau")
D = date(2022, 11, 30)
PLAN = PlanRef(number="383/KH-SCT", title="cải cách hành chính năm 2022")
URL = re.compile(r"https?://\S+")


class Page(HTMLParser):
    """What an HTML letter holds: its elements, and its text as a reader sees it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._silent = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._silent += tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag == "title"

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words += data.split()

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(self.words)


def notice_of(
    share: Share, *, audience: Audience = Audience.OWNER, route: str = "officer", why: str = "due_soon"
) -> Notice:
    key = NoticeKey(share.key, share.epoch, "-2", "an")
    return Notice(key=key, fire_on=D, state=NoticeState.WAITING, audience=audience, why=why, route=route)


def item_of(task: TaskFacts, share: Share, **more: str | Audience) -> Item:
    return Item(notice=notice_of(share, **more), task=task, share=share, plan=PLAN)  # type: ignore[arg-type]


@pytest.fixture
def compose(calendar: WorkCalendar) -> Callable[..., Letter]:
    def of(addressee: Addressee, items: tuple[Item, ...], as_of: date = D, links: Links = LINKS) -> Letter:
        return compose_digest(addressee, items, as_of=as_of, calendar=calendar, links=links)

    return of


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("who", ["an", "binh", "chi"])
def test_the_letters_of_30_november_read_as_they_should(
    who: str,
    language: str,
    november: tuple[TaskFacts, ...],
    waiting: Waiting,
    addressee: To,
    compose: Callable[..., Letter],
    golden: Golden,
) -> None:
    letter = compose(addressee(who, language), waiting(november, who))
    golden.check(f"digest-{who}.{language}.txt", f"Subject: {letter.subject}\n\n{letter.text}")
    golden.check(f"digest-{who}.{language}.html", letter.html)


@pytest.fixture
def of_an(
    november: tuple[TaskFacts, ...], waiting: Waiting, addressee: To, compose: Callable[..., Letter]
) -> Letter:
    return compose(addressee("an"), waiting(november, "an"))


def test_the_subject_tells_counts_first_and_the_date(of_an: Letter) -> None:
    assert of_an.subject.startswith("[CCHC] 1 quá hạn, 1 đến hạn ngày 30/11/2022, ")
    assert of_an.subject.endswith(" – Kế hoạch 383/KH-SCT")


def test_sections_come_in_the_order_of_urgency(of_an: Letter) -> None:
    sections = [line.section for line in of_an.lines]
    assert sections == [Section.OVERDUE, Section.TODAY, Section.SOON, Section.SOON, Section.CO_OWNER]


def test_continuous_shares_are_one_line_with_one_link(of_an: Letter) -> None:
    (sheet,) = [line for line in of_an.lines if not line.number]
    assert sheet.text.startswith("Phiếu kỳ năm 2022: 3 nội dung")
    assert sheet.link == "https://dondoc.example.vn/sheets/383%2FKH-SCT/2022-Y/QLTM"
    assert len(sheet.notices) == 3
    assert "Việc thường xuyên số" not in of_an.text + of_an.html


def test_every_notice_is_spoken_for_once(
    november: tuple[TaskFacts, ...], waiting: Waiting, of_an: Letter
) -> None:
    keys = [key for line in of_an.lines for key in line.notices]
    assert sorted(keys) == sorted(item.notice.key for item in waiting(november, "an"))


def test_every_line_says_why_and_what_happens_next(of_an: Letter) -> None:
    for line in of_an.lines:
        assert line.reason.startswith("Anh/chị nhận thư này vì ")
        assert re.search(r"ngày \d\d/\d\d/2022|chỉ nhắc một lần", line.next), line
    assert "ngày 02/12/2022 sẽ báo cáo Phó Giám đốc Trần Văn Dũng" in of_an.lines[0].next


def test_text_and_html_tell_the_same_facts(of_an: Letter) -> None:
    page = Page(of_an.html)
    for line in of_an.lines:
        for face in (page.text, " ".join(of_an.text.split())):
            for fact in (
                line.number,
                line.text,
                line.product,
                line.due_text,
                line.status,
                line.reason,
                line.next,
            ):
                assert fact in face
        assert line.link in of_an.text
        assert line.link in [a["href"] for a in page.all("a")]


def test_the_text_part_is_at_most_78_wide_but_for_links(of_an: Letter) -> None:
    wide = [line for line in of_an.text.splitlines() if len(URL.sub("", line)) > 78 or len(line) > 78]
    assert not [line for line in wide if not URL.fullmatch(line.strip())]


def test_the_html_stands_by_itself(of_an: Letter) -> None:
    page = Page(of_an.html)
    assert page.all("html")[0]["lang"] == "vi"
    assert not [
        tag for tag, _ in page.elements if tag in ("img", "link", "script", "style", "iframe", "form")
    ]
    assert "url(" not in of_an.html
    assert not [a for _, a in page.elements if "src" in a or "background" in a]
    assert len(page.all("table")) == len(page.all("caption")) == len({line.section for line in of_an.lines})
    assert {th["scope"] for th in page.all("th")} == {"col", "row"}
    assert min(int(px) for px in re.findall(r"font-size:(\d+)px", of_an.html)) >= 14


def test_colours_stand_out_at_least_four_and_a_half_to_one(of_an: Letter) -> None:
    inks = set(re.findall(r"[;\"]color:(#\w{6})", of_an.html))
    papers = set(re.findall(r"background-color:(#\w{6})", of_an.html))
    assert inks
    assert min(contrast(ink, paper) for ink in inks for paper in papers) >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.1."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_markup_in_a_task_is_shown_as_text(of_an: Letter) -> None:
    assert "<kết quả>" not in of_an.html
    assert "Báo cáo <kết quả> cải cách" in Page(of_an.html).text
    assert "Báo cáo <kết quả> cải cách hành chính & kiểm soát" in of_an.text


def test_an_english_letter_marks_the_words_of_the_plan_as_vietnamese(
    november: tuple[TaskFacts, ...], waiting: Waiting, addressee: To, compose: Callable[..., Letter]
) -> None:
    letter = compose(addressee("an", "en"), waiting(november, "an"))
    page = Page(letter.html)
    assert page.all("html")[0]["lang"] == "en"
    assert {a.get("lang") for a in page.all("a") if "/tasks/" in (a["href"] or "")} == {"vi"}
    assert letter.subject.startswith("[PAR] 1 overdue, 1 due on 30 Nov 2022")
    assert not re.search(r"Anh/chị|Nếu chưa|quá hạn|Thời hạn", letter.text)


@pytest.mark.parametrize(
    ("due", "change", "section", "status"),
    [
        pytest.param(
            date(2022, 11, 29), {}, "overdue", "quá hạn 1 ngày làm việc", id="due yesterday is overdue"
        ),
        pytest.param(date(2022, 11, 30), {}, "today", "báo cáo hết ngày 30/11/2022", id="due on the day"),
        pytest.param(
            date(2022, 11, 26),
            {"lapses": date(2022, 11, 30)},
            "today",
            "báo cáo hết ngày 30/11/2022",
            id="a date slid past a rest day is due until its last on-time day",
        ),
        pytest.param(date(2022, 12, 1), {}, "soon", "còn 1 ngày làm việc", id="due tomorrow"),
        pytest.param(date(2022, 12, 15), {}, "soon", "còn 11 ngày làm việc", id="due in two weeks"),
    ],
)
def test_a_line_stands_where_its_date_puts_it(
    due: date,
    change: dict[str, date],
    section: str,
    status: str,
    task: Tasks,
    share: Shares,
    addressee: To,
    compose: Callable[..., Letter],
) -> None:
    owed = share("383/KH-SCT/1", "QLTM", due, **change)
    (line,) = compose(addressee("an"), (item_of(task(1, "Việc", "", owed), owed),)).lines
    assert line.section == section
    assert status in line.status


def test_a_date_on_a_sunday_calls_on_the_friday_before(
    task: Tasks, share: Shares, addressee: To, compose: Callable[..., Letter]
) -> None:
    owed = share("383/KH-SCT/1", "QLTM", date(2022, 11, 27))
    letter = compose(addressee("an"), (item_of(task(1, "Việc", "", owed), owed),), as_of=date(2022, 11, 25))
    assert letter.lines[0].section is Section.TODAY
    assert letter.lines[0].status == "không còn ngày làm việc nào trước hạn"
    assert "ngày làm việc cuối cùng trước hạn là 25/11/2022" in letter.text


@pytest.mark.parametrize(
    ("notice", "change", "section", "note"),
    [
        pytest.param(
            {"why": "returned"},
            {"epoch_cause": EpochCause.RETURNED},
            "soon",
            "đã được trả lại",
            id="a returned report",
        ),
        pytest.param(
            {"why": "triggered"},
            {"epoch_cause": EpochCause.TRIGGERED},
            "soon",
            "Điều kiện đã phát sinh",
            id="a condition that arose",
        ),
        pytest.param(
            {"why": "request_undecided", "audience": Audience.COORDINATOR, "route": "coordinator"},
            {"request": Request(on=date(2022, 11, 20), by="an", to=date(2022, 12, 30), reason="chờ góp ý")},
            "decide",
            "gia hạn đến ngày 30/12/2022",
            id="a request nobody decided",
        ),
        pytest.param(
            {"route": "fallback"}, {}, "urge", "Cảnh báo: danh bạ chưa có", id="a unit with nobody in it"
        ),
        pytest.param(
            {},
            {"first_due": date(2022, 11, 1)},
            "soon",
            "Thời hạn ban đầu: 01/11/2022",
            id="an extended date",
        ),
    ],
)
def test_what_is_special_about_a_line_is_noted(
    notice: dict[str, str | Audience],
    change: dict[str, object],
    section: str,
    note: str,
    task: Tasks,
    share: Shares,
    addressee: To,
    compose: Callable[..., Letter],
) -> None:
    owed = share("383/KH-SCT/1", "QLTM", date(2022, 12, 7), **change)
    letter = compose(addressee("an"), (item_of(task(1, "Việc", "", owed), owed, **notice),))
    assert letter.lines[0].section == section
    assert note in " ".join(letter.text.split())
    assert note in Page(letter.html).text


def test_two_notices_of_one_share_are_one_line_by_the_later(
    task: Tasks, share: Shares, addressee: To, compose: Callable[..., Letter]
) -> None:
    owed = share("383/KH-SCT/1", "QLTM", date(2022, 12, 2))
    first = item_of(task(1, "Việc", "", owed), owed)
    second = replace(
        first,
        notice=replace(first.notice, key=first.notice.key._replace(rung="0"), fire_on=date(2022, 12, 2)),
    )
    (line,) = compose(addressee("an"), (second, first)).lines
    assert [key.rung for key in line.notices] == ["0", "-2"]


def test_sheets_of_different_periods_units_and_roles_stay_apart(
    task: Tasks, share: Shares, addressee: To, compose: Callable[..., Letter]
) -> None:
    shares = [
        share("383/KH-SCT/1", unit, due, period=period, role=role)
        for unit in ("QLTM", "XTTM")
        for due, period in ((date(2022, 9, 14), "2022-Q3"), (date(2022, 12, 14), "2022-Y"))
        for role in (Role.OWNER, Role.CO_OWNER)
    ]
    items = []
    for row, owed in enumerate(shares, start=1):
        owed = replace(owed, key=owed.key._replace(task=f"383/KH-SCT/{row}"))
        audience = Audience.OWNER if owed.role is Role.OWNER else Audience.CO_OWNER
        items.append(item_of(task(row, "Việc", "", owed), owed, audience=audience))
    letter = compose(addressee("an"), tuple(items))
    assert len(letter.lines) == 8
    assert "quý III năm 2022: 1 nội dung" in letter.text


def test_a_task_of_any_length_is_cut_at_a_word(
    task: Tasks, share: Shares, addressee: To, compose: Callable[..., Letter]
) -> None:
    words = "Rà soát, chuẩn hóa hệ thống các thủ tục hành chính; " * 20
    owed = share("383/KH-SCT/1", "QLTM", date(2022, 12, 2))
    (line,) = compose(addressee("an"), (item_of(task(1, words, words, owed), owed),)).lines
    assert len(line.text) <= 160
    assert line.text.endswith("…")
    assert (
        words.startswith(line.text[:-1] + " ")
        or words.startswith(line.text[:-1] + ";")
        or words.startswith(line.text[:-1] + ",")
    )


def test_a_letter_of_three_hundred_lines_stays_under_what_mail_readers_clip(
    task: Tasks, share: Shares, addressee: To, compose: Callable[..., Letter]
) -> None:
    words = "Rà soát, chuẩn hóa hệ thống các thủ tục hành chính, dịch vụ công & quy trình; " * 5
    items = []
    for row in range(1, 301):
        owed = share(f"383/KH-SCT/{row}", "QLTM", date(2022, 11, 1), first_due=date(2022, 10, 1))
        items.append(
            item_of(task(row, words, words, owed), owed, audience=Audience.COORDINATOR, route="coordinator")
        )
    letter = compose(addressee("chi"), tuple(items))
    assert len(letter.html.encode()) < 100_000
    assert len(letter.lines) == 300
    assert f"và {300 - SHOWN_LINES} việc khác" in Page(letter.html).text
    assert f"và {300 - SHOWN_LINES} việc khác" in letter.text
    assert "https://dondoc.example.vn/plans/383%2FKH-SCT" in letter.text


def test_without_a_board_letters_have_no_links_and_say_how_to_answer(
    november: tuple[TaskFacts, ...], waiting: Waiting, addressee: To, compose: Callable[..., Letter]
) -> None:
    letter = compose(addressee("an"), waiting(november, "an"), links=Links())
    assert "http" not in letter.text
    assert not Page(letter.html).all("a")
    assert "Trả lời thư này để báo cáo hoặc xin thêm thời gian: ghi số việc (ví dụ 383/KH-SCT/1)" in " ".join(
        letter.text.split()
    )


def test_whom_to_ask_is_the_coordinator_who_is_not_sent_to_herself(
    november: tuple[TaskFacts, ...], waiting: Waiting, addressee: To, compose: Callable[..., Letter]
) -> None:
    contact = "Cần hỏi thêm: Phạm Thị Chi"
    assert contact in compose(addressee("an"), waiting(november, "an")).text
    to_chi = compose(addressee("chi"), waiting(november, "chi")).text
    assert contact not in to_chi
    assert "dondoc task report 383/KH-SCT/1" in to_chi


def test_two_plans_are_counted_in_the_subject(
    task: Tasks, share: Shares, addressee: To, compose: Callable[..., Letter]
) -> None:
    owed = share("383/KH-SCT/1", "QLTM", date(2022, 12, 2))
    here = item_of(task(1, "Việc", "", owed), owed)
    other = share("12/KH-UBND/1", "QLTM", date(2022, 12, 5))
    there = replace(item_of(task(1, "Việc khác", "", other), other), plan=PlanRef(number="12/KH-UBND"))
    letter = compose(addressee("an"), (here, there))
    assert letter.subject == "[CCHC] 2 sắp đến hạn từ ngày 02/12/2022 – 2 kế hoạch"


def test_files_that_travel_with_the_letter_are_named(
    november: tuple[TaskFacts, ...], waiting: Waiting, addressee: To, calendar: WorkCalendar
) -> None:
    letter = compose_digest(
        addressee("chi"),
        waiting(november, "chi"),
        as_of=D,
        calendar=calendar,
        links=LINKS,
        files=("du-thao-cong-van.docx",),
    )
    assert "Tệp kèm theo: du-thao-cong-van.docx" in letter.text
    assert "Tệp kèm theo: du-thao-cong-van.docx" in Page(letter.html).text


def test_a_letter_about_nothing_is_not_written(addressee: To, compose: Callable[..., Letter]) -> None:
    with pytest.raises(ValueError, match="without a notice"):
        compose(addressee("an"), ())
