"""The printed form: the shape that ``plan read --json`` promises."""

from __future__ import annotations

import json
from pathlib import Path

from notifications.wording import problem_sentence
from tasks_catalog.documents import read_plan
from tasks_catalog.documents.as_json import as_json

PLANS = Path(__file__).parents[2] / "data" / "plans"


def test_the_printed_form_has_the_promised_keys() -> None:
    printed = json.loads(json.dumps(as_json(read_plan(PLANS / "cchc-2022.docx"), problem_sentence)))
    assert set(printed) == {"plan", "items", "rows", "problems"}
    assert set(printed["plan"]) == {"number", "issued", "issuer", "title", "year"}
    item = printed["items"][0]
    assert set(item) == {
        *("row", "section", "group", "stt", "objective", "task", "product", "lead", "cooperating"),
        *("targets", "deadline", "extra", "problems"),
    }
    assert item["lead"] == {"text": "Phòng Quản lý thương mại", "units": ["Phòng Quản lý thương mại"]}
    assert item["deadline"]["text"] == "Trước 15/11/2022"
    rows = printed["rows"]
    assert rows.pop("total") == sum(rows.values()) == 73


def test_a_question_says_where_it_stands_and_quotes_the_words() -> None:
    printed = as_json(read_plan(PLANS / "cchc-2022.docx"), problem_sentence)
    (problem,) = printed["items"][2]["problems"]
    assert problem["where"] == "bảng 1, dòng 6, cột Thời gian hoàn thành"
    assert "“Tháng 15/11/2022”" in problem["message"]
