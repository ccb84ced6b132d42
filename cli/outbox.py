"""``dondoc outbox``: the letters kept, their state, and what a person may do about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import optional_day, print_json, say, say_done, the_office, words
from cli.options import Json, both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from storage.schema import LetterRow

outbox = typer.Typer(
    invoke_without_command=True,
    help=both("Hộp thư đi: từng thư, trạng thái, xử lý", "the outbox: letters and their states"),
)
Letter = Annotated[
    int, typer.Argument(metavar="LETTER", help=both("Số thứ tự của thư", "the letter's number"))
]


def register(app: typer.Typer) -> None:
    app.add_typer(outbox, name="outbox")


@outbox.callback()
def outbox_itself(context: typer.Context, json: Json = False) -> None:
    """Without a further word the outbox is listed."""
    if context.invoked_subcommand is None:
        list_(json=json)


@outbox.command("list", help=both("Các thư đã soạn", "the letters kept"))
def list_(
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="waiting | posting | sent | deferred | dead | unknown | cancelled"),
    ] = None,
    day: Annotated[str | None, typer.Option("--day", help=both("Thư của ngày này", "of this day"))] = None,
    json: Json = False,
) -> None:
    from storage import outbox as letters
    from storage.engine import read

    known = [str(one) for one in letters.LetterState]
    for wanted in state or ():
        if wanted not in known:
            raise Refused("letter_state_not_known", state=wanted, known=", ".join(known))
    with the_office() as office, read(office.engine) as session:
        found = letters.list_letters(
            session, office.organisation_id, states=state or None, day=optional_day(day)
        )
        if json:
            print_json([_as_json(one) for one in found])
            return
        for one in found:
            shown, sent_on = words(f"letter_state_{one.state}"), words("plain_day", day=one.day)
            print(f"{one.id:>6}  {sent_on:<11} {shown:<16} {one.person:<14} {one.subject}")
            if one.answer and one.state != "sent":
                print(f"        {one.answer}")
    say("outbox_count", letters=len(found))


def _as_json(letter: LetterRow) -> dict[str, object]:
    return {
        "id": letter.id,
        "day": letter.day.isoformat(),
        "kind": letter.kind,
        "state": letter.state,
        "person": letter.person,
        "subject": letter.subject,
        "answer": letter.answer,
    }


@outbox.command(help=both("Nội dung một thư", "one letter's words"))
def show(letter: Letter, json: Json = False) -> None:
    from storage import outbox as letters
    from storage.bounces import bounces_of
    from storage.engine import read

    with the_office() as office, read(office.engine) as session:
        zone = office.settings.timezone
        kept = letters.list_letters(session, office.organisation_id)
        found = next((one for one in kept if one.id == letter), None)
        if found is None:
            raise letters.LetterRefused("letter_unknown", letter=letter)
        bounced = [
            words(
                "outbox_bounced",
                on=one.at.astimezone(zone).date(),
                verdict=words(f"bounce_verdict_{one.verdict}"),
                status=one.status or "–",
                diagnostic=one.diagnostic,
            )
            for one in bounces_of(session, [letter]).get(letter, ())
        ]
        if json:
            said = {"message_id": found.message_id, "text": found.body_text, "bounces": bounced}
            print_json({**_as_json(found), **said})
        else:
            print("\n".join((found.message_id, found.subject, *bounced, "", found.body_text)))


@outbox.command(help=both("Gửi lại một thư không gửi được", "send a failed letter again"))
def retry(letter: Letter, json: Json = False) -> None:
    from storage import outbox as letters
    from storage.engine import write

    with the_office() as office, write(office.engine) as session:
        letters.retry(session, office.organisation_id, letter, at=office.now())
    say_done(json, "letter_retried", letter=letter)


@outbox.command(help=both("Bỏ một thư chưa gửi", "drop a letter not sent yet"))
def cancel(letter: Letter, json: Json = False) -> None:
    from storage import outbox as letters
    from storage.engine import write

    with the_office() as office, write(office.engine) as session:
        letters.cancel(session, office.organisation_id, letter, at=office.now())
    say_done(json, "letter_cancelled", letter=letter)


@outbox.command(help=both("Thư “không rõ” đã đến (--arrived) hay chưa (--lost)", "did an unknown one arrive"))
def resolve(
    letter: Letter,
    arrived: Annotated[bool, typer.Option("--arrived/--lost", help=both("Đã đến hay chưa", "did it arrive"))],
    json: Json = False,
) -> None:
    from storage import outbox as letters
    from storage.engine import write

    with the_office() as office, write(office.engine) as session:
        letters.resolve(session, office.organisation_id, letter, arrived=arrived, at=office.now())
    say_done(json, "letter_resolved", letter=letter)
