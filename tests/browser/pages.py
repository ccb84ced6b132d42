"""Every page of the board, by its route, with addresses at which the department of 2022 shows something.

Whoever adds a page adds its address here: a test compares this table with the routes there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi.routing import APIRoute

from notifications.signing import Purpose
from tests.browser.cast import LATE, NUMBER_2022, Office

NO_PAGES = {"/healthz", "/feeds/{token}.ics", "/files/{sha256}", "/plans/{number:path}/list.{kind}"}
"""Routes that answer GET with something else than a page to look at."""


@dataclass(frozen=True)
class BoardPage:
    """One page to look at; ``address`` is a path, or finds it in an office."""

    name: str
    address: str | Callable[[Office], str]
    status: int = 200

    def url(self, office: Office) -> str:
        path = self.address if isinstance(self.address, str) else self.address(office)
        return office.url + path


def _link(purpose: Purpose) -> Callable[[Office], str]:
    return lambda office: office.links[purpose]


_PLAN = f"/plans/{NUMBER_2022}"
PAGES: Mapping[str, tuple[BoardPage, ...]] = {
    "/": (BoardPage("front", "/"),),
    "/plans/{number:path}": (BoardPage("plan", _PLAN), BoardPage("no-plan", "/plans/1/KH", 404)),
    "/plans/{number:path}/list": (
        BoardPage("list", f"{_PLAN}/list"),
        BoardPage("list-overdue", f"{_PLAN}/list?standing=overdue"),
        BoardPage("list-shares", f"{_PLAN}/list?unit=TT&period=2022-Y&order=-due"),
        BoardPage("list-nothing", f"{_PLAN}/list?text=khong+co"),
        BoardPage("list-refused", f"{_PLAN}/list?standing=x", 400),
    ),
    "/tasks": (BoardPage("search", "/tasks"), BoardPage("search-found", "/tasks?text=cai+cach")),
    "/tasks/{number:path}/{row}": (
        BoardPage("task", f"/tasks/{LATE}"),
        BoardPage("task-continuous", f"/tasks/{NUMBER_2022}/4"),
    ),
    "/sheets/{number:path}/{period}/{unit}": (BoardPage("sheet", f"/sheets/{NUMBER_2022}/2022-Y/VP"),),
    "/outbox": (BoardPage("outbox", "/outbox"),),
    "/outbox/{letter}": (BoardPage("letter", "/outbox/1"),),
    "/answers": (BoardPage("answers", "/answers"),),
    "/a/{token}": (
        BoardPage("link-report", _link(Purpose.REPORT)),
        BoardPage("link-extend", _link(Purpose.EXTEND)),
        BoardPage("link-acknowledge", _link(Purpose.ACKNOWLEDGE)),
        BoardPage("link-sheet", _link(Purpose.SHEET)),
        BoardPage("link-preferences", _link(Purpose.PREFERENCES)),
        BoardPage("link-wrong", "/a/x", 400),
    ),
}
EVERY = tuple(page for pages in PAGES.values() for page in pages)


def routes_of(office: Office) -> set[str]:
    """Return the routes of the board that answer GET."""
    return {
        route.path
        for route in office.app.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }
