"""Proofs as pages show them: a document by its number and date, a file as a download with its size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from board.view import View
from storage.file_rows import FileRow
from storage.files import kept_files
from tasks_catalog.facts import Evidence, TaskFacts


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One proof: its words, and where it is a file that is kept, its address and size."""

    text: str
    href: str = ""
    size: str = ""


Kept = Mapping[str, FileRow]


def kept_of(tasks: Iterable[TaskFacts], view: View) -> Kept:
    """Return the files that the tasks' reports name, by digest, in one query."""
    digests = {
        proof.sha256
        for task in tasks
        for share in task.shares.values()
        if share.report
        for proof in share.report.evidence
        if proof.sha256
    }
    return kept_files(view.session, view.organisation_id, digests)


def proof_of(evidence: Evidence, kept: Kept, view: View) -> Proof:
    row = kept.get(evidence.sha256 or "")
    if row is not None:
        base = view.links.base_url.rstrip("/")
        return Proof(text=evidence.text, href=f"{base}/files/{row.sha256}", size=size_text(row.size, view))
    if evidence.issued is not None:
        return Proof(text=view.say("proof_dated", number=evidence.text, on=evidence.issued))
    return Proof(text=evidence.text)


def proofs_in(payload: Mapping[str, Any]) -> tuple[Evidence, ...]:
    """Return the proofs that a decision carries, as the journal keeps them."""
    return tuple(
        Evidence(
            text=str(proof.get("text", "")),
            issued=date.fromisoformat(proof["issued"]) if proof.get("issued") else None,
            sha256=proof.get("sha256"),
        )
        for proof in payload.get("evidence") or ()
        if isinstance(proof, dict)
    )


def size_text(size: int, view: View) -> str:
    """Return a size as people say it: "340 kB", "2,4 MB"."""
    if size < 1024**2:
        return f"{max(1, round(size / 1024))} kB"
    number = f"{size / 1024**2:.1f}"
    return f"{number if view.language == 'en' else number.replace('.', ',')} MB"
