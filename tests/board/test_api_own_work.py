"""A unit's period sheet by a program: its lines as on the page, reported in one go, or refused whole."""

from __future__ import annotations

import pytest

from tasks_catalog.scopes import Scope
from tests.board.acting_cast import NUMBER, Office
from tests.board.api_client import Program, token_of
from tests.board.test_api_acting import PDF, hand_in

ROW_3 = f"{NUMBER}/3"


@pytest.fixture
def office(acting_office: Office) -> Office:
    return acting_office


def periods(office: Office) -> list[tuple[str, str]]:
    """Return the occurrences and periods of the third task's shares of the inspectorate."""
    shares = office.facts(ROW_3).current_shares
    return [(one.key.occurrence, one.period or "") for one in shares if one.key.unit == "TT"]


def test_a_sheet_is_read_and_sent(office: Office) -> None:
    gu = Program(office.app, token_of(office, "gu"))
    (occurrence, period), *_ = periods(office)
    address = f"/v1/sheets/383%2FKH-SCT/{period}"
    sheet = gu.get(address).json()
    assert (sheet["plan"], sheet["period"], sheet["unit"]) == (NUMBER, period, "TT")
    assert (sheet["open"], sheet["total"]) == (1, 1)
    assert sheet["lines"][0] | {"row": 3, "occurrence": occurrence, "open": True} == sheet["lines"][0]
    file = hand_in(gu, PDF, "bao-cao.pdf")["file"]
    line = {"row": 3, "occurrence": occurrence, "note": "đã công khai"}
    body = {"lines": [line], "document": {"number": "45/BC-TT", "issued": "2022-03-10"}, "files": [file]}
    sent = gu.post(address, body, key="phieu")
    assert sent.status_code == 200, sent.text
    told = sent.json()
    assert (told["reported"], told["sheet"]["open"]) == (1, 0)
    report = told["sheet"]["lines"][0]["report"]
    assert (report["note"], report["product_date"]) == ("đã công khai", "2022-03-10")
    assert [proof["text"] for proof in report["evidence"]] == ["45/BC-TT", "bao-cao.pdf"]
    recorded = office.history(ROW_3)[-1]
    assert (recorded.kind, recorded.by) == ("report", "gu")
    assert recorded.note == "đã công khai (qua API: liên thông)"
    assert gu.post(address, body, key="phieu").content == sent.content
    again = gu.post(address, body)
    assert (again.status_code, again.json()["code"]) == (409, "sheet_line_told")
    (_, later), *_ = periods(office)[1:]
    assert gu.get(f"/v1/sheets/383%2FKH-SCT/{later}").json()["lines"][0]["before"]["note"] == "đã công khai"


def test_what_is_not_on_the_sheet_is_not_reported(office: Office) -> None:
    gu = Program(office.app, token_of(office, "gu"))
    (occurrence, period), *_ = periods(office)
    address = f"/v1/sheets/383%2FKH-SCT/{period}"
    mine = {"row": 3, "occurrence": occurrence}
    before = office.everything()
    for at, body, status, code in (
        (address, {"lines": [mine, {"row": 1, "occurrence": "2022-09-30"}]}, 404, "sheet_line_unknown"),
        (address, {"lines": []}, 422, "api_invalid"),
        (
            address,
            {"lines": [mine | {"figures": [{"target": 1, "value": "9"}]}]},
            409,
            "figure_target_unknown",
        ),
        (address, {"lines": [mine], "files": ["x"]}, 404, "file_handle_unknown"),
        ("/v1/sheets/383%2FKH-SCT/2022-Q9", {"lines": [mine]}, 404, "period_unknown"),
        (f"/v1/sheets/9%2FKH/{period}", {"lines": [mine]}, 404, "plan_unknown"),
    ):
        told = gu.post(at, body)
        assert (told.status_code, told.json()["code"]) == (status, code), told.text
    nobody = Program(office.app, token_of(office, "cam")).get(address)
    assert (nobody.status_code, nobody.json()["code"]) == (404, "mine_sheet_none")
    reader = Program(office.app, token_of(office, "gu", Scope.READ)).get(address)
    assert (reader.status_code, reader.json()["code"]) == (403, "scope_missing")
    tables = {"api_token", "api_call"}
    left = {name: rows for name, rows in office.everything().items() if name not in tables}
    assert left == {name: rows for name, rows in before.items() if name not in tables}


def test_an_address_of_several_methods_names_them_all(office: Office) -> None:
    gu = Program(office.app, token_of(office, "gu"))
    for method in ("PUT", "DELETE", "OPTIONS"):
        told = gu.ask(method, "/v1/sheets/383%2FKH-SCT/2022-Q1")
        assert (told.status_code, told.headers["allow"]) == (405, "GET, POST")
    assert gu.ask("PUT", "/v1/plans").headers["allow"] == "GET"
