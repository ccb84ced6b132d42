"""The pages of webhooks: who else is told, what became of the messages, and a secret shown once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from board.settings_record import ChangeLine, changes_of
from board.view import View
from storage import webhook_outbox, webhooks
from storage.office_record import last_number
from storage.schema import WebhookDelivery, WebhookRow
from storage.webhook_outbox import DeliveryState
from tasks_catalog.webhooks import SUBSCRIBED

if TYPE_CHECKING:
    from board.app import Board

LATEST = 50
EVENT, INTERNAL = "event-", "internal"
"""Names of the form's boxes: one an event, one for receivers of the office's own network."""


@dataclass(frozen=True, kw_only=True)
class HookLine:
    """One webhook in the list."""

    key: str
    href: str
    url: str
    events: str
    word: str
    last: str
    """What became of the newest message."""
    stuck: str
    """How many messages were given up, in words; "" for none."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One box of the form."""

    name: str
    words: str
    ticked: bool


@dataclass(frozen=True, kw_only=True)
class WebhooksPage:
    """The list, and the form that makes one more."""

    lines: Sequence[HookLine]
    action: str
    url: str
    choices: Sequence[Choice]
    internal: bool
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliveryLine:
    """One message: what it told, of what, and what became of it."""

    number: int
    kept: str
    event: str
    about: str
    href: str
    state: str
    word: str
    answer: str
    when: str
    again: str
    """Where the form that sends it again posts to; "" for one that was not given up."""


@dataclass(frozen=True, kw_only=True)
class WebhookPage:
    """One webhook with its latest messages; ``secret`` only in the answer that made it."""

    key: str
    url: str
    events: str
    internal: bool
    active: bool
    word: str
    made: str
    rotated: str
    rotation: int
    base: str
    lines: Sequence[DeliveryLine]
    more: bool
    changes: Sequence[ChangeLine]
    choices: Sequence[Choice]
    typed_url: str
    typed_internal: bool
    editing: bool
    """Whether the form that changes it was refused, and is shown with what was typed."""
    seen: int
    """The number of the latest change the form was drawn for."""
    secret: str = ""
    refused: str = ""


def webhooks_page(
    board: Board, view: View, *, form: Mapping[str, str] | None = None, refused: str = ""
) -> WebhooksPage:
    """Return the list; ``form`` is what was typed into a form that was refused."""
    hooks = webhooks.hooks_of(view.session, view.organisation_id)
    last = webhooks.last_of(view.session, hooks)
    typed = form or {}
    return WebhooksPage(
        lines=tuple(_hook_line(board, view, hook, last[hook.id]) for hook in hooks),
        action=address(board),
        url=typed.get("url", ""),
        choices=_choices(view, SUBSCRIBED if form is None else events_of(typed)),
        internal=INTERNAL in typed,
        refused=refused,
    )


def events_of(form: Mapping[str, str]) -> tuple[str, ...]:
    """Return the events whose boxes were ticked."""
    return tuple(name.removeprefix(EVENT) for name in form if name.startswith(EVENT))


def _choices(view: View, ticked: Collection[str]) -> Sequence[Choice]:
    return tuple(
        Choice(name=f"{EVENT}{event}", words=_event(str(event), view), ticked=event in ticked)
        for event in SUBSCRIBED
    )


def address(board: Board, *parts: object) -> str:
    """Return the address of the list, or of a page below it."""
    return "/".join((f"{board.root}/settings/webhooks", *(quote(str(part), safe="") for part in parts)))


def _hook_line(board: Board, view: View, hook: WebhookRow, last: webhooks.LastOf) -> HookLine:
    return HookLine(
        key=hook.code,
        href=address(board, hook.code),
        url=hook.url,
        events=_events(hook, view),
        word=_word(hook, view),
        last=_last(last.latest, view),
        stuck=view.say("webhook_stuck", number=last.dead) if last.dead else "",
    )


def _last(latest: WebhookDelivery | None, view: View) -> str:
    if latest is None:
        return view.say("webhook_nothing_told")
    return view.say(
        "webhook_last",
        state=view.say(f"webhook_state_{latest.state}"),
        moment=view.moment(latest.settled_at or latest.next_attempt_at or latest.created_at),
    )


def _word(hook: WebhookRow, view: View) -> str:
    if hook.active:
        return view.say("webhook_on")
    return view.say("webhook_gone" if hook.stopped == webhooks.GONE else "webhook_off")


def _events(hook: WebhookRow, view: View) -> str:
    return "; ".join(_event(event, view) for event in hook.events)


def _event(event: str, view: View) -> str:
    return f"{view.say('webhook_event_' + event.replace('.', '_'))} ({event})"


def webhook_page(
    board: Board,
    view: View,
    hook: WebhookRow,
    *,
    secret: str = "",
    refused: str = "",
    form: Mapping[str, str] | None = None,
) -> WebhookPage:
    """Return the page; ``form`` is what was typed into a form that was refused."""
    found = webhook_outbox.latest(view.session, hook.id, most=LATEST + 1)
    base = address(board, hook.code)
    return WebhookPage(
        key=hook.code,
        url=hook.url,
        events=_events(hook, view),
        internal=hook.internal,
        active=hook.active,
        word=_word(hook, view),
        made=view.say("webhook_made", moment=view.moment(hook.made_at), name=view.person(hook.made_by)),
        rotated=view.moment(hook.rotated_at) if hook.rotated_at else "",
        rotation=hook.rotation,
        base=base,
        lines=tuple(_delivery_line(each, view, base) for each in found[:LATEST]),
        more=len(found) > LATEST,
        changes=changes_of(board, view, webhooks.KIND, hook.code),
        choices=_choices(view, hook.events if form is None else events_of(form)),
        typed_url=hook.url if form is None else form.get("url", ""),
        typed_internal=hook.internal if form is None else INTERNAL in form,
        editing=form is not None,
        seen=last_number(view.session, view.organisation_id, webhooks.KIND, hook.code),
        secret=secret,
        refused=refused,
    )


def _delivery_line(delivery: WebhookDelivery, view: View, base: str) -> DeliveryLine:
    task = str(delivery.payload["data"].get("task", ""))
    number, _, row = task.rpartition("/")
    unit = str(delivery.payload["data"].get("unit", ""))
    status = f"{delivery.status} " if delivery.status else ""
    dead = delivery.state == DeliveryState.DEAD
    return DeliveryLine(
        number=delivery.id,
        kept=view.moment(delivery.created_at),
        event=view.say("webhook_event_" + delivery.kind.replace(".", "_")),
        about=f"{task}, {view.unit(unit)}" if task else "–",
        href=view.links.task(number, int(row)) if task else "",
        state=delivery.state,
        word=view.say(f"webhook_state_{delivery.state}"),
        answer=f"{status}{delivery.answer}".strip(),
        when=_when(delivery, view),
        again=f"{base}/messages/{delivery.id}" if dead else "",
    )


def _when(delivery: WebhookDelivery, view: View) -> str:
    if delivery.state == DeliveryState.DEFERRED and delivery.next_attempt_at:
        return view.say(
            "webhook_next", moment=view.moment(delivery.next_attempt_at), attempts=delivery.attempts
        )
    return view.moment(delivery.settled_at) if delivery.settled_at else ""
