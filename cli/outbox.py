"""``dondoc outbox``: the letters kept, their state, and what a person may do about one."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import day_of, say, the_office, words

outbox = typer.Typer(no_args_is_help=True, help="Hộp thư đi: từng thư, trạng thái, trả lời của máy chủ thư.")
Letter = Annotated[int, typer.Argument(metavar="LETTER", help="Số thứ tự của thư.")]


def register(app: typer.Typer) -> None:
    app.add_typer(outbox, name="outbox")


@outbox.command("list", help="Các thư đã soạn.")
def list_(
    state: Annotated[list[str] | None, typer.Option("--state")] = None,
    day: Annotated[str | None, typer.Option("--day")] = None,
) -> None:
    from storage import outbox as letters
    from storage.engine import read

    with the_office() as office, read(office.engine) as session:
        found = letters.list_letters(
            session, office.organisation_id, states=state, day=day_of(day) if day else None
        )
        for one in found:
            line = f"{one.id:>6}  {one.day}  {words(f'letter_state_{one.state}'):<16} {one.person:<22} {one.subject}"
            print(line + (f"\n        {one.answer}" if one.answer and one.state != "sent" else ""))
    say("outbox_count", letters=len(found))


@outbox.command(help="Nội dung một thư. One letter's words.")
def show(letter: Letter) -> None:
    from storage import outbox as letters
    from storage.engine import read

    with the_office() as office, read(office.engine) as session:
        found = next(
            (one for one in letters.list_letters(session, office.organisation_id) if one.id == letter), None
        )
        if found is None:
            raise letters.LetterRefused("letter_unknown", letter=letter)
        print(f"{found.message_id}\n{found.subject}\n\n{found.body_text}")


@outbox.command(help="Gửi lại một thư không gửi được.")
def retry(letter: Letter) -> None:
    from storage import outbox as letters
    from storage.engine import write

    with the_office() as office, write(office.engine) as session:
        letters.retry(session, office.organisation_id, letter, at=office.now())
    say("letter_retried", letter=letter)


@outbox.command(help="Bỏ một thư chưa gửi.")
def cancel(letter: Letter) -> None:
    from storage import outbox as letters
    from storage.engine import write

    with the_office() as office, write(office.engine) as session:
        letters.cancel(session, office.organisation_id, letter, at=office.now())
    say("letter_cancelled", letter=letter)


@outbox.command(help="Nói rõ một thư “không rõ” đã đến (--arrived) hay chưa (--lost).")
def resolve(letter: Letter, arrived: Annotated[bool, typer.Option("--arrived/--lost")]) -> None:
    from storage import outbox as letters
    from storage.engine import write

    with the_office() as office, write(office.engine) as session:
        letters.resolve(session, office.organisation_id, letter, arrived=arrived, at=office.now())
    say("letter_resolved", letter=letter)
