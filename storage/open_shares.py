"""What a person holds open: shares of which they are the officer, by unit."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.schema import PlanRow, ShareRow


def open_shares(session: Session, organisation_id: int, person: str) -> dict[str, int]:
    """Return how many open shares of each unit the person is the officer of, in plans that have not ended."""
    query = (
        select(ShareRow.unit, func.count())
        .join(PlanRow, PlanRow.id == ShareRow.plan_id)
        .where(
            ShareRow.organisation_id == organisation_id,
            ShareRow.officer == person,
            ShareRow.is_live,
            PlanRow.state != "ended",
        )
        .group_by(ShareRow.unit)
    )
    return dict(session.execute(query.order_by(ShareRow.unit)).tuples().all())
