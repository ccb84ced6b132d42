"""The cast of the flows' tests: the department of the example directory and a small plan for 2023.

Trade (QLTM) is answered for by Hương and headed by Sao, industry (QLCN) by Dầu and Sưa, planning
(KHTCTH) by Táu and Trắc, the office (VP) by Tràm and Sến, the inspectorate (TT) by Gụ and Cẩm Lai.
Trúc coordinates, Tùng is the deputy director in charge, Bách the director. In 2023 Tết closes the
department from 20/01 to 26/01, and the holidays of April and May from 29/04 to 03/05.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Engine, func, select

from flows.activate import activate_plan
from flows.audit import Audit, audit_work
from flows.escalate import escalate_work
from flows.import_plan import Imported, import_plan
from flows.office import OpenOffice
from flows.open_occurrences import open_occurrences_work
from flows.post import post_work
from flows.remind import remind_work
from flows.summarise import summarise_work
from storage import absences, ledger, outbox, tasks
from storage.desk import Desk
from storage.engine import read, write
from storage.office_calendar import calendar_of
from storage.organisations import create_organisation
from storage.preferences import save_preference
from storage.schema import Base, LetterRow
from storage.settings import Settings
from tasks_catalog.absence import Absence
from tasks_catalog.calendar import WorkCalendar, vietnam
from tasks_catalog.documents.directory import read_directory
from tasks_catalog.documents.swapped_days import read_swapped_days
from tasks_catalog.facts import Document
from tasks_catalog.ladder import NoticeState
from tasks_catalog.people import Directory
from tasks_catalog.preference import Preference
from tasks_catalog.task import PlanSettings

NUMBER = "25/KH-SCT"
ISSUED = date(2023, 1, 3)
YEAR = PlanSettings(year=2023)
HEADS = "section,stt,task,product,lead,cooperating,deadline"
PLAN = f"""{HEADS}
Thể chế,1,Quy định đấu thầu chợ,Quyết định,Phòng Quản lý thương mại,Thanh tra Sở,Trước ngày 27/01/2023
Thể chế,2,Rà soát văn bản về cụm công nghiệp,Báo cáo,Phòng Quản lý công nghiệp,,Quý I/2023
Thủ tục,3,Công khai thủ tục hành chính,Danh mục,"Các phòng, đơn vị thuộc Sở",,Thường xuyên
Thủ tục,4,Tập huấn phần mềm Một cửa,Lớp tập huấn,Văn phòng Sở,,Khi có văn bản của UBND tỉnh
Tài chính,5,Phương án tự chủ tài chính,Phương án,Phòng KH-TC-TH,Văn phòng Sở,Trước ngày 28/04/2023
Thủ tục,6,Kiểm tra hồ sơ trễ hạn,Biên bản,Thanh tra Sở,,Thường xuyên; khi có phản ánh
"""
"""By a date after Tết, within a quarter, continuous of a collective owner, when, by a date, compound."""

PAPER = Document(number="101/UBND-HCC", issued=date(2023, 1, 2))


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A letter as the one who opens it sees it; ``text`` with its line breaks folded to spaces."""

    to: str
    subject: str
    text: str
    files: tuple[str, ...]
    message_id: str
    raw: EmailMessage

    @property
    def plan_part(self) -> str:
        """The text up to how reports are handed in: what is owed, and why."""
        return self.text.partition("BÁO CÁO KẾT QUẢ, XIN THÊM THỜI GIAN")[0]

    @property
    def is_summary(self) -> bool:
        return self.subject.startswith("[CCHC] Tổng hợp")


def mail_of(data: bytes) -> Mail:
    raw = message_from_bytes(data, policy=default)
    body = raw.get_body(("plain",))
    assert body is not None
    names = tuple(str(part.get_filename()) for part in raw.iter_attachments())
    return Mail(
        to=str(raw["To"].addresses[0].username),
        subject=str(raw["Subject"]),
        text=" ".join(body.get_content().split()),
        files=names,
        message_id=str(raw["Message-ID"]),
        raw=raw,
    )


def moment(day: date, hour: int = 8, minute: int = 0) -> datetime:
    """Return a naive local moment, as the command line hands it in."""
    return datetime.combine(day, time(hour, minute))


def days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)


