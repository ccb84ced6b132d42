"""Chromium as a reader's eyes: a page at a desk and on a telephone, its picture, and what it fetched.

A window of Chromium is never narrower than 500 px, so each width is a frame of a page of our own, which
measures what stands in it.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from PIL import Image

from tests.looked_at.programs import program

TELEPHONE, DESK = 390, 1200
_TALL = 4000
"""Pixels of a picture; a page may go on below, where only its width is measured."""
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--allow-file-access-from-files",  # the page with the frames may measure a letter's file
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nor does the browser itself go out
)
_OF_THE_BROWSER = "not an origin"
_FRAMES = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><style>
body {{ margin: 0; display: flex }} iframe {{ border: 0; flex: none; height: {tall}px }}
</style></head><body>
<iframe src="{source}" style="width: {telephone}px"></iframe>
<iframe src="{source}" style="width: {desk}px"></iframe>
<output hidden></output><script>
addEventListener("load", () => {{
  const frames = [...document.querySelectorAll("iframe")];
  const pages = frames.map((frame) => frame.contentDocument.documentElement);
  const told = pages.map((page) => [page.scrollWidth, page.innerText, page.outerHTML]);
  document.querySelector("output").textContent = JSON.stringify(told);
}});
</script></body></html>
"""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A page at one width; ``text`` is what can be read (hidden text left out), on one line."""

    width: int
    scroll_width: int
    """How wide the page wants to be."""
    text: str
    html: str
    picture: Image.Image

    def colours(self, left: int = 0) -> set[object]:
        """Return the colours from column ``left`` to the right edge."""
        found = self.picture.crop((left, 0, *self.picture.size)).getcolors(1 << 24)
        assert found is not None
        return {colour for _, colour in found}

    def margin(self, columns: int) -> set[object]:
        """Return the colours of the columns at the right edge, from top to bottom."""
        return self.colours(self.width - columns)


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One page seen at both widths; ``fetched`` are the addresses that pages asked for."""

    telephone: Seen
    desk: Seen
    fetched: tuple[str, ...]


def frames_of(source: str) -> str:
    """Return a page with ``source`` in two frames, as wide as a telephone and as a desk's screen."""
    return _FRAMES.format(source=source, telephone=TELEPHONE, desk=DESK, tall=_TALL)


def look(url: str, folder: Path) -> Sight:
    """Look at a page made by ``frames_of`` in a browser never used before; skips where there is none."""
    picture, log = folder / "picture.png", folder / "network.json"
    done = subprocess.run(
        [
            program("chromium", "chromium-browser"),
            *_FLAGS,
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={TELEPHONE + DESK},{_TALL}",
            f"--log-net-log={log}",
            f"--screenshot={picture}",
            "--dump-dom",
            url,
        ],
        capture_output=True,
        timeout=60,
        check=True,
    )
    telephone, desk = json.loads(_output_of(done.stdout.decode()))
    with Image.open(picture) as image:
        shown = image.convert("RGB")
    return Sight(
        telephone=_seen(telephone, shown.crop((0, 0, TELEPHONE, _TALL))),
        desk=_seen(desk, shown.crop((TELEPHONE, 0, TELEPHONE + DESK, _TALL))),
        fetched=tuple(_fetched(log)),
    )


def _seen(told: tuple[int, str, str], picture: Image.Image) -> Seen:
    scroll_width, text, html = told
    return Seen(
        width=picture.width,
        scroll_width=scroll_width,
        text=" ".join(text.split()),
        html=html,
        picture=picture,
    )


def _fetched(log: Path) -> Iterator[str]:
    """Yield what pages asked for; what the browser asks for of its own accord has no origin."""
    known = json.loads(log.read_text(encoding="utf-8"))
    start = known["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    for event in known["events"]:
        if event["type"] == start and event.get("params", {}).get("initiator") not in (None, _OF_THE_BROWSER):
            yield event["params"]["url"]


class _Reading(HTMLParser):
    """Collects what a page's <output> says, and whatever names something outside the page."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = ""
        self.output = ""
        self.references: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        for name, value in attrs:
            named = name in ("src", "srcset", "href", "action", "data", "poster", "background")
            if named or (name == "style" and "url(" in (value or "")):
                self.references.append((tag, name, value or ""))

    def handle_data(self, data: str) -> None:
        if self.inside == "output":
            self.output += data


def _read(html: str) -> _Reading:
    reading = _Reading()
    reading.feed(html)
    reading.close()
    return reading


def _output_of(html: str) -> str:
    return _read(html).output


def references(html: str) -> list[tuple[str, str, str]]:
    """Return (element, attribute, value) for everything of a page that names something outside it."""
    return _read(html).references
