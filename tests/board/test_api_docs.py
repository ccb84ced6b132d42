"""What docs/api.md shows is what the API does: each of its calls is made as written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import httpx

from board.api.once import BYTES
from tasks_catalog.scopes import Scope
from tests.board.acting_cast import Office
from tests.board.api_client import Program, token_of
from tests.board.test_api_acting import PDF
from tests.board.test_api_imports import CSV

FILES = {"@bao-cao.pdf": PDF, "@ke-hoach.csv": CSV}
PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def shown() -> list[list[str]]:
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def made(words: list[str], program: Program) -> httpx.Response:
    """Make one call as curl would."""
    method, headers, data, address = "GET", {}, b"", ""
    left = words[1:]
    while left:
        word = left.pop(0)
        if word == "-X":
            method = left.pop(0)
        elif word == "-H":
            name, _, value = left.pop(0).partition(": ")
            headers[name] = value.replace("$TOKEN", program.token)
        elif word == "-d":
            data = left.pop(0).encode()
        elif word == "--data-binary":
            data = FILES[left.pop(0)]
        else:
            address = word.removeprefix("$BASE")
    return program.ask(method, address, headers=headers, content=data)


def test_every_call_shown_is_answered_as_asked(acting_office: Office) -> None:
    program = Program(acting_office.app, token_of(acting_office, "truc"))
    calls = shown()
    assert [words[0] for words in calls] == ["curl"] * 16
    for words in calls:
        answer = made(words, program)
        assert answer.status_code == 200, (words, answer.text)
    assert BYTES in PAGE


def test_every_scope_is_explained() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(Scope)
