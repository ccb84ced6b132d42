"""Who may do what to a task or a unit's share: one table, which pages draw their actions from and check by.

It says what is open to a person by post and by how the share stands now; whether the decision itself
fits the facts is still for ``decisions.apply``. A page offers what stands here and no more, and what is
posted is checked here again.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from tasks_catalog.deadline import Deadline, Kind
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Person, Post
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Role as PersonRole
from tasks_catalog.roles import role_of
from tasks_catalog.standing import is_closed, is_suspended
from tasks_catalog.task import AcceptedBy, PlanSettings


class Act(StrEnum):
    """One thing a person may do on a page. The first block is of a share, the second of a whole task."""

    REPORT = "report"
    PROGRESS = "progress"
    MEASURE = "measure"
    EXTEND = "extend"
    WAIT = "wait"
    RESUME = "resume"
    HAND_OVER = "hand_over"
    ACCEPT = "accept"
    RETURN = "return"
    DECIDE_EXTENSION = "decide_extension"
    SNOOZE = "snooze"

    ARISEN = "arisen"
    TRIGGER = "trigger"
    SET_ASIDE = "set_aside"
    SETTLE = "settle"
    CORRECT = "correct"
    REASSIGN = "reassign"
    CLOSE = "close"
    REOPEN = "reopen"


LEADERS = (Post.DEPUTY_DIRECTOR, Post.DIRECTOR)
_OF_UNITS = frozenset({Act.REPORT, Act.PROGRESS, Act.MEASURE, Act.EXTEND, Act.WAIT, Act.RESUME})
_OF_OPEN = frozenset({Act.REPORT, Act.PROGRESS, Act.WAIT, Act.HAND_OVER, Act.DECIDE_EXTENSION, Act.SNOOZE})
_OF_LEADERS = frozenset({Act.ACCEPT, Act.RETURN, Act.DECIDE_EXTENSION})


class NotAllowed(Refused):
    """What was asked for is not open to this person, or no longer fits how the work stands."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who is at a page: their code in the directory, their unit, their post."""

    code: str
    unit: str
    post: Post

    @staticmethod
    def of(person: Person) -> Actor:
        return Actor(code=person.code, unit=person.unit, post=person.post)

    @property
    def role(self) -> PersonRole:
        return role_of(self.post)

    @property
    def of_unit(self) -> bool:
        """Whether the work of a unit is theirs: an officer, or a head."""
        return self.post in (Post.OFFICER, Post.HEAD)

    @property
    def coordinates(self) -> bool:
        return self.post is Post.COORDINATOR

    @property
    def leads(self) -> bool:
        return self.post in LEADERS


def speaks_for(actor: Actor, share: Share) -> bool:
    """Say whether the share is the actor's to report on: handed to them, or to nobody in their unit.

    A head speaks for every share of the unit.
    """
    if actor.unit != share.key.unit:
        return False
    return share.officer in (None, actor.code) or actor.post is Post.HEAD


def acts_on_share(actor: Actor, task: TaskFacts, share: Share) -> frozenset[Act]:
    """Return what the actor may do to one unit's share as it stands."""
    if share.withdrawn_on is not None or is_closed(task) or is_suspended(task):
        return frozenset()
    fits = frozenset(_fitting(task, share))
    if actor.coordinates:
        return fits
    allowed: Set[Act] = _OF_UNITS if speaks_for(actor, share) else frozenset()
    if actor.post is Post.HEAD and actor.unit == share.key.unit:
        allowed = allowed | {Act.HAND_OVER}
    if actor.leads:
        allowed = allowed | _OF_LEADERS
    return fits & allowed


def _fitting(task: TaskFacts, share: Share) -> set[Act]:
    """Return what fits the share as it stands, whoever asks."""
    measured = {Act.MEASURE} if task.targets and share.role is Role.OWNER else set()
    if share.is_done:
        return measured | {Act.RETURN} | ({Act.ACCEPT} if share.accepted_on is None else set())
    if share.waiting is not None:
        return measured | {Act.REPORT, Act.RESUME}
    asks = {Act.EXTEND} if share.request is None else set()
    return (
        measured
        | asks
        | {Act.REPORT, Act.PROGRESS, Act.WAIT, Act.HAND_OVER, Act.DECIDE_EXTENSION, Act.SNOOZE}
    )


def acts_on_task(
    actor: Actor, task: TaskFacts, *, asks: bool = False, owning: Set[str] = frozenset()
) -> frozenset[Act]:
    """Return what the actor may do to the task as a whole; ``asks`` when a question of its row is open.

    ``owning`` are units that own it by a collective wording.
    """
    if is_closed(task) or is_suspended(task):
        return frozenset({Act.REOPEN}) if actor.coordinates else frozenset()
    on_condition = may_arise(task.deadline) and task.active
    if actor.coordinates:
        found = {Act.CORRECT, Act.REASSIGN, Act.CLOSE}
        if asks:
            found.add(Act.SETTLE)
        if on_condition:
            found.add(Act.TRIGGER)
        if task.arisen:
            found.add(Act.SET_ASIDE)
        return frozenset(found)
    named = any(owner.role is Role.OWNER and owner.code == actor.unit for owner in task.owners)
    owned = named or actor.unit in owning
    return frozenset({Act.ARISEN}) if on_condition and owned else frozenset()


def may_arise(deadline: Deadline) -> bool:
    """Say whether the deadline, or a part of it, waits for a condition or an outside schedule."""
    if deadline.kind is Kind.COMPOUND:
        return any(may_arise(part) for part in deadline.parts)
    return deadline.kind in (Kind.WHEN, Kind.EXTERNAL)


def needs_leaders_paper(settings: PlanSettings, post: Post) -> bool:
    """Say whether the plan asks for a leader's word, so that this post needs a leader's paper."""
    return settings.accepted_by is AcceptedBy.LEADER and post not in LEADERS


def require(act: Act, allowed: Set[Act]) -> None:
    """Raise NotAllowed (act_not_allowed) unless ``act`` is among what the person may do now."""
    if act not in allowed:
        raise NotAllowed("act_not_allowed", act=str(act))
