"""Tallying: "52/54", by section, unit and standing, for any day; and shown in the flow UI."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from prefect import flow

from flows.office import OpenOffice, open_office
from flows.showing import show
from flows.steps import Run, named, plainly, run_name, through_prefect
from storage import tasks
from storage.engine import read
from storage.forgetting import forget
from storage.reckoning import summary_at
from tasks_catalog.digest import Summary


def tally_work(office: OpenOffice, day: date, *, run: Run = plainly) -> tuple[Summary, ...]:
    """Return how every active plan stands at 24:00 of ``day``."""
    return run(count, office, day)


@named("Đếm theo tình trạng, lĩnh vực, đơn vị")
def count(office: OpenOffice, day: date) -> tuple[Summary, ...]:
    with read(office.engine) as session:
        plans = tasks.list_plans(session, office.organisation_id, active_only=True)
        return tuple(summary_at(session, plan, day) for plan in plans)


@named("Xóa dữ liệu đã hết thời gian lưu")
def forget_what_is_over(office: OpenOffice, now: datetime) -> Mapping[str, int]:
    return forget(office.engine, office.organisation_id, now)


def tally_run(
    office: OpenOffice, as_of: date | datetime | None, *, run: Run = plainly
) -> tuple[Summary, ...]:
    """Count as of a day, else to the close of yesterday; and then forget what is over by the clock.

    Asking how things stood, or will stand, on another day forgets nothing.
    """
    if as_of is not None:
        return tally_work(office, as_of.date() if isinstance(as_of, datetime) else as_of, run=run)
    found = tally_work(office, office.today() - timedelta(days=1), run=run)
    run(forget_what_is_over, office, office.now())
    return found


@flow(name="Tổng hợp tiến độ", flow_run_name=run_name("Tổng hợp tiến độ"))
def tally(as_of: date | datetime | None = None) -> None:
    """Count every plan and show it. In the morning that is the state at the close of yesterday."""
    with open_office() as office:
        for summary in tally_run(office, as_of, run=through_prefect):
            through_prefect(show, summary, office.settings.base_url)
