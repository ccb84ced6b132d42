"""``dondoc plan``: read, import, settle and activate a plan; list its questions."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import day_of, print_json, problem_words, say, say_problem, the_office, words

if TYPE_CHECKING:
    from tasks_catalog.task import PlanRead

plan = typer.Typer(no_args_is_help=True, help="Kế hoạch: đọc, nhập, trả lời câu hỏi, bắt đầu theo dõi.")


def register(app: typer.Typer) -> None:
    app.add_typer(plan, name="plan")


@plan.command("read", help="Xem trước sẽ nhập gì; không ghi gì cả. What would be imported.")
def read(
    file: Path,
    year: Annotated[int | None, typer.Option("--year")] = None,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    from tasks_catalog.documents import read_plan
    from tasks_catalog.documents.as_json import as_json

    found = read_plan(file, year=year)
    if json:
        print_json(as_json(found, problem_words))
        return
    _show(found)


def _show(found: PlanRead) -> None:
    rows = found.rows
    say(
        "plan_rows",
        total=rows.total,
        tasks=rows.tasks,
        sections=rows.sections,
        groups=rows.groups,
        headers=rows.headers,
        continuations=rows.continuations,
        problems=rows.problems,
    )
    for task in found.tasks:
        print(
            f"{task.row:>3}. {task.text}\n     {task.lead.text} | {task.deadline.text} → {words(f'kind_{task.deadline.kind}')}"
        )
    doubts = [(task.row, problem) for task in found.tasks for problem in task.problems]
    for row, problem in [*doubts, *((None, problem) for problem in found.problems)]:
        say_problem(row, problem)


@plan.command("import", help="Nhập kế hoạch; không gửi thư nào. Import a plan, silently.")
def import_(
    file: Path,
    number: Annotated[str, typer.Option("--number", help="Số ký hiệu, ví dụ 383/KH-SCT.")],
    issued: Annotated[str, typer.Option("--issued", help="Ngày ban hành.")],
    year: Annotated[int | None, typer.Option("--year")] = None,
    by: Annotated[str, typer.Option("--by", help="Mã người thực hiện.")] = "coordinator",
    title: Annotated[str, typer.Option("--title", help="Tên kế hoạch, nếu văn bản không ghi.")] = "",
    label: Annotated[str, typer.Option("--label", help="Ghi chú hiện ở mọi nơi, ví dụ “bản dựng lại”.")] = "",
    as_of: Annotated[str | None, typer.Option("--as-of", help="Chỉ với đơn vị mô phỏng.")] = None,
) -> None:
    from flows.import_plan import import_plan
    from tasks_catalog.task import PlanSettings

    issued_on = day_of(issued)
    with the_office() as office:
        done = import_plan(
            office,
            file,
            number=number,
            issued=issued_on,
            settings=PlanSettings(year=year or issued_on.year),
            by=by,
            title=title,
            label=label,
            as_of=optional_day(as_of),
        )
    say("plan_imported", number=done.number, tasks=done.tasks, rows=done.rows, questions=len(done.questions))
    for row, problem in (*done.questions, *done.notes):
        say_problem(row, problem)
    if done.questions:
        say("plan_settle_hint", number=done.number, row=done.questions[0][0])


@plan.command("list", help="Các kế hoạch đang có.")
def list_(json: Annotated[bool, typer.Option("--json")] = False) -> None:
    from storage import tasks
    from storage.engine import read as reading

    with the_office() as office, reading(office.engine) as session:
        found = [
            {
                "number": p.number,
                "issued": p.issued.isoformat(),
                "year": p.year,
                "state": p.state,
                "title": p.title,
            }
            for p in tasks.list_plans(session, office.organisation_id)
        ]
    if json:
        print_json(list(found))
        return
    for entry in found:
        print(
            f"{entry['number']:<16} {entry['issued']}  {words('plan_state_' + str(entry['state']))}  {entry['title']}"
        )


@plan.command("questions", help="Những dòng đang chờ trả lời.")
def questions(number: str) -> None:
    from storage import tasks
    from storage.engine import read as reading

    with the_office() as office, reading(office.engine) as session:
        found = tasks.plan_or_refuse(session, office.organisation_id, number)
        asked = tasks.questions_of(session, found)
    for question in asked:
        say_problem(question.row, question.problem)
    if not asked:
        say("plan_no_questions", number=number)


@plan.command("settle", help="Trả lời câu hỏi của một dòng. Answer a row's question.")
def settle(
    number: str,
    row: Annotated[int, typer.Option("--row")],
    deadline: Annotated[str | None, typer.Option("--deadline", help="Thời hạn đúng, bằng chữ.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Nhận cách hiểu được đề xuất.")] = False,
    owner: Annotated[list[str] | None, typer.Option("--owner", help="Đơn vị chủ trì.")] = None,
    co_owner: Annotated[list[str] | None, typer.Option("--co-owner", help="Đơn vị phối hợp.")] = None,
    by: Annotated[str, typer.Option("--by")] = "coordinator",
    document: Annotated[str | None, typer.Option("--document", help="Văn bản làm căn cứ.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Chỉ với đơn vị mô phỏng.")] = None,
) -> None:
    from cli.task import document_of
    from storage import tasks
    from storage.engine import write
    from storage.starting import Answer
    from storage.starting import settle as settled

    answer = Answer(
        deadline=deadline,
        accept_proposal=accept,
        owners=tuple(owner or ()),
        co_owners=tuple(co_owner or ()),
    )
    with the_office() as office, write(office.engine) as session:
        left = settled(
            session,
            tasks.plan_or_refuse(session, office.organisation_id, number),
            row,
            answer,
            calendar=office.calendar,
            by=by,
            at=office.moment_of(optional_day(as_of), time(9)),
            document=document_of(document),
        )
    say("plan_row_settled" if not left else "plan_row_still_asks", number=number, row=row)
    for problem in left:
        say_problem(row, problem)


@plan.command("activate", help="Bắt đầu theo dõi. Start tracking.")
def activate(
    number: str,
    by: Annotated[str, typer.Option("--by")] = "coordinator",
    as_of: Annotated[str | None, typer.Option("--as-of", help="Chỉ với đơn vị mô phỏng.")] = None,
) -> None:
    from flows.activate import activate_plan

    with the_office() as office:
        done = activate_plan(office, number, by=by, as_of=optional_day(as_of))
    say(
        "plan_activated",
        number=number,
        occurrences=done.opened.occurrences,
        shares=done.opened.shares,
        before=done.opened.before_tracking,
        letters=done.welcomed,
    )


def optional_day(text: str | None) -> date | None:
    return day_of(text) if text else None
