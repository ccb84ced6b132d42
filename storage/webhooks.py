"""Webhooks as an administrator sets them, each change through the one door of the office's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.holding import alone_at
from storage.office_journal import Made, Values, change
from storage.office_record import refuse_changed_since
from storage.schema import WebhookDelivery, WebhookRow
from tasks_catalog.webhooks import HookEvent, HookRefused, events_or_refuse, url_or_refuse

KIND = "webhook"
MOST = 50
"""Webhooks of one office: each writes a line of its own beside a decision."""
GONE = "gone"
"""``stopped`` of one whose receiver answered 410: it wants to hear no more."""
REMOVED = "webhook removed"


class WebhookSettable:
    """A webhook as a thing that is set; its key is its code."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        row = find_hook(session, organisation_id, key)
        return None if row is None else values_of(row)

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Set a webhook or take it away, with what still waits for it.

        Raises HookRefused: webhook_rotation_back (a secret given up stays given up), webhook_url_known, and
        what the address and the events are refused for.
        """
        row = session.scalars(_by_code(organisation_id, key)).one_or_none()
        if values is None:
            if row is not None:
                row.removed_at = made.at
                _drop_waiting(session, row.id, made)
            return
        url = url_or_refuse(str(values["url"]), internal=bool(values["internal"]))
        events = events_or_refuse(values["events"])
        if row is None:
            row = _new(organisation_id, key, made)
            session.add(row)
        if int(values["rotation"]) < row.rotation:
            raise HookRefused("webhook_rotation_back", key=key)
        if int(values["rotation"]) > row.rotation:
            row.rotation, row.rotated_at = int(values["rotation"]), made.at
        if row.url != url or row.removed_at is not None:
            _refuse_known(session, organisation_id, url, but=key)
        begins = values["active"] and (not row.active or row.removed_at is not None)
        if begins or (HookEvent.OVERDUE in events and HookEvent.OVERDUE not in row.events):
            row.told_from = made.at
        row.removed_at = None
        row.url, row.events, row.internal = url, list(events), bool(values["internal"])
        row.active, row.stopped = bool(values["active"]), str(values["stopped"])


def values_of(row: WebhookRow) -> dict[str, Any]:
    """Return a webhook as JSON: all that is set of it."""
    return {
        "url": row.url,
        "events": list(row.events),
        "internal": row.internal,
        "active": row.active,
        "stopped": row.stopped,
        "rotation": row.rotation,
    }


def _refuse_known(session: Session, organisation_id: int, url: str, *, but: str) -> None:
    """Refuse an address another webhook leads to: each message would arrive there twice."""
    for other in hooks_of(session, organisation_id):
        if other.url == url and other.code != but:
            raise HookRefused("webhook_url_known", url=url, key=other.code)


def _new(organisation_id: int, key: str, made: Made) -> WebhookRow:
    return WebhookRow(
        organisation_id=organisation_id,
        code=key,
        url="",
        events=[],
        internal=False,
        active=False,
        stopped="",
        rotation=1,
        made_by=made.by,
        made_at=made.at,
        told_from=made.at,
    )


def _drop_waiting(session: Session, webhook_id: int, made: Made) -> None:
    """Give up what waits for a webhook that is taken away; what is being sent now may still arrive."""
    query = update(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state.in_(("waiting", "deferred"))
    )
    session.execute(query.values(state="dead", answer=REMOVED, settled_at=made.at))


SETTABLE = WebhookSettable()


def make(
    session: Session, organisation_id: int, *, url: str, events: tuple[str, ...], internal: bool, made: Made
) -> WebhookRow:
    """Make a webhook and return it; its secret is shown by whoever asked, and never again.

    Raises HookRefused: webhook_url_known, webhooks_too_many, and what the address and events are refused for.
    """
    alone_at(session, organisation_id)
    _refuse_known(session, organisation_id, url.strip(), but="")
    if len(hooks_of(session, organisation_id)) >= MOST:
        raise HookRefused("webhooks_too_many", most=MOST)
    ever = select(func.count()).where(WebhookRow.organisation_id == organisation_id)
    key = f"w{(session.scalar(ever) or 0) + 1}"
    values = {
        "url": url,
        "events": list(events),
        "internal": internal,
        "active": True,
        "stopped": "",
        "rotation": 1,
    }
    change(session, organisation_id, SETTABLE, KIND, key, values, made=made)
    return hook_or_refuse(session, organisation_id, key)


def rotate(session: Session, organisation_id: int, key: str, *, seen: int, made: Made) -> WebhookRow:
    """Give a webhook a new secret; the one before is signed with too for a day.

    ``seen`` is the rotation whoever asked has looked at: a page loaded again rotates nothing twice.
    Raises HookRefused: webhook_unknown, webhook_rotated_since.
    """
    alone_at(session, organisation_id)
    row = hook_or_refuse(session, organisation_id, key)
    if row.rotation != seen:
        raise HookRefused("webhook_rotated_since", key=key)
    return _set(session, organisation_id, row, {"rotation": row.rotation + 1}, made)


def edit(
    session: Session,
    organisation_id: int,
    key: str,
    *,
    url: str,
    events: tuple[str, ...],
    internal: bool,
    seen: str,
    made: Made,
) -> WebhookRow:
    """Set where a webhook leads and what it is told; its secret and its being on or off stay.

    ``seen`` is the number of the latest change whoever asked has looked at. What waits leaves for the new
    address. Raises HookRefused: webhook_unknown, and what making one is refused for; ChangeRefused
    (setting_changed_since).
    """
    alone_at(session, organisation_id)
    row = hook_or_refuse(session, organisation_id, key)
    refuse_changed_since(session, organisation_id, KIND, key, seen)
    # Compared as it is kept, so that a form sent unchanged leaves no line.
    url, told = url_or_refuse(url, internal=internal), list(events_or_refuse(events))
    new: dict[str, object] = {"url": url, "events": told, "internal": internal}
    if url != row.url:
        new["stopped"] = ""  # why it stopped was said of the address before
    return _set(session, organisation_id, row, new, made)


def switch(session: Session, organisation_id: int, key: str, *, on: bool, made: Made) -> WebhookRow:
    """Switch a webhook on or off. Raises HookRefused (webhook_unknown)."""
    row = hook_or_refuse(session, organisation_id, key)
    return _set(session, organisation_id, row, {"active": on, "stopped": ""}, made)


def switch_off_gone(session: Session, organisation_id: int, key: str, made: Made) -> None:
    """Switch a webhook off whose receiver said that it is gone for good."""
    row = find_hook(session, organisation_id, key)
    if row is not None:
        _set(session, organisation_id, row, {"active": False, "stopped": GONE}, made)


def _set(
    session: Session, organisation_id: int, row: WebhookRow, new: Mapping[str, object], made: Made
) -> WebhookRow:
    change(session, organisation_id, SETTABLE, KIND, row.code, {**values_of(row), **new}, made=made)
    return row


def remove(session: Session, organisation_id: int, key: str, *, made: Made) -> None:
    """Take a webhook away. Raises HookRefused (webhook_unknown)."""
    hook_or_refuse(session, organisation_id, key)
    change(session, organisation_id, SETTABLE, KIND, key, None, made=made)


def hooks_of(session: Session, organisation_id: int) -> tuple[WebhookRow, ...]:
    """Return the office's webhooks, the oldest first."""
    query = select(WebhookRow).where(
        WebhookRow.organisation_id == organisation_id, WebhookRow.removed_at.is_(None)
    )
    return tuple(session.scalars(query.order_by(WebhookRow.id)))


