"""``dondoc people``: who is away and who stands in, handing over, and how each wants his letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import day_of, language, moment_of, print_json, read_day, say, signer, the_office, words
from cli.options import AsOf, By, Json, Note, Paper, PersonCode, ReadAsOf, both
from cli.preferring import preference_json
from notifications.wording import date_text

if TYPE_CHECKING:
    from tasks_catalog.absence import Absence
    from tasks_catalog.people import Directory, Person

_MORNING = time(9)
people = typer.Typer(
    no_args_is_help=True,
    help=both("Người nhận thư: vắng mặt, bàn giao, tùy chọn nhận thư", "absence, hand-over, preferences"),
)


def register(app: typer.Typer) -> None:
    from cli import preferring

    preferring.register(people)
    app.add_typer(people, name="people")


@people.command("list", help=both("Mọi người, ai đang vắng mặt", "everybody, and who is away"))
def list_(as_of: ReadAsOf = None, json: Json = False) -> None:
    from storage.engine import read
    from storage.people import load_directory

    with the_office() as office, read(office.engine) as session:
        directory = load_directory(session, office.organisation_id)
        day = read_day(as_of) or office.today()
    if json:
        print_json([_person_json(person, directory, day) for person in directory.people])
        return
    codes = max((len(person.code) for person in directory.people), default=0)
    units = max((len(person.unit) for person in directory.people), default=0)
    for person in directory.people:
        line = f"{person.code:<{codes}}  {person.unit:<{units}}  {person.name}"
        marks = "; ".join(_marks(person, directory, day))
        print(f"{line} ({marks})" if marks else line)


def _marks(person: Person, directory: Directory, day: date) -> Iterable[str]:
    if not person.active:
        yield words("person_gone")
    if (absence := directory.absence_of(person.code, day)) is not None:
        yield _absence_words(absence, directory, "people_away")
    if (hour := directory.preference_of(person.code).hour) is not None:
        yield words("people_hour", hour=f"{hour:%H:%M}")


def _person_json(person: Person, directory: Directory, day: date) -> dict[str, object]:
    absence = directory.absence_of(person.code, day)
    return {
        "code": person.code,
        "name": person.name,
        "unit": person.unit,
        "post": str(person.post),
        "active": person.active,
        "language": person.language,
        "absence": _absence_json(absence) if absence else None,
        "preference": preference_json(directory.preference_of(person.code)),
    }


@people.command("absent", help=both("Ghi nhận vắng mặt và người nhận thay", "enter an absence"))
def absent(
    code: PersonCode,
    first: Annotated[str, typer.Option("--from", help=both("Ngày vắng đầu tiên", "the first day away"))],
    last: Annotated[str, typer.Option("--to", help=both("Ngày vắng cuối cùng", "the last day away"))],
    substitute: Annotated[
        str | None,
        typer.Option("--substitute", help=both("Mã người nhận thay", "code of who is written to instead")),
    ] = None,
    note: Note = "",
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage.absences import enter
    from storage.engine import write
    from storage.people import load_directory
    from tasks_catalog.absence import Absence

    wanted = Absence(
        person=code, first=day_of(first), last=day_of(last), substitute=substitute or None, note=note
    )
    with the_office() as office:
        signed, moment = signer(office, by), office.moment_of(moment_of(as_of), _MORNING)
        with write(office.engine) as session:
            enter(session, office.organisation_id, wanted, by=signed, at=moment)
            directory = load_directory(session, office.organisation_id)
    if json:
        print_json({"done": "absence_entered", **_absence_json(wanted)})
        return
    print(_absence_words(wanted, directory, "absence_entered"))
    _say_if_substitute_is_away(wanted, directory)


def _say_if_substitute_is_away(absence: Absence, directory: Directory) -> None:
    for other in directory.absences:
        if other.person == absence.substitute and other.meets(absence.first, absence.last):
            say(
                "substitute_away_too", name=_name(other.person, directory), first=other.first, last=other.ends
            )


@people.command("absences", help=both("Các đợt vắng mặt đang và sắp diễn ra", "absences now and to come"))
def absences(
    every: Annotated[
        bool, typer.Option("--all", help=both("Cả các đợt đã qua", "those that are over too"))
    ] = False,
    as_of: ReadAsOf = None,
    json: Json = False,
) -> None:
    from storage.engine import read
    from storage.people import load_directory

    with the_office() as office, read(office.engine) as session:
        directory = load_directory(session, office.organisation_id)
        day = read_day(as_of) or office.today()
    found = [absence for absence in directory.absences if every or absence.ends >= max(day, absence.first)]
    if json:
        print_json([_absence_json(absence) for absence in found])
        return
    for absence in found:
        note = f": {absence.note}" if absence.note else ""
        print(_absence_words(absence, directory, "absence_line") + note)
    if not found:
        say("absence_none")


@people.command("back", help=both("Trở lại làm việc sớm hơn", "ends an absence early"))
def back(
    code: PersonCode,
    on: Annotated[
        str | None,
        typer.Option(
            "--on", help=both("Ngày trở lại đầu tiên; mặc định hôm nay", "the first day back; else today")
        ),
    ] = None,
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage.absences import come_back
    from storage.engine import write
    from storage.people import load_directory

    day = day_of(on) if on else None
    with the_office() as office:
        signed, moment = signer(office, by), office.moment_of(moment_of(as_of), _MORNING)
        with write(office.engine) as session:
            ended = come_back(
                session, office.organisation_id, code, on=day or moment.date(), by=signed, at=moment
            )
            directory = load_directory(session, office.organisation_id)
    if json:
        print_json({"done": "absence_ended", **_absence_json(ended)})
        return
    if ended.ends < ended.first:
        print(_absence_words(ended, directory, "absence_called_off"))
    else:
        say("absence_ended", name=_name(code, directory), day=ended.back_on)


@people.command(
    "hand-over", help=both("Bàn giao mọi việc của một người", "gives one person's work to another")
)
def hand_over(
    giver: Annotated[str, typer.Argument(metavar="FROM", help=both("Mã người bàn giao", "who hands over"))],
    taker: Annotated[str, typer.Argument(metavar="TO", help=both("Mã người tiếp nhận", "who takes over"))],
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help=both("Kể cả khi khác đơn vị", "even to somebody of another unit")),
    ] = False,
    document: Paper = None,
    note: Note = "",
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from cli.deciding import document_of
    from storage import handing_over
    from storage.engine import write

    with the_office() as office:
        signed, moment = signer(office, by), office.moment_of(moment_of(as_of), _MORNING)
        with write(office.engine) as session:
            done = handing_over.hand_over(
                session,
                office.organisation_id,
                giver,
                taker,
                by=signed,
                at=moment,
                document=document_of(document),
                note=note,
                anyway=anyway,
            )
    if json:
        print_json(
            {
                "done": "handed_over",
                "from": done.giver,
                "to": done.taker,
                "tasks": list(done.tasks),
                "focal_points": list(done.focal_points),
                "kept": list(done.kept),
                "cancelled": done.cancelled,
            }
        )
        return
    if not (done.tasks or done.focal_points):
        say("hand_over_nothing", giver=done.giver)
    else:
        say("handed_over", giver=done.giver, taker=done.taker, tasks=len(done.tasks), lines=done.cancelled)
    for task in done.tasks:
        print(f"  {task}")
    if done.focal_points:
        say("handed_over_focal_point", taker=done.taker, units=", ".join(done.focal_points))
    if done.kept:
        say("hand_over_kept", giver=done.giver, taker=done.taker, units=", ".join(done.kept))


def _absence_json(absence: Absence) -> dict[str, object]:
    return {
        "person": absence.person,
        "from": absence.first.isoformat(),
        "to": absence.last.isoformat(),
        "substitute": absence.substitute,
        "note": absence.note,
        "back_on": absence.back_on.isoformat() if absence.back_on else None,
    }


def _absence_words(absence: Absence, directory: Directory, code: str) -> str:
    """Word an absence; the span is the one that came to be, ended early or not."""
    named = absence.substitute
    who = words("absence_by", name=_name(named, directory)) if named else words("absence_by_route")
    last = absence.ends if absence.ends >= absence.first else absence.last
    days = {"first": date_text(absence.first, language()), "last": date_text(last, language())}
    return words(code, name=_name(absence.person, directory), who=who, **days)


def _name(code: str, directory: Directory) -> str:
    person = directory.person(code)
    return f"{person.name} ({code})" if person else code
