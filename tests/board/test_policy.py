"""A plan's settings in the browser: who may, looked over without a write, kept, refused and taken back."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import tasks
from storage.engine import read, write
from storage.office_journal import Made
from storage.plan_hours import hours_of
from storage.plan_policy import ladder_now, set_handling
from storage.schema import PlanRow
from tasks_catalog.ladder import DEFAULT_LADDER, Audience
from tasks_catalog.sending_hours import Hours
from tasks_catalog.task import AcceptedBy, NotArisen
from tests.board.acting_cast import NUMBER, Office, open_office
from tests.board.browsing import FormDrawn, form_to
from tests.board.cast import NOW

CODES = ("quan", "truc", "nghien", "cam", "sao", "gu")
MAY = {"quan", "truc"}
PAGE = f"/settings/plans/{NUMBER}"
TYPED = {"dated-0-offset": "-15", "dated-1-offset": "", "dated-9-offset": "+4", "dated-9-head": "1"}
"""Fifteen days instead of ten, the rung −5 dropped, and one for the head on the fourth day after."""


@pytest.fixture
def office(sqlite_engine: Engine, tmp_path: Path) -> Office:
    return open_office(sqlite_engine, tmp_path / "files")


def plan_of(office: Office) -> PlanRow:
    with read(office.engine) as session:
        return tasks.plan_or_refuse(session, office.id, NUMBER)


def form(office: Office, matter: str, code: str = "truc") -> FormDrawn:
    return form_to(office.as_(code).get(PAGE).text, f"#{matter}")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("path", ["/settings/plans", PAGE])
def test_plans_are_set_by_those_who_look_after_policy(office: Office, code: str, path: str) -> None:
    assert office.as_(code).get(path).status_code == (200 if code in MAY else 403)
    settings = office.as_(code).get("/settings")
    assert ('href="/settings/plans"' in settings.text) is (code in MAY)


@pytest.mark.parametrize("code", [code for code in CODES if code not in MAY])
def test_nobody_else_s_form_is_taken(office: Office, code: str) -> None:
    drawn = form(office, "ladder")
    before = office.everything()
    assert office.as_(code).send(drawn, {**TYPED, "do": "keep"}).status_code == 403
    assert office.everything() == before


@pytest.mark.parametrize("matter", ["ladder", "plan_hours", "plan_settings"])
def test_looking_over_writes_nothing(office: Office, matter: str) -> None:
    before = office.everything()
    typed = {
        "ladder": TYPED,
        "plan_hours": {"first": "09:30", "until": "15:00"},
        "plan_settings": {"accepted_by": "leader", "continuous": "year_end", "not_arisen": "excluded"},
    }[matter]
    drawn = form(office, matter)
    page = office.as_("truc").send(drawn, {**typed, "do": "preview"})
    assert page.status_code == 200
    assert "chưa lưu" in page.text
    assert office.everything() == before
    again = form_to(page.text, f"#{matter}")
    assert {
        name: again.values.get(name) for name in typed if "offset" in name or name in ("first", "until")
    } == {name: [value] for name, value in typed.items() if "offset" in name or name in ("first", "until")}


def test_a_ladder_looked_over_says_from_when_it_bites(office: Office) -> None:
    sheet = {"sheet-0-offset": "-12"}
    page = office.as_("truc").send(form(office, "ladder"), {**sheet, "do": "preview"}).text
    assert "Phần việc đang mở giữ thang đang dùng." in page
    assert "từ ngày 19/10/2022" in page
    assert "Không ai báo cáo, xin gia hạn" in page
    assert 'href="/tasks/383%2FKH-SCT/1"' in page
    assert "hiện nay 6 thư, sau khi đổi 6 thư" in page


def test_hours_looked_over_show_each_letter_moved(office: Office) -> None:
    page = office.as_("truc").send(
        form(office, "plan_hours"), {"first": "11:00", "until": "15:00", "do": "preview"}
    )
    assert "Dời từ 08:00 sang 11:00" in page.text
    assert "Dời từ 09:05 sang 11:00" in page.text, "today's letters, looked at five past nine"
    assert "09:05, 4 dòng" in page.text
    assert "11:00, 4 dòng" in page.text


def test_a_ladder_is_kept_put_in_order_and_on_record(office: Office) -> None:
    done = office.as_("truc").send(form(office, "ladder"), {**TYPED, "do": "keep"})
    assert done.status_code == 303
    with read(office.engine) as session:
        kept = ladder_now(session, plan_of(office))
    assert [rung.key for rung in kept.dated if rung.cause is None] == [
        *("-15", "-2", "0", "+1", "+3", "+4", "+5", "+10")
    ]
    assert next(rung.audience for rung in kept.dated if rung.key == "+4") == (Audience.HEAD,)
    assert kept.sheet == DEFAULT_LADDER.sheet
    page = office.as_("truc").get(done.headers["location"]).text
    assert "Đã lưu (thay đổi số 1)" in page
    assert "thang riêng, áp dụng cho những lượt hạn bắt đầu từ ngày 19/10/2022" in page
    assert "thang riêng" in office.as_("quan").get("/settings/plans").text
    record = office.as_("truc").get("/settings/changes").text
    assert 'href="/settings/plans/383%2FKH-SCT#ladder"' in record
    office.as_("truc").send(form_to(record, "/1/undo"))
    with read(office.engine) as session:
        assert ladder_now(session, plan_of(office)) == DEFAULT_LADDER


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param({"dated-9-offset": "3", "dated-9-head": "1"}, "Có hai bậc “+3”", id="twice one day"),
        pytest.param({"dated-9-offset": "x"}, "“x” không phải là số ngày làm việc", id="no number"),
        pytest.param({"dated-9-offset": "7"}, "Bậc “+7” chưa có ai được báo", id="to nobody"),
        pytest.param({"dated-9-offset": "99", "dated-9-head": "1"}, "Bậc “+99” quá xa", id="too far"),
        pytest.param(
            {"sheet-5-offset": "5", "sheet-5-co_owner": "1"},
            "Bậc “+5” báo đơn vị phối hợp sau ngày đến hạn",
            id="co-owners late",
        ),
        pytest.param({f"dated-{n}-offset": "" for n in range(8)}, "không có bậc nào trước", id="empty"),
    ],
)
@pytest.mark.parametrize("do", ["preview", "keep"])
def test_an_unsound_ladder_is_refused_where_it_stands(
    office: Office, typed: dict[str, str], said: str, do: str
) -> None:
    drawn = form(office, "ladder")
    before = office.everything()
    page = office.as_("truc").send(drawn, {**typed, "do": do})
    assert page.status_code == 400
    assert said in page.text
    assert office.everything() == before
    again = form_to(page.text, "#ladder")
    assert {name: again.values[name] for name in typed if "offset" in name} == {
        name: [value] for name, value in typed.items() if "offset" in name
    }, "what was typed stands there"


def test_the_default_is_proposed_and_kept_only_when_said(office: Office) -> None:
    office.as_("truc").send(form(office, "ladder"), {**TYPED, "do": "keep"})
    page = office.as_("truc").send(form(office, "ladder"), {"do": "default"})
    assert "chưa lưu" in page.text
    with read(office.engine) as session:
        assert ladder_now(session, plan_of(office)) != DEFAULT_LADDER
    drawn = form_to(page.text, "#ladder")
    assert office.as_("truc").send(drawn, {"do": "keep"}).status_code == 303
    with read(office.engine) as session:
        assert ladder_now(session, plan_of(office)) == DEFAULT_LADDER


def test_hours_are_kept_and_left_to_the_office_again(office: Office) -> None:
    drawn = form(office, "plan_hours")
    done = office.as_("truc").send(drawn, {"first": "09:30", "until": "15:00", "do": "keep"})
    assert done.status_code == 303
    with read(office.engine) as session:
        assert hours_of(session, plan_of(office)) == Hours(first=time(9, 30), until=time(15))
    late = office.as_("truc").send(drawn, {"first": "10:00", "until": "15:00", "do": "keep"})
    assert late.status_code == 400, "somebody kept other hours since this form was drawn"
    office.as_("truc").send(form(office, "plan_hours"), {"first": "", "until": "", "do": "keep"})
    with read(office.engine) as session:
        assert hours_of(session, plan_of(office)) is None
    same = office.as_("truc").send(form(office, "plan_hours"), {"first": "", "until": "", "do": "keep"})
    assert "Không có gì khác với hiện nay" in office.as_("truc").get(same.headers["location"]).text


@pytest.mark.parametrize(
    ("first", "until", "said"),
    [
        pytest.param("15:00", "09:00", "giờ bắt đầu phải trước giờ kết thúc", id="upside down"),
        pytest.param("06:00", "09:00", "hãy chọn trong khoảng 08:00 đến 17:00", id="before the office opens"),
        pytest.param("09:00", "", "Mới ghi một đầu của giờ gửi (09:00)", id="one end only"),
        pytest.param("sáng", "12:00", "“sáng”", id="no time"),
    ],
)
def test_hours_that_cannot_be_are_refused(office: Office, first: str, until: str, said: str) -> None:
    page = office.as_("truc").send(
        form(office, "plan_hours"), {"first": first, "until": until, "do": "preview"}
    )
    assert page.status_code == 400
    assert said in page.text


def test_counting_otherwise_says_what_it_makes_of_the_figures_and_does_it(office: Office) -> None:
    chosen = {"accepted_by": "leader", "continuous": "to_date", "not_arisen": "excluded"}
    page = office.as_("truc").send(form(office, "plan_settings"), {**chosen, "do": "preview"}).text
    assert "được đếm lại ngay đến hết ngày 17/10/2022" in page
    assert "0/5" in page
    assert "0/3" in page
    then = office.as_("truc").get("/plans/383%2FKH-SCT?as_of=2022-10-17").text
    office.as_("truc").send(form(office, "plan_settings"), {**chosen, "do": "keep"})
    settings = tasks.settings_of(plan_of(office))
    assert (settings.accepted_by, settings.not_arisen) == (AcceptedBy.LEADER, NotArisen.EXCLUDED)
    assert office.as_("truc").get("/plans/383%2FKH-SCT?as_of=2022-10-17").text == then, "as it was then"
    unknown = office.as_("truc").send(
        form(office, "plan_settings"), {**chosen, "not_arisen": "x", "do": "keep"}
    )
    assert unknown.status_code == 400


def test_a_form_that_says_nothing_known_is_refused(office: Office) -> None:
    drawn = form(office, "ladder")
    for odd in ({"matter": "port"}, {"do": "drop"}):
        assert office.as_("truc").send(drawn, {"do": "keep", **odd}).status_code == 400
    assert office.as_("truc").get("/settings/plans/1/KH").status_code == 404


def test_words_of_a_plan_are_shown_as_words(office: Office) -> None:
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.id, NUMBER)
        plan.title = "<script>alert(1)</script>"
        set_handling(session, office.id, NUMBER, accepted_by=AcceptedBy.LEADER, made=Made(by="truc", at=NOW))
    for path in ("/settings/plans", PAGE):
        page = office.as_("truc").get(path).text
        assert "<script" not in page
        assert "&lt;script&gt;" in page
