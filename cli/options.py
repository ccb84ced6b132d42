"""Options that several commands share, and how a help text says a thing in both languages."""

from __future__ import annotations

from typing import Annotated

import typer


def both(vi: str, en: str) -> str:
    """Return a help text: Vietnamese, then English; help is printed before a language is chosen."""
    return f"{vi} · {en}"


_PAPER = both("Văn bản làm căn cứ, ví dụ “123/SCT-VP 04/05/2022”", "the document it rests on")

Json = Annotated[bool, typer.Option("--json", help=both("In ra JSON", "print JSON"))]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help=both("Làm như vào ngày (giờ) này; chỉ đơn vị mô phỏng", "act as of this day; simulated only"),
    ),
]
ReadAsOf = Annotated[
    str | None,
    typer.Option("--as-of", help=both("Xem đến hết ngày này, ví dụ 2022-11-15", "look as of this day")),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        help=both("Mã người quyết định; mặc định là đầu mối CCHC", "who decides; else the coordinator"),
    ),
]
Paper = Annotated[str | None, typer.Option("--document", help=_PAPER)]
PaperNeeded = Annotated[str, typer.Option("--document", help=_PAPER)]
Note = Annotated[str, typer.Option("--note", help=both("Ghi chú hoặc lý do", "a note or the reason"))]
Year = Annotated[
    int | None,
    typer.Option("--year", min=1990, max=2100, help=both("Năm của kế hoạch", "the plan's year")),
]
PlanNumber = Annotated[
    str,
    typer.Argument(metavar="NUMBER", help=both("Số kế hoạch, ví dụ 383/KH-SCT", "the plan's number")),
]
TaskId = Annotated[
    str,
    typer.Argument(metavar="TASK", help=both("Mã nhiệm vụ, ví dụ 383/KH-SCT/12", "plan's number and row")),
]
Unit = Annotated[
    str | None,
    typer.Option(
        "--unit", help=both("Đơn vị, nếu nhiệm vụ có nhiều đơn vị", "the unit, where there are several")
    ),
]
PersonCode = Annotated[
    str,
    typer.Argument(metavar="CODE", help=both("Mã người, xem “dondoc people list”", "the person's code")),
]
