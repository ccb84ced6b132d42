"""``dondoc plan revise``: what an amended document changes in a plan, shown first, then put into force."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import moment_of, print_json, problem_json, say, say_problem, signer, the_office, words
from cli.options import AsOf, By, Json, Note, Paper, PlanNumber, both
from cli.plan import plan as plan_commands
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from flows.revise_plan import Difference
    from storage.revising import Revised
    from tasks_catalog.changes import Matched, Words


def register(app: typer.Typer) -> None:
    """Add the command to the group of plans."""
    plan_commands.command(
        "revise",
        help=both("Văn bản sửa đổi kế hoạch: xem khác gì, rồi áp dụng", "what an amended document changes"),
    )(revise)


def revise(
    number: PlanNumber,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help=both("Tệp kế hoạch đã sửa đổi, đủ mọi dòng", "the plan again, whole")
        ),
    ],
    document: Paper = None,
    apply: Annotated[
        bool, typer.Option("--apply", help=both("Áp dụng những thay đổi đã xem", "put it into force"))
    ] = False,
    same: Annotated[
        list[str] | None,
        typer.Option(
            "--same", help=both("Dòng 12 của kế hoạch là dòng 14 của tệp: 12=14", "plan's row = file's row")
        ),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help=both("Tệp chỉ có những dòng sửa đổi", "only what it amends"))
    ] = False,
    drops: Annotated[
        int | None, typer.Option("--drops", help=both("Xác nhận số nhiệm vụ bị bỏ", "how many are dropped"))
    ] = None,
    by: By = None,
    note: Note = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from cli.deciding import document_of
    from flows.revise_plan import difference, put_into_force

    pairs, paper = _pairs(same or []), document_of(document)
    if apply and paper is None:
        raise Refused("revision_document_needed", number=number)
    with the_office() as office:
        found = difference(office, number, file, same=pairs, partial=partial)
        done = None
        if apply and paper is not None and not found.changes.is_nothing:
            _refuse_to_drop_most(found, drops)
            done = put_into_force(
                office,
                found,
                document=paper,
                by=signer(office, by),
                same=pairs,
                note=note,
                as_of=moment_of(as_of),
            )
    if json:
        print_json(_as_json(found, done))
        return
    for line in _described(found):
        print(line)
    for row, problem in found.problems:
        say_problem(row, problem)
    _say_end(found, done, file)


def _refuse_to_drop_most(found: Difference, confirmed: int | None) -> None:
    dropped = len(found.changes.dropped)
    if found.changes.drops_most and confirmed != dropped:
        raise Refused("revision_drops_most", number=found.number, dropped=dropped)


def _pairs(typed: list[str]) -> dict[int, int]:
    """Read "12=14" as row of the document -> row of the plan."""
    found: dict[int, int] = {}
    for text in typed:
        known, _, read = text.replace(" ", "").partition("=")
        if not (known.isascii() and known.isdigit() and read.isascii() and read.isdigit()):
            raise Refused("revision_same_unreadable", words=text)
        found[int(read)] = int(known)
    return found


def _described(found: Difference) -> Iterator[str]:
    """Yield the difference: what is new, altered field by field, dropped, still closed, in doubt."""
    changes, read = found.changes, found.read
    for row in changes.new:
        yield words("revision_new", row=row, text=read[row].text, deadline=read[row].deadline or "–")
    for match in changes.altered:
        yield from _altered(match, found)
    for row in changes.dropped:
        yield words("revision_dropped", row=row, text=found.known[row].text)
    for match in changes.closed:
        yield words("revision_closed", row=match.known, text=found.known[match.known].text)
    for doubt in changes.doubts:
        known = found.known[doubt.candidates[0]]
        yield words(
            "revision_doubt",
            read=doubt.read,
            row=known.row,
            likeness=doubt.likeness,
            text=read[doubt.read].text,
            known=known.text,
        )


def _altered(match: Matched, found: Difference) -> Iterator[str]:
    yield words("revision_altered", row=match.known, text=found.known[match.known].text)
    for change in match.fields:
        yield words(
            "revision_field",
            field=words(f"revision_field_{change.field}"),
            before=change.before or "–",
            after=change.after or "–",
        )


def _say_end(found: Difference, done: Revised | None, file: Path) -> None:
    changes = found.changes
    if changes.is_nothing:
        say("revision_nothing", number=found.number, file=file.name, rows=len(changes.same))
        return
    counts = {
        "new": len(changes.new),
        "altered": len(changes.altered),
        "dropped": len(changes.dropped),
        "same": len(changes.same),
    }
    if done is None:
        say("revision_would", number=found.number, **counts)
        return
    say("revision_done", number=found.number, shares=done.opened.shares, **counts)
    waiting = sorted({row for row, problem in done.doubts if problem.weight == "question"})
    if waiting:
        say("plan_settle_hint", number=found.number, row=waiting[0])


def _as_json(found: Difference, done: Revised | None) -> dict[str, object]:
    changes, read = found.changes, found.read
    return {
        "number": found.number,
        "applied": done is not None,
        "same": len(changes.same),
        "new": [_row_json(read[row], task=done.rows.get(row) if done else None) for row in changes.new],
        "altered": [_altered_json(match, found) for match in changes.altered],
        "dropped": [_row_json(found.known[row]) for row in changes.dropped],
        "closed": [_row_json(found.known[match.known]) for match in changes.closed],
        "doubts": [
            {"read": doubt.read, "candidates": list(doubt.candidates), "likeness": doubt.likeness}
            for doubt in changes.doubts
        ],
        "problems": [problem_json(row, problem) for row, problem in found.problems],
    }


def _row_json(row: Words, *, task: str | None = None) -> dict[str, object]:
    named: dict[str, object] = {"id": task} if task else {}
    return {"row": row.row, "stt": row.stt, "task": row.text, "deadline": row.deadline, **named}


def _altered_json(match: Matched, found: Difference) -> dict[str, object]:
    return {
        "row": match.known,
        "read": match.read,
        "task": found.known[match.known].text,
        "fields": [
            {"field": change.field, "before": change.before, "after": change.after} for change in match.fields
        ],
    }
