"""A task's page as a place to act: each act done for real through its form, and refused to who may not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from board.app import create_board
from board.share_doings import SHARE_DOINGS
from board.task_doings import TASK_DOINGS
from board.tickets import ticket_for
from notifications.wording import catalogue
from storage.desk import Desk
from tasks_catalog.facts import ClosingKind, EpochCause, Share, TaskFacts
from tests.board.acting_cast import (
    KEYS,
    NUMBER,
    PAGE_1,
    ROW_1,
    SHARE_1,
    Office,
    accepted,
    as_it_is,
    asked_for_time,
    closed,
    open_office,
    reported,
    waiting,
)
from tests.board.browsing import HOST, Browser, form_to, forms_in
from tests.board.cast import CALENDAR, NOW
from tests.board.test_pages import words

PDF = b"%PDF-1.7\n" + b"0" * 2000
EVERYBODY = ("truc", "gu", "lim", "sao", "dau", "tram", "cam", "nghien", "quan")
UNIT, COORDINATOR, LEADERS = ("gu", "lim", "sao"), ("truc",), ("cam", "nghien")


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    return open_office(sqlite_engine, tmp_path / "files")


def share_of(facts: TaskFacts, unit: str = "TT") -> Share:
    (share,) = [share for share in facts.current_shares if share.key.unit == unit]
    return share


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One act: how the share stands, who does it with what, what the journal and the facts say then."""

    name: str
    state: Callable[[Office], None] = as_it_is
    by: str
    typed: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    event: str
    then: Callable[[TaskFacts], bool]
    who: Sequence[str]
    """Everybody who may."""
    of_task: bool = False

    @property
    def action(self) -> str:
        return f"{PAGE_1 if self.of_task else SHARE_1}/{self.name}"


