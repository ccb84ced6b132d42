"""``dondoc feeds``: calendars of one person's or one unit's deadlines, to subscribe to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import print_json, say_done, signer, the_office, words
from cli.options import By, Json, both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from flows.office import OpenOffice
    from storage.feeds import FeedKind
    from storage.schema import FeedRow

feeds = typer.Typer(
    no_args_is_help=True,
    help=both("Lịch đăng ký: thời hạn của một người hoặc một đơn vị", "calendars to subscribe to"),
)
OfPerson = Annotated[str | None, typer.Option("--person", help=both("Mã người", "the person's code"))]
OfUnit = Annotated[str | None, typer.Option("--unit", help=both("Mã đơn vị", "the unit's code"))]


def register(app: typer.Typer) -> None:
    app.add_typer(feeds, name="feeds")


@feeds.command(help=both("In địa chỉ lịch; ai có địa chỉ đều xem được", "prints its address"))
def make(
    person: OfPerson = None,
    unit: OfUnit = None,
    renew: Annotated[
        bool, typer.Option("--renew", help=both("Cấp địa chỉ mới, bỏ địa chỉ cũ", "a new address"))
    ] = False,
    by: By = None,
    json: Json = False,
) -> None:
    from storage import feeds as kept
    from storage.engine import write

    kind, code = _whose(person, unit)
    with the_office() as office:
        signed = signer(office, by)
        with write(office.engine) as session:
            feed = kept.make(
                session, office.organisation_id, kind, code, renew=renew, by=signed, at=office.now()
            )
        address = _address(office, feed)
    say_done(json, "feed_made", whose=code, address=address)


@feeds.command("list", help=both("Các lịch đã cấp; không in địa chỉ", "the feeds, without addresses"))
def list_(json: Json = False) -> None:
    from storage import feeds as kept
    from storage.engine import read

    with the_office() as office, read(office.engine) as session:
        found = kept.all_of(session, office.organisation_id)
    if json:
        print_json([_as_json(feed) for feed in found])
        return
    for feed in found:
        made = words("plain_day", day=feed.created_at.astimezone(office.settings.timezone).date())
        state = words("feed_revoked_mark" if feed.revoked_at else "feed_held_mark")
        print(f"{words(f'feed_kind_{feed.kind}'):<8} {feed.code:<14} {made}  {state}")


@feeds.command(help=both("Thu hồi: địa chỉ đã cấp không xem được nữa", "ends a feed's address"))
def revoke(person: OfPerson = None, unit: OfUnit = None, json: Json = False) -> None:
    from storage import feeds as kept
    from storage.engine import write

    kind, code = _whose(person, unit)
    with the_office() as office, write(office.engine) as session:
        kept.revoke(session, office.organisation_id, kind, code, at=office.now())
    say_done(json, "feed_revoked", whose=code)


def _whose(person: str | None, unit: str | None) -> tuple[FeedKind, str]:
    from storage.feeds import FeedKind

    if person and not unit:
        return FeedKind.PERSON, person
    if unit and not person:
        return FeedKind.UNIT, unit
    raise Refused("feed_whose")


def _address(office: OpenOffice, feed: FeedRow) -> str:
    from notifications.feed_tokens import FeedScope, sign_feed
    from notifications.links import Links

    token = sign_feed(FeedScope(feed.kind, feed.code, feed.serial), office.keys)
    return Links(office.settings.base_url).feed(token)


def _as_json(feed: FeedRow) -> dict[str, object]:
    return {
        "kind": feed.kind,
        "code": feed.code,
        "made": feed.created_at.isoformat(),
        "by": feed.created_by,
        "revoked": feed.revoked_at.isoformat() if feed.revoked_at else None,
    }
