"""Every page of the board, by its route, with addresses at which the department of 2022 shows something.

Whoever adds a page adds its address here: a test compares this table with the routes there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from notifications.signing import Purpose
from tests.browser.cast import CONDITION, HANDED_IN, LATE, NUMBER_2022, NUMBER_NEXT, WAITING, Office

NO_PAGES = {
    "/healthz",
    "/sign-in/oidc",
    "/sign-in/oidc/back",
    "/mine/files/{sha256}",
    "/feeds/{token}.ics",
    "/files/{sha256}",
    "/settings/people/{code}/data/export",
    "/a/{token}/files/{sha256}",
    "/imports/{number}/file",
    "/settings/people.xlsx",
    "/plans/{number:path}/list.{kind}",
    "/plans/{number:path}/timeline.svg",
    "/plans/{number:path}/burnup.svg",
    "/plans/{number:path}/trend.svg",
}
"""Routes that answer GET with something else than a page to look at."""


DRAWN_ALREADY = {
    "/mine/sheet/{number:path}/{period}": "/a/{token}/sheet/{number:path}/{period}",
    "/mine/shares/{share}/{what}": "/a/{token}/shares/{share}/{what}",
    "/mine/tasks/{task:path}/arisen": "/a/{token}/tasks/{task:path}/arisen",
}
"""Routes whose pages are drawn by the very functions and templates of others."""


@dataclass(frozen=True)
class BoardPage:
    """One page to look at; ``address`` is a path, or finds it in an office.

    ``marked`` are elements with the plan's own words, which an English page says are Vietnamese.
    """

    name: str
    address: str | Callable[[Office], str]
    status: int = 200
    marked: str = ""
    like: str = ""
    """The page drawn by the same template and rules: axe looks at both, what is slow at that one alone."""

    def url(self, office: Office) -> str:
        path = self.address if isinstance(self.address, str) else self.address(office)
        return office.url + path


def _link(purpose: Purpose) -> Callable[[Office], str]:
    return lambda office: office.links[purpose]


def _mine(reader: str, rest: str = "") -> Callable[[Office], str]:
    return lambda office: office.mine[reader] + rest


def _share(reader: str, task: str, unit: str, what: str) -> Callable[[Office], str]:
    return lambda office: f"{office.mine[reader]}/shares/{office.share(task, unit)}/{what}"


def _upload(what: str, rest: str = "") -> Callable[[Office], str]:
    return lambda office: f"/imports/{office.uploads[what]}{rest}"


_PLAN = f"/plans/{NUMBER_2022}"
_NOVEMBER, _WEEK = "first=2022-11-01&last=2022-11-30", "first=2022-11-24&last=2022-11-30"
PAGES: Mapping[str, tuple[BoardPage, ...]] = {
    "/": (BoardPage("front", "/", marked=".office, .plan-title span, .card tbody th a, .due-lines a"),),
    "/settings": (BoardPage("settings", "/settings"),),
    "/settings/calendar": (BoardPage("settings-calendar", "/settings/calendar?year=2022"),),
    "/settings/people/{code}/data": (BoardPage("personal", "/settings/people/huong/data"),),
    "/settings/webhooks": (BoardPage("webhooks", "/settings/webhooks"),),
    "/settings/webhooks/{key}": (BoardPage("webhook", "/settings/webhooks/w1"),),
    "/settings/units": (BoardPage("settings-units", "/settings/units"),),
    "/settings/units/{code}": (BoardPage("settings-unit", "/settings/units/QLTM"),),
    "/settings/groups": (BoardPage("settings-groups", "/settings/groups", like="settings-units"),),
    "/settings/groups/{code}": (
        BoardPage("settings-group-new", "/settings/groups/new", like="settings-unit"),
    ),
    "/settings/people": (BoardPage("settings-people", "/settings/people"),),
    "/settings/people/{code}": (BoardPage("settings-person", "/settings/people/sao"),),
    "/settings/chains": (BoardPage("settings-chains", "/settings/chains"),),
    "/settings/office": (BoardPage("settings-office", "/settings/office"),),
    "/settings/letters": (BoardPage("settings-letters", "/settings/letters"),),
    "/settings/letters/{code}": (BoardPage("settings-letter", "/settings/letters/letter_closing"),),
    "/settings/changes": (BoardPage("settings-changes", "/settings/changes"),),
    "/settings/plans": (BoardPage("settings-plans", "/settings/plans"),),
    "/settings/plans/{number:path}": (
        BoardPage("settings-plan", f"/settings/plans/{NUMBER_2022}", marked=".plan-title span:first-child"),
    ),
    "/account/tokens": (BoardPage("own-tokens", "/account/tokens", like="tokens"),),
    "/settings/tokens": (BoardPage("tokens", "/settings/tokens"),),
    "/decisions": (BoardPage("decisions-office", "/decisions"),),
    "/calendar": (
        BoardPage("calendar-office", "/calendar"),
        BoardPage("calendar-unreadable", "/calendar?month=x", 400),
    ),
    "/due": (BoardPage("due-office", f"/due?{_NOVEMBER}"),),
    "/changes": (BoardPage("changes-office", f"/changes?kind=report&{_WEEK}"),),
    "/plans/{number:path}": (
        BoardPage("plan", _PLAN, marked=".plan-title span"),
        BoardPage("plan-then", f"{_PLAN}?as_of=2022-07-01", like="plan"),
        BoardPage("plan-not-started", f"/plans/{NUMBER_NEXT}"),
        BoardPage("no-plan", "/plans/1/KH", 404, like="import-none"),
    ),
    "/plans/{number:path}/decisions": (
        BoardPage("decisions", f"{_PLAN}/decisions", like="decisions-office"),
    ),
    "/plans/{number:path}/calendar": (
        BoardPage("calendar", f"{_PLAN}/calendar", like="calendar-office"),
        BoardPage("calendar-full", f"{_PLAN}/calendar?month=2022-09"),
    ),
    "/plans/{number:path}/due": (
        BoardPage("due", f"{_PLAN}/due?{_NOVEMBER}", marked="tbody th a", like="due-office"),
    ),
    "/plans/{number:path}/changes": (
        BoardPage("changes", f"{_PLAN}/changes?kind=report&{_WEEK}", like="changes-office"),
    ),
    "/plans/{number:path}/timeline": (BoardPage("timeline", f"{_PLAN}/timeline", marked="tbody th a"),),
    "/plans/{number:path}/burnup": (
        BoardPage("burnup", f"{_PLAN}/burnup"),
        BoardPage("burnup-weeks", f"{_PLAN}/burnup?by=week", like="burnup"),
    ),
    "/plans/{number:path}/brief": (BoardPage("brief", f"{_PLAN}/brief"),),
    "/plans/{number:path}/to-accept": (BoardPage("to-accept", f"{_PLAN}/to-accept", marked="tbody th a"),),
    "/plans/{number:path}/activation": (
        BoardPage("activation", f"/plans/{NUMBER_NEXT}/activation"),
        BoardPage("activation-done", f"{_PLAN}/activation", like="activation"),
    ),
    "/plans/{number:path}/list": (
        BoardPage("list", f"{_PLAN}/list", marked="tbody th a"),
        BoardPage("list-overdue", f"{_PLAN}/list?standing=overdue", like="list"),
        BoardPage("list-shares", f"{_PLAN}/list?unit=TT&period=2022-Y&order=-due", like="list"),
        BoardPage("list-nothing", f"{_PLAN}/list?text=khong+co"),
        BoardPage("list-refused", f"{_PLAN}/list?standing=x", 400),
    ),
    "/tasks": (
        BoardPage("search", "/tasks"),
        BoardPage("search-found", "/tasks?text=cai+cach", like="search"),
    ),
    "/tasks/{number:path}/{row}": (
        BoardPage("task", f"/tasks/{LATE}", marked="h1 span:last-child"),
        BoardPage("task-continuous", f"/tasks/{HANDED_IN}"),
        BoardPage("task-waiting", f"/tasks/{WAITING}", like="task"),
        BoardPage("task-condition", f"/tasks/{CONDITION}", like="task"),
        BoardPage("task-extended", f"/tasks/{NUMBER_2022}/1", like="task"),
        BoardPage("task-closed", f"/tasks/{NUMBER_2022}/44", like="task"),
    ),
    "/sheets/{number:path}/{period}/{unit}": (
        BoardPage("sheet", f"/sheets/{NUMBER_2022}/2022-Y/VP", marked="tbody th a"),
    ),
    "/mine": (BoardPage("own-work", "/mine"),),
    "/below": (BoardPage("below", "/below"),),
    "/sign-in": (BoardPage("sign-in", "/sign-in?to=/tasks"),),
    "/sign-in/forgot": (BoardPage("forgot", "/sign-in/forgot"),),
    "/sign-in/link/{token}": (
        BoardPage("new-password", lambda office: office.one_time_link),
        BoardPage("new-password-void", "/sign-in/link/x", 404, like="import-none"),
    ),
    "/account": (BoardPage("account", "/account"),),
    "/settings/accounts": (BoardPage("accounts", "/settings/accounts"),),
    "/settings/accounts/{person}": (BoardPage("account-of", "/settings/accounts/huong"),),
    "/outbox": (BoardPage("outbox", "/outbox"),),
    "/outbox/{letter}": (BoardPage("letter", "/outbox/1"),),
    "/answers": (BoardPage("answers", "/answers"),),
    "/imports": (BoardPage("imports", "/imports"),),
    "/imports/{number}": (
        BoardPage("import", _upload("doubtful"), like="import-doubtful"),
        BoardPage("import-doubtful", _upload("doubtful", "?show=doubtful")),
        BoardPage("import-names", _upload("names", "?show=doubtful")),
        BoardPage("import-amended", _upload("amended", "?show=doubtful"), like="import-doubtful"),
        BoardPage("import-none", "/imports/999", 404),
    ),
    "/a/{token}": (
        BoardPage("mine", _mine("huong")),
        BoardPage("mine-of-a-head", _mine("sao")),
        BoardPage("mine-of-an-officer", _mine("sao", "?officer=huong"), like="mine-of-a-head"),
        BoardPage("link-report", _link(Purpose.REPORT)),
        BoardPage("link-extend", _link(Purpose.EXTEND), like="link-report"),
        BoardPage("link-acknowledge", _link(Purpose.ACKNOWLEDGE), like="link-report"),
        BoardPage("link-sheet", _link(Purpose.SHEET)),
        BoardPage("link-preferences", _link(Purpose.PREFERENCES)),
        BoardPage("link-wrong", "/a/x", 400, like="import-none"),
    ),
    "/a/{token}/sheet/{number:path}/{period}": (
        BoardPage("mine-sheet", _mine("gu", f"/sheet/{NUMBER_2022}/2022-Y")),
        BoardPage("mine-sheet-all", _mine("gu", f"/sheet/{NUMBER_2022}/2022-Y?all=1"), like="mine-sheet"),
    ),
    "/a/{token}/shares/{share}/{what}": (
        BoardPage("mine-report", _share("huong", LATE, "QLTM", "report")),
        BoardPage("mine-progress", _share("huong", LATE, "QLTM", "progress"), like="mine-report"),
        BoardPage("mine-extend", _share("huong", f"{NUMBER_2022}/1", "QLTM", "extend"), like="mine-report"),
        BoardPage("mine-measure", _share("huong", LATE, "QLTM", "measure"), like="mine-report"),
        BoardPage("mine-wait", _share("huong", LATE, "QLTM", "wait"), like="mine-report"),
        BoardPage("mine-resume", _share("tram", WAITING, "VP", "resume"), like="mine-report"),
        BoardPage("mine-hand-over", _share("sao", LATE, "QLTM", "hand-over")),
        BoardPage("mine-not-its", _share("gu", LATE, "QLTM", "report"), 400),
    ),
    "/a/{token}/tasks/{task:path}/arisen": (
        BoardPage("mine-arisen", _mine("gu", f"/tasks/{NUMBER_2022}/27/arisen")),
    ),
}
EVERY = tuple(page for pages in PAGES.values() for page in pages)
KINDS = tuple(page for page in EVERY if not page.like)
"""One page of each kind."""


def routes_of(office: Office) -> set[str]:
    """Return the routes of the board that show something at GET; addresses of forms lead to their page."""
    return {
        route.path
        for route in office.app.routes
        if isinstance(route, APIRoute)
        and "GET" in (route.methods or ())
        and route.response_class is not RedirectResponse
    }
