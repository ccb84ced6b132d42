"""A small office with everybody who may act: coordinator, two units with head and officers, two leaders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine, inspect, text

from board.app import create_board
from board.oidc_provider import Provider
from board.signing_in import SignIn
from board.viewers import Looking
from storage import journal, tasks
from storage.desk import Desk
from storage.door_settings import OidcSettings
from storage.engine import read, write
from storage.journal import HistoryLine
from storage.organisations import create_organisation
from storage.plan_import import import_plan
from storage.starting import open_plan
from tasks_catalog.allowed import Actor
from tasks_catalog.facts import ClosingKind, Document, Evidence, TaskFacts
from tasks_catalog.intake import take_in
from tasks_catalog.people import Directory, Group, Person, Post, Unit
from tasks_catalog.task import PlanHead, PlanRead, PlanSettings, RowCount
from tests.board.browsing import HOST, Browser
from tests.board.cast import CALENDAR, NOW, a_task, at
from tests.cheap_hashes import cheap_hashes

NUMBER = "383/KH-SCT"
PLAN = "/plans/383%2FKH-SCT"
KEYS = ("mot-khoa-bi-mat-du-dai-de-ky-cac-nut-bam-cua-bang",)
STARTED, LATELY = date(2022, 1, 20), date(2022, 10, 17)
PAPER = Document(number="12/SCT-VP", issued=date(2022, 10, 14))


def person(code: str, unit: str, post: Post = Post.OFFICER, name: str = "") -> Person:
    return Person(code=code, name=name or code.capitalize(), email=f"{code}@example.vn", unit=unit, post=post)


DIRECTORY = Directory(
    organisation="sct",
    name="Sở Công Thương",
    units=(
        Unit(code="BGD", name="Ban Giám đốc", kind="board"),
        Unit(code="VP", name="Văn phòng Sở"),
        Unit(code="TT", name="Thanh tra Sở"),
        Unit(code="TM", name="Phòng Quản lý thương mại"),
    ),
    groups=(Group(code="all", name="Các phòng, đơn vị thuộc Sở", members=("VP", "TT", "TM")),),
    people=(
        person("truc", "VP", Post.COORDINATOR, "Trúc"),
        person("gu", "TT", name="Gụ"),
        person("lim", "TT", name="Lim"),
        person("sao", "TT", Post.HEAD, "Sao"),
        person("dau", "TM", Post.HEAD, "Dầu"),
        person("tram", "TM", name="Trầm"),
        replace(person("cam", "BGD", Post.DEPUTY_DIRECTOR, "Cẩm"), in_charge=True),
        person("nghien", "BGD", Post.DIRECTOR, "Nghiến"),
        person("quan", "VP", Post.ADMINISTRATOR, "Quân"),
        person("xoan", "VP", Post.VIEWER, "Xoan"),
    ),
    focal_points={"TT": "gu", "TM": "tram"},
)
TASKS = (
    replace(a_task(1, "Rà soát văn bản", "Thanh tra Sở", "30/9/2022"), objective="100% văn bản đúng hạn"),
    a_task(2, "Kiểm tra chợ", "Phòng Quản lý thương mại", "15/11/2022"),
    a_task(3, "Công khai thủ tục", "Các phòng, đơn vị thuộc Sở", "Thường xuyên"),
    a_task(4, "Sửa đổi quy chế", "Thanh tra Sở", "Khi có hướng dẫn của UBND tỉnh"),
    a_task(5, "Đơn giản hóa", "Phòng chưa ai biết", "Tháng 15/11/2022"),
)
ROW_1 = f"{NUMBER}/1"
DUE_1 = "2022-09-30"
PAGE_1 = "/tasks/383%2FKH-SCT/1"
SHARE_1 = f"{PAGE_1}/shares/{DUE_1}/TT"


@dataclass
class Office:
    """The office, its board, and who sits at it."""

    engine: Engine
    id: int
    app: FastAPI
    folder: Path
    looks: Actor | None = None
    must_sign_in: bool = False

    @property
    def browser(self) -> Browser:
        return Browser(self.app)

    def as_(self, code: str) -> Browser:
        """Return the browser of a person of the directory."""
        found = DIRECTORY.person(code)
        assert found is not None
        self.looks = Actor.of(found)
        return self.browser

    def desk(
        self, do: Callable[[Desk], object], *, by: str = "truc", note: str = "", paper: bool = False
    ) -> None:
        """Record something the day before, as by command."""
        with write(self.engine) as session:
            document = PAPER if paper else None
            do(
                Desk(
                    session=session,
                    organisation_id=self.id,
                    calendar=CALENDAR,
                    at=at(LATELY),
                    by=by,
                    note=note,
                    document=document,
                )
            )

    def facts(self, task: str = ROW_1) -> TaskFacts:
        with read(self.engine) as session:
            return tasks.facts_of_task(session, tasks.task_or_refuse(session, self.id, task))

    def history(self, task: str = ROW_1) -> tuple[HistoryLine, ...]:
        with read(self.engine) as session:
            return journal.history(session, tasks.task_or_refuse(session, self.id, task))

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of every table, to see that nothing was written."""
        with read(self.engine) as session:
            names = set(inspect(self.engine).get_table_names()) - {"personal_view"}  # kept by looking alone
            return {
                name: sorted(
                    (tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}"'))), key=repr
                )  # names of our own tables
                for name in names
            }


