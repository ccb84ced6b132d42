"""Who looked at whose personal data: kept beside the page, never in its way, and read by whom it is about.

Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: a person may know who processes their data. Names in their
context, such as who decided on a task, are the record's own and are not logged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage.schema import PersonalView
from storage.upsert import insert_new

ALL = "*"
"""``about`` of a page that lists many people."""
_ONCE = ("organisation_id", "by", "about", "page", "hour")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A line of the log."""

    number: int
    by: str
    about: str
    page: str
    at: datetime


def hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def saw(
    session: Session, organisation_id: int, *, by: str, about: Iterable[str], page: str, at: datetime
) -> None:
    """Keep that ``by`` looked at these people's data; once an hour for each; one's own is not kept."""
    rows = [
        {
            "organisation_id": organisation_id,
            "by": by,
            "about": whose,
            "page": page,
            "hour": hour_of(at),
            "at": at,
        }
        for whose in sorted(set(about) - {by, ""})
    ]
    if rows:
        session.execute(insert_new(session, PersonalView, _ONCE), rows)


def seen_of(
    session: Session, organisation_id: int, person: str, *, before: int | None = None, most: int
) -> tuple[Seen, ...]:
    """Return who looked at a person's data, the newest first; lists of many people among them."""
    query = select(PersonalView).where(
        PersonalView.organisation_id == organisation_id,
        or_(PersonalView.about == person, (PersonalView.about == ALL) & (PersonalView.by != person)),
    )
    if before is not None:
        query = query.where(PersonalView.id < before)
    rows = session.scalars(query.order_by(PersonalView.id.desc()).limit(most))
    return tuple(Seen(number=r.id, by=r.by, about=r.about, page=r.page, at=r.at) for r in rows)
