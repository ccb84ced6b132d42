"""Counting a plan anew where how it is counted was changed; its past days keep what was counted then."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.counted_rows import PlanDay
from storage.counting import state_of
from storage.day_turn import advance, forget
from storage.schema import PlanRow


def recount(session: Session, plan: PlanRow) -> None:
    """Count the plan anew to the close it was counted to, by its settings as they are now.

    Of a very large plan only as many tasks as one move judges (``day_turn.A_MOVE``); the next run of
    ``day_turn.count_on`` counts the rest, and pages tally it until then.
    """
    state = state_of(session, plan.id, lock="alone")
    if state is None:
        return
    names = ("done", "total", "counts", "late")
    query = select(*(getattr(PlanDay, name) for name in names))
    of_day = (PlanDay.plan_id == plan.id, PlanDay.day == state.day)
    then = session.execute(query.where(*of_day)).one_or_none()
    forget(session, plan)
    more = advance(session, plan, state.day)
    if then is not None and not more:
        session.execute(update(PlanDay).where(*of_day).values(dict(zip(names, then, strict=True))))
