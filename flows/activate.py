"""Activating a plan: tracking starts, what it owes is opened, and each unit is welcomed once."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial

from flows.mailing import letter_id
from flows.office import OpenOffice
from storage import tasks
from storage.activating import Activated, activate, units_named
from storage.engine import write

__all__ = ["Activated", "activate_plan", "units_named"]

HOUR = time(9)


def activate_plan(
    office: OpenOffice,
    number: str,
    *,
    by: str,
    as_of: date | datetime | None = None,
    welcome: bool = True,
) -> Activated:
    """Start tracking. Occurrences due before today are "before tracking"; rows with questions wait."""
    moment = office.moment_of(as_of, HOUR)
    with write(office.engine) as session:
        plan = tasks.plan_or_refuse(session, office.organisation_id, number)
        ids = partial(letter_id, office)
        return activate(session, plan, by=by, moment=moment, message_id=ids, welcome=welcome)
