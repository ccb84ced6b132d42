"""Many rows at once: each done or refused by itself, none left out of the account."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from board.bulk import MOST
from storage import tasks
from storage.engine import read
from storage.to_accept import reports_to_accept
from tasks_catalog.task import AcceptedBy, PlanSettings
from tests.board.acting_cast import NUMBER, PLAN, Office, closed, open_office, reported
from tests.board.browsing import Browser, form_to, forms_in
from tests.board.test_pages import words

TO_ACCEPT = f"{PLAN}/to-accept"
UNITS = ("VP", "TT", "TM")


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    """Four reports wait: row 1 of TT (its document is earlier), row 3 of three units in September."""
    office = open_office(sqlite_engine, tmp_path / "files")
    reported(office)
    for unit, by in (("VP", "truc"), ("TT", "gu"), ("TM", "tram")):
        office.desk(
            lambda desk, unit=unit: desk.report(f"{NUMBER}/3", unit, occurrence="2022-09-14"),
            by=by,
            note="đã <b>xong</b>",
        )
    return office


def picks(office: Office, browser: Browser) -> list[str]:
    return form_to(browser.get(TO_ACCEPT).text, "/bulk").choices["pick"]


def accepted_of(office: Office, row: int) -> list[str]:
    facts = office.facts(f"{NUMBER}/{row}")
    return sorted(share.key.unit for share in facts.current_shares if share.accepted_on is not None)


def outcomes(html: str) -> list[str]:
    return [words(cell) for cell in re.findall(r'<td data-label="Kết quả">(.*?)</td>', html, re.DOTALL)]


def test_the_page_shows_every_report_that_waits(office: Office) -> None:
    html = office.as_("truc").get(TO_ACCEPT).text
    said = words(html)
    assert "Số báo cáo chờ xác nhận: 4" in said
    assert (
        "Thanh tra Sở 1. Rà soát văn bản 17/10/2022 quá hạn 17 ngày Hạn 30/09/2022; văn bản ngày 29/09/2022"
        in said
    )
    assert "45/BC-TT ngày 29/09/2022" in said
    assert "đã &lt;b&gt;xong&lt;/b&gt;" in html
    assert len(form_to(html, "/bulk").choices["pick"]) == 4


def test_every_tick_is_set_by_a_link_and_taken_away(office: Office) -> None:
    browser = office.as_("truc")
    assert "pick" not in form_to(browser.get(TO_ACCEPT).text, "/bulk").values
    all_ = browser.get(f"{TO_ACCEPT}?all=1").text
    assert len(form_to(all_, "/bulk").values["pick"]) == 4
    assert f'href="{TO_ACCEPT}"' in all_


def test_all_are_accepted_with_one_button(office: Office) -> None:
    browser = office.as_("cam")
    form = form_to(browser.get(f"{TO_ACCEPT}?all=1").text, "/bulk")
    done = browser.send(form, {"act": "accept", "accept-product_date": "1"})
    assert done.status_code == 200
    assert "Đã thực hiện: 4. Không thực hiện: 0." in words(done.text)
    assert outcomes(done.text) == ["Đã thực hiện"] * 4
    assert accepted_of(office, 3) == sorted(UNITS)
    (share,) = office.facts().current_shares
    assert not share.is_late
    assert "Không có báo cáo nào chờ xác nhận" in words(browser.get(TO_ACCEPT).text)


def test_one_reason_returns_those_picked_and_leaves_the_others(office: Office) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get(TO_ACCEPT).text, "/bulk")
    chosen = [pick for pick in form.choices["pick"] if pick.startswith(f"{NUMBER}/3@")][:2]
    done = browser.send(form, {"act": "return", "return-note": "thiếu số liệu", "pick": chosen})
    assert outcomes(done.text) == ["Đã thực hiện"] * 2
    returned = [s for s in office.facts(f"{NUMBER}/3").current_shares if s.epoch == 2]
    assert len(returned) == 2
    assert office.history(f"{NUMBER}/3")[-1].payload["reason"] == "thiếu số liệu"


def test_what_cannot_be_done_is_named_with_why_and_the_rest_is_done(office: Office) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get(f"{TO_ACCEPT}?all=1").text, "/bulk")
    office.desk(lambda desk: desk.accept(f"{NUMBER}/3", "TT", occurrence="2022-09-14"))
    office.desk(lambda desk: desk.return_(f"{NUMBER}/3", "TM", occurrence="2022-09-14"), note="thiếu")
    nonsense = ("99@2022-09-30#TT#1", "1@2022-09-30#KHONG#1", "vớ vẩn", "2@2022-11-15#TM#1")
    made_up = [f"{NUMBER}/{pick}" for pick in nonsense]
    done = browser.send(form, {"act": "accept", "pick": [*form.values["pick"], *made_up, made_up[0]]})
    found = outcomes(done.text)
    assert len(found) == 8, "every line picked, once"
    assert found.count("Đã thực hiện") == 2
    for why in (
        "không thuộc phần của bạn",  # accepted meanwhile, or never reported
        "đã đổi lượt hạn",
        "không có dòng 99",
        "không có phần việc nào",
        "Không hiểu dòng “383/KH-SCT/vớ vẩn”",
    ):
        assert any(why in outcome for outcome in found), why
    assert "Đã thực hiện: 2. Không thực hiện: 6." in words(done.text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"act": "return", "return-note": ""}, "Phải ghi lý do"),
        ({"act": ""}, "Không có việc “”"),
        ({"act": "shred"}, "Không có việc “shred”"),
        ({"act": "grant", "grant-to": "2022-12-01"}, "phải ghi văn bản"),
        ({"act": "snooze", "snooze-until": ""}, "Chưa ghi ngày nhắc lại"),
        ({"act": "snooze", "snooze-until": "2022-10-18"}, "18/10/2022"),
        ({"act": "report", "report-note": ""}, "Báo cáo chưa có nội dung"),
        ({"act": "accept", "accept-issued": "hôm qua"}, "mà chưa có số văn bản"),
    ],
)
def test_a_form_wrong_for_every_row_is_refused_once_with_its_rows_still_ticked(
    office: Office, typed: dict[str, str], said: str
) -> None:
    browser, before = office.as_("truc"), office.everything()
    form = form_to(browser.get(f"{TO_ACCEPT}?all=1").text, "/bulk")
    refused = browser.post(form.action, {**form.values, "back": "list", **typed})
    assert refused.status_code == 400
    assert said in words(refused.text)
    again = form_to(refused.text, "/bulk")
    assert again.values["pick"] == form.values["pick"]
    kept = {name: value for name, value in typed.items() if name not in ("act", "accept-issued") and value}
    assert {name: again.values[name] for name in kept} == {name: [value] for name, value in kept.items()}
    assert office.everything() == before


def test_on_the_page_of_reports_only_what_is_of_reports_is_offered_again(office: Office) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get(TO_ACCEPT).text, "/bulk")
    again = form_to(browser.send(form, {"act": "accept"}).text, "/bulk")
    assert [value for _, value in again.buttons] == ["", "accept", "return"]


def test_none_picked_and_too_many_are_refused(office: Office) -> None:
    browser = office.as_("truc")
    form = form_to(browser.get(TO_ACCEPT).text, "/bulk")
    assert "Chưa chọn dòng nào" in words(browser.send(form, {"act": "accept"}).text)
    many = [f"{NUMBER}/{row}@2022-09-30#TT#1" for row in range(1, MOST + 2)]
    refused = browser.send(form, {"act": "accept", "pick": many})
    assert refused.status_code == 400
    assert f"Đã chọn {MOST + 1} dòng" in words(refused.text)
    assert accepted_of(office, 1) == []


def test_enter_in_a_field_presses_no_act(office: Office) -> None:
    form = form_to(office.as_("truc").get(TO_ACCEPT).text, "/bulk")
    assert form.buttons[0] == ("act", "")
    assert [value for _, value in form.buttons[1:]] == ["accept", "return"]


OPEN = tuple(f"{NUMBER}/{pick}" for pick in ("2@2022-11-15#TM#1", "3@2022-06-14#TM#1", "3@2022-06-14#TT#1"))


def bulk(office: Office, code: str, act: str, **typed: str) -> list[str]:
    """Post an act for the open shares, as a list page's form would."""
    coordinator = office.as_("truc")
    drawn = form_to(coordinator.get(TO_ACCEPT).text, "/bulk")
    fields = {f"{act}-{name}": value for name, value in typed.items()}
    answer = office.as_(code).post(drawn.action, {**drawn.values, **fields, "act": act, "pick": OPEN})
    return outcomes(answer.text) if answer.status_code == 200 else [words(answer.text)]


