"""Webhooks: what is recorded is told, signed, once, and whatever a receiver does stops no other."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from ipaddress import ip_address

import pytest
from sqlalchemy import event, func, select, update
from standardwebhooks import Webhook, WebhookVerificationError

import flows.call_out
import notifications.webhook_calls as calls
from flows.call_out import LEASE, call_out_work, has_calls
from flows.office import OpenOffice
from flows.open_occurrences import open_occurrences_work
from notifications.webhook_signing import OLD_SECRET_HOLDS, SecretScope, secret_of
from storage import webhook_events, webhook_outbox, webhooks
from storage.desk import Desk
from storage.engine import read, rehearse, write
from storage.office_journal import Made, undo
from storage.schema import OfficeChange, WebhookDelivery, WebhookRow
from storage.settables import SETTABLES
from tasks_catalog.facts import Evidence
from tasks_catalog.webhooks import RETRY_MINUTES, SUBSCRIBED, HookRefused
from tests.flows.cast import NUMBER, PAPER, Department, moment
from tests.flows.receiver import Receiver, receiving

DUE = date(2023, 1, 27)
BEFORE = moment(date(2023, 1, 16))
ROW_1 = f"{NUMBER}/1"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as it:
        yield it


def hook(
    department: Department, url: str, *, on: datetime = BEFORE, events: tuple[str, ...] = SUBSCRIBED
) -> WebhookRow:
    with write(department.office.engine) as session:
        made = Made(by="truc", at=department.office.moment_of(on, on.time()))
        return webhooks.make(
            session, department.office.organisation_id, url=url, events=events, internal=True, made=made
        )


def report(department: Department, day: date) -> None:
    with department.desk(day, "huong") as desk:
        desk.report(ROW_1, "QLTM", evidence=[Evidence(text="12/QĐ-SCT")])


def send_test(department: Department, row: WebhookRow, at: datetime = BEFORE) -> int:
    with write(department.office.engine) as session:
        return webhook_events.tell_test(session, row, department.office.moment_of(at, at.time()))


def kept(department: Department) -> list[WebhookDelivery]:
    with read(department.office.engine) as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def told(department: Department) -> list[tuple[str, str]]:
    """Return kind and standing of each message about a share, in order."""
    return [(d.kind, d.payload["data"].get("standing", "")) for d in kept(department)]


# What is told


def test_a_report_and_an_extension_are_told_with_codes_and_dates_and_no_person(
    any_department: Department, receiver: Receiver
) -> None:
    department = any_department
    department.start()
    open_occurrences_work(department.office, BEFORE)
    hook(department, receiver.url)
    with department.desk(date(2023, 1, 16), "truc", document=PAPER) as desk:
        desk.grant_extension(ROW_1, "QLTM", to=date(2023, 2, 10))
    report(department, date(2023, 1, 17))
    assert call_out_work(department.office, moment(date(2023, 1, 17), 16)).outcomes == {"sent": 2}
    extended, done = (json.loads(body) for _, body in receiver.got)
    assert (extended["type"], done["type"]) == ("share.extended", "share.done")
    assert extended["data"] | {"epoch": 2} == {
        "plan": NUMBER,
        "plan_issued": "2023-01-03",
        "task": ROW_1,
        "occurrence": "2023-01-27",
        "unit": "QLTM",
        "role": "owner",
        "period": None,
        "first_due": "2023-01-27",
        "due": "2023-02-10",
        "due_before": "2023-01-27",
        "last_day_on_time": "2023-02-10",
        "epoch": 2,
        "standing": "in_progress",
        "reported_on": None,
    }
    assert done["data"]["standing"] == "done_on_time"
    assert done["timestamp"] == "2023-01-17T15:00:00+07:00"
    assert not any(word in body for _, body in receiver.got for word in ("huong", "Hương", "truc", "@"))


def test_what_lapsed_is_told_the_morning_after_once_in_each_epoch(any_department: Department) -> None:
    department = any_department
    department.start()
    open_occurrences_work(department.office, BEFORE)
    hook(department, "https://nhan.example.vn/")
    for day in (DUE, DUE + timedelta(days=1), DUE + timedelta(days=1), DUE + timedelta(days=3)):
        open_occurrences_work(department.office, moment(day, 5, 30))
        assert len(kept(department)) == (0 if day == DUE else 1)
    assert told(department) == [("share.overdue", "overdue")]
    report(department, DUE + timedelta(days=3))
    with department.desk(DUE + timedelta(days=4), "truc", note="thiếu phụ lục") as desk:
        desk.return_(ROW_1, "QLTM")
    open_occurrences_work(department.office, moment(DUE + timedelta(days=5), 5, 30))
    assert [kind for kind, _ in told(department)] == ["share.overdue", "share.done", "share.overdue"]
    assert len({d.event_id for d in kept(department)}) == 3


def test_a_new_webhook_is_not_flooded_with_what_was_late_before_it(department: Department) -> None:
    department.start()
    open_occurrences_work(department.office, BEFORE)
    later = DUE + timedelta(days=10)
    hook(department, "https://nhan.example.vn/", on=moment(later))
    open_occurrences_work(department.office, moment(later + timedelta(days=1), 5, 30))
    assert kept(department) == []


def test_what_was_not_asked_for_and_what_happens_while_switched_off_is_not_told(
    department: Department,
) -> None:
    department.start()
    open_occurrences_work(department.office, BEFORE)
    hook(department, "https://a.example.vn/", events=("share.extended",))
    off = hook(department, "https://b.example.vn/")
    with write(department.office.engine) as session:
        made = Made(by="truc", at=department.office.moment_of(BEFORE, BEFORE.time()))
        webhooks.switch(session, department.office.organisation_id, off.code, on=False, made=made)
    report(department, date(2023, 1, 17))
    assert kept(department) == []


def test_a_decision_that_is_not_recorded_is_not_told(department: Department) -> None:
    department.start()
    open_occurrences_work(department.office, BEFORE)
    hook(department, "https://nhan.example.vn/")
    with rehearse(department.office.engine) as session:
        desk = Desk(
            session=session,
            organisation_id=department.office.organisation_id,
            calendar=department.office.calendar,
            at=department.office.moment_of(BEFORE, BEFORE.time()),
            by="huong",
        )
        desk.report(ROW_1, "QLTM", evidence=[Evidence(text="1/QĐ")])
        assert len(session.scalars(select(WebhookDelivery)).all()) == 1
    assert kept(department) == []


def test_without_a_webhook_a_report_costs_one_look_more_and_other_decisions_none(
    department: Department,
) -> None:
    department.start()
    open_occurrences_work(department.office, BEFORE)
    seen: list[str] = []
    listen = lambda *args: seen.append(args[2])  # noqa: E731
    event.listen(department.office.engine, "before_cursor_execute", listen)
    try:
        report(department, date(2023, 1, 17))
        looks = [words for words in seen if "webhook" in words]
        assert len(looks) == 1
        assert "webhook_delivery" not in looks[0]
        seen.clear()
        with department.desk(date(2023, 1, 18), "truc") as desk:
            desk.accept(ROW_1, "QLTM")
        assert not [words for words in seen if "webhook" in words]
    finally:
        event.remove(department.office.engine, "before_cursor_execute", listen)


# Signatures


def live(department: Department) -> OpenOffice:
    """The same office in real time, as the signature's age is judged by."""
    return replace(department.office, simulated=False)


