"""The ledger of notices: this rung, of this share in this epoch, for this person, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, Update, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningUpdate

from storage.schema import LetterRow, NoticeRow, OccurrenceRow, PlanRow, ShareRow, TaskRow
from storage.upsert import insert_new
from tasks_catalog.ladder import Audience, Notice, NoticeKey, NoticeState
from tasks_catalog.occurrence import ShareKey
from tasks_catalog.preference import SWITCHED_OFF
from tasks_catalog.substitutes import Line
from tasks_catalog.task import task_id

CHUNK = 1000
UNTOLD = "untold"
"""The parameter of a cancelled notice that says why, where it is another reason than the share's."""
_ONCE = ("share_id", "epoch", "rung", "person", "channel")


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """A notice as the ledger holds it; ``notice.state`` is what has become of it."""

    id: int
    notice: Notice
    plan_id: int
    task_id: str
    created_at: datetime
    settled_at: datetime | None = None
    letter_id: int | None = None
    reader: str | None = None
    """Who the letter went to that carries it: somebody else where the notice's person was away."""
    officer: str | None = None
    """The officer of the share, now."""
    snoozed_until: date | None = None

    @property
    def line(self) -> Line:
        notice = self.notice
        key = notice.key
        return Line(key.person, notice.audience, notice.route, key.share.unit, self.officer)

    def is_snoozed(self, on: date) -> bool:
        """Say whether its owner asked not to be reminded before a later day."""
        own = self.notice.audience in (Audience.OWNER, Audience.CO_OWNER) and self.notice.is_reminder
        return own and self.snoozed_until is not None and self.snoozed_until > on


def add(session: Session, organisation_id: int, notices: Iterable[Notice], *, at: datetime) -> int:
    """Add notices and return how many the ledger did not hold yet.

    Those it holds are left as they are, whoever added them, even at this moment.
    """
    wanted = list(notices)
    shares = _share_ids(session, organisation_id, {notice.key.share for notice in wanted})
    rows = [_values(organisation_id, shares[notice.key.share], notice, at) for notice in wanted]
    query = insert_new(session, NoticeRow, _ONCE).returning(NoticeRow.id)
    return sum(
        len(session.scalars(query, rows[start : start + CHUNK]).all()) for start in range(0, len(rows), CHUNK)
    )


def _values(organisation_id: int, share_id: int, notice: Notice, at: datetime) -> dict[str, Any]:
    key = notice.key
    return {
        "organisation_id": organisation_id,
        "share_id": share_id,
        "epoch": key.epoch,
        "rung": key.rung,
        "person": key.person,
        "channel": key.channel,
        "state": str(notice.state),
        "fire_on": notice.fire_on,
        "audience": str(notice.audience),
        "why": notice.why,
        "route": notice.route,
        "params": dict(notice.params),
        "created_at": at,
        "settled_at": None if notice.state is NoticeState.WAITING else at,
        "letter_id": None,
    }


def _share_ids(session: Session, organisation_id: int, keys: Iterable[ShareKey]) -> dict[ShareKey, int]:
    """Return the ids of the shares' rows, a query per plan and thousand tasks."""
    rows: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        number, _, row = key.task.rpartition("/")
        rows[number].add(int(row))
    return {
        key: share
        for number, wanted in rows.items()
        for key, share in _ids_of(session, organisation_id, number, wanted)
    }


def _ids_of(
    session: Session, organisation_id: int, number: str, rows: Iterable[int]
) -> Iterator[tuple[ShareKey, int]]:
    query = (
        select(TaskRow.row, OccurrenceRow.key, ShareRow.unit, ShareRow.id)
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .join(TaskRow, TaskRow.id == ShareRow.task_id)
        .join(PlanRow, PlanRow.id == ShareRow.plan_id)
        .where(PlanRow.organisation_id == organisation_id, PlanRow.number == number)
    )
    wanted = sorted(rows)
    for start in range(0, len(wanted), CHUNK):
        some = query.where(TaskRow.row.in_(wanted[start : start + CHUNK]))
        for row, occurrence, unit, share in session.execute(some):
            yield ShareKey(task_id(number, row), occurrence, unit), share


