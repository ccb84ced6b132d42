"""From tallies to a summary: a pure function, and the notes on how its numbers were counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

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
from tasks_catalog.facts import ClosingKind, Share
from tasks_catalog.judging import Judged, UnitJudged, Verdict, judged
from tasks_catalog.occurrence import Role
from tasks_catalog.period import Period
from tasks_catalog.problem import Refused
from tasks_catalog.progress import Line, StandingTask, Tally
from tasks_catalog.standing import StandingKind, is_closed, is_overdue
from tasks_catalog.task import AcceptedBy, AnsweredBy, PlanSettings
from tasks_catalog.text import clean


def summary_of(tally: Tally, *, previous: Tally | None, period: Period, head: SummaryHead) -> Summary:
    """Return what a summary of ``period`` says, by ``tally``; ``previous`` is the last one published.

    Raises Refused when the tally ends before the period begins, or when ``previous`` is of another
    plan or no earlier.
    """
    _check(tally, previous, period)
    targets = tuple(_targets(tally))
    return Summary(
        head=_cleaned(head),
        period=period,
        as_of=tally.as_of,
        done=tally.done,
        total=tally.total,
        counts=dict(tally.counts),
        unconfirmed=sum(1 for entry in tally.tasks if _is_unconfirmed(entry)),
        in_progress=_reasons(tally.of_kind(StandingKind.IN_PROGRESS)),
        by_section=tuple(replace(line, key=clean(line.key)) for line in tally.by_section),
        by_unit=_in_order_of_names(tally.by_unit, head),
        overdue=tuple(_overdue(entry, tally.as_of) for entry in tally.worst(most=len(tally.tasks))),
        decided=tuple(_decided(tally.tasks)),
        changes=_changes(previous, tally) if previous else None,
        notes=notes_of(
            tally.settings, head, before=previous.settings if previous else None, has_targets=bool(targets)
        ),
        targets=targets,
    )


def _check(tally: Tally, previous: Tally | None, period: Period) -> None:
    if tally.as_of < period.start:
        raise Refused("summary_before_period", as_of=tally.as_of, start=period.start, period=period.key)
    if previous and previous.plan != tally.plan:
        raise Refused("summary_previous_plan", plan=tally.plan, previous=previous.plan)
    if previous and previous.as_of >= tally.as_of:
        raise Refused("summary_previous_later", as_of=tally.as_of, previous=previous.as_of)


def _cleaned(head: SummaryHead) -> SummaryHead:
    return replace(
        head,
        organisation=clean(head.organisation),
        superior=clean(head.superior),
        place=clean(head.place),
        plan_name=clean(head.plan_name),
        plan_number=clean(head.plan_number),
        unit_names={code: clean(name) for code, name in sorted(head.unit_names.items())},
        recipients=tuple(clean(line) for line in head.recipients),
        signer=clean(head.signer),
        label=clean(head.label),
    )


def _is_unconfirmed(entry: StandingTask) -> bool:
    """Say whether a done task rests on a report nobody has accepted; a closed one rests on its decision."""
    done = entry.standing.kind in (StandingKind.DONE_ON_TIME, StandingKind.DONE_LATE)
    return done and any(
        share.role is Role.OWNER and share.is_done and share.accepted_on is None
        for share in entry.task.current_shares
    )


def _reasons(entries: Iterable[StandingTask]) -> dict[str, int]:
    return dict(sorted(Counter(entry.standing.why for entry in entries).items()))


def _in_order_of_names(lines: Iterable[Line], head: SummaryHead) -> tuple[Line, ...]:
    """Return the lines in the directory's order of units, as leaders know it, then those it lacks."""
    place = {code: number for number, code in enumerate(head.unit_names)}
    return tuple(sorted(lines, key=lambda line: (place.get(line.key, len(place)), line.key)))


def _overdue(entry: StandingTask, as_of: date) -> OverdueTask:
    late = [share for share in entry.task.current_shares if is_overdue(share, as_of)]
    oldest = min(late, key=lambda share: (share.lapses, share.key), default=None)
    # What fell due and was never opened has no share; its standing says since when.
    since = oldest.lapses if oldest else entry.standing.since or as_of
    return OverdueTask(
        id=entry.task.id,
        row=entry.task.row,
        section=clean(entry.task.section),
        text=clean(entry.task.text),
        units=_units_of(late),
        deadline=clean(entry.task.deadline.text),
        due=oldest.due if oldest else since,
        first_due=oldest.first_due if oldest else since,
        since=since,
        days=(as_of - since).days,
    )


