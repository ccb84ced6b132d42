"""What pages that act stand on, on both databases: what changed since, reports that wait, a desk for many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import Engine

from storage import journal, tasks
from storage.changed import changed_since, last_change
from storage.desk import Desk
from storage.desk_of_many import DeskOfMany
from storage.engine import read, write
from storage.to_accept import reports_to_accept
from tasks_catalog.calendar import vietnam
from tasks_catalog.decisions import DecisionRefused
from tasks_catalog.facts import Document
from tasks_catalog.occurrence import ShareKey
from tasks_catalog.problem import Refused
from tests.storage.cast import NUMBER, PLANNED, at, import_cast, opening, set_up

NOVEMBER, MARCH = date(2022, 11, 15), date(2022, 3, 14)
UNITS = ("tm", "cn", "vp")


@dataclass(frozen=True)
class Kept:
    engine: Engine
    office: int

    def desk(self, session: object, by: str = "lan", on: date = date(2022, 3, 20)) -> Desk:
        return Desk(
            session=session,  # type: ignore[arg-type]
            organisation_id=self.office,
            calendar=vietnam((2022,)),
            at=at(on),
            by=by,
        )


@pytest.fixture
def kept(engine: Engine) -> Kept:
    """Row 1 is opened for one unit, row 2's March for three, of which two reported."""
    with write(engine) as session:
        office = set_up(session)
        plan = import_cast(session, office)
        one, two = PLANNED[1][0], PLANNED[2][0]
        opened = ((f"{NUMBER}/1", opening(one, "tm")), (f"{NUMBER}/2", opening(two, *UNITS)))
        journal.record_many(session, plan, opened, at=at(date(2022, 1, 10)))
        kept = Kept(engine, office)
        for unit in ("tm", "cn"):
            kept.desk(session, on=date(2022, 3, 15)).report(f"{NUMBER}/2", unit)
        return kept


def test_what_bears_on_a_share_is_its_own_and_the_whole_task_s(kept: Kept) -> None:
    task = f"{NUMBER}/2"
    with write(kept.engine) as session:
        row = tasks.task_or_refuse(session, kept.office, task)
        keys = {unit: ShareKey(task, MARCH.isoformat(), unit) for unit in UNITS}
        seen = {unit: last_change(session, row, key) for unit, key in keys.items()}
        whole = last_change(session, row)
        assert seen["vp"] < seen["tm"] < seen["cn"] == whole
        kept.desk(session).accept(task, "cn")
        assert changed_since(session, row, keys["tm"], seen["tm"]) is None
        change = changed_since(session, row, keys["cn"], seen["cn"])
        assert change is not None
        assert (change.kind, change.by) == ("accept", "lan")
        assert changed_since(session, row, None, whole) is not None
        kept.desk(session).correct(task, "text", "Rà soát lại thủ tục")
        told = changed_since(session, row, keys["tm"], seen["tm"])
        assert told is not None
        assert told.kind == "correct", "what changes the whole task bears on every share"


def test_reports_wait_page_by_page(kept: Kept) -> None:
    with read(kept.engine) as session:
        plan = tasks.plan_or_refuse(session, kept.office, NUMBER)
        first = reports_to_accept(session, plan, most=1)
        second = reports_to_accept(session, plan, most=1, after=first.after)
        assert (first.total, second.total, second.after) == (2, 2, "")
        assert [s.key.unit for page in (first, second) for _, s in page.lines] == ["tm", "cn"]
        assert reports_to_accept(session, plan, after="9999999.9").lines == ()


def test_a_desk_of_many_writes_what_fitted_and_nothing_of_the_rest(kept: Kept) -> None:
    two = f"{NUMBER}/2"
    with write(kept.engine) as session:
        plan = tasks.plan_or_refuse(session, kept.office, NUMBER)
        desk = DeskOfMany.over(kept.desk(session), plan, (1, 2, 99))
        assert sorted(desk.facts) == [f"{NUMBER}/1", two]
        desk.accept(two, "tm")
        with pytest.raises(DecisionRefused):
            desk.accept(two, "vp")
        with pytest.raises(DecisionRefused):
            desk.accept(two, "tm", occurrence=MARCH.isoformat())
        replace(desk, note="thiếu số liệu").return_(two, "cn")
        paper = replace(desk, document=Document(number="12/QĐ-SCT"))
        paper.grant_extension(f"{NUMBER}/1", "tm", to=date(2022, 12, 1))
        with pytest.raises(Refused) as raised:
            desk.accept(f"{NUMBER}/3", "tm")
        assert raised.value.code == "task_not_picked"
        row = tasks.task_or_refuse(session, kept.office, two)
        assert journal.history(session, row)[-1].kind == "report", "nothing is written before it is told to"
        desk.write_down()
    with read(kept.engine) as session:
        row = tasks.task_or_refuse(session, kept.office, two)
        assert [line.kind for line in journal.history(session, row)][-2:] == ["accept", "return"]
        facts = tasks.facts_of_task(session, row)
        assert facts == desk.facts[two]
        shares = {share.key.unit: share for share in facts.current_shares}
        assert shares["tm"].accepted_on == date(2022, 3, 20)
        assert (shares["cn"].epoch, shares["cn"].is_live) == (2, True)
        (one,) = tasks.facts_of_task(
            session, tasks.task_or_refuse(session, kept.office, f"{NUMBER}/1")
        ).current_shares
        assert one.due == date(2022, 12, 1)
        assert one.extensions[0].document == Document(number="12/QĐ-SCT")