PAPER = {"document": "99/SCT-VP", "issued": "2022-10-18"}
DEEDS = (
    Deed(
        name="report",
        by="gu",
        typed={"document": "45/BC-TT", "issued": "2022-09-29", "note": "xong", "figure-1": "97,5"},
        event="report",
        then=lambda facts: (
            share_of(facts).is_done
            and share_of(facts).report.product_date == date(2022, 9, 29)  # type: ignore[union-attr]
            and share_of(facts).report.evidence[0].text == "45/BC-TT"  # type: ignore[union-attr]
            and len(share_of(facts).measures) == 1
        ),
        who=(*UNIT, *COORDINATOR),
    ),
    Deed(
        name="progress",
        by="gu",
        typed={"expected": "2022-10-25", "note": "đang in"},
        event="acknowledge",
        then=lambda facts: share_of(facts).expected == date(2022, 10, 25),
        who=(*UNIT, *COORDINATOR),
    ),
    Deed(
        name="measure",
        by="gu",
        typed={"figure-1": "24/25"},
        event="measure",
        then=lambda facts: [m.figure.part for m in share_of(facts).measures] == [24],
        who=(*UNIT, *COORDINATOR),
    ),
    Deed(
        name="extend",
        by="gu",
        typed={"to": "2022-11-30", "note": "chờ góp ý"},
        event="ask_extension",
        then=lambda facts: share_of(facts).request is not None,
        who=(*UNIT, *COORDINATOR),
    ),
    Deed(
        name="wait",
        by="gu",
        typed=PAPER,
        event="wait",
        then=lambda facts: share_of(facts).waiting is not None,
        who=(*UNIT, *COORDINATOR),
    ),
    Deed(
        name="resume",
        state=waiting,
        by="gu",
        typed=PAPER,
        event="resume",
        then=lambda facts: share_of(facts).epoch_cause is EpochCause.RESUMED,
        who=(*UNIT, *COORDINATOR),
    ),
    Deed(
        name="hand_over",
        by="sao",
        typed={"officer": "lim"},
        event="reassign",
        then=lambda facts: share_of(facts).officer == "lim",
        who=("sao", *COORDINATOR),
    ),
    Deed(
        name="accept",
        state=reported,
        by="truc",
        typed={"product_date": "1"},
        event="accept",
        then=lambda facts: share_of(facts).accepted_on == date(2022, 10, 18) and not share_of(facts).is_late,
        who=(*COORDINATOR, *LEADERS),
    ),
    Deed(
        name="return",
        state=reported,
        by="truc",
        typed={"note": "thiếu phụ lục", "due": "2022-11-01"},
        event="return",
        then=lambda facts: share_of(facts).is_live and share_of(facts).due == date(2022, 11, 1),
        who=(*COORDINATOR, *LEADERS),
    ),
    Deed(
        name="grant",
        state=asked_for_time,
        by="cam",
        typed=PAPER,
        event="decide_extension",
        then=lambda facts: (
            share_of(facts).due == date(2022, 11, 30)
            and share_of(facts).extensions[0].document is not None
            and share_of(facts).extensions[0].before == date(2022, 9, 30)
        ),
        who=(*COORDINATOR, *LEADERS),
    ),
    Deed(
        name="refuse",
        state=asked_for_time,
        by="truc",
        typed={"note": "đã đủ thời gian"},
        event="decide_extension",
        then=lambda facts: share_of(facts).request is None and share_of(facts).due == date(2022, 9, 30),
        who=(*COORDINATOR, *LEADERS),
    ),
    Deed(
        name="give_time",
        by="truc",
        typed={**PAPER, "to": "2022-11-15"},
        event="decide_extension",
        then=lambda facts: share_of(facts).due == date(2022, 11, 15),
        who=(*COORDINATOR, *LEADERS),
    ),
    Deed(
        name="snooze",
        by="truc",
        typed={"until": "2022-10-28"},
        event="snooze",
        then=lambda facts: share_of(facts).snoozed_until == date(2022, 10, 28),
        who=COORDINATOR,
    ),
    Deed(
        name="correct",
        by="truc",
        typed={"text": "Rà soát <b>văn bản</b> quy phạm"},
        event="correct",
        then=lambda facts: facts.text == "Rà soát <b>văn bản</b> quy phạm",
        who=COORDINATOR,
        of_task=True,
    ),
    Deed(
        name="reassign",
        by="truc",
        typed={"from_unit": "TT", "to_unit": "VP", **PAPER},
        event="reassign",
        then=lambda facts: share_of(facts, "VP").is_live,
        who=COORDINATOR,
        of_task=True,
    ),
    Deed(
        name="close",
        by="truc",
        typed={"kind": "stopped", **PAPER},
        event="close",
        then=lambda facts: facts.closing is not None and facts.closing.kind is ClosingKind.STOPPED,
        who=COORDINATOR,
        of_task=True,
    ),
    Deed(
        name="reopen",
        state=closed,
        by="truc",
        typed={"note": "lãnh đạo yêu cầu"},
        event="reopen",
        then=lambda facts: facts.closing is None and share_of(facts).epoch == 2,
        who=COORDINATOR,
        of_task=True,
    ),
)
OTHERS = {"trigger", "settle", "set_aside"}
"""Of other rows: tested by themselves below."""
each_deed = pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)


def test_every_form_of_the_tables_is_tested_here() -> None:
    assert {deed.name for deed in DEEDS} | OTHERS == {doing.name for doing in (*SHARE_DOINGS, *TASK_DOINGS)}


@each_deed
def test_it_is_done_through_its_form_and_said(office: Office, deed: Deed) -> None:
    deed.state(office)
    browser = office.as_(deed.by)
    before = len(office.history())
    done = browser.send(form_to(browser.get(PAGE_1).text, f"/{deed.name}"), deed.typed)
    assert done.status_code == 303, done.text
    page = browser.get(done.headers["location"])
    assert 'role="status"' in page.text
    assert catalogue()[f"board_done_{deed.name}"]["vi"] in words(page.text)
    (line,) = office.history()[before:]
    assert (line.kind, line.by) == (deed.event, deed.by)
    assert deed.then(office.facts())


