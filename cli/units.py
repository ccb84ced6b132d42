"""``dondoc units``: the directory of units and people."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated

import typer

from cli.context import moment_of, print_json, say, say_done, signer, the_office, words
from cli.options import AsOf, By, Json, PaperNeeded, both

units = typer.Typer(
    no_args_is_help=True,
    help=both("Danh bạ: đơn vị, tên gọi khác, người phụ trách", "the directory of units and people"),
)


def register(app: typer.Typer) -> None:
    from cli import learning, reshaping

    for module in (learning, reshaping):
        module.register(units)
    app.add_typer(units, name="units")


@units.command("import", help=both("Nhập danh bạ; ai không còn trong tệp thì thôi nhận thư", "import it"))
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=both("Tệp .toml, .xlsx hoặc .csv", "the directory"))
    ],
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage.engine import write
    from storage.office_journal import Made
    from storage.people import save_directory
    from tasks_catalog.directory_check import check_directory
    from tasks_catalog.documents.directory import read_directory

    found = read_directory(file)
    doubts = [words(problem.code, **problem.params) for problem in check_directory(found)]
    with the_office() as office:
        moment = office.moment_of(moment_of(as_of), time(9))
        made = Made(by=signer(office, by), at=moment, note=file.name)
        with write(office.engine) as session:
            save_directory(session, office.organisation_id, found, made=made)
    if json:
        done = {"done": "units_imported", "units": len(found.units), "people": len(found.people)}
        print_json({**done, "problems": doubts})
        return
    say("units_imported", units=len(found.units), people=len(found.people))
    for doubt in doubts:
        print(f"  - {doubt}")


@units.command("list", help=both("Các đơn vị và người phụ trách", "units and who answers for them"))
def list_(
    people: Annotated[
        bool, typer.Option("--people", help=both("Kèm từng người và mã", "with everybody and their codes"))
    ] = False,
    json: Json = False,
) -> None:
    from storage.engine import read
    from storage.people import load_directory

    with the_office() as office, read(office.engine) as session:
        directory = load_directory(session, office.organisation_id)
    if json:
        found: list[object] = [
            {
                "code": unit.code,
                "name": unit.name,
                "aliases": list(unit.aliases),
                "focal_point": directory.focal_points.get(unit.code),
                "people": [person.code for person in directory.people if person.unit == unit.code],
            }
            for unit in directory.units
        ]
        print_json(found)
        return
    wide = max((len(unit.name) for unit in directory.units), default=0)
    codes = max((len(owner.code) for owner in directory.owners), default=0)
    for unit in directory.units:
        focal = directory.focal_of(unit.code)
        print(f"{unit.code:<{codes}}  {unit.name:<{wide}}  {focal.name if focal else '–'}".rstrip())
        for person in directory.people if people else ():
            if person.unit == unit.code:
                gone = "" if person.active else f" ({words('person_gone')})"
                print(f"{'':<{codes}}    {person.code:<10} {person.name} <{person.email}>{gone}")
    for group in directory.groups:
        print(f"{group.code:<{codes}}  {group.name}: {', '.join(group.members) or '–'}")


@units.command("merge", help=both("Sáp nhập đơn vị này vào đơn vị kia", "one unit takes over from another"))
def merge(
    gone: Annotated[
        str, typer.Argument(metavar="GONE", help=both("Mã đơn vị thôi tồn tại", "code of the unit that ends"))
    ],
    into: Annotated[
        str,
        typer.Argument(metavar="INTO", help=both("Mã đơn vị tiếp nhận", "code of the unit that takes over")),
    ],
    document: PaperNeeded,
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from cli.deciding import document_of
    from storage.engine import write
    from storage.merging import merge_units
    from tasks_catalog.decisions import DecisionRefused

    paper = document_of(document)
    if paper is None:
        raise DecisionRefused("document_needed", decision="merge")
    with the_office() as office:
        signed, moment = signer(office, by), office.moment_of(moment_of(as_of), time(9))
        with write(office.engine) as session:
            done = merge_units(
                session,
                office.organisation_id,
                gone,
                into,
                by=signed,
                at=moment,
                document=paper,
                mark=words("unit_merged_mark", into=into, day=moment.date()),
            )
    people = ", ".join(done.people)
    say_done(json, "units_merged", gone=done.gone, into=done.into, tasks=done.tasks)
    if people and not json:
        say("units_merged_people", people=people, gone=done.gone)
