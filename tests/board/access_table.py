"""The access table: every route of the board by every role, drawn from the routes themselves.

``python -m tests.board.access_table`` writes it into docs/access.md; a test compares, so that a route that
opens to one more role is seen by whoever reads the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI

from board.api.needs import TokenNeeds
from board.rights import RouteRight, rights_of
from tasks_catalog.roles import Right, Role, may

FILE = Path(__file__).parents[2] / "docs" / "access.md"
BEGIN, END = "<!-- drawn from the routes -->", "<!-- end -->"
ROLES = tuple(Role)


def routes_of(app: FastAPI) -> tuple[RouteRight, ...]:
    """Return every route, HEAD left out: it shows less than GET."""
    return tuple(each for each in rights_of(app.routes) if each.method != "HEAD")


def table(app: FastAPI) -> str:
    """Return the two tables as markdown: rights by roles, routes by roles."""
    return "\n".join([*_rights(), "", *_routes(routes_of(app))])


def _rights() -> Iterator[str]:
    yield "| right | " + " | ".join(ROLES) + " |"
    yield "|---" * (len(ROLES) + 1) + "|"
    for right in Right:
        yield f"| `{right}` | " + " | ".join("yes" if may(role, right) else "–" for role in ROLES) + " |"


def _routes(routes: Iterable[RouteRight]) -> Iterator[str]:
    yield "| route | " + " | ".join(ROLES) + " | needs |"
    yield "|---" * (len(ROLES) + 2) + "|"
    for each in sorted(routes, key=lambda each: (each.path, each.method)):
        cells = ["yes" if each.needs.opens_to(role) else "–" for role in ROLES]
        yield f"| `{each.method} {each.path}` | {' | '.join(cells)} | {said(each)} |"


def said(route: RouteRight) -> str:
    named = " or ".join(f"`{right}`" for right in route.needs.rights)
    if isinstance(route.needs, TokenNeeds):
        return f"{named}, by a token of scope `{route.needs.scope}`"
    return named or f"nobody signed in: {route.needs.why}"


def written() -> str:
    """Return the tables as docs/access.md holds them."""
    text = FILE.read_text(encoding="utf-8")
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip("\n")


def write(app: FastAPI) -> None:
    text = FILE.read_text(encoding="utf-8")
    before, after = text[: text.index(BEGIN)], text[text.index(END) :]
    FILE.write_text(f"{before}{BEGIN}\n{table(app)}\n{after}", encoding="utf-8")


def _whole_board(folder: Path) -> FastAPI:
    from storage.engine import migrate, open_engine
    from tests.board.acting_cast import open_office

    engine = open_engine(f"sqlite:///{folder / 'office.db'}")
    migrate(engine)
    return open_office(engine, folder / "files").app


if __name__ == "__main__":
    with TemporaryDirectory() as home:
        write(_whole_board(Path(home)))
