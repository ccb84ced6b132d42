"""What mail servers report, in the words of three of them, and which of it makes an address dead."""

from __future__ import annotations

import pytest

from notifications.bounces import (
    NO_SUCH_ADDRESS,
    Failure,
    Report,
    Verdict,
    is_abuse_report,
    report_of,
    verdict_of,
)
from notifications.incoming import read_message
from tests.mail import sample

READER = "huong@example.vn"


def report(name: str) -> Report:
    found = report_of(read_message(sample(name)).message)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "action", "status"),
    [
        pytest.param("postfix-no-such-user", "failed", "5.1.1", id="Postfix, no such user, headers returned"),
        pytest.param("postfix-delayed", "delayed", "4.4.1", id="Postfix, still trying"),
        pytest.param(
            "exchange-not-found", "failed", "5.1.10", id="Exchange, not found, addresses without space"
        ),
        pytest.param("gmail-no-such-user", "failed", "5.1.1", id="Gmail, parts within parts"),
    ],
)
def test_reports_of_mail_servers_are_read(name: str, action: str, status: str) -> None:
    found = report(name)
    (failure,) = found.failures
    assert (failure.address, failure.action, failure.status) == (READER, action, status)
    assert found.message_id == "<letter@example.vn>"


def test_the_far_server_s_words_are_kept_on_one_line() -> None:
    (failure,) = report("postfix-no-such-user").failures
    assert failure.diagnostic == ("550 5.1.1 <huong@example.vn>: Recipient address rejected: User unknown")


def dsn(*blocks: str) -> bytes:
    body = "\n\n".join(("Reporting-MTA: dns; a.example", *blocks))
    head = "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
    return f"{head}--x\nContent-Type: message/delivery-status\n\n{body}\n--x--\n".encode()


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected"),
    [
        pytest.param("5.1.1", "smtp; 550 5.7.1 no", "5.1.1", id="the report's own code counts"),
        pytest.param("5.0.0", "smtp; 550 5.1.1 unknown", "5.1.1", id="a general one gives way to the words"),
        pytest.param("5.0.0", "smtp; 450 4.2.0 later", "5.0.0", id="but never to one of another class"),
        pytest.param("", "smtp; 550 5.1.1 unknown", "5.1.1", id="without one the words' code"),
        pytest.param("5.1.1 (bad mailbox)", "", "5.1.1", id="a remark behind the code"),
        pytest.param("rất lạ", "smtp; 550 no", "", id="no code at all"),
    ],
)
def test_the_code_of_a_report(status: str, diagnostic: str, expected: str) -> None:
    told = f"Status: {status}\nDiagnostic-Code: {diagnostic}"
    block = f"Final-Recipient: rfc822; a@example.vn\nAction: failed\n{told}"
    found = report_of(read_message(dsn(block)).message)
    assert found is not None
    assert found.failures[0].status == expected


def test_each_recipient_of_a_report_stands_for_itself() -> None:
    blocks = [f"Final-Recipient: rfc822; {n}@example.vn\nAction: failed\nStatus: 5.1.1" for n in range(50)]
    found = report_of(read_message(dsn(*blocks)).message)
    assert found is not None
    assert [each.address for each in found.failures] == [f"{n}@example.vn" for n in range(20)]


def test_failed_recipients_named_in_a_header_alone_are_a_bounce_without_a_code() -> None:
    found = report_of(read_message(b"X-Failed-Recipients: a@example.vn, b@example.vn\n\nx").message)
    assert found is not None
    assert [each.address for each in found.failures] == ["a@example.vn", "b@example.vn"]
    assert {verdict_of(each, signed=True, address="a@example.vn") for each in found.failures} == {
        Verdict.UNREAD
    }


def test_a_complaint_is_told_from_a_bounce() -> None:
    message = read_message(sample("abuse-report")).message
    assert is_abuse_report(message)
    assert report_of(message) is None


@pytest.mark.parametrize("name", ["reply-done", "out-of-office"])
def test_what_people_and_their_machines_write_is_no_report(name: str) -> None:
    assert report_of(read_message(sample(name)).message) is None


def failed(status: str, action: str = "failed", address: str = READER) -> Failure:
    return Failure(address=address, action=action, status=status)


@pytest.mark.parametrize("status", NO_SUCH_ADDRESS)
def test_no_such_address_by_the_signed_path_is_dead_and_without_it_only_recorded(status: str) -> None:
    assert verdict_of(failed(status), signed=True, address="Huong@Example.VN") is Verdict.DEAD
    assert verdict_of(failed(status), signed=False, address=READER) is Verdict.UNSIGNED


@pytest.mark.parametrize(
    ("failure", "verdict"),
    [
        pytest.param(failed("5.2.2"), Verdict.REFUSED, id="mailbox full"),
        pytest.param(failed("5.4.4"), Verdict.REFUSED, id="no route: often a slip of the name server"),
        pytest.param(failed("5.3.4"), Verdict.REFUSED, id="too large for the system"),
        pytest.param(failed("5.7.1"), Verdict.REFUSED, id="refused by policy"),
        pytest.param(failed("5.1.8"), Verdict.REFUSED, id="the sender's address, not the reader's"),
        pytest.param(failed("5.1.11"), Verdict.REFUSED, id="5.1.11 is not 5.1.1"),
        pytest.param(failed("4.2.2", "delayed"), Verdict.DELAYED, id="full for now"),
        pytest.param(failed("4.4.7"), Verdict.DELAYED, id="given up after trying for days"),
        pytest.param(
            failed("2.0.0", "delivered"), Verdict.ARRIVED, id="delivered, said because it was asked"
        ),
        pytest.param(failed("5.1.1", "relayed"), Verdict.ARRIVED, id="relayed, whatever the code"),
        pytest.param(failed(""), Verdict.UNREAD, id="no code"),
        pytest.param(
            failed("5.1.1", address="kho@khac.example"), Verdict.ELSEWHERE, id="gone where it is forwarded to"
        ),
        pytest.param(failed("5.1.1", address=""), Verdict.DEAD, id="names nobody: the path says who"),
    ],
)
def test_what_is_made_of_a_report(failure: Failure, verdict: Verdict) -> None:
    assert verdict_of(failure, signed=True, address=READER) is verdict
