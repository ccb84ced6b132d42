"""``dondoc demo`` and ``dondoc up``: a year in simulated time, and the office for real."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import language, say
from cli.options import both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from fastapi import FastAPI
    from rich.console import Console

    from board.oidc_provider import Provider
    from board.signing_in import SignIn
    from flows.office import OpenOffice
    from flows.server import RunningServer

MARKER = ".dondoc-demo"
Port = Annotated[
    int,
    typer.Option(
        "--port", min=0, max=65535, help=both("Cổng; 0: cổng trống bất kỳ", "port; 0: any free one")
    ),
]


def register(app: typer.Typer) -> None:
    app.command("demo", help=both("Một năm trong thời gian mô phỏng", "a year in simulated time"))(demo)
    app.command("up", help=both("Chạy thật: bảng theo dõi, luồng công việc, nhắc việc", "run it for real"))(
        up
    )


def demo(
    out: Annotated[
        Path, typer.Option("--out", help=both("Nơi ghi thư, báo cáo, cơ sở dữ liệu", "the folder"))
    ] = Path("demo-out"),
    serve: Annotated[
        bool,
        typer.Option("--serve/--no-serve", help=both("Mở bảng và luồng công việc", "serve board and UI")),
    ] = True,
    again: Annotated[
        bool, typer.Option("--again", help=both("Đi lại trên dữ liệu lần trước", "again on the same data"))
    ] = False,
    port: Port = 4200,
) -> None:
    from rich.console import Console

    home = out.absolute()
    _prepare(home, again=again)
    os.environ["DONDOC_HOME"] = str(home)
    os.environ.pop("DONDOC_DATABASE", None)  # a demonstration never touches another office's record
    if serve:
        os.environ["DONDOC_BASE_URL"] = f"http://127.0.0.1:{port}"
    console = Console(highlight=False)
    with _served(home, port) if serve else _unserved() as server:
        _walk_years(console, server)
        if server is not None:
            say("demo_serving", board=server.url, flows=server.flows_url)
            _until_interrupted()


def _prepare(home: Path, *, again: bool) -> None:
    """Make the demonstration's own folder anew; a folder that is not one is never emptied."""
    from cli.setup import set_up
    from storage.settings import load_settings

    if home.exists() and any(home.iterdir()):
        if not (home / MARKER).exists():
            raise Refused("demo_folder_not_empty", folder=home)
        if again:
            return
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARKER).touch()
    set_up(load_settings(home), None, simulated=True)


@contextmanager
def _unserved() -> Iterator[None]:
    yield None


@contextmanager
def _served(home: Path, port: int) -> Iterator[RunningServer]:
    """Serve board and flow UI from the start, so that the period ends' runs show in it."""
    from flows.office import open_office
    from flows.server import serve

    with open_office(home) as office, serve(_board(office, _morning_after), home=home, port=port) as server:
        yield server


