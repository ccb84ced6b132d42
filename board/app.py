"""The board as a web application: its routes, each a page drawn within one reading transaction.

Routes are plain functions, which FastAPI runs in threads: the database is read synchronously.
Plan numbers hold slashes (383/KH-SCT): links percent-encode them, routes take them either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from board import answers, exports, letters, lists, plans, sheets, task_pages
from board.access import guards
from board.acting import said_of
from board.activating import add_activating
from board.acts import add_acts
from board.answering import add_answering
from board.api.app import add_api
from board.api.rate import PER_MINUTE
from board.below import below_page
from board.bulk import add_bulk
from board.calendar_routes import add_calendar
from board.directory_routes import add_directory
from board.downloads import download, download_file
from board.erasing import add_erasing
from board.feeds import FeedOffice, feed_answer
from board.importing import add_importing
from board.letter_words_routes import add_letter_words
from board.list_asked import Asked
from board.oidc_provider import Provider
from board.oidc_sign_in import add_oidc
from board.overview_routes import add_overview
from board.personal_log import PersonalLog
from board.personal_pages import add_personal
from board.policy_routes import add_policy
from board.rendering import Frame, render
from board.rights import NotSignedIn, RightMissing, check_rights, needs, open_to_all
from board.settings_routes import add_settings
from board.sign_in_pages import add_sign_in
from board.signing_in import SignIn
from board.task_acting import add_task_acting
from board.task_panel import Focus
from board.tickets import ticket_for
from board.tokens import add_tokens
from board.view import View
from board.viewers import WhoLooks, looking
from board.ways import ways
from board.webhook_routes import add_webhooks
from notifications.links import Links
from notifications.wording import LANGUAGES, problem_sentence, sentence
from storage import tasks
from storage.day_turn import count_on
from storage.door_settings import LOOPBACK_NAMES
from storage.engine import read
from storage.file_rows import FileRow
from storage.files import FileStore, file_or_refuse, proves_of_unit
from storage.office_calendar import OfficeCalendar, calendar_of
from storage.people import load_directory
from tasks_catalog.allowed import NotAllowed
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.people import Unit
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

A_MOMENT = 2_000
"""Tasks of a plan that a page waits for to be counted: about half a second, once a day."""
_FORBIDDEN = {"right_missing", "file_of_other_unit"}
_NOT_FOUND = {
    "plan_unknown",
    "task_unknown",
    "task_unreadable",
    "period_unknown",
    "unit_not_known",
    "letter_unknown",
    "file_gone",
    "import_unknown",
    "webhook_unknown",
    "change_unknown",
    "setting_thing_unknown",
    "wording_unknown",
}


@dataclass(frozen=True, kw_only=True)
class NoPage:
    """What is said where there is no page."""

    title: str
    text: str


def create_board(
    engine: Engine,
    organisation_id: int,
    *,
    clock: Callable[[], datetime],
    base_url: str,
    language: str = "vi",
    calendar: OfficeCalendar | WorkCalendar | None = None,
    flow_ui: str | None = None,
    keys: Sequence[str] = (),
    sending: tuple[time, time] = (time(8), time(17)),
    feed_office: FeedOffice | None = None,
    files: Path | None = None,
    erased: Path | None = None,
    viewer: WhoLooks | None = None,
    sign_in: SignIn | None = None,
    provider: Provider | None = None,
    hosts: Sequence[str] = LOOPBACK_NAMES,
    api_per_minute: int = PER_MINUTE,
) -> FastAPI:
    """Return the board of one office.

    ``clock`` returns the aware local time; of ``base_url`` only the path counts, so that links work
    by whatever name the board is opened. ``calendar`` is what the office's own days are laid over (default:
    Vietnam's working days without swapped ones); ``flow_ui`` is where the flow UI is, if it is served
    beside the board. ``keys`` are what links in letters were signed with; without them no such link is
    answered. ``sending`` are the hours from and until before which letters leave. Without a ``feed_office``
    no feed is answered. ``files`` is the folder that keeps what is handed in; without one no file is taken.
    ``erased`` is the file beside the database that keeps who was erased here, for after a restore.
    ``sign_in`` signs people in, with pages of its own, and tells who sent a request, unless ``viewer`` does;
    without either whoever sits at this machine is the coordinator. ``provider`` is where people may sign in
    besides; it leads back to ``base_url``, whole. ``hosts`` are the host names requests may come by.
    ``api_per_minute`` is how many calls a token of the API may make in a minute of this process.
    """
    if language not in LANGUAGES:
        raise Refused("board_language_unknown", language=language, known=", ".join(LANGUAGES))
    board = Board(
        engine=engine,
        organisation_id=organisation_id,
        clock=clock,
        usual_language=language,
        links=Links(urlsplit(base_url).path or "/"),
        calendars=calendar_of(organisation_id, calendar),
        flow_ui=flow_ui,
        feed_office=feed_office,
        sending=sending,
        keys=keys,
        files=FileStore(files) if files else None,
        erased=erased,
        signs_in=sign_in is not None,
    )
    who = viewer or (sign_in.who if sign_in else None)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, middleware=guards(who, hosts))
    app.state.board, app.state.viewer = board, who
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    add_api(app, board, per_minute=api_per_minute)
    add_acts(app, board, keys)
    add_answering(app, board, keys)
    add_overview(app, board)
    add_task_acting(app, board)
    add_bulk(app, board)
    add_importing(app, board, keys)
    add_activating(app, board, keys)
    if sign_in is not None:
        add_sign_in(app, board, sign_in)
        if provider is not None:
            add_oidc(app, board, sign_in, provider, base_url)
    add_settings(app, board)
    add_directory(app, board)
    add_calendar(app, board)
    add_policy(app, board)
    add_webhooks(app, board)
    add_letter_words(app, board)
    add_tokens(app, board)
    add_personal(app, board)
    add_erasing(app, board)
    _add_pages(app, board)
    _add_refusals(app, board)
    check_rights(app.routes)
    app.add_middleware(PersonalLog, board=board)
    return app


@dataclass(frozen=True, kw_only=True)
class Board:
    """What every route shares."""

    engine: Engine
    organisation_id: int
    clock: Callable[[], datetime]
    usual_language: str
    links: Links
    calendars: OfficeCalendar
    flow_ui: str | None
    feed_office: FeedOffice | None
    sending: tuple[time, time]
    keys: Sequence[str]
    files: FileStore | None = None
    erased: Path | None = None
    signs_in: bool = False
    """Whether people sign in, and so have an account of their own to look at, and a way out."""

    @property
    def language(self) -> str:
        """The language of whoever looks, else the office's."""
        return looking().language or self.usual_language

    @property
    def root(self) -> str:
        """What every address of the board begins with: the path of its base URL, without its last slash."""
        return self.links.base_url.rstrip("/")

    @contextmanager
    def view(self, as_of: date | None = None, *, counted: bool = False) -> Iterator[View]:
        """Open a look at the record: one reading transaction. A day to come is refused.

        Before a page that shows counted figures, plans of which few tasks turn are counted on to
        yesterday's close: derived rows only, which the morning's own run would write just so.
        """
        now = self.clock()
        if as_of is not None and as_of > now.date():
            raise Refused("board_day_to_come", day=as_of.isoformat(), today=now.date().isoformat())
        if counted and as_of is None:
            close = now.date() - timedelta(days=1)
            count_on(self.engine, self.organisation_id, close, at_most=A_MOMENT)
        with read(self.engine) as session:
            yield self.view_of(session, as_of)

    def view_of(self, session: Session, as_of: date | None = None) -> View:
        """Return the look at the record within a transaction that is open."""
        who = looking()
        return View(
            session=session,
            organisation_id=self.organisation_id,
            now=self.clock(),
            language=self.language,
            links=self.links,
            calendar=self.calendars.of(session),
            directory=load_directory(session, self.organisation_id),
            as_of=as_of,
            sending=self.sending,
            viewer=who.actor,
            must_sign_in=who.must_sign_in,
        )

    def html(
        self,
        template: str,
        page: object,
        organisation: str = "",
        status: int = 200,
        *,
        language: str | None = None,
        bare: bool = False,
        said: str = "",
        holder: str | None = None,
    ) -> HTMLResponse:
        """Draw a page; a ``bare`` one leads nowhere else, for a reader who may see that one thing only.

        ``said`` is what the form before it did; ``holder`` is what its forms are bound to where the answer
        itself brings that to the browser.
        """
        root, who = self.root, looking()
        frame = Frame(
            language=language or self.language,
            bare=bare,
            organisation=organisation or sentence("board_title", self.language),
            home=f"{root}/",
            static=f"{root}/static",
            ways=tuple(ways(root, who, imports=bool(self.keys and self.files), flow_ui=self.flow_ui)),
            ticket=partial(ticket_for, keys=self.keys, holder=who.holder if holder is None else holder),
            said=said,
            me=who.name if self.signs_in and who.actor else "",
            root=root,
        )
        return HTMLResponse(render(template, page, frame), status_code=status)


