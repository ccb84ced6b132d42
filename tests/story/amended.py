"""The plan of 2022 as an amendment leaves it: one date moved, one product altered, one row out, one in."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import docx

PLANS = Path(__file__).parents[1] / "data" / "plans"
MOVED, ALTERED, DROPPED = 1, 2, 48
NEW_TEXT = "Tổ chức đối thoại với doanh nghiệp về thủ tục hành chính ngành công thương"
_STT, _, _TASK, _PRODUCT, _LEAD, _COOPERATING, _DEADLINE = range(7)


def amended_plan(folder: Path) -> Path:
    """Write the amended document, its last section numbered anew, and return its path."""
    document = docx.Document(str(PLANS / "cchc-2022.docx"))
    (table,) = document.tables
    by_text = {row.cells[_TASK].text.split("\n")[0]: row for row in table.rows}
    for start, column, words in (
        ("Quy định đấu thầu", _DEADLINE, "Trước 15/12/2022"),
        ("Định mức hỗ trợ", _PRODUCT, "Nghị quyết của HĐND tỉnh"),
    ):
        row = next(row for text, row in by_text.items() if text.startswith(start))
        row.cells[column].text = words
    dropped = next(
        row for text, row in by_text.items() if text.startswith("Thực hiện quy định về quy chế kết nối")
    )
    dropped._tr.getparent().remove(dropped._tr)
    first = next(row for text, row in by_text.items() if text.startswith("Ban hành các Kế hoạch năm 2022"))
    first._tr.addprevious(deepcopy(first._tr))
    last_section = table.rows[-5:]
    for column, words in (
        (_TASK, NEW_TEXT),
        (_PRODUCT, "Biên bản đối thoại"),
        (_LEAD, "Văn phòng Sở"),
        (_COOPERATING, "Thanh tra Sở"),
        (_DEADLINE, "Trước 30/11/2022"),
    ):
        last_section[0].cells[column].text = words
    for number, row in enumerate(last_section, start=1):
        row.cells[_STT].text = str(number)
    path = folder / "ke-hoach-sua-doi.docx"
    document.save(str(path))
    return path
