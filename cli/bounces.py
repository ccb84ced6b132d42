"""``dondoc bounces``: the letters that came back, the addresses that are dead, and how one is cleared."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import moment_of, print_json, say, say_done, signer, the_office, words
from cli.options import AsOf, By, Json, both

bounces = typer.Typer(
    invoke_without_command=True,
    help=both("Thư báo lỗi, địa chỉ không gửi được", "bounces and dead addresses"),
)


def register(app: typer.Typer) -> None:
    app.add_typer(bounces, name="bounces")


@bounces.callback()
def bounces_itself(context: typer.Context, json: Json = False) -> None:
    """Without a further word the bounces are listed."""
    if context.invoked_subcommand is None:
        list_(json=json)


@bounces.command("list", help=both("Ai không gửi được, thư nào bị trả lại", "who cannot be reached, and why"))
def list_(json: Json = False) -> None:
    from storage.bounces import list_bounces, unreachable
    from storage.engine import read

    with the_office() as office, read(office.engine) as session:
        found = list_bounces(session, office.organisation_id)
        people = unreachable(session, office.organisation_id)
        zone = office.settings.timezone
    if json:
        print_json(
            {
                "unreachable": [
                    {
                        "person": one.person.code,
                        "address": one.person.email,
                        "since": one.dead.since.astimezone(zone).isoformat(),
                        "status": one.bounce.status,
                    }
                    for one in people
                ],
                "bounces": [
                    {
                        "id": one.id,
                        "at": one.at.astimezone(zone).isoformat(),
                        "address": one.address,
                        "status": one.status,
                        "verdict": one.verdict,
                        "letter": one.letter_id,
                        "diagnostic": one.diagnostic,
                    }
                    for one in found
                ],
            }
        )
        return
    for person in people:
        say(
            "bounce_unreachable",
            name=person.person.name,
            person=person.person.code,
            address=person.person.email,
            status=person.bounce.status,
            on=person.dead.since.astimezone(zone).date(),
        )
    for one in found:
        letter = words("bounce_letter", letter=one.letter_id) if one.letter_id else ""
        verdict, on = words(f"bounce_verdict_{one.verdict}"), one.at.astimezone(zone).date()
        say(
            "bounce_line",
            on=on,
            address=one.address,
            status=one.status or "–",
            verdict=verdict,
            letter=letter,
        )
    say("bounce_count", bounces=len(found), people=len(people))


@bounces.command(
    help=both("Địa chỉ vẫn đúng: gửi lại cho người này", "the address is right: write to it again")
)
def clear(
    person: Annotated[
        str, typer.Argument(metavar="CODE", help=both("Mã người trong danh bạ", "the person's code"))
    ],
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from datetime import time

    from storage import bounces as kept
    from storage.engine import write

    with the_office() as office:
        moment = office.moment_of(moment_of(as_of), time(9))
        signed = signer(office, by)
        with write(office.engine) as session:
            kept.clear(session, office.organisation_id, person, by=signed, at=moment)
    say_done(json, "bounce_cleared", person=person)
