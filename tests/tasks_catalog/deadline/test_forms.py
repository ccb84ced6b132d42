"""A deadline as JSON, as canonical words, and as the question it raises."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tasks_catalog.deadline import DeadlineNotRestored, as_json, canonical, doubt_of, from_json, read_deadline

WORDING = Path(__file__).parents[3] / "notifications" / "wording" / "deadline.toml"


def test_json_has_the_shape_of_the_design() -> None:
    read = read_deadline("Thường xuyên; trước ngày 15/11/2025", year=2025)
    by = {
        "text": "trước ngày 15/11/2025",
        "kind": "by",
        "dates": [{"from": None, "to": "2025-11-15"}],
        "recurrence": None,
        "condition": None,
        "parts": [],
    }
    values = as_json(read)
    assert list(values) == ["text", "kind", "dates", "recurrence", "condition", "parts"]
    assert (values["kind"], values["dates"]) == ("compound", [])
    assert values["parts"] == [as_json(read_deadline("Thường xuyên", year=2025)), by]


@pytest.mark.parametrize(
    "values",
    [{}, {"text": ""}, as_json(read_deadline("2025", year=2025)) | {"kind": "soon"},
     as_json(read_deadline("2025", year=2025)) | {"dates": [{"from": "x", "to": None}]},
     as_json(read_deadline("2025", year=2025)) | {"parts": "none"}],
)  # fmt: skip
def test_anything_else_is_not_restored(values: dict[str, object]) -> None:
    with pytest.raises(DeadlineNotRestored, match="deadline_not_restored"):
        from_json(values)


@pytest.mark.parametrize(
    ("words", "plainly"),
    [
        ("trong tháng 11 năm 2025", "Tháng 11/2025"),
        ("quý 3/2021", "Quý III/2021"),
        ("6 tháng đầu năm 2025", "6 tháng đầu năm 2025"),
        ("2025 - 2030", "Giai đoạn 2025-2030"),
        ("01-15/6/2025", "Từ ngày 01/06/2025 đến ngày 15/06/2025"),
        ("trước ngày 15/11", "Trước ngày 15/11/2025"),
        ("trước ngày 15/6 và 15/12 hàng năm", "Trước ngày 15/6, 15/12 hằng năm"),
        ("thứ 2, thứ 5 hàng tuần", "Thứ Hai, thứ Năm hằng tuần"),
        ("Thực hiện thường xuyên, liên tục", "Thường xuyên"),
        ("Quý II, III", "Quý II/2025; Quý III/2025"),
    ],
)
def test_canonical_words(words: str, plainly: str) -> None:
    assert canonical(read_deadline(words, year=2025)) == plainly


@pytest.mark.parametrize(
    ("words", "code", "proposals"),
    [
        pytest.param("", "deadline_missing", None, id="an empty cell asks for a deadline"),
        pytest.param("Quý V", "deadline_unclear", None, id="without a proposal the words are quoted"),
        pytest.param("Tháng 15/11/2022", "deadline_unclear_proposed", "15/11/2022", id="a day is proposed"),
        pytest.param(
            "Tháng Quý IV/2022", "deadline_unclear_proposed", "01/10/2022–31/12/2022", id="a span is"
        ),
    ],
)
def test_unclear_words_raise_a_question(words: str, code: str, proposals: str | None) -> None:
    problem = doubt_of(read_deadline(words, year=2025))
    assert problem is not None
    assert (problem.code, problem.params.get("proposals")) == (code, proposals)
    sentences = tomllib.loads(WORDING.read_text(encoding="utf-8"))[code]
    assert all(words in sentences[language].format(**problem.params) for language in ("vi", "en"))


def test_clear_words_raise_none() -> None:
    assert doubt_of(read_deadline("Thường xuyên", year=2025)) is None
