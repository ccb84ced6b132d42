"""The door of the server without Prefect behind it: addresses, names, certificate, proxies, open streams."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows import server_front
from flows.server import _uvicorn
from flows.server_door import AddressNotHere, CertificateUnusable, Door, listening
from flows.server_front import back, front
from storage.settings import load_settings
from tests.certificates import certificate_for

OFFICE = 'base_url = "https://dondoc.example.vn"\nbehind_proxy = ["127.0.0.1"]\nhosts = ["dondoc"]\n'
SIGN_IN = "[sign_in]\nrequired = true\n"


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """Tell what of a request arrived here."""
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    client = scope["client"][0] if scope.get("client") else None
    answer = {"client": client, "scheme": scope["scheme"], "headers": headers}
    await JSONResponse(answer)(scope, receive, send)


def prefect() -> FastAPI:
    app = FastAPI()
    app.mount("/", told)
    return app


def ask(app: ASGIApp, path: str, **headers: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4200") as client:
            return await client.get(
                path, headers={name.replace("_", "-"): it for name, it in headers.items()}
            )

    return asyncio.run(asked())


def behind(door: Door) -> ASGIApp:
    return front(None, prefect(), Future(), door, 4200)


def test_the_settings_make_the_door(tmp_path: Path) -> None:
    (tmp_path / "dondoc.toml").write_text(OFFICE + SIGN_IN, encoding="utf-8")
    door = Door.of(load_settings(tmp_path), admits=None)
    assert (door.url, door.proxies) == ("https://dondoc.example.vn", ("127.0.0.1",))
    assert set(door.origins(4200)) == {
        "http://127.0.0.1:4200",
        "http://localhost:4200",
        "https://dondoc.example.vn",
        "https://dondoc",
    }


@pytest.mark.parametrize(
    ("listen", "near"),
    [
        pytest.param("0.0.0.0", "http://127.0.0.1:4200", id="every address of IPv4"),  # noqa: S104
        pytest.param("::", "http://127.0.0.1:4200", id="every address"),
        pytest.param("::1", "http://[::1]:4200", id="loopback of IPv6"),
        pytest.param("10.0.0.5", "http://10.0.0.5:4200", id="one address"),
    ],
)
def test_how_this_machine_reaches_itself(listen: str, near: str) -> None:
    assert Door(listen=listen).near(4200) == near


@pytest.mark.parametrize("listen", ["127.0.0.2", "::1"])
def test_another_loopback_address_is_reached_by_its_own_name(tmp_path: Path, listen: str) -> None:
    (tmp_path / "dondoc.toml").write_text(f'listen = "{listen}"\n', encoding="utf-8")
    door = Door.of(load_settings(tmp_path), admits=None)
    own = door.near(4200)
    assert own in door.origins(4200)
    assert ask(behind(door), f"{own}/api/health").status_code == 200
    assert ask(behind(door), "http://evil.example/api/health").status_code == 400


def test_without_sign_in_whoever_sits_here_sees_the_flow_ui() -> None:
    answer = ask(behind(Door()), "/flows/runs", cookie="dondoc=mot-phien; prefect_ui_version=v1")
    assert answer.status_code == 200
    assert answer.headers["x-frame-options"] == "DENY"
    assert "strict-transport-security" not in answer.headers


def test_prefect_hears_of_no_session_and_no_secret() -> None:
    app = behind(Door(admits=lambda _: None))
    sent = {
        "cookie": "dondoc=mot-phien; prefect_ui_version=v1",
        "authorization": "Bearer x",
        "x-dondoc-flow": "y",
    }
    heard = ask(app, "/api/health", **sent).json()["headers"]
    assert heard["cookie"] == "prefect_ui_version=v1"
    assert not {"authorization", "x-dondoc-flow"} & set(heard)


def test_what_the_secret_opens_does_not_hear_it() -> None:
    answer = ask(back(prefect(), "bi-mat"), "/api/health", x_dondoc_flow="bi-mat")
    assert answer.status_code == 200
    assert "x-dondoc-flow" not in answer.json()["headers"]


@pytest.mark.parametrize(
    ("proxies", "caller", "forwarded", "client"),
    [
        pytest.param((), "127.0.0.1", "1.2.3.4", "127.0.0.1", id="no proxy: nobody is believed"),
        pytest.param(("10.0.0.2",), "10.0.0.9", "1.2.3.4", "10.0.0.9", id="not from the proxy"),
        pytest.param(("10.0.0.2",), "10.0.0.2", "10.1.1.7", "10.1.1.7", id="from the proxy"),
        pytest.param(
            ("10.0.0.2",), "10.0.0.2", "1.2.3.4, 10.1.1.7", "10.1.1.7", id="forged before the proxy"
        ),
        pytest.param(("10.0.0.0/24",), "10.0.0.2", "10.1.1.7, 10.0.0.3", "10.1.1.7", id="two proxies"),
    ],
)
def test_whose_word_of_who_calls_is_believed(
    proxies: tuple[str, ...], caller: str, forwarded: str, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # what uvicorn would take for lack of a word of ours
    heard = as_uvicorn_hears(Door(proxies=proxies), caller, forwarded)
    assert heard["client"] == client
    assert heard["scheme"] == ("https" if client != caller else "http")


def as_uvicorn_hears(door: Door, caller: str, forwarded: str) -> dict[str, Any]:
    config = _uvicorn(told, door).config
    config.load()

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        await config.loaded_app({**scope, "client": (caller, 5)}, receive, send)

    answer = ask(called, "/", x_forwarded_for=forwarded, x_forwarded_proto="https")
    found: dict[str, Any] = answer.json()
    return found


def test_a_stream_ends_when_its_reader_has_signed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_front, "_ASKED_AGAIN_SECONDS", -1.0)
    answers = [None, None, PlainTextResponse("gone", 401)]  # at the start, at the first event, at the second
    app = server_front._Admitted(streams, lambda _: answers.pop(0))
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/api/events/out", "headers": [], "query_string": b""}
    asyncio.run(app(scope, receive, send))
    assert sent == [
        {"type": "websocket.accept"},
        {"type": "websocket.send", "text": "1"},
        {"type": "websocket.close", "code": 1008},
    ]


async def streams(_: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    for number in ("1", "2"):
        await send({"type": "websocket.send", "text": number})


@contextmanager
def served(door: Door) -> Iterator[int]:
    """Serve what tells of requests, by a real uvicorn, and return its port."""
    with listening(door.listen, 0) as listener:
        server = _uvicorn(behind(door), door)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)


def test_the_offices_own_certificate(tmp_path: Path) -> None:
    certificate, key = certificate_for("localhost", tmp_path)
    door = Door(certificate=certificate, key=key)
    door.check_certificate()
    trusted = ssl.create_default_context(cafile=certificate)
    with served(door) as port, httpx.Client(verify=trusted) as browser:
        answer = browser.get(f"https://localhost:{port}/flows/")
        with pytest.raises(httpx.HTTPError):
            browser.get(f"http://localhost:{port}/flows/")
    assert answer.json()["scheme"] == "https"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("fault", ["no such file", "another's key", "a key with a passphrase", "no PEM"])
def test_a_certificate_that_cannot_be_used_is_refused_before_anything_starts(
    tmp_path: Path, fault: str
) -> None:
    certificate, key = certificate_for("localhost", tmp_path)
    if fault == "no such file":
        key.unlink()
    elif fault == "no PEM":
        certificate.write_text("chứng thư", encoding="utf-8")
    else:
        folder = tmp_path / "other"
        folder.mkdir()
        passphrase = b"mat-khau" if "passphrase" in fault else None
        _, key = certificate_for("localhost", folder, passphrase)
    with pytest.raises(CertificateUnusable) as refused:
        Door(certificate=certificate, key=key).check_certificate()
    assert refused.value.params["certificate"] == str(certificate)


def test_an_address_that_is_not_this_machines_is_refused() -> None:
    with pytest.raises(AddressNotHere) as refused, listening("192.0.2.1", 0):  # RFC 5737: nobody's
        pass
    assert refused.value.params["listen"] == "192.0.2.1"