def find_hook(session: Session, organisation_id: int, key: str) -> WebhookRow | None:
    query = _by_code(organisation_id, key).where(WebhookRow.removed_at.is_(None))
    return session.scalars(query).one_or_none()


def hook_or_refuse(session: Session, organisation_id: int, key: str) -> WebhookRow:
    """Return a webhook by its code; raises HookRefused (webhook_unknown)."""
    row = find_hook(session, organisation_id, key)
    if row is None:
        known = ", ".join(hook.code for hook in hooks_of(session, organisation_id))
        raise HookRefused("webhook_unknown", key=key, known=known or "–")
    return row


def _by_code(organisation_id: int, key: str) -> Any:
    return select(WebhookRow).where(WebhookRow.organisation_id == organisation_id, WebhookRow.code == key)


@dataclass(frozen=True, kw_only=True)
class LastOf:
    """What became of the newest message to a webhook, and how many of all are where."""

    latest: WebhookDelivery | None
    waiting: int
    dead: int


def last_of(session: Session, hooks: tuple[WebhookRow, ...]) -> dict[int, LastOf]:
    """Return for each webhook, by its id, its newest message and what waits or was given up."""
    ids = [hook.id for hook in hooks]
    table = WebhookDelivery
    newest = select(func.max(table.id)).where(table.webhook_id.in_(ids)).group_by(table.webhook_id)
    latest = {row.webhook_id: row for row in session.scalars(select(table).where(table.id.in_(newest)))}
    counted = select(table.webhook_id, table.state, func.count()).where(table.webhook_id.in_(ids))
    found: dict[tuple[int, str], int] = {
        (hook, state): number
        for hook, state, number in session.execute(counted.group_by(table.webhook_id, table.state))
    }
    return {
        hook: LastOf(
            latest=latest.get(hook),
            waiting=sum(found.get((hook, state), 0) for state in ("waiting", "posting", "deferred")),
            dead=found.get((hook, "dead"), 0),
        )
        for hook in ids
    }