def known_keys(session: Session, plan: PlanRow) -> set[NoticeKey]:
    """Return the keys the ledger holds for the plan's shares that are still owed."""
    query = (
        select(
            TaskRow.row,
            OccurrenceRow.key,
            ShareRow.unit,
            NoticeRow.epoch,
            NoticeRow.rung,
            NoticeRow.person,
            NoticeRow.channel,
        )
        .join(ShareRow, ShareRow.id == NoticeRow.share_id)
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .join(TaskRow, TaskRow.id == ShareRow.task_id)
        .where(ShareRow.plan_id == plan.id, ShareRow.is_live)
    )
    return {
        NoticeKey(ShareKey(task_id(plan.number, row), occurrence, unit), epoch, rung, person, channel)
        for row, occurrence, unit, epoch, rung, person, channel in session.execute(query)
    }


def waiting(session: Session, organisation_id: int) -> tuple[LedgerEntry, ...]:
    """Return the notices not settled yet, oldest first; those with a letter already have ``letter_id``."""
    query = _entries().where(
        NoticeRow.organisation_id == organisation_id, NoticeRow.state == str(NoticeState.WAITING)
    )
    return tuple(_entry(row) for row in session.execute(query))


def of_task(session: Session, task: TaskRow) -> tuple[LedgerEntry, ...]:
    """Return every notice there ever was about a task, in order of its day."""
    query = _entries().where(ShareRow.task_id == task.id)
    return tuple(_entry(row) for row in session.execute(query))


def of_letter(session: Session, letter_id: int) -> tuple[LedgerEntry, ...]:
    """Return the notices a letter carries."""
    return tuple(_entry(row) for row in session.execute(_in_letter(), {"letter": letter_id}))


@cache
def _in_letter() -> Select[Any]:
    """Kept, since it is asked for every letter, and putting it together takes longer than running it."""
    return _entries().where(NoticeRow.letter_id == bindparam("letter"))


def _entries() -> Select[Any]:
    return (
        select(
            *NoticeRow.__table__.columns,
            PlanRow.id.label("plan_id"),
            PlanRow.number,
            TaskRow.row,
            OccurrenceRow.key,
            ShareRow.unit,
            ShareRow.officer,
            ShareRow.snoozed_until,
            LetterRow.person.label("reader"),
        )
        .join(ShareRow, ShareRow.id == NoticeRow.share_id)
        .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
        .join(TaskRow, TaskRow.id == ShareRow.task_id)
        .join(PlanRow, PlanRow.id == ShareRow.plan_id)
        .outerjoin(LetterRow, LetterRow.id == NoticeRow.letter_id)
        .order_by(NoticeRow.fire_on, NoticeRow.id)
    )


def _entry(row: Row[Any]) -> LedgerEntry:
    name = task_id(row.number, row.row)
    share = ShareKey(name, row.key, row.unit)
    notice = Notice(
        key=NoticeKey(share, row.epoch, row.rung, row.person, row.channel),
        fire_on=row.fire_on,
        state=NoticeState(row.state),
        audience=Audience(row.audience),
        why=row.why,
        route=row.route,
        params=row.params,
    )
    return LedgerEntry(
        id=row.id,
        notice=notice,
        plan_id=row.plan_id,
        task_id=name,
        created_at=row.created_at,
        settled_at=row.settled_at,
        letter_id=row.letter_id,
        reader=row.reader,
        officer=row.officer,
        snoozed_until=row.snoozed_until,
    )


def attach(session: Session, letter_of: Mapping[int, int]) -> None:
    """Give waiting notices, by their numbers, to the letters that will carry them; others' are left alone."""
    rows = [{"notice": notice, "letter": letter} for notice, letter in letter_of.items()]
    if rows:
        session.connection().execute(_attaching(), rows)


@cache
def _attaching() -> Update:
    """Of the table itself: thousands of a morning's notices are given to their letters in one go."""
    notice = NoticeRow.metadata.tables[NoticeRow.__tablename__]
    return (
        update(notice)
        .where(
            notice.c.id == bindparam("notice"),
            notice.c.state == str(NoticeState.WAITING),
            notice.c.letter_id.is_(None),
        )
        .values(letter_id=bindparam("letter"))
    )


def release(session: Session, ids: Iterable[int]) -> int:
    """Take waiting notices out of their letter again, for the letter of another reader or day."""
    return _update(session, ids, (NoticeRow.state == str(NoticeState.WAITING),), {"letter_id": None})


