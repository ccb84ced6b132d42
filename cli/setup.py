"""``dondoc init``: set an office up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import say, say_done, words
from cli.options import Json, both

if TYPE_CHECKING:
    from storage.settings import Settings


def register(app: typer.Typer) -> None:
    app.command("init", help=both("Tạo đơn vị: thư mục, cơ sở dữ liệu, danh bạ", "set an office up"))(init)


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
    under: Annotated[
        str,
        typer.Option(
            "--under",
            help=both("Mã cơ quan cấp trên đã có trong cơ sở dữ liệu", "code of the superior body there"),
        ),
    ] = "",
    json: Json = False,
) -> None:
    from storage.settings import load_settings

    settings = load_settings()
    people = set_up(settings, directory, simulated=simulated, under=under)
    say_done(json, "office_ready", home=settings.home, people=people)
    if directory is None and not json:
        say("office_example_directory")


def set_up(settings: Settings, directory: Path | None, *, simulated: bool, under: str = "") -> int:
    """Make the home folder, the database and its organisation; return how many people it knows.

    ``under`` adds it to a database that holds its superior body. Raises Refused when an office is there
    already: nothing of it is touched.
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
            organisation = create_organisation(
                session, found, simulated=simulated, at=local_now(settings), under=under
            )
            save_directory(session, organisation.id, found)
    finally:
        engine.dispose()
    file = settings.home / FILE_NAME
    if not file.exists():
        one_of_many = f'organisation = "{found.organisation}"\n\n' if under else ""
        file.write_text(one_of_many + words("settings_file"), encoding="utf-8")
        file.chmod(0o600)
    return len(found.people)


def example_directory() -> Path:
    """Return the directory that comes with the program: the department's units, invented people."""
    import tasks_catalog

    return Path(tasks_catalog.__file__).parent / "examples" / "so-cong-thuong.toml"
