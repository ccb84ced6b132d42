"""The documents say what is there: commands, settings, letters, words, names and links, all looked up."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
import typer.core

from notifications.deliver import MailSettings
from notifications.mail_settings import mail_settings_from
from notifications.mailbox import InboxSettings, inbox_settings_from
from notifications.wording import sentence
from storage.door_settings import SIGN_IN_KEYS
from storage.outbox import LetterState
from storage.settings import FILE_NAME, SettingsUnreadable, load_settings
from tasks_catalog.deadline import Kind
from tasks_catalog.decisions import Decision
from tasks_catalog.ladder import DEFAULT_LADDER, NoticeState
from tasks_catalog.standing import StandingKind

ROOT = Path(__file__).parents[1]
PACKAGES = ("tasks_catalog", "storage", "notifications", "flows", "board", "cli")
WRITTEN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
each_document = pytest.mark.parametrize("document", WRITTEN, ids=lambda file: str(file.relative_to(ROOT)))

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return [block for named, block in _FENCE.findall(text) if named == language]


def prose(text: str) -> str:
    return _FENCE.sub("", text)


def table(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, without its head."""
    _, _, below = f"\n{text}".partition(f"\n{heading}\n")
    rows = re.search(r"^\|.*\n\|[-|]+\|\n((?:\|.*\n)+)", below, re.MULTILINE)
    assert rows, f"no table under {heading}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows[1].splitlines()]


def keys(text: str, heading: str) -> list[str]:
    """Return the first column of a table, without its back-ticks."""
    return [row[0].strip("`") for row in table(text, heading)]


# The command line


@cache
def program() -> typer.core.TyperGroup:
    from cli import main

    command = main.command()
    assert isinstance(command, typer.core.TyperGroup)
    return command


def every_command(group: typer.core.TyperGroup, before: str = "dondoc") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from every_command(command, f"{before} {name}")
        if not isinstance(command, typer.core.TyperGroup) or acts_alone(command):
            yield f"{before} {name}"


def acts_alone(group: typer.core.TyperGroup) -> bool:
    """Say whether a group does something of its own when no command of it is named."""
    return group.invoke_without_command and not group.no_args_is_help