def test_a_unit_s_list_has_ticks_and_the_bar_and_a_list_of_whole_tasks_has_none(office: Office) -> None:
    browser = office.as_("truc")
    assert not [f for f in forms_in(browser.get(f"{PLAN}/list").text) if f.action.endswith("/bulk")]
    form = form_to(browser.get(f"{PLAN}/list?unit=TM").text, "/bulk")
    assert f"{NUMBER}/2@2022-11-15#TM#1" in form.choices["pick"]
    chosen = [f"{NUMBER}/2@2022-11-15#TM#1"]
    done = browser.send(form, {"act": "snooze", "snooze-until": "2022-10-28", "pick": chosen})
    assert outcomes(done.text) == ["Đã thực hiện"]
    assert f'href="{PLAN}/list"' in done.text
    past = browser.get(f"{PLAN}/list?unit=TM&as_of=2022-10-17").text
    assert not [f for f in forms_in(past) if f.action.endswith("/bulk")]


def test_reminders_are_paused_for_many(office: Office) -> None:
    assert bulk(office, "truc", "snooze", until="2022-10-28") == ["Đã thực hiện"] * 3
    (share,) = office.facts(f"{NUMBER}/2").current_shares
    assert share.snoozed_until == date(2022, 10, 28)


def test_one_document_grants_many_to_one_day(office: Office) -> None:
    done = bulk(office, "nghien", "grant", document="12/QĐ-SCT", issued="2022-10-17", to="2022-12-20")
    assert done == ["Đã thực hiện"] * 3
    (share,) = office.facts(f"{NUMBER}/2").current_shares
    assert (share.due, share.first_due) == (date(2022, 12, 20), date(2022, 11, 15))


