"""The command line's entry: global options, and one place where whatever went wrong becomes a message.

Nothing heavy is imported here: commands import what they need, so that ``--help``, ``plan read``
and ``deadline`` answer at once. ``run`` ends with 0 (done), 1 (done, and something is not well; or a
fault of the program), 2 (refused: nothing was written), 130 (interrupted).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from cli import context
from cli.options import both
from cli.plain_values import use_plain_values
from tasks_catalog.problem import Refused

FAULT, REFUSED, INTERRUPTED = 1, 2, 130
_NO_COMMAND = re.compile(r"No such command '(.*)'")
"""How Typer words it; it has no class of its own."""

app = typer.Typer(
    name="dondoc",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"max_content_width": 120},
    help=both(
        "Đôn đốc: theo dõi nhiệm vụ và thời hạn của kế hoạch",
        "tracks a plan's tasks and sees them through",
    ),
)


@app.callback(no_args_is_help=True)
def options(
    home: Annotated[
        Path | None,
        typer.Option("--home", help=both("Thư mục của đơn vị (hoặc DONDOC_HOME)", "the office's folder")),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option("--lang", help=both("Ngôn ngữ: vi (mặc định) hoặc en", "language: vi (default) or en")),
    ] = None,
) -> None:
    """Keep the global options for the command that follows."""
    context.choose_language(lang)
    if home is not None:
        os.environ["DONDOC_HOME"] = str(home.absolute())


def command() -> Any:
    """Return the whole command line, ready to be called with words."""
    _register()
    found = typer.main.get_command(app)
    use_plain_values(found)
    return found


def run() -> None:
    """Run the command line with the words typed, and leave with its exit code."""
    _speak_utf8()
    sys.exit(answer([_typed(word) for word in sys.argv[1:]]))


def _typed(word: str) -> str:
    """Return a word as UTF-8, which is what terminals send, also where Python took the C locale's word."""
    return os.fsencode(word).decode("utf-8", "surrogateescape") if os.name == "posix" else word


def answer(typed: Sequence[str]) -> int:
    """Run one command and return the exit code; everything that goes wrong is said in the user's language."""
    try:
        code = command()(list(typed), prog_name="dondoc", standalone_mode=False)
        sys.stdout.flush()
    except Refused as refused:
        context.say_refused(refused)
        return REFUSED
    except TyperException as misuse:
        return _say_misuse(misuse, typed)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _leave_quietly()
        return 0
    except Exception as fault:  # noqa: BLE001 - kept whole in the home folder and said in one sentence
        return _say_fault(fault)
    return code or 0


def _say_misuse(misuse: TyperException, typed: Sequence[str]) -> int:
    """Say which word of the command line is wrong or missing; a command alone shows its help."""
    name, where = type(misuse).__name__, getattr(misuse, "ctx", None)
    if "--lang" in typed[:-1]:  # said wrong before the options were taken in
        asked = typed[list(typed).index("--lang") + 1]
        os.environ["DONDOC_LANG"] = asked if asked in ("vi", "en") else context.language()
    if name == "NoArgsIsHelpError":
        print(misuse.format_message(), file=sys.stderr)
        return REFUSED
    hint = getattr(getattr(misuse, "param", None), "get_error_hint", lambda: "")().strip("'")
    code, params = {
        "MissingParameter": ("usage_missing", {"name": hint}),
        "BadParameter": ("usage_value", {"name": hint, "value": misuse.message}),
        "NoSuchOption": ("usage_option", {"name": getattr(misuse, "option_name", "")}),
    }.get(name) or _other_misuse(misuse.format_message())
    print(context.words("refused_prefix", why=context.words(code, **params)), file=sys.stderr)
    if where is not None:
        print(context.words("usage_hint", command=where.command_path), file=sys.stderr)
    return REFUSED


def _other_misuse(message: str) -> tuple[str, dict[str, str]]:
    found = _NO_COMMAND.match(message)
    return ("usage_command", {"name": found[1]}) if found else ("usage_other", {"message": message})


def _say_fault(fault: Exception) -> int:
    """Say that the program failed; the traceback goes to the office's folder, where there is one."""
    from storage.settings import default_home

    said = f"{type(fault).__name__}: {str(fault).splitlines()[0] if str(fault) else '–'}"
    home = default_home()
    code, params = ("unexpected", {"error": said})
    if home.is_dir():
        code, params = ("unexpected_kept", {"error": said, "file": str(_kept(fault, home))})
    print(context.words(code, **params), file=sys.stderr)
    return FAULT


def _kept(fault: Exception, home: Path) -> Path:
    """Write the last fault's traceback where only the owner reads it; its file's time is when it happened."""
    import traceback

    file = home / "dondoc-error.log"
    file.touch(mode=0o600)
    file.write_text("".join(traceback.format_exception(fault)), encoding="utf-8")
    return file


def _leave_quietly() -> None:
    """Point the output nowhere, so that the interpreter's last flush does not complain of the pipe again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _speak_utf8() -> None:
    """Print Vietnamese also where the terminal's locale is C or a Windows code page."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _register() -> None:
    if app.registered_commands:
        return
    from cli import (
        account,
        answers,
        bounces,
        calendar,
        changes,
        deadline,
        doctor,
        feeds,
        flow,
        inbox,
        links,
        opening,
        outbox,
        people,
        person,
        plan,
        plan_set,
        revise,
        roll,
        setup,
        show,
        task,
        token,
        units,
        webhook,
        year,
    )

    for module in (
        setup,
        doctor,
        account,
        units,
        people,
        person,
        calendar,
        changes,
        plan,
        opening,
        revise,
        roll,
        plan_set,
        deadline,
        task,
        show,
        flow,
        outbox,
        inbox,
        answers,
        bounces,
        links,
        feeds,
        webhook,
        token,
        year,
    ):
        module.register(app)


if __name__ == "__main__":
    run()