def shell_lines(text: str) -> Iterator[list[str]]:
    """Yield the words of each command line shown in a document's shell blocks."""
    for block in blocks(text, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            if words := shlex.split(line, comments=True):
                yield words


def typed_commands(text: str) -> Iterator[list[str]]:
    """Yield the arguments of each call of dondoc in the shell blocks; leading VARIABLE=value is skipped."""
    for words in shell_lines(text):
        left = [*words]
        while left and "=" in left[0]:
            left.pop(0)
        if left and Path(left[0]).name == "dondoc":
            yield left[1:]


def accept(arguments: list[str]) -> None:
    """Read the arguments as the program would, without running anything; a fault in them is raised."""
    group, left, path = program(), arguments, "dondoc"
    context = group.make_context(path, [*left], resilient_parsing=True)
    while left or not acts_alone(group):
        name, command, left = group.resolve_command(context, left)
        assert command is not None, arguments
        path = f"{path} {name}"
        if not isinstance(command, typer.core.TyperGroup):
            command.make_context(path, [*left], parent=context)
            return
        group = command


@each_document
def test_every_command_shown_would_be_accepted(document: Path) -> None:
    for arguments in typed_commands(document.read_text(encoding="utf-8")):
        accept(arguments)


@each_document
def test_every_command_named_in_a_sentence_exists_with_its_options(document: Path) -> None:
    commands = set(every_command(program()))
    for code in _CODE.findall(prose(document.read_text(encoding="utf-8"))):
        words = code.split()
        if words[0] != "dondoc" or len(words) == 1 or words[1] == "COMMAND" or words[1].startswith("--"):
            continue
        named = next((" ".join(words[:n]) for n in (3, 2) if " ".join(words[:n]) in commands), None)
        assert named, f"{code!r}: no such command"
        known = options_of(named)
        assert not [word for word in words if word.startswith("--") and word not in known], code


def options_of(command: str) -> set[str]:
    found: object = program()
    for name in command.split()[1:]:
        assert isinstance(found, typer.core.TyperGroup)
        found = found.commands[name]
    assert isinstance(found, typer.core.TyperCommand | typer.core.TyperGroup)
    return {"--help", *(name for option in found.params for name in (*option.opts, *option.secondary_opts))}


def test_every_command_is_documented() -> None:
    documented = re.findall(r"^\| `(dondoc [^`]+)` \|", text_of("docs/commands.md"), re.MULTILINE)
    assert sorted(documented) == sorted(every_command(program()))


def test_every_option_named_beside_a_command_is_its_own() -> None:
    for line in text_of("docs/commands.md").splitlines():
        found = re.match(r"\| `(dondoc [^`]+)` \| (.*)", line)
        if found is None:
            continue
        named = {word for code in _CODE.findall(found[2]) for word in code.split() if word.startswith("--")}
        assert named <= options_of(found[1]), line


def test_the_readme_shows_how_to_demonstrate_and_test() -> None:
    shown = [" ".join(words) for words in shell_lines(text_of("README.md"))]
    assert {"make demo", "make demo DEMO=--no-serve", "make setup", "make test", "make check"} <= set(shown)


@each_document
def test_every_make_target_shown_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", text_of("Makefile"), re.MULTILINE))
    codes = [code.split() for code in _CODE.findall(prose(text))]
    for words in [*shell_lines(text), *codes]:
        if words[0] == "make":
            assert {word for word in words[1:] if "=" not in word} <= targets, words


def test_the_quick_start_works_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Runs the rehearsal of the README, word for word, in a folder of its own."""
    from cli.main import answer

    (block,) = (block for block in blocks(text_of("README.md"), "sh") if "--simulated" in block)
    for name in documented_variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path / "thu-nghiem"))
    monkeypatch.chdir(ROOT)
    said = {}
    for arguments in typed_commands(f"```sh\n{block}```\n"):
        code = answer(arguments)
        told = capsys.readouterr()
        assert code == 0, (arguments, told.err)
        said[" ".join(arguments[:2])] = told.out
    assert "57 nhiệm vụ từ 73 dòng" in said["plan import"]
    assert "ngày 15/11/2022" in said["tally --plan"]
    assert "15/11/2022" in said["explain 2022/KH-SCT/2"]


# Settings


def test_every_setting_is_documented(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("no_such_key = 1\n", encoding="utf-8")
    with pytest.raises(SettingsUnreadable) as refused:
        load_settings(tmp_path)
    known = refused.value.params["known"].split(", ")
    assert sorted(keys(text_of("docs/settings.md"), "## dondoc.toml")) == sorted(known)


def test_every_setting_of_mail_is_documented() -> None:
    known = sorted(field.name for field in fields(MailSettings))
    assert sorted(keys(text_of("docs/settings.md"), "## [mail]")) == known


def test_every_setting_of_inbox_is_documented() -> None:
    known = sorted(field.name for field in fields(InboxSettings))
    assert sorted(keys(text_of("docs/settings.md"), "## [inbox]")) == known


def test_every_setting_of_sign_in_is_documented() -> None:
    assert sorted(keys(text_of("docs/settings.md"), "## [sign_in]")) == sorted(SIGN_IN_KEYS)


def test_the_settings_shown_are_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in documented_variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DONDOC_MAIL_PASSWORD", "bí mật")
    monkeypatch.setenv("DONDOC_INBOX_PASSWORD", "cũng bí mật")
    (shown,) = blocks(text_of("docs/settings.md"), "toml")
    (tmp_path / FILE_NAME).write_text(shown, encoding="utf-8")
    mail = mail_settings_from(load_settings(tmp_path).mail)
    assert (mail.kind, mail.relay_port, mail.password) == ("smtp", 587, "bí mật")
    inbox = inbox_settings_from(load_settings(tmp_path).inbox)
    assert (inbox.kind, inbox.server_port, inbox.password) == ("imap", 993, "cũng bí mật")
    assert set(tomllib.loads(shown)["mail"]) <= set(keys(text_of("docs/settings.md"), "## [mail]"))


def documented_variables() -> list[str]:
    return keys(text_of("docs/settings.md"), "## The environment")


def test_every_environment_variable_is_documented() -> None:
    read = {name for file in sources() for name in re.findall(r"DONDOC_[A-Z_]+", file.read_text("utf-8"))}
    assert sorted(documented_variables()) == sorted(read)


def sources() -> list[Path]:
    return [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]


# Letters and words


def test_every_letter_is_documented() -> None:
    folders = [folder.name for folder in (ROOT / "notifications" / "templates").iterdir() if folder.is_dir()]
    kinds = sorted(name for name in folders if not name.startswith("_"))
    rows = table(text_of("docs/letters.md"), "# Letters")
    assert sorted(row[0].strip("`") for row in rows) == kinds
    assert all(who and when for _, who, when in rows)


def test_the_ladder_documented_is_the_default_one() -> None:
    rows = table(text_of("docs/letters.md"), "## The ladder")
    for column, ladder in ((1, DEFAULT_LADDER.dated), (2, DEFAULT_LADDER.sheet)):
        written = {row[0].replace("−", "-"): len(row[column].split(";")) for row in rows if row[column]}
        assert written == {rung.key: len(rung.audience) for rung in ladder if rung.offset is not None}


def is_vietnamese(term: str) -> bool:
    """A term of several letters, in composed form, with at least one letter English does not have."""
    composed = unicodedata.is_normalized("NFC", term)
    return composed and any(letter.isalpha() and not letter.isascii() for letter in term)


def test_every_word_has_a_vietnamese_term_a_meaning_and_a_place() -> None:
    rows = table(text_of("docs/glossary.md"), "## Words")
    assert len(rows) > 20
    for word, term, meaning, where in rows:
        assert is_vietnamese(term), f"{word}: {term!r}"
        assert meaning, word
        assert _CODE.findall(where), f"{word}: no module named"


def test_a_word_stands_in_the_glossary_once() -> None:
    words = keys(text_of("docs/glossary.md"), "## Words")
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("heading", "values", "code"),
    [
        pytest.param("## Standings", StandingKind, "standing", id="the standings"),
        pytest.param("## Kinds of deadline", Kind, "kind", id="the kinds of deadline"),
        pytest.param("## States of a letter", LetterState, "letter_state", id="the states of a letter"),
        pytest.param("## States of a notice", NoticeState, "notice", id="the states of a notice"),
        pytest.param(
            "## Decisions", [kind.kind for kind in get_args(Decision)], "decision", id="the decisions"
        ),
    ],
)
def test_the_glossary_lists_every_value_with_the_term_the_program_says(
    heading: str, values: Iterable[str], code: str
) -> None:
    terms = {row[0].strip("`"): row[1] for row in table(text_of("docs/glossary.md"), heading)}
    said = {str(value): sentence(f"{code}_{value}") for value in values}
    assert {key: term.casefold() for key, term in terms.items()} == {
        key: term.casefold() for key, term in said.items()
    }


# Promises


def named_tests() -> dict[str, list[str]]:
    """Return the tests that hold each promise."""
    rows = table(text_of("docs/promises.md"), "## The ten")
    return {row[0].partition(":")[0]: re.findall(r"`(tests/[^`]+\.py::\w+)`", row[3]) for row in rows}


def test_each_of_the_ten_promises_is_held_by_tests_that_are_there() -> None:
    named = named_tests()
    assert list(named) == [f"P{n}" for n in range(1, 11)]
    for promise, tests in named.items():
        assert tests, promise
        for test in tests:
            file, _, function = test.partition("::")
            assert has(ast.parse(text_of(file)), [function]), f"{promise}: {test} is not there"


def test_every_drill_of_a_fault_holds_a_promise() -> None:
    named = {test for tests in named_tests().values() for test in tests}
    drills = {
        f"{file.relative_to(ROOT)}::{name}"
        for file in (ROOT / "tests" / "faults").glob("test_*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        for name in names_of(node)
        if name.startswith("test_")
    }
    assert drills - named == set()


# Names and links


@each_document
def test_every_name_quoted_from_the_code_is_there(document: Path) -> None:
    for code in _CODE.findall(prose(document.read_text(encoding="utf-8"))):
        if re.fullmatch(r"\w+(?:\.\w+)+", code) and code.split(".")[0] in PACKAGES:
            assert is_defined(code.split(".")), f"{code} is not in the code"


def is_defined(parts: list[str]) -> bool:
    """Say whether a dotted path names a module, or what a module defines or gathers from another."""
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if file.exists():
                return has(ast.parse(file.read_text(encoding="utf-8")), parts[length:])
        if place.is_dir():
            return length == len(parts)
    return False


def has(tree: ast.Module | ast.ClassDef, names: list[str]) -> bool:
    if not names:
        return True
    first, *rest = names
    for node in tree.body:
        if first in names_of(node):
            return not rest or (isinstance(node, ast.ClassDef) and has(node, rest))
    return False


def names_of(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case ast.ImportFrom(names=imported):
            return {alias.asname or alias.name for alias in imported}
        case _:
            return set()


@each_document
def test_every_file_named_is_there(document: Path) -> None:
    """Paths from the root, such as `storage/holding.py`; patterns with a star match something."""
    places = (*PACKAGES, "tests", "docs", "requirements")
    for code in _CODE.findall(prose(document.read_text(encoding="utf-8"))):
        if re.fullmatch(r"[\w./*-]+", code) and code.split("/")[0] in places and "/" in code:
            found = list(ROOT.glob(code.rstrip("/")))
            assert found or "YYYY" in code, f"{code} is not there"


def anchors(file: Path) -> set[str]:
    """Return the anchors of a document's headings as GitHub makes them."""
    headings = _HEADING.findall(prose(file.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_document
def test_every_link_within_the_repository_resolves(document: Path) -> None:
    for link in _LINK.findall(prose(document.read_text(encoding="utf-8"))):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_decisions_are_numbered_and_say_context_decision_and_consequences() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.name[:4]} "), page.name
        assert {"Context", "Decision", "Consequences"} <= set(_HEADING.findall(text)), page.name
