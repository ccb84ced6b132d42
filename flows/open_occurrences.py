"""Opening: each morning, what the coming period owes becomes shares of named units."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from prefect import flow

from flows.office import OpenOffice, open_office
from flows.steps import Run, named, plainly, run_name, through_prefect
from storage import tasks
from storage.day_turn import count_on
from storage.engine import read, write
from storage.people import load_directory
from storage.starting import Opened, open_plan
from storage.webhook_events import tell_overdue
from storage.webhooks import hooks_of
from tasks_catalog.webhooks import HookEvent

HOUR = time(5, 30)


def open_occurrences_work(
    office: OpenOffice, as_of: date | datetime | None = None, *, run: Run = plainly
) -> Opened:
    """Open every occurrence of the active plans whose day has come; a second run opens nothing.

    First every plan is counted to the close of the day before: as it stood then, without what opens now.
    """
    run(count_yesterday, office, office.moment_of(as_of, HOUR))
    run(tell_what_lapsed, office, office.moment_of(as_of, HOUR))
    return run(open_what_has_come, office, office.moment_of(as_of, HOUR))


@named("Chốt số đếm đến hết hôm qua")
def count_yesterday(office: OpenOffice, moment: datetime) -> None:
    """Short transactions, plan by plan; a second run finds nothing to move."""
    count_on(office.engine, office.organisation_id, moment.date() - timedelta(days=1))


@named("Báo phần việc quá hạn cho các hệ thống kết nối")
def tell_what_lapsed(office: OpenOffice, moment: datetime) -> None:
    """Keep for webhooks what is overdue since yesterday's close; without any this is one look."""
    with read(office.engine) as session:
        told = any(HookEvent.OVERDUE in hook.events for hook in hooks_of(session, office.organisation_id))
    more = told
    while more:
        with write(office.engine) as session:
            more = tell_overdue(session, office.organisation_id, moment.date(), moment) > 0


@named("Mở các lần đến hạn của kỳ tới")
def open_what_has_come(office: OpenOffice, moment: datetime) -> Opened:
    """One transaction: of two runs at once the database lets only one open an occurrence."""
    with write(office.engine) as session:
        directory = load_directory(session, office.organisation_id)
        opened = [
            open_plan(session, plan, directory=directory, at=moment, on=moment.date())
            for plan in tasks.list_plans(session, office.organisation_id, active_only=True)
        ]
    return Opened(
        occurrences=sum(one.occurrences for one in opened),
        shares=sum(one.shares for one in opened),
        before_tracking=sum(one.before_tracking for one in opened),
    )


@flow(name="Mở lần đến hạn", flow_run_name=run_name("Mở lần đến hạn"))
def open_occurrences(as_of: date | datetime | None = None) -> None:
    """Open what the coming period owes."""
    with open_office() as office:
        open_occurrences_work(office, as_of, run=through_prefect)
