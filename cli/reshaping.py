"""``dondoc units rename`` and ``split``: what happens to a unit in mid-year, on a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import moment_of, optional_day, print_json, say, say_done, signer, the_office, words
from cli.options import AsOf, By, Json, PaperNeeded, both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from tasks_catalog.facts import Document

Code = Annotated[str, typer.Argument(metavar="CODE", help=both("Mã đơn vị", "the unit's code"))]


def register(units: typer.Typer) -> None:
    """Add the commands to the group of units."""
    units.command("rename", help=both("Đổi tên đơn vị; tên cũ vẫn nhận ra", "a unit gets another name"))(
        rename
    )
    units.command("split", help=both("Chia một đơn vị thành nhiều đơn vị", "one unit becomes several"))(split)


def rename(
    code: Code,
    name: Annotated[str, typer.Option("--name", help=both("Tên mới", "the new name"))],
    document: PaperNeeded,
    on: Annotated[
        str | None, typer.Option("--on", help=both("Ngày có hiệu lực; mặc định hôm nay", "in force since"))
    ] = None,
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage.engine import write
    from storage.renaming import rename_unit

    paper, since = _paper(document, "rename"), optional_day(on)
    with the_office() as office:
        signed, moment = signer(office, by), office.moment_of(moment_of(as_of), time(9))
        with write(office.engine) as session:
            done = rename_unit(
                session,
                office.organisation_id,
                code,
                name,
                by=signed,
                at=moment,
                document=paper,
                on=since,
            )
    say_done(json, "unit_renamed", unit=done.unit, before=done.before, name=done.name, day=done.on)


def split(
    code: Code,
    into: Annotated[
        list[str],
        typer.Option(
            "--into", help=both("Mã các đơn vị mới, A,B; hoặc “A=Tên” mỗi lần một", "codes: A,B; or A=Name")
        ),
    ],
    document: PaperNeeded,
    to_for: Annotated[
        list[str] | None,
        typer.Option(
            "--to-for", help=both("Nhiệm vụ giao riêng: 383/KH-SCT/12=B", "one task's unit: TASK=B")
        ),
    ] = None,
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage.engine import write
    from storage.splitting import split_unit

    paper, parts, single = _paper(document, "split"), tuple(_parts(into)), dict(_pairs(to_for or ()))
    with the_office() as office:
        signed, moment = signer(office, by), office.moment_of(moment_of(as_of), time(9))
        among = ", ".join(part for part, _ in parts)
        with write(office.engine) as session:
            done = split_unit(
                session,
                office.organisation_id,
                code,
                parts,
                to_for=single,
                by=signed,
                at=moment,
                document=paper,
                mark=words("unit_split_mark", into=among, day=moment.date()),
            )
    if json:
        print_json(
            {"done": "unit_split", "gone": done.gone, "tasks": dict(done.tasks), "people": list(done.people)}
        )
        return
    moved = "; ".join(f"{unit}: {tasks}" for unit, tasks in done.tasks.items())
    say("unit_split", gone=done.gone, into=", ".join(done.into), tasks=moved)
    if done.people:
        say("units_merged_people", people=", ".join(done.people), gone=done.gone)


def _paper(text: str, decision: str) -> Document:
    from cli.deciding import document_of
    from tasks_catalog.decisions import DecisionRefused

    paper = document_of(text)
    if paper is None:
        raise DecisionRefused("document_needed", decision=decision)
    return paper


def _parts(typed: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """Read "A,B" as units there are, "A=Phòng Một" as one that is new; its name may hold commas."""
    for word in typed:
        code, equals, name = (part.strip() for part in word.partition("="))
        if equals and code and name:
            yield code, name
        else:
            yield from ((one.strip(), None) for one in word.split(",") if one.strip())


def _pairs(typed: Iterable[str]) -> Iterator[tuple[str, str]]:
    for word in typed:
        task, equals, unit = (part.strip() for part in word.rpartition("="))
        if not (equals and task and unit):
            raise Refused("split_pair_unreadable", words=word)
        yield task, unit
