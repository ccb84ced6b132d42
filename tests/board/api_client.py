"""A program that uses the API: its token in every call, and a key of its own for each that writes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import httpx
from fastapi import FastAPI

from storage import api_tokens
from storage.engine import write
from tasks_catalog.scopes import Scope
from tests.board.acting_cast import Office
from tests.board.browsing import HOST
from tests.board.cast import NOW

_KEYS = count(1)
TASK_1 = "/v1/tasks/383%2FKH-SCT/1"
SHARE_1 = f"{TASK_1}/shares/2022-09-30/TT"


def token_of(
    office: Office, person: str, *scopes: Scope, until: date = date(2022, 12, 31), name: str = "liên thông"
) -> str:
    """Make a token of a person, of every scope where none is named."""
    with write(office.engine) as session:
        _, words = api_tokens.make(
            session,
            office.id,
            name=name,
            person=person,
            scopes=scopes or tuple(Scope),
            until=until,
            by="quan",
            at=NOW,
        )
    return words


@dataclass(frozen=True)
class Program:
    """Who calls; without a token nobody."""

    app: FastAPI
    token: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers=_named(headers))

    def post(self, path: str, body: object = None, *, key: str = "", **headers: str) -> httpx.Response:
        named = {"Idempotency-Key": key or f"việc-{next(_KEYS)}".encode().hex(), **_named(headers)}
        return self.ask("POST", path, headers=named, json={} if body is None else body)

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **parts: Any
    ) -> httpx.Response:
        mine = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        asked = {**mine, **self.headers, **(headers or {})}

        async def answered() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await client.request(method, path, headers=asked, **parts)

        return asyncio.run(answered())


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
