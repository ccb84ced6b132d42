"""One person at the desk: what the commands that record a decision share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

from cli.context import moment_of, say_done, signer, the_office
from tasks_catalog.typed import document_of as document_of

if TYPE_CHECKING:
    from storage.desk import Desk
    from tasks_catalog.facts import Evidence, TaskFacts

_MORNING = time(9)
"""When a decision given for a bare day counts as taken."""


def evidence_of(text: str) -> Evidence:
    """Read one piece of evidence: a file there is (kept by name and SHA-256), else a document's number."""
    import hashlib

    from tasks_catalog.facts import Evidence

    path = Path(text)
    if path.is_file():
        return Evidence(text=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    document = document_of(text)
    return Evidence(text=document.number, issued=document.issued) if document else Evidence(text=text)


@contextmanager
def at_the_desk(
    by: str | None, document: str | None = None, note: str = "", as_of: str | None = None
) -> Iterator[Desk]:
    """Open one transaction for one person's decisions."""
    from storage.desk import Desk
    from storage.engine import write

    with the_office() as office:
        moment = office.moment_of(moment_of(as_of), _MORNING)
        signed = signer(office, by)
        with write(office.engine) as session:
            yield Desk(
                session=session,
                organisation_id=office.organisation_id,
                calendar=office.calendar,
                at=moment,
                by=signed,
                document=document_of(document),
                note=note,
            )


def decide(
    by: str | None,
    document: str | None,
    note: str,
    as_of: str | None,
    act: Callable[[Desk], TaskFacts],
    done: str,
    as_json: bool,
) -> None:
    """Record one decision in a transaction of its own and say, by the code ``done``, that it is recorded."""
    with at_the_desk(by, document, note, as_of) as desk:
        facts = act(desk)
    say_done(as_json, done, task=facts.id)
