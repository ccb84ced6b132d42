"""The pictures of docs/board.md: there, light, and shown. ``--renew-pictures`` takes them anew.

They show the department of 2022 at a fixed moment. No test compares them point by point: fonts differ from
machine to machine.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.cast import Office
from tests.browser.eyes import DESK, TELEPHONE
from tests.browser.pages import EVERY

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
PICTURED = (
    "front",
    "plan",
    "decisions",
    "list",
    "task",
    "to-accept",
    "calendar",
    "timeline",
    "burnup",
    "brief",
    "import-doubtful",
    "sheet",
    "answers",
    "outbox",
    "mine",
    "mine-sheet",
    "link-report",
    "settings",
    "settings-plan",
    "settings-chains",
    "sign-in",
)
TALLEST = {DESK: 1500, TELEPHONE: 1100}
MOST_BYTES = 150_000
COLOURS = 96


@pytest.fixture
def renew(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--renew-pictures"))


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
@pytest.mark.parametrize("name", PICTURED)
def test_a_page_has_its_picture(name: str, width: int, renew: bool, request: pytest.FixtureRequest) -> None:
    file = FOLDER / f"{name}-{width}.png"
    if renew:
        _take(name, width, file, request.getfixturevalue("year"), request.getfixturevalue("open_page"))
    assert file.stat().st_size < MOST_BYTES
    with Image.open(file) as picture:
        assert picture.width == width
        assert 300 < picture.height <= TALLEST[width]
        colours = picture.convert("RGB").getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 10, "a page with words on it has more colours"


def _take(name: str, width: int, file: Path, year: Office, open_page: Callable[..., Page]) -> None:
    (found,) = [page for page in EVERY if page.name == name]
    page = open_page(found.url(year), width=width)
    tall = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST[width])
    page.set_viewport_size({"width": width, "height": tall})
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        few = picture.convert("RGB").quantize(
            COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
        )
    FOLDER.mkdir(exist_ok=True)
    few.save(file, optimize=True)


def test_every_picture_is_shown_and_none_besides() -> None:
    shown = set(re.findall(r"\(pictures/([^)]+)\)", (ROOT / "docs" / "board.md").read_text(encoding="utf-8")))
    assert shown == {f"{name}-{width}.png" for name in PICTURED for width in (DESK, TELEPHONE)}
    assert shown == {file.name for file in FOLDER.iterdir()}
