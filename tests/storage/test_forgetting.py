"""What is over is forgotten by itself, and what is still needed stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from storage import attempts, journal
from storage.api_rows import ApiCall
from storage.api_tokens import make
from storage.attempts import Outcome, Who
from storage.engine import read, write
from storage.forgetting import KEPT, KEPT_SHORT, forget
from storage.office_journal import Made
from storage.organisations import create_organisation
from storage.schema import PlanRow, SessionRow, ShareRow, SignInAttempt, WebhookDelivery, WebhookRow
from storage.webhook_events import tell_overdue, tell_test
from storage.webhooks import make as make_hook
from tasks_catalog.scopes import Scope
from tests.storage.cast import DIRECTORY, ISSUED, NUMBER, PLANNED, at, import_cast, opening

THEN = at(ISSUED)
NOW = THEN + KEPT
LATER = timedelta(seconds=1)


@pytest.fixture
def office(engine: Engine) -> int:
    with write(engine) as session:
        organisation = create_organisation(session, DIRECTORY, simulated=True, at=THEN).id
        plan = import_cast(session, organisation)
        journal.record_many(session, plan, [(f"{NUMBER}/1", opening(PLANNED[1][0], "tm"))], at=THEN)
        return organisation


def webhook(session: Session, office: int) -> int:
    made = Made(by="lan", at=THEN)
    url, events = "https://nhan.example.vn/", ("share.overdue",)
    hook = make_hook(session, office, url=url, events=events, internal=False, made=made)
    return hook.id


def kinds(engine: Engine) -> list[tuple[str, str]]:
    with read(engine) as session:
        found = session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id))
        return [(row.kind, row.state) for row in found]


def settle(session: Session, number: int, state: str, settled: datetime | None) -> None:
    mine = update(WebhookDelivery).where(WebhookDelivery.id == number)
    session.execute(mine.values(state=state, settled_at=settled))


def test_messages_sent_or_given_up_are_forgotten_and_what_waits_is_not(engine: Engine, office: int) -> None:
    with write(engine) as session:
        hook = session.get_one(WebhookRow, webhook(session, office))
        ways = [("sent", THEN), ("dead", THEN), ("sent", THEN + LATER), ("waiting", None), ("deferred", None)]
        for state, settled in ways:
            settle(session, tell_test(session, hook, THEN), state, settled)
    assert forget(engine, office, NOW)["webhook_deliveries"] == 0
    assert forget(engine, office, NOW + LATER, most=1)["webhook_deliveries"] == 1
    assert forget(engine, office, NOW + LATER)["webhook_deliveries"] == 1
    assert kinds(engine) == [("test", "sent"), ("test", "waiting"), ("test", "deferred")]


def test_a_share_that_is_overdue_still_is_not_told_again(engine: Engine, office: int) -> None:
    day = THEN + timedelta(days=390)
    with write(engine) as session:
        webhook(session, office)
        session.execute(update(PlanRow).values(state="active"))
        assert tell_overdue(session, office, day.date(), day) == 1
        session.execute(update(WebhookDelivery).values(state="sent", settled_at=day))
    after = day + KEPT + LATER
    assert forget(engine, office, after)["webhook_deliveries"] == 0
    with write(engine) as session:
        assert tell_overdue(session, office, after.date(), after) == 0
        session.execute(update(ShareRow).values(epoch=ShareRow.epoch + 1))
    assert forget(engine, office, after)["webhook_deliveries"] == 1


def test_attempts_sessions_and_answers_to_calls(engine: Engine, office: int) -> None:
    with write(engine) as session:
        known = Who(account="a", address="192.0.2.1", person="lan")
        stranger = Who(account="b", address="192.0.2.2")
        for who in (known, stranger):
            for when in (THEN, NOW):
                attempts.record(session, office, who, Outcome.SIGNED_IN, at=when)
        session.add_all(
            SessionRow(
                organisation_id=office,
                person="lan",
                digest=str(number),
                way="password",
                address="192.0.2.1",
                made_at=THEN,
                last_seen=THEN,
                over_at=over,
            )
            for number, over in enumerate((NOW - KEPT_SHORT, NOW))
        )
        until = THEN.date() + timedelta(days=90)
        scopes = (Scope.READ,)
        token, _ = make(
            session, office, name="t", person="lan", scopes=scopes, until=until, by="lan", at=THEN
        )
        session.add(ApiCall(organisation_id=office, token_id=token.id, key="k", fingerprint="f", at=THEN))
    counts = forget(engine, office, NOW + LATER)
    gone = {"webhook_deliveries": 0, "sign_ins": 2, "strangers": 0, "sessions": 1, "api_calls": 1}
    assert counts == gone
    with read(engine) as session:
        assert {row.at for row in session.scalars(select(SignInAttempt))} == {NOW}
    counts = forget(engine, office, NOW + KEPT_SHORT + LATER)
    assert (counts["strangers"], counts["sessions"], counts["sign_ins"]) == (1, 1, 0)


def test_another_office_keeps_its_own(engine: Engine, office: int) -> None:
    with write(engine) as session:
        who = Who(account="a", address="192.0.2.1", person="lan")
        attempts.record(session, office, who, Outcome.SIGNED_IN, at=THEN)
    assert forget(engine, office + 1, NOW + LATER)["sign_ins"] == 0
