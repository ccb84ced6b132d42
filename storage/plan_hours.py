"""Sending hours of plans as they are kept, and which plans' lines a letter carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.plan_hours_rows import PlanHours
from storage.schema import NoticeRow, PlanRow, ShareRow
from storage.upsert import insert_or_renew
from tasks_catalog.ladder import NoticeState
from tasks_catalog.sending_hours import Hours

__all__ = ["hours_in_force", "hours_of", "keep_hours", "other_hours", "plans_in_letters"]


def hours_of(session: Session, plan: PlanRow) -> Hours | None:
    """Return the plan's own window as set; None where the office's hours are its."""
    row = session.scalars(select(PlanHours).where(PlanHours.plan_id == plan.id)).one_or_none()
    return Hours(first=row.first, until=row.until) if row else None


def hours_in_force(session: Session, organisation_id: int, office: Hours) -> Mapping[int, Hours]:
    """Return by plan the windows that hold; one outside the office's hours, shorter since, is void."""
    query = select(PlanHours).where(PlanHours.organisation_id == organisation_id)
    found = {row.plan_id: Hours(first=row.first, until=row.until) for row in session.scalars(query)}
    return {plan: hours for plan, hours in found.items() if hours.meets(office)}


def other_hours(session: Session, plan: PlanRow) -> Mapping[str, Hours]:
    """Return by number the windows of the office's other plans that have not ended."""
    query = (
        select(PlanRow.number, PlanHours)
        .join(PlanHours, PlanHours.plan_id == PlanRow.id)
        .where(
            PlanRow.organisation_id == plan.organisation_id, PlanRow.id != plan.id, PlanRow.state != "ended"
        )
        .order_by(PlanRow.issued, PlanRow.id)
    )
    return {number: Hours(first=row.first, until=row.until) for number, row in session.execute(query)}


def keep_hours(session: Session, plan: PlanRow, hours: Hours | None) -> None:
    """Set the plan's own window, or leave it to the office's hours."""
    if hours is None:
        session.execute(delete(PlanHours).where(PlanHours.plan_id == plan.id))
        return
    row = {"organisation_id": plan.organisation_id, "plan_id": plan.id}
    query = insert_or_renew(session, PlanHours, ("plan_id",), ("first", "until"))
    session.execute(query, [{**row, "first": hours.first, "until": hours.until}])


def plans_in_letters(session: Session, letters: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return by letter the plans whose waiting lines it carries."""
    query = (
        select(NoticeRow.letter_id, ShareRow.plan_id)
        .join(ShareRow, ShareRow.id == NoticeRow.share_id)
        .where(NoticeRow.letter_id.in_(letters), NoticeRow.state == str(NoticeState.WAITING))
        .distinct()
    )
    found: dict[int, set[int]] = defaultdict(set)
    for letter, plan in session.execute(query):
        found[letter].add(plan)
    return {letter: frozenset(plans) for letter, plans in found.items()}
