"""The page of a superior body: the figures of the organisations below it, without their tasks or people."""

from __future__ import annotations

from dataclasses import dataclass

from board.scope import NavLink, nav_of
from board.view import View
from notifications.papers.figures import percent
from storage.below import Below, PlanBelow, below


@dataclass(frozen=True, kw_only=True)
class PlanFigures:
    """A plan of an organisation below, in one line."""

    number: str
    title: str
    done: str
    overdue: int
    as_of: str


@dataclass(frozen=True, kw_only=True)
class OrganisationFigures:
    """An organisation below; ``depth`` 1 is directly below."""

    name: str
    depth: int
    done: str
    percent: str
    overdue: int
    plans: tuple[PlanFigures, ...]


@dataclass(frozen=True, kw_only=True)
class BelowPage:
    """Every organisation below, and all of them together."""

    nav: tuple[NavLink, ...]
    data_as_of: str
    counted: str
    organisations: tuple[OrganisationFigures, ...]


def below_page(view: View) -> BelowPage:
    """Return the page; empty where nobody is below."""
    found = below(view.session, view.organisation_id)
    done, total = sum(each.done for each in found), sum(each.total for each in found)
    overdue = sum(each.overdue for each in found)
    return BelowPage(
        nav=nav_of(view, None, "below"),
        data_as_of=view.data_as_of,
        counted=view.say(
            "below_counted",
            number=len(found),
            done=view.grouped(done),
            total=view.grouped(total),
            overdue=view.grouped(overdue),
        ),
        organisations=tuple(_organisation(each, view) for each in found),
    )


def _organisation(each: Below, view: View) -> OrganisationFigures:
    return OrganisationFigures(
        name=each.name,
        depth=each.depth,
        done=_of(each.done, each.total, view),
        percent=percent(each.done, each.total, view.language),
        overdue=each.overdue,
        plans=tuple(_plan(plan, view) for plan in each.plans),
    )


def _plan(plan: PlanBelow, view: View) -> PlanFigures:
    return PlanFigures(
        number=plan.number,
        title=plan.title,
        done=_of(plan.done, plan.total, view) if plan.as_of else view.say("below_not_counted"),
        overdue=plan.overdue,
        as_of=view.day(plan.as_of) if plan.as_of else "",
    )


def _of(done: int, total: int, view: View) -> str:
    return f"{view.grouped(done)}/{view.grouped(total)}"
