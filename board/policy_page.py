"""The pages on which plans are set: a line for each, and of one its ladder, its hours, how it is handled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from board.policy_forms import AUDIENCES, Handling, RungRow, rows_of
from board.policy_preview import PreviewShown
from board.settings_record import ChangeLine, changes_of, record_link
from storage import tasks
from storage.office_record import last_number
from storage.plan_hours import hours_of, other_hours
from storage.plan_policy import LADDER, PLAN_HOURS, PLAN_SETTINGS, ladder_now
from storage.schema import PlanRow
from tasks_catalog.ladder import DEFAULT_LADDER, Ladder
from tasks_catalog.ladder_rules import FARTHEST, List
from tasks_catalog.sending_hours import Hours
from tasks_catalog.task import AcceptedBy, Continuous, NotArisen

if TYPE_CHECKING:
    from board.app import Board
    from board.view import View

RECENT = 3
MATTERS = (LADDER, PLAN_HOURS, PLAN_SETTINGS)
"""What is set on a plan's page, each by a form of its own; the kinds of ``storage.plan_policy``."""


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """A plan and how it is set, in words."""

    number: str
    href: str
    title: str
    state: str
    ladder: str
    hours: str
    accepted_by: str


@dataclass(frozen=True, kw_only=True)
class PlansPage:
    """Every plan that has not ended, the newest first; then those that have."""

    lines: tuple[PlanLine, ...]
    office_hours: str


@dataclass(frozen=True, kw_only=True)
class LadderList:
    """One list of the ladder as its form draws it."""

    name: str
    title: str
    audiences: tuple[tuple[str, str], ...]
    rows: tuple[RungRow, ...]
    drafts: bool
    """Whether a draft letter of urging may go with a rung."""
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One setting of few values: (value, words, hint) of each."""

    name: str
    legend: str
    options: tuple[tuple[str, str, str], ...]
    value: str


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What a form held, where its page is drawn again: not kept."""

    matter: str = ""
    lists: tuple[tuple[RungRow, ...], ...] = ()
    hours: tuple[str, str] | None = None
    handling: Handling | None = None
    seen: str = ""
    refused: str = ""
    refused_list: str = ""
    preview: PreviewShown | None = None
    proposed: str = ""
    """What is said of a proposal that was put into the form."""


@dataclass(frozen=True, kw_only=True)
class PolicyPage:
    """One plan's settings."""

    number: str
    title: str
    state: str
    plan_href: str
    action: str
    ladder_said: str
    lists: tuple[LadderList, ...]
    farthest: int
    hours_said: str
    first: str
    until: str
    others: tuple[str, ...]
    choices: tuple[Choice, ...]
    seen: dict[str, str]
    changes: dict[str, tuple[ChangeLine, ...]] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    typed: Typed = Typed()


def policy_href(board: Board, number: str) -> str:
    return f"{board.root}/settings/plans/{quote(number, safe='')}"


def plans_page(board: Board, view: View) -> PlansPage:
    plans = tasks.list_plans(view.session, view.organisation_id)
    newest = sorted(plans, key=lambda plan: (plan.state != "ended", plan.issued, plan.id), reverse=True)
    return PlansPage(
        lines=tuple(_line(plan, board, view) for plan in newest),
        office_hours=view.say("policy_office_hours", **_clock(office_hours(view))),
    )


def office_hours(view: View) -> Hours:
    return Hours(first=view.sending[0], until=view.sending[1])


def _line(plan: PlanRow, board: Board, view: View) -> PlanLine:
    settings = tasks.settings_of(plan)
    hours = hours_of(view.session, plan)
    own = ladder_now(view.session, plan) != DEFAULT_LADDER
    return PlanLine(
        number=plan.number,
        href=policy_href(board, plan.number),
        title=plan.title,
        state=view.say(f"board_plan_{plan.state}"),
        ladder=view.say("policy_ladder_own" if own else "policy_ladder_default"),
        hours=view.say("policy_hours_own", **_clock(hours)) if hours else view.say("policy_hours_none"),
        accepted_by=view.say(f"policy_accepted_by_{settings.accepted_by}"),
    )


