"""Sentences an office words itself: kept by code and language, one office's apart from another's."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from storage.engine import read, write
from storage.office_journal import Made, change, undo
from storage.organisations import create_organisation
from storage.own_wording import KIND, OWN_WORDING, own_texts
from storage.schema import Organisation
from storage.settables import SETTABLES
from tasks_catalog.people import Directory
from tasks_catalog.problem import Refused

AT = datetime(2026, 3, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
MADE = Made(by="truc", at=AT)


def office(engine: Engine) -> int:
    with write(engine) as session:
        directory = Directory(organisation="sct", name="Sở Công Thương")
        return create_organisation(session, directory, simulated=True, at=AT).id


def worded(engine: Engine, organisation: int, key: str, text: str) -> None:
    with write(engine) as session:
        change(session, organisation, OWN_WORDING, KIND, key, {"text": text}, made=MADE)


def test_a_text_is_kept_by_code_and_language_changed_and_undone(engine: Engine) -> None:
    mine = office(engine)
    worded(engine, mine, "letter_greeting/vi", "Gửi {who}")
    worded(engine, mine, "letter_greeting/en", "Dear {who}")
    worded(engine, mine, "letter_greeting/vi", "Kính gửi {who}")
    with write(engine) as session:
        undo(session, mine, SETTABLES, 3, made=MADE)
    with read(engine) as session:
        assert own_texts(session, mine) == {
            ("letter_greeting", "vi"): "Gửi {who}",
            ("letter_greeting", "en"): "Dear {who}",
        }


def test_one_office_s_words_are_not_another_s(engine: Engine) -> None:
    mine = office(engine)
    worded(engine, mine, "letter_greeting/vi", "Gửi {who}")
    with write(engine) as session:
        other = Organisation(
            code="stc", name="Sở Tài chính", place="", superior="", kind="simulated", created_at=AT
        )
        session.add(other)
        session.flush()
        assert own_texts(session, other.id) == {}


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        pytest.param("letter_greeting", "Gửi {who}", "wording_unknown", id="no language"),
        pytest.param("letter_greeting/fr", "Gửi {who}", "wording_unknown", id="another language"),
        pytest.param("../x/vi", "Gửi {who}", "wording_unknown", id="no code"),
        pytest.param("letter_greeting/vi", "Gửi {who.x}", "wording_braces", id="an attribute"),
        pytest.param("letter_greeting/vi", "Gu\u031b\u0309i {who}", "wording_characters", id="decomposed"),
        pytest.param("letter_greeting/vi", "Gửi\n{who}", "wording_characters", id="two lines"),
    ],
)
def test_what_cannot_be_meant_is_refused_whichever_way_it_comes(
    sqlite_engine: Engine, key: str, text: str, code: str
) -> None:
    mine = office(sqlite_engine)
    with pytest.raises(Refused) as refused:
        worded(sqlite_engine, mine, key, text)
    assert refused.value.code == code