@each_deed
def test_who_may_not_is_offered_no_form_and_refused(office: Office, deed: Deed) -> None:
    deed.state(office)
    facts, history = office.facts(), office.history()
    typed = {**deed.typed, "ticket": ticket_for(deed.action, KEYS), "seen": _seen(office, deed)}
    for code in EVERYBODY:
        browser = office.as_(code)
        offered = [f for f in forms_in(browser.get(PAGE_1).text) if f.action.endswith(f"/{deed.name}")]
        assert bool(offered) == (code in deed.who), code
        if code not in deed.who:
            refused = browser.post(deed.action, typed)
            assert refused.status_code == 403, code
            assert re.search("không thuộc phần của bạn|không dành cho vai trò của bạn", refused.text)
    assert office.facts() == facts
    assert office.history() == history


@each_deed
def test_everybody_who_may_finds_every_field_with_its_label(office: Office, deed: Deed) -> None:
    deed.state(office)
    for code in deed.who:
        browser = office.as_(code)
        form = form_to(browser.get(PAGE_1).text, f"/{deed.name}")
        assert set(form.labels) >= {f"{deed.name}-{name}" for name in deed.typed}


def _seen(office: Office, deed: Deed) -> str:
    """Return what the form of somebody who may would carry."""
    browser = office.as_(deed.who[0])
    return form_to(browser.get(PAGE_1).text, f"/{deed.name}").values["seen"][0]


@each_deed
def test_a_form_of_elsewhere_does_nothing(office: Office, deed: Deed) -> None:
    deed.state(office)
    browser = office.as_(deed.by)
    form = form_to(browser.get(PAGE_1).text, f"/{deed.name}")
    before = office.everything()
    other = ticket_for(f"{deed.action}x", KEYS)
    for ticket in ("", "x.y.z", other):
        answer = browser.post(deed.action, {**form.values, **deed.typed, "ticket": ticket})
        assert answer.status_code == 400
    foreign = {"Origin": "https://xau.example", "Sec-Fetch-Site": "cross-site"}
    assert browser.post(deed.action, {**form.values, **deed.typed}, headers=foreign).status_code == 400
    assert office.everything() == before


@each_deed
def test_the_address_of_a_form_shows_the_task_when_it_is_opened(office: Office, deed: Deed) -> None:
    answer = office.as_(deed.by).get(deed.action)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE_1)


# What is refused stays on the page


@pytest.mark.parametrize(
    ("name", "state", "typed", "said"),
    [
        ("report", as_it_is, {"note": ""}, "Báo cáo chưa có nội dung"),
        ("report", as_it_is, {"issued": "2022-10-01", "note": "Đã xong"}, "mà chưa có số văn bản"),
        ("report", as_it_is, {"document": "1/BC", "issued": "2023-01-01"}, "sau ngày ghi báo cáo"),
        ("report", as_it_is, {"note": "Đã xong", "figure-1": "rất nhiều"}, "rất nhiều"),
        ("progress", as_it_is, {"expected": "2022-10-01", "note": "đang in"}, "đã qua"),
        ("progress", as_it_is, {"expected": "mai"}, "mai"),
        ("extend", as_it_is, {"to": "2022-09-01", "note": "chậm"}, "phải sau thời hạn hiện nay"),
        ("extend", as_it_is, {"to": "2022-12-01", "note": ""}, "Phải ghi lý do"),
        ("wait", as_it_is, {"note": "đã trình"}, "phải ghi văn bản"),
        ("hand_over", as_it_is, {"officer": "tram"}, "không phải là cán bộ"),
        ("snooze", as_it_is, {"until": "2022-10-18"}, "18/10/2022"),
        ("give_time", as_it_is, {"to": "2022-11-15"}, "phải ghi văn bản"),
        ("give_time", as_it_is, {**PAPER}, "chưa ghi thời hạn mới"),
        ("grant", asked_for_time, {"to": "2022-12-01", "note": "được"}, "phải ghi văn bản"),
        ("refuse", asked_for_time, {"note": ""}, "Phải ghi lý do"),
        ("return", reported, {"note": "", "due": "2022-11-01"}, "Phải ghi lý do"),
        ("return", reported, {"note": "thiếu", "due": "2022-01-01"}, "đã qua"),
    ],
)
def test_a_refusal_stands_at_its_form_with_what_was_typed(
    office: Office, name: str, state: Callable[[Office], None], typed: dict[str, str], said: str
) -> None:
    state(office)
    browser, before = office.as_("truc"), office.history()
    refused = browser.send(form_to(browser.get(PAGE_1).text, f"/{name}"), typed)
    assert refused.status_code == 400
    _, _, below = refused.text.partition(f'action="{SHARE_1}/{name}"')
    alert, _, _ = below.partition("</form>")
    assert 'role="alert"' in alert
    assert said in words(alert)
    form = form_to(refused.text, f"/{name}")
    kept = {key: value for key, value in typed.items() if value in form.choices.get(key, [value])}
    assert {key: form.values[key] for key in kept} == {key: [value] for key, value in kept.items()}
    assert office.history() == before
    assert refused.text.count('role="alert"') == 1


