"""The flows through the real engine: what the coordinator reads in the flow UI, and a gap that shows red."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete

from flows.audit import AuditGapError
from flows.server import RunningServer
from flows.timetable import TIMETABLE, load
from storage.engine import write
from storage.schema import NoticeRow
from tests.flows.cast import PLAN, Department, moment, open_department
from tests.flows.prefect_api import ask

pytestmark = pytest.mark.filterwarnings("ignore:Type object <class 'prefect:DeprecationWarning")
DAY = date(2023, 3, 15)
"""The first working day after the first quarter's cut-off: every flow has something to do."""
RUNS = {
    "open_occurrences": "Mở lần đến hạn 15/03/2023",
    "tally": "Tổng hợp tiến độ 15/03/2023",
    "summarise": "Báo cáo tổng hợp kỳ 15/03/2023",
    "remind": "Nhắc việc 15/03/2023",
    "escalate": "Báo cáo vượt cấp 15/03/2023",
    "post": "Gửi thư 15/03/2023",
    "call_out": "Báo hệ thống khác 15/03/2023",
    "read_mail": "Nhận thư 15/03/2023",
    "audit": "Tự kiểm tra 15/03/2023",
}
STEPS = {
    "Báo phần việc quá hạn cho các hệ thống kết nối",
    "Báo cho các hệ thống kết nối",
    "Mở các lần đến hạn của kỳ tới",
    "Đếm theo tình trạng, lĩnh vực, đơn vị",
    "Đăng kết quả lên giao diện luồng công việc",
    "Xét kỳ báo cáo nào đã chốt số liệu",
    "Chốt số liệu và viết báo cáo tổng hợp",
    "Đọc việc đang theo dõi",
    "Xét ai cần được nhắc hôm nay, vì sao",
    "Ghi vào sổ nhắc việc",
    "Xử lý thư đang gửi dở",
    "Soạn thư: mỗi người một thư",
    "Gửi thư đã soạn",
    "Đối chiếu việc phải nhắc với sổ nhắc việc",
    "Báo cáo kết quả kiểm tra",
}


@pytest.fixture
def installed(
    sqlite_engine: Engine, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Department:
    """A department whose home the flows find by themselves."""
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path))
    monkeypatch.setenv("DONDOC_DATABASE", sqlite_url)
    department = open_department(sqlite_engine, tmp_path)
    department.start(PLAN)
    return department


def listed(server: RunningServer, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(server, f"{what}/filter", {"limit": 200}).json()
    return found


def test_every_flow_and_step_shows_in_vietnamese_and_the_tally_leaves_its_artifacts(
    flow_server: RunningServer, installed: Department
) -> None:
    for entry in TIMETABLE:
        load(entry)(as_of=moment(DAY, 8))
    assert installed.letters("sent")

    runs = {run["name"]: run for run in listed(flow_server, "flow_runs")}
    assert set(RUNS) == {entry.key for entry in TIMETABLE}
    assert {name: runs[name]["state_type"] for name in RUNS.values()} == dict.fromkeys(
        RUNS.values(), "COMPLETED"
    )
    assert all(set(runs[name]["parameters"]) == {"as_of"} for name in RUNS.values())
    steps = {step["name"].rpartition("-")[0] for step in listed(flow_server, "task_runs")}
    assert steps >= STEPS

    artifacts = {found["key"]: found for found in listed(flow_server, "artifacts/latest")}
    assert artifacts["25-kh-sct-tien-do"]["data"].startswith("# 0/6")
    overdue = json.loads(artifacts["25-kh-sct-qua-han"]["data"])
    assert overdue[0]["Nhiệm vụ"] == "Quy định đấu thầu chợ"
    assert float(artifacts["25-kh-sct-ty-le"]["data"]) == 0.0
    assert "25/KH-SCT" in artifacts["25-kh-sct-bang"]["data"]

    with write(installed.office.engine) as session:
        session.execute(delete(NoticeRow))
    with pytest.raises(AuditGapError, match="notices missing"):
        load(TIMETABLE[-1])(as_of=moment(DAY, 9))
    reds = {run["name"] for run in listed(flow_server, "flow_runs") if run["state_type"] == "FAILED"}
    assert RUNS["audit"] in reds
