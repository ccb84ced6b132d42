"""The flow server: Prefect and the board on one port of loopback, and nobody else let in."""

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

# Prefect 3.8's UUID column does not name the operator classes SQLAlchemy 2.1 asks for.
pytestmark = pytest.mark.filterwarnings("ignore:Type object <class 'prefect:DeprecationWarning")
PAGE = {"Accept": "text/html"}


def test_flows_called_here_run_through_the_server_and_show_there(flow_server: RunningServer) -> None:
    from prefect import flow

    @flow(name="Nhắc việc thử", flow_run_name="Nhắc việc 15/11/2022")
    def remind() -> int:
        return 52

    assert remind() == 52
    runs = httpx.post(f"{flow_server.api_url}/flow_runs/filter", json={}).json()
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
    runs = httpx.post(f"{flow_server.api_url}/flow_runs/filter", json={}).json()
    assert "Báo thức 15/11/2022" in {run["name"] for run in runs}


@pytest.mark.parametrize(
    ("path", "says"),
    [
        pytest.param("/", "the board", id="the front page is the board's"),
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
    answer = httpx.get(flow_server.url + path, headers=PAGE, follow_redirects=True)
    assert answer.status_code == 200
    assert says in answer.text


def test_an_unknown_page_is_the_boards_to_answer(flow_server: RunningServer) -> None:
    assert httpx.get(f"{flow_server.url}/apis", headers=PAGE).json() == {"detail": "Not Found"}


def test_it_listens_on_loopback_only(flow_server: RunningServer) -> None:
    assert flow_server.url == f"http://{LOOPBACK}:{flow_server.port}"
    with (
        socket.socket() as elsewhere,
        pytest.raises(OSError, match=r"refused|unreachable|assign|permitted"),
    ):
        elsewhere.connect(("127.0.0.2", flow_server.port))


def test_a_name_that_only_points_here_is_refused(flow_server: RunningServer) -> None:
    answer = httpx.get(f"{flow_server.api_url}/health", headers={"Host": "evil.example"})
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
def test_who_may_write(flow_server: RunningServer, origin: str | None, status: int) -> None:
    headers = {} if origin is None else {"Origin": flow_server.url if origin == "own" else origin}
    answer = httpx.post(f"{flow_server.api_url}/flows/filter", json={}, headers=headers)
    assert answer.status_code == status


def test_prefect_is_told_not_to_call_home(flow_server: RunningServer) -> None:
    settings = httpx.get(f"{flow_server.api_url}/admin/settings").json()
    assert settings["server"]["analytics_enabled"] is False
    assert os.environ["DO_NOT_TRACK"] == "1"


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
