"""``dondoc calendar``: days off and worked weekends of the office, and where each comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import day_of, print_json, say_done, signer, the_office, words
from cli.options import By, Json, Note, both

if TYPE_CHECKING:
    from tasks_catalog.year_days import YearDay

calendar = typer.Typer(
    no_args_is_help=True,
    help=both("Ngày nghỉ, ngày làm bù của cơ quan", "the office's days off and worked weekends"),
)
Day = Annotated[str, typer.Argument(metavar="DAY", help=both("Ngày, ví dụ 2026-01-02", "the day"))]


def register(app: typer.Typer) -> None:
    app.add_typer(calendar, name="calendar")


@calendar.command("list", help=both("Các ngày của một năm, kèm nguồn", "a year's days and their sources"))
def list_(
    year: Annotated[
        int | None, typer.Option("--year", min=2014, max=2041, help=both("Năm", "the year"))
    ] = None,
    json: Json = False,
) -> None:
    from storage.engine import read
    from tasks_catalog.year_days import days_of_year

    with the_office() as office, read(office.engine) as session:
        layers = office.calendars.layers_of(session)
        found = days_of_year(office.calendars.by_law, layers, year or office.today().year)
    if json:
        print_json([_as_json(one) for one in found])
        return
    for one in found:
        state = words(f"calendar_state_{'worked' if one.worked else 'off'}")
        origin = words(f"calendar_origin_{one.origin}")
        doubt = "" if one.confirmed else f"  ({words('calendar_unconfirmed')})"
        line = words("calendar_command_line", day=one.day, state=state, name=one.name, origin=origin)
        print(line + doubt)


@calendar.command("set", help=both("Nhập một ngày nghỉ hoặc làm bù", "enters a day off, or a worked one"))
def set_(
    day: Day,
    name: Annotated[str, typer.Option("--name", help=both("Tên gọi, vì sao", "what it is called"))],
    worked: Annotated[
        bool, typer.Option("--worked/--off", help=both("Làm việc, hoặc nghỉ (mặc định)", "worked, or off"))
    ] = False,
    document: Annotated[
        str,
        typer.Option(
            "--document", help=both("Văn bản; chưa có thì là chưa xác nhận", "none: not confirmed yet")
        ),
    ] = "",
    by: By = None,
    note: Note = "",
    json: Json = False,
) -> None:
    from storage.engine import write
    from storage.office_journal import Made
    from storage.swapped_days import enter
    from tasks_catalog.calendar import SwappedDay

    named = day_of(day)
    one = SwappedDay(day=named, worked=worked, name=name, document=document, confirmed=bool(document))
    with the_office() as office:
        made = Made(by=signer(office, by), at=office.now(), note=note)
        with write(office.engine) as session:
            done = enter(session, office.organisation_id, [one], office.calendars.without_own, made=made)
    state = words(f"calendar_state_{'worked' if worked else 'off'}")
    code = "calendar_command_set" if done else "calendar_command_as_it_was"
    say_done(json, code, day=named, state=state, name=name)


@calendar.command(help=both("Bỏ ngày cơ quan đã nhập", "takes back what the office entered"))
def unset(day: Day, by: By = None, note: Note = "", json: Json = False) -> None:
    from storage.engine import write
    from storage.office_journal import Made
    from storage.swapped_days import take_back

    named = day_of(day)
    with the_office() as office:
        made = Made(by=signer(office, by), at=office.now(), note=note)
        with write(office.engine) as session:
            take_back(session, office.organisation_id, named, made=made)
    say_done(json, "calendar_command_unset", day=named)


def _as_json(one: YearDay) -> dict[str, object]:
    return {
        "day": one.day.isoformat(),
        "state": "worked" if one.worked else "off",
        "name": one.name,
        "document": one.document,
        "origin": str(one.origin),
        "confirmed": one.confirmed,
    }
