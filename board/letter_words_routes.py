"""The addresses of the wording of letters: the sentences, one of them, a look at the letter, the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from board.access import LETTER
from board.acting import back_to, made_by, read_posted, said_of
from board.forms import MOST_BYTES, Posted
from board.letter_example import Example, example_of
from board.letter_words_pages import PATH, letters_page, looked_of, sentence_page
from board.rights import needs
from notifications.own_wording import check, load_words, reset_words, set_words
from notifications.wording import problem_sentence
from storage.engine import write
from storage.office_record import refuse_changed_since
from storage.own_wording import KIND
from tasks_catalog.problem import Refused
from tasks_catalog.roles import Right

if TYPE_CHECKING:
    from board.app import Board
    from board.view import View


def add_letter_words(app: FastAPI, board: Board) -> None:
    """Add the pages; without a secret nothing can be changed here."""

    @app.get(PATH, response_class=HTMLResponse, dependencies=needs(Right.POLICY))
    def letters(request: Request) -> HTMLResponse:
        with board.view() as view:
            page = letters_page(board, view, request.query_params)
            return board.html("settings_letters.html", page, view.directory.name)

    @app.get(f"{PATH}/{{code}}", response_class=HTMLResponse, dependencies=needs(Right.POLICY))
    def one(code: str, request: Request) -> HTMLResponse:
        with board.view() as view:
            said, page = said_of(request, view.language), sentence_page(board, view, code)
            return board.html("settings_letter.html", page, view.directory.name, said=said)

    if not board.keys:
        return

    @app.post(f"{PATH}/{{code}}/{{language}}", dependencies=needs(Right.POLICY))
    async def act(code: str, language: str, request: Request) -> Response:
        form = await read_posted(board, request, most_bytes=MOST_BYTES)
        return await run_in_threadpool(_act, board, code, language, form)

    @app.post(f"{PATH}/{{code}}/{{language}}/letter", dependencies=needs(Right.POLICY))
    async def as_read(code: str, language: str, request: Request) -> Response:
        form = await read_posted(board, request, most_bytes=MOST_BYTES)
        return await run_in_threadpool(_as_read, board, code, language, form)


def _act(board: Board, code: str, language: str, form: Posted) -> Response:
    """Look at the letter, keep the sentence, or go back to the original; what was typed stays if refused."""
    text = form.get("text", "")
    try:
        match form.get("do"):
            case "keep" | "reset" as what:
                return _kept(board, code, language, text if what == "keep" else None, form.get("seen", ""))
            case _:
                return _looked(board, code, language, text)
    except Refused as refused:
        if refused.code == "wording_unknown":
            raise
        with board.view() as view:
            said = {language: problem_sentence(refused, view.language)}
            page = sentence_page(board, view, code, typed={language: text}, refused=said)
            return board.html("settings_letter.html", page, view.directory.name, 400)


def _kept(board: Board, code: str, language: str, text: str | None, seen: str) -> Response:
    with write(board.engine) as session:
        refuse_changed_since(session, board.organisation_id, KIND, f"{code}/{language}", seen)
        made = made_by(board.view_of(session))
        if text is None:
            reset_words(session, board.organisation_id, code, [language], made=made)
        else:
            set_words(session, board.organisation_id, code, language, text, made=made)
    done = "wording_reset" if text is None else "wording_kept"
    return back_to(f"{board.root}{PATH}/{code}", done)


def _looked(board: Board, code: str, language: str, text: str) -> Response:
    with board.view() as view:
        example = _example(view, code, language, text)
        looked = looked_of(board, code, language, text, example)
        page = sentence_page(board, view, code, typed={language: text}, looked=looked)
        return board.html("settings_letter.html", page, view.directory.name)


def _as_read(board: Board, code: str, language: str, form: Posted) -> Response:
    """Return the HTML part alone, as a mail reader would show it, and able to do nothing."""
    with board.view() as view:
        example = _example(view, code, language, form.get("text", ""))
    return HTMLResponse(example.found.letter.html, headers={"Content-Security-Policy": LETTER})


def _example(view: View, code: str, language: str, text: str) -> Example:
    check(code, language, text)
    texts = {**load_words(view.session, view.organisation_id).texts, (code, language): text}
    return example_of(code, language, texts, view)