def scope(row: WebhookRow, rotation: int | None = None) -> SecretScope:
    return SecretScope(
        organisation_id=row.organisation_id, webhook_id=row.id, rotation=rotation or row.rotation
    )


def rotated(department: Department, row: WebhookRow, at: datetime) -> WebhookRow:
    with write(department.office.engine) as session:
        return webhooks.rotate(
            session, row.organisation_id, row.code, seen=row.rotation, made=Made(by="quan", at=at)
        )


def test_a_receiver_knows_by_the_signature_whose_message_it_is(
    department: Department, receiver: Receiver
) -> None:
    office = live(department)
    row = hook(department, receiver.url)
    send_test(department, row)
    assert has_calls(office)
    assert call_out_work(office).outcomes == {"sent": 1}
    assert not has_calls(office)
    ((headers, body),) = receiver.got
    receiving_end = Webhook(secret_of(scope(row), office.keys))
    assert receiving_end.verify(body, dict(headers))["type"] == "test"
    assert headers["webhook-id"] == kept(department)[0].event_id
    with pytest.raises(WebhookVerificationError):
        receiving_end.verify(body.replace("test", "tesT"), dict(headers))
    with pytest.raises(WebhookVerificationError):
        receiving_end.verify(body, {**headers, "webhook-id": "msg_other"})
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of(scope(row, 2), office.keys)).verify(body, dict(headers))


@pytest.mark.parametrize(
    ("ago", "old_holds"),
    [
        pytest.param(timedelta(hours=23), True, id="for a day the old secret signs too"),
        pytest.param(OLD_SECRET_HOLDS, False, id="and then no more"),
    ],
)
def test_after_a_rotation_both_secrets_hold_for_a_day(
    department: Department, receiver: Receiver, ago: timedelta, old_holds: bool
) -> None:
    office = live(department)
    row = rotated(department, hook(department, receiver.url), office.now() - ago)
    send_test(department, row)
    call_out_work(office)
    ((headers, body),) = receiver.got
    Webhook(secret_of(scope(row), office.keys)).verify(body, dict(headers))
    old = Webhook(secret_of(scope(row, 1), office.keys))
    if old_holds:
        old.verify(body, dict(headers))
    else:
        with pytest.raises(WebhookVerificationError):
            old.verify(body, dict(headers))