def test_a_refused_form_is_unfolded_with_what_it_lies_in(office: Office) -> None:
    browser = office.as_("truc")
    refused = browser.send(form_to(browser.get(PAGE_1).text, "/snooze"), {"until": "2022-10-01"}).text
    others, _, form = refused.partition('<details class="others" open>')
    assert form
    assert '<details class="action" open>\n<summary>Tạm ngừng nhắc</summary>' in form
    assert "Việc khác" not in others


# Two people at once


def test_who_did_not_see_the_last_change_decides_nothing(office: Office) -> None:
    asked_for_time(office)
    coordinator = office.as_("truc")
    drawn = form_to(coordinator.get(PAGE_1).text, "/grant")
    reported(office)
    refused = coordinator.send(drawn, PAPER)
    assert refused.status_code == 400
    assert "Nhiệm vụ đã thay đổi sau khi trang này được mở: Báo cáo hoàn thành, Gụ" in words(refused.text)
    assert office.history()[-1].kind == "report"
    assert form_to(refused.text, "/accept").action.endswith("/accept")


def test_pressed_twice_it_is_done_once(office: Office) -> None:
    browser = office.as_("gu")
    form = form_to(browser.get(PAGE_1).text, "/progress")
    assert browser.send(form, {"expected": "2022-10-25"}).status_code == 303
    assert browser.send(form, {"expected": "2022-10-25"}).status_code == 400
    assert [line.kind for line in office.history()].count("acknowledge") == 1


def test_another_unit_s_share_is_no_change_to_this_one(office: Office) -> None:
    task, page = f"{NUMBER}/3", "/tasks/383%2FKH-SCT/3?occurrence=2022-09-14&unit=TT"
    browser = office.as_("gu")
    form = form_to(browser.get(page).text, "/shares/2022-09-14/TT/report")
    office.desk(lambda desk: desk.report(task, "TM", occurrence="2022-09-14"), by="tram")
    assert browser.send(form, {"note": "đã công khai"}).status_code == 303


# Files, words from elsewhere, what the page says


def test_files_are_handed_in_and_come_back_under_their_name(office: Office) -> None:
    browser = office.as_("gu")
    form = form_to(browser.get(PAGE_1).text, "/report")
    assert form.kind == "multipart/form-data"
    files = [
        ("files", ("Báo cáo “kết quả” rà soát.pdf", PDF, "application/pdf")),
        ("files", ("Phụ lục.pdf", PDF + b"1", "application/pdf")),
    ]
    assert browser.send(form, {"note": "kèm tệp"}, files=files).status_code == 303
    (first, second) = share_of(office.facts()).report.evidence  # type: ignore[union-attr]
    page = browser.get(PAGE_1).text
    assert f'href="/files/{first.sha256}"' in page
    assert page.count(f"/files/{second.sha256}") == 2  # at the share and in the history
    answer = browser.get(f"/files/{first.sha256}")
    assert answer.content == PDF
    named = answer.headers["content-disposition"]
    assert named.startswith("attachment; ")
    assert "filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20%E2%80%9Ck%E1%BA%BFt%20qu%E1%BA%A3%E2%80%9D" in named
    assert named.isascii()


