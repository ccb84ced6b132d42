"""``dondoc units learn``: a directory proposed from the names a plan writes; needs no office."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import print_json, say, words
from cli.options import Json, Year, both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from tasks_catalog.learning import LearnedDirectory, LearnedGroup, LearnedUnit
    from tasks_catalog.people import Group, Unit


def register(units: typer.Typer) -> None:
    """Add the command to the group of units."""
    units.command(
        "learn",
        help=both("Đề xuất danh bạ từ các cột đơn vị của kế hoạch", "propose a directory from a plan"),
    )(learn)


def learn(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=both("Tệp .docx, .xlsx, .pdf hoặc .csv", "the plan"))
    ],
    write: Annotated[
        Path | None,
        typer.Option("--write", help=both("Ghi ra tệp .toml để sửa", "write it as .toml to edit")),
    ] = None,
    fill: Annotated[
        bool,
        typer.Option("--fill", help=both("Điền luôn đơn vị đề xuất vào các nhóm", "fill groups as proposed")),
    ] = False,
    year: Year = None,
    json: Json = False,
) -> None:
    from tasks_catalog.documents import read_plan
    from tasks_catalog.learning import learn_directory, with_members

    if write is not None and write.suffix.lower() != ".toml":
        raise Refused("learned_file_type", file=write.name)
    if write is not None and write.exists():
        raise Refused("learned_file_exists", file=write.name)
    learned = learn_directory(read_plan(file, year=year))
    if fill:
        learned = with_members(learned)
    if write is not None:
        _write(write, learned, file.name)
    if json:
        units, groups = map(_unit_json, learned.units), map(_group_json, learned.groups)
        print_json({"units": list(units), "groups": list(groups)})
        return
    if write is None:
        _show(learned)
    say("units_learned", units=len(learned.units), groups=len(learned.groups), file=file.name)
    if write is not None:
        say("units_learned_written", file=write)


def _write(path: Path, learned: LearnedDirectory, source: str) -> None:
    from tasks_catalog.documents.directory_draft import draft_of

    try:
        path.write_text(draft_of(learned, source), encoding="utf-8")
    except OSError as fault:
        raise Refused("learned_file_unwritable", file=path.name, reason=fault.strerror or fault) from fault


def _show(learned: LearnedDirectory) -> None:
    met = [*((u.unit, u.as_owner, u.as_co_owner) for u in learned.units), *map(_of_group, learned.groups)]
    wide = max((len(owner.code) for owner, _, _ in met), default=0)
    for owner, owns, helps in met:
        others = f" = {'; '.join(owner.aliases)}" if owner.aliases else ""
        rows = words("units_learned_rows", owner=owns, co_owner=helps)
        print(f"{owner.code:<{wide}}  {owner.name}{others} ({rows})")


def _of_group(learned: LearnedGroup) -> tuple[Unit | Group, int, int]:
    return learned.group, learned.as_owner, learned.as_co_owner


def _unit_json(learned: LearnedUnit) -> dict[str, object]:
    unit = learned.unit
    return {
        "code": unit.code,
        "name": unit.name,
        "aliases": list(unit.aliases),
        "kind": unit.kind,
        "as_owner": learned.as_owner,
        "as_co_owner": learned.as_co_owner,
    }


def _group_json(learned: LearnedGroup) -> dict[str, object]:
    group = learned.group
    return {
        "code": group.code,
        "name": group.name,
        "aliases": list(group.aliases),
        "members": list(group.members),
        "candidates": list(learned.candidates),
        "as_owner": learned.as_owner,
        "as_co_owner": learned.as_co_owner,
    }
