"""``dondoc plan``: read, import, settle, activate and end a plan; list plans and their questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import (
    day_of,
    moment_of,
    print_json,
    problem_json,
    problem_words,
    say,
    say_done,
    say_problem,
    signer,
    the_office,
    words,
)
from cli.options import AsOf, By, Json, Paper, PlanNumber, Year, both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from flows.import_plan import Imported
    from flows.office import OpenOffice
    from tasks_catalog.problem import Problem
    from tasks_catalog.task import AcceptedBy, PlanRead, Task

Doubts = Iterable[tuple[int | None, "Problem"]]
AcceptedByOption = Annotated[
    str | None,
    typer.Option(
        "--accepted-by",
        help=both("Ai xác nhận báo cáo: coordinator | leader", "whose word accepts reports"),
    ),
]
File = Annotated[
    Path, typer.Argument(metavar="FILE", help=both("Tệp .docx, .xlsx, .pdf hoặc .csv", "the plan's document"))
]
ROW_WIDTH = 4
NAME_QUESTIONS = ("unit_unknown", "unit_ambiguous", "owner_group_empty")
"""Questions that ``settle --name`` answers on every row at once."""

plan = typer.Typer(
    no_args_is_help=True,
    help=both("Kế hoạch: đọc, nhập, trả lời câu hỏi, theo dõi", "plans: read, import, settle, track"),
)


def register(app: typer.Typer) -> None:
    app.add_typer(plan, name="plan")


@plan.command(
    "read", help=both("Xem trước sẽ nhập gì; không ghi gì", "what would be imported; writes nothing")
)
def read(file: File, year: Year = None, json: Json = False) -> None:
    from tasks_catalog.documents import read_plan
    from tasks_catalog.documents.as_json import as_json

    found = read_plan(file, year=year)
    if json:
        print_json(as_json(found, problem_words))
        return
    for line in described(found):
        print(line)
    doubts = [(task.row, problem) for task in found.tasks for problem in task.problems]
    _say_doubts([*doubts, *((None, problem) for problem in found.problems)])


def described(found: PlanRead) -> Iterator[str]:
    """Yield the plan as read: its head, its tasks as a table, the account of its rows."""
    from cli.table import lines_of, shared, wide

    head = found.head
    known = (head.number, words("plan_of_day", day=head.issued) if head.issued else None, head.title)
    yield ", ".join(part for part in known if part) or found.source_name
    yield ""
    widths = shared(wide(), ROW_WIDTH, (5, 3, 4))
    heads = ("plan_head_row", "plan_head_task", "plan_head_lead", "plan_head_deadline")
    yield from lines_of([words(code) for code in heads], widths)
    place: tuple[str, str] = ("", "")
    for task in found.tasks:
        if (task.section, task.group) != place:
            place = (task.section, task.group)
            yield "\n" + " / ".join(part for part in place if part)
        yield from lines_of(_cells(task), widths)
    yield ""
    yield words("plan_rows", **{name: getattr(found.rows, name) for name in found.rows.__dataclass_fields__})


def _cells(task: Task) -> tuple[str, str, str, str]:
    from cli.deadline import in_short

    read_as = f"{task.deadline.text or '–'} → {in_short(task.deadline)}"
    return (f"{task.row:>3}", task.text, task.lead.text, read_as)


def _say_doubts(doubts: Doubts) -> None:
    told = list(doubts)
    if told:
        say("plan_doubts", doubts=len(told))
    for row, problem in told:
        say_problem(row, problem)


@plan.command("import", help=both("Nhập kế hoạch; không gửi thư nào", "import a plan; no mail goes out"))
def import_(
    file: File,
    number: Annotated[
        str,
        typer.Option("--number", help=both("Số ký hiệu, ví dụ 383/KH-SCT", "the plan's number")),
    ],
    issued: Annotated[
        str,
        typer.Option("--issued", help=both("Ngày ban hành, ví dụ 2023-01-30", "the day it was issued")),
    ],
    year: Year = None,
    title: Annotated[
        str, typer.Option("--title", help=both("Tên kế hoạch, nếu văn bản không ghi", "its title"))
    ] = "",
    label: Annotated[
        str, typer.Option("--label", help=both("Nhãn in ở mọi nơi, ví dụ “bản dựng lại”", "a mark shown"))
    ] = "",
    accepted_by: AcceptedByOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=both("Chỉ xem, không ghi", "only show; write nothing"))
    ] = False,
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from flows.import_plan import import_plan, rehearsed, year_of
    from tasks_catalog.task import PlanSettings

    if not number.strip():
        raise Refused("plan_number_needed")
    issued_on = day_of(issued)
    with the_office() as office:
        settings = PlanSettings(
            year=year or year_of(file, issued_on), accepted_by=accepted_by_of(accepted_by or "coordinator")
        )
        if dry_run:
            done = rehearsed(office, file, number=number, issued=issued_on, settings=settings)
        else:
            done = import_plan(
                office,
                file,
                number=number,
                issued=issued_on,
                settings=settings,
                by=signer(office, by),
                title=title,
                label=label,
                as_of=moment_of(as_of),
            )
    _say_imported(done, "plan_would_import" if dry_run else "plan_imported", as_json=json)


def accepted_by_of(named: str) -> AcceptedBy:
    from tasks_catalog.task import AcceptedBy

    if named not in set(AcceptedBy):
        raise Refused("accepted_by_unknown", named=named, known=", ".join(AcceptedBy))
    return AcceptedBy(named)


def _say_imported(done: Imported, code: str, *, as_json: bool) -> None:
    everything: list[tuple[int | None, Problem]] = [*done.questions, *done.notes, *done.of_plan]
    if as_json:
        print_json(
            {
                "done": code,
                "number": done.number,
                "issued": done.issued.isoformat(),
                "rows": done.rows,
                "tasks": done.tasks,
                "problems": [problem_json(row, problem) for row, problem in everything],
            }
        )
        return
    rows = sorted({row for row, _ in done.questions})
    say(code, number=done.number, tasks=done.tasks, rows=done.rows, questions=len(rows))
    if done.printed_number and not done.agrees:
        say("plan_number_differs", number=done.number, printed=done.printed_number)
    _say_doubts(everything)
    if rows:
        say("plan_settle_hint", number=done.number, row=rows[0])
    if any(problem.code in NAME_QUESTIONS for _, problem in done.questions):
        say("plan_settle_name_hint", number=done.number)


@plan.command("list", help=both("Các kế hoạch đang có", "the plans there are"))
def list_(json: Json = False) -> None:
    from storage import tasks
    from storage.engine import read as reading

    with the_office() as office, reading(office.engine) as session:
        found = [
            {
                "number": row.number,
                "issued": row.issued.isoformat(),
                "year": row.year,
                "state": row.state,
                "title": row.title,
            }
            for row in tasks.list_plans(session, office.organisation_id)
        ]
    if json:
        print_json(list(found))
        return
    for entry in found:
        state = words(f"plan_state_{entry['state']}")
        day = words("plain_day", day=entry["issued"])
        print(f"{entry['number']!s:<18} {day:<11} {state:<15} {entry['title']}")
    if not found:
        say("plan_none")


@plan.command("questions", help=both("Những dòng đang chờ trả lời", "the rows that wait for an answer"))
def questions(number: PlanNumber, json: Json = False) -> None:
    from storage import tasks
    from storage.engine import read as reading

    with the_office() as office, reading(office.engine) as session:
        found = tasks.plan_or_refuse(session, office.organisation_id, number)
        asked, known = tasks.questions_of(session, found), found.number
    if json:
        print_json([problem_json(question.row, question.problem) for question in asked])
        return
    for question in asked:
        say_problem(question.row, question.problem)
    if asked:
        say("plan_settle_hint", number=known, row=asked[0].row)
        if any(question.problem.code in NAME_QUESTIONS for question in asked):
            say("plan_settle_name_hint", number=known)
    else:
        say("plan_no_questions", number=known)


@plan.command(
    "settle",
    help=both("Trả lời câu hỏi của một dòng, hoặc về một tên đơn vị", "answer a row, or for a name"),
)
def settle(
    number: PlanNumber,
    row: Annotated[
        int | None,
        typer.Option("--row", min=1, help=both("Số thứ tự nhiệm vụ trong kế hoạch", "the task's row")),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", help=both("Tên đơn vị như kế hoạch ghi, ở mọi dòng", "a name, on every row")),
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help=both("Đơn vị mang tên đó", "the unit the name means"))
    ] = None,
    learn: Annotated[
        bool, typer.Option("--learn", help=both("Nhớ tên này trong danh bạ", "keep it in the directory"))
    ] = False,
    deadline: Annotated[
        str | None, typer.Option("--deadline", help=both("Thời hạn đúng, bằng chữ", "the deadline in words"))
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help=both("Nhận cách hiểu được đề xuất", "take the proposed reading"))
    ] = False,
    owner: Annotated[
        list[str] | None, typer.Option("--owner", help=both("Đơn vị chủ trì", "owner unit; may be repeated"))
    ] = None,
    co_owner: Annotated[
        list[str] | None, typer.Option("--co-owner", help=both("Đơn vị phối hợp", "co-owner unit"))
    ] = None,
    document: Paper = None,
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from cli.deciding import document_of
    from storage import tasks
    from storage.engine import write
    from storage.starting import Answer
    from storage.starting import settle as settled

    if name is not None or unit is not None or learn:
        from cli.naming import settle_by_name

        if row is not None or deadline or accept or owner or co_owner:
            raise Refused("answer_for_name_alone")
        settle_by_name(number, name, unit, learn=learn, document=document, by=by, as_of=as_of, as_json=json)
        return
    if row is None:
        raise Refused("answer_row_or_name")
    if not (deadline or accept or owner or co_owner):
        raise Refused("answer_needed", row=row)
    answer = Answer(
        deadline=deadline,
        accept_proposal=accept,
        owners=tuple(owner or ()),
        co_owners=tuple(co_owner or ()),
    )
    with the_office() as office:
        signed = signer(office, by)
        with write(office.engine) as session:
            found = tasks.plan_or_refuse(session, office.organisation_id, number)
            left = settled(
                session,
                found,
                row,
                answer,
                calendar=office.calendar,
                by=signed,
                at=office.moment_of(moment_of(as_of), time(9)),
                document=document_of(document),
            )
            known = found.number
    _say_settled(known, row, left, as_json=json)


def _say_settled(number: str, row: int, left: tuple[Problem, ...], *, as_json: bool) -> None:
    code = "plan_row_still_asks" if left else "plan_row_settled"
    if as_json:
        asks: list[object] = [problem_json(row, problem) for problem in left]
        print_json({"done": code, "number": number, "row": row, "problems": asks})
        return
    say(code, number=number, row=row)
    for problem in left:
        say_problem(row, problem)


@plan.command("activate", help=both("Bắt đầu theo dõi kế hoạch", "start tracking"))
def activate(number: PlanNumber, by: By = None, as_of: AsOf = None, json: Json = False) -> None:
    from flows.activate import activate_plan

    with the_office() as office:
        done = activate_plan(office, number, by=signer(office, by), as_of=moment_of(as_of))
    say_done(
        json,
        "plan_activated",
        number=number,
        occurrences=done.opened.occurrences,
        shares=done.opened.shares,
        before=done.opened.before_tracking,
        letters=done.welcomed,
    )


@plan.command("end", help=both("Kết thúc theo dõi; số liệu vẫn lưu", "stop tracking; the record is kept"))
def end(number: PlanNumber, by: By = None, as_of: AsOf = None, json: Json = False) -> None:
    with the_office() as office:
        known = _ended(office, number, signer(office, by), moment_of(as_of))
    say_done(json, "plan_ended", number=known)


def _ended(office: OpenOffice, number: str, by: str, as_of: date | None) -> str:
    from storage import tasks
    from storage.engine import write

    moment = office.moment_of(as_of, time(9))
    with write(office.engine) as session:
        found = tasks.plan_or_refuse(session, office.organisation_id, number)
        tasks.end(session, found, on=moment.date(), by=by, at=moment)
        return found.number