def test_a_file_that_is_not_taken_leaves_no_report(office: Office) -> None:
    browser = office.as_("gu")
    form = form_to(browser.get(PAGE_1).text, "/report")
    files = [("files", ("chay.pdf", b"MZ\x90\x00" + b"0" * 500, "application/pdf"))]
    refused = browser.send(form, {"note": "kèm tệp"}, files=files)
    assert refused.status_code == 400
    assert "chay.pdf" in words(refused.text)
    assert "hãy chọn lại tệp" in words(refused.text)
    assert not share_of(office.facts()).is_done


EVIL = '<img src=x onerror=alert(1)> & "nháy"'


def test_whatever_was_typed_is_shown_as_text(office: Office) -> None:
    browser = office.as_("gu")
    form = form_to(browser.get(PAGE_1).text, "/report")
    files = [("files", ("<b>tên</b>.pdf", PDF, "application/pdf"))]
    typed = {"document": EVIL, "note": EVIL}
    assert browser.send(form, typed, files=files).status_code == 303
    coordinator = office.as_("truc")
    returned = form_to(coordinator.get(PAGE_1).text, "/return")
    assert coordinator.send(returned, {"note": EVIL}).status_code == 303
    correct = form_to(coordinator.get(PAGE_1).text, "/correct")
    assert coordinator.send(correct, {"text": EVIL}).status_code == 303
    page = coordinator.get(PAGE_1).text
    assert "<img" not in page
    assert "<b>tên" not in page
    assert page.count("onerror=alert(1)") >= 4


def test_an_extended_date_leaves_the_old_one_to_be_seen(office: Office) -> None:
    asked_for_time(office)
    browser = office.as_("truc")
    browser.send(form_to(browser.get(PAGE_1).text, "/grant"), PAPER)
    page = browser.get(PAGE_1).text
    assert '<s class="was"><span class="unseen">hạn cũ </span>30/09/2022</s> 30/11/2022' in page
    said = words(page)
    assert "Gia hạn từ 30/09/2022 đến 30/11/2022; căn cứ văn bản 99/SCT-VP ngày 18/10/2022" in said
    assert "Đồng ý gia hạn – Trúc" in said


def test_the_rung_that_urges_a_decision_is_named_in_words(office: Office) -> None:
    later = date(2022, 12, 10)
    office.desk(lambda desk: desk.ask_extension(f"{NUMBER}/2", "TM", to=later), by="dau", note="chờ")
    said = words(office.as_("truc").get("/tasks/383%2FKH-SCT/2").text)
    assert "21/10/2022 đề nghị gia hạn Trúc" in said
    assert "decide-" not in said


def test_what_happens_next_is_said_with_what_was_done(office: Office) -> None:
    browser = office.as_("gu")
    done = browser.send(form_to(browser.get(PAGE_1).text, "/report"), {"note": "xong"})
    said = words(browser.get(done.headers["location"]).text)
    assert "Đã ghi nhận báo cáo hoàn thành. Báo cáo đang chờ Trúc xác nhận" in said
    coordinator = office.as_("truc")
    done = coordinator.send(form_to(coordinator.get(PAGE_1).text, "/return"), {"note": "thiếu"})
    said = words(coordinator.get(done.headers["location"]).text)
    assert "Đã trả lại báo cáo; phần việc được mở lại. Nếu chưa báo cáo, ngày 19/10/2022" in said


def test_a_letter_s_answer_says_from_which_letter(office: Office) -> None:
    def by_letter(desk: Desk) -> None:
        replace(desk, note="xong", via="qua liên kết trong thư gửi gu@example.vn").report(ROW_1, "TT")

    office.desk(by_letter, by="gu")
    assert "qua liên kết trong thư gửi gu@example.vn" in words(office.as_("truc").get(PAGE_1).text)


# Rows that ask, rows that wait for a condition


