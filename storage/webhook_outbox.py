"""The outbox of webhooks: messages in states that only conditional updates change.

waiting -> posting -> sent | deferred | dead; a deferred one whose time has come is claimed again, and so is
one whose process died while it was posting: a message may arrive twice and carries the same id then
(at least once, as Standard Webhooks has it), never not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from storage.schema import WebhookDelivery, WebhookRow
from tasks_catalog.webhooks import HookRefused

LONGEST_ANSWER = 200
"""Characters of a receiver's answer that are kept."""


class DeliveryState(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    POSTING = "posting"
    SENT = "sent"
    DEFERRED = "deferred"
    DEAD = "dead"


def _ready(now: datetime) -> ColumnElement[bool]:
    table = WebhookDelivery
    return or_(
        and_(
            table.state.in_(("waiting", "deferred")),
            or_(table.next_attempt_at.is_(None), table.next_attempt_at <= now),
        ),
        and_(table.state == "posting", table.lease_until < now),
    )


def _told(organisation_id: int) -> ColumnElement[bool]:
    return and_(
        WebhookRow.organisation_id == organisation_id, WebhookRow.active, WebhookRow.removed_at.is_(None)
    )


def hooks_with_work(session: Session, organisation_id: int, now: datetime) -> tuple[int, ...]:
    """Return the webhooks that have a message which may go now; a look that takes no writer's lock."""
    mine = exists().where(WebhookDelivery.webhook_id == WebhookRow.id, _ready(now))
    return tuple(session.scalars(select(WebhookRow.id).where(_told(organisation_id), mine)))


def claim(
    session: Session, organisation_id: int, webhook_id: int, *, now: datetime, lease_until: datetime, by: str
) -> tuple[WebhookDelivery, WebhookRow] | None:
    """Take the webhook's oldest message that may go now, for ``by`` alone until the lease runs out.

    One statement: of several workers at once each message goes to one. None also where the webhook was
    switched off meanwhile.
    """
    hook = session.scalars(
        select(WebhookRow).where(_told(organisation_id), WebhookRow.id == webhook_id)
    ).one_or_none()
    if hook is None:
        return None
    table = WebhookDelivery
    ready = (
        select(table.id)
        .where(table.webhook_id == webhook_id, _ready(now))
        .order_by(table.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    query = (
        update(table)
        .where(table.id == ready)
        .values(state="posting", lease_until=lease_until, claimed_by=by, attempts=table.attempts + 1)
        .returning(table)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    found = session.scalars(query).one_or_none()
    return None if found is None else (found, hook)


def settle(
    session: Session,
    delivery_id: int,
    state: DeliveryState,
    *,
    by: str,
    at: datetime,
    status: int | None,
    answer: str,
    next_attempt_at: datetime | None = None,
) -> bool:
    """Record what came of an attempt; False when the message is no longer ``by``'s."""
    over = state in (DeliveryState.SENT, DeliveryState.DEAD)
    query = (
        update(WebhookDelivery)
        .where(
            WebhookDelivery.id == delivery_id,
            WebhookDelivery.state == "posting",
            WebhookDelivery.claimed_by == by,
        )
        .values(
            state=str(state),
            status=status,
            answer=answer[:LONGEST_ANSWER],
            next_attempt_at=next_attempt_at,
            lease_until=None,
            claimed_by=None,
            settled_at=at if over else None,
        )
        .returning(WebhookDelivery.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(query) is not None


def send_again(session: Session, organisation_id: int, webhook_id: int, delivery_id: int) -> WebhookDelivery:
    """A person lets a message that was given up go out again, with all its attempts.

    Raises HookRefused: webhook_delivery_not_dead (also for one that is not there).
    """
    query = (
        update(WebhookDelivery)
        .where(
            WebhookDelivery.organisation_id == organisation_id,
            WebhookDelivery.webhook_id == webhook_id,
            WebhookDelivery.id == delivery_id,
            WebhookDelivery.state == "dead",
        )
        .values(state="waiting", attempts=0, next_attempt_at=None, settled_at=None)
        .returning(WebhookDelivery)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise HookRefused("webhook_delivery_not_dead", number=delivery_id)
    return found


def latest(
    session: Session, webhook_id: int, *, most: int, states: Iterable[str] | None = None
) -> tuple[WebhookDelivery, ...]:
    """Return a webhook's messages, the newest first."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if states is not None:
        query = query.where(WebhookDelivery.state.in_(tuple(states)))
    return tuple(session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(most)))


def delivery_of(session: Session, delivery_id: int) -> WebhookDelivery:
    """Return a message by its number."""
    return session.get_one(WebhookDelivery, delivery_id, populate_existing=True)
