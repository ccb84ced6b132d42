"""The addresses of the directory's pages: GET shows, each POST sets one thing and leads back to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.acting import back_to, read_posted, said_of
from board.directory_acting import Tried, set_by_form
from board.directory_export import directory_xlsx
from board.directory_forms import NEW, Wanted, absence_wanted, organisation_wanted
from board.directory_lists import chains_page, groups_page, people_page, units_page
from board.directory_pages import SECTIONS, Section, office_page, thing_page
from board.downloads import download_file
from board.forms import MOST_BYTES, Posted
from board.rights import needs
from board.view import View
from storage.absences import ABSENCE, absence_key
from storage.directory_values import ORGANISATION
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right
from tasks_catalog.typed import day_of

if TYPE_CHECKING:
    from board.app import Board

_LISTS: dict[str, Callable[[str, View, Any], Any]] = {
    "units": lambda root, view, asked: units_page(root, view),
    "groups": lambda root, view, asked: groups_page(root, view),
    "people": people_page,
    "chains": lambda root, view, asked: chains_page(root, view),
}


def add_directory(app: FastAPI, board: Board) -> None:
    """Add the pages; without a secret nothing can be set here."""
    pages = _Pages(board)
    _add_office(app, pages)
    for name in _LISTS:
        _add_list(app, pages, name)
    _add_file(app, board)
    for section in SECTIONS:
        _add_section(app, pages, section)
    if board.keys:
        _add_absences(app, pages)


def _add_office(app: FastAPI, pages: _Pages) -> None:
    @app.get("/settings/office", response_class=HTMLResponse, dependencies=needs(Right.DIRECTORY))
    def office(request: Request) -> HTMLResponse:
        return pages.office(said=said_of(request, pages.board.language))

    if pages.board.keys:

        @app.post("/settings/office", dependencies=needs(Right.DIRECTORY))
        async def set_office(request: Request) -> Response:
            return await run_in_threadpool(pages.set_office, await pages.read(request))


def _add_list(app: FastAPI, pages: _Pages, name: str) -> None:
    personal = "people" if name == "people" else ""

    @app.get(
        f"/settings/{name}",
        response_class=HTMLResponse,
        dependencies=needs(Right.DIRECTORY, personal=personal),
    )
    def listed(request: Request) -> HTMLResponse:
        return pages.listed(name, request)


def _add_file(app: FastAPI, board: Board) -> None:
    @app.get("/settings/people.xlsx", dependencies=needs(Right.DIRECTORY, personal="people"))
    def file() -> Response:
        with board.view() as view:
            made = directory_xlsx(view)
        return download_file(made.file, made.name, made.media_type)


def _add_section(app: FastAPI, pages: _Pages, section: Section) -> None:
    """Add the page of each thing; at ``new`` another is entered."""
    address = f"/settings/{section.path}/{{code}}"
    personal = {"people": "person", "units": "people"}.get(section.path, "")

    @app.get(address, response_class=HTMLResponse, dependencies=needs(Right.DIRECTORY, personal=personal))
    def thing(code: str, request: Request, unit: str = "") -> HTMLResponse:
        given = {"unit": unit} if unit and section.path == "people" else None
        return pages.thing(section, _code(code), given=given, said=said_of(request, pages.board.language))

    if pages.board.keys:

        @app.post(address, dependencies=needs(Right.DIRECTORY))
        async def set_thing(code: str, request: Request) -> Response:
            return await run_in_threadpool(pages.set_thing, section, _code(code), await pages.read(request))


def _code(part: str) -> str:
    return "" if part == NEW else part


def _add_absences(app: FastAPI, pages: _Pages) -> None:
    root = "/settings/people/{code}/absences"

    @app.post(root, dependencies=needs(Right.DIRECTORY))
    async def enter(code: str, request: Request) -> Response:
        return await run_in_threadpool(pages.set_absence, code, "", await pages.read(request))

    @app.post(f"{root}/{{first}}", dependencies=needs(Right.DIRECTORY))
    async def alter(code: str, first: str, request: Request) -> Response:
        return await run_in_threadpool(pages.set_absence, code, first, await pages.read(request))

    @app.post(f"{root}/{{first}}/off", dependencies=needs(Right.DIRECTORY))
    async def call_off(code: str, first: str, request: Request) -> Response:
        form = await pages.read(request)
        return await run_in_threadpool(pages.set_absence, code, first, form, off=True)


class _Pages:
    """What each address answers."""

    def __init__(self, board: Board) -> None:
        self.board = board

    async def read(self, request: Request) -> Posted:
        return await read_posted(self.board, request, most_bytes=MOST_BYTES)

    def listed(self, name: str, request: Request) -> HTMLResponse:
        with self.board.view() as view:
            page = _LISTS[name](self.board.root, view, request.query_params)
            said = said_of(request, view.language)
            return self.board.html(f"settings_{name}.html", page, view.directory.name, said=said)

    def office(
        self, *, said: str = "", posted: Posted | None = None, tried: Tried | None = None
    ) -> HTMLResponse:
        with self.board.view() as view:
            page = office_page(self.board, view, posted=posted, tried=tried)
            return self._shown(page, view, tried, said)

    def set_office(self, form: Posted) -> Response:
        with self.board.view() as view:
            code = view.directory.organisation
        tried = set_by_form(
            self.board, ORGANISATION, code, form, lambda view: organisation_wanted(code, form, view)
        )
        if tried.refused:
            return self.office(posted=form, tried=tried)
        return self._back("office", tried)

    def thing(
        self,
        section: Section,
        code: str,
        *,
        said: str = "",
        given: dict[str, str] | None = None,
        posted: Posted | None = None,
        tried: Tried | None = None,
        absence: str | None = None,
    ) -> HTMLResponse:
        with self.board.view() as view:
            page = thing_page(
                self.board, view, section, code, given=given, posted=posted, tried=tried, absence=absence
            )
            return self._shown(page, view, tried, said)

    def set_thing(self, section: Section, code: str, form: Posted) -> Response:
        def wanted(view: View) -> Wanted:
            if code and section.now(code, view) is None:
                raise Refused("setting_thing_unknown", key=code)
            return section.wanted(code, form, view)

        tried = set_by_form(self.board, section.kind, code, form, wanted)
        if tried.refused or tried.preview:
            return self.thing(section, code, posted=form, tried=tried)
        return self._back(f"{section.path}/{quote(tried.key, safe='')}", tried)

    def set_absence(self, code: str, first: str, form: Posted, off: bool = False) -> Response:
        begins = day_of(first) if first else None
        key = absence_key(code, begins) if begins else ""

        def wanted(view: View) -> Wanted:
            if view.directory.person(code) is None:
                raise Refused("setting_thing_unknown", key=code)
            if off:
                return Wanted(kind=ABSENCE, key=key, values=None)
            return absence_wanted(code, begins.isoformat() if begins else "", form)

        tried = set_by_form(self.board, ABSENCE, key, form, wanted)
        if tried.refused:
            people = SECTIONS[-1]
            return self.thing(people, code, posted=form, tried=tried, absence=first)
        return self._back(f"people/{quote(code, safe='')}", tried)

    def _shown(self, page: object, view: View, tried: Tried | None, said: str) -> HTMLResponse:
        status = 400 if tried is not None and tried.refused else 200
        return self.board.html("settings_thing.html", page, view.directory.name, status, said=said)

    def _back(self, path: str, tried: Tried) -> Response:
        href = f"{self.board.root}/settings/{path}"
        if not tried.number:
            return back_to(href, "setting_same")
        return back_to(href, "setting_kept", number=tried.number)
