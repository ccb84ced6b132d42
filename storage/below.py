"""What a superior body sees of the organisations below it: their plans' figures, and nothing else.

Figures come from the counted standings, so that no task, no unit's work and no name is even read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from storage.counted import of_plans
from storage.schema import Organisation, PlanRow
from tasks_catalog.standing import StandingKind


@dataclass(frozen=True, kw_only=True)
class PlanBelow:
    """A plan in force of an organisation below; ``as_of`` None: its figures are not counted yet."""

    number: str
    title: str
    as_of: date | None
    done: int = 0
    total: int = 0
    overdue: int = 0


@dataclass(frozen=True, kw_only=True)
class Below:
    """An organisation below: how many steps, and what it has in force."""

    code: str
    name: str
    depth: int
    plans: tuple[PlanBelow, ...]

    @property
    def done(self) -> int:
        return sum(plan.done for plan in self.plans)

    @property
    def total(self) -> int:
        return sum(plan.total for plan in self.plans)

    @property
    def overdue(self) -> int:
        return sum(plan.overdue for plan in self.plans)


def any_below(session: Session, organisation_id: int) -> bool:
    """Say whether an organisation has others below it."""
    query = select(Organisation.id).where(Organisation.superior_id == organisation_id)
    return session.scalar(query.limit(1)) is not None


def below(session: Session, organisation_id: int) -> tuple[Below, ...]:
    """Return every organisation below, each after its superior, in the order of their codes."""
    children = _children(session, organisation_id)
    plans = _plans(session, [each.id for found in children.values() for each in found])
    return tuple(_under(organisation_id, 1, children, plans))


def _children(session: Session, organisation_id: int) -> Mapping[int, list[Organisation]]:
    """Return those below by their superior, found step by step downwards; a loop ends it."""
    reached = (
        select(Organisation.id)
        .where(Organisation.superior_id == organisation_id)
        .cte("reached", recursive=True)
    )
    lower = aliased(Organisation)
    # UNION, not UNION ALL: an organisation that was reached already is not gone through again.
    reached = reached.union(select(lower.id).join(reached, lower.superior_id == reached.c.id))
    query = select(Organisation).join(reached, reached.c.id == Organisation.id).order_by(Organisation.code)
    found: dict[int, list[Organisation]] = defaultdict(list)
    for each in session.scalars(query):
        if each.superior_id is not None and each.id != organisation_id:
            found[each.superior_id].append(each)
    return found


def _plans(session: Session, organisations: list[int]) -> Mapping[int, list[PlanBelow]]:
    query = select(PlanRow).where(PlanRow.organisation_id.in_(organisations), PlanRow.state == "active")
    rows = session.scalars(query.order_by(PlanRow.issued, PlanRow.id)).all()
    figures = of_plans(session, rows)
    found: dict[int, list[PlanBelow]] = defaultdict(list)
    for row in rows:
        counted = figures.get(row.id)
        found[row.organisation_id].append(
            PlanBelow(number=row.number, title=row.title, as_of=None)
            if counted is None
            else PlanBelow(
                number=row.number,
                title=row.title,
                as_of=counted.as_of,
                done=counted.done,
                total=counted.total,
                overdue=counted.counts[StandingKind.OVERDUE],
            )
        )
    return found


def _under(
    superior: int,
    depth: int,
    children: Mapping[int, list[Organisation]],
    plans: Mapping[int, list[PlanBelow]],
) -> list[Below]:
    found: list[Below] = []
    for each in children.get(superior, ()):
        found.append(Below(code=each.code, name=each.name, depth=depth, plans=tuple(plans.get(each.id, ()))))
        found += _under(each.id, depth + 1, children, plans)
    return found
