"""Starting a plan from the board: a look at what it would open and whom it would welcome, then the act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from board.acting import back_to, read_posted
from board.import_desk import coordinates_or_refuse
from board.rights import needs
from notifications.mime import letter_id
from storage import tasks
from storage.activating import Activated, activate, foreseen
from storage.engine import write
from tasks_catalog.occurrence import Role
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from datetime import date

    from board.app import Board
    from board.view import View
    from storage.schema import PlanRow

MOST_BEFORE = 50
MAIL_DOMAIN = "localhost"
"""Stands in Message-IDs where the office has set no mail up."""


@dataclass(frozen=True, kw_only=True)
class Before:
    """A task's occurrence that fell due before tracking begins."""

    row: int
    href: str
    text: str
    due: str
    units: str


@dataclass(frozen=True, kw_only=True)
class Welcomed:
    """A unit and whoever gets its welcome letter."""

    unit: str
    person: str


@dataclass(frozen=True, kw_only=True)
class ActivationPage:
    """What activating the plan now would do."""

    number: str
    plan_href: str
    action: str
    title: str
    started: str
    """Why it cannot be activated, or ""."""
    tasks: int
    opens: str
    none_open: int
    before: tuple[Before, ...]
    more_before: int
    waiting: int
    welcomed: tuple[Welcomed, ...]
    unread: tuple[str, ...]
    leaves: str
    refused: str = ""


def add_activating(app: FastAPI, board: Board, keys: Sequence[str]) -> None:
    """Add the page and the act; without a secret there is none."""
    if not keys:
        return

    @app.get("/plans/{number:path}/activation", response_class=HTMLResponse, dependencies=needs(Right.PLANS))
    def show(number: str) -> HTMLResponse:
        with board.view() as view:
            coordinates_or_refuse(view)
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            return board.html("activation.html", activation_page(plan, view), view.directory.name)

    @app.post(
        "/plans/{number:path}/activation", response_class=RedirectResponse, dependencies=needs(Right.PLANS)
    )
    async def act(number: str, request: Request) -> RedirectResponse:
        await read_posted(board, request)
        return await run_in_threadpool(_activated, board, number)


def _activated(board: Board, number: str) -> RedirectResponse:
    with write(board.engine) as session:
        plan, done = started(board, board.view_of(session), number)
        return back_to(
            board.links.plan(plan.number),
            "activated",
            occurrences=done.opened.occurrences,
            shares=done.opened.shares,
            before=done.opened.before_tracking,
            letters=done.welcomed,
        )


def started(board: Board, view: View, number: str) -> tuple[PlanRow, Activated]:
    """Start a plan in the view's transaction. Raises Refused: act_not_allowed, plan_unknown, plan_started."""
    coordinates_or_refuse(view)
    plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
    domain = board.feed_office.domain if board.feed_office else MAIL_DOMAIN

    def message_id(kind: str, person: str, day: date, *about: str) -> str:
        return letter_id(view.organisation_id, domain, kind, person, day, *about)

    done = activate(view.session, plan, by=view.actor.code, moment=view.now, message_id=message_id)
    return plan, done


def activation_page(plan: PlanRow, view: View) -> ActivationPage:
    """Return what activating the plan at this moment would do."""
    would = foreseen(view.session, plan, on=view.now.date())
    words = {row.row: row.current_text for row in tasks.list_tasks(view.session, plan)}
    before = [(task, opens) for task, opens in would.opens if opens.before_tracking]
    waiting = {asked.row for asked in tasks.questions_of(view.session, plan)}
    opened = would.opened
    none_open = len(words) - len({task for task, _ in would.opens}) - len(waiting)
    return ActivationPage(
        number=plan.number,
        plan_href=view.plan_link(plan.number),
        action=f"{view.links.plan(plan.number)}/activation",
        title=plan.title,
        started=""
        if plan.state == "imported"
        else view.say("plan_started", number=plan.number, on=plan.activated_on),
        tasks=len(words),
        opens=view.say("activation_opens", occurrences=opened.occurrences, shares=opened.shares),
        none_open=none_open,
        before=tuple(
            Before(
                row=(row := int(task.rpartition("/")[2])),
                href=view.links.task(plan.number, row),
                text=words[row],
                due=view.day(opens.occurrence.due),
                units="; ".join(view.unit(s.unit) for s in opens.shares if s.role is Role.OWNER),
            )
            for task, opens in before[:MOST_BEFORE]
        ),
        more_before=max(0, len(before) - MOST_BEFORE),
        waiting=len(waiting),
        welcomed=tuple(Welcomed(unit=view.unit(u), person=person.name) for u, person in would.welcomed),
        unread=tuple(map(view.unit, would.unread)),
        leaves=_leaves(view),
    )


def _leaves(view: View) -> str:
    """Say when letters kept now leave: never before the next sending hours."""
    opens, closes = view.sending
    over = view.now.time() >= closes
    day = view.calendar.next_working(view.now.date() + timedelta(days=over))
    if day == view.now.date() and view.now.time() >= opens:
        return view.say("activation_leaves_now", until=f"{closes:%H:%M}")
    return view.say("activation_leaves", day=day, hour=f"{opens:%H:%M}")
