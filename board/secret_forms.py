"""Forms that carry passwords: read as they were typed, and tied to one browser also before anybody signed in.

Elsewhere white space is folded and forms are bound to a session. A password keeps its spaces; and who is
still to sign in has no session, so their forms are bound to a cookie of its own, which browsers send with no
request from elsewhere (SameSite=Strict): nobody can sign somebody else's browser in as themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.responses import HTMLResponse

from board.forms import read_body
from board.signing_in import SignIn, SignInClosed
from board.tickets import TICKET, check_ticket, refuse_foreign
from board.viewers import looking
from notifications.account_tokens import holder_of, new_token
from storage.engine import read
from storage.password_hashes import TooManyAtOnce
from storage.schema import Organisation
from tasks_catalog.passwords import new_password
from tasks_catalog.people import Directory, Person
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from board.app import Board

_MOST_FIELDS, _MOST_CHARACTERS = 20, 2000
_BUSY_SECONDS = 5


async def read_secrets(board: Board, request: Request) -> Mapping[str, str]:
    """Read a form that a page of this board drew in this browser, each field as it was typed.

    Raises Refused: board_ticket_wrong, sign_in_cookie_missing, board_request_unreadable and the like.
    """
    refuse_foreign(request.headers)
    fields = _fields(await read_body(request))
    if not looking().holder:
        raise Refused("sign_in_cookie_missing")
    check_ticket(fields.get(TICKET, ""), request.scope["path"], board.keys, holder=looking().holder)
    return fields


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise Refused("board_request_unreadable") from error
    for _, value in pairs:
        if len(value) > _MOST_CHARACTERS:
            raise Refused("board_field_too_long", most=_MOST_CHARACTERS, words="…")
    return dict(pairs)


def drawn(sign_in: SignIn, request: Request, draw: Callable[[str], HTMLResponse]) -> HTMLResponse:
    """Draw a page with such a form, and bring the cookie along where the browser has none.

    ``draw`` is given what the page's forms are to be bound to.
    """
    if looking().holder:
        return draw(looking().holder)
    token = new_token()
    answer = draw(holder_of(token))
    sign_in.put_form_cookie(answer, token)
    return answer


def status_of(refused: Refused) -> int:
    return 429 if isinstance(refused, SignInClosed | TooManyAtOnce) else 400


def retry_after(refused: Refused) -> dict[str, str]:
    """Return the header that says when to try again (RFC 9110, 10.2.3)."""
    if isinstance(refused, SignInClosed):
        return {"Retry-After": str(refused.seconds)}
    return {"Retry-After": str(_BUSY_SECONDS)} if isinstance(refused, TooManyAtOnce) else {}


def chosen(form: Mapping[str, str], person: Person, directory: Directory) -> str:
    """Return the new password of a form that asks for it twice.

    Raises PasswordRefused; Refused (password_differs).
    """
    password = new_password(form.get("new", ""), person, directory)
    if form.get("again", "") != form.get("new", ""):
        raise Refused("password_differs")
    return password


def office_name(board: Board) -> str:
    """Return how the office is called, for pages of nobody who is known."""
    with read(board.engine) as session:
        return session.get_one(Organisation, board.organisation_id).name