def test_a_condition_that_arose_gives_the_owner_its_share(office: Office) -> None:
    browser, task = office.as_("truc"), f"{NUMBER}/4"
    form = form_to(browser.get("/tasks/383%2FKH-SCT/4").text, "/4/trigger")
    refused = browser.send(form, {"due": "2022-12-15"})
    assert refused.status_code == 400
    assert "phải ghi văn bản" in words(refused.text)
    done = browser.send(form_to(refused.text, "/4/trigger"), {"due": "2022-12-15", **PAPER})
    assert done.status_code == 303
    assert share_of(office.facts(task)).due == date(2022, 12, 15)


def test_what_a_unit_said_of_its_condition_is_shown_and_answered_with_a_reason(office: Office) -> None:
    browser, task, page = office.as_("truc"), f"{NUMBER}/4", "/tasks/383%2FKH-SCT/4"
    assert "/4/set_aside" not in browser.get(page).text, "nobody said anything yet"
    said = date(2022, 10, 14)
    office.desk(lambda desk: desk.say_arisen(task, "TT", arose=said), by="gu", note="Đã có hướng dẫn")
    shown = browser.get(page).text
    assert "điều kiện đã phát sinh ngày 14/10/2022. Đã có hướng dẫn" in words(shown)
    assert "Đơn vị báo điều kiện đã phát sinh" in words(browser.get("/decisions").text)
    bare = browser.send(form_to(shown, "/4/set_aside"))
    assert bare.status_code == 400
    done = browser.send(form_to(bare.text, "/4/set_aside"), {"note": "Hướng dẫn của năm trước"})
    assert "chưa phát sinh" in words(browser.get(done.headers["location"]).text)
    assert office.facts(task).arisen == ()
    assert "Đơn vị báo điều kiện đã phát sinh" not in words(browser.get("/decisions").text)


def test_an_answer_is_looked_over_before_it_is_kept(office: Office) -> None:
    browser, task, page = office.as_("truc"), f"{NUMBER}/5", "/tasks/383%2FKH-SCT/5"
    before = office.everything()
    form = form_to(browser.get(page).text, "/settle")
    assert "all" in form.choices["owners"]
    seen = browser.send(form, {"deadline": "Quý IV", "owners": ["VP"]})
    assert seen.status_code == 200
    said = words(seen.text)
    assert "Các ngày đến hạn: 31/12/2022" in said
    assert "Chủ trì: Văn phòng Sở" in said
    assert office.everything() == before, "looked at only"
    again = browser.send(form_to(seen.text, "/settle"), {"deadline": "30/11/2022"})
    assert again.status_code == 200, "what was changed is looked over again"
    assert office.everything() == before
    done = browser.send(form_to(again.text, "/settle"))
    assert done.status_code == 303
    assert "không còn hỏi gì" in words(browser.get(done.headers["location"]).text)
    facts = office.facts(task)
    assert facts.active
    assert [occurrence.due for occurrence in facts.planned] == [date(2022, 11, 30)]
    assert [owner.code for owner in facts.owners] == ["VP"]


def test_an_answer_to_one_of_two_questions_says_that_one_is_left(office: Office) -> None:
    browser, page = office.as_("truc"), "/tasks/383%2FKH-SCT/5"
    seen = browser.send(form_to(browser.get(page).text, "/settle"), {"accept": "1"})
    assert "Còn hỏi:" in words(seen.text)
    done = browser.send(form_to(seen.text, "/settle"))
    assert "số câu hỏi còn lại: 1" in words(browser.get(done.headers["location"]).text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"deadline": "hôm nào đó"}, "hôm nào đó"),
        ({}, "Chưa trả lời gì"),
    ],
)
def test_an_answer_that_answers_nothing_is_refused(office: Office, typed: dict[str, str], said: str) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get("/tasks/383%2FKH-SCT/5").text, "/settle")
    refused = browser.send(form, typed)
    assert refused.status_code == 400
    assert said in words(refused.text)


