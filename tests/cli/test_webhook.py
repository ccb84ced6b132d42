"""``dondoc webhook``: a secret is printed once, a test is sent at once, what is refused is said."""

from __future__ import annotations

import re

from tests.cli.conftest import Dondoc
from tests.flows.receiver import receiving


def test_a_webhook_is_made_tried_changed_listed_and_taken_away(tracked: Dondoc) -> None:
    with receiving() as receiver:
        made = tracked.done("webhook", "add", receiver.url, "--internal", "--event", "share.done")
        first = re.findall(r"whsec_\S+", made.out)
        assert len(first) == 1
        assert "đã nhận" in tracked.done("webhook", "test", "w1").out
        second = re.findall(r"whsec_\S+", tracked.done("webhook", "rotate", "w1").out)
        assert second
        assert second != first
        receiver.answers = [(500, {}, b"x")]
        failed = tracked("webhook", "test", "w1")
        assert (failed.code, "sẽ gửi lại" in failed.out, "500 x" in failed.out) == (1, True, True)
    assert [headers["webhook-id"][:4] for headers, _ in receiver.got] == ["msg_", "msg_"]
    (line,) = tracked.done("webhook", "list", "--json").json
    assert (line["key"], line["events"], line["rotation"]) == ("w1", ["share.done"], 2)
    assert (line["last"], line["waiting"], line["dead"]) == ("deferred", 1, 0)
    listed = tracked.done("webhook", "list").out
    assert receiver.url in listed
    assert "whsec_" not in listed
    tracked.done("webhook", "remove", "w1")
    assert tracked.done("webhook", "list", "--json").json == []


def test_what_will_not_do_is_refused(tracked: Dondoc) -> None:
    for typed, said in (
        (("http://nhan.example.vn/",), "không được mã hóa"),
        (("https://127.0.0.1/",), "nội bộ"),
        (("https://nhan.example.vn/", "--event", "test"), "share.overdue"),
    ):
        refused = tracked("webhook", "add", *typed)
        assert refused.code == 2
        assert said in refused.err
    assert "w9" in tracked("webhook", "remove", "w9").err
