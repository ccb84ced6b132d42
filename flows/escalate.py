"""Escalating: each working morning, the notices of the rungs after the due day, up the chain."""

from __future__ import annotations

from datetime import date, datetime, time

from prefect import flow

from flows.office import OpenOffice, open_office
from flows.remind import Noticed, notice_work
from flows.steps import Run, plainly, run_name, through_prefect
from notifications.announce import escalations

HOUR = time(7, 40)


def escalate_work(office: OpenOffice, as_of: date | datetime | None = None, *, run: Run = plainly) -> Noticed:
    """Keep the escalations due; what is held by an acknowledgement comes once the hold has ended."""
    return notice_work(office, office.moment_of(as_of, HOUR), escalations, run)


@flow(name="Báo cáo vượt cấp việc quá hạn", flow_run_name=run_name("Báo cáo vượt cấp"))
def escalate(as_of: date | datetime | None = None) -> None:
    """Keep the notices of the rungs after the due day."""
    with open_office() as office:
        escalate_work(office, as_of, run=through_prefect)
