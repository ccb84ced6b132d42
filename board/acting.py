"""What every form of the board goes through: it is ours, it is read whole, it is done, it is said.

GET shows and never writes; POST acts in one transaction and leads back to a page that says what was done
(so that a page loaded again does nothing again). A refusal is shown where the form stood, with what was
typed still in it; nothing is kept then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from fastapi import Request
from fastapi.responses import RedirectResponse

from board.forms import MOST_WITH_FILES, Posted, read_form
from board.tickets import TICKET, check_ticket, refuse_foreign
from board.viewers import looking
from notifications.wording import WordingMissing, sentence
from storage.desk import Desk
from storage.office_journal import Made

if TYPE_CHECKING:
    from board.app import Board
    from board.view import View

DONE = "done"
"""The parameter of a page's address that names what the form before it did."""


async def read_posted(board: Board, request: Request, *, most_bytes: int = MOST_WITH_FILES) -> Posted:
    """Read a form that a page of this board drew for this very address.

    Raises Refused: board_ticket_wrong, and what ``board.forms.read_form`` raises.
    """
    refuse_foreign(request.headers)
    form = await read_form(request, most_bytes=most_bytes)
    check_ticket(form.get(TICKET, ""), request.scope["path"], board.keys, holder=looking().holder)
    return form


def desk_of(view: View) -> Desk:
    """Return the desk of whoever looks, in the view's own transaction, which must be one that writes."""
    return Desk(
        session=view.session,
        organisation_id=view.organisation_id,
        calendar=view.calendar,
        at=view.now,
        by=view.actor.code,
        known=view.directory,
    )


def made_by(view: View, note: str = "") -> Made:
    """Return who changes a setting, and when, for the record of changes."""
    return Made(by=view.actor.code, at=view.now, note=note)


def back_to(href: str, done: str, **params: object) -> RedirectResponse:
    """Lead to a page that says, once it is shown, that ``done`` was done (sentence ``board_done_<done>``)."""
    parts = urlsplit(href)
    said = [(name, value) for name, value in parse_qsl(parts.query) if name != DONE]
    said += [(DONE, done), *((f"{DONE}_{name}", str(value)) for name, value in params.items())]
    return RedirectResponse(urlunsplit(parts._replace(query=urlencode(said))), status_code=303)


def said_of(request: Request, language: str) -> str:
    """Return the sentence of what the form before this page did; "" for none, or one nobody knows.

    Only sentences of the catalogue are said, so that a link from elsewhere cannot put words here; numbers
    may stand in them.
    """
    done = request.query_params.get(DONE, "")
    numbers = {
        name.removeprefix(f"{DONE}_"): int(value)
        for name, value in request.query_params.items()
        if name.startswith(f"{DONE}_") and value.isascii() and value.isdigit() and len(value) < 10
    }
    try:
        return sentence(f"board_{DONE}_{done}", language, **numbers) if done else ""
    except WordingMissing:
        return ""
