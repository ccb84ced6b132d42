"""The script of the demonstration: who reports when, what is decided, and which plans are played.

Everything here is invented except the two plans' rows. The 2022 appendix is the department's own; its
number and day of issue are not known and are assumed. The plan 383/KH-SCT of 30/01/2023 exists, its
appendix is not public: its 54 tasks are rebuilt from 54 of the 57 rows of 2022 with the years moved on.
Documents cited as grounds are assumed ("giả định") and say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tasks_catalog.facts import ClosingKind, Document

FOLDER = Path(__file__).parent
COORDINATOR = "truc"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing a person does about one task on a working day. ``unit`` None means the only owner."""

    day: date
    task: int
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reports(Act):
    """A unit reports its share done, with the product's number."""

    product: str


@dataclass(frozen=True, kw_only=True)
class Returns(Act):
    """The coordinator returns a report."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Acknowledges(Act):
    """A unit says it is on it, and by when."""

    expected: date


@dataclass(frozen=True, kw_only=True)
class AsksExtension(Act):
    """A unit asks for more time."""

    to: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class GrantsExtension(Act):
    """The director grants it."""

    document: Document


@dataclass(frozen=True, kw_only=True)
class Triggers(Act):
    """A condition arose."""

    due: date
    document: Document


@dataclass(frozen=True, kw_only=True)
class Closes(Act):
    """A task is closed by decision."""

    closing: ClosingKind
    document: Document


@dataclass(frozen=True, kw_only=True)
class Script:
    """One plan's year."""

    number: str
    issued: date
    year: int
    file: Path
    label: str
    activated: date
    until: date
    """The last day walked."""
    settled: tuple[int, ...]
    """Rows whose proposed reading is confirmed before the plan starts."""
    sheet_days: Mapping[str, tuple[int, ...]]
    """Unit -> for each period in turn, the working days after (or before) its cut-off it sends the sheet."""
    acts: tuple[Act, ...]
    title: str = ""
    shown: tuple[date, ...] = ()
    """Days whose tally the closing table shows."""


def _paper(number: str, issued: date) -> Document:
    return Document(number=f"{number} (giả định)", issued=issued)


def _all_units(task: int, days: Mapping[str, date], product: str) -> tuple[Reports, ...]:
    return tuple(Reports(day=day, task=task, unit=unit, product=product) for unit, day in days.items())


YEAR_2022 = Script(
    number="2022/KH-SCT",
    issued=date(2022, 1, 14),
    year=2022,
    file=FOLDER / "cchc-2022.docx",
    label="số và ngày ban hành giả định",
    activated=date(2022, 1, 17),
    until=date(2023, 1, 6),
    settled=(3, 55),
    # Most on time; four units late once, one of them long enough to reach the coordinator.
    sheet_days={
        "BGD": (-1, -1, -1, -1),
        "VP": (-3, -3, -2, -3),
        "TT": (-2, -1, 0, -2),
        "KHTCTH": (-1, 1, -1, -1),
        "QLTM": (0, 4, -1, -2),
        "QLCN": (-4, -3, -4, -5),
        "KTQLNL": (2, -2, -1, -1),
        "KCTVPTCN": (-1, -1, 1, -1),
        "XTTM": (-2, -2, -2, -2),
    },
    acts=(
        Reports(day=date(2022, 1, 26), task=54, unit="VP", product="01/KH-VP (giả định)"),
        Reports(day=date(2022, 1, 28), task=54, unit="TT", product="01/KH-TT (giả định)"),
        Reports(day=date(2022, 2, 9), task=54, unit="KHTCTH", product="01/KH-KHTCTH (giả định)"),
        Triggers(
            day=date(2022, 5, 10),
            task=18,
            due=date(2022, 6, 30),
            document=_paper("101/UBND-HCC", date(2022, 5, 6)),
        ),
        Reports(day=date(2022, 6, 27), task=18, unit="TT", product="Tài liệu tập huấn"),
        *_all_units(
            11,
            {
                "VP": date(2022, 9, 16),
                "TT": date(2022, 9, 19),
                "KHTCTH": date(2022, 9, 23),
                "QLTM": date(2022, 9, 28),
                "QLCN": date(2022, 9, 20),
                "KTQLNL": date(2022, 10, 6),
                "KCTVPTCN": date(2022, 9, 29),
                "XTTM": date(2022, 9, 21),
            },
            "Kế hoạch rà soát",
        ),
        Returns(day=date(2022, 9, 21), task=11, unit="QLCN", reason="Thiếu phương án đơn giản hóa"),
        Reports(day=date(2022, 9, 29), task=11, unit="QLCN", product="Kế hoạch và phương án"),
        Closes(
            day=date(2022, 9, 26),
            task=44,
            closing=ClosingKind.POSTPONED,
            document=_paper("102/UBND-KT", date(2022, 9, 22)),
        ),
        AsksExtension(
            day=date(2022, 11, 8),
            task=1,
            to=date(2022, 12, 15),
            reason="Chờ ý kiến thẩm định của Sở Tư pháp",
        ),
        GrantsExtension(day=date(2022, 11, 10), task=1, document=_paper("103/SCT-VP", date(2022, 11, 10))),
        Reports(day=date(2022, 11, 11), task=3, unit="TT", product="Báo cáo rà soát"),
        # Tasks 2 and 48 are never reported: the ladder runs up to the director.
        Acknowledges(day=date(2022, 11, 17), task=2, expected=date(2022, 11, 30)),
        Reports(day=date(2022, 12, 14), task=1, unit="QLTM", product="Dự thảo Quyết định"),
        Reports(day=date(2022, 12, 28), task=55, unit="VP", product="Báo cáo tự đánh giá"),
    ),
    shown=(date(2022, 12, 31),),
)

