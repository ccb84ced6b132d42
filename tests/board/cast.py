"""The cast of the board's tests: a small office, its plan of six rows, and a reader of pages."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI

from tasks_catalog.calendar import vietnam
from tasks_catalog.deadline import doubt_of, read_deadline
from tasks_catalog.people import Directory, Group, Person, Post, Unit
from tasks_catalog.task import PlanSettings, Task, UnitsWritten

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NUMBER = "383/KH-SCT"
NOW = datetime(2022, 10, 18, 9, 5, tzinfo=ZONE)
CALENDAR = vietnam((2022,))
SETTINGS = PlanSettings(year=2022)
DIRECTORY = Directory(
    organisation="sct",
    name="Sở Công Thương",
    units=(
        Unit(code="VP", name="Văn phòng Sở"),
        Unit(code="TT", name="Thanh tra Sở"),
        Unit(code="QLTM", name="Phòng Quản lý thương mại"),
    ),
    groups=(Group(code="all", name="Các phòng, đơn vị thuộc Sở", members=("VP", "TT", "QLTM")),),
    people=(
        Person(code="truc", name="Trúc", email="truc@example.vn", unit="VP", post=Post.COORDINATOR),
        Person(code="gu", name="Gụ", email="gu@example.vn", unit="TT"),
        Person(code="dau", name="Dầu", email="dau@example.vn", unit="QLTM", post=Post.HEAD),
    ),
    focal_points={"TT": "gu", "VP": "truc"},
)
INSTITUTIONS, PROCEDURES = "I. Cải cách thể chế", "II. Cải cách thủ tục hành chính"


def a_task(row: int, text: str, lead: str, deadline: str, section: str = PROCEDURES) -> Task:
    reading = read_deadline(deadline, year=2022)
    doubt = doubt_of(reading)
    return Task(
        row=row,
        section=section,
        text=text,
        product="Báo cáo",
        lead=UnitsWritten(text=lead, units=(lead,)),
        deadline=reading,
        problems=(doubt,) if doubt else (),
    )


TASKS = (
    a_task(1, "Rà soát văn bản", "Thanh tra Sở", "30/9/2022", INSTITUTIONS),
    a_task(2, "Kiểm tra <script>alert(1)</script> & rà soát", "Phòng Quản lý thương mại", "15/11/2022"),
    replace(
        a_task(3, "Công khai thủ tục", "Các phòng, đơn vị thuộc Sở", "Thường xuyên"),
        objective="100% TTHC công khai đúng hạn",
    ),
    a_task(4, "Sửa đổi quy chế", "Văn phòng Sở", "Khi có hướng dẫn của UBND tỉnh"),
    a_task(5, "Đơn giản hóa", "Văn phòng Sở", "Tháng 15/11/2022"),
    a_task(6, "Báo cáo kiểm soát", "Văn phòng Sở", "30/6/2022"),
)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)


@dataclass(frozen=True)
class Reader:
    """Asks an ASGI application for pages, as a browser on this machine does."""

    app: FastAPI

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers)

    def ask(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        return asyncio.run(self._ask(method, path, headers))

    async def _ask(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4200") as client:
            return await client.request(method, path, headers=headers)
