"""``dondoc init`` and ``dondoc doctor``: set an office up, and look whether it is well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import print_json, say, say_done, the_office, words
from cli.options import Json, both

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from flows.office import OpenOffice
    from storage.settings import Settings
    from tasks_catalog.people import Directory


def register(app: typer.Typer) -> None:
    app.command("init", help=both("Tạo đơn vị: thư mục, cơ sở dữ liệu, danh bạ", "set an office up"))(init)
    app.command("doctor", help=both("Kiểm tra đơn vị có sẵn sàng không", "check the office"))(doctor)


def init(
    directory: Annotated[
        Path | None,
        typer.Option(
            "--directory",
            help=both("Danh bạ .toml, .xlsx, .csv; không có thì dùng mẫu", "the directory; else the example"),
        ),
    ] = None,
    simulated: Annotated[
        bool,
        typer.Option(
            "--simulated", help=both("Đơn vị mô phỏng: chạy theo ngày bất kỳ", "acts as of any day")
        ),
    ] = False,
    json: Json = False,
) -> None:
    from storage.settings import load_settings

    settings = load_settings()
    people = set_up(settings, directory, simulated=simulated)
    say_done(json, "office_ready", home=settings.home, people=people)
    if directory is None and not json:
        say("office_example_directory")


def set_up(settings: Settings, directory: Path | None, *, simulated: bool) -> int:
    """Make the home folder, the database and its organisation; return how many people it knows.

    Raises Refused when an office is there already: nothing of it is touched.
    """
    from flows.office import local_now
    from storage.engine import migrate, open_engine, write
    from storage.organisations import create_organisation
    from storage.people import save_directory
    from storage.settings import FILE_NAME
    from tasks_catalog.directory_check import check_directory
    from tasks_catalog.documents.directory import read_directory

    found = read_directory(directory or example_directory())
    check_directory(found)
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = open_engine(settings.database_url)
    try:
        migrate(engine)
        with write(engine) as session:
            organisation = create_organisation(session, found, simulated=simulated, at=local_now(settings))
            save_directory(session, organisation.id, found)
    finally:
        engine.dispose()
    file = settings.home / FILE_NAME
    if not file.exists():
        file.write_text(words("settings_file"), encoding="utf-8")
        file.chmod(0o600)
    return len(found.people)


def example_directory() -> Path:
    """Return the directory that comes with the program: the department's units, invented people."""
    import tasks_catalog

    return Path(tasks_catalog.__file__).parent / "examples" / "so-cong-thuong.toml"


def doctor(json: Json = False) -> None:
    """Look at what mail, people and plans need; end with 1 when letters cannot leave or did not arrive."""
    with the_office() as office:
        found = list(findings(office))
    if json:
        print_json(
            {
                "well": not any(one.hinders for one in found),
                "findings": [
                    {"code": one.code, "hinders": one.hinders, "message": one.said} for one in found
                ],
            }
        )
    else:
        for one in found:
            print(f"  - {one.said}")
        say("doctor_done" if not found else "doctor_found", findings=len(found))
    if any(one.hinders for one in found):
        raise typer.Exit(1)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to see to; one that ``hinders`` keeps letters from their readers."""

    code: str
    said: str
    hinders: bool = False


def findings(office: OpenOffice) -> Iterator[Finding]:
    """Yield what is not as it should be: sender, directory, open questions, letters that did not arrive."""
    from notifications.mail_settings import DEFAULT_SENDER, mail_settings_from
    from notifications.mailbox import inbox_settings_from
    from storage import outbox, tasks
    from storage.engine import read
    from storage.people import load_directory
    from tasks_catalog.directory_check import check_directory

    mail = mail_settings_from(office.settings.mail)
    inbox_settings_from(office.settings.inbox)  # refused here, not first at night by the timetable
    if mail.sender_address == DEFAULT_SENDER:
        yield _finding("doctor_sender_default", hinders=mail.kind == "smtp")
    with read(office.engine) as session:
        for problem in check_directory(_at_work(load_directory(session, office.organisation_id))):
            yield Finding(code=problem.code, said=words(problem.code, **problem.params))
        for plan in tasks.list_plans(session, office.organisation_id):
            asked = len(tasks.questions_of(session, plan))
            if asked and plan.state != "ended":
                yield _finding("doctor_questions", number=plan.number, questions=asked)
        for state in ("dead", "unknown"):
            letters = len(outbox.list_letters(session, office.organisation_id, states=(state,)))
            if letters:
                yield _finding(f"doctor_letters_{state}", letters=letters, hinders=True)
        yield from _came_back(session, office)


def _came_back(session: Session, office: OpenOffice) -> Iterator[Finding]:
    """Yield what came back by mail and wants a person: dead addresses, unreadable mail, open answers."""
    from storage import answers, bounces, inbox

    organisation = office.organisation_id
    for one in bounces.unreachable(session, organisation):
        yield _finding(
            "doctor_unreachable",
            hinders=True,
            name=one.person.name,
            person=one.person.code,
            address=one.person.email,
            on=one.dead.since.astimezone(office.settings.timezone).date(),
        )
    parked = len(inbox.list_incoming(session, organisation, kinds=("parked", "too_large")))
    if parked:
        yield _finding("doctor_parked", messages=parked)
    waiting = len(answers.list_answers(session, organisation, states=(answers.AnswerState.OPEN.value,)))
    if waiting:
        yield _finding("doctor_answers", answers=waiting)


def _at_work(directory: Directory) -> Directory:
    """Return the directory without the units that were merged or split, and who is still listed there."""
    gone = {unit.code for unit in directory.units if unit.is_gone}
    return replace(
        directory,
        units=tuple(unit for unit in directory.units if unit.code not in gone),
        people=tuple(person for person in directory.people if person.unit not in gone),
    )


def _finding(code: str, *, hinders: bool = False, **params: object) -> Finding:
    return Finding(code=code, said=words(code, **params), hinders=hinders)
