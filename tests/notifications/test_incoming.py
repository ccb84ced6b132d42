"""Bytes that come in by mail, hostile ones among them: bounded, never a crash, never a stall."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.incoming import MOST_BYTES, MessageUnreadable, kept, read_message
from notifications.sorting import Ours, Sorted, sorted_message
from tests.mail import KEY, RETURN_ADDRESS, sample, signed_path

OURS = Ours(sender_address="dondoc@example.vn", return_address=RETURN_ADDRESS, keys=(KEY,))


def sort(data: bytes) -> Sorted:
    return sorted_message(read_message(data), OURS)


def nested(depth: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"a" * (MOST_BYTES + 1), "mail_too_large", id="over ten megabytes"),
        pytest.param(nested(3000), "mail_too_deep", id="three thousand levels of parts"),
        pytest.param(
            b"Content-Type: message/rfc822\n\n" * 3000, "mail_too_deep", id="messages within messages"
        ),
        pytest.param(
            b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nq\n" * 200_000,
            "mail_too_many_parts",
            id="two hundred thousand parts",
        ),
        pytest.param(b"a: b\n" * 5_000 + b"\nx", "mail_too_many_headers", id="five thousand headers"),
    ],
)
@pytest.mark.timeout(30)
def test_what_would_cost_too_much_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(MessageUnreadable) as refused:
        read_message(data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00" * 1000, id="zeros"),
        pytest.param(b"Subject: \xff\xfe\x00x\n\n\xff\x00", id="no charset it could be in"),
        pytest.param(b"Content-Type: text/plain; charset=khong-co\n\nx", id="a charset there is none of"),
        pytest.param(b"Content-Type: text/plain; charset=hex\n\nx", id="a codec that is no charset"),
        pytest.param(b"To: " + b"(" * 5000 + b"\n\nx", id="comments within comments"),
        pytest.param(b"To: " + b"a@example.vn," * 200_000 + b"\n\nx", id="two hundred thousand readers"),
        pytest.param(b"Subject: x\n" + b" =?utf-8?q?a?=\n" * 200_000 + b"\nx", id="a subject without end"),
        pytest.param(
            b'Content-Type: text/plain; a="' + b'\\"' * 100_000 + b"\n\nx", id="a parameter of quotes"
        ),
        pytest.param(b"Content-Type: multipart/mixed\n\nx", id="parts without a boundary"),
        pytest.param(
            b"Message-ID: <" + b"a" * 5000 + b"@x>\n\nx", id="an identifier of five thousand letters"
        ),
        pytest.param(b"Content-Transfer-Encoding: base64\n\n!!!", id="base64 that is none"),
        pytest.param(nested(150) + b"\nx", id="a hundred and fifty levels"),
        pytest.param(
            b"From: a@example.vn\nReceived: x; Mon, 99 Foo 2023 99:99:99 +9999\n\nx", id="no such date"
        ),
    ],
)
@pytest.mark.timeout(30)
def test_hostile_messages_are_sorted_like_any_other(data: bytes) -> None:
    assert sort(data).kind == "answer"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=3000))
def test_no_bytes_raise_anything_but_a_refusal(data: bytes) -> None:
    incoming = read_message(data)
    found = sorted_message(incoming, OURS)
    assert found.kind in ("answer", "bounce", "abuse", "ignored")
    for text in (incoming.key, incoming.subject, incoming.sender, found.words):
        text.encode("utf-8")
        assert "\x00" not in text


HEADERS = st.sampled_from(
    ["From", "To", "Subject", "Message-ID", "References", "Content-Type", "Received", "Return-Path"]
)
VALUES = st.text(max_size=120) | st.sampled_from(
    [
        "multipart/report; report-type=delivery-status; boundary=x",
        "message/delivery-status",
        "<>",
        "a@b <c@d>",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.text(max_size=300))
def test_no_headers_and_no_body_raise_anything(headers: list[tuple[str, str]], body: str) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in headers)
    data = f"{head}\n--x\nContent-Type: message/delivery-status\n\n{body}\n--x--".encode("utf-8", "replace")
    assert sort(data).kind


def test_a_message_is_known_by_its_identifier_else_by_its_content() -> None:
    assert read_message(b"Message-ID: <a@example.vn>\n\nx").key == "<a@example.vn>"
    without, other = read_message(b"Subject: a\n\nx").key, read_message(b"Subject: b\n\nx").key
    assert without.startswith("sha256:")
    assert without != other


def test_the_day_it_came_in_is_the_last_server_s_word_never_the_sender_s() -> None:
    assert read_message(sample("reply-done")).stamped == datetime(2023, 1, 27, 8, 40, 12, tzinfo=UTC)
    assert read_message(b"Date: Mon, 2 Jan 2023 07:00:00 +0700\n\nx").stamped is None


def test_what_it_answers_is_named_nearest_first() -> None:
    assert read_message(sample("reply-done")).answers_to == ("<letter@example.vn>", "<root@example.vn>")


@pytest.mark.parametrize(
    "header",
    ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Failed-Recipients"],
)
def test_a_signed_path_is_found_wherever_the_mail_says_whom_it_was_for(header: str) -> None:
    data = f"From: x@example.com\n{header}: <{signed_path(41)}>\n\nx".encode()
    assert sort(data).letter == 41


def test_a_signed_path_in_the_last_server_s_line_counts_too() -> None:
    data = f"Received: from a by b for <{signed_path(41)}>; Fri, 27 Jan 2023 08:00:00 +0700\n\nx".encode()
    assert sort(data).letter == 41


def test_a_path_signed_by_another_office_names_no_letter() -> None:
    other = signed_path(41, key="q" * 32)
    assert sort(f"To: {other}\n\nx".encode()).letter is None


@pytest.mark.parametrize(
    ("head", "why"),
    [
        pytest.param("Auto-Submitted: auto-replied", "mail_auto_submitted", id="an automatic answer"),
        pytest.param("Auto-Submitted: auto-generated; x=y", "mail_auto_submitted", id="with a parameter"),
        pytest.param("Auto-Submitted: no", "", id="said to be a person's"),
        pytest.param("Return-Path: <>", "mail_null_path", id="a machine's mail"),
        pytest.param("Return-Path: <a@example.vn>", "", id="a person's path"),
        pytest.param("Precedence: bulk", "mail_bulk", id="bulk"),
        pytest.param("Precedence: Auto_Reply", "mail_bulk", id="an old way to say automatic"),
        pytest.param("X-Autoreply: yes", "mail_autoreply", id="X-Autoreply"),
        pytest.param("X-Autorespond: vacation", "mail_autoreply", id="X-Autorespond"),
        pytest.param("Subject: x", "", id="nothing of the kind"),
    ],
)
def test_what_is_automatic_is_ignored_with_its_reason(head: str, why: str) -> None:
    found = sort(f"From: huong@example.vn\n{head}\n\nĐã xong".encode())
    assert (found.kind, found.why) == ("ignored" if why else "answer", why)


def test_our_own_letter_coming_back_starts_no_loop() -> None:
    assert sort(b"From: Don Doc <DONDOC@example.vn>\n\nx").why == "mail_our_own"


def test_a_bounce_is_one_though_it_bears_the_signs_of_a_machine() -> None:
    assert sort(sample("postfix-no-such-user", path=signed_path(7))).kind == "bounce"
    assert sort(sample("out-of-office")).kind == "ignored"
    assert sort(sample("abuse-report")).kind == "abuse"


def test_text_is_made_fit_to_keep() -> None:
    assert kept("Đa\u0303\x00 xong\x1b[0m\r\n\ud800", 100) == "Đã  xong [0m\n?"
    assert kept("một\nhai", 100, lines=False) == "một hai"
    assert kept("abc", 2) == "ab"
