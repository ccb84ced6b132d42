"""Walking a script's days: the office's morning work, then what people do, one simulated day at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from cli.demo import story
from cli.demo.story import COORDINATOR, Act, Script
from flows.activate import activate_plan
from flows.audit import audit_work
from flows.escalate import escalate_work
from flows.import_plan import import_plan
from flows.office import OpenOffice
from flows.open_occurrences import open_occurrences_work
from flows.post import post_work
from flows.remind import remind_work
from flows.summarise import due_periods, summarise_work
from storage import journal, snapshots, tasks
from storage.desk import Desk
from storage.engine import read, write
from storage.schema import PlanRow
from storage.starting import Answer, settle
from tasks_catalog.decisions import Accept, Recorded, Report
from tasks_catalog.facts import Evidence, TaskFacts
from tasks_catalog.occurrence import Role
from tasks_catalog.period import periods_of
from tasks_catalog.task import PlanSettings

OFFICE_OPENS = time(9)
PEOPLE_ACT = time(15)
BEFORE_WORK = time(7)


@dataclass
class Walked:
    """What a walk did, for the closing table."""

    days: int = 0
    letters: int = 0
    reports: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Reports sent, by (unit, period or date)."""
    summaries: list[str] = field(default_factory=list)
    gaps: int = 0


PeriodEnd = Callable[[date], None]
"""Called instead of the plain morning on the first working day after a cut-off."""


def begin(office: OpenOffice, script: Script) -> None:
    """Import the plan, confirm the proposed readings, start tracking. Nothing is done twice."""
    with read(office.engine) as session:
        if tasks.find_plan(session, office.organisation_id, script.number) is not None:
            return
    start = datetime.combine(script.issued, OFFICE_OPENS)
    import_plan(
        office,
        script.file,
        number=script.number,
        issued=script.issued,
        settings=PlanSettings(year=script.year),
        by=COORDINATOR,
        title=script.title,
        label=script.label,
        as_of=start,
    )
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, script.number)
        for row in script.settled:
            settle(
                session,
                plan,
                row,
                Answer(accept_proposal=True),
                calendar=office.calendar,
                by=COORDINATOR,
                at=office.moment_of(start, OFFICE_OPENS),
            )
    before_work = datetime.combine(script.activated, BEFORE_WORK)
    activate_plan(office, script.number, by=COORDINATOR, as_of=before_work)


def finish(office: OpenOffice, script: Script) -> None:
    """End the plan of a year that is reckoned, so that the next year's letters do not carry it on."""
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, script.number)
        if plan.state == "active":
            at = office.moment_of(script.until, time(17))
            tasks.end(session, plan, on=script.until, by=COORDINATOR, at=at)


def days_of(script: Script) -> tuple[date, ...]:
    """Return every day of the script, rest days too: the office must be seen to stay quiet on them."""
    span = (script.until - script.activated).days
    return tuple(script.activated + timedelta(days=n) for n in range(span + 1))


def walk(
    office: OpenOffice, script: Script, walked: Walked, period_end: PeriodEnd | None = None
) -> Iterator[date]:
    """Walk the script, yielding each day when it is over."""
    for day in days_of(script):
        if period_end is not None and _is_period_end(office, script, day):
            period_end(day)
        _morning(office, day, walked)
        if office.calendar.is_working(day):
            _people(office, script, day, walked)
        walked.days += 1
        yield day


def _is_period_end(office: OpenOffice, script: Script, day: date) -> bool:
    with read(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, script.number)
        frozen = snapshots.periods_frozen(session, plan)
        return bool(due_periods(plan, frozen, office.calendar, day)) and office.calendar.is_working(day)


def _morning(office: OpenOffice, day: date, walked: Walked) -> None:
    """Run the timetable's day in its order; on rest days each flow finds for itself that it is one."""
    open_occurrences_work(office, day)
    walked.summaries += [written.file.name for written in summarise_work(office, day)]
    remind_work(office, day)
    escalate_work(office, day)
    walked.letters += post_work(office, day).sent
    if _begins_a_week(office, day):  # hourly in life; here its findings are of the past week
        walked.gaps += len(audit_work(office, day).missing)


def _begins_a_week(office: OpenOffice, day: date) -> bool:
    before = office.calendar.previous_working(day - timedelta(days=1))
    return office.calendar.is_working(day) and before.isocalendar().week != day.isocalendar().week


