"""Changing how a plan is handled: kept with what held before; plans of older versions read as before."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, func, select

from storage import tasks
from storage.engine import read, write
from storage.office_journal import Made
from storage.plan_policy import set_handling
from storage.schema import Event, PlanRow
from tasks_catalog.progress import tally_of
from tasks_catalog.task import AcceptedBy
from tests.storage.cast import ISSUED, NUMBER, at, import_cast, set_up


def events(engine: Engine) -> list[dict[str, object]]:
    with read(engine) as session:
        return [event.payload for event in session.scalars(select(Event).where(Event.kind == "settings"))]


def test_a_change_is_kept_with_what_held_before_and_only_once(engine: Engine) -> None:
    with write(engine) as session:
        office = set_up(session)
        import_cast(session, office)
    for _ in range(2):
        with write(engine) as session:
            made = Made(by="lan", at=at(ISSUED))
            set_handling(session, office, NUMBER.lower(), accepted_by=AcceptedBy.LEADER, made=made)
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        assert tasks.settings_of(plan).accepted_by is AcceptedBy.LEADER
        assert tasks.settings_of(plan).year == 2022
    assert events(engine) == [{"accepted_by": "leader", "before": "coordinator"}]


def test_a_plan_kept_without_the_setting_is_accepted_by_the_coordinator(engine: Engine) -> None:
    with write(engine) as session:
        office = set_up(session)
        plan = import_cast(session, office)
        older = {name: value for name, value in plan.settings.items() if name != "accepted_by"}
        assert len(older) == len(plan.settings) - 1
        facts = tasks.facts_of_plan(session, plan)
        tally = tally_of(NUMBER, facts, tasks.settings_of(plan), date(2022, 3, 1))
        plan.settings = older
    with read(engine) as session:
        plan = session.scalars(select(PlanRow)).one()
        settings = tasks.settings_of(plan)
        assert settings.accepted_by is AcceptedBy.COORDINATOR
        assert tally_of(NUMBER, tasks.facts_of_plan(session, plan), settings, date(2022, 3, 1)) == tally
        assert session.scalar(select(func.count()).select_from(Event).where(Event.kind == "settings")) == 0
