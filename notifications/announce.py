"""Which notices are due: for every current share, what its ladder owes and the ledger does not hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from tasks_catalog.facts import TaskFacts
from tasks_catalog.ladder import Notice, NoticeKey, Office, due_notices
from tasks_catalog.occurrence import ShareKey


def announce(
    tasks: Iterable[TaskFacts], office: Office, *, as_of: date, known: Collection[NoticeKey]
) -> tuple[Notice, ...]:
    """Return the notices of one plan owed up to ``as_of`` that are not among those ``known``.

    Some come back superseded: they are kept in the ledger all the same, so that every rung is
    accounted for. The work grows with shares plus known notices, not with their product.
    """
    told = _by_share(known)
    return tuple(
        notice
        for task in tasks
        for share in task.current_shares
        for notice in due_notices(task, share, office, as_of=as_of, known=told.get(share.key, ()))
    )


def reminders(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return the notices of the rungs up to the due day."""
    return tuple(notice for notice in notices if not notice.is_escalation)


def escalations(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return the notices of the rungs after the due day, up the chain."""
    return tuple(notice for notice in notices if notice.is_escalation)


def _by_share(known: Iterable[NoticeKey]) -> Mapping[ShareKey, list[NoticeKey]]:
    told: dict[ShareKey, list[NoticeKey]] = {}
    for key in known:
        told.setdefault(key.share, []).append(key)
    return told