_AGREED = _paper("201/UBND-HCC", date(2023, 6, 20))
YEAR_2023 = Script(
    number="383/KH-SCT",
    issued=date(2023, 1, 30),
    year=2023,
    file=FOLDER / "383-kh-sct-2023-dung-lai.csv",
    label="bản dựng lại từ phụ lục năm 2022",
    title="Kế hoạch cải cách hành chính năm 2023 của Sở Công Thương",
    activated=date(2023, 1, 30),
    until=date(2023, 11, 9),
    settled=(3, 52),
    sheet_days={
        "BGD": (-1, -1, -1),
        "VP": (-3, -3, -2),
        "TT": (-2, -1, 0),
        "KHTCTH": (-1, 1, -1),
        "QLTM": (0, 2, -1),
        "QLCN": (-4, -3, -4),
        "KTQLNL": (-1, -2, -1),
        "KCTVPTCN": (-1, -1, 1),
        "XTTM": (-2, -2, -2),
    },
    acts=(
        Reports(day=date(2023, 1, 31), task=51, unit="VP", product="11/KH-VP (giả định)"),
        Reports(day=date(2023, 1, 31), task=51, unit="TT", product="11/KH-TT (giả định)"),
        Reports(day=date(2023, 2, 2), task=51, unit="KHTCTH", product="11/KH-KHTCTH (giả định)"),
        *(
            Triggers(day=date(2023, 6, 22), task=task, due=date(2023, 9, 29), document=_AGREED)
            for task in (18, 20, 27, 31, 46)
        ),
        *(
            Reports(day=date(2023, 9, 20), task=task, unit=unit, product="Sản phẩm theo kế hoạch")
            for task, unit in ((18, "TT"), (20, "TT"), (27, "TT"), (31, "VP"), (46, "KHTCTH"))
        ),
        *_all_units(
            11,
            {
                unit: date(2023, 9, 25)
                for unit in ("VP", "TT", "KHTCTH", "QLTM", "QLCN", "KTQLNL", "KCTVPTCN", "XTTM")
            },
            "Kế hoạch rà soát",
        ),
        *(
            Closes(
                day=date(2023, 10, 12),
                task=task,
                closing=ClosingKind.POSTPONED,
                document=_paper("202/UBND-KT", date(2023, 10, 10)),
            )
            for task in (30, 41)
        ),
        Reports(day=date(2023, 10, 30), task=45, unit="KHTCTH", product="Danh mục dùng chung"),
        Reports(day=date(2023, 11, 6), task=1, unit="QLTM", product="Quyết định"),
        Reports(day=date(2023, 11, 8), task=3, unit="TT", product="Báo cáo rà soát"),
        # Tasks 2 (by 15/11) and 52 (quarter IV) are still under way on 09/11/2023: 52 of 54 are done.
    ),
    shown=(date(2023, 11, 9),),
)
SCRIPTS = (YEAR_2022, YEAR_2023)
