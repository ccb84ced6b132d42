"""Tickets of forms: good for one address, for a working day, from this board's own pages only."""

from __future__ import annotations

import time

import pytest
from itsdangerous import TimestampSigner

from board.tickets import HOLDS_SECONDS, check_ticket, refuse_foreign, ticket_for
from tasks_catalog.problem import Refused

KEY, OLD = ("mot-khoa-bi-mat-du-dai-de-ky-cac-nut-bam",), ("khoa-cu-da-thay-nhung-con-duoc-tin-mot-thang",)
PATH = "/tasks/383/KH-SCT/1/shares/2022-09-30/TT/accept"
ADDRESS = "http://127.0.0.1:4200/tasks/383%2FKH-SCT/1/shares/2022-09-30/TT/accept"


def test_an_address_as_drawn_is_the_path_a_server_reads() -> None:
    check_ticket(ticket_for(ADDRESS, KEY), PATH, KEY)
    check_ticket(ticket_for(PATH, KEY), PATH, KEY)


def test_a_ticket_of_the_key_before_still_holds() -> None:
    check_ticket(ticket_for(PATH, OLD), PATH, (*KEY, *OLD))


@pytest.mark.parametrize(
    ("ticket", "keys"),
    [
        pytest.param("", KEY, id="none"),
        pytest.param("khong.phai.ve", KEY, id="no ticket at all"),
        pytest.param(
            ticket_for("/tasks/383/KH-SCT/1/shares/2022-09-30/TT/return", KEY), KEY, id="of another act"
        ),
        pytest.param(
            ticket_for("/tasks/383/KH-SCT/1/shares/2022-09-30/TM/accept", KEY), KEY, id="another unit's"
        ),
        pytest.param(
            ticket_for("/tasks/383/KH-SCT/2/shares/2022-09-30/TT/accept", KEY), KEY, id="another row's"
        ),
        pytest.param(ticket_for(PATH, KEY), OLD, id="signed with another secret"),
        pytest.param(ticket_for(PATH, KEY)[:-1], KEY, id="cut short"),
        pytest.param("đ" + ticket_for(PATH, KEY), KEY, id="with letters no ticket has"),
    ],
)
def test_any_other_is_refused(ticket: str, keys: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as raised:
        check_ticket(ticket, PATH, keys)
    assert raised.value.code == "board_ticket_wrong"


@pytest.mark.parametrize(("age", "holds"), [(HOLDS_SECONDS - 5, True), (HOLDS_SECONDS + 5, False)])
def test_a_ticket_holds_for_a_working_day(monkeypatch: pytest.MonkeyPatch, age: int, holds: bool) -> None:
    drawn = int(time.time()) - age
    with monkeypatch.context() as then:
        then.setattr(TimestampSigner, "get_timestamp", lambda _self: drawn)
        ticket = ticket_for(PATH, KEY)
    if holds:
        check_ticket(ticket, PATH, KEY)
    else:
        with pytest.raises(Refused):
            check_ticket(ticket, PATH, KEY)


def test_without_a_secret_no_ticket_is_drawn() -> None:
    assert ticket_for(PATH, ()) == ""


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        pytest.param({}, True, id="a program, which says nothing"),
        pytest.param({"sec-fetch-site": "same-origin", "host": "127.0.0.1:4200"}, True, id="our page"),
        pytest.param({"sec-fetch-site": "none"}, True, id="typed by its reader"),
        pytest.param({"sec-fetch-site": "cross-site"}, False, id="another site"),
        pytest.param({"sec-fetch-site": "same-site"}, False, id="another port of this machine"),
        pytest.param({"origin": "http://127.0.0.1:4200", "host": "127.0.0.1:4200"}, True, id="our origin"),
        pytest.param(
            {"origin": "http://127.0.0.1:5000", "host": "127.0.0.1:4200"}, False, id="another port's"
        ),
        pytest.param({"origin": "https://xau.example", "host": "127.0.0.1:4200"}, False, id="another origin"),
        pytest.param({"origin": "null", "host": "127.0.0.1:4200"}, True, id="kept back: the ticket decides"),
    ],
)
def test_who_posts_from_elsewhere_is_refused(headers: dict[str, str], is_ours: bool) -> None:
    if is_ours:
        refuse_foreign(headers)
        return
    with pytest.raises(Refused) as raised:
        refuse_foreign(headers)
    assert raised.value.code == "board_ticket_wrong"