def test_a_secret_given_up_cannot_come_back_by_taking_the_change_back(department: Department) -> None:
    row = rotated(department, hook(department, "https://nhan.example.vn/"), live(department).now())
    made = Made(by="quan", at=live(department).now())
    with write(department.office.engine) as session:
        last = session.scalars(select(func.max(OfficeChange.id))).one()
        with pytest.raises(HookRefused) as refused:
            undo(session, row.organisation_id, SETTABLES, last, made=made)
    assert refused.value.code == "webhook_rotation_back"


def test_a_page_loaded_again_rotates_nothing_twice(department: Department) -> None:
    row = hook(department, "https://nhan.example.vn/")
    rotated(department, row, live(department).now())
    row.rotation = 1
    with pytest.raises(HookRefused) as refused:
        rotated(department, row, live(department).now())
    assert refused.value.code == "webhook_rotated_since"


def test_no_secret_stands_in_the_database(department: Department, receiver: Receiver) -> None:
    row = hook(department, receiver.url)
    secret = secret_of(scope(row), department.office.keys).removeprefix("whsec_")
    assert secret not in repr(department.dump())


# What a receiver may do


def test_a_failure_is_tried_again_with_growing_waits_and_given_up_in_the_end(
    department: Department, receiver: Receiver
) -> None:
    receiver.answers = [(503, {}, b"b\xe1\xba\xadn <b>\x00\n vi\xe1\xbb\x87c")]
    send_test(department, hook(department, receiver.url))
    at = department.office.moment_of(BEFORE, BEFORE.time())
    for attempt, minutes in enumerate(RETRY_MINUTES, 1):
        assert call_out_work(department.office, at).outcomes == {"deferred": 1}
        (row,) = kept(department)
        assert (row.attempts, row.status, row.answer) == (attempt, 503, "bận <b> việc")
        assert row.next_attempt_at == at + timedelta(minutes=minutes)
        assert call_out_work(department.office, at + timedelta(seconds=59)).outcomes == {}
        at += timedelta(minutes=minutes)
    assert call_out_work(department.office, at).outcomes == {"dead": 1}
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    receiver.answers = []
    with write(department.office.engine) as session:
        webhook_outbox.send_again(session, row.organisation_id, row.webhook_id, row.id)
    assert call_out_work(department.office, at).outcomes == {"sent": 1}


def test_a_receiver_that_is_gone_is_switched_off_and_it_says_so(
    department: Department, receiver: Receiver
) -> None:
    receiver.answers = [(410, {}, b"")]
    row = hook(department, receiver.url)
    send_test(department, row)
    send_test(department, row)
    assert call_out_work(department.office, BEFORE).outcomes == {"dead": 1}
    with read(department.office.engine) as session:
        (found,) = webhooks.hooks_of(session, row.organisation_id)
        assert (found.active, found.stopped) == (False, webhooks.GONE)
    assert call_out_work(department.office, BEFORE).outcomes == {}
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        pytest.param(
            (302, {"location": "http://127.0.0.1:1/"}, b""), 302, "", id="a redirect is not followed"
        ),
        pytest.param((500, {}, b"x" * 1_000_000), 500, "x" * 200, id="a long answer is not read to its end"),
        pytest.param((429, {"retry-after": "1200"}, b""), 429, "", id="one that asks for time"),
    ],
)
def test_whatever_is_answered_but_2xx_is_tried_again(
    department: Department,
    receiver: Receiver,
    answer: tuple[int, dict[str, str], bytes],
    status: int,
    words: str,
) -> None:
    receiver.answers = [answer]
    send_test(department, hook(department, receiver.url))
    assert call_out_work(department.office, BEFORE).outcomes == {"deferred": 1}
    (row,) = kept(department)
    assert (row.status, row.answer, len(receiver.got)) == (status, words, 1)
    wait = timedelta(minutes=20) if status == 429 else timedelta(minutes=1)
    assert row.next_attempt_at == department.office.moment_of(BEFORE, BEFORE.time()) + wait