def _units_of(shares: Iterable[Share]) -> tuple[str, ...]:
    return tuple(sorted({share.key.unit for share in shares}))


def _decided(entries: Iterable[StandingTask]) -> Iterable[DecidedTask]:
    order = list(ClosingKind)
    closed = [(entry.task, entry.task.closing) for entry in entries if entry.task.closing]
    for task, closing in sorted(closed, key=lambda pair: (order.index(pair[1].kind), pair[0].row)):
        document = closing.document
        yield DecidedTask(
            id=task.id,
            row=task.row,
            text=clean(task.text),
            kind=closing.kind,
            on=closing.on,
            document=clean(document.number) if document else "",
            document_issued=document.issued if document else None,
        )


def _targets(tally: Tally) -> Iterable[TargetLine]:
    for entry in tally.tasks:
        task = entry.task
        if not is_closed(task):  # what was stopped or postponed binds nobody: its decision is listed
            for one in judged(task, tally.as_of):
                yield _target(task.id, task.row, clean(task.text), one)


def _target(name: str, row: int, text: str, one: Judged) -> TargetLine:
    return TargetLine(
        id=name,
        row=row,
        text=text,
        target=clean(one.target.text),
        comparison=one.target.comparison,
        aim=one.target.value,
        measure=one.target.unit,
        verdict=one.verdict,
        units=tuple(_unit_figure(unit) for unit in one.units),
    )


def _unit_figure(unit: UnitJudged) -> UnitFigure:
    """Return the figure judged; one of an earlier period is not printed as this period's."""
    if unit.last is None or unit.verdict is Verdict.NOT_REPORTED:
        return UnitFigure(unit=unit.unit, verdict=unit.verdict)
    figure = unit.last.figure
    return UnitFigure(
        unit=unit.unit,
        verdict=unit.verdict,
        value=figure.value,
        part=figure.part,
        whole=figure.whole,
        reported_on=unit.last.on,
    )


def _changes(previous: Tally, tally: Tally) -> Changes:
    return Changes(
        as_of=previous.as_of,
        done=previous.done,
        total=previous.total,
        counts=dict(previous.counts),
        moves=tuple(_moves(previous, tally)),
    )


def _moves(previous: Tally, tally: Tally) -> Iterable[Move]:
    before = {entry.task.row: entry for entry in previous.tasks}
    after = {entry.task.row: entry for entry in tally.tasks}
    for row in sorted(before.keys() | after.keys()):
        old, new = before.get(row), after.get(row)
        kinds = (old.standing.kind if old else None, new.standing.kind if new else None)
        if kinds[0] is not kinds[1]:
            told = new or old
            text = clean(told.task.text) if told else ""
            yield Move(row=row, text=text, before=kinds[0], after=kinds[1])


def notes_of(
    settings: PlanSettings, head: SummaryHead, *, before: PlanSettings | None = None, has_targets: bool
) -> tuple[Note, ...]:
    """Return how numbers are counted by these settings, and whether otherwise than ``before``."""
    notes = _notes(settings, before or settings, head)
    return (*notes, Note(code="count_targets")) if has_targets else tuple(notes)


def _notes(settings: PlanSettings, before: PlanSettings, head: SummaryHead) -> Iterable[Note]:
    """Yield how the numbers were counted: what is a task, what is done, and each setting in force."""
    yield Note(code="count_unit")
    yield Note(code="count_done")
    yield Note(code=f"count_continuous_{settings.continuous}", params={"regime": settings.regime})
    yield Note(code=f"count_not_arisen_{settings.not_arisen}")
    yield _answered_by(settings, head)
    yield Note(code=f"count_printed_dates_{'slide' if settings.printed_dates_slide else 'stand'}")
    yield Note(code=f"count_derived_dates_{'slide' if settings.derived_dates_slide else 'stand'}")
    yield Note(code="count_days")
    if _counting(settings) != _counting(before):
        yield Note(code="count_changed")


def _answered_by(settings: PlanSettings, head: SummaryHead) -> Note:
    if settings.answered_by is AnsweredBy.FOCAL_UNIT:
        unit = clean(head.unit_name(settings.focal_unit or "")) or "?"
        return Note(code="count_answered_by_focal_unit", params={"unit": unit})
    return Note(code="count_answered_by_each_unit")


def _counting(settings: PlanSettings) -> PlanSettings:
    """Return the settings without those that do not bear on how things are counted."""
    return replace(settings, year=0, accepted_by=AcceptedBy.COORDINATOR)
