"""Signing in at the organisation's identity provider: there, and back with proof of who one is.

What is asked is kept in the reader's own browser, signed, for ten minutes: the answer is taken only there,
and only once. Whatever fails, the form for the password stays.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from board.oidc_provider import Asked, CodeRefused, Provider, ProviderAway
from board.oidc_token import IdTokenRefused
from board.rights import open_to_all
from board.sign_in_pages import sign_in_page, target
from board.viewers import looking
from notifications.wording import problem_sentence
from storage.attempts import Outcome
from storage.engine import write
from storage.subjects import person_of
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from board.app import Board
    from board.signing_in import SignIn

PATH = "/sign-in/oidc"
_WHY = "leads to the identity provider, and back with its proof, bound to the browser that asked"
_HOLDS_SECONDS = 600
_LONGEST_CODE = 4096
_LOG = logging.getLogger(__name__)


def add_oidc(app: FastAPI, board: Board, sign_in: SignIn, provider: Provider, base_url: str) -> None:
    """Add the way there and the way back; ``base_url`` is the address the provider knows the board by."""
    back_url = f"{base_url.rstrip('/')}{PATH}/back"
    signer = URLSafeTimedSerializer(list(reversed(board.keys)), salt="dondoc.oidc.1")
    cookie, path = f"{sign_in.cookie.removeprefix('__Host-')}-oidc", f"{board.root}{PATH}"

    @app.get(PATH, response_class=RedirectResponse, dependencies=open_to_all(_WHY))
    def there(request: Request, to: str = "", led: bool = False) -> Response:
        if looking().actor is not None:
            return RedirectResponse(target(board.root, to), status_code=303)
        if request.url.hostname != urlsplit(base_url).hostname and not led:
            # The cookie must be where the answer comes. Led here once, it is a proxy that changes the name.
            query = urlencode({"to": target(board.root, to), "led": "true"})
            return RedirectResponse(f"{base_url.rstrip('/')}{PATH}?{query}", status_code=303)
        asked = Asked(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
        )
        try:
            address = provider.address(asked, back_url)
        except ProviderAway as away:
            return refused(request, to, Refused("oidc_away", name=provider.name), away, status=503)
        kept = signer.dumps([asked.state, asked.nonce, asked.verifier, target(board.root, to)])
        answer = RedirectResponse(address, status_code=303)
        answer.set_cookie(
            cookie,
            str(kept),
            max_age=_HOLDS_SECONDS,
            path=path,
            secure=sign_in.secure,
            httponly=True,
            samesite="lax",  # the way back begins at the provider's site
        )
        return answer

    @app.get(f"{PATH}/back", response_class=RedirectResponse, dependencies=open_to_all(_WHY))
    def back(request: Request) -> Response:
        asked, to = _kept(signer, request.cookies.get(cookie, ""))
        said = request.query_params
        if asked is None or not _same(said.get("state", ""), asked.state):
            return refused(request, to, Refused("oidc_state"), "state: not asked in this browser")
        try:
            token = _let_in(board, sign_in, provider, request, asked, back_url)
        except ProviderAway as away:
            answer = refused(request, to, Refused("oidc_away", name=provider.name), away, status=503)
        except (CodeRefused, IdTokenRefused) as why:
            answer = refused(request, to, Refused("oidc_refused", name=provider.name), why)
        except Refused as why:
            answer = refused(request, to, why, why.code)
        else:
            answer = RedirectResponse(target(board.root, to), status_code=303)
            sign_in.put_cookie(answer, token)
        answer.delete_cookie(cookie, path=path, secure=sign_in.secure, httponly=True, samesite="lax")
        return answer

    def refused(request: Request, to: str, why: Refused, log: object, *, status: int = 400) -> Response:
        """Draw the sign-in page with the reason in words; what it was in detail is for the log alone."""
        _LOG.warning("sign-in at %s failed: %s", provider.name, log)
        words = problem_sentence(why, board.language)
        return sign_in_page(board, sign_in, request, to=to, refused=words, status=status)


def _let_in(
    board: Board, sign_in: SignIn, provider: Provider, request: Request, asked: Asked, back_url: str
) -> str:
    """Return the token of the new session of whoever the answer proves to be.

    Raises ProviderAway, CodeRefused, IdTokenRefused; Refused (oidc_denied, oidc_nobody, oidc_bound,
    account_locked, account_person_left).
    """
    said: Mapping[str, str] = request.query_params
    if said.get("error") == "access_denied":
        raise Refused("oidc_denied", name=provider.name)
    code = said.get("code", "")
    if "error" in said or not 0 < len(code) <= _LONGEST_CODE:
        raise CodeRefused("the provider's answer brings no code")
    subject = provider.who(code, asked, back_url, said_issuer=said.get("iss"))
    now = board.clock()
    with write(board.engine) as session:
        person = person_of(
            session,
            board.organisation_id,
            issuer=subject.issuer,
            subject=subject.subject,
            email=subject.email,
            at=now,
        )
        return sign_in.enter(session, request, person, way="oidc", outcome=Outcome.BY_PROVIDER)


def _kept(signer: URLSafeTimedSerializer, cookie: str) -> tuple[Asked | None, str]:
    """Return what this browser was sent with and where it wanted to go; None for nothing, or long ago."""
    try:
        state, nonce, verifier, to = signer.loads(cookie, max_age=_HOLDS_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return None, ""
    return Asked(state=state, nonce=nonce, verifier=verifier), to


def _same(said: str, asked: str) -> bool:
    return hmac.compare_digest(said.encode(), asked.encode())
