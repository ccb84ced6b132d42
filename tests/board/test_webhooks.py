"""Webhooks in the browser: made with a secret shown once, switched, changed, taken away, sent again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from notifications.webhook_signing import SecretScope, secret_of
from storage import webhooks
from storage.engine import read, write
from storage.schema import WebhookDelivery, WebhookRow
from tests.board.acting_cast import KEYS, Office, open_office, reported
from tests.board.browsing import form_to

LIST = "/settings/webhooks"
URL = "https://nhan.example.vn/<b>?a=1&b=2"


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    return open_office(sqlite_engine, tmp_path / "files")


def make(office: Office, url: str = URL, **typed: str) -> str:
    """Make a webhook and return the page that answers."""
    browser = office.as_("quan")
    form = form_to(browser.get(LIST).text, LIST)
    answer = browser.send(form, {"url": url, **typed})
    assert answer.status_code == 200, answer.text
    return answer.text


def rows(office: Office) -> tuple[WebhookRow, ...]:
    with read(office.engine) as session:
        return webhooks.hooks_of(session, office.id)


def messages(office: Office) -> list[WebhookDelivery]:
    with read(office.engine) as session:
        return list(session.scalars(select(WebhookDelivery)))


def press(office: Office, ending: str) -> str:
    """Press a button of the webhook's page; return the page that follows."""
    browser = office.as_("quan")
    answer = browser.send(form_to(browser.get(f"{LIST}/w1").text, ending))
    if answer.status_code == 303:
        answer = browser.get(answer.headers["location"])
    return answer.text


def secrets_in(page: str) -> list[str]:
    return re.findall(r"whsec_[\w+/=]+", page)


def test_a_webhook_is_made_and_its_secret_shown_once(office: Office) -> None:
    page = make(office)
    (row,) = rows(office)
    assert secrets_in(page) == [secret_of(SecretScope.of(row), KEYS)]
    assert (row.url, row.made_by, row.internal, row.active) == (URL, "quan", False, True)
    assert row.events == ["share.done", "share.overdue", "share.extended"]
    for path in (f"{LIST}/w1", LIST, "/settings/changes"):
        again = office.as_("quan").get(path).text
        assert secrets_in(again) == []
        assert "https://nhan.example.vn/&lt;b&gt;?a=1&amp;b=2" in again


def test_a_form_loaded_again_makes_no_second_one(office: Office) -> None:
    browser = office.as_("quan")
    form = form_to(browser.get(LIST).text, LIST)
    assert browser.send(form, {"url": URL}).status_code == 200
    again = browser.send(form, {"url": URL})
    assert again.status_code == 400
    assert secrets_in(again.text) == []
    assert len(rows(office)) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("http://nhan.example.vn/", "không được mã hóa", id="in the clear"),
        pytest.param("https://10.0.0.8/", "hãy chọn “nội bộ”", id="inside, unasked"),
        pytest.param("https://quan:mk@nhan.example.vn/", "trước dấu @", id="a password in it"),
        pytest.param("nhan", "Địa chỉ đúng có dạng", id="no address"),
    ],
)
def test_an_address_that_will_not_do_is_refused_with_what_was_typed(
    office: Office, url: str, said: str
) -> None:
    browser = office.as_("quan")
    before = office.everything()
    answer = browser.send(form_to(browser.get(LIST).text, LIST), {"url": url, "event-share.done": "1"})
    assert answer.status_code == 400
    assert said in answer.text
    assert form_to(answer.text, LIST).values["url"] == [url]
    assert office.everything() == before


def test_only_what_is_ticked_is_told(office: Office) -> None:
    browser = office.as_("quan")
    form = form_to(browser.get(LIST).text, LIST)
    for name in ("event-share.done", "event-share.overdue", "event-share.extended"):
        form.values.pop(name)
    assert browser.send(form, {"url": URL}).status_code == 400
    browser.send(form, {"url": "http://127.0.0.1:9/", "event-share.overdue": "1", "internal": "1"})
    assert [(row.events, row.internal) for row in rows(office)] == [(["share.overdue"], True)]


def test_a_secret_is_changed_once_for_a_page_and_shown_once(office: Office) -> None:
    first = secrets_in(make(office))
    browser = office.as_("quan")
    form = form_to(browser.get(f"{LIST}/w1").text, "/rotate")
    second = secrets_in(browser.send(form).text)
    assert len(second) == 1
    assert second != first
    again = browser.send(form)
    assert again.status_code == 400
    assert (secrets_in(again.text), rows(office)[0].rotation) == ([], 2)


def test_it_is_switched_off_and_on_and_taken_away(office: Office) -> None:
    make(office)
    assert "Đã tạm dừng" in press(office, "/pause")
    assert not rows(office)[0].active
    assert "Đã bật lại" in press(office, "/resume")
    assert rows(office)[0].active
    press(office, "/test")
    assert "Đã bỏ kết nối" in press(office, "/remove")
    assert rows(office) == ()
    assert [message.state for message in messages(office)] == ["dead"]
    assert office.as_("quan").get(f"{LIST}/w1").status_code == 404


