"""The history on a task's page: who said what when, on which document, from which letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from board.proofs import Kept, Proof, proof_of, proofs_in
from board.targets import figures_text
from board.view import View
from storage.files import kept_files
from storage.journal import HistoryLine
from tasks_catalog.facts import Document

_PLAIN = ("to", "expected", "until", "product_date", "reason", "value")
"""Fields of decisions that are said as they stand."""


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """One line of the journal."""

    at: str
    by: str
    what: str
    detail: str
    proofs: tuple[Proof, ...] = ()


def history_entries(lines: Iterable[HistoryLine], view: View) -> tuple[HistoryEntry, ...]:
    told = tuple(lines)
    digests = {proof.sha256 for line in told for proof in proofs_in(line.payload) if proof.sha256}
    kept = kept_files(view.session, view.organisation_id, digests)
    return tuple(_entry(line, kept, view) for line in told)


def _entry(line: HistoryLine, kept: Kept, view: View) -> HistoryEntry:
    details = [*_about(line.payload, view), *_details(line, view)]
    if line.document:
        details.append(document_words(line.document, view))
    details.append(view.remark(_remark(line), view.unit_of(line.by)))
    return HistoryEntry(
        at=view.moment(line.at),
        by=view.person(line.by),
        what=view.say(_what(line)),
        detail="; ".join(detail for detail in details if detail),
        proofs=tuple(proof_of(proof, kept, view) for proof in proofs_in(line.payload)),
    )


def _what(line: HistoryLine) -> str:
    if line.kind == "import":
        return "board_imported"
    if line.kind == "decide_extension":
        return "board_extension_granted" if line.payload.get("granted") else "board_extension_refused"
    return f"decision_{line.kind}"


def document_words(document: Document, view: View) -> str:
    if document.issued is None:
        return view.say("board_detail_document", number=document.number)
    return view.say("board_detail_document_dated", number=document.number, on=document.issued)


def _remark(line: HistoryLine) -> str:
    """Return the remark, and how it was told; what the decision itself says is not said again."""
    said = [str(line.payload[name]) for name in ("reason", "note") if line.payload.get(name)]
    rest = line.note
    for words in said:
        if line.payload.get("reason") == words:
            rest = rest.removeprefix(words).strip()
    return rest.removeprefix("(").removesuffix(")") if rest.startswith("(") else rest


def _about(payload: Mapping[str, Any], view: View) -> Iterator[str]:
    """Yield the unit of the share a decision is about, or how many units an occurrence was opened for."""
    if isinstance(share := payload.get("share"), list):
        yield view.say("board_detail_share", unit=view.unit(str(share[2])), due=str(share[1]))
    elif isinstance(opened := payload.get("occurrence"), dict):
        units = len(payload.get("shares", ()))
        yield view.say("board_detail_opened", due=str(opened.get("due", "")), units=units)


def _details(line: HistoryLine, view: View) -> Iterator[str]:
    """Yield what else a decision carries: dates, reasons, units, figures."""
    payload = line.payload
    for name in _PLAIN:
        if payload.get(name):
            yield view.say(f"board_detail_{name}", it=payload[name])
    if line.kind == "close":
        yield view.say(f"closing_{payload['closing']}")
    if line.kind in ("return", "resume") and payload.get("due"):
        yield view.say("board_detail_due", it=payload["due"])
    if line.kind == "settle" and isinstance(payload.get("deadline"), dict):
        yield view.say("board_detail_deadline", it=payload["deadline"].get("text", ""))
    if payload.get("product_date_counts"):
        yield view.say("board_detail_product_date_counts")
    if payload.get("from_unit"):
        yield from _moved(payload, view)
    if figures := figures_text(payload):
        yield view.say("board_detail_figures", it=figures)


def _moved(payload: Mapping[str, Any], view: View) -> Iterator[str]:
    """Yield from whom to whom work moved; within a unit, to which officer."""
    from_unit, to_unit, officer = (payload.get(name) for name in ("from_unit", "to_unit", "officer"))
    if from_unit != to_unit:
        names = {"from_unit": view.unit(str(from_unit)), "to_unit": view.unit(str(to_unit))}
        yield view.say("board_detail_units", **names)
    elif officer:
        yield view.say("board_detail_officer", unit=view.unit(str(from_unit)), it=view.person(str(officer)))
    else:
        yield view.say("board_detail_no_officer", unit=view.unit(str(from_unit)))
