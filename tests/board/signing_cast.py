"""The acting office with sign-in: cheap hashes, a clock that can be set on, browsers that keep cookies."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine

from board.app import create_board
from board.signing_in import SignIn
from notifications.account_letters import hand_over
from notifications.account_tokens import LinkToken, sign_account_link
from storage import accounts, one_time_links
from storage.accounts import By
from storage.engine import write
from storage.one_time_links import Cause
from tests.board.acting_cast import KEYS, Office, open_office
from tests.board.browsing import HOST, FormDrawn, form_to
from tests.board.cast import CALENDAR, NOW
from tests.cheap_hashes import cheap_hashes

PASSWORD = "rừng bàng trăng sách"
OTHER = "bảy con ốc leo dốc"


@dataclass
class Person:
    """Somebody's browser, which keeps its cookies from one request to the next."""

    app: FastAPI
    host: str = HOST
    address: str = "10.0.0.7"
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def post(
        self, path: str, values: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return self._ask("POST", path, data=dict(values), headers=dict(headers or {}))

    def send(self, form: FormDrawn, typed: Mapping[str, str] | None = None) -> httpx.Response:
        values = {name: found[-1] for name, found in form.values.items()}
        assert set(typed or ()) <= set(values), set(typed or ()) - set(values)
        return self.post(form.action, {**values, **(typed or {})})

    def form(self, path: str, ending: str) -> FormDrawn:
        return form_to(self.get(path).text, ending)

    def sign_in(self, name: str, password: str = PASSWORD, to: str = "") -> httpx.Response:
        path = f"/sign-in?to={to}" if to else "/sign-in"
        return self.send(self.form(path, "/sign-in"), {"name": name, "password": password})

    def sign_out(self) -> httpx.Response:
        return self.send(self.form("/account", "/sign-out"))

    def _ask(self, method: str, path: str, **parts: object) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, client=(self.address, 1))
            async with httpx.AsyncClient(
                transport=transport, base_url=self.host, cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, **parts)  # type: ignore[arg-type]
                self.cookies = client.cookies
                return answer

        return asyncio.run(asked())


@dataclass
class SignedOffice:
    """The office, its board with sign-in, and its time."""

    office: Office
    sign_in: SignIn
    app: FastAPI
    times: list[datetime]

    @property
    def now(self) -> datetime:
        return self.times[-1]

    def later(self, by: timedelta) -> None:
        self.times.append(self.now + by)

    def browser(self, address: str = "10.0.0.7") -> Person:
        return Person(self.app, address=address)

    def signed_in(self, code: str, address: str = "10.0.0.7") -> Person:
        person = self.browser(address)
        answer = person.sign_in(code)
        assert answer.status_code == 303, answer.text
        return person

    def give(self, code: str, password: str = PASSWORD) -> None:
        """Give a person an account with a password."""
        by = By(code="quan", at=self.now)
        with write(self.office.engine) as session:
            accounts.admit(session, self.office.id, code, by=by)
            hashed = self.sign_in.hashes.hashed(password)
            accounts.set_password(session, self.office.id, code, hashed, by=by)

    def link(self, code: str) -> str:
        """Return the path of a link handed over by hand."""
        by = By(code="quan", at=self.now)
        with write(self.office.engine) as session:
            row = hand_over(session, self.office.id, code, by=by, cause=Cause.INVITED)
            token = sign_account_link(LinkToken(row.id, one_time_links.stamp(row.made_at)), KEYS)
        return f"/sign-in/link/{token}"


def sign_in_of(office: Office, times: list[datetime], **other: object) -> SignIn:
    values = {
        "engine": office.engine,
        "organisation_id": office.id,
        "keys": KEYS,
        "clock": lambda: times[-1],
        "hashes": cheap_hashes(),
        "mail_domain": "example.vn",
    }
    return SignIn(**{**values, **other})  # type: ignore[arg-type]


def board_of(office: Office, sign_in: SignIn, *, base_url: str = HOST, language: str = "vi") -> FastAPI:
    return create_board(
        office.engine,
        office.id,
        clock=sign_in.clock,
        base_url=base_url,
        calendar=CALENDAR,
        keys=sign_in.keys,
        language=language,
        files=office.folder,
        sign_in=sign_in,
    )


def open_signed(engine: Engine, folder: Path) -> SignedOffice:
    """Open the office with an account for the coordinator, an officer and the administrator."""
    office, times = open_office(engine, folder), [NOW]
    sign_in = sign_in_of(office, times)
    found = SignedOffice(office, sign_in, board_of(office, sign_in), times)
    for code in ("truc", "gu", "quan"):
        found.give(code)
    return found
