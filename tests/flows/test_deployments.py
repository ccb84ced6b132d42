"""Deployments, made for real at a Prefect server: the timetable's crons, in the office's time zone."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from flows.deployments import TAG, register
from flows.server import RunningServer
from flows.timetable import TIME_ZONE, TIMETABLE, Entry
from tests.flows.prefect_api import ask

# Prefect 3.8's UUID column does not name the operator classes SQLAlchemy 2.1 asks for.
pytestmark = pytest.mark.filterwarnings("ignore:Type object <class 'prefect:DeprecationWarning")
POOL = "dondoc-test"


def found(server: RunningServer) -> dict[str, dict[str, Any]]:
    asked = {"deployments": {"tags": {"all_": [TAG]}}}
    answer = ask(server, "deployments/filter", asked)
    return {deployment["name"]: deployment for deployment in answer.json()}


def test_every_line_becomes_a_deployment_with_its_cron_and_time_zone(flow_server: RunningServer) -> None:
    names = register(POOL)
    assert len(names) == len(TIMETABLE)
    deployments = found(flow_server)
    assert set(deployments) == {entry.key for entry in TIMETABLE}
    for entry in TIMETABLE:
        made = deployments[entry.key]
        (schedule,) = made["schedules"]
        assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == (entry.cron, TIME_ZONE)
        assert (schedule["slug"], schedule["active"]) == (entry.key, True)
        assert made["description"] == entry.why


def test_two_runs_of_one_flow_never_overlap_and_the_later_gives_way(flow_server: RunningServer) -> None:
    register(POOL)
    for made in found(flow_server).values():
        assert made["global_concurrency_limit"]["limit"] == 1
        assert made["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"


def test_a_deployment_names_a_module_and_carries_no_parameter_and_no_path(flow_server: RunningServer) -> None:
    register(POOL)
    for entry in TIMETABLE:
        made = found(flow_server)[entry.key]
        assert made["entrypoint"] == entry.target.replace(":", ".")
        assert (made["parameters"], made["path"], made["pull_steps"]) == ({}, None, None)


def test_registering_again_changes_what_changed_and_removes_what_left(flow_server: RunningServer) -> None:
    register(POOL)
    later = Entry(key="remind", target="flows.remind:remind", cron="45 7 * * *", why="later")
    register(POOL, [later])
    deployments = found(flow_server)
    assert set(deployments) == {"remind"}
    (schedule,) = deployments["remind"]["schedules"]
    assert schedule["schedule"]["cron"] == "45 7 * * *"


def asked_to_plan(server: RunningServer, deployment: str) -> httpx.Response:
    """Ask as Prefect's own client does: 503 says that its database was busy, and to ask again."""
    path = f"deployments/{deployment}/schedule"
    answer = ask(server, path, {}, timeout=60)
    for _ in range(10):
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            break
        answer = ask(server, path, {}, timeout=60)
    return answer


def test_prefect_plans_the_next_runs_at_the_offices_local_time(flow_server: RunningServer) -> None:
    register(POOL)
    remind = found(flow_server)["remind"]
    asked_to_plan(flow_server, remind["id"]).raise_for_status()
    asked = {"deployments": {"name": {"any_": ["remind"]}}}
    runs = ask(flow_server, "flow_runs/filter", asked).json()
    assert {run["expected_start_time"][11:16] for run in runs} == {"00:30"}  # 07:30 in Vietnam
