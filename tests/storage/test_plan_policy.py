"""What is set of a plan: through the one door, for later epochs, undone as it was done, and counted anew."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from storage import counted, tasks
from storage.counted_rows import PlanDay
from storage.day_turn import advance
from storage.engine import read, write
from storage.miscounted import miscounted
from storage.office_journal import ChangeRefused, Made, undo
from storage.office_record import changes
from storage.office_rows import OfficeChange
from storage.plan_hours import hours_in_force, hours_of
from storage.plan_policy import POLICY, ladder_now, set_handling, set_hours, set_ladder
from storage.reckoning import tally_at
from storage.schema import Event, PlanRow
from storage.settables import SETTABLES
from tasks_catalog.ladder import DEFAULT_LADDER, Audience, Ladder, Office
from tasks_catalog.ladder_rules import LadderRefused, RungWritten, ladder_of, written
from tasks_catalog.progress import tally_of
from tasks_catalog.sending_hours import Hours, HoursRefused
from tasks_catalog.task import AcceptedBy, Continuous, NotArisen
from tests.storage.cast import ISSUED, NUMBER, at, import_cast, set_up
from tests.storage.deciding import started

DAY = date(2022, 3, 1)
OFFICE = Hours(first=time(8), until=time(17))
SHORT: Ladder = ladder_of(
    [
        RungWritten(offset=-7, audience=(Audience.OWNER,)),
        RungWritten(offset=1, audience=(Audience.HEAD, Audience.OWNER)),
    ],
    written(DEFAULT_LADDER.sheet),
)


def made(day: date = DAY, by: str = "lan") -> Made:
    return Made(by=by, at=at(day))


def open_plan(session: Session) -> PlanRow:
    plan = started(session, NUMBER)
    tasks.activate(session, plan, on=ISSUED, by="lan", at=at(ISSUED))
    return plan


def settings_events(engine: Engine) -> list[dict[str, object]]:
    with read(engine) as session:
        return [event.payload for event in session.scalars(select(Event).where(Event.kind == "settings"))]


def test_a_ladder_holds_from_the_day_after_and_what_is_open_keeps_its_own(engine: Engine) -> None:
    with write(engine) as session:
        plan = open_plan(session)
        done = set_ladder(session, plan.organisation_id, NUMBER.lower(), SHORT, made=made())
        assert done is not None
        assert set_ladder(session, plan.organisation_id, NUMBER, SHORT, made=made()) is None
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, plan.organisation_id, NUMBER)
        assert tasks.ladders_of(session, plan) == ((DAY + timedelta(days=1), SHORT),)
        shares = [share for task in tasks.facts_of_plan(session, plan) for share in task.current_shares]
        office = Office(directory=None, calendar=None, ladders=tasks.ladders_of(session, plan))  # type: ignore[arg-type]  # asked for its ladder alone
        assert shares
        assert {office.ladder_for(share) for share in shares} == {DEFAULT_LADDER}
        (line,) = changes(session, plan.organisation_id, kinds=("ladder",), most=5)
        assert (line.key, line.before) == (NUMBER, None)
        assert line.after is not None
        assert line.after["since"] == "2022-03-02"


def test_of_a_plan_not_tracked_yet_it_holds_at_once(engine: Engine) -> None:
    with write(engine) as session:
        plan = import_cast(session, set_up(session))
        set_ladder(session, plan.organisation_id, NUMBER, SHORT, made=made())
        assert tasks.ladders_of(session, plan) == ((DAY, SHORT),)


def test_undoing_is_a_ladder_of_its_own_for_later_epochs_and_can_be_undone(engine: Engine) -> None:
    later = DAY + timedelta(days=10)
    with write(engine) as session:
        plan = open_plan(session)
        first = set_ladder(session, plan.organisation_id, NUMBER, SHORT, made=made())
        assert first is not None
        second = undo(session, plan.organisation_id, SETTABLES, first.id, made=made(later))
        assert ladder_now(session, plan) == DEFAULT_LADDER
        assert [since for since, _ in tasks.ladders_of(session, plan)] == [
            DAY + timedelta(days=1),
            later + timedelta(days=1),
        ], "what began under the short ladder keeps it"
        undo(session, plan.organisation_id, SETTABLES, second.id, made=made(later))
        assert ladder_now(session, plan) == SHORT
        with pytest.raises(ChangeRefused, match="change_undone"):
            undo(session, plan.organisation_id, SETTABLES, first.id, made=made(later))


def test_an_unsound_ladder_does_not_come_in_by_the_door_either(engine: Engine) -> None:
    with write(engine) as session:
        plan = open_plan(session)
        now = {"dated": [], "sheet": []}
        with pytest.raises(LadderRefused):
            POLICY["ladder"].write(session, plan.organisation_id, NUMBER, now, made=made())


def test_hours_are_set_within_the_office_s_and_taken_back(engine: Engine) -> None:
    nine = Hours(first=time(9), until=time(16))
    with write(engine) as session:
        plan = open_plan(session)
        organisation = plan.organisation_id
        done = set_hours(session, organisation, NUMBER, nine, office=OFFICE, made=made())
        assert done is not None
        assert hours_of(session, plan) == nine
        assert set_hours(session, organisation, NUMBER, nine, office=OFFICE, made=made()) is None
        shorter = Hours(first=time(16), until=time(17))
        assert hours_in_force(session, organisation, OFFICE) == {plan.id: nine}
        assert hours_in_force(session, organisation, shorter) == {}, "outside the office's it is void"
        undo(session, organisation, SETTABLES, done.id, made=made())
        assert hours_of(session, plan) is None


def test_hours_that_no_letter_could_keep_are_refused(engine: Engine) -> None:
    with write(engine) as session:
        plan = open_plan(session)
        organisation = plan.organisation_id
        other = import_cast(session, organisation, number="1/KH-KHAC")
        morning = Hours(first=time(8), until=time(11))
        done = set_hours(session, organisation, other.number, morning, office=OFFICE, made=made())
        for hours, code in (
            (Hours(first=time(16), until=time(9)), "hours_upside_down"),
            (Hours(first=time(7), until=time(9)), "hours_outside_office"),
            (Hours(first=time(11), until=time(16)), "hours_beside_plan"),
        ):
            with pytest.raises(HoursRefused) as refused:
                set_hours(session, organisation, NUMBER, hours, office=OFFICE, made=made())
            assert refused.value.code == code
        ten = Hours(first=time(10), until=time(16))
        set_hours(session, organisation, NUMBER, ten, office=OFFICE, made=made())
        late = {"from": "16:00", "until": "17:00"}
        with pytest.raises(HoursRefused):  # the door itself asks, so an undo cannot part two plans either
            POLICY["plan_hours"].write(session, organisation, other.number, late, made=made())
        assert done is not None


def test_whose_word_accepts_is_kept_with_what_held_before_and_only_once(engine: Engine) -> None:
    with write(engine) as session:
        office = set_up(session)
        import_cast(session, office)
    for _ in range(2):
        with write(engine) as session:
            told = made(ISSUED)
            set_handling(session, office, NUMBER.lower(), accepted_by=AcceptedBy.LEADER, made=told)
    with read(engine) as session:
        plan = tasks.plan_or_refuse(session, office, NUMBER)
        assert tasks.settings_of(plan).accepted_by is AcceptedBy.LEADER
        assert tasks.settings_of(plan).year == 2022
        assert session.scalar(select(func.count()).select_from(OfficeChange)) == 1
    assert settings_events(engine) == [{"accepted_by": "leader", "before": "coordinator"}]


def test_counting_otherwise_counts_anew_and_leaves_past_days_alone(engine: Engine) -> None:
    with write(engine) as session:
        plan = open_plan(session)
        close = DAY - timedelta(days=1)
        while advance(session, plan, close):
            pass
        before = counted.counts_of(session, plan)
        then = tally_at(session, plan, close)
        assert before is not None
        assert before.total == 3
        kept = session.execute(select(PlanDay.done, PlanDay.total, PlanDay.counts)).all()
        done = set_handling(
            session,
            plan.organisation_id,
            NUMBER,
            continuous=Continuous.YEAR_END,
            not_arisen=NotArisen.EXCLUDED,
            made=made(),
        )
        assert done is not None
        after = counted.counts_of(session, plan)
        assert after is not None
        assert (after.as_of, after.total) == (close, 2)
        assert not miscounted(session, plan)
        assert session.execute(select(PlanDay.done, PlanDay.total, PlanDay.counts)).all() == kept
        assert tally_at(session, plan, close) == then, "the same cut-off, the same figures for ever"
        assert tally_at(session, plan, DAY).total == 2
        assert tally_at(session, plan, DAY).settings.continuous is Continuous.YEAR_END
        undo(session, plan.organisation_id, SETTABLES, done.id, made=made(DAY + timedelta(days=1)))
        assert counted.counts_of(session, plan) == before
        assert tally_at(session, plan, DAY).total == 2
        assert tally_at(session, plan, DAY + timedelta(days=1)).total == 3


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
