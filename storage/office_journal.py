"""The one door of an office's settings: what is changed, by whom, and taking it back.

Each kind of thing that can be set says how it is read and written (``storage.settables``); here the change
is written with what was before it, in one transaction. Undoing is a change of its own that writes what was
before, and is refused where the thing has been changed since: nobody's later word is lost by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.holding import alone_at
from storage.office_rows import OfficeChange, OfficeChangeValues
from tasks_catalog.problem import Refused

Values = Mapping[str, Any]
"""A thing as it is set, as JSON."""


class ChangeRefused(Refused):
    """A change cannot be made, or cannot be taken back."""


class Settable(Protocol):
    """One kind of thing that can be set."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        """Return the thing as it is set now; None where there is none."""

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Set the thing, or take it away. Raises Refused where that does not fit; nothing is kept then."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """Who makes a change, and when. ``at`` is aware and local to the office."""

    by: str
    at: datetime
    note: str = ""


def change(
    session: Session,
    organisation_id: int,
    settable: Settable,
    kind: str,
    key: str,
    after: Values | None,
    *,
    made: Made,
    undoes: int | None = None,
) -> OfficeChange | None:
    """Set one thing and write what was before; None, and no line, where it is so already.

    Raises what the thing's ``write`` raises.
    """
    alone_at(session, organisation_id)
    before = settable.read(session, organisation_id, key)
    if before == after:
        return None
    settable.write(session, organisation_id, key, after, made=made)
    session.flush()
    row = OfficeChange(
        organisation_id=organisation_id,
        kind=kind,
        key=key,
        undoes=undoes,
        note=made.note,
        by=made.by,
        at=made.at,
        on=made.at.date(),
    )
    session.add(row)
    session.flush()
    values = OfficeChangeValues(
        organisation_id=organisation_id,
        change_id=row.id,
        before=dict(before) if before is not None else None,
        after=_kept(settable.read(session, organisation_id, key)),
        erased=False,
    )
    session.add(values)
    session.flush()
    return row


def record_done(
    session: Session,
    organisation_id: int,
    done: Iterable[tuple[str, str, Values | None, Values | None]],
    *,
    made: Made,
) -> int:
    """Write the lines of what was set many at once: (kind, key, before, after); return how many differ.

    For what reads or reshapes a whole directory, within the transaction that did it.
    """
    different = [(kind, key, before, after) for kind, key, before, after in done if before != after]
    rows = [
        OfficeChange(
            organisation_id=organisation_id,
            kind=kind,
            key=key,
            undoes=None,
            note=made.note,
            by=made.by,
            at=made.at,
            on=made.at.date(),
        )
        for kind, key, _, _ in different
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        OfficeChangeValues(
            organisation_id=organisation_id,
            change_id=row.id,
            before=_kept(before),
            after=_kept(after),
            erased=False,
        )
        for row, (_, _, before, after) in zip(rows, different, strict=True)
    )
    session.flush()
    return len(rows)


def undo(
    session: Session, organisation_id: int, settables: Mapping[str, Settable], number: int, *, made: Made
) -> OfficeChange:
    """Set a thing as it was before one change.

    Raises ChangeRefused: change_unknown, change_undone, change_erased, change_since (it was changed again);
    and what the thing's ``write`` raises.
    """
    alone_at(session, organisation_id)
    row, values = _found(session, organisation_id, number)
    if session.scalar(select(OfficeChange.id).where(OfficeChange.undoes == number)) is not None:
        raise ChangeRefused("change_undone", number=number)
    if values.erased:
        raise ChangeRefused("change_erased", number=number)
    settable = settables[row.kind]
    if _kept(settable.read(session, organisation_id, row.key)) != values.after:
        raise ChangeRefused("change_since", number=number)
    found = change(
        session, organisation_id, settable, row.kind, row.key, values.before, made=made, undoes=number
    )
    if found is None:
        raise ChangeRefused("change_undone", number=number)
    return found


def _found(session: Session, organisation_id: int, number: int) -> tuple[OfficeChange, OfficeChangeValues]:
    query = (
        select(OfficeChange, OfficeChangeValues)
        .join(OfficeChangeValues, OfficeChangeValues.change_id == OfficeChange.id)
        .where(OfficeChange.organisation_id == organisation_id, OfficeChange.id == number)
    )
    found = session.execute(query).tuples().one_or_none()
    if found is None:
        raise ChangeRefused("change_unknown", number=number)
    return found


def _kept(values: Values | None) -> dict[str, Any] | None:
    return dict(values) if values is not None else None
