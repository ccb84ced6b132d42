"""The document beside its reading: every row the account counts, and the reading as it always is."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tasks_catalog.documents import read_plan
from tasks_catalog.documents.beside import read_beside
from tasks_catalog.documents.refusals import NotSupported, TooLarge, YearUnknown
from tasks_catalog.documents.rows import Kind

PLANS = sorted((Path(__file__).parents[2] / "data" / "plans").iterdir())
HEADS = "STT,Nhiệm vụ,Cơ quan chủ trì,Thời hạn"


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.name)
def test_every_row_of_the_account_is_there(path: Path) -> None:
    found = read_beside(path.read_bytes(), path.name)
    counted, kinds = found.read.rows, Counter(row.kind for row in found.rows)
    assert len(found.rows) == counted.total
    assert kinds[Kind.TASK] == counted.tasks
    assert kinds[Kind.HEADING] == counted.sections + counted.groups
    assert kinds[Kind.HEADER] == counted.headers
    assert kinds[Kind.CONTINUATION] == counted.continuations
    assert [row.task for row in found.rows if row.kind is Kind.TASK] == [t.row for t in found.read.tasks]
    assert found.read == read_plan(path, year=found.read.head.year)


def test_a_task_stands_in_its_own_words_under_the_documents_own_headings() -> None:
    data = f"{HEADS}\n1,Rà soát,Thanh tra Sở,Quý III\n".encode()
    found = read_beside(data, "ke-hoach.csv", issued=date(2022, 1, 4))
    assert [row.cells for row in found.rows if row.kind is Kind.TASK] == [
        (("STT", "1"), ("Nhiệm vụ", "Rà soát"), ("Cơ quan chủ trì", "Thanh tra Sở"), ("Thời hạn", "Quý III"))
    ]


@pytest.mark.parametrize(
    ("deadline", "year", "issued", "expected"),
    [
        pytest.param("15/11/2022", 2023, None, (2023, False), id="as said"),
        pytest.param("15/11/2022", None, date(2021, 12, 30), (2021, False), id="that of its issue"),
        pytest.param("15/11/2022", None, None, (2022, True), id="that of its deadlines, to be looked at"),
        pytest.param("Quý III", None, date(2022, 1, 4), (2022, False), id="nothing else names one"),
    ],
)
def test_the_year_is_that_of_the_command_line(
    deadline: str, year: int | None, issued: date | None, expected: tuple[int, bool]
) -> None:
    data = f"{HEADS}\n1,Rà soát,Thanh tra Sở,{deadline}\n".encode()
    found = read_beside(data, "ke-hoach.csv", year=year, issued=issued)
    assert (found.read.head.year, found.year_assumed) == expected


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(YearUnknown):
        read_beside(f"{HEADS}\n1,Rà soát,Thanh tra Sở,Quý III\n".encode(), "ke-hoach.csv")
    with pytest.raises(NotSupported):
        read_beside(b"", "ke-hoach.csv")
    with pytest.raises(TooLarge):
        read_beside(bytes(50 * 1024 * 1024 + 1), "ke-hoach.csv")
