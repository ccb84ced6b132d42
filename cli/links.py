"""``dondoc links``: stop the links of letters that leaked, and see what was done through a letter's."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import print_json, say, say_done, signer, the_office
from cli.options import By, Json, Note, both
from tasks_catalog.problem import Refused

links = typer.Typer(
    no_args_is_help=True,
    help=both("Liên kết trong thư: thu hồi, xem đã dùng", "links in letters: stop them, see their use"),
)


def register(app: typer.Typer) -> None:
    app.add_typer(links, name="links")


@links.command(help=both("Thu hồi liên kết của một thư, một người, hoặc tất cả", "stop links already sent"))
def revoke(
    letter: Annotated[
        int | None, typer.Option("--letter", help=both("Số thứ tự của thư", "one letter's, by its number"))
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", help=both("Mã người nhận", "those one person has so far"))
    ] = None,
    everybodys: Annotated[
        bool, typer.Option("--all", help=both("Mọi liên kết đã gửi", "every link sent so far"))
    ] = False,
    note: Note = "",
    by: By = None,
    json: Json = False,
) -> None:
    from storage import links as kept
    from storage.engine import write

    if sum((letter is not None, person is not None, everybodys)) != 1:
        raise Refused("links_whose")
    with the_office() as office:
        signed = signer(office, by)
        with write(office.engine) as session:
            kept.revoke(
                session,
                office.organisation_id,
                letter_id=letter,
                person=person,
                by=signed,
                note=note,
                at=office.now(),
            )
    say_done(json, "links_revoked")


@links.command(help=both("Đã làm gì qua liên kết của một thư", "what was done through one letter's links"))
def uses(
    letter: Annotated[
        int, typer.Argument(metavar="LETTER", help=both("Số thứ tự của thư", "the letter's number"))
    ],
    json: Json = False,
) -> None:
    from storage import links as kept
    from storage import outbox
    from storage.engine import read

    with the_office() as office, read(office.engine) as session:
        outbox.letter_or_refuse(session, office.organisation_id, letter)
        found = [
            {
                "at": f"{use.at.astimezone(office.settings.timezone):%Y-%m-%d %H:%M}",
                "purpose": _name_of(use.purpose),
                "outcome": use.outcome,
            }
            for use in kept.uses_of(session, letter)
        ]
    if json:
        print_json(list(found))
        return
    for use in found:
        say("link_use", **use)
    say("links_used", count=len(found))


def _name_of(purpose: str) -> str:
    """Return a use's purpose in a word, with what was done where its link is for several: "mine report"."""
    from notifications.signing import Purpose

    first, _, what = purpose.partition(":")
    return " ".join(filter(None, (Purpose(first).name.lower(), what)))
