"""What can be asked without acting: ``tally``, ``preview``, ``explain``, ``task list``, ``task show``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import language, print_json, read_day, say, the_office, words
from cli.options import Json, ReadAsOf, TaskId, both
from cli.targets import target_json, target_lines
from cli.task import task
from notifications.wording import date_text
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from datetime import tzinfo

    from sqlalchemy.orm import Session

    from flows.office import OpenOffice
    from flows.rendering import Ready
    from storage.ledger import LedgerEntry
    from storage.schema import BounceRow, PlanRow
    from tasks_catalog.digest import Summary
    from tasks_catalog.facts import Share, TaskFacts
    from tasks_catalog.ladder import Office


def register(app: typer.Typer) -> None:
    app.command("tally", help=both("“52/54” đến hết một ngày", "how plans stand at the close of a day"))(
        tally
    )
    app.command("preview", help=both("Đúng những thư ngày đó sẽ gửi", "the exact letters of a day"))(preview)
    app.command("explain", help=both("Nhiệm vụ đã nhắc ai, sẽ nhắc ai, vì sao", "a task's notices"))(explain)


def tally(
    plan: Annotated[
        str | None,
        typer.Option("--plan", help=both("Số kế hoạch; không ghi: mọi kế hoạch đang theo dõi", "else all")),
    ] = None,
    as_of: ReadAsOf = None,
    json: Json = False,
) -> None:
    from storage import tasks
    from storage.engine import read
    from storage.reckoning import summary_at, tally_at
    from tasks_catalog.progress import as_json

    with the_office() as office, read(office.engine) as session:
        if plan is None:
            found = list(tasks.list_plans(session, office.organisation_id, active_only=True))
        else:
            found = [tasks.plan_or_refuse(session, office.organisation_id, plan)]
        day = read_day(as_of) or office.today() - timedelta(days=1)
        if json:
            tallies: list[object] = [as_json(tally_at(session, one, day)) for one in found]
            print_json(tallies if plan is None else as_json(tally_at(session, found[0], day)))
            return
        summaries = [summary_at(session, one, day) for one in found]
    for summary in summaries:
        _say_tally(summary)
    if not summaries:
        say("plan_none_active")


def _say_tally(summary: Summary) -> None:
    """Print the sentence, the six standings and the footnotes: how it was counted."""
    from notifications.papers.sentence import note_sentence, sentence_of
    from tasks_catalog.standing import StandingKind

    print(sentence_of(summary, language()))
    say("flow_data_as_of", day=summary.as_of)
    for kind in StandingKind:
        print(f"  {words(f'standing_{kind}'):<28}{summary.counts[kind]:>4}")
    if summary.targets:
        _say_targets(summary)
    for note in summary.notes:
        print(f"  * {note_sentence(note, language())}")


def _say_targets(summary: Summary) -> None:
    from tasks_catalog.judging import Verdict

    found = {str(one): sum(line.verdict is one for line in summary.targets) for one in Verdict}
    print("  " + words("targets_counted", total=len(summary.targets), **found))


def preview(
    as_of: ReadAsOf = None,
    full: Annotated[
        bool, typer.Option("--full", help=both("In cả nội dung thư", "print the letters' words too"))
    ] = False,
    json: Json = False,
) -> None:
    from flows.preview import preview_work

    with the_office() as office:
        day = read_day(as_of) or office.today()
        found = preview_work(office, day)
    if json:
        print_json(
            {
                "day": day.isoformat(),
                "skipped": found.skipped,
                "letters": [_letter_json(ready) for ready in found.letters],
            }
        )
        return
    if found.skipped:
        say("preview_rest_day", day=day)
        return
    for ready in found.letters:
        print(f"{ready.person.name} <{ready.person.email}>\n  {ready.letter.subject}")
        if full:
            print("\n" + ready.letter.text + "\n" + "-" * 78)
    say("preview_letters", day=day, letters=len(found.letters))


def _letter_json(ready: Ready) -> dict[str, object]:
    return {
        "person": ready.person.code,
        "name": ready.person.name,
        "email": ready.person.email,
        "subject": ready.letter.subject,
        "text": ready.letter.text,
    }


def explain(task_id: TaskId, as_of: ReadAsOf = None, json: Json = False) -> None:
    from storage import ledger, tasks
    from storage.bounces import bounces_of
    from storage.engine import read

    with the_office() as office, read(office.engine) as session:
        row = tasks.task_or_refuse(session, office.organisation_id, task_id)
        facts = tasks.facts_of_task(session, row)
        entries = ledger.of_task(session, row)
        letters = {entry.letter_id for entry in entries if entry.letter_id is not None}
        bounced = bounces_of(session, letters)
        told = [
            line
            for entry in entries
            for line in (
                _told(entry),
                *_bounced(bounced.get(entry.letter_id or 0, ()), office.settings.timezone),
            )
        ]
        day = read_day(as_of) or office.today()
        to_come = list(_to_come(session, office, row.plan_id, facts, day))
    if json:
        print_json({"id": facts.id, "text": facts.text, "told": told, "to_come": to_come})
        return
    print(f"{facts.id}. {facts.text}")
    for line in told or [words("explain_none_told")]:
        print("  " + line)
    for line in to_come or [words("explain_none_open")]:
        print("  " + line)


def _told(entry: LedgerEntry) -> str:
    from storage.ledger import UNTOLD

    notice = entry.notice
    person, reader = notice.key.person, entry.reader
    if reader not in (None, person):
        person = words("told_to_reader", person=person, reader=reader)
    state = notice.params.get(UNTOLD, notice.state)
    return words(
        "explain_told",
        day=notice.fire_on,
        rung=notice.key.rung,
        unit=notice.key.share.unit,
        person=person,
        state=words(f"notice_{state}"),
        why=words(f"rung_why_{notice.why}", **notice.params),
    )


def _bounced(bounces: Iterable[BounceRow], zone: tzinfo) -> Iterator[str]:
    for one in bounces:
        on, verdict = one.at.astimezone(zone).date(), words(f"bounce_verdict_{one.verdict}")
        yield words("explain_bounced", on=on, verdict=verdict)


def _to_come(
    session: Session, office: OpenOffice, plan_id: int, facts: TaskFacts, day: date
) -> Iterator[str]:
    from storage import tasks
    from storage.people import load_directory
    from storage.plan_hours import hours_in_force
    from storage.schema import PlanRow
    from tasks_catalog.ladder import Office

    plan: PlanRow = session.get_one(PlanRow, plan_id)
    known: Office = Office(
        directory=load_directory(session, office.organisation_id),
        calendar=office.calendar,
        ladders=tasks.ladders_of(session, plan),
    )
    if (window := hours_in_force(session, office.organisation_id, office.sending).get(plan_id)) is not None:
        yield words("explain_plan_hours", first=f"{window.first:%H:%M}", until=f"{window.until:%H:%M}")
    for share in facts.current_shares:
        yield from _asked_for_quiet(share, known, day)
        yield _next_of(facts, share, known, day)


def _asked_for_quiet(share: Share, known: Office, day: date) -> Iterator[str]:
    """Yield what its reader asked for: no reminders before a day, or none of a co-owner's at all."""
    from tasks_catalog.audience import Audience, readers_of
    from tasks_catalog.duty import is_unwanted
    from tasks_catalog.occurrence import Role

    if share.is_live and share.snoozed_until is not None and share.snoozed_until > day:
        yield words("explain_snoozed", unit=share.key.unit, until=share.snoozed_until)
    if not share.is_live or share.role is not Role.CO_OWNER:
        return
    for reader in readers_of(Audience.CO_OWNER, share, known.directory):
        if is_unwanted(reader.audience, reader.route, reader.person.code, known.directory):
            yield words("explain_switched_off", unit=share.key.unit, person=reader.person.name)


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


