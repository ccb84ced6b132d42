"""A summary as JSON and back: the snapshot that a document is written from, now and in ten years.

Only JSON's own types, dates in ISO form, decimal numbers as strings. What came later ("targets") is left
out where there is none, so that a snapshot of before keeps its bytes and its digest. ``FORMAT`` rises
when a reader of the old form would be misled; a snapshot of another format is refused rather than half
read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tasks_catalog.digest.model import (
    Changes,
    DecidedTask,
    Move,
    Note,
    OverdueTask,
    Summary,
    SummaryHead,
    TargetLine,
    UnitFigure,
)
from tasks_catalog.facts import ClosingKind
from tasks_catalog.judging import Verdict
from tasks_catalog.period import Period, PeriodKind
from tasks_catalog.problem import Refused
from tasks_catalog.progress import Line
from tasks_catalog.standing import StandingKind

FORMAT = 1

Json = Mapping[str, Any]


def as_json(summary: Summary) -> dict[str, Any]:
    """Return the whole summary in JSON's own types; the same summary gives the same dict."""
    return {
        "format": FORMAT,
        "head": _plain(summary.head),
        "period": _plain(summary.period),
        "as_of": summary.as_of.isoformat(),
        "done": summary.done,
        "total": summary.total,
        "standings": _plain(summary.counts),
        "unconfirmed": summary.unconfirmed,
        "in_progress": _plain(summary.in_progress),
        "by_section": _plain(summary.by_section),
        "by_unit": _plain(summary.by_unit),
        "overdue": _plain(summary.overdue),
        "decided": _plain(summary.decided),
        "changes": _plain(summary.changes),
        "notes": _plain(summary.notes),
        **({"targets": _plain(summary.targets)} if summary.targets else {}),
    }


def _plain(value: object) -> Any:
    """Return a value of the digest as JSON's types: dataclasses by field, dates ISO, enums by value."""
    match value:
        case None | bool() | int():
            return value
        case str() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case tuple():
            return [_plain(item) for item in value]
    return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}  # type: ignore[arg-type]


def summary_from_json(content: Json) -> Summary:
    """Return the summary of a snapshot. Raises Refused when it is of another format or damaged."""
    if content.get("format") != FORMAT:
        raise Refused("summary_format", format=content.get("format"), known=FORMAT)
    try:
        return _summary(content)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as fault:
        raise Refused("summary_damaged", reason=f"{type(fault).__name__}: {fault}") from fault


def _summary(content: Json) -> Summary:
    return Summary(
        head=_head(content["head"]),
        period=_period(content["period"]),
        as_of=date.fromisoformat(content["as_of"]),
        done=content["done"],
        total=content["total"],
        counts=_counts(content["standings"]),
        unconfirmed=content["unconfirmed"],
        in_progress=dict(content["in_progress"]),
        by_section=tuple(_line(line) for line in content["by_section"]),
        by_unit=tuple(_line(line) for line in content["by_unit"]),
        overdue=tuple(_overdue(task) for task in content["overdue"]),
        decided=tuple(_decided(task) for task in content["decided"]),
        changes=_changes(content["changes"]),
        notes=tuple(Note(code=note["code"], params=dict(note["params"])) for note in content["notes"]),
        targets=tuple(_target(line) for line in content.get("targets", ())),
    )


def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)


def _kind(name: str | None) -> StandingKind | None:
    return None if name is None else StandingKind(name)


def _counts(content: Json) -> dict[StandingKind, int]:
    return {StandingKind(kind): number for kind, number in content.items()}


def _head(content: Json) -> SummaryHead:
    read = {
        "plan_issued": _day(content["plan_issued"]),
        "unit_names": dict(content["unit_names"]),
        "recipients": tuple(content["recipients"]),
    }
    return SummaryHead(**{**content, **read})


def _period(content: Json) -> Period:
    return Period(
        key=content["key"],
        kind=PeriodKind(content["kind"]),
        start=date.fromisoformat(content["start"]),
        cut_off=date.fromisoformat(content["cut_off"]),
    )


def _line(content: Json) -> Line:
    return Line(**{**content, "counts": _counts(content["counts"])})


def _overdue(content: Json) -> OverdueTask:
    days = {name: date.fromisoformat(content[name]) for name in ("due", "first_due", "since")}
    return OverdueTask(**{**content, **days, "units": tuple(content["units"])})


def _decided(content: Json) -> DecidedTask:
    read = {
        "kind": ClosingKind(content["kind"]),
        "on": date.fromisoformat(content["on"]),
        "document_issued": _day(content["document_issued"]),
    }
    return DecidedTask(**{**content, **read})


def _target(content: Json) -> TargetLine:
    read = {
        "aim": Decimal(content["aim"]),
        "verdict": Verdict(content["verdict"]),
        "units": tuple(_unit_figure(unit) for unit in content["units"]),
    }
    return TargetLine(**{**content, **read})


def _unit_figure(content: Json) -> UnitFigure:
    numbers = {
        name: None if content[name] is None else Decimal(content[name]) for name in ("value", "part", "whole")
    }
    read = {"verdict": Verdict(content["verdict"]), "reported_on": _day(content["reported_on"])}
    return UnitFigure(**{**content, **numbers, **read})


def _changes(content: Json | None) -> Changes | None:
    if content is None:
        return None
    return Changes(
        as_of=date.fromisoformat(content["as_of"]),
        done=content["done"],
        total=content["total"],
        counts=_counts(content["counts"]),
        moves=tuple(
            Move(**{**move, "before": _kind(move["before"]), "after": _kind(move["after"])})
            for move in content["moves"]
        ),
    )
