"""The threat model names tests that are there; bandit finds what the document explains and nothing else."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PACKAGES = ("tasks_catalog", "storage", "notifications", "flows", "board", "cli")


def names_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_threat_names_tests_that_are_there() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", TEXT.partition("## Tools")[0], re.MULTILINE)
    assert len(rows) > 15
    for threat, _, tried in rows:
        if threat in ("threat", "---"):
            continue
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", tried)
        assert named, threat
        for file, test in named:
            assert test in names_in(file), f"{threat}: {file} has no {test}"


def test_bandit_finds_what_the_document_explains_and_nothing_else() -> None:
    command = [sys.executable, "-m", "bandit", "-q", "-r", *PACKAGES, "-f", "json"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = {
        f"| {each['test_id']} {each['test_name']} | `{Path(each['filename'])}` |"
        for each in json.loads(ran.stdout)["results"]
    }
    explained = set(re.findall(r"^(\| B\d+ \w+ \| `[\w/.]+` \|)", TEXT, re.MULTILINE))
    assert found == explained
