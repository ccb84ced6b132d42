"""``dondoc changes``: what was changed in the office's settings and directory, and taking it back."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import language, moment_of, print_json, say, say_done, signer, the_office
from cli.options import AsOf, By, Json, Note, both
from notifications.wording import date_text
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from storage.office_record import Recorded
    from tasks_catalog.people import Directory

changes = typer.Typer(
    no_args_is_help=True,
    help=both("Nhật ký thay đổi thiết lập và danh bạ", "what was changed in settings and directory"),
)


def register(app: typer.Typer) -> None:
    app.add_typer(changes, name="changes")


@changes.command("list", help=both("Các thay đổi, mới nhất trước", "the changes, the newest first"))
def list_(
    kind: Annotated[str, typer.Option("--kind", help=both("Loại: unit, person …", "unit, person …"))] = "",
    key: Annotated[str, typer.Option("--key", help=both("Mã của đối tượng", "the thing's code"))] = "",
    by: Annotated[str, typer.Option("--by", help=both("Mã người thay đổi", "who changed it"))] = "",
    before: Annotated[
        int | None, typer.Option("--before", help=both("Cũ hơn số này", "older than this number"))
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=1000, help=both("Nhiều nhất", "at most"))] = 30,
    json: Json = False,
) -> None:
    from storage import office_record
    from storage.engine import read
    from storage.people import load_directory
    from storage.settables import SETTABLES

    if kind and kind not in SETTABLES:
        raise Refused("setting_kind_unknown", kind=kind, known=", ".join(SETTABLES))
    with the_office() as office, read(office.engine) as session:
        directory = load_directory(session, office.organisation_id)
        found = office_record.changes(
            session,
            office.organisation_id,
            kinds=(kind,) if kind else None,
            key=key,
            by=by,
            before=before,
            most=most,
        )
        zone = office.now().tzinfo
    if json:
        print_json([_change_json(each) for each in found])
        return
    for each in found:
        local = each.at.astimezone(zone)
        _print(each, directory, f"{date_text(local.date(), language())} {local:%H:%M}")
    if not found:
        say("settings_no_changes")


def _print(change: Recorded, directory: Directory, moment: str) -> None:
    from notifications.setting_words import changed_words, person_words, subject_words

    spoken = language()
    subject = subject_words(change.kind, change.key, directory, spoken)
    by = person_words(change.by, directory, spoken)
    say("changes_line", number=change.number, moment=moment, by=by, subject=subject)
    if change.erased:
        print("  ", end="")
        say("setting_erased")
    else:
        for each in changed_words(change.kind, change.before, change.after, directory, spoken):
            print("  ", end="")
            say("changes_field", label=each.label, before=each.before, after=each.after)
    for code, number in (("setting_undoes", change.undoes), ("setting_undone_by", change.undone_by)):
        if number:
            print("  ", end="")
            say(code, number=number)
    if change.note:
        print(f"  {change.note}")


def _change_json(change: Recorded) -> dict[str, object]:
    return {
        "number": change.number,
        "kind": change.kind,
        "key": change.key,
        "by": change.by,
        "at": change.at.isoformat(),
        "note": change.note,
        "before": change.before,
        "after": change.after,
        "erased": change.erased,
        "undoes": change.undoes,
        "undone_by": change.undone_by,
    }


@changes.command("undo", help=both("Hoàn tác một thay đổi", "takes a change back"))
def undo(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=both("Số của thay đổi", "its number"))],
    note: Note = "",
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage import office_journal
    from storage.engine import write
    from storage.office_journal import Made
    from storage.settables import SETTABLES

    with the_office() as office:
        made = Made(by=signer(office, by), at=office.moment_of(moment_of(as_of), time(9)), note=note)
        with write(office.engine) as session:
            done = office_journal.undo(session, office.organisation_id, SETTABLES, number, made=made)
    say_done(json, "change_taken_back", number=number, by_number=done.id)
