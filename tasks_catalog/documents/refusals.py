"""The documents that are refused, each named for what was found, and the limits they are held to."""

from __future__ import annotations

import struct
import zipfile
import zlib

from tasks_catalog.problem import Refused

PACKAGE_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
)
"""What unpacking a broken .docx or .xlsx raises; RuntimeError: a part is locked or oddly packed."""

MAX_BYTES = 50 * 1024 * 1024
"""Size of the file itself; official mail carries 20-30 MB at most."""
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
"""Sum of the unpacked parts of a .docx or .xlsx: a small file may unpack to gigabytes."""
MAX_PARTS = 5_000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_PAGES = 300
MAX_TAGS = 4_000_000
"""Elements of one part of a .docx, or of a whole .xlsx; 20,000 rows of a plan have about three million."""
MAX_PDF_TEXT_BYTES = 64 * 1024 * 1024
"""Unpacked streams of a PDF without its pictures; 300 pages of text and their fonts have 10 to 20 MB."""
MAX_PDF_LETTERS = 1_000_000
"""Letters of a whole PDF; 300 pages of plans have 600,000."""
MAX_PAGE_LETTERS = 50_000
"""Letters drawn on one page; a dense one has 6,000."""
MAX_PAGE_BYTES = 4 * 1024 * 1024
"""Drawing instructions of one page; a dense table has 200,000 bytes."""
MAX_CROSSINGS = 20_000
"""Places where the rules of one page may cross; a table of 60 rows and 12 columns has 800."""
MAX_CELL = 200_000
"""Letters in one cell; the longest cell known has 3,000, and Excel keeps 32,767."""
MAX_RULES = 20_000
"""Lines and boxes drawn on one page; a dense table has a few hundred."""
MAX_MERGED_CELLS = 2_000_000
"""Cells covered by the merged ranges of a workbook; each costs memory, whatever it holds."""
MAX_MERGED_RANGES = 100_000
"""Merged ranges of a workbook; 20,000 rows of a plan with five merged cells each have as many."""


MAX_CONVERSION_SECONDS = 90
"""What LibreOffice may take for one document; a plan of 60 rows takes 3 to 5."""


class FileNotThere(Refused):
    """There is no such file."""


class NotSupported(Refused):
    """The file's content is of no type that is read, or not what its name says."""


class ConverterMissing(Refused):
    """The file needs LibreOffice to be read, and there is none."""


class Damaged(Refused):
    """The file has the right type and cannot be read."""


class PasswordProtected(Refused):
    """The file opens only with a password."""


class TooLarge(Refused):
    """The file exceeds one of the limits of this module."""


class NotAPlan(Refused):
    """No table of tasks with a deadline column was found."""


class SecretDocument(Refused):
    """The document bears a mark of state secrecy (Luật Bảo vệ bí mật nhà nước 2018, Điều 8)."""


class YearUnknown(Refused):
    """Neither the caller, nor the document's head, nor its deadlines name a year."""
