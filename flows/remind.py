"""Reminding: each working morning, the notices of the rungs up to the due day go into the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from prefect import flow

from flows.office import OpenOffice, open_office
from flows.steps import Run, named, plainly, run_name, through_prefect
from notifications.announce import announce, reminders
from storage import ledger, tasks
from storage.engine import read, write
from storage.people import load_directory
from storage.speaking import Known, known_of
from tasks_catalog.ladder import Notice, NoticeState

HOUR = time(7, 30)


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """What one run added to the ledger, and why nothing where nothing was due to be said."""

    waiting: int = 0
    superseded: int = 0
    skipped: str | None = None


def remind_work(office: OpenOffice, as_of: date | datetime | None = None, *, run: Run = plainly) -> Noticed:
    """Keep the reminders due; on a rest day nothing is decided, the next working day makes it good."""
    return notice_work(office, office.moment_of(as_of, HOUR), reminders, run)


def notice_work(
    office: OpenOffice,
    moment: datetime,
    kind: Callable[[tuple[Notice, ...]], tuple[Notice, ...]],
    run: Run,
) -> Noticed:
    """Gather, decide, keep: shared by ``remind`` and ``escalate``, which keep different rungs."""
    if not office.calendar.is_working(moment.date()):
        return Noticed(skipped="not_a_working_day")
    known = run(gather, office, moment.date())
    notices = run(decide, known, moment.date())
    return run(keep, office, kind(notices), moment)


@named("Đọc việc đang theo dõi")
def gather(office: OpenOffice, day: date, known_at: datetime | None = None) -> tuple[Known, ...]:
    """Return each active plan; ``known_at`` counts with the calendar as it was set at that moment."""
    with read(office.engine) as session:
        calendar = office.calendars.at(session, known_at) if known_at else office.calendar_in(session)
        directory = load_directory(session, office.organisation_id)
        plans = tasks.list_plans(session, office.organisation_id, active_only=True)
        return tuple(known_of(session, plan, directory, calendar, day) for plan in plans)


@named("Xét ai cần được nhắc hôm nay, vì sao")
def decide(plans: tuple[Known, ...], today: date) -> tuple[Notice, ...]:
    return tuple(
        notice
        for known in plans
        for notice in announce(known.tasks, known.office, as_of=today, known=known.keys)
    )


@named("Ghi vào sổ nhắc việc")
def keep(office: OpenOffice, notices: tuple[Notice, ...], moment: datetime) -> Noticed:
    """Insert in one transaction; what a twin run inserted first is not inserted again."""
    if not notices:
        return Noticed()
    waiting = [notice for notice in notices if notice.state is NoticeState.WAITING]
    overtaken = [notice for notice in notices if notice.state is NoticeState.SUPERSEDED]
    with write(office.engine) as session:
        return Noticed(
            waiting=ledger.add(session, office.organisation_id, waiting, at=moment),
            superseded=ledger.add(session, office.organisation_id, overtaken, at=moment),
        )


@flow(name="Nhắc việc", flow_run_name=run_name("Nhắc việc"))
def remind(as_of: date | datetime | None = None) -> None:
    """Keep the notices of the rungs up to the due day."""
    with open_office() as office:
        remind_work(office, as_of, run=through_prefect)
