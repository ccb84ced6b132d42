"""``dondoc person``: one person's data: given out, who looked at it, erased once they have left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import print_json, say, say_done, signer, the_office, words
from cli.options import By, Json, PersonCode, both
from notifications.wording import sentence
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from flows.office import OpenOffice

LIST_FILE = "erased-people.csv"
"""In the office's folder, beside the secret: an erasure must be repeated after a restore, and a restored
database no longer knows of it."""

person = typer.Typer(
    no_args_is_help=True,
    help=both("Dữ liệu cá nhân của một người", "one person's data"),
)


def register(app: typer.Typer) -> None:
    app.add_typer(person, name="person")


@person.command(help=both("Xuất mọi dữ liệu về một người", "everything kept of a person, as a zip"))
def export(
    code: PersonCode,
    out: Annotated[Path, typer.Option("--out", help=both("Tệp .zip", "the .zip to write"))],
    json: Json = False,
) -> None:
    from notifications.personal_export import export_file
    from storage.engine import read
    from storage.people import load_directory
    from storage.personal_data import data_of

    with the_office() as office, read(office.engine) as session:
        data = data_of(session, office.organisation_id, code)
        found = load_directory(session, office.organisation_id).person(code)
        language = found.language if found else office.settings.language
        made = export_file(code, data, language=language, at=office.now())
    out.touch(mode=0o600)
    out.write_bytes(made)
    say_done(json, "personal_exported", whom=code, file=str(out))


@person.command(help=both("Ai đã xem dữ liệu của một người", "who looked at a person's data"))
def seen(
    code: PersonCode,
    most: Annotated[int, typer.Option("--most", min=1, help=both("Bao nhiêu dòng", "lines"))] = 100,
    json: Json = False,
) -> None:
    from storage.engine import read
    from storage.people import load_directory, person_or_refuse
    from storage.personal_views import seen_of

    with the_office() as office, read(office.engine) as session:
        person_or_refuse(code, load_directory(session, office.organisation_id))
        found = [
            {
                "at": f"{one.at.astimezone(office.settings.timezone):%Y-%m-%d %H:%M}",
                "by": one.by,
                "page": one.page,
                "about": one.about,
            }
            for one in seen_of(session, office.organisation_id, code, most=most)
        ]
    if json:
        print_json(list(found))
        return
    for one in found:
        page = words(f"personal_page_{one['page']}")
        print(f"{one['at']}  {one['by']:<14} {page}")
    say("personal_seen_count", count=len(found))


@person.command(help=both("Xóa dữ liệu của người đã nghỉ", "erases the data of who has left"))
def erase(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help=both("Mã người", "the code"))] = None,
    document: Annotated[
        str | None, typer.Option("--document", help=both("Văn bản yêu cầu", "the paper that asks for it"))
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help=both("Những người đã xóa", "who was erased; writes nothing"))
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help=both("Xóa lại sau khi khôi phục", "repeat after a restore"))
    ] = False,
    by: By = None,
    json: Json = False,
) -> None:
    with the_office() as office:
        if listed:
            found = _listed(office)
            if json:
                print_json([dict(zip(("person", "on", "document"), line, strict=True)) for line in found])
            else:
                for whom, on, paper in found:
                    print(f"{whom:<14} {on}  {paper}")
            return
        if again:
            names = [(whom, paper) for whom, _, paper in _listed(office)]
        elif code is None or not document:
            raise Refused("erase_whom")
        else:
            names = [(code, document)]
        rows = sum(_erase(office, whom, paper, signer(office, by)) for whom, paper in names)
    say_done(json, "personal_erased_by_command", people=len(names), rows=rows)


def _erase(office: OpenOffice, code: str, document: str, by: str) -> int:
    """Erase one person, in a transaction of its own, and keep that it is to be done again after a restore."""
    from storage.engine import write
    from storage.erasing import erase as erase_person

    with write(office.engine) as session:
        counts = erase_person(
            session,
            office.organisation_id,
            code,
            by=by,
            document=document,
            at=office.now(),
            shown_as=sentence("person_erased", "vi", code=code),
        )
        _keep(office, code, document)
    return sum(counts.values())


def _keep(office: OpenOffice, code: str, document: str) -> None:
    import csv

    if code in {line[0] for line in _in_file(office)}:
        return
    file = office.settings.home / LIST_FILE
    file.touch(mode=0o600)
    with file.open("a", encoding="utf-8", newline="") as kept:
        csv.writer(kept).writerow((code, office.today().isoformat(), document))


def _listed(office: OpenOffice) -> list[tuple[str, str, str]]:
    """Return who was erased, when and why: as the database knows it, and what only the file does."""
    from storage.engine import read
    from storage.erasing import erased

    with read(office.engine) as session:
        found = {
            one.person: (
                one.person,
                one.at.astimezone(office.settings.timezone).date().isoformat(),
                one.document,
            )
            for one in reversed(erased(session, office.organisation_id))
        }
    for line in _in_file(office):
        found.setdefault(line[0], line)
    return sorted(found.values(), key=lambda line: (line[1], line[0]))


def _in_file(office: OpenOffice) -> list[tuple[str, str, str]]:
    import csv

    file = office.settings.home / LIST_FILE
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as kept:
        return [(row[0], row[1], row[2]) for row in csv.reader(kept) if len(row) == 3]