def policy_page(plan: PlanRow, board: Board, view: View, typed: Typed | None = None) -> PolicyPage:
    """Return the page, with what was ``typed`` where a form is shown again."""
    typed = typed or Typed()
    ladder, hours = ladder_now(view.session, plan), hours_of(view.session, plan)
    number, session, organisation = plan.number, view.session, view.organisation_id
    first, until = typed.hours or (_time(hours)[0], _time(hours)[1])
    seen = {matter: str(last_number(session, organisation, matter, number)) for matter in MATTERS}
    return PolicyPage(
        number=number,
        title=plan.title,
        state=view.say(f"board_plan_{plan.state}"),
        plan_href=view.plan_link(number),
        action=policy_href(board, number),
        ladder_said=_ladder_said(plan, ladder, view),
        lists=tuple(_lists(ladder, typed, view)),
        farthest=FARTHEST,
        hours_said=_hours_said(hours, view),
        first=first,
        until=until,
        others=tuple(_others(plan, view)),
        choices=tuple(_choices(plan, typed.handling, view)),
        seen=seen | ({typed.matter: typed.seen} if typed.seen else {}),
        changes={matter: changes_of(board, view, matter, number, RECENT) for matter in MATTERS},
        records={matter: record_link(board, matter, number) for matter in MATTERS},
        typed=typed,
    )


def _ladder_said(plan: PlanRow, ladder: Ladder, view: View) -> str:
    known = tasks.ladders_of(view.session, plan)
    if ladder == DEFAULT_LADDER:
        return view.say("policy_ladder_is_default")
    return view.say("policy_ladder_is_own", since=known[-1][0])


def _lists(ladder: Ladder, typed: Typed, view: View) -> Iterator[LadderList]:
    shown: Sequence[tuple[RungRow, ...]] = typed.lists or (rows_of(ladder.dated), rows_of(ladder.sheet))
    for which, rows in zip(List, shown, strict=True):
        yield LadderList(
            name=str(which),
            title=view.say(f"policy_list_{which}"),
            audiences=tuple((str(who), view.say(f"policy_audience_{who}")) for who in AUDIENCES[which]),
            rows=rows,
            drafts=which is List.DATED,
            refused=typed.refused if typed.refused_list == which else "",
        )


def _hours_said(hours: Hours | None, view: View) -> str:
    if hours is None:
        return view.say("policy_hours_are_office", **_clock(office_hours(view)))
    if not hours.meets(office_hours(view)):
        return view.say("policy_hours_void", **_clock(hours))
    return view.say("policy_hours_are_own", **_clock(hours))


def _others(plan: PlanRow, view: View) -> Iterator[str]:
    for number, hours in other_hours(view.session, plan).items():
        yield view.say("policy_other_hours", plan=number, **_clock(hours))


def _choices(plan: PlanRow, handling: Handling | None, view: View) -> Iterator[Choice]:
    settings = handling.over(tasks.settings_of(plan)) if handling else tasks.settings_of(plan)
    kinds = (
        ("accepted_by", AcceptedBy, settings.accepted_by),
        ("continuous", Continuous, settings.continuous),
        ("not_arisen", NotArisen, settings.not_arisen),
    )
    for name, values, now in kinds:
        yield Choice(
            name=name,
            legend=view.say(f"policy_{name}"),
            options=tuple(
                (str(value), view.say(f"policy_{name}_{value}"), view.say(f"policy_{name}_{value}_means"))
                for value in values
            ),
            value=str(now),
        )


def _clock(hours: Hours) -> dict[str, str]:
    return dict(zip(("first", "until"), _time(hours), strict=True))


def _time(hours: Hours | None) -> tuple[str, str]:
    return (f"{hours.first:%H:%M}", f"{hours.until:%H:%M}") if hours else ("", "")
