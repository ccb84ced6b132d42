"""``dondoc task``: every decision people take about a task, from the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import day_of, say, the_office
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from storage.desk import Desk
    from tasks_catalog.facts import Document, Evidence, TaskFacts

task = typer.Typer(no_args_is_help=True, help="Nhiệm vụ: báo cáo, chấp nhận, trả lại, gia hạn, kết thúc ...")

TaskId = Annotated[str, typer.Argument(metavar="TASK", help="Ví dụ 383/KH-SCT/12.")]
Unit = Annotated[str | None, typer.Option("--unit", help="Đơn vị, nếu nhiệm vụ có nhiều đơn vị.")]
By = Annotated[str, typer.Option("--by", help="Mã người quyết định.")]
Paper = Annotated[
    str | None, typer.Option("--document", help="Số văn bản làm căn cứ, ví dụ “123/SCT-VP 04/05/2022”.")
]
Note = Annotated[str, typer.Option("--note", help="Ghi chú hoặc lý do.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Thời điểm; chỉ với đơn vị mô phỏng.")]


def register(app: typer.Typer) -> None:
    app.add_typer(task, name="task")


def document_of(text: str | None) -> Document | None:
    """Read "123/SCT-VP 04/05/2022": the number, and the date when the last word is one."""
    from tasks_catalog.facts import Document

    if not text:
        return None
    number, _, last = text.strip().rpartition(" ")
    try:
        return Document(number=number.strip(), issued=day_of(last)) if number else Document(number=last)
    except Refused:
        return Document(number=text.strip())


def evidence_of(text: str) -> Evidence:
    """Read one piece of evidence: a file there is (kept by name and SHA-256), else a document's number."""
    import hashlib

    from tasks_catalog.facts import Evidence

    path = Path(text)
    if path.is_file():
        return Evidence(text=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    document = document_of(text)
    return Evidence(text=document.number, issued=document.issued) if document else Evidence(text=text)


@contextmanager
def at_the_desk(by: str, document: str | None, note: str, as_of: str | None) -> Iterator[Desk]:
    """Open one transaction for one person's decisions."""
    from datetime import time

    from storage.desk import Desk
    from storage.engine import write

    with the_office() as office, write(office.engine) as session:
        moment = office.moment_of(day_of(as_of) if as_of else None, time(9))
        yield Desk(
            session=session,
            organisation_id=office.organisation_id,
            calendar=office.calendar,
            at=moment,
            by=by,
            document=document_of(document),
            note=note,
        )


def _decide(
    by: str, document: str | None, note: str, as_of: str | None, act: Callable[[Desk], TaskFacts], done: str
) -> None:
    with at_the_desk(by, document, note, as_of) as desk:
        facts = act(desk)
    say(done, task=facts.id)


@task.command(help="Báo cáo hoàn thành. Report a share done, or many from a file (--from).")
def report(
    task_id: Annotated[str | None, typer.Argument(metavar="TASK")] = None,
    unit: Unit = None,
    evidence: Annotated[
        list[str] | None, typer.Option("--evidence", help="Số văn bản hoặc tệp sản phẩm.")
    ] = None,
    product_date: Annotated[str | None, typer.Option("--product-date", help="Ngày của sản phẩm.")] = None,
    from_file: Annotated[
        Path | None, typer.Option("--from", help="Tệp .csv: task,unit,evidence,product_date,note")
    ] = None,
    by: By = "officer",
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    if from_file is not None:
        _report_many(from_file, by, as_of)
        return
    if task_id is None:
        raise Refused("task_needed")
    _decide(
        by,
        None,
        note,
        as_of,
        lambda desk: desk.report(
            task_id,
            unit,
            product_date=day_of(product_date) if product_date else None,
            evidence=[evidence_of(text) for text in evidence or ()],
        ),
        "task_reported",
    )


def _report_many(path: Path, by: str, as_of: str | None) -> None:
    """Report every row of a file in one transaction: all of them, or none and the line that was wrong."""
    import csv
    from dataclasses import replace

    if not path.is_file():
        raise Refused("file_missing", file=path)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    if not rows or not {"task", "unit"} <= set(rows[0]):
        raise Refused("report_file_columns", file=path.name)
    with at_the_desk(by, None, "", as_of) as desk:
        for line, row in enumerate(rows, start=2):
            told = row.get("product_date") or ""
            try:
                replace(desk, note=row.get("note") or "").report(
                    row["task"],
                    row["unit"] or None,
                    product_date=day_of(told) if told else None,
                    evidence=[evidence_of(row["evidence"])] if row.get("evidence") else [],
                )
            except Refused as refused:
                refused.add_note(f"line {line}")
                raise
    say("tasks_reported", rows=len(rows))


@task.command(help="Chấp nhận báo cáo. Accept a report.")
def accept(
    task_id: TaskId,
    unit: Unit = None,
    product_date: Annotated[
        bool, typer.Option("--product-date-counts", help="Tính theo ngày của sản phẩm.")
    ] = False,
    by: By = "coordinator",
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    _decide(
        by, None, note, as_of, lambda d: d.accept(task_id, unit, product_date=product_date), "task_accepted"
    )


@task.command("return", help="Trả lại báo cáo, kèm lý do (--note). Return a report.")
def return_(
    task_id: TaskId,
    unit: Unit = None,
    due: Annotated[str | None, typer.Option("--due", help="Hạn mới, nếu có.")] = None,
    by: By = "coordinator",
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    new = day_of(due) if due else None
    _decide(by, None, note, as_of, lambda d: d.return_(task_id, unit, due=new), "task_returned")


@task.command(help="Báo đã nhận việc, dự kiến xong ngày nào. Acknowledge.")
def ack(
    task_id: TaskId,
    expected: Annotated[str, typer.Option("--expected")],
    unit: Unit = None,
    by: By = "officer",
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    _decide(
        by,
        None,
        note,
        as_of,
        lambda d: d.acknowledge(task_id, unit, expected=day_of(expected)),
        "task_acknowledged",
    )


@task.command(help="Xin gia hạn (--to, --note), cho (--grant, --document) hoặc từ chối (--refuse). Extend.")
def extend(
    task_id: TaskId,
    to: Annotated[str | None, typer.Option("--to", help="Ngày mới.")] = None,
    grant: Annotated[bool, typer.Option("--grant")] = False,
    refuse: Annotated[bool, typer.Option("--refuse")] = False,
    unit: Unit = None,
    by: By = "officer",
    document: Paper = None,
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    day = day_of(to) if to else None
    if refuse:
        _decide(by, document, note, as_of, lambda d: d.refuse_extension(task_id, unit), "extension_refused")
    elif grant or document:
        _decide(
            by, document, note, as_of, lambda d: d.grant_extension(task_id, unit, to=day), "extension_granted"
        )
    elif day is None:
        raise Refused("extension_day_needed")
    else:
        _decide(
            by, document, note, as_of, lambda d: d.ask_extension(task_id, unit, to=day), "extension_asked"
        )


@task.command(help="Đã trình, chờ cấp có thẩm quyền (--document); --over khi đã có ý kiến. Wait.")
def wait(
    task_id: TaskId,
    over: Annotated[bool, typer.Option("--over")] = False,
    unit: Unit = None,
    by: By = "officer",
    document: Paper = None,
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    if over:
        _decide(by, document, note, as_of, lambda d: d.resume(task_id, unit), "task_resumed")
    else:
        _decide(by, document, note, as_of, lambda d: d.wait(task_id, unit), "task_waits")


@task.command(help="Điều kiện đã phát sinh: hạn mới và văn bản. Trigger.")
def trigger(
    task_id: TaskId,
    due: Annotated[str, typer.Option("--due")],
    document: Paper = None,
    by: By = "coordinator",
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    _decide(by, document, note, as_of, lambda d: d.trigger(task_id, due=day_of(due)), "task_triggered")


@task.command(help="Kết thúc theo quyết định: stopped, postponed, not_arisen, suspended; --reopen để mở lại.")
def close(
    task_id: TaskId,
    kind: Annotated[
        str, typer.Option("--kind", help="stopped | postponed | not_arisen | suspended")
    ] = "stopped",
    reopen: Annotated[bool, typer.Option("--reopen")] = False,
    document: Paper = None,
    by: By = "coordinator",
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    from tasks_catalog.facts import ClosingKind

    if reopen:
        _decide(by, document, note, as_of, lambda d: d.reopen(task_id), "task_reopened")
        return
    if kind not in set(ClosingKind):
        raise Refused("closing_unknown", kind=kind, known=", ".join(ClosingKind))
    _decide(by, document, note, as_of, lambda d: d.close(task_id, ClosingKind(kind)), "task_closed")


@task.command(help="Chuyển việc sang đơn vị khác, hoặc cho cán bộ khác của đơn vị. Reassign.")
def reassign(
    task_id: TaskId,
    from_unit: Annotated[str, typer.Option("--from")],
    to_unit: Annotated[str | None, typer.Option("--to")] = None,
    officer: Annotated[str | None, typer.Option("--officer", help="Mã cán bộ.")] = None,
    document: Paper = None,
    by: By = "coordinator",
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    target = to_unit or from_unit
    _decide(
        by,
        document,
        note,
        as_of,
        lambda d: d.reassign(task_id, from_unit=from_unit, to_unit=target, officer=officer),
        "task_reassigned",
    )


@task.command(help="Sửa lỗi chữ; nguyên văn vẫn được giữ. Correct a clerical error.")
def correct(
    task_id: TaskId,
    field: Annotated[str, typer.Option("--field", help="text | product | section | group")],
    value: Annotated[str, typer.Option("--value")],
    by: By = "coordinator",
    document: Paper = None,
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    match field:
        case "text" | "product" | "section" | "group":
            _decide(by, document, note, as_of, lambda d: d.correct(task_id, field, value), "task_corrected")
        case _:
            raise Refused("field_unknown", field=field, known="text, product, section, group")


@task.command(help="Tạm ngừng nhắc đến một ngày; thời hạn không đổi. Snooze.")
def snooze(
    task_id: TaskId,
    until: Annotated[str, typer.Option("--until")],
    unit: Unit = None,
    by: By = "officer",
    note: Note = "",
    as_of: AsOf = None,
) -> None:
    _decide(by, None, note, as_of, lambda d: d.snooze(task_id, unit, until=day_of(until)), "task_snoozed")