def test_without_a_day_only_what_was_asked_for_is_granted(office: Office) -> None:
    office.desk(
        lambda desk: desk.ask_extension(f"{NUMBER}/2", "TM", to=date(2022, 12, 1)), by="dau", note="chờ"
    )
    first, *others = bulk(office, "truc", "grant", document="12/QĐ-SCT")
    assert first == "Đã thực hiện"
    assert all("chưa ghi thời hạn mới" in other for other in others)


def test_one_document_reports_many_of_the_own_unit_only(office: Office) -> None:
    done = bulk(office, "tram", "report", document="77/BC-TM", note="đã xong")
    assert done[:2] == ["Đã thực hiện"] * 2
    assert "không thuộc phần của bạn" in done[2]
    assert office.history(f"{NUMBER}/2")[-1].by == "tram"


def test_a_head_hands_over_what_is_the_unit_s(office: Office) -> None:
    done = bulk(office, "dau", "hand_over", officer="tram")
    assert done[:2] == ["Đã thực hiện"] * 2
    assert "không thuộc phần của bạn" in done[2]
    (share,) = office.facts(f"{NUMBER}/2").current_shares
    assert share.officer == "tram"


@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("tram", "accept"),
        ("dau", "snooze"),
        ("quan", "report"),
        ("cam", "report"),
        ("nghien", "hand_over"),
        ("sao", "grant"),
    ],
)
def test_what_is_not_of_one_s_post_is_not_there_for_many_either(office: Office, code: str, act: str) -> None:
    before = office.everything()
    (said,) = bulk(office, code, act, note="x", document="1/X", until="2022-12-01", to="2022-12-01")
    assert re.search(r"Không có việc|không dành cho vai trò của bạn \(Quản trị\)", said)
    assert office.everything() == before


def test_who_may_not_accept_sees_the_reports_without_ticks(office: Office) -> None:
    html = office.as_("gu").get(TO_ACCEPT).text
    assert "Số báo cáo chờ xác nhận: 4" in words(html)
    assert not forms_in(html)


def test_reports_of_a_closed_task_do_not_wait(office: Office) -> None:
    closed(office)
    assert "Số báo cáo chờ xác nhận: 3" in words(office.as_("truc").get(TO_ACCEPT).text)


def test_pages_of_reports_follow_each_other_without_a_gap(office: Office) -> None:
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.id, NUMBER)
        found, after = [], ""
        for _ in range(5):
            page = reports_to_accept(session, plan, after=after, most=1)
            assert page.total == 4
            found += [share.key for _, share in page.lines]
            after = page.after
            if not after:
                break
        assert len(set(found)) == 4
        whole = reports_to_accept(session, plan, after="x.y")
        assert [share.key for _, share in whole.lines] == found


# Where the plan asks for the leader


@pytest.fixture
def by_leader(sqlite_engine: Engine, tmp_path: Path) -> Office:
    settings = PlanSettings(year=2022, accepted_by=AcceptedBy.LEADER)
    office = open_office(sqlite_engine, tmp_path / "files", settings)
    reported(office)
    return office


def test_the_coordinator_needs_the_leader_s_paper(by_leader: Office) -> None:
    browser = by_leader.as_("truc")
    page = browser.get("/tasks/383%2FKH-SCT/1").text
    assert "Báo cáo đang chờ Cẩm xác nhận" in words(page)
    form = form_to(page, "/accept")
    refused = browser.send(form)
    assert refused.status_code == 400
    assert "kế hoạch này do lãnh đạo xác nhận" in words(refused.text)
    assert accepted_of(by_leader, 1) == []
    done = browser.send(form, {"document": "12/TB-SCT", "issued": "2022-10-18"})
    assert done.status_code == 303
    assert accepted_of(by_leader, 1) == ["TT"]
    line = by_leader.history()[-1]
    assert line.document is not None
    assert line.document.number == "12/TB-SCT"
    (share,) = by_leader.facts().current_shares
    assert share.report is not None
    assert share.report.on == date(2022, 10, 17), "the clock stopped when it was reported"


@pytest.mark.parametrize("code", ["cam", "nghien"])
def test_a_leader_needs_none(by_leader: Office, code: str) -> None:
    browser = by_leader.as_(code)
    form = form_to(browser.get("/tasks/383%2FKH-SCT/1").text, "/accept")
    assert "document" not in form.values
    assert browser.send(form).status_code == 303


def test_with_many_rows_it_is_the_same(by_leader: Office) -> None:
    browser = by_leader.as_("truc")
    form = form_to(browser.get(f"{TO_ACCEPT}?all=1").text, "/bulk")
    (said,) = outcomes(browser.send(form, {"act": "accept"}).text)
    assert "do lãnh đạo xác nhận" in said
    assert outcomes(browser.send(form, {"act": "accept", "accept-document": "12/TB-SCT"}).text) == [
        "Đã thực hiện"
    ]
