"""``dondoc outbox``: the letters kept, their state, and what a person may do about one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import typer

from cli.context import optional_day, print_json, say, say_done, the_office, words
from cli.options import Json, both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

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


@outbox.command(help=both("Một thư: các dòng, các lần gửi, nội dung", "one letter: lines, attempts, words"))
def show(letter: Letter, json: Json = False) -> None:
    from storage import outbox as letters
    from storage.engine import read

    with the_office() as office, read(office.engine) as session:
        found = letters.letter_or_refuse(session, office.organisation_id, letter)
        seen = _Seen.of(session, found, office.settings.timezone)
    if json:
        told = {"message_id": found.message_id, "text": found.body_text}
        print_json({**_as_json(found), **told, **seen.as_json})
        return
    print(f"{found.message_id}\n{found.subject}\n")
    seen.say_what_became_of_it()
    print(f"\n{found.body_text}")


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What a person looks for in one letter: its lines, each attempt with the relay's words, what follows."""

    state: str
    lines: Sequence[tuple[str, str, str, str]]
    """Task, unit, rung and state of each notice it carries."""
    attempts: Sequence[tuple[str, str, str]]
    """When, what came of it, the relay's words."""
    to_come: Sequence[str]
    """When it is tried again, should each attempt fail."""
    bounces: Sequence[str]
    """What came back of it, in words."""

    @classmethod
    def of(cls, session: Session, letter: LetterRow, zone: ZoneInfo) -> Self:
        from notifications.deliver import attempts_to_come
        from storage import ledger
        from storage import outbox as letters
        from storage.bounces import bounces_of

        def local(moment: datetime) -> str:
            return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

        again = letter.next_attempt_at if letter.state == letters.LetterState.DEFERRED else None
        return cls(
            state=letter.state,
            lines=[
                (entry.task_id, entry.notice.key.share.unit, entry.notice.key.rung, str(entry.notice.state))
                for entry in ledger.of_letter(session, letter.id)
            ],
            attempts=[
                (local(one.at), one.state, one.answer) for one in letters.attempts_of(session, letter.id)
            ],
            to_come=[local(at) for at in (again, *attempts_to_come(letter.attempts + 1, again))]
            if again
            else [],
            bounces=[
                words(
                    "outbox_bounced",
                    on=one.at.astimezone(zone).date(),
                    verdict=words(f"bounce_verdict_{one.verdict}"),
                    status=one.status or "–",
                    diagnostic=one.diagnostic,
                )
                for one in bounces_of(session, [letter.id]).get(letter.id, ())
            ],
        )

    @property
    def as_json(self) -> dict[str, object]:
        return {
            "lines": [dict(zip(("task", "unit", "rung", "state"), line, strict=True)) for line in self.lines],
            "attempts": [dict(zip(("at", "state", "answer"), one, strict=True)) for one in self.attempts],
            "attempts_to_come": list(self.to_come),
            "bounces": list(self.bounces),
        }

    def say_what_became_of_it(self) -> None:
        for at, state, answer in self.attempts:
            say("letter_attempt", at=at, state=words(f"letter_state_{state}"), answer=answer or "–")
        if self.to_come:
            say("letter_attempts_to_come", times=", ".join(self.to_come))
        for bounced in self.bounces:
            print(bounced)
        for task, unit, rung, state in self.lines:
            say("letter_line", task=task, unit=unit, rung=rung, state=words(f"notice_{state}"))


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
