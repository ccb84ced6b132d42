"""The question an unclear deadline puts to a person."""

from __future__ import annotations

from tasks_catalog.deadline.model import DateRange, Deadline, Kind
from tasks_catalog.problem import Place, Problem


def doubt_of(deadline: Deadline, where: Place | None = None) -> Problem | None:
    """Return what must be asked before the row is tracked, or None where the words are clear."""
    if deadline.kind is not Kind.UNCLEAR:
        return None
    if not deadline.text:
        return Problem(code="deadline_missing", where=where)
    if not deadline.dates:
        return Problem(code="deadline_unclear", params={"words": deadline.text}, where=where)
    proposals = " / ".join(map(_span_words, deadline.dates))
    params = {"words": deadline.text, "proposals": proposals}
    return Problem(code="deadline_unclear_proposed", params=params, where=where)


def _span_words(span: DateRange) -> str:
    """Return "15/11/2022" or "01/10/2022–31/12/2022"; an end that is not known is "…"."""
    if span.start is None and span.to is not None:
        return f"{span.to:%d/%m/%Y}"
    return "–".join(f"{day:%d/%m/%Y}" if day else "…" for day in (span.start, span.to))
