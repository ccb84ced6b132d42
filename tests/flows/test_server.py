"""The flow server: Prefect and the board on one port, Prefect's part of it for who looks after the flows."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from flows.server import LOOPBACK, PortTaken, RunningServer, ServerDidNotStart, serve
from flows.server_front import FLOW_HEADER
from tests.flows.prefect_api import ask, own_headers

# Prefect 3.8's UUID column does not name the operator classes SQLAlchemy 2.1 asks for.
pytestmark = pytest.mark.filterwarnings("ignore:Type object <class 'prefect:DeprecationWarning")
PAGE = {"Accept": "text/html"}
COORDINATOR = {"Cookie": "post=coordinator"}


def test_flows_called_here_run_through_the_server_and_show_there(flow_server: RunningServer) -> None:
    from prefect import flow

    @flow(name="Nhắc việc thử", flow_run_name="Nhắc việc 15/11/2022")
    def remind() -> int:
        return 52

    assert remind() == 52
    runs = ask(flow_server, "flow_runs/filter", {}).json()
    assert "Nhắc việc 15/11/2022" in {run["name"] for run in runs if run["state_type"] == "COMPLETED"}


def test_a_flow_called_in_the_alarm_clocks_thread_runs_through_the_server_too(
    flow_server: RunningServer,
) -> None:
    from prefect import flow

    @flow(name="Báo thức thử", flow_run_name="Báo thức 15/11/2022")
    def ring() -> int:
        return 7

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(ring).result() == 7
    runs = ask(flow_server, "flow_runs/filter", {}).json()
    assert "Báo thức 15/11/2022" in {run["name"] for run in runs}


@pytest.mark.parametrize(
    ("path", "says"),
    [
        pytest.param("/healthz", '{"status":"ok"}', id="what is not Prefect's is the board's"),
        pytest.param("/flows/", "<title>Prefect Server</title>", id="the flow UI has a path of its own"),
        pytest.param(
            "/flows/runs", "<title>Prefect Server</title>", id="a page of the flow UI can be reloaded"
        ),
        pytest.param("/api/health", "true", id="the Prefect API is where workers look for it"),
        pytest.param(
            "/flows/ui-settings", '"api_url":"/api"', id="the flow UI finds the API on its own port"
        ),
    ],
)
def test_what_is_where(flow_server: RunningServer, path: str, says: str) -> None:
    with httpx.Client(cookies={"post": "coordinator"}, follow_redirects=True) as browser:
        answer = browser.get(flow_server.url + path, headers=PAGE)
    assert answer.status_code == 200
    assert says in answer.text


def test_an_unknown_page_is_the_boards_to_answer(flow_server: RunningServer) -> None:
    assert "Về trang đầu" in httpx.get(f"{flow_server.url}/apis", headers=PAGE).text


def test_it_listens_on_loopback_only(flow_server: RunningServer) -> None:
    assert flow_server.url == f"http://{LOOPBACK}:{flow_server.port}"
    with (
        socket.socket() as elsewhere,
        pytest.raises(OSError, match=r"refused|unreachable|assign|permitted"),
    ):
        elsewhere.connect(("127.0.0.2", flow_server.port))


def test_a_name_that_only_points_here_is_refused(flow_server: RunningServer) -> None:
    answer = httpx.get(f"{flow_server.url}/api/health", headers=COORDINATOR | {"Host": "evil.example"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        pytest.param("https://evil.example", 403, id="another site's page may not use the API"),
        pytest.param("null", 403, id="nor may a file or a frame without origin"),
        pytest.param(None, 200, id="a program without origin may"),
        pytest.param("own", 200, id="the flow UI may"),
    ],
)
def test_whose_pages_may_write(flow_server: RunningServer, origin: str | None, status: int) -> None:
    headers = {} if origin is None else {"Origin": flow_server.url if origin == "own" else origin}
    answer = httpx.post(f"{flow_server.url}/api/flows/filter", json={}, headers=headers | COORDINATOR)
    assert answer.status_code == status


WHO = [
    pytest.param(None, (303, 401), id="nobody signed in"),
    *(pytest.param(post, (403, 403), id=post) for post in ("viewer", "officer", "head", "director")),
    *(pytest.param(post, (200, 200), id=post) for post in ("coordinator", "administrator")),
]


@pytest.mark.parametrize(("post", "statuses"), WHO)
def test_who_sees_the_flow_ui_and_calls_its_api(
    flow_server: RunningServer, post: str | None, statuses: tuple[int, int]
) -> None:
    signed_in = {"Cookie": f"post={post}"} if post else {}
    page = httpx.get(f"{flow_server.url}/flows/runs", headers=PAGE | signed_in)
    call = httpx.post(f"{flow_server.url}/api/flow_runs/filter", json={}, headers=signed_in)
    assert (page.status_code, call.status_code) == statuses
    if page.status_code == 303:
        assert page.headers["location"] == "/sign-in?to=%2Fflows%2Fruns"
    if page.status_code == 403:
        assert "không dành cho vai trò của bạn" in page.text
    for answer in (page, call):
        assert answer.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="nobody"),
        pytest.param(COORDINATOR, 200, id="the coordinator"),
        pytest.param(COORDINATOR | {"Origin": "https://evil.example"}, 403, id="by another site's page"),
    ],
)
def test_who_hears_the_stream_of_events(
    flow_server: RunningServer, headers: dict[str, str], status: int
) -> None:
    assert stream_status(flow_server.url, headers) == status


def stream_status(url: str, headers: dict[str, str]) -> int:
    """Ask for the stream of events; 200: it was opened, else the status of the refusal."""
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    address = f"{url.replace('http', 'ws', 1)}/api/events/out"
    try:
        with connect(address, additional_headers=headers, proxy=None):
            return 200
    except InvalidStatus as refused:
        return refused.response.status_code


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="a call from this machine"),
        pytest.param(COORDINATOR, id="a session: it is for the other port"),
        pytest.param({FLOW_HEADER: "doan-mo"}, id="a guess"),
        pytest.param({FLOW_HEADER: ""}, id="nothing at all"),
    ],
)
def test_the_port_of_our_own_flows_is_for_who_knows_its_secret(
    flow_server: RunningServer, headers: dict[str, str]
) -> None:
    own = flow_server.api_url.removesuffix("/api")
    assert own != flow_server.url
    answer = httpx.post(f"{flow_server.api_url}/flow_runs/filter", json={}, headers=headers)
    assert (answer.status_code, stream_status(own, headers)) == (401, 401)
    assert stream_status(own, own_headers()) == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"X-Forwarded-For": "127.0.0.1"}, id="X-Forwarded-For"),
        pytest.param({"Authorization": "Basic Og=="}, id="Authorization"),
        pytest.param({"Host": "localhost"}, id="Host"),
    ],
)
def test_no_header_opens_the_api_on_the_port_of_all(
    flow_server: RunningServer, headers: dict[str, str]
) -> None:
    answer = httpx.get(f"{flow_server.url}/api/health", headers=headers)
    assert answer.status_code == 401


def test_not_even_the_secret_opens_the_port_of_all(flow_server: RunningServer) -> None:
    assert httpx.get(f"{flow_server.url}/api/health", headers=own_headers()).status_code == 401


def test_prefect_is_told_not_to_call_home_and_tells_nobody_the_secret(flow_server: RunningServer) -> None:
    answer = httpx.get(f"{flow_server.url}/api/admin/settings", headers=COORDINATOR)
    settings = answer.json()
    assert settings["server"]["analytics_enabled"] is False
    assert settings["client"]["custom_headers"] == {}
    assert own_headers()[FLOW_HEADER] not in answer.text
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert own_headers()[FLOW_HEADER] not in os.environ.values()


def test_a_taken_port_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as refused, serve(None, home=tmp_path, port=port):
            pass
    assert (refused.value.code, refused.value.params["port"]) == ("port_taken", str(port))
    assert list(tmp_path.iterdir()) == []


def test_a_start_that_fails_says_why_and_frees_the_port(tmp_path: Path) -> None:
    free = 0

    @asynccontextmanager
    async def broken(_: FastAPI) -> AsyncIterator[None]:
        if not free:
            raise OSError("no space left")
        yield

    before = dict(os.environ)
    with (
        pytest.raises(ServerDidNotStart, match="no space left"),
        serve(FastAPI(lifespan=broken), home=tmp_path, port=0),
    ):
        pass
    assert dict(os.environ) == before