def _people(office: OpenOffice, script: Script, day: date, walked: Walked) -> None:
    moment = office.moment_of(datetime.combine(day, PEOPLE_ACT), PEOPLE_ACT)
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, script.number)
        _confirm(session, plan, day, moment)
        for period, unit in _sheets_due(office, script, day):
            sent = _send_sheet(session, plan, period, unit, day, moment)
            walked.reports[unit, period] += sent
        for act in script.acts:
            if act.day == day:
                _act(session, office, script, act, moment, walked)


def _sheets_due(office: OpenOffice, script: Script, day: date) -> Iterator[tuple[str, str]]:
    periods = periods_of("cchc", script.year)
    for unit, offsets in script.sheet_days.items():
        for period, offset in zip(periods, offsets, strict=False):
            base = office.calendar.previous_working(period.cut_off)
            if office.calendar.add_working_days(base, offset) == day:
                yield period.key, unit


def _send_sheet(session: Session, plan: PlanRow, period: str, unit: str, day: date, moment: datetime) -> int:
    """Report every continuous share of the unit's own for the period, as one sheet does."""
    entries = [
        (
            task.id,
            Recorded(
                decision=Report(share=share.key, evidence=(Evidence(text=f"Phiếu kỳ {period}"),)),
                on=day,
                by=_officer(unit),
            ),
        )
        for task in tasks.facts_of_plan(session, plan, live_only=True)
        for share in task.current_shares
        if share.key.unit == unit and share.period == period and share.role is Role.OWNER
    ]
    journal.record_many(session, plan, entries, at=moment)
    return len(entries)


def _confirm(session: Session, plan: PlanRow, day: date, moment: datetime) -> None:
    """The coordinator accepts whatever was reported on an earlier day and not returned since."""
    entries = [
        (task.id, Recorded(decision=Accept(share=share.key), on=day, by=COORDINATOR))
        for task in tasks.facts_to_confirm(session, plan)
        for share in task.current_shares
        if share.report is not None and share.report.on < day
    ]
    journal.record_many(session, plan, entries, at=moment)


def _officer(unit: str) -> str:
    return f"cán bộ {unit}"


def _act(
    session: Session, office: OpenOffice, script: Script, act: Act, moment: datetime, walked: Walked
) -> None:
    """Do one act of the script; one that was done on an earlier walk of the same database is left."""
    task_id = f"{script.number}/{act.task}"
    facts = tasks.facts_of_task(session, tasks.task_or_refuse(session, office.organisation_id, task_id))
    desk = Desk(
        session=session,
        organisation_id=office.organisation_id,
        calendar=office.calendar,
        at=moment,
        by=_officer(act.unit) if act.unit else COORDINATOR,
        document=getattr(act, "document", None),
        note=getattr(act, "reason", ""),
    )
    if _was_done(facts, act):
        return
    match act:
        case story.Reports():
            desk.report(task_id, act.unit, evidence=[Evidence(text=act.product)])
            walked.reports[act.unit or "", act.day.isoformat()] += 1
        case story.Returns():
            desk.return_(task_id, act.unit)
        case story.Acknowledges():
            desk.acknowledge(task_id, act.unit, expected=act.expected)
        case story.AsksExtension():
            desk.ask_extension(task_id, act.unit, to=act.to)
        case story.GrantsExtension():
            desk.grant_extension(task_id, act.unit)
        case story.Triggers():
            desk.trigger(task_id, due=act.due)
        case story.Closes():
            desk.close(task_id, act.closing)


def _was_done(facts: TaskFacts, act: Act) -> bool:
    """Say whether the task's record already goes as far as this act, as after an earlier walk."""
    shares = [s for s in facts.current_shares if act.unit in (None, s.key.unit) and s.role is Role.OWNER]
    match act:
        case story.Triggers():
            return act.due.isoformat() in facts.opened
        case story.Closes():
            return facts.closing is not None
        case story.GrantsExtension():
            return any(share.extensions for share in shares)
        case story.AsksExtension():
            return any(share.request or share.extensions for share in shares)
        case story.Acknowledges():
            return any(share.holds for share in shares)
        case _:
            return all(share.report is not None and share.report.on > act.day for share in shares) or (
                isinstance(act, story.Reports) and all(share.is_done for share in shares)
            )
