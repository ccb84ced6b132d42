"""Reckoning: a plan's tally and summary at the close of a day, from the journal alone."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from storage import tasks
from storage.people import load_directory
from storage.schema import PlanRow
from tasks_catalog.digest import Summary, SummaryHead, plan_name_of, summary_of
from tasks_catalog.people import Directory
from tasks_catalog.period import Period, period_of
from tasks_catalog.progress import Tally, tally_of


def tally_at(session: Session, plan: PlanRow, day: date) -> Tally:
    """Return the tally at 24:00 of ``day``: the same for ever over the same recorded facts."""
    settings = tasks.settings_at(session, plan, day)
    return tally_of(plan.number, tasks.facts_as_of(session, plan, day), settings, day)


def summary_at(
    session: Session,
    plan: PlanRow,
    day: date,
    *,
    period: Period | None = None,
    previous: date | None = None,
) -> Summary:
    """Return the summary at 24:00 of ``day``, compared with a ``previous`` day where one is given.

    Without a ``period`` it is drawn up for the reporting period that ``day`` falls in.
    """
    directory = load_directory(session, plan.organisation_id)
    return summary_of(
        tally_at(session, plan, day),
        previous=tally_at(session, plan, previous) if previous else None,
        period=period or period_of(tasks.settings_of(plan).regime, day),
        head=head_of(plan, directory),
    )


def head_of(plan: PlanRow, directory: Directory) -> SummaryHead:
    """Return what a paper about this plan prints at its head and foot."""
    return SummaryHead(
        organisation=directory.name,
        superior=directory.superior,
        place=directory.place,
        plan_number=plan.number,
        plan_issued=plan.issued,
        plan_name=plan_name_of(plan.title),
        unit_names={unit.code: unit.name for unit in directory.units},
        label=plan.label,
    )
