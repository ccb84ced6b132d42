"""What came of a morning: each person's one letter, and the tasks it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from benchmarks.measured import Checks
from benchmarks.sink import Mail
from benchmarks.workload import Workload, expected_of

_TASK = re.compile(r"\b\d+/KH-DT/\d+\b")
_SHOWN = 3


def held_as_expected(what: str, mails: Iterable[Mail], workload: Workload, checks: Checks) -> None:
    """Check that everybody got one letter, and that its text and its HTML name exactly their tasks."""
    expected = expected_of(workload)
    came: Counter[str] = Counter()
    wrong: list[str] = []
    for mail in mails:
        came[mail.recipient] += 1
        due = expected.get(mail.recipient, frozenset())
        named = [frozenset(_TASK.findall(body)) for body in (mail.text, mail.html)]
        if len(due) != workload.rows or any(found != due for found in named):
            wrong.append(mail.recipient)
    checks.equal(f"{what}: mails", came.total(), workload.people)
    checks.equal(f"{what}: recipients", len(came), workload.people)
    checks.equal(f"{what}: strangers written to", sorted(set(came) - set(expected))[:_SHOWN], [])
    checks.equal(f"{what}: letters with other rows", wrong[:_SHOWN], [])
