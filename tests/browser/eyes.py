"""What a browser makes of a page: its complaints, what axe finds, what the keyboard reaches, what is cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Self, TypedDict
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

DESK, TELEPHONE, NARROWEST = 1280, 360, 320
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_PATIENCE = 15_000
"""Milliseconds."""
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nor does the browser itself go out
)


@dataclass(kw_only=True)
class Watched:
    """A page and what was heard of it: errors of its own, requests to anybody else."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        # Chromium notes a page answered with a refusal as an error; that it was one is for the test to say.
        refusal = (
            message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        )
        if message.type in ("error", "warning") and not refusal:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def follow(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.home).netloc:
            self.complaints.append(f"{self.page.url} asks elsewhere: {request.url}")

    def fail(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a download is no page
            self.complaints.append(f"{request.url}: {request.failure}")


class Chromium:
    """Debian's Chromium, driven by Playwright, which fetches no browser of its own."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        playwright = self._stack.enter_context(sync_playwright())
        launched = playwright.chromium.launch(executable_path=self._program, args=list(_FLAGS))
        self._browser: Browser = launched
        self._stack.callback(launched.close)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextmanager
    def watched(
        self,
        url: str,
        *,
        width: int = DESK,
        height: int = 900,
        scripts: bool = False,
        go: bool = True,
        **how: Any,
    ) -> Iterator[Watched]:
        """Open a page in a profile never used before; ``how`` goes to Playwright's new_context.

        Without ``go`` it is empty yet, for a test that listens while it goes.
        """
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, locale="vi-VN", **how
        )
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        found = Watched(page=page, home=url)
        page.on("console", found.hear)
        page.on("request", found.follow)
        page.on("requestfailed", found.fail)
        page.on("pageerror", lambda error: found.complaints.append(f"{page.url}: {error}"))
        try:
            if go:
                page.goto(url)
            yield found
        finally:
            context.close()


def axe(page: Page) -> list[str]:
    """Return what axe finds against a page, each with the rule and the element; the page must run scripts."""
    found = Axe().run(page, options={"runOnly": list(RULES), "resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """Return what reaches beyond the right edge, innermost; tables that scroll by themselves may."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


def cut(page: Page) -> list[str]:
    """Return the elements whose words do not fit them."""
    found: list[str] = page.evaluate(_CUT)
    return found


class Stop(TypedDict):
    """One stop of the Tab key."""

    index: int
    html: str
    outline: float
    seen: bool


def restyle(page: Page, rules: str) -> None:
    """Add a reader's own style; the page must have been opened with ``bypass_csp=True``."""
    page.evaluate(_RESTYLE, rules)


def tab_through(page: Page, most: int = 600) -> list[Stop]:
    """Press Tab until the focus leaves the page; return where it stopped, each place once."""
    stops: dict[int, Stop] = {}
    for _ in range(most):
        page.keyboard.press("Tab")
        stop: Stop | None = page.evaluate(_FOCUSED)
        if stop is None:
            return list(stops.values())
        stops.setdefault(stop["index"], stop)
    raise AssertionError(f"the focus never leaves the page: {list(stops.values())[-3:]}")


def reachable(page: Page) -> list[str]:
    """Return what a keyboard must reach, in the page's order; of radio buttons of one name, one.

    To be called before ``tab_through``, which counts by this list.
    """
    found: list[str] = page.evaluate(_SET_STOPS)
    return found


_RESTYLE = """(rules) => {
  const style = document.createElement("style"); style.textContent = rules; document.head.append(style);
}"""
_SET_STOPS = """() => {
  const seen = (e) => e.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
  const fields = "button:not([aria-hidden='true']), input:not([type=hidden]), select, textarea";
  const every = `a[href], ${fields}, summary, [tabindex='0']`;
  const ticked = (name) => document.querySelector(`input[name="${name}"]:checked`);
  const names = new Set();
  window.stops = [...document.querySelectorAll(every)].filter((e) => {
    if (!seen(e) || e.disabled) return false;
    if (e.type !== "radio") return true;
    const first = !names.has(e.name);
    names.add(e.name);
    return e.checked || (first && !ticked(e.name));
  });
  return window.stops.map((e) => e.outerHTML.slice(0, 120));
}"""
_FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const drawn = style.outlineStyle !== "none" ? parseFloat(style.outlineWidth) : 0;
  return { index: window.stops.indexOf(e), html: e.outerHTML.slice(0, 120), outline: drawn,
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };
}"""
_TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")].filter((e) =>
    e.getBoundingClientRect().right > edge + 1 && !e.closest(".table, .chart, .skip, .unseen"));
  const found = wide.filter((e) => !wide.some((o) => o !== e && e.contains(o)));
  if (document.documentElement.scrollWidth > edge) found.push(document.documentElement);
  return found.map((e) => e.outerHTML.slice(0, 160));
}"""
_CUT = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const out = e.closest("svg, .unseen, .skip") || !e.textContent.trim();
  if (out || !e.checkVisibility({ contentVisibilityAuto: true })) return false;
  const style = getComputedStyle(e);
  // What is for screen readers alone is cut for eyes; a clamp ends with "…" and leads to all the words.
  if (style.clipPath !== "none" || style.webkitLineClamp !== "none") return false;
  const hides = [style.overflowX, style.overflowY].some((o) => o === "hidden" || o === "clip");
  return hides && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
}).map((e) => e.outerHTML.slice(0, 160))"""