def open_office(engine: Engine, folder: Path, settings: PlanSettings | None = None) -> Office:
    """Import and start the plan; nothing is reported yet."""
    settings = settings or PlanSettings(year=2022)
    found = PlanRead(head=PlanHead(title="Kế hoạch cải cách hành chính"), tasks=TASKS, rows=RowCount())
    taken = take_in(found, DIRECTORY, settings, CALENDAR)
    with write(engine) as session:
        made = create_organisation(session, DIRECTORY, simulated=True, at=at(STARTED))
        plan = import_plan(
            session,
            made.id,
            found,
            number=NUMBER,
            issued=date(2022, 1, 15),
            settings=settings,
            owners=taken.owners,
            planned=taken.planned,
            problems=taken.problems,
            by="truc",
            at=at(STARTED),
        )
        tasks.activate(session, plan, on=STARTED, by="truc", at=at(STARTED))
        for day in (STARTED, date(2022, 3, 15), date(2022, 6, 15), date(2022, 9, 15)):
            open_plan(session, plan, directory=DIRECTORY, at=at(day), on=day)
        office_id = made.id
    return at_its_board(engine, office_id, folder)


def at_its_board(engine: Engine, office_id: int, folder: Path) -> Office:
    """Return an office that is there with a board of its own."""
    office = Office(engine, office_id, FastAPI(), folder)
    office.app = create_board(
        engine,
        office_id,
        clock=lambda: NOW,
        base_url=HOST,
        calendar=CALENDAR,
        keys=KEYS,
        files=folder,
        viewer=lambda _request: Looking(actor=office.looks, must_sign_in=office.must_sign_in),
        sign_in=SignIn(
            engine=engine,
            organisation_id=office_id,
            keys=KEYS,
            clock=lambda: NOW,
            hashes=cheap_hashes(),
        ),
        provider=Provider(
            OidcSettings(issuer="https://sso.example.vn", client_id="dondoc"),
            clock=NOW.timestamp,
            transport=httpx.MockTransport(lambda _: httpx.Response(404)),  # nobody is to be asked
        ),
    )
    return office


def as_it_is(office: Office) -> None:
    """Nothing happened to the share."""


def reported(office: Office) -> None:
    proof = Evidence(text="45/BC-TT", issued=date(2022, 9, 29))
    office.desk(
        lambda desk: desk.report(ROW_1, "TT", evidence=[proof], product_date=date(2022, 9, 29)), by="gu"
    )


def accepted(office: Office) -> None:
    reported(office)
    office.desk(lambda desk: desk.accept(ROW_1, "TT"))


def asked_for_time(office: Office) -> None:
    office.desk(
        lambda desk: desk.ask_extension(ROW_1, "TT", to=date(2022, 11, 30)), by="gu", note="chờ góp ý"
    )


def waiting(office: Office) -> None:
    office.desk(lambda desk: desk.wait(ROW_1, "TT"), by="gu", paper=True)


def closed(office: Office) -> None:
    office.desk(lambda desk: desk.close(ROW_1, ClosingKind.STOPPED), paper=True)
