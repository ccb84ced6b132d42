"""``dondoc answers``: what readers answered by mail, for the coordinator to confirm in one step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import optional_day, print_json, say, say_done, the_office, words
from cli.deciding import at_the_desk, document_of
from cli.options import AsOf, By, Json, Note, Paper, Unit, both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from datetime import tzinfo

    from storage.answers import AnswerLine
    from storage.schema import AnswerRow

answers = typer.Typer(
    invoke_without_command=True,
    help=both("Thư trả lời chờ xác nhận", "answers by mail, to be confirmed"),
)
Number = Annotated[
    int, typer.Argument(metavar="N", help=both("Số thứ tự của thư trả lời", "the answer's number"))
]


def register(app: typer.Typer) -> None:
    app.add_typer(answers, name="answers")


@answers.callback()
def answers_itself(context: typer.Context, json: Json = False) -> None:
    """Without a further word the open answers are listed."""
    if context.invoked_subcommand is None:
        list_(json=json)


@answers.command("list", help=both("Các thư trả lời chờ xác nhận", "the answers to be confirmed"))
def list_(
    every: Annotated[
        bool, typer.Option("--all", help=both("Cả thư đã xử lý", "those dealt with too"))
    ] = False,
    json: Json = False,
) -> None:
    from storage.answers import AnswerState, list_answers
    from storage.engine import read

    states = None if every else (str(AnswerState.OPEN),)
    with the_office() as office, read(office.engine) as session:
        found = list_answers(session, office.organisation_id, states=states)
        zone = office.settings.timezone
    if json:
        print_json([_as_json(line, zone) for line in found])
        return
    for line in found:
        say(
            "answer_line",
            number=f"{line.answer.id:>4}",
            on=line.answer.received_at.astimezone(zone).date(),
            who=line.answer.person or line.answer.sender,
            task=line.task or words("answer_no_task"),
            reading="; ".join(reading_of(line.answer)),
        )
    say("answer_count", answers=len(found))


def reading_of(answer: AnswerRow) -> Iterator[str]:
    """Yield what was read out of an answer, and whether it came from the right address."""
    yield words(f"answer_kind_{answer.kind}")
    document, issued, day = (answer.fields.get(key) for key in ("document", "issued", "day"))
    if document and issued:
        yield words("answer_read_document_dated", document=document, issued=issued)
    elif document:
        yield words("answer_read_document", document=document)
    if day:
        yield words("answer_read_day", day=day)
    if answer.files:
        yield words("answer_files", files=len(answer.files))
    yield words(f"answer_from_{answer.sender_is}")
    if answer.state != "open":
        yield words(f"answer_state_{answer.state}")


def _as_json(line: AnswerLine, zone: tzinfo) -> dict[str, object]:
    answer = line.answer
    return {
        "id": answer.id,
        "state": answer.state,
        "received_at": answer.received_at.astimezone(zone).isoformat(),
        "sender": answer.sender,
        "sender_is": answer.sender_is,
        "person": answer.person,
        "letter": answer.letter_id,
        "task": line.task,
        "unit": answer.unit,
        "kind": answer.kind,
        "fields": answer.fields,
        "subject": answer.subject,
        "text": answer.text,
        "files": answer.files,
    }


@answers.command(help=both("Nội dung một thư trả lời", "one answer's words"))
def show(number: Number, json: Json = False) -> None:
    from storage.answers import answer_or_refuse
    from storage.engine import read
    from storage.inbox import FILES

    with the_office() as office, read(office.engine) as session:
        line = answer_or_refuse(session, office.organisation_id, number)
        zone, home = office.settings.timezone, office.settings.home
    if json:
        print_json(_as_json(line, zone))
        return
    answer = line.answer
    print(f"{answer.sender}\n{answer.subject}\n{line.task or words('answer_no_task')}")
    print("; ".join(reading_of(answer)))
    print(f"\n{answer.text}\n")
    for file in answer.files:
        kept = {**file, "file": home / FILES / str(file["file"])}
        say("answer_file", **{name: kept[name] for name in ("name", "type", "size", "file")})


@answers.command(
    help=both("Ghi nhận thư trả lời thành báo cáo, xin gia hạn ...", "record what an answer says")
)
def confirm(
    number: Number,
    how: Annotated[
        str | None,
        typer.Option("--as", help=both("report | extend | ack; mặc định theo gợi ý", "else as read")),
    ] = None,
    task: Annotated[
        str | None, typer.Option("--task", help=both("Mã nhiệm vụ, nếu chưa rõ", "the task, if not clear"))
    ] = None,
    unit: Unit = None,
    document: Paper = None,
    to: Annotated[
        str | None,
        typer.Option("--to", help=both("Ngày xin gia hạn hoặc hẹn xong", "until when, or done by when")),
    ] = None,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept", help=both("Chấp nhận luôn, tính theo ngày nhận thư", "accept; the mail's day counts")
        ),
    ] = False,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from dataclasses import replace

    from storage.answers import Choice, ConfirmAs, answer_or_refuse, day_received
    from storage.answers import confirm as record

    if how is not None and how not in set(ConfirmAs):
        raise Refused("answer_as_unknown", how=how, known=", ".join(ConfirmAs))
    with at_the_desk(by, None, note, as_of) as desk:
        line = answer_or_refuse(desk.session, desk.organisation_id, number)
        on = day_received(line.answer, desk)
        said = words("answer_note", on=on, coordinator=desk.by)
        choice = Choice(
            confirm_as=ConfirmAs(how) if how else None,
            task=task,
            unit=unit,
            document=document_of(document),
            to=optional_day(to),
            accept=accept,
            mail_named=words("answer_mail", on=on),
        )
        facts = record(replace(desk, note=f"{said}; {note}" if note else said), number, choice)
    say_done(json, "answer_confirmed", answer=number, task=facts.id)


@answers.command(help=both("Không chấp nhận, kèm lý do (--note)", "reject an answer, with the reason"))
def reject(number: Number, note: Note = "", by: By = None, as_of: AsOf = None, json: Json = False) -> None:
    from storage.answers import AnswerState, set_aside

    with at_the_desk(by, None, note, as_of) as desk:
        set_aside(desk, number, AnswerState.REJECTED)
    say_done(json, "answer_rejected", answer=number)


@answers.command(help=both("Đã xem, không cần ghi gì", "read, and nothing to record"))
def ignore(number: Number, note: Note = "", by: By = None, as_of: AsOf = None, json: Json = False) -> None:
    from storage.answers import AnswerState, set_aside

    with at_the_desk(by, None, note, as_of) as desk:
        set_aside(desk, number, AnswerState.IGNORED)
    say_done(json, "answer_ignored", answer=number)
