"""Several boards made in threads of one process: their routes are made one board after the other."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest
from sqlalchemy import Engine

import board.app
from board.app import create_board
from tests.board.cast import NOW


def test_routes_of_two_boards_are_never_made_at_once(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_it, most, lock, usual = 0, 0, Lock(), board.app.add_acts

    def add_acts(*given: object) -> None:
        nonlocal at_it, most
        with lock:
            at_it += 1
            most = max(most, at_it)
        Event().wait(0.05)  # long enough that another thread would come in
        usual(*given)  # type: ignore[arg-type]
        with lock:
            at_it -= 1

    monkeypatch.setattr(board.app, "add_acts", add_acts)
    before = list(warnings.filters)
    with ThreadPoolExecutor(3) as pool:
        made = [
            pool.submit(create_board, sqlite_engine, 1, clock=lambda: NOW, base_url="http://127.0.0.1")
            for _ in range(3)
        ]
    assert len({id(one.result()) for one in made}) == 3
    assert most == 1
    assert warnings.filters == before