def test_a_receiver_that_does_not_answer_holds_up_no_other(
    department: Department, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.call_out, "CALL_SECONDS", 0.3)
    with receiving(Receiver(holds=threading.Event())) as slow:
        for row in (hook(department, slow.url), hook(department, receiver.url)):
            for _ in range(3):
                send_test(department, row)
        assert call_out_work(department.office, BEFORE).outcomes == {"deferred": 1, "sent": 3}
        assert (len(slow.got), len(receiver.got)) == (1, 3)
    assert "0.3 s" in kept(department)[0].answer


def test_a_receiver_that_is_not_there_is_tried_again(department: Department) -> None:
    with receiving() as it:
        url = it.url
    send_test(department, hook(department, url))
    assert call_out_work(department.office, BEFORE).outcomes == {"deferred": 1}
    assert kept(department)[0].answer.startswith("ConnectError")


def test_a_message_that_cannot_be_made_stops_no_other(department: Department, receiver: Receiver) -> None:
    with receiving() as other:
        poisoned = send_test(department, hook(department, other.url))
        send_test(department, hook(department, receiver.url))
        with write(department.office.engine) as session:
            poison = update(WebhookDelivery).where(WebhookDelivery.id == poisoned)
            session.execute(poison.values(event_id="dòng\nmới"))
        assert call_out_work(department.office, BEFORE).outcomes == {"deferred": 1, "sent": 1}
        assert other.got == []


# Where it may lead


def test_a_name_is_judged_by_its_address_when_it_is_called_and_looked_up_once(
    department: Department, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name leads outside when it is judged first, and to this machine afterwards."""
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> list[object]:
        asked.append(host)
        return [ip_address("127.0.0.1")]

    monkeypatch.setattr(calls, "looked_up", rebinding)
    row = hook(department, f"http://nhan.noi-bo.example:{receiver.port}/x")
    send_test(department, row)
    assert call_out_work(department.office, BEFORE).outcomes == {"sent": 1}
    assert asked == ["nhan.noi-bo.example"]
    assert receiver.got[0][0]["host"] == f"nhan.noi-bo.example:{receiver.port}"
    with write(department.office.engine) as session:
        session.execute(update(WebhookRow).values(internal=False, url=row.url.replace("http://", "https://")))
    send_test(department, row)
    assert call_out_work(department.office, BEFORE).outcomes == {"deferred": 1}
    assert "127.0.0.1" in kept(department)[1].answer
    assert len(receiver.got) == 1


# Several workers, and workers that die


def test_of_two_workers_each_message_goes_to_one(any_department: Department, receiver: Receiver) -> None:
    department = any_department
    row = hook(department, receiver.url)
    for _ in range(12):
        send_test(department, row)
    together = threading.Barrier(2)
    done: list[int] = []

    def work() -> None:
        together.wait()
        done.append(call_out_work(department.office, BEFORE).sent)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(done) == 12
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert len(ids) == len(set(ids)) == 12


def test_a_worker_that_died_after_sending_sends_the_same_id_again(
    department: Department, receiver: Receiver
) -> None:
    row = hook(department, receiver.url)
    send_test(department, row)
    at = department.office.moment_of(BEFORE, BEFORE.time())
    with write(department.office.engine) as session:
        webhook_outbox.claim(
            session, row.organisation_id, row.id, now=at, lease_until=at + LEASE, by="đã chết"
        )
    assert call_out_work(department.office, at + LEASE).outcomes == {}
    assert call_out_work(department.office, at + LEASE + timedelta(seconds=1)).outcomes == {"sent": 1}
    (message,) = kept(department)
    assert message.attempts == 2
    with write(department.office.engine) as session:
        late = webhook_outbox.settle(
            session,
            message.id,
            webhook_outbox.DeliveryState.DEFERRED,
            by="đã chết",
            at=at,
            status=None,
            answer="",
        )
    assert not late


def test_a_message_that_kills_its_worker_is_given_up(department: Department, receiver: Receiver) -> None:
    send_test(department, hook(department, receiver.url))
    with write(department.office.engine) as session:
        session.execute(update(WebhookDelivery).values(attempts=len(RETRY_MINUTES) + 1))
    assert call_out_work(department.office, BEFORE).outcomes == {"dead": 1}
    assert receiver.got == []


def test_what_waits_for_a_webhook_that_is_taken_away_is_not_sent(
    department: Department, receiver: Receiver
) -> None:
    row = hook(department, receiver.url)
    send_test(department, row)
    made = Made(by="quan", at=department.office.moment_of(BEFORE, BEFORE.time()))
    with write(department.office.engine) as session:
        webhooks.remove(session, row.organisation_id, row.code, made=made)
    assert call_out_work(department.office, BEFORE).outcomes == {}
    assert [d.state for d in kept(department)] == ["dead"]
    other = hook(department, receiver.url)
    assert (other.code, other.id != row.id) == ("w2", True)