def test_its_messages_are_shown_with_what_became_of_them_and_a_dead_one_is_sent_again(
    office: Office,
) -> None:
    make(office)
    assert "Tin thử sẽ được gửi" in press(office, "/test")
    with write(office.engine) as session:
        session.execute(update(WebhookDelivery).values(state="dead", status=500, answer="<i>lỗi</i>"))
    page = office.as_("quan").get(f"{LIST}/w1").text
    assert "500 &lt;i&gt;lỗi&lt;/i&gt;" in page
    assert "1 tin không gửi được" in office.as_("quan").get(LIST).text
    form = form_to(page, "/messages/1")
    assert "Tin 1 sẽ được gửi lại" in press(office, "/messages/1")
    assert messages(office)[0].state == "waiting"
    again = office.as_("quan").send(form)
    assert again.status_code == 400
    assert "không có gì để gửi lại" in again.text


def test_a_message_of_another_webhook_is_not_reached_by_this_ones_address(office: Office) -> None:
    make(office)
    make(office, "https://khac.example.vn/")
    press(office, "/test")
    with write(office.engine) as session:
        session.execute(update(WebhookDelivery).values(state="dead"))
    browser = office.as_("quan")
    form = form_to(browser.get(f"{LIST}/w1").text, "/messages/1")
    form.action = f"{LIST}/w2/messages/1"
    assert browser.send(form).status_code == 400
    assert messages(office)[0].state == "dead"


def test_a_report_is_told_of_from_the_board_too_and_leads_to_its_task(office: Office) -> None:
    make(office)
    reported(office)
    (message,) = messages(office)
    assert (message.kind, message.payload["data"]["unit"]) == ("share.done", "TT")
    page = office.as_("quan").get(f"{LIST}/w1").text
    assert 'href="/tasks/383%2FKH-SCT/1"' in page
    assert "383/KH-SCT/1, Thanh tra Sở" in page


def edit(office: Office, typed: dict[str, str], *events: str, internal: bool = False) -> str:
    """Save the form that changes w1; return the page that follows."""
    browser = office.as_("quan")
    form = form_to(browser.get(f"{LIST}/w1").text, "/edit")
    for name in [each for each in form.values if each.startswith("event-") or each == "internal"]:
        form.values.pop(name)
    ticked = {f"event-{event}": "1" for event in events} | ({"internal": "1"} if internal else {})
    answer = browser.send(form, typed | ticked)
    if answer.status_code == 303:
        return browser.get(answer.headers["location"]).text
    assert answer.status_code == 400
    return answer.text


def test_where_it_leads_and_what_it_is_told_is_changed_and_taken_back(office: Office) -> None:
    make(office)
    with write(office.engine) as session:
        session.execute(update(WebhookRow).values(told_from=rows(office)[0].made_at.replace(year=2020)))
    new = "http://10.0.0.8/nhan"
    page = edit(office, {"url": f" {new} "}, "share.done", internal=True)
    assert "Đã lưu kết nối" in page
    assert secrets_in(page) == []
    (row,) = rows(office)
    kept = (row.code, row.url, row.events, row.internal, row.rotation, row.active)
    assert kept == ("w1", new, ["share.done"], True, 1, True)
    assert row.told_from.year == 2020
    edit(office, {"url": new}, "share.done", "share.overdue", internal=True)
    row = rows(office)[0]
    assert row.told_from == row.made_at, "what was overdue before it was asked for is not told"
    for number in (3, 2):
        browser = office.as_("quan")
        browser.send(form_to(browser.get(f"{LIST}/w1").text, f"/changes/{number}/undo"))
    (row,) = rows(office)
    assert (row.url, len(row.events), row.internal, row.rotation) == (URL, 3, False, 1)


@pytest.mark.parametrize(
    ("url", "events", "said"),
    [
        pytest.param("http://nhan.example.vn/", ["share.done"], "không được mã hóa", id="in the clear"),
        pytest.param("https://10.0.0.8/", ["share.done"], "hãy chọn “nội bộ”", id="inside, unasked"),
        pytest.param("https://hai.example.vn/", ["share.done"], "Đã có kết nối w2", id="another's address"),
        pytest.param(URL, [], "Chưa chọn sự kiện nào", id="nothing to tell"),
    ],
)
def test_a_change_is_refused_as_making_one_is_and_keeps_what_was_typed(
    office: Office, url: str, events: list[str], said: str
) -> None:
    make(office)
    make(office, "https://hai.example.vn/")
    before = office.everything()
    page = edit(office, {"url": url}, *events)
    assert said in page
    form = form_to(page, "/edit")
    assert form.values["url"] == [url]
    assert ("event-share.done" in form.values) == ("share.done" in events)
    assert office.everything() == before


def test_a_form_opened_before_anothers_change_is_refused_once_and_an_unchanged_one_leaves_no_line(
    office: Office,
) -> None:
    make(office)
    browser = office.as_("quan")
    form = form_to(browser.get(f"{LIST}/w1").text, "/edit")
    press(office, "/pause")
    answer = browser.send(form)
    assert answer.status_code == 400
    assert "đã thay đổi nội dung" in answer.text
    before = office.everything()
    assert browser.send(form_to(answer.text, "/edit")).status_code == 303
    assert office.everything() == before
