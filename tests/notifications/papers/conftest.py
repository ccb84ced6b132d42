"""A summary to write papers from, and how a paper is read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document

from notifications.papers.summary import write_summary
from tasks_catalog.digest import Changes, DecidedTask, Move, Note, OverdueTask, Summary, SummaryHead
from tasks_catalog.facts import ClosingKind
from tasks_catalog.period import period_by_key
from tasks_catalog.progress import Line
from tasks_catalog.standing import StandingKind

Written = Callable[..., Document]


def counts(*numbers: int) -> dict[StandingKind, int]:
    return dict(zip(StandingKind, numbers, strict=True))


def overdue(row: int, **known: object) -> OverdueTask:
    fresh = OverdueTask(
        id=f"383/KH-SCT/{row}",
        row=row,
        section="I. Cải cách thể chế",
        text=f"Rà soát văn bản lần {row}",
        units=("TT", "VP"),
        deadline="Quý III/2022",
        due=date(2022, 9, 30),
        first_due=date(2022, 9, 30),
        since=date(2022, 9, 30),
        days=75,
    )
    return replace(fresh, **known)  # type: ignore[arg-type]


@pytest.fixture
def head() -> SummaryHead:
    return SummaryHead(
        organisation="Sở Công Thương",
        superior="UBND tỉnh Đồng Nai",
        place="Đồng Nai",
        plan_number="383/KH-SCT",
        plan_name="Kế hoạch cải cách hành chính",
        plan_issued=date(2022, 1, 30),
        unit_names={"VP": "Văn phòng Sở", "TT": "Thanh tra Sở"},
        recipients=("Sở Nội vụ (b/c)", "Các phòng, đơn vị thuộc Sở"),
    )


@pytest.fixture
def summary(head: SummaryHead) -> Summary:
    return Summary(
        head=head,
        period=period_by_key("cchc", "2022-Y"),
        as_of=date(2022, 12, 14),
        done=5,
        total=7,
        counts=counts(3, 1, 1, 1, 1, 0),
        unconfirmed=2,
        in_progress={"waiting_for_authority": 1},
        by_section=(
            Line(key="I. Cải cách thể chế", done=3, total=4, counts=counts(2, 1, 0, 0, 1, 0)),
            Line(key="", done=2, total=3, counts=counts(1, 0, 1, 1, 0, 0)),
        ),
        by_unit=(Line(key="VP", done=4, total=6, counts=counts(3, 1, 0, 1, 1, 0)),),
        overdue=(overdue(3),),
        decided=(
            DecidedTask(
                id="383/KH-SCT/4",
                row=4,
                text="Ban hành quy định",
                kind=ClosingKind.POSTPONED,
                on=date(2022, 6, 1),
                document="12/TB-SCT",
                document_issued=date(2022, 5, 30),
            ),
        ),
        changes=Changes(
            as_of=date(2022, 9, 14),
            done=3,
            total=7,
            counts=counts(2, 1, 0, 4, 0, 0),
            moves=(
                Move(row=3, text="", before=StandingKind.IN_PROGRESS, after=StandingKind.OVERDUE),
                Move(row=4, text="", before=StandingKind.IN_PROGRESS, after=StandingKind.CLOSED),
                Move(row=5, text="", before=StandingKind.IN_PROGRESS, after=StandingKind.DONE_ON_TIME),
            ),
        ),
        notes=(Note(code="count_continuous_to_date", params={"regime": "cchc"}),),
    )


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a summary and read it back."""

    def write(summary: Summary, lang: str = "vi") -> Document:
        path = tmp_path / "bao-cao.docx"
        write_summary(summary, path, lang=lang)
        return docx.Document(str(path))

    return write


def lines_of(paper: Document) -> list[str]:
    """Return the paragraphs outside tables, empty ones left out."""
    return [paragraph.text for paragraph in paper.paragraphs if paragraph.text.strip()]


def table_under(paper: Document, heading: str) -> list[list[str]]:
    """Return the cells of the table whose first heading is ``heading``."""
    for table in paper.tables:
        if table.rows[0].cells[0].text == heading:
            return [[cell.text for cell in row.cells] for row in table.rows]
    raise AssertionError(f"no table begins with {heading!r}")
