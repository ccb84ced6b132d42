"""All that is kept of one person, as values: what an export gives out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage.columns import Base
from storage.people import load_directory
from storage.personal_views import seen_of
from storage.schema import (
    AbsenceRow,
    AccountEvent,
    AccountRow,
    AnswerRow,
    Event,
    LetterRow,
    OccurrenceRow,
    OfficeChange,
    OfficeChangeValues,
    PersonalErasure,
    PersonRow,
    PlanRow,
    PreferenceRow,
    SessionRow,
    ShareRow,
    SignInAttempt,
    TaskRow,
)
from tasks_catalog.people import Directory
from tasks_catalog.problem import Refused
from tasks_catalog.task import task_id

MOST_SEEN = 10_000
SETTINGS = ("person", "absence", "preference")
"""Kinds of settings whose values are a person's, under the person's code (``storage.office_journal``)."""

Rows = list[dict[str, Any]]


def data_of(session: Session, organisation_id: int, code: str) -> Mapping[str, Rows]:
    """Return everything kept of a person by kind, each as plain values. Raises Refused (person_unknown).

    Hashes and digests of secrets are left out: they tell nobody anything, and would help a thief.
    """
    directory = load_directory(session, organisation_id)
    if directory.person(code) is None:
        raise Refused("person_unknown", person=code)
    gather = _Gather(session, organisation_id, code)
    return {
        "directory": gather.rows(
            PersonRow, PersonRow.code == code, "code name email unit post title language active in_charge"
        ),
        "absences": gather.rows(
            AbsenceRow, AbsenceRow.person == code, "first last back_on substitute note by at"
        ),
        "preferences": gather.rows(PreferenceRow, PreferenceRow.person == code, "hour off calendar by at"),
        "account": gather.rows(
            AccountRow,
            AccountRow.person == code,
            "made_at made_by password_changed_at locked_at oidc_issuer oidc_subject",
        ),
        "account_events": gather.rows(AccountEvent, AccountEvent.person == code, "kind by at"),
        "sessions": gather.rows(
            SessionRow, SessionRow.person == code, "way address made_at last_seen ended_at"
        ),
        "sign_ins": gather.rows(SignInAttempt, SignInAttempt.person == code, "address at outcome"),
        "letters": gather.rows(
            LetterRow,
            LetterRow.person == code,
            "id day kind state address subject body_text created_at sent_at",
        ),
        "answers": gather.rows(
            AnswerRow, AnswerRow.person == code, "received_at sender subject text kind state"
        ),
        "shares": gather.shares(),
        "decisions": gather.decisions(),
        "changes": changes_about(session, organisation_id, code),
        "seen": [
            {"at": _plain(one.at), "by": one.by, "about": one.about, "page": one.page}
            for one in seen_of(session, organisation_id, code, most=MOST_SEEN)
        ],
        "erasures": gather.rows(PersonalErasure, PersonalErasure.person == code, "at by document counts"),
    }


class _Gather:
    def __init__(self, session: Session, organisation_id: int, code: str) -> None:
        self._session, self._organisation_id, self._code = session, organisation_id, code

    def rows(self, table: type[Base], mine: Any, names: str) -> Rows:
        columns = table.__table__.c
        query = select(*(columns[name] for name in names.split())).where(
            columns.organisation_id == self._organisation_id, mine
        )
        found = self._session.execute(query.order_by(columns.id)).mappings()
        return [{name: _plain(value) for name, value in row.items()} for row in found]

    def shares(self) -> Rows:
        """The shares whose officer the person is, open or reported."""
        query = (
            select(ShareRow, PlanRow.number, TaskRow.row, OccurrenceRow.key)
            .join(PlanRow, PlanRow.id == ShareRow.plan_id)
            .join(TaskRow, TaskRow.id == ShareRow.task_id)
            .join(OccurrenceRow, OccurrenceRow.id == ShareRow.occurrence_id)
            .where(ShareRow.organisation_id == self._organisation_id, ShareRow.officer == self._code)
            .order_by(ShareRow.id)
        )
        return [
            {
                "task": task_id(number, row),
                "occurrence": occurrence,
                "unit": share.unit,
                "due": _plain(share.due),
                "open": share.is_live,
            }
            for share, number, row, occurrence in self._session.execute(query).tuples()
        ]

    def decisions(self) -> Rows:
        """What the person decided or reported, as the journal has it."""
        query = (
            select(Event, PlanRow.number, TaskRow.row)
            .join(PlanRow, PlanRow.id == Event.plan_id)
            .outerjoin(TaskRow, TaskRow.id == Event.task_id)
            .where(Event.organisation_id == self._organisation_id, Event.by == self._code)
            .order_by(Event.id)
        )
        return [
            {
                "at": _plain(event.at),
                "kind": event.kind,
                "task": task_id(number, row) if row is not None else number,
                "unit": event.unit,
                "document": event.document,
                "note": event.note,
                "payload": event.payload,
            }
            for event, number, row in self._session.execute(query).tuples()
        ]


def changes_about(session: Session, organisation_id: int, code: str) -> Rows:
    """Return who changed what of a person in the office's settings, the oldest first."""
    query = (
        select(OfficeChange, OfficeChangeValues)
        .join(OfficeChangeValues, OfficeChangeValues.change_id == OfficeChange.id)
        .where(OfficeChange.organisation_id == organisation_id, about_person(code))
        .order_by(OfficeChange.id)
    )
    return [
        {
            "number": change.id,
            "at": _plain(change.at),
            "by": change.by,
            "kind": change.kind,
            "key": change.key,
            "note": change.note,
            "before": values.before,
            "after": values.after,
            "erased": values.erased,
        }
        for change, values in session.execute(query).tuples()
    ]


def about_person(code: str) -> Any:
    """The condition of changes whose values are a person's: absences stand under "<code>/<day>"."""
    mine = or_(OfficeChange.key == code, OfficeChange.key.startswith(f"{code}/", autoescape=True))
    return OfficeChange.kind.in_(SETTINGS) & mine


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def people_of(directory: Directory, codes: Iterable[str]) -> dict[str, str]:
    """Return the names of people by code, of those the directory knows."""
    found = {code: directory.person(code) for code in codes}
    return {code: person.name for code, person in found.items() if person}
