"""``dondoc task``: every decision people take about a task, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.add_many import add_many
from cli.context import day_of, optional_day, say_done
from cli.deciding import at_the_desk, decide, evidence_of
from cli.options import AsOf, By, Json, Note, Paper, PaperNeeded, TaskId, Unit, both
from cli.report_file import report_many
from tasks_catalog.problem import Refused

task = typer.Typer(
    no_args_is_help=True,
    help=both("Nhiệm vụ: báo cáo, chấp nhận, gia hạn, kết thúc ...", "tasks and decisions about them"),
)


def register(app: typer.Typer) -> None:
    app.add_typer(task, name="task")


@task.command(help=both("Giao nhiệm vụ ngoài phụ lục; nhiều việc bằng --from", "hand out; many with --from"))
def add(
    document: PaperNeeded,
    plan: Annotated[
        str | None, typer.Option("--plan", help=both("Số kế hoạch mà nhiệm vụ thuộc về", "the plan's number"))
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", help=both("Nội dung nhiệm vụ", "what is to be done"))
    ] = None,
    deadline: Annotated[
        str | None, typer.Option("--deadline", help=both("Thời hạn, bằng chữ", "the deadline in words"))
    ] = None,
    owner: Annotated[
        list[str] | None, typer.Option("--owner", help=both("Đơn vị chủ trì", "owner unit; may be repeated"))
    ] = None,
    co_owner: Annotated[
        list[str] | None, typer.Option("--co-owner", help=both("Đơn vị phối hợp", "co-owner unit"))
    ] = None,
    product: Annotated[str, typer.Option("--product", help=both("Sản phẩm", "its product"))] = "",
    section: Annotated[str, typer.Option("--section", help=both("Mục, lĩnh vực", "its section"))] = "",
    from_file: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help=both("Tệp .csv của văn bản giao việc: cột task,lead,deadline ...", "a directive's tasks"),
        ),
    ] = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage import tasks
    from storage.starting import open_plan
    from tasks_catalog.decisions import DecisionRefused

    if from_file is not None:
        add_many(from_file, document, by, note, as_of, as_json=json)
        return
    if plan is None or text is None or deadline is None or not owner:
        given = {"--plan": plan, "--text": text, "--deadline": deadline, "--owner": owner}
        raise Refused("add_needs", missing=", ".join(name for name, value in given.items() if not value))
    new = tasks.NewTask(
        text=text,
        deadline=deadline,
        owners=tuple(owner),
        co_owners=tuple(co_owner or ()),
        product=product,
        section=section,
    )
    with at_the_desk(by, document, note, as_of) as desk:
        if desk.document is None:
            raise DecisionRefused("document_needed", decision="add")
        found = tasks.plan_or_refuse(desk.session, desk.organisation_id, plan)
        facts = tasks.add_task(
            desk.session,
            found,
            new,
            calendar=desk.calendar,
            by=desk.by,
            at=desk.at,
            document=desk.document,
            note=note,
        )
        if found.state == "active":
            open_plan(
                desk.session, found, directory=desk.directory, at=desk.at, on=desk.on, newly=(facts.id,)
            )
    say_done(json, "task_added", task=facts.id)


@task.command(help=both("Báo cáo hoàn thành; nhiều dòng bằng --from", "report done; many with --from"))
def report(
    task_id: Annotated[
        str | None,
        typer.Argument(metavar="TASK", help=both("Mã nhiệm vụ, ví dụ 383/KH-SCT/12", "number and row")),
    ] = None,
    unit: Unit = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option("--evidence", help=both("Số văn bản hoặc tệp sản phẩm", "a document or a file")),
    ] = None,
    product_date: Annotated[
        str | None, typer.Option("--product-date", help=both("Ngày của sản phẩm", "the product's date"))
    ] = None,
    figure: Annotated[
        list[str] | None,
        typer.Option(
            "--figure",
            help=both("Số liệu của chỉ tiêu: 97,5 · 24635/24641 · 2=97,5", "a target's figure"),
        ),
    ] = None,
    from_file: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help=both("Tệp .csv: task,unit,evidence,product_date,figure,note", "a .csv file, all or nothing"),
        ),
    ] = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    if from_file is not None:
        report_many(from_file, by, as_of, as_json=json)
        return
    if task_id is None:
        raise Refused("task_needed")
    decide(
        by,
        None,
        note,
        as_of,
        lambda desk: desk.report(
            task_id,
            unit,
            product_date=optional_day(product_date),
            evidence=[evidence_of(text) for text in evidence or ()],
            figures=figure or (),
        ),
        "task_reported",
        json,
    )


@task.command(help=both("Chấp nhận báo cáo", "accept a report"))
def accept(
    task_id: TaskId,
    unit: Unit = None,
    product_date: Annotated[
        bool,
        typer.Option(
            "--product-date-counts", help=both("Tính theo ngày của sản phẩm", "the product's date decides")
        ),
    ] = False,
    document: Paper = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    decide(
        by,
        document,
        note,
        as_of,
        lambda desk: desk.accept(task_id, unit, product_date=product_date),
        "task_accepted",
        json,
    )


@task.command("return", help=both("Trả lại báo cáo, kèm lý do (--note)", "return a report with its reason"))
def return_(
    task_id: TaskId,
    unit: Unit = None,
    due: Annotated[str | None, typer.Option("--due", help=both("Hạn mới, nếu có", "a new date"))] = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    new = optional_day(due)
    decide(by, None, note, as_of, lambda desk: desk.return_(task_id, unit, due=new), "task_returned", json)


@task.command(help=both("Báo đã nhận việc, dự kiến ngày xong", "acknowledge, with the day expected"))
def ack(
    task_id: TaskId,
    expected: Annotated[
        str, typer.Option("--expected", help=both("Ngày dự kiến hoàn thành", "the day it will be done"))
    ],
    unit: Unit = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    day = day_of(expected)
    decide(
        by,
        None,
        note,
        as_of,
        lambda desk: desk.acknowledge(task_id, unit, expected=day),
        "task_acknowledged",
        json,
    )


@task.command(
    help=both("Xin, cho (--grant) hoặc từ chối (--refuse) gia hạn", "ask, grant or refuse more time")
)
def extend(
    task_id: TaskId,
    to: Annotated[str | None, typer.Option("--to", help=both("Ngày mới", "the new date"))] = None,
    grant: Annotated[
        bool, typer.Option("--grant", help=both("Cho gia hạn, theo --document", "grant, on a document"))
    ] = False,
    refuse: Annotated[
        bool, typer.Option("--refuse", help=both("Không cho gia hạn", "refuse the request"))
    ] = False,
    unit: Unit = None,
    document: Paper = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    day = optional_day(to)
    if grant and refuse:
        raise Refused("extension_both")
    if refuse:
        act, done = (lambda desk: desk.refuse_extension(task_id, unit)), "extension_refused"
    elif grant or document:
        act, done = (lambda desk: desk.grant_extension(task_id, unit, to=day)), "extension_granted"
    elif day is None:
        raise Refused("extension_day_needed")
    else:
        act, done = (lambda desk: desk.ask_extension(task_id, unit, to=day)), "extension_asked"
    decide(by, document, note, as_of, act, done, json)


@task.command(help=both("Đã trình, chờ cấp trên; --over khi hết chờ", "submitted, waits; --over ends it"))
def wait(
    task_id: TaskId,
    over: Annotated[
        bool, typer.Option("--over", help=both("Đã có ý kiến, hết chờ", "the wait is over"))
    ] = False,
    unit: Unit = None,
    document: Paper = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    if over:
        decide(by, document, note, as_of, lambda desk: desk.resume(task_id, unit), "task_resumed", json)
    else:
        decide(by, document, note, as_of, lambda desk: desk.wait(task_id, unit), "task_waits", json)


@task.command(help=both("Điều kiện đã phát sinh: hạn và văn bản", "the condition arose: date and document"))
def trigger(
    task_id: TaskId,
    due: Annotated[str, typer.Option("--due", help=both("Hạn hoàn thành", "the date it is due"))],
    document: Paper = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    day = day_of(due)
    decide(by, document, note, as_of, lambda desk: desk.trigger(task_id, due=day), "task_triggered", json)


@task.command(
    help=both("Đơn vị báo điều kiện đã phát sinh; --set-aside để gác lại", "a unit says its condition arose")
)
def arisen(
    task_id: TaskId,
    on: Annotated[
        str | None, typer.Option("--on", help=both("Ngày phát sinh", "the day it arose; today if left out"))
    ] = None,
    set_aside: Annotated[
        bool,
        typer.Option(
            "--set-aside", help=both("Chưa phát sinh, kèm lý do (--note)", "it has not; --note says why")
        ),
    ] = False,
    unit: Unit = None,
    document: Paper = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    if set_aside:
        decide(by, document, note, as_of, lambda desk: desk.set_aside(task_id, unit), "task_set_aside", json)
        return
    if unit is None:
        raise Refused("arisen_unit_needed")
    day = optional_day(on)
    decide(
        by,
        document,
        note,
        as_of,
        lambda desk: desk.say_arisen(task_id, unit, arose=day or desk.on),
        "task_arisen",
        json,
    )


@task.command(help=both("Kết thúc theo quyết định; --reopen để mở lại", "close by decision; --reopen undoes"))
def close(
    task_id: TaskId,
    kind: Annotated[
        str, typer.Option("--kind", help="stopped | postponed | not_arisen | suspended")
    ] = "stopped",
    reopen: Annotated[bool, typer.Option("--reopen", help=both("Mở lại", "open again"))] = False,
    document: Paper = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from tasks_catalog.facts import ClosingKind

    if reopen:
        decide(by, document, note, as_of, lambda desk: desk.reopen(task_id), "task_reopened", json)
        return
    if kind not in set(ClosingKind):
        raise Refused("closing_unknown", kind=kind, known=", ".join(ClosingKind))
    closing = ClosingKind(kind)
    decide(by, document, note, as_of, lambda desk: desk.close(task_id, closing), "task_closed", json)


@task.command(help=both("Chuyển việc sang đơn vị hoặc cán bộ khác", "move work to another unit or officer"))
def reassign(
    task_id: TaskId,
    from_unit: Annotated[
        str, typer.Option("--from", help=both("Đơn vị đang giữ việc", "the unit that has it"))
    ],
    to_unit: Annotated[
        str | None, typer.Option("--to", help=both("Đơn vị nhận việc", "the unit that gets it"))
    ] = None,
    officer: Annotated[
        str | None, typer.Option("--officer", help=both("Mã cán bộ", "an officer's code"))
    ] = None,
    document: Paper = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    if to_unit is None and officer is None:
        raise Refused("reassign_to_whom")
    target = to_unit or from_unit
    decide(
        by,
        document,
        note,
        as_of,
        lambda desk: desk.reassign(task_id, from_unit=from_unit, to_unit=target, officer=officer),
        "task_reassigned",
        json,
    )


@task.command(help=both("Sửa lỗi chữ; nguyên văn vẫn được giữ", "correct a clerical error"))
def correct(
    task_id: TaskId,
    field: Annotated[str, typer.Option("--field", help="text | product | section | group | targets")],
    value: Annotated[str, typer.Option("--value", help=both("Chữ đúng", "the right words"))],
    document: Paper = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    match field:
        case "text" | "product" | "section" | "group" | "targets":
            decide(
                by,
                document,
                note,
                as_of,
                lambda desk: desk.correct(task_id, field, value),
                "task_corrected",
                json,
            )
        case _:
            raise Refused("field_unknown", field=field, known="text, product, section, group, targets")


@task.command(help=both("Tạm ngừng nhắc; thời hạn không đổi", "pause reminders; the date stays"))
def snooze(
    task_id: TaskId,
    until: Annotated[str, typer.Option("--until", help=both("Ngày nhắc lại", "the day they go on"))],
    unit: Unit = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    day = day_of(until)
    decide(by, None, note, as_of, lambda desk: desk.snooze(task_id, unit, until=day), "task_snoozed", json)
