"""People deciding at random about a plan of the cast, for what must hold however they decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.schema import Organisation, PlanRow, TaskRow
from tasks_catalog.decisions import (
    Accept,
    Acknowledge,
    AskExtension,
    Close,
    Correct,
    DecideExtension,
    Decision,
    DecisionRefused,
    Measure,
    MovedDate,
    OpenedShare,
    Reassign,
    Reopen,
    Report,
    Resume,
    Return,
    Revise,
    SayArisen,
    SetAside,
    Snooze,
    Trigger,
    Wait,
)
from tasks_catalog.facts import ClosingKind, Document, Evidence, OwnerRef
from tasks_catalog.figures import Figure
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.targets import targets_of
from tests.storage.cast import BOTH, ISSUED, PLANNED, at, import_cast, occurrence, opening, set_up

PAPER = Document(number="123/SCT-VP", issued=date(2022, 5, 4), title="V/v gia hạn")
STEPS = st.lists(
    st.tuples(st.integers(0, 24), st.integers(0, 5), st.integers(0, 20)), min_size=1, max_size=25
)


def decision_of(which: int, key: ShareKey, day: date) -> Decision:
    soon, later = day + timedelta(days=5), day + timedelta(days=400)
    made: tuple[Callable[[], Decision], ...] = (
        lambda: Report(share=key, evidence=(Evidence(text="1/BC"),)),
        lambda: Report(share=key, product_date=day - timedelta(days=3)),
        lambda: Accept(share=key, product_date_counts=True),
        lambda: Return(share=key, reason="thiếu", due=soon, lapses=soon),
        lambda: Acknowledge(share=key, expected=soon),
        lambda: AskExtension(share=key, to=later, reason="chậm"),
        lambda: DecideExtension(share=key, granted=True, to=later, lapses=later),
        lambda: DecideExtension(share=key, granted=False),
        lambda: Wait(share=key),
        lambda: Resume(share=key, due=soon, lapses=soon),
        lambda: Close(closing=ClosingKind.SUSPENDED if day.day % 2 else ClosingKind.STOPPED),
        lambda: Reopen(),
        lambda: Reassign(from_unit=key.unit, to_unit="cn" if key.unit == "tm" else "tm", officer="hung"),
        lambda: Snooze(share=key, until=soon),
        lambda: Trigger(occurrence=occurrence(soon), shares=(OpenedShare(unit="vp", role=Role.OWNER),)),
        lambda: Correct(field="product", value=f"Báo cáo {day:%d/%m}"),
        lambda: Revise(
            words={"text": f"Việc sửa ngày {day:%d/%m}"},
            deadline=BOTH,
            planned=(replace(occurrence(later), key=key.occurrence),),
            moved=(MovedDate(occurrence=key.occurrence, due=later, lapses=later),),
        ),
        lambda: Revise(deadline=BOTH, planned=(occurrence(soon),), gone=(key.occurrence,)),
        lambda: Measure(share=key, figures=(Figure(target=1, amount=Decimal(day.day)),)),
        lambda: Report(share=key, figures=(Figure(target=2, part=Decimal(day.day), whole=Decimal(40)),)),
        lambda: Revise(targets=targets_of(f"Đúng hạn tối thiểu 70% văn bản; {day:%d}% hồ sơ")),
        lambda: Correct(field="targets", value="…", targets=targets_of("Tối thiểu 80% văn bản")),
        lambda: Revise(
            owners=(OwnerRef(code="vp", role=Role.OWNER), OwnerRef(code=f"u{day:%d}", role=Role.CO_OWNER)),
            owed_by=(
                OpenedShare(unit="vp", role=Role.OWNER),
                OpenedShare(unit=f"u{day.day % 3}", role=Role.CO_OWNER),
            ),
        ),
        lambda: SayArisen(unit=key.unit, arose=day, words="Tỉnh đã có hướng dẫn"),
        lambda: SetAside(reason="mới là dự thảo", unit=key.unit if day.day % 2 else None),
    )
    return made[which]()


def started(session: Session, number: str) -> PlanRow:
    office = session.scalars(select(Organisation.id)).one_or_none() or set_up(session)
    plan = import_cast(session, office, number=number)
    entries = [(f"{number}/{row}", opening(due, "tm", "vp", "cn")) for row in (1, 2) for due in PLANNED[row]]
    journal.record_many(session, plan, entries, at=at(ISSUED))
    return plan


def attempt(session: Session, row: TaskRow, which: int, pick: int, day: date) -> None:
    shares = sorted(tasks.facts_of_task(session, row).shares)
    decision = decision_of(which, shares[pick % len(shares)], day)
    try:
        journal.record(session, row, decision, by="lan", at=at(day), on=day, document=PAPER)
    except DecisionRefused:
        return  # what does not fit is refused, and must leave nothing behind
