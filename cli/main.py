"""The command line's entry: global options, and one place where a refusal becomes a message.

Nothing heavy is imported here: commands import what they need, so that ``--help``, ``plan read``
and ``deadline`` answer at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli import context
from tasks_catalog.problem import Refused

REFUSED = 2

app = typer.Typer(
    name="dondoc",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Đôn đốc: theo dõi nhiệm vụ và thời hạn của kế hoạch. Tracks a plan's tasks and sees them through.",
)


@app.callback()
def options(
    home: Annotated[
        Path | None,
        typer.Option("--home", help="Thư mục của đơn vị (hoặc biến DONDOC_HOME). The office's folder."),
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="vi | en")] = None,
) -> None:
    """Keep the global options for the command that follows."""
    if home is not None:
        os.environ["DONDOC_HOME"] = str(home.absolute())
    context.choose_language(lang)


def run() -> None:
    """Run the command line; a Refused is shown in the user's language and ends with exit code 2."""
    _register()
    _speak_utf8()
    try:
        app()
    except Refused as refused:
        context.say_refused(refused)
        sys.exit(REFUSED)


def _speak_utf8() -> None:
    """Print Vietnamese also where the terminal's locale is C or a Windows code page."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _register() -> None:
    from cli import deadline, flow, outbox, plan, setup, show, task, units, year

    for module in (setup, units, plan, deadline, task, show, flow, outbox, year):
        module.register(app)


if __name__ == "__main__":
    run()