@pytest.mark.parametrize("code", [code for code in EVERYBODY if code != "truc"])
def test_only_the_coordinator_answers_and_triggers(office: Office, code: str) -> None:
    for row, name in ((4, "trigger"), (5, "settle")):
        action = f"/tasks/383%2FKH-SCT/{row}/{name}"
        coordinator = office.as_("truc")
        drawn = form_to(coordinator.get(f"/tasks/383%2FKH-SCT/{row}").text, f"/{name}")
        browser = office.as_(code)
        assert not [
            f for f in forms_in(browser.get(f"/tasks/383%2FKH-SCT/{row}").text) if f.action == drawn.action
        ]
        typed = {**drawn.values, "deadline": "Quý IV", "due": "2022-12-15", **PAPER}
        assert browser.post(action, typed).status_code == 403


# What a page may not do


def test_looking_writes_nothing(office: Office) -> None:
    asked_for_time(office)
    before = office.everything()
    addresses = [
        *(f"/tasks/383%2FKH-SCT/{row}" for row in range(1, 6)),
        "/tasks/383%2FKH-SCT/3?occurrence=2022-06-14&unit=TM",
        "/plans/383%2FKH-SCT/to-accept?all=1",
        *(f"{SHARE_1}/{doing.name}" for doing in SHARE_DOINGS),
        *(f"{PAGE_1}/{doing.name}" for doing in TASK_DOINGS),
    ]
    for code in EVERYBODY:
        browser = office.as_(code)
        for address in addresses:
            assert browser.get(address).status_code in (200, 303), address
    assert office.everything() == before


def test_in_english_every_form_has_its_words(sqlite_engine: Engine, office: Office) -> None:
    reported(office)
    english = create_board(
        sqlite_engine,
        office.id,
        clock=lambda: NOW,
        base_url=HOST,
        language="en",
        keys=KEYS,
        calendar=CALENDAR,
    )
    browser = Browser(english)
    for row in range(1, 6):
        page = browser.get(f"/tasks/383%2FKH-SCT/{row}")
        assert page.status_code == 200
        assert "What can be done" in page.text
    assert "Accept the report" in browser.get(PAGE_1).text
    assert "Reports to accept: 1" in browser.get("/plans/383%2FKH-SCT/to-accept").text


def test_without_a_secret_no_form_is_drawn_and_nothing_is_taken(
    sqlite_engine: Engine, office: Office
) -> None:
    plain = create_board(sqlite_engine, office.id, clock=lambda: NOW, base_url=HOST, calendar=CALENDAR)
    browser = Browser(plain)
    assert not forms_in(browser.get(PAGE_1).text)
    assert "Việc có thể làm" not in words(browser.get(PAGE_1).text)
    assert browser.post(f"{SHARE_1}/report", {"note": "xong"}).status_code in (404, 405)
    assert browser.post("/plans/383%2FKH-SCT/bulk", {"act": "accept"}).status_code in (404, 405)


def test_a_closed_task_and_an_accepted_share_stay_calm(office: Office) -> None:
    accepted(office)
    page = office.as_("truc").get(PAGE_1).text
    assert '<details class="action" open>' not in page
    assert not forms_in(office.as_("lim").get(PAGE_1).text) or [
        form.action.rpartition("/")[2] for form in forms_in(office.as_("lim").get(PAGE_1).text)
    ] == ["measure"]
    closed(office)
    assert [f.action.rpartition("/")[2] for f in forms_in(office.as_("truc").get(PAGE_1).text)] == ["reopen"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/tasks/383%2FKH-SCT/1/shares/2022-09-30/KHONG/report", 400),
        ("/tasks/383%2FKH-SCT/99/shares/2022-09-30/TT/report", 404),
        ("/tasks/1%2FKH/1/close", 404),
        ("/tasks/383%2FKH-SCT/1/arisen", 405),
    ],
)
def test_what_is_not_there_is_not_done(office: Office, path: str, status: int) -> None:
    browser: Browser = office.as_("truc")
    answer = browser.post(path, {"ticket": ticket_for(path, KEYS), "seen": "1", "note": "x"})
    assert answer.status_code == status