@task.command("list", help=both("Các nhiệm vụ và tình trạng", "a plan's tasks and how they stand"))
def list_tasks(
    plan: Annotated[str, typer.Option("--plan", help=both("Số kế hoạch", "the plan's number"))],
    as_of: ReadAsOf = None,
    standing: Annotated[
        str | None,
        typer.Option("--standing", help=both("Chỉ tình trạng này, ví dụ overdue", "only this one")),
    ] = None,
    json: Json = False,
) -> None:
    from storage import tasks
    from storage.engine import read
    from storage.reckoning import tally_at
    from tasks_catalog.standing import StandingKind

    if standing is not None and standing not in set(StandingKind):
        raise Refused("standing_not_known", standing=standing, known=", ".join(StandingKind))
    with the_office() as office, read(office.engine) as session:
        day = read_day(as_of) or office.today() - timedelta(days=1)
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
        print(f"{entry.task.row:>3}  {words(f'standing_{entry.standing.kind}'):<24} {entry.task.text}")
    say("task_count", tasks=len(chosen), day=day)


@task.command("show", help=both("Một nhiệm vụ: nguyên văn, từng đơn vị, lịch sử", "one task and its history"))
def show_task(task_id: TaskId, json: Json = False) -> None:
    from storage import journal, tasks
    from storage.engine import read
    from tasks_catalog.deadline import as_json
    from tasks_catalog.judging import judged

    with the_office() as office, read(office.engine) as session:
        row = tasks.task_or_refuse(session, office.organisation_id, task_id)
        facts = tasks.facts_of_task(session, row)
        history, zone = journal.history(session, row), office.settings.timezone
        as_written = (row.text, row.lead_text, row.cooperating_text, row.deadline_text, row.product)
        objective, targets = row.objective, judged(facts, office.today())
    if json:
        print_json(
            {
                "id": facts.id,
                "text": facts.text,
                "objective": objective,
                "targets": [target_json(target) for target in targets],
                "deadline": as_json(facts.deadline),
                "shares": [_share_json(share) for share in facts.current_shares],
                "history": [
                    {
                        "at": line.at.astimezone(zone).isoformat(),
                        "by": line.by,
                        "kind": line.kind,
                        "note": line.note,
                    }
                    for line in history
                ],
            }
        )
        return
    text, lead, cooperating, deadline, product = as_written
    print(f"{facts.id}. {text}")
    for code, value in (
        ("task_objective", objective),
        ("task_product", product),
        ("task_lead", lead),
        ("task_cooperating", cooperating),
        ("task_deadline", deadline),
    ):
        print(f"  {words(code)}: {value}")
    if targets:
        print(f"  {words('task_targets')}:")
    for told in (told for target in targets for told in target_lines(target)):
        print(f"    {told}")
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
    role = words(f"share_role_{share.role}")
    return words(code, unit=share.key.unit, role=role, due=share.due, on=share.done_on or share.due)
