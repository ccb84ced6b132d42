"""The papers as LibreOffice lays them out: A4, their words whole, every page with something on it."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.looked_at.cast import SENTENCE
from tests.looked_at.conftest import Quarter
from tests.looked_at.programs import measures_of_times, program

STATE, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


def summary_of(quarter: Quarter) -> bytes:
    return quarter.summary.read_bytes()


def urging_of(quarter: Quarter) -> bytes:
    """Return the first draft that the director's letter carries."""
    data = next(quarter.letters["bach"].raw.iter_attachments()).get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def pdf_of(paper: bytes, folder: Path) -> Path:
    """Have LibreOffice turn a paper into PDF, with a profile of its own: two at once would wait."""
    (folder / "paper.docx").write_bytes(paper)
    subprocess.run(
        [
            program("soffice"),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            folder / "paper.docx",
        ],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return folder / "paper.pdf"


def said_by(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, timeout=30, check=True)
    return unicodedata.normalize("NFC", " ".join(done.stdout.decode().split()))


@pytest.mark.parametrize(
    ("paper_of", "says"),
    [
        pytest.param(summary_of, SENTENCE, id="the summary of the first quarter"),
        pytest.param(urging_of, "nhiệm vụ nêu trên đã quá hạn 21 ngày", id="a draft letter of urging"),
    ],
)
def test_a_paper_is_a4_with_its_head_and_its_words(
    paper_of: Callable[[Quarter], bytes], says: str, quarter: Quarter, tmp_path: Path
) -> None:
    info, text, picture = program("pdfinfo"), program("pdftotext"), program("pdftoppm")
    measures_of_times()
    pdf = pdf_of(paper_of(quarter), tmp_path)
    assert "(A4)" in said_by(info, pdf)
    read = said_by(text, pdf, "-")
    assert STATE in read
    assert MOTTO in read
    assert says in read
    said_by(picture, "-r", "30", "-gray", "-png", pdf, tmp_path / "page")
    pages = sorted(tmp_path.glob("page*.png"))
    assert pages
    for page in pages:
        with Image.open(page) as image:
            assert len(image.getcolors() or ()) > 1, f"{page.name} is blank"
