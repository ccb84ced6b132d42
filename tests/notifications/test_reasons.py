"""Every way the ladder can find a person, and every next step, has its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from notifications.reasons import dates_text, next_sentence, period_name, reason_sentence, titled, unit_name
from notifications.wording import sentence
from tasks_catalog.audience import Audience, Reader, readers_of
from tasks_catalog.facts import Share
from tasks_catalog.ladder import DEFAULT_LADDER, NextStep, Notice, NoticeKey, NoticeState
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory, Person, Post, Unit

D = date(2022, 11, 30)


def told(share: Share, reader: Reader) -> Notice:
    key = NoticeKey(share.key, 1, "0", reader.person.code)
    return Notice(
        key=key,
        fire_on=D,
        state=NoticeState.WAITING,
        audience=reader.audience,
        why="due_today",
        route=reader.route,
    )


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("unit", ["QLTM", "TT", "XTTM", "BGD", "VP"])
def test_whoever_the_ladder_finds_is_told_why(
    unit: str, lang: str, directory: Directory, share: Callable[..., Share]
) -> None:
    """With everybody at their post, without the coordinator, and without any officer or head."""
    offices = (
        directory,
        replace(directory, people=tuple(p for p in directory.people if p.post is not Post.COORDINATOR)),
        replace(
            directory, people=tuple(p for p in directory.people if p.unit in ("BGD", "VP")), focal_points={}
        ),
    )
    routes = set()
    for office in offices:
        for officer in (None, "an"):
            for role in Role:
                owed = share("383/KH-SCT/1", unit, D, officer=officer, role=role)
                for audience in Audience:
                    for reader in readers_of(audience, owed, office):
                        routes.add(reader.route)
                        reason = reason_sentence(told(owed, reader), office, lang)
                        assert "{" not in reason
                        assert reason.startswith(
                            "Anh/chị nhận thư này vì " if lang == "vi" else "You get this because "
                        )
    assert routes


@pytest.mark.parametrize(
    ("audience", "route", "words"),
    [
        pytest.param(Audience.OWNER, "officer", "được giao phụ trách", id="officer in charge"),
        pytest.param(
            Audience.OWNER, "focal_point", "là đầu mối của Phòng Quản lý thương mại", id="focal point"
        ),
        pytest.param(
            Audience.OWNER, "head", "chưa có cán bộ phụ trách hay đầu mối", id="head for want of anybody else"
        ),
        pytest.param(
            Audience.OWNER, "fallback", "chưa có ai để nhận thư", id="coordinator for want of anybody"
        ),
        pytest.param(Audience.CO_OWNER, "focal_point", "đơn vị phối hợp", id="focal point of a co-owner"),
        pytest.param(Audience.HEAD, "head", "đứng đầu Phòng Quản lý thương mại, đơn vị chủ trì", id="head"),
        pytest.param(
            Audience.DEPUTY_DIRECTOR, "deputy_director", "Phó Giám đốc phụ trách", id="deputy director"
        ),
        pytest.param(Audience.COORDINATOR, "one_up", "chuyển lên anh/chị", id="one level up"),
    ],
)
def test_the_reason_names_the_route(
    audience: Audience, route: str, words: str, directory: Directory, share: Callable[..., Share]
) -> None:
    reader = Reader(directory.people[0], route, audience)
    assert words in reason_sentence(told(share("383/KH-SCT/1", "QLTM", D), reader), directory, "vi")


@pytest.mark.parametrize(
    ("step", "words"),
    [
        pytest.param(
            NextStep(date(2022, 10, 18), "+5", Audience.DEPUTY_DIRECTOR, "dung"),
            "Nếu chưa báo cáo, ngày 18/10/2022 sẽ báo cáo Phó Giám đốc Trần Văn Dũng.",
            id="a leader is told",
        ),
        pytest.param(
            NextStep(date(2022, 10, 18), "-2", Audience.OWNER, "an"),
            "Nếu chưa báo cáo, ngày 18/10/2022 anh/chị sẽ được nhắc lại.",
            id="the reader again",
        ),
        pytest.param(
            NextStep(date(2022, 10, 18), "-2", Audience.OWNER, "khanh"),
            "Nếu chưa báo cáo, ngày 18/10/2022 sẽ nhắc lại Đỗ Quốc Khánh.",
            id="the owner, told to another",
        ),
        pytest.param(
            NextStep(date(2022, 10, 18), "+10", Audience.DIRECTOR, "gone"),
            "Nếu chưa báo cáo, ngày 18/10/2022 sẽ báo cáo Giám đốc.",
            id="a leader who has left the directory",
        ),
        pytest.param(None, "Đây là lần nhắc cuối", id="nothing follows"),
    ],
)
def test_the_next_step_is_said_with_its_date(step: NextStep | None, words: str, directory: Directory) -> None:
    reader = directory.person("an")
    assert reader is not None
    assert words in next_sentence(step, reader, directory, "vi")
    assert next_sentence(step, reader, directory, "en") != words


def test_posts_and_audiences_all_have_their_words() -> None:
    for lang in ("vi", "en"):
        assert all(sentence(f"post_{post}", lang) for post in Post)
        assert all(sentence(f"audience_{audience}", lang) for audience in Audience)
    assert {audience for rung in DEFAULT_LADDER.dated for audience in rung.audience} <= set(Audience)


def test_a_person_bears_the_title_of_the_directory() -> None:
    someone = Person(
        code="x", name="An", email="x@example.vn", unit="VP", post=Post.HEAD, title="Chánh Văn phòng"
    )
    assert titled(someone, "vi") == "Chánh Văn phòng An"
    assert titled(someone, "en") == "Head of unit An"
    assert titled(replace(someone, title=""), "vi") == "Trưởng đơn vị An"


def test_a_unit_that_left_the_directory_is_named_by_its_code() -> None:
    directory = Directory(organisation="x", name="X", units=(Unit(code="VP", name="Văn phòng"),))
    assert unit_name("VP", directory) == "Văn phòng"
    assert unit_name("CŨ", directory) == "CŨ"


def test_periods_and_dates_are_written_out() -> None:
    assert period_name("2022-Q1", "vi") == "quý I năm 2022"
    days = [date(2022, 11, 15), date(2022, 3, 5), date(2022, 11, 15), date(2022, 6, 1), date(2022, 7, 1)]
    assert dates_text(days, "vi") == "05/03/2022, 01/06/2022, 01/07/2022…"
