"""What can be asked without acting: ``tally``, ``preview``, ``explain``, ``task list``, ``task show``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import day_of, language, print_json, say, the_office, words
from cli.task import task
from notifications.wording import date_text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from flows.office import OpenOffice
    from storage.ledger import LedgerEntry
    from storage.schema import PlanRow
    from tasks_catalog.facts import Share, TaskFacts
    from tasks_catalog.ladder import Office

AsOf = Annotated[str | None, typer.Option("--as-of", help="Ngày, ví dụ 2022-11-15.")]
Json = Annotated[bool, typer.Option("--json")]


def register(app: typer.Typer) -> None:
    app.command("tally", help="“52/54”: theo tình trạng, lĩnh vực, đơn vị, đến hết một ngày.")(tally)
    app.command("preview", help="Đúng những thư ngày đó sẽ gửi; không ghi gì. The exact letters.")(preview)
    app.command("explain", help="Nhiệm vụ này đã nhắc ai, sẽ nhắc ai, vì sao. Past and next notices.")(
        explain
    )


def tally(
    plan: Annotated[str, typer.Option("--plan", help="Số kế hoạch, ví dụ 383/KH-SCT.")],
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from notifications.papers.sentence import note_sentence, sentence_of
    from storage import tasks
    from storage.engine import read
    from storage.reckoning import summary_at, tally_at
    from tasks_catalog.progress import as_json
    from tasks_catalog.standing import StandingKind

    with the_office() as office, read(office.engine) as session:
        found = tasks.plan_or_refuse(session, office.organisation_id, plan)
        day = day_of(as_of) if as_of else office.today() - timedelta(days=1)
        if json:
            print_json(as_json(tally_at(session, found, day)))
            return
        summary = summary_at(session, found, day)
    print(sentence_of(summary, language()))
    say("flow_data_as_of", day=day)
    for kind in StandingKind:
        print(f"  {words(f'standing_{kind}'):<28}{summary.counts[kind]:>4}")
    for note in summary.notes:
        print(f"  * {note_sentence(note, language())}")


def preview(as_of: AsOf = None, full: Annotated[bool, typer.Option("--full")] = False) -> None:
    from flows.preview import preview_work

    with the_office() as office:
        day = day_of(as_of) if as_of else office.today()
        found = preview_work(office, day)
    if found.skipped:
        say("preview_rest_day", day=day)
        return
    for ready in found.letters:
        print(f"{ready.person.name} <{ready.person.email}>\n  {ready.letter.subject}")
        if full:
            print("\n" + ready.letter.text + "\n" + "-" * 78)
    say("preview_letters", day=day, letters=len(found.letters))


def explain(task_id: Annotated[str, typer.Argument(metavar="TASK")], as_of: AsOf = None) -> None:
    from storage import ledger, tasks
    from storage.engine import read

    with the_office() as office, read(office.engine) as session:
        row = tasks.task_or_refuse(session, office.organisation_id, task_id)
        facts = tasks.facts_of_task(session, row)
        print(f"{facts.id}. {facts.text}")
        for entry in ledger.of_task(session, row):
            print("  " + _told(entry))
        day = day_of(as_of) if as_of else office.today()
        for line in _to_come(session, office, row.plan_id, facts, day):
            print("  " + line)


def _told(entry: LedgerEntry) -> str:
    notice = entry.notice
    return words(
        "explain_told",
        day=notice.fire_on,
        rung=notice.key.rung,
        unit=notice.key.share.unit,
        person=notice.key.person,
        state=words(f"notice_{notice.state}"),
        why=words(f"rung_why_{notice.why}"),
    )


def _to_come(
    session: Session, office: OpenOffice, plan_id: int, facts: TaskFacts, day: date
) -> Iterator[str]:
    from storage import tasks
    from storage.people import load_directory
    from storage.schema import PlanRow
    from tasks_catalog.ladder import Office

    plan: PlanRow = session.get_one(PlanRow, plan_id)
    known: Office = Office(
        directory=load_directory(session, office.organisation_id),
        calendar=office.calendar,
        ladders=tasks.ladders_of(session, plan),
    )
    for share in facts.current_shares:
        yield _next_of(facts, share, known, day)


def _next_of(facts: TaskFacts, share: Share, known: Office, day: date) -> str:
    from tasks_catalog.ladder import next_step

    step = next_step(facts, share, known, after=day)
    unit = share.key.unit
    if step is None:
        return words("explain_nothing", unit=unit, due=share.due)
    person = known.directory.person(step.person)
    return words(
        "explain_next",
        unit=unit,
        due=share.due,
        day=step.on,
        rung=step.rung,
        person=person.name if person else step.person,
        audience=words(f"audience_{step.audience}"),
    )


@task.command("list", help="Các nhiệm vụ của một kế hoạch và tình trạng.")
def list_tasks(
    plan: Annotated[str, typer.Option("--plan")],
    as_of: AsOf = None,
    standing: Annotated[str | None, typer.Option("--standing", help="Ví dụ overdue.")] = None,
    json: Json = False,
) -> None:
    from storage import tasks
    from storage.engine import read
    from storage.reckoning import tally_at

    with the_office() as office, read(office.engine) as session:
        day = day_of(as_of) if as_of else office.today() - timedelta(days=1)
        found = tally_at(session, tasks.plan_or_refuse(session, office.organisation_id, plan), day)
    chosen = [entry for entry in found.tasks if standing in (None, str(entry.standing.kind))]
    if json:
        rows: list[object] = [
            {
                "id": entry.task.id,
                "text": entry.task.text,
                "section": entry.task.section,
                "deadline": entry.task.deadline.text,
                "standing": str(entry.standing.kind),
                "why": entry.standing.why,
            }
            for entry in chosen
        ]
        print_json(rows)
        return
    for entry in chosen:
        print(f"{entry.task.row:>3}  {words(f'standing_{entry.standing.kind}'):<22} {entry.task.text}")


@task.command(
    "show", help="Một nhiệm vụ: nguyên văn, thời hạn, từng đơn vị, lịch sử. One task and its history."
)
def show_task(task_id: Annotated[str, typer.Argument(metavar="TASK")], json: Json = False) -> None:
    from storage import journal, tasks
    from storage.engine import read
    from tasks_catalog.deadline import as_json

    with the_office() as office, read(office.engine) as session:
        row = tasks.task_or_refuse(session, office.organisation_id, task_id)
        facts = tasks.facts_of_task(session, row)
        history = journal.history(session, row)
        as_written = (row.text, row.lead_text, row.cooperating_text, row.deadline_text, row.product)
    if json:
        print_json(
            {
                "id": facts.id,
                "text": facts.text,
                "deadline": as_json(facts.deadline),
                "shares": [_share_json(share) for share in facts.current_shares],
                "history": [
                    {"at": line.at.isoformat(), "by": line.by, "kind": line.kind, "note": line.note}
                    for line in history
                ],
            }
        )
        return
    text, lead, cooperating, deadline, product = as_written
    print(f"{facts.id}. {text}")
    for code, value in (
        ("task_product", product),
        ("task_lead", lead),
        ("task_cooperating", cooperating),
        ("task_deadline", deadline),
    ):
        print(f"  {words(code)}: {value}")
    for share in sorted(facts.current_shares, key=lambda share: (share.due, share.role, share.key.unit)):
        print("  " + _share_words(share))
    for line in history:
        paper = f" ({line.document.number})" if line.document else ""
        note = f": {line.note}" if line.note else ""
        print(f"  {date_text(line.on, language())} {line.by}: {words(f'decision_{line.kind}')}{paper}{note}")


def _share_json(share: Share) -> dict[str, object]:
    return {
        "unit": share.key.unit,
        "role": str(share.role),
        "due": share.due.isoformat(),
        "first_due": share.first_due.isoformat(),
        "epoch": share.epoch,
        "done_on": share.done_on.isoformat() if share.done_on else None,
        "accepted": share.accepted_on is not None,
    }


def _share_words(share: Share) -> str:
    if share.report is None:
        code = "share_waits" if share.waiting else "share_open"
    else:
        code = "share_accepted" if share.accepted_on else "share_reported"
    role = words(f"audience_{share.role}")
    return words(code, unit=share.key.unit, role=role, due=share.due, on=share.done_on or share.due)
