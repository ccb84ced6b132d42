"""``dondoc units``: the directory of units and people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.context import print_json, say, the_office, words

units = typer.Typer(no_args_is_help=True, help="Danh bạ: đơn vị, tên gọi khác, người phụ trách.")


def register(app: typer.Typer) -> None:
    app.add_typer(units, name="units")


@units.command("import", help="Nhập danh bạ; người không còn trong tệp được đánh dấu thôi công tác.")
def import_(file: Path) -> None:
    from storage.engine import write
    from storage.people import save_directory
    from tasks_catalog.directory_check import check_directory
    from tasks_catalog.documents.directory import read_directory

    found = read_directory(file)
    doubts = check_directory(found)
    with the_office() as office, write(office.engine) as session:
        save_directory(session, office.organisation_id, found)
    say("units_imported", units=len(found.units), people=len(found.people))
    for problem in doubts:
        print(f"  - {words(problem.code, **problem.params)}")


@units.command("list", help="Các đơn vị và người phụ trách.")
def list_(json: Annotated[bool, typer.Option("--json")] = False) -> None:
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
            }
            for unit in directory.units
        ]
        print_json(found)
        return
    for unit in directory.units:
        focal = directory.focal_of(unit.code)
        print(f"{unit.code:<10} {unit.name:<50} {focal.name if focal else '–'}")
    for group in directory.groups:
        print(f"{group.code:<10} {group.name}: {', '.join(group.members)}")
