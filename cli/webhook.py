"""``dondoc webhook``: other systems that are told what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import print_json, say, say_done, signer, the_office, words
from cli.options import By, Json, both

if TYPE_CHECKING:
    from flows.office import OpenOffice
    from storage.office_journal import Made
    from storage.schema import WebhookRow
    from storage.webhooks import LastOf

webhook = typer.Typer(
    no_args_is_help=True,
    help=both("Kết nối báo tin cho hệ thống khác", "webhooks: systems told what happens"),
)
Key = Annotated[
    str, typer.Argument(metavar="KEY", help=both("Mã kết nối, ví dụ w1", "the webhook's code, such as w1"))
]


def register(app: typer.Typer) -> None:
    app.add_typer(webhook, name="webhook")


@webhook.command("list", help=both("Các kết nối và tin gần nhất", "the webhooks and their newest message"))
def list_(json: Json = False) -> None:
    from storage import webhooks
    from storage.engine import read

    with the_office() as office, read(office.engine) as session:
        hooks = webhooks.hooks_of(session, office.organisation_id)
        last = webhooks.last_of(session, hooks)
        if json:
            print_json([_as_json(hook, last[hook.id]) for hook in hooks])
            return
        for hook in hooks:
            state = words("webhook_on" if hook.active else "webhook_off")
            newest = last[hook.id].latest
            said = words(f"webhook_state_{newest.state}") if newest else "–"
            print(f"{hook.code:<6} {state:<10} {said:<16} {hook.url}  ({', '.join(hook.events)})")
    say("webhooks_count", count=len(hooks))


def _as_json(hook: WebhookRow, last: LastOf) -> dict[str, object]:
    from storage.webhooks import values_of

    return {
        "key": hook.code,
        **values_of(hook),
        "last": last.latest.state if last.latest else None,
        "waiting": last.waiting,
        "dead": last.dead,
    }


@webhook.command(help=both("Thêm kết nối; in khóa ký một lần", "make one; prints its secret, once"))
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help=both("Địa chỉ nhận", "where it is sent"))],
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help=both("Chỉ sự kiện này; mặc định là mọi sự kiện", "these only")),
    ] = None,
    internal: Annotated[
        bool,
        typer.Option("--internal", help=both("Ở mạng nội bộ; cho phép http://", "in the office's network")),
    ] = False,
    by: By = None,
    json: Json = False,
) -> None:
    from storage import webhooks
    from storage.engine import write
    from tasks_catalog.webhooks import SUBSCRIBED

    with the_office() as office:
        made = _made(office, by)
        with write(office.engine) as session:
            hook = webhooks.make(
                session,
                office.organisation_id,
                url=url,
                events=tuple(event or SUBSCRIBED),
                internal=internal,
                made=made,
            )
        say_done(json, "webhook_added", key=hook.code, url=hook.url, secret=_secret(office, hook))


@webhook.command("test", help=both("Gửi ngay một tin thử", "send a test now"))
def send_test(key: Key, json: Json = False) -> None:
    from flows.call_out import call_out_work
    from storage import webhook_events, webhook_outbox, webhooks
    from storage.engine import read, write

    with the_office() as office:
        with write(office.engine) as session:
            hook = webhooks.hook_or_refuse(session, office.organisation_id, key)
            number = webhook_events.tell_test(session, hook, office.now())
        call_out_work(office)
        with read(office.engine) as session:
            found = webhook_outbox.delivery_of(session, number)
    if found.state == "waiting":
        say_done(json, "webhook_test_waits", key=key)
        raise typer.Exit(1)
    answer = f"{found.status or ''} {found.answer}".strip()
    say_done(
        json, "webhook_test_came", key=key, state=words(f"webhook_state_{found.state}"), answer=answer or "–"
    )
    if found.state != "sent":
        raise typer.Exit(1)


@webhook.command(help=both("Đổi khóa ký; in khóa mới một lần", "a new secret, printed once"))
def rotate(key: Key, by: By = None, json: Json = False) -> None:
    from storage import webhooks
    from storage.engine import write

    with the_office() as office:
        made = _made(office, by)
        with write(office.engine) as session:
            hook = webhooks.hook_or_refuse(session, office.organisation_id, key)
            hook = webhooks.rotate(session, office.organisation_id, key, seen=hook.rotation, made=made)
        say_done(json, "webhook_rotated_by_command", key=hook.code, secret=_secret(office, hook))


@webhook.command(help=both("Bỏ kết nối", "take one away"))
def remove(key: Key, by: By = None, json: Json = False) -> None:
    from storage import webhooks
    from storage.engine import write

    with the_office() as office:
        made = _made(office, by)
        with write(office.engine) as session:
            webhooks.remove(session, office.organisation_id, key, made=made)
    say_done(json, "webhook_removed", key=key)


def _made(office: OpenOffice, by: str | None) -> Made:
    from storage.office_journal import Made

    return Made(by=signer(office, by), at=office.now())


def _secret(office: OpenOffice, hook: WebhookRow) -> str:
    from notifications.webhook_signing import SecretScope, secret_of

    return secret_of(SecretScope.of(hook), office.keys)
