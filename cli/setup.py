"""``dondoc init`` and ``dondoc doctor``: set an office up, and look whether it is well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import say, the_office, words

if TYPE_CHECKING:
    from storage.settings import Settings


def register(app: typer.Typer) -> None:
    app.command("init", help="Tạo đơn vị: thư mục, cơ sở dữ liệu, danh bạ. Set an office up.")(init)
    app.command("doctor", help="Kiểm tra đơn vị có sẵn sàng không. Check the office.")(doctor)


def init(
    directory: Annotated[
        Path | None, typer.Option("--directory", help="Danh bạ (.toml, .xlsx, .csv); không có thì dùng mẫu.")
    ] = None,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Đơn vị mô phỏng: được chạy theo ngày bất kỳ.")
    ] = False,
) -> None:
    from storage.settings import load_settings

    settings = load_settings()
    people = set_up(settings, directory, simulated=simulated)
    say("office_ready", home=settings.home, people=people)
    if directory is None:
        say("office_example_directory")


def set_up(settings: Settings, directory: Path | None, *, simulated: bool) -> int:
    """Make the home folder, the database and its organisation; return how many people it knows.

    Raises Refused when an office is there already: nothing of it is touched.
    """
    from datetime import datetime

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
            now = datetime.now(settings.timezone)  # noqa: DTZ005 - aware: the office's own zone
            organisation = create_organisation(session, found, simulated=simulated, at=now)
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


def doctor() -> None:
    """Look at what mail, people and plans need; end with 1 when something is not as it should be."""
    from notifications.mail_settings import DEFAULT_SENDER, mail_settings_from
    from storage import tasks
    from storage.engine import read
    from storage.people import load_directory
    from tasks_catalog.directory_check import check_directory

    wrong = 0
    with the_office() as office, read(office.engine) as session:
        mail = mail_settings_from(office.settings.mail)
        if mail.sender_address == DEFAULT_SENDER:
            say("doctor_sender_default")
            wrong += mail.kind == "smtp"
        for problem in check_directory(load_directory(session, office.organisation_id)):
            print(f"  - {words(problem.code, **problem.params)}")
        for plan in tasks.list_plans(session, office.organisation_id):
            questions = len(tasks.questions_of(session, plan))
            if questions:
                say("doctor_questions", number=plan.number, questions=questions)
    say("doctor_done")
    if wrong:
        raise typer.Exit(1)
