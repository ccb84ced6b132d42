"""From a page's values to HTML: one Jinja environment; every text is escaped, a missing value is an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from board.ways import Way
from notifications.wording import sentence


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands around every page."""

    language: str
    organisation: str
    home: str
    static: str
    ways: tuple[Way, ...] = ()
    """The ways to other pages that are open to whoever looks."""
    bare: bool = False
    """Without the ways to other pages: for a reader who came by a letter's link."""
    ticket: Callable[[str], str] = lambda action: ""
    """What a form posted to an address carries; "" where the board has no secret, and no form is drawn."""
    said: str = ""
    """What was done by the form that led here."""
    root: str = ""
    """What every address of the board begins with."""
    me: str = ""
    """Who is signed in, by name; "" for nobody."""

    @property
    def of_plan(self) -> Markup:
        """The attribute of an element that holds words of a plan, which are Vietnamese on every page."""
        return Markup("" if self.language == "vi" else ' lang="vi"')  # noqa: S704  # both are ours


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(template: str, page: object, frame: Frame) -> str:
    """Return the page's HTML; ``say`` words a code in the frame's language."""
    found = _environment().get_template(template)
    return found.render(page=page, frame=frame, say=partial(_say, frame.language))


def _say(language: str, code: str, **params: object) -> str:
    return sentence(code, language, **params)
