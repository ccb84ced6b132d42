"""A genuine link holds for its letter's reader until somebody stops it or the reader leaves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import DBAPIError

from storage import links, outbox
from storage.engine import read, write
from storage.schema import LinkUse, PersonRow
from tasks_catalog.problem import Refused
from tests.storage.cast import at, set_up

DAY = date(2022, 11, 1)
NOW = at(DAY)


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        return set_up(session)


def keep(engine: Engine, office: int, *, person: str = "hung", day: date = DAY) -> int:
    with write(engine) as session:
        letter = outbox.open_letter(
            session,
            office,
            kind="digest",
            person=person,
            day=day,
            message_id=f"<{person}.{day}@example.vn>",
            at=at(day),
        )
        assert letter is not None
        return letter.id


def refusal(engine: Engine, office: int, letter: int, notice: int = 0) -> str:
    with read(engine) as session:
        try:
            links.bearer_of(session, office, letter, notice)
        except Refused as reason:
            return reason.code
    return "held"


def test_it_speaks_for_the_reader_of_its_letter(engine: Engine, office: int) -> None:
    letter = keep(engine, office)
    with read(engine) as session:
        assert links.bearer_of(session, office, letter).person.code == "hung"
    assert refusal(engine, office, letter + 1) == "letter_unknown"
    assert refusal(engine, office, letter, notice=99) == "link_line_gone"


def test_a_letter_of_another_office_is_unknown(engine: Engine, office: int) -> None:
    assert refusal(engine, office + 1, keep(engine, office)) == "letter_unknown"


def test_who_left_acts_no_more(engine: Engine, office: int) -> None:
    letter = keep(engine, office)
    with write(engine) as session:
        session.execute(update(PersonRow).where(PersonRow.code == "hung").values(active=False))
    assert refusal(engine, office, letter) == "link_reader_gone"


@pytest.mark.parametrize(
    ("stopped", "left"),
    [
        pytest.param("letter", {"other day", "other person", "later"}, id="one letter's"),
        pytest.param("person", {"other person", "later"}, id="one person's, so far"),
        pytest.param("all", {"later"}, id="everybody's, so far"),
    ],
)
def test_what_is_stopped_and_what_is_not(engine: Engine, office: int, stopped: str, left: set[str]) -> None:
    letters = {
        "one": keep(engine, office),
        "other day": keep(engine, office, day=DAY - timedelta(days=1)),
        "other person": keep(engine, office, person="lan"),
        "later": keep(engine, office, day=DAY + timedelta(days=2)),
    }
    which = {"letter": {"letter_id": letters["one"]}, "person": {"person": "hung"}, "all": {}}[stopped]
    with write(engine) as session:
        links.revoke(session, office, by="truc", at=NOW + timedelta(days=1), **which)  # type: ignore[arg-type]
    held = {name for name, letter in letters.items() if refusal(engine, office, letter) == "held"}
    assert held == left
    assert refusal(engine, office, letters["one"]) == "link_revoked"


@pytest.mark.parametrize(
    ("which", "code"),
    [({"letter_id": 99}, "letter_unknown"), ({"person": "khong-ai"}, "person_unknown")],
    ids=["no such letter", "no such person"],
)
def test_nothing_unknown_is_stopped(engine: Engine, office: int, which: dict[str, object], code: str) -> None:
    with write(engine) as session, pytest.raises(Refused, match=code):
        links.revoke(session, office, by="truc", at=NOW, **which)  # type: ignore[arg-type]


def test_what_was_done_through_it_stays_on_record(engine: Engine, office: int) -> None:
    letter = keep(engine, office)
    with write(engine) as session:
        bearer = links.bearer_of(session, office, letter)
        links.note_use(session, bearer, "r", at=NOW)
        links.note_use(session, bearer, "r", at=NOW, outcome="share_already_done")
        uses = links.uses_of(session, letter)
        assert [(use.purpose, use.outcome) for use in uses] == [("r", "done"), ("r", "share_already_done")]
    with pytest.raises(DBAPIError, match="append-only"), write(engine) as session:
        session.execute(update(LinkUse).values(outcome="done"))
