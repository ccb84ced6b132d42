"""What a form hands in beside its words: the document it names, files, figures of the task's targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from board.forms import MOST_FILES, Posted
from storage.files import FileStore, keep_proofs
from tasks_catalog.facts import Evidence, TaskFacts
from tasks_catalog.problem import Refused
from tasks_catalog.typed import day_of
from tasks_catalog.uploads import KINDS, MOST_BYTES, file_name, kind_of

if TYPE_CHECKING:
    from board.view import View

MOST_HANDED = MOST_FILES * MOST_BYTES + 1024**2
"""A form with as many files as it may hold."""
ACCEPT = ",".join(f".{kind}" for kind in KINDS)


def proof_of(form: Mapping[str, str]) -> Evidence | None:
    """Return the document the form names, with its date. Raises Refused: act_document_missing."""
    number, issued = form.get("document", ""), form.get("issued", "")
    if not number:
        if issued:
            raise Refused("act_document_missing", issued=issued)
        return None
    return Evidence(text=number, issued=day_of(issued) if issued else None)


def proofs_of(form: Posted, store: FileStore | None, view: View, *, by: str) -> tuple[Evidence, ...]:
    """Return the document and the files of a form, the files kept.

    Every file is looked at before any is kept: one that is refused keeps nothing of the others either.
    Raises Refused: act_files_not_taken, UploadRefused that names the file.
    """
    named = proof_of(form)
    handed = form.handed()
    if handed and store is None:
        raise Refused("act_files_not_taken")
    for one in handed:
        kind_of(file_name(one.name), one.data)
    kept: tuple[Evidence, ...] = ()
    if store is not None and handed:
        kept = keep_proofs(view.session, view.organisation_id, store, handed, by=by, at=view.now)
    return (*((named,) if named else ()), *kept)


def figures_of(form: Mapping[str, str], task: TaskFacts, prefix: str = "figure-") -> Iterator[str]:
    """Yield the figures typed, each led by its target's number as ``read_figures`` wants it."""
    for number in range(1, len(task.targets) + 1):
        typed = form.get(f"{prefix}{number}", "")
        if typed:
            yield f"{number}={typed}"