@dataclass(kw_only=True)
class Department:
    """The department at work: its flows by the day, its people at their desks, its mail."""

    office: OpenOffice
    audits: list[Audit] = field(default_factory=list)

    @property
    def maildir(self) -> Path:
        return Path(str(self.office.settings.mail["folder"]))

    def start(
        self, plan: str = PLAN, *, on: date = ISSUED, number: str = NUMBER, welcome: bool = False
    ) -> None:
        self.read_plan(plan, number=number)
        activate_plan(self.office, number, by="truc", as_of=on, welcome=welcome)

    def read_plan(self, plan: str = PLAN, *, number: str = NUMBER) -> Imported:
        path = self.office.settings.home / "ke-hoach.csv"
        path.write_text(plan, encoding="utf-8")
        return import_plan(
            self.office, path, number=number, issued=ISSUED, settings=YEAR, by="truc", as_of=ISSUED
        )

    def notices(self, day: date | datetime) -> None:
        """Run what comes before sending: what is due is opened, reminded and escalated."""
        open_occurrences_work(self.office, day)
        remind_work(self.office, day)
        escalate_work(self.office, day)

    def morning(self, day: date) -> dict[str, Mail]:
        """Run the timetable of one morning; return the letters that left, by their readers."""
        open_occurrences_work(self.office, day)
        summarise_work(self.office, day)
        remind_work(self.office, day)
        escalate_work(self.office, day)
        sent = self.post(day)
        self.audits.append(audit_work(self.office, day))
        return sent

    def mornings(self, first: date, last: date, *, rest_days: bool = False) -> dict[date, dict[str, Mail]]:
        """Run every working morning of a span, both ends included; return the days on which letters left."""
        span = [day for day in days(first, last) if rest_days or self.office.calendar.is_working(day)]
        found = {day: self.morning(day) for day in span}
        return {day: letters for day, letters in found.items() if letters}

    def post(self, at: date | datetime) -> dict[str, Mail]:
        """Post; return the letters that left, by reader. Fails where somebody got two digests at once.

        Who got a period's summary besides has a second entry, as in "truc, tổng hợp".
        """
        before = set(self.maildir.glob("new/*"))
        post_work(self.office, at)
        new = [mail_of(path.read_bytes()) for path in self.maildir.glob("new/*") if path not in before]
        letters = {mail.to: mail for mail in new if not mail.is_summary}
        summaries = [mail for mail in new if mail.is_summary]
        assert len(letters) + len(summaries) == len(new), [mail.to for mail in new]
        for mail in summaries:
            letters[f"{mail.to}, tổng hợp" if mail.to in letters else mail.to] = mail
        return letters

    def files(self) -> dict[str, Mail]:
        return {path.name: mail_of(path.read_bytes()) for path in sorted(self.maildir.glob("new/*"))}

    @contextmanager
    def desk(
        self, day: date, by: str, *, hour: int = 15, note: str = "", document: Document | None = None
    ) -> Iterator[Desk]:
        """Sit somebody down to decide something, in one transaction."""
        with write(self.office.engine) as session:
            yield Desk(
                session=session,
                organisation_id=self.office.organisation_id,
                calendar=self.office.calendar,
                at=self.office.moment_of(moment(day, hour), time(hour)),
                by=by,
                document=document,
                note=note,
            )

    def report(
        self, row: int, unit: str, day: date, *, hour: int = 15, occurrence: str | None = None
    ) -> None:
        with self.desk(day, "officer", hour=hour) as desk:
            desk.report(f"{NUMBER}/{row}", unit, occurrence=occurrence)

    def absent(
        self,
        person: str,
        first: date,
        last: date,
        substitute: str | None = None,
        *,
        on: datetime,
    ) -> None:
        """Enter an absence at a moment."""
        absence = Absence(person=person, first=first, last=last, substitute=substitute)
        with write(self.office.engine) as session:
            at = self.office.moment_of(on, time(9))
            absences.enter(session, self.office.organisation_id, absence, by="truc", at=at)

    def back(self, person: str, *, on: datetime) -> None:
        with write(self.office.engine) as session:
            at = self.office.moment_of(on, time(9))
            absences.come_back(session, self.office.organisation_id, person, on=on.date(), by="truc", at=at)

    def prefer(self, person: str, preference: Preference, *, on: datetime) -> None:
        with write(self.office.engine) as session:
            at = self.office.moment_of(on, time(9))
            save_preference(session, self.office.organisation_id, person, preference, by=person, at=at)

    def letters(self, *states: str) -> tuple[LetterRow, ...]:
        with read(self.office.engine) as session:
            return outbox.list_letters(session, self.office.organisation_id, states=states or None)

    def counts(self) -> Mapping[NoticeState, int]:
        with read(self.office.engine) as session:
            return ledger.counts(session, self.office.organisation_id)

    def told(self, row: int) -> list[tuple[str, str, str, str]]:
        """Return (rung, person, state, day) of every notice there is about a task, in order of its day."""
        with read(self.office.engine) as session:
            task = tasks.task_or_refuse(session, self.office.organisation_id, f"{NUMBER}/{row}")
            return [
                (e.notice.key.rung, e.notice.key.person, str(e.notice.state), e.notice.fire_on.isoformat())
                for e in ledger.of_task(session, task)
            ]

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of every table."""
        with read(self.office.engine) as session:
            return {
                table.name: [
                    tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))
                ]
                for table in Base.metadata.sorted_tables
            }

    def sizes(self) -> dict[str, int]:
        with read(self.office.engine) as session:
            return {
                table.name: session.scalar(select(func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables
            }


def example_directory() -> Directory:
    return read_directory(Path(str(files("tasks_catalog") / "examples" / "so-cong-thuong.toml")))


def open_department(
    engine: Engine,
    home: Path,
    *,
    mail: Mapping[str, object] | None = None,
    inbox: Mapping[str, object] | None = None,
    directory: Directory | None = None,
) -> Department:
    """Set the department up on a migrated database."""
    zone_less = Settings(home=home, database_url=engine.url.render_as_string(hide_password=False))
    mail = mail or {"kind": "maildir", "folder": str(home / "mail")}
    settings = replace(zone_less, mail=mail, inbox=inbox or {})
    at = datetime.combine(ISSUED, time(7), tzinfo=settings.timezone)
    with write(engine) as session:
        organisation = create_organisation(session, directory or example_directory(), simulated=True, at=at)
        organisation_id = organisation.id
    office = OpenOffice(settings=settings, engine=engine, organisation_id=organisation_id, simulated=True)
    usual = working_days()  # the same that it would work out, half a second later
    office.__dict__["calendars"] = calendar_of(organisation_id, usual)
    return Department(office=office)


@cache
def working_days() -> WorkCalendar:
    return vietnam(range(2022, 2028), read_swapped_days())


def subjects(letters: Mapping[str, Mail]) -> dict[str, str]:
    return {reader: mail.subject for reader, mail in sorted(letters.items())}
