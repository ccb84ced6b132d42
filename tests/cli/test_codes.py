"""Every sentence the command line asks for by a code stands in the catalogue."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import cli
from notifications.wording import catalogue

PLACE = {"say": 0, "words": 0, "Refused": 0, "DecisionRefused": 0, "_concern": 0, "say_done": 1, "decide": 5}
"""Which argument of a call is the code."""


def _codes() -> Iterator[tuple[str, str]]:
    for file in sorted(Path(str(cli.__file__)).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                said = node.args[PLACE[name] : PLACE[name] + 1] if name in PLACE else []
                for constant in (one for arg in said for one in ast.walk(arg)):
                    if isinstance(constant, ast.Constant) and not _in_format(arg=said[0]):
                        yield file.name, str(constant.value)


def _in_format(arg: ast.expr) -> bool:
    """Codes made of parts are of closed sets, which the tests of those sets go through."""
    return isinstance(arg, ast.JoinedStr)


def test_every_code_has_its_sentence() -> None:
    found = list(_codes())
    assert len(found) > 80
    assert [(file, code) for file, code in found if code not in catalogue()] == []
