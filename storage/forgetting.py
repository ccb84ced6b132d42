"""Forgetting what is over: messages told long ago, answers nobody asks for any more, old attempts to sign in.

Each morning's tally calls it, so that nothing is kept for want of somebody who passes by. What is forgotten
is taken a bounded number of rows at a time, each kind in a transaction of its own: a first run over years
holds up no writer for long, and the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Engine, and_, delete, exists, select
from sqlalchemy.orm import Session

from storage import api_calls, attempts, sessions
from storage.engine import write
from storage.schema import ShareRow, SignInAttempt, WebhookDelivery
from tasks_catalog.webhooks import HookEvent

KEPT = timedelta(days=400)
"""Messages of webhooks, and attempts to sign in to an account: a year and a month to look back at."""
KEPT_SHORT = timedelta(days=30)
"""Sessions that are over, and attempts with names nobody bears."""
MOST_AT_ONCE = 5_000

Forget = Callable[[Session, int, datetime], int]


def forget(
    engine: Engine, organisation_id: int, now: datetime, *, most: int = MOST_AT_ONCE
) -> Mapping[str, int]:
    """Forget what is over at ``now``, and return how many rows of what; of the large kinds ``most``."""
    kinds: Mapping[str, Forget] = {
        "webhook_deliveries": lambda session, office, at: _deliveries(session, office, at - KEPT, most),
        "sign_ins": lambda session, office, at: _sign_ins(session, office, at - KEPT, most),
        "strangers": lambda session, office, at: attempts.forget_before(session, office, at - KEPT_SHORT),
        "sessions": lambda session, office, at: sessions.forget_before(session, office, at - KEPT_SHORT),
        "api_calls": lambda session, office, at: api_calls.purge(session, office, at=at),
    }
    found = {}
    for name, forgets in kinds.items():
        with write(engine) as session:
            found[name] = forgets(session, organisation_id, now)
    return found


def _deliveries(session: Session, organisation_id: int, before: datetime, most: int) -> int:
    """Forget messages sent or given up; not the one of a share that is overdue still.

    ``storage.webhook_events`` tells by that row that it told already, however long ago.
    """
    table = WebhookDelivery
    still = exists().where(ShareRow.id == table.share_id, ShareRow.epoch == table.epoch, ShareRow.is_live)
    return _gone(
        session,
        table,
        and_(
            table.organisation_id == organisation_id,
            table.state.in_(("sent", "dead")),
            table.settled_at < before,
            ~(still & (table.kind == str(HookEvent.OVERDUE))),
        ),
        most,
    )


def _sign_ins(session: Session, organisation_id: int, before: datetime, most: int) -> int:
    table = SignInAttempt
    return _gone(session, table, and_(table.organisation_id == organisation_id, table.at < before), most)


def _gone(session: Session, table: Any, chosen: Any, most: int) -> int:
    some = select(table.id).where(chosen).order_by(table.id).limit(most)
    found = session.execute(
        delete(table).where(table.id.in_(some)).execution_options(synchronize_session=False)
    )
    assert isinstance(found, CursorResult)  # noqa: S101  # what DELETE returns
    return int(found.rowcount)
