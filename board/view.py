"""What one look at the board needs: who looks at which office, when, and in which language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from notifications.links import Links
from notifications.wording import date_text, sentence
from storage import tasks
from storage.counted import Worst, counts_of, of_plans, worst
from storage.counting import state_of
from storage.schema import PlanRow
from tasks_catalog.allowed import Actor
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.counting import Figures, figures_of
from tasks_catalog.facts import TaskFacts
from tasks_catalog.people import Directory, Person, Post
from tasks_catalog.progress import StandingTask, Tally, tally_of
from tasks_catalog.roles import SEES_NAMES, Right, Role, may, role_of
from tasks_catalog.standing import is_overdue
from tasks_catalog.task import PlanSettings

_ADDRESS = re.compile(r"[^\s<>(),;]+@[^\s<>(),;]+")
NOBODY = Actor(code="", unit="", post=Post.VIEWER)
"""Who looks where sign-in is configured and nobody has signed in."""


@dataclass(frozen=True, kw_only=True)
class View:
    """One request's view. ``now`` is aware and local to the office.

    Without ``as_of`` it shows the facts of this moment, and what is due today is not late yet. With
    it, it shows the close of that day by the facts recorded by then, the same for ever.
    """

    session: Session
    organisation_id: int
    now: datetime
    language: str
    links: Links
    calendar: WorkCalendar
    directory: Directory
    as_of: date | None = None
    sending: tuple[time, time] = (time(8), time(17))
    """From when, and until before when, letters leave."""
    viewer: Actor | None = None
    """Who looks; None is whoever sits at this machine, which until sign-in is the coordinator's."""
    must_sign_in: bool = False
    """Whether sign-in is configured: then nobody is nobody, and not the coordinator."""

    @property
    def actor(self) -> Actor:
        """Who looks, and by whose post it is judged what they may do."""
        if self.viewer is not None:
            return self.viewer
        if self.must_sign_in:
            return NOBODY
        coordinator = self.directory.coordinator()
        return Actor.of(coordinator) if coordinator else Actor(code="office", unit="", post=Post.COORDINATOR)

    def may(self, right: Right) -> bool:
        """Say whether whoever looks has a right; until sign-in is configured they have every one."""
        if self.viewer is None and not self.must_sign_in:
            return True
        return may(self.actor.role, right)

    def say(self, code: str, **params: object) -> str:
        return sentence(code, self.language, **params)

    def grouped(self, number: int) -> str:
        """Return a number with its thousands apart: "5.000", in English "5,000"."""
        written = f"{number:,}"
        return written if self.language == "en" else written.replace(",", ".")

    def day(self, day: date) -> str:
        return date_text(day, self.language)

    def moment(self, moment: datetime) -> str:
        """Return a moment of the record in the office's local time."""
        local = self.local(moment)
        return f"{self.day(local.date())} {local:%H:%M}"

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.now.tzinfo)

    @property
    def count_day(self) -> date:
        """The day that days overdue are counted to."""
        return self.as_of or self.now.date()

    @property
    def close(self) -> date:
        """The last day whose due dates have passed: the close shown, else yesterday's."""
        return self.as_of or self.now.date() - timedelta(days=1)

    @property
    def data_as_of(self) -> str:
        if self.as_of:
            return self.say("board_data_close", day=self.as_of)
        return self.say("board_data_now", moment=self.moment(self.now))

    def facts(self, plan: PlanRow) -> tuple[TaskFacts, ...]:
        if self.as_of:
            return tasks.facts_as_of(self.session, plan, self.as_of)
        return tasks.facts_of_plan(self.session, plan)

    def tally(self, plan: PlanRow) -> Tally:
        return tally_of(plan.number, self.facts(plan), self.settings(plan), self.close)

    def settings(self, plan: PlanRow) -> PlanSettings:
        """Return the plan's settings, those that held then where a past day is looked at."""
        return tasks.settings_at(self.session, plan, self.as_of) if self.as_of else tasks.settings_of(plan)

    def figures(self, plan: PlanRow) -> Figures:
        """Return the plan's numbers: as counted, or of a past day as the journal tells them.

        ``as_of`` is the close they tell; after a day on which very much fell due it may lie behind
        ``close`` for some minutes. A plan that is not counted yet is tallied.
        """
        return self.counted(plan) or figures_of(self.tally(plan))

    def figures_of_all(self, plans: Iterable[PlanRow]) -> dict[int, Figures]:
        """Return the numbers of many plans by id, without those of their sections and units."""
        every = tuple(plans)
        found = {} if self.as_of else of_plans(self.session, every)
        return {
            plan.id: found[plan.id]
            if plan.id in found and found[plan.id].as_of <= self.close
            else figures_of(self.tally(plan))
            for plan in every
        }

    def counted(self, plan: PlanRow) -> Figures | None:
        """Return the plan's counted figures where they are what this look shows."""
        found = None if self.as_of else counts_of(self.session, plan)
        return found if found and found.as_of <= self.close else None

    def worst(self, plan: PlanRow, figures: Figures, most: int) -> tuple[Worst, ...]:
        """Return the overdue tasks longest past their date, counted as ``figures`` are."""
        state = None if self.as_of else state_of(self.session, plan.id)
        if state is not None and state.through is None and state.day == figures.as_of:
            return worst(self.session, plan, most=most)
        return tuple(_worst(entry, figures.as_of) for entry in self.tally(plan).worst(most))

    def how_far(self, found: Figures) -> str:
        """Say to which day figures are counted where that is not the day looked at; else ""."""
        return "" if found.as_of >= self.close else self.say("board_counted_to", day=found.as_of)

    def unit(self, code: str) -> str:
        """Return the name of a unit or a collective wording, or its code once it has left the directory."""
        found = self.directory.unit(code) or self.directory.group(code)
        return found.name if found else code

    def person(self, code: str) -> str:
        """Return who the record names: a person, or the office itself."""
        if code == "office":
            return self.say("board_by_office")
        found = self.directory.person(code)
        if found is None:
            return code
        return found.name if self.names(found) else self.say("board_somebody", unit=self.unit(found.unit))

    def names(self, person: Person) -> bool:
        """Say whether whoever looks is told this person by name, or by their unit only."""
        actor = self.actor
        if actor.role in SEES_NAMES or actor.unit == person.unit:
            return True
        return role_of(person.post) in (Role.COORDINATOR, Role.LEADER)

    def unit_of(self, person: str) -> str:
        """Return the unit of who the record names; "" for the office itself and who is not known."""
        found = self.directory.person(person)
        return found.unit if found else ""

    def remark(self, words: str, unit: str) -> str:
        """Return what a unit's people said; its addresses are for who is told names."""
        if not unit or self.actor.role in SEES_NAMES or self.actor.unit == unit:
            return words
        return _ADDRESS.sub(self.say("board_address_left_out"), words)

    def plan_link(self, number: str) -> str:
        return self.links.plan(number) + self._query({})

    def list_link(self, number: str, **filters: str | None) -> str:
        return f"{self.links.plan(number)}/list{self._query(filters)}"

    def page_link(self, number: str | None, page: str, /, **query: str | None) -> str:
        """Return the link to a page of a plan, or of the whole office where no plan is named."""
        base = self.links.plan(number) if number else self.links.base_url.rstrip("/")
        return f"{base}/{page}{self._query(query)}"

    def _query(self, filters: dict[str, str | None]) -> str:
        """Return the query of a link: its filters, and the day looked at."""
        asked = {name: value for name, value in filters.items() if value is not None}
        if self.as_of:
            asked["as_of"] = self.as_of.isoformat()
        return f"?{urlencode(asked)}" if asked else ""


def _worst(entry: StandingTask, as_of: date) -> Worst:
    late = [share for share in entry.task.current_shares if is_overdue(share, as_of)]
    since = entry.standing.since or as_of
    return Worst(
        row=entry.task.row,
        text=entry.task.text,
        since=since,
        due=date.fromisoformat(entry.standing.params["due"]),
        units=tuple(dict.fromkeys(share.key.unit for share in late)),
    )
