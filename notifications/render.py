"""From a letter's context to its subject, text and HTML: templates compiled once, nothing undefined.

A letter is a directory ``templates/<kind>/`` of ``subject.txt``, ``body.txt`` and ``body.html`` over
``_base``. HTML is escaped by default, so what a plan's cell holds is shown as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

COLUMNS = 78
"""The widest a line of the text part may be (RFC 5322, 2.1.1); only an address is left whole."""


class Rendered(NamedTuple):
    """The three faces of one letter; all tell the same facts."""

    subject: str
    text: str
    html: str


def rendered(kind: str, context: Mapping[str, object]) -> Rendered:
    """Return the letter of ``kind``. Raises jinja2.UndefinedError for a gap in the context."""
    subject, text, html = _templates(kind)
    return Rendered(
        subject=" ".join(subject.render(context).split()),
        text=text.render(context).strip() + "\n",
        html=html.render(context).strip() + "\n",
    )


def fold(text: str, first: str = "", rest: str | None = None) -> str:
    """Return ``text`` broken at spaces to ``COLUMNS``, each line led by ``first`` or ``rest``.

    A word that is too long stays whole. By hand: ``textwrap`` would cost more than all the rest.
    """
    left, lead = " ".join(text.split()), first
    lines: list[str] = []
    while len(lead) + len(left) > COLUMNS:
        at = left.rfind(" ", 0, COLUMNS - len(lead) + 1)
        if at < 0:
            at = left.find(" ")
        if at < 0:
            break
        lines.append(lead + left[:at])
        left, lead = left[at + 1 :], first if rest is None else rest
    return "\n".join((*lines, lead + left))


def cut(text: str, most: int) -> str:
    """Return ``text`` cut at a word to ``most`` characters, with an ellipsis where something was left out."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    at_word = kept if text[most - 1] == " " else kept.rpartition(" ")[0] or kept
    return at_word.rstrip(" ,;:.–-(") + "…"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["fold"] = fold
    return environment


@cache
def _templates(kind: str) -> tuple[Template, Template, Template]:
    load = _environment().get_template
    return load(f"{kind}/subject.txt"), load(f"{kind}/body.txt"), load(f"{kind}/body.html")