def _morning_after() -> datetime:
    """Return the time on the demonstration's board: the morning after the last day walked."""
    from zoneinfo import ZoneInfo

    from cli.demo.story import SCRIPTS

    day = SCRIPTS[-1].until + timedelta(days=1)
    return datetime.combine(day, time(8), tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def _board(
    office: OpenOffice,
    clock: Callable[[], datetime],
    *,
    sign_in: SignIn | None = None,
    provider: Provider | None = None,
) -> FastAPI:
    from board.app import create_board
    from board.feeds import FeedOffice
    from flows.server import FLOWS_PATH
    from notifications.links import Links
    from notifications.mail_settings import mail_settings_from
    from storage.door_settings import LOOPBACK_NAMES
    from storage.erased_file import NAME
    from storage.files import FOLDER

    return create_board(
        office.engine,
        office.organisation_id,
        clock=clock,
        base_url=office.settings.base_url,
        language=language(),
        calendar=office.calendars,
        keys=office.keys,
        sending=(office.settings.sending_from, office.settings.sending_to),
        flow_ui=FLOWS_PATH,
        sign_in=sign_in,
        provider=provider,
        hosts=office.settings.names if sign_in else LOOPBACK_NAMES,
        files=office.settings.home / FOLDER,
        erased=office.settings.home / NAME,
        feed_office=FeedOffice(
            keys=office.keys,
            domain=mail_settings_from(office.settings.mail).domain,
            links=Links(office.settings.base_url),
        ),
    )


def _walk_years(console: Console, server: RunningServer | None) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from cli.demo import closing, story, walk
    from flows.office import open_office

    say("demo_intro")
    walked = walk.Walked()
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with open_office() as office, Progress(*bar, console=console) as progress:
        for script in story.SCRIPTS:
            walk.begin(office, script)
            shown = progress.add_task(f"{script.number}", total=len(walk.days_of(script)))
            through_engine = _period_end_flows if server is not None else None
            for day in walk.walk(office, script, walked, through_engine):
                progress.update(shown, advance=1, description=f"{script.number} {day:%d/%m/%Y}")
            if server is not None:
                _show_in_flow_ui(script.shown[-1])
            if script is not story.SCRIPTS[-1]:
                walk.finish(office, script)
        progress.stop()
        closing.show(console, office, story.SCRIPTS, walked)
        say("demo_files", mail=office.settings.mail["folder"], summaries=office.settings.home / "summaries")


def _period_end_flows(day: date) -> None:
    """Run a period end's morning through the engine, as the timetable would: its runs show in the UI."""
    from flows.escalate import escalate
    from flows.open_occurrences import open_occurrences
    from flows.post import post
    from flows.remind import remind
    from flows.summarise import summarise
    from flows.tally import tally

    tally(as_of=day - timedelta(days=1))  # in the morning it shows the close of yesterday
    for flow in (open_occurrences, summarise, remind, escalate, post):
        flow(as_of=datetime.combine(day, time(8)))


def _show_in_flow_ui(day: date) -> None:
    from flows.tally import tally

    tally(as_of=day)


def _until_interrupted() -> None:
    import signal
    import threading

    over = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: over.set())
    over.wait()


def up(
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            help=both("Cổng, nếu khác dondoc.toml", "port, if not that of dondoc.toml"),
        ),
    ] = None,
) -> None:
    from cli.signing import door_of, provider_of, sign_in_of
    from flows.alarm_clock import alarm_clock
    from flows.call_out import has_calls
    from flows.office import open_office
    from flows.post import has_work
    from flows.read_mail import has_mailbox
    from flows.server import serve
    from flows.timetable import Entry, load

    worth_a_run = {"post": has_work, "call_out": has_calls, "read_mail": has_mailbox}
    with open_office() as office:

        def ring(entry: Entry) -> None:
            # Five hundred runs a day that find nothing would bury the others in the flow UI.
            worth = worth_a_run.get(entry.key)
            if worth is None or worth(office):
                load(entry)()

        provider = provider_of(office)
        board = _board(office, office.now, sign_in=sign_in_of(office, provider), provider=provider)
        door = door_of(office, board)
        with serve(board, home=office.settings.home, port=_port(port, office), door=door) as server:
            _say_where(office, server)
            with alarm_clock(ring, now=office.now()):
                _until_interrupted()


def _say_where(office: OpenOffice, server: RunningServer) -> None:
    from cli.account import first_link_of

    say("up_serving", board=server.url, flows=server.flows_url)
    if office.settings.network.opened:
        say("up_opened", listen=office.settings.network.listen, port=server.port)
    first = first_link_of(office) if office.settings.sign_in.required else None
    if first is not None:
        name, until, link = first
        say("up_first_link", name=name, until=until, link=link)
    sys.stdout.flush()  # where it goes to a log it would wait there for the end


def _port(named: int | None, office: OpenOffice) -> int:
    return office.settings.port if named is None else named
