"""The directory as a workbook that ``dondoc units import`` takes back."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import IO, cast

from board.exports import XLSX, Exported, text_cell
from board.view import View
from tasks_catalog.documents.directory_rows import WIDTHS, directory_rows


def directory_xlsx(view: View) -> Exported:
    """Write everybody and every unit; text stays text whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook(write_only=True)
    sheet = cast(Worksheet, book.create_sheet(view.say("directory_file")[:31]))
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    for row in directory_rows(view.directory):
        sheet.append([text_cell(sheet, words) for words in row])
    file = cast("IO[bytes]", TemporaryFile())  # noqa: SIM115  # closed by whoever sends it
    book.save(file)
    file.seek(0)
    name = f"{view.say('directory_file')} {view.now.date().isoformat()}.xlsx"
    return Exported(file=file, name=name, media_type=XLSX)
