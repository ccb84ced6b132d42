"""The addresses of webhooks: GET shows, each POST acts once.

A secret is shown in the answer to the form that made it and nowhere else, so these two answers lead
nowhere: where one is loaded again the same form is refused, since the address is known by then, or the
secret was changed after the form was drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from board.acting import back_to, made_by, read_posted, said_of
from board.directory_acting import refused_words
from board.forms import Posted
from board.rights import needs
from board.view import View
from board.webhooks import INTERNAL, address, events_of, webhook_page, webhooks_page
from notifications.webhook_signing import SecretScope, secret_of
from notifications.wording import problem_sentence
from storage import webhook_events, webhook_outbox, webhooks
from storage.engine import write
from storage.schema import WebhookRow
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board

Result = TypeVar("Result")
_MANAGES = needs(Right.INTEGRATIONS)


def add_webhooks(app: FastAPI, board: Board) -> None:
    """Add the pages; without a secret nothing can be signed, and no webhook is made here."""
    pages = _Pages(board)

    @app.get("/settings/webhooks", response_class=HTMLResponse, dependencies=_MANAGES)
    def listed(request: Request) -> HTMLResponse:
        return pages.listed(said=said_of(request, board.language))

    @app.get("/settings/webhooks/{key}", response_class=HTMLResponse, dependencies=_MANAGES)
    def one(key: str, request: Request) -> HTMLResponse:
        return pages.one(key, said=said_of(request, board.language))

    if not board.keys:
        return

    @app.post("/settings/webhooks", dependencies=_MANAGES)
    async def make(request: Request) -> Response:
        return await run_in_threadpool(pages.make, await read_posted(board, request))

    @app.post("/settings/webhooks/{key}/messages/{number}", dependencies=_MANAGES)
    async def again(key: str, number: int, request: Request) -> Response:
        await read_posted(board, request)
        return await run_in_threadpool(pages.again, key, number)

    @app.post("/settings/webhooks/{key}/{what}", dependencies=_MANAGES)
    async def act(key: str, what: str, request: Request) -> Response:
        form = await read_posted(board, request)
        if what not in pages.acts:
            raise Refused("board_ticket_wrong")
        return await run_in_threadpool(pages.acts[what], key, form)


class _Pages:
    """What each address answers."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self.acts: dict[str, Callable[[str, Posted], Response]] = {
            "pause": lambda key, _: self._switch(key, on=False),
            "resume": lambda key, _: self._switch(key, on=True),
            "edit": self.edit,
            "rotate": self.rotate,
            "test": lambda key, _: self._test(key),
            "remove": lambda key, _: self._remove(key),
        }

    def listed(self, *, said: str = "", form: Posted | None = None, refused: str = "") -> HTMLResponse:
        with self._board.view() as view:
            page = webhooks_page(self._board, view, form=form, refused=refused)
            status = 400 if refused else 200
            return self._board.html("webhooks.html", page, view.directory.name, status, said=said)

    def one(
        self,
        key: str,
        *,
        said: str = "",
        refused: str = "",
        secret: str = "",
        form: Posted | None = None,
    ) -> HTMLResponse:
        with self._board.view() as view:
            hook = webhooks.hook_or_refuse(view.session, view.organisation_id, key)
            page = webhook_page(self._board, view, hook, refused=refused, secret=secret, form=form)
            status = 400 if refused else 200
            return self._board.html("webhook.html", page, view.directory.name, status, said=said)

    def make(self, form: Posted) -> Response:
        def made(session: Session, view: View) -> WebhookRow:
            return webhooks.make(
                session,
                view.organisation_id,
                url=form.get("url", ""),
                events=events_of(form),
                internal=INTERNAL in form,
                made=made_by(view),
            )

        try:
            hook = self._done(made)
        except Refused as refused:
            return self.listed(form=form, refused=problem_sentence(refused, self._board.language))
        return self.one(hook.code, secret=self._secret(hook))

    def edit(self, key: str, form: Posted) -> Response:
        def edited(session: Session, view: View) -> WebhookRow:
            return webhooks.edit(
                session,
                view.organisation_id,
                key,
                url=form.get("url", ""),
                events=events_of(form),
                internal=INTERNAL in form,
                seen=form.get("seen", ""),
                made=made_by(view),
            )

        try:
            self._done(edited)
        except Refused as refused:
            return self.one(key, form=form, refused=refused_words(self._board, refused))
        return back_to(address(self._board, key), "webhook_edited")

    def rotate(self, key: str, form: Posted) -> Response:
        seen = form.get("seen", "")

        def rotated(session: Session, view: View) -> WebhookRow:
            return webhooks.rotate(
                session,
                view.organisation_id,
                key,
                seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
                made=made_by(view),
            )

        try:
            hook = self._done(rotated)
        except Refused as refused:
            return self.one(key, refused=problem_sentence(refused, self._board.language))
        return self.one(hook.code, secret=self._secret(hook))

    def again(self, key: str, number: int) -> Response:
        def sent_again(session: Session, view: View) -> None:
            hook = webhooks.hook_or_refuse(session, view.organisation_id, key)
            webhook_outbox.send_again(session, view.organisation_id, hook.id, number)

        try:
            self._done(sent_again)
        except Refused as refused:
            return self.one(key, refused=problem_sentence(refused, self._board.language))
        return back_to(address(self._board, key), "webhook_again", number=number)

    def _switch(self, key: str, *, on: bool) -> Response:
        self._done(
            lambda session, view: webhooks.switch(
                session, view.organisation_id, key, on=on, made=made_by(view)
            )
        )
        return back_to(address(self._board, key), "webhook_resumed" if on else "webhook_paused")

    def _test(self, key: str) -> Response:
        self._done(
            lambda session, view: webhook_events.tell_test(
                session, webhooks.hook_or_refuse(session, view.organisation_id, key), view.now
            )
        )
        return back_to(address(self._board, key), "webhook_tested")

    def _remove(self, key: str) -> Response:
        self._done(
            lambda session, view: webhooks.remove(session, view.organisation_id, key, made=made_by(view))
        )
        return back_to(address(self._board), "webhook_removed")

    def _done(self, do: Callable[[Session, View], Result]) -> Result:
        with write(self._board.engine) as session:
            return do(session, self._board.view_of(session))

    def _secret(self, hook: WebhookRow) -> str:
        return secret_of(SecretScope.of(hook), self._board.keys)
