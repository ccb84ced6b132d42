"""One person at the desk: what the commands that record a decision share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

from cli.context import day_of, moment_of, say_done, signer, the_office
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from storage.desk import Desk
    from tasks_catalog.facts import Document, Evidence, TaskFacts

_MORNING = time(9)
"""When a decision given for a bare day counts as taken."""


def document_of(text: str | None) -> Document | None:
    """Read "123/SCT-VP 04/05/2022": the number, and the date when the last word is one."""
    from tasks_catalog.facts import Document

    if not text or not text.strip():
        return None
    number, _, last = text.strip().rpartition(" ")
    try:
        issued = day_of(last) if number else None
    except Refused:
        return Document(number=text.strip())
    return Document(number=number.removesuffix(" ngày").strip() or last, issued=issued)


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