def decline(session: Session, entries: Iterable[LedgerEntry], *, at: datetime) -> int:
    """Cancel waiting notices whose person does without them, and keep that as the reason."""
    return sum(
        _update(
            session,
            [entry.id],
            (NoticeRow.state == str(NoticeState.WAITING),),
            {
                "state": str(NoticeState.CANCELLED),
                "settled_at": at,
                "params": {**entry.notice.params, UNTOLD: SWITCHED_OFF},
            },
        )
        for entry in entries
    )


def settle(
    session: Session,
    ids: Iterable[int],
    state: NoticeState,
    *,
    at: datetime,
    letter_id: int | None = None,
) -> int:
    """Say what became of notices that were waiting; return how many were. Settled ones stay as they are."""
    values: dict[str, Any] = {"state": str(state), "settled_at": at}
    if letter_id is not None:
        values["letter_id"] = letter_id
    return _update(session, ids, (NoticeRow.state == str(NoticeState.WAITING),), values)


def settle_letter(session: Session, letter_id: int, state: NoticeState, *, at: datetime) -> int:
    """Say what became of the notices of a letter that were waiting; return how many were."""
    told = {"letter": letter_id, "to": str(state), "settled": at}
    return len(session.scalars(_settling(), told).all())


@cache
def _settling() -> ReturningUpdate[tuple[int]]:
    return (
        update(NoticeRow)
        .where(NoticeRow.letter_id == bindparam("letter"), NoticeRow.state == str(NoticeState.WAITING))
        .values(state=bindparam("to"), settled_at=bindparam("settled"))
        .returning(NoticeRow.id)
        .execution_options(synchronize_session=False)
    )


def revive(session: Session, letter_id: int) -> int:
    """Let the notices of a letter that died wait again, since it will be tried again; return how many."""
    dead = (NoticeRow.state == str(NoticeState.DEAD),)
    values = {"state": str(NoticeState.WAITING), "settled_at": None}
    return _update(session, _ids_in_letter(session, letter_id), dead, values)


def _ids_in_letter(session: Session, letter_id: int) -> Sequence[int]:
    return session.scalars(select(NoticeRow.id).where(NoticeRow.letter_id == letter_id)).all()


def _update(session: Session, ids: Iterable[int], conditions: Iterable[Any], values: dict[str, Any]) -> int:
    chosen = sorted(set(ids))
    query = update(NoticeRow).where(*conditions).values(**values).returning(NoticeRow.id)
    query = query.execution_options(synchronize_session=False)
    return sum(
        len(session.scalars(query.where(NoticeRow.id.in_(chosen[start : start + CHUNK]))).all())
        for start in range(0, len(chosen), CHUNK)
    )


def supersede_overtaken(session: Session, organisation_id: int, *, at: datetime) -> int:
    """Mark waiting notices that a later one for the same share, person and channel has overtaken.

    So that after days without mail each person hears the latest rung of each item, and only that.
    Notices a letter already carries are left alone. Returns how many were marked.
    """
    later = aliased(NoticeRow)
    overtaken = exists().where(
        later.share_id == NoticeRow.share_id,
        later.person == NoticeRow.person,
        later.channel == NoticeRow.channel,
        later.state == str(NoticeState.WAITING),
        or_(
            later.fire_on > NoticeRow.fire_on,
            (later.fire_on == NoticeRow.fire_on) & (later.id > NoticeRow.id),
        ),
    )
    query = (
        update(NoticeRow)
        .where(
            NoticeRow.organisation_id == organisation_id,
            NoticeRow.state == str(NoticeState.WAITING),
            NoticeRow.letter_id.is_(None),
            overtaken,
        )
        .values(state=str(NoticeState.SUPERSEDED), settled_at=at)
        .returning(NoticeRow.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(query).all())


def counts(session: Session, organisation_id: int) -> Mapping[NoticeState, int]:
    """Return how many notices are in each state, the empty ones too."""
    query = (
        select(NoticeRow.state, func.count())
        .where(NoticeRow.organisation_id == organisation_id)
        .group_by(NoticeRow.state)
    )
    found = dict(session.execute(query).tuples().all())
    return {state: found.get(str(state), 0) for state in NoticeState}
