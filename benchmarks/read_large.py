"""How long and how much memory large documents take to read, each in a process of its own.

Prints a table and fails where a limit is passed: 10,000 rows of .xlsx in 15 s and 500 MB, 60 rows of
.docx in 2 s.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks_catalog.documents import read_plan
from tasks_catalog.problem import Refused

HEADING = ("STT", "Mục tiêu", "Nhiệm vụ", "Sản phẩm", "Chủ trì", "Phối hợp", "Thời hạn")
KIB_IN_MB = 1024


@dataclass(frozen=True, kw_only=True)
class Case:
    """One document to be made and read, with its limits in seconds and MB."""

    suffix: str
    rows: int
    seconds: float
    megabytes: int


CASES = (
    Case(suffix=".docx", rows=60, seconds=2, megabytes=200),
    Case(suffix=".xlsx", rows=60, seconds=2, megabytes=200),
    Case(suffix=".docx", rows=2_000, seconds=15, megabytes=500),
    Case(suffix=".xlsx", rows=10_000, seconds=15, megabytes=500),
    Case(suffix=".xlsx", rows=100_000, seconds=30, megabytes=900),
)


def row(number: int) -> tuple[str, ...]:
    """One task: every fifth repeats its wording, deadlines are of all usual kinds."""
    deadlines = (
        "Thường xuyên",
        f"Quý {('I', 'II', 'III', 'IV')[number % 4]}/2025",
        "15/11/2025",
        "Tháng 6/2025",
    )
    return (
        str(number),
        "100% hồ sơ đúng hạn",
        f"Rà soát, đơn giản hóa thủ tục hành chính lĩnh vực số {number} thuộc phạm vi quản lý của Sở",
        "Báo cáo; Quyết định",
        "Văn phòng Sở",
        "Các phòng, đơn vị thuộc Sở; Thanh tra Sở",
        deadlines[number % len(deadlines)],
    )


def write(path: Path, rows: int) -> None:
    if path.suffix == ".xlsx":
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Phụ lục")
        for cells in (("KẾ HOẠCH NĂM 2025",), HEADING, *map(row, range(1, rows + 1))):
            sheet.append(list(cells))
        book.save(path)
        return
    import docx

    document = docx.Document()
    table = document.add_table(rows=rows + 1, cols=len(HEADING))
    for printed, cells in zip(table.rows, (HEADING, *map(row, range(1, rows + 1))), strict=True):
        for cell, words in zip(printed.cells, cells, strict=True):
            cell.text = words
    document.save(str(path))


def read_here(path: Path) -> None:
    """Read the document in this process and print tasks (or the refusal), seconds and MB."""
    begun = time.perf_counter()
    try:
        outcome = str(len(read_plan(path, year=2025).tasks))
    except Refused as refused:
        outcome = refused.code
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_IN_MB
    print(f"{outcome} {seconds:.2f} {peak:.0f}")


def measured(path: Path) -> tuple[str, float, int]:
    command = [sys.executable, "-m", "benchmarks.read_large", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)  # noqa: S603  # ours
    outcome, seconds, megabytes = done.stdout.split()
    return outcome, float(seconds), int(megabytes)


def main() -> int:
    """Print the table and return 1 where a limit was passed."""
    print("| document | rows | read as | seconds | limit | MB | limit |")
    print("|---|---:|---|---:|---:|---:|---:|")
    passed = True
    with TemporaryDirectory() as folder:
        for case in CASES:
            path = Path(folder, f"plan-{case.rows}{case.suffix}")
            write(path, case.rows)
            outcome, seconds, megabytes = measured(path)
            passed = passed and seconds <= case.seconds and megabytes <= case.megabytes
            print(
                f"| {case.suffix} | {case.rows:,} | {outcome} | {seconds:.2f} | {case.seconds:g}"
                f" | {megabytes} | {case.megabytes} |"
            )
    return 0 if passed else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read_here(Path(sys.argv[1]))
        sys.exit(0)
    sys.exit(main())