def _add_pages(app: FastAPI, board: Board) -> None:
    """Add the routes; the longer path of a plan before the shorter, which would take it for a number."""

    @app.get("/", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def front(as_of: date | None = None, every: bool = Query(False, alias="all")) -> HTMLResponse:
        with board.view(as_of, counted=True) as view:
            return board.html("front.html", plans.front_page(view, every=every), view.directory.name)

    @app.get("/plans/{number:path}/list.{kind}", dependencies=needs(Right.LOOK))
    def plan_list_file(number: str, kind: str, request: Request, as_of: date | None = None) -> Response:
        if kind not in ("xlsx", "csv"):
            raise HTTPException(404)
        asked = Asked.of(request.query_params)
        with board.view(as_of, counted=True) as view:
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            made = (exports.as_xlsx if kind == "xlsx" else exports.as_csv)(plan, asked, view)
        return download_file(made.file, made.name, made.media_type)

    @app.get("/plans/{number:path}/list", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def plan_list(number: str, request: Request, as_of: date | None = None) -> HTMLResponse:
        asked = Asked.of(request.query_params)
        with board.view(as_of, counted=True) as view:
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            return board.html("list.html", lists.list_page(plan, asked, view), view.directory.name)

    @app.get("/tasks", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def search(request: Request) -> HTMLResponse:
        with board.view(counted=True) as view:
            page = lists.search_page(Asked.of(request.query_params), view)
            return board.html("list.html", page, view.directory.name)

    @app.get("/plans/{number:path}", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def plan(number: str, request: Request, as_of: date | None = None) -> HTMLResponse:
        said = said_of(request, board.language)
        with board.view(as_of, counted=True) as view:
            found = tasks.plan_or_refuse(view.session, view.organisation_id, number.rstrip("/"))
            return board.html("plan.html", plans.plan_page(found, view), view.directory.name, said=said)

    @app.get("/tasks/{number:path}/{row}", response_class=HTMLResponse, dependencies=needs(Right.LOOK))
    def task(number: str, row: str, request: Request, occurrence: str = "", unit: str = "") -> HTMLResponse:
        with board.view() as view:
            found = tasks.task_or_refuse(view.session, view.organisation_id, f"{number}/{row}")
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            focus = Focus(occurrence=occurrence, unit=unit) if occurrence and unit else None
            page = task_pages.task_page(plan, found, view, focus=focus, files=board.files)
            said = said_of(request, view.language)
            said = f"{said} {page.follows}".strip() if said else ""
            return board.html("task.html", page, view.directory.name, said=said)

    @app.get(
        "/sheets/{number:path}/{period}/{unit}", response_class=HTMLResponse, dependencies=needs(Right.LOOK)
    )
    def sheet(number: str, period: str, unit: str) -> HTMLResponse:
        with board.view() as view:
            plan = tasks.plan_or_refuse(view.session, view.organisation_id, number)
            page = sheets.sheet_page(plan, period, _unit_or_refuse(unit, view), view)
            return board.html("sheet.html", page, view.directory.name)

    @app.get("/below", response_class=HTMLResponse, dependencies=needs(Right.BELOW))
    def of_those_below() -> HTMLResponse:
        with board.view() as view:
            return board.html("below.html", below_page(view), view.directory.name)

    @app.get("/outbox", response_class=HTMLResponse, dependencies=needs(Right.LETTERS, personal="letters"))
    def outbox() -> HTMLResponse:
        with board.view() as view:
            return board.html("outbox.html", letters.outbox_page(view), view.directory.name)

    @app.get(
        "/outbox/{letter}",
        response_class=HTMLResponse,
        dependencies=needs(Right.LETTERS, personal="letter"),
    )
    def letter(letter: int) -> HTMLResponse:
        with board.view() as view:
            return board.html("letter.html", letters.letter_page(letter, view), view.directory.name)

    @app.get("/feeds/{token}.ics", dependencies=open_to_all("the feed's own token"))
    def feed(token: str, request: Request) -> Response:
        asked = request.headers.get("if-none-match", "")
        answer = feed_answer(token, board.view, board.feed_office, asked) if board.feed_office else None
        if answer is None:
            raise HTTPException(404)
        return answer

    @app.get("/answers", response_class=HTMLResponse, dependencies=needs(Right.ANSWERS, personal="answers"))
    def answered(request: Request) -> HTMLResponse:
        with board.view() as view:
            page, said = answers.answers_page(view), said_of(request, view.language)
            return board.html("answers.html", page, view.directory.name, said=said)

    @app.get("/files/{sha256}", dependencies=needs(Right.FILES, personal="file"))
    def file(sha256: str) -> Response:
        if board.files is None:
            raise HTTPException(404)
        with board.view() as view:
            row = file_or_refuse(view.session, view.organisation_id, sha256)
            _refuse_other_units(view, row)
        return download(board.files.get(row.sha256), row.name, row.media_type)

    @app.get("/healthz", dependencies=open_to_all("says nothing but that it runs"))
    def health() -> JSONResponse:
        with read(board.engine) as session:
            session.execute(text("SELECT 1"))
        return JSONResponse({"status": "ok"})


def _refuse_other_units(view: View, row: FileRow) -> None:
    """Raise NotAllowed unless the file is of the reader's own unit, or the reader sees every unit's."""
    actor = view.actor
    if not actor.of_unit:
        return
    giver = view.directory.person(row.by)
    if giver is not None and giver.unit == actor.unit:
        return
    if not proves_of_unit(view.session, view.organisation_id, actor.unit, row.sha256):
        raise NotAllowed("file_of_other_unit")


def _unit_or_refuse(code: str, view: View) -> Unit:
    unit = view.directory.unit(code)
    if unit is None:
        known = ", ".join(unit.code for unit in view.directory.units)
        raise Refused("unit_not_known", name=code, known=known)
    return unit


def _add_refusals(app: FastAPI, board: Board) -> None:
    """Say in the office's language why there is no page; an error's reason goes to the server's log only."""

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        return refuse(board, request, error)

    @app.exception_handler(HTTPException)
    def refused_by_framework(request: Request, error: HTTPException) -> HTMLResponse:
        said = "board_no_such_page" if error.status_code == 404 else "board_not_allowed"
        return _no_page(board, request, error.status_code, sentence(said, board.language))

    from fastapi.exceptions import RequestValidationError

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> HTMLResponse:
        return _no_page(board, request, 400, sentence("board_request_unreadable", board.language))

    @app.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> HTMLResponse:
        return _no_page(board, request, 500, sentence("board_failed", board.language))


def refuse(board: Board, request: Request, error: Refused) -> Response:
    """Return the page that says why there is none; who has not signed in is led to it."""
    if isinstance(error, NotSignedIn):
        return _to_sign_in(board, request, error)
    status = 403 if error.code in _FORBIDDEN else 404 if error.code in _NOT_FOUND else 400
    return _no_page(board, request, status, refused_words(error, board.language))


def refused_words(error: Refused, language: str) -> str:
    """Return the sentence of a refusal, the role it names in words."""
    if isinstance(error, RightMissing):
        return sentence(error.code, language, role_name=sentence(f"role_{error.params['role']}", language))
    return problem_sentence(error, language)


def _to_sign_in(board: Board, request: Request, error: NotSignedIn) -> Response:
    """Lead to the sign-in page and from there back; what was typed into a form is not to be lost for it."""
    if request.method in ("GET", "HEAD"):
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{board.root}/sign-in?{urlencode({'to': path})}", status_code=303)
    return _no_page(board, request, 401, problem_sentence(error, board.language))


def _no_page(board: Board, request: Request, status: int, said: str) -> HTMLResponse:
    """Say why there is no page; who came by a letter's link is shown no way to others."""
    title = sentence("board_not_found" if status == 404 else "board_not_shown", board.language)
    page = NoPage(title=title, text=said)
    return board.html("no_page.html", page, status=status, bare="/a/" in request.url.path)
