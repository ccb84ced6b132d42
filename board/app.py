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
from threading import Lock
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.staticfiles import StaticFiles

from board.access import guards
from board.activating import add_activating
from board.acts import add_acts
from board.answering import add_answering
from board.api.app import add_api
from board.api.rate import PER_MINUTE
from board.bulk import add_bulk
from board.calendar_routes import add_calendar
from board.directory_routes import add_directory
from board.feeds import FeedOffice
from board.importing import add_importing
from board.letter_words_routes import add_letter_words
from board.oidc_provider import Provider
from board.oidc_sign_in import add_oidc
from board.overview_routes import add_overview
from board.pages import add_pages
from board.personal_log import PersonalLog
from board.personal_pages import add_personal
from board.policy_routes import add_policy
from board.refusals import add_refusals
from board.rendering import Frame, render
from board.rights import check_rights
from board.settings_routes import add_settings
from board.sign_in_pages import add_sign_in
from board.signing_in import SignIn
from board.task_acting import add_task_acting
from board.tickets import ticket_for
from board.tokens import add_tokens
from board.view import View
from board.viewers import WhoLooks, looking
from board.ways import ways
from board.webhook_routes import add_webhooks
from notifications.links import Links
from notifications.wording import LANGUAGES, sentence
from storage.day_turn import count_on
from storage.door_settings import LOOPBACK_NAMES
from storage.engine import read
from storage.files import FileStore
from storage.office_calendar import OfficeCalendar, calendar_of
from storage.people import load_directory
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.problem import Refused

A_MOMENT = 2_000
"""Tasks of a plan that a page waits for to be counted: about half a second, once a day."""
_MAKING = Lock()
"""FastAPI turns a warning off while it makes a route, which is for the whole process (``warnings``: not
thread-safe): of boards made in several threads one would make routes while another turns it on again.
"""


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
        signs_in=sign_in is not None,
    )
    who = viewer or (sign_in.who if sign_in else None)
    with _MAKING:
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
        add_pages(app, board)
        add_refusals(app, board)
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
