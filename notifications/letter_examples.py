"""Invented letters in which every sentence an office may word stands once: to look at before it is kept.

An office, a plan and people that do not exist, around the day given. The first letters are ordinary ones;
the later ones hold what is seldom said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from notifications.account_letters import PasswordFacts, compose_password
from notifications.account_news import compose_account
from notifications.calendar_feed import PUBLISHED_FILE
from notifications.letter import Letter, compose_digest
from notifications.letter_lines import Addressee, Item, PlanRef
from notifications.letter_words import ACCOUNT_NEWS, original
from notifications.links import Links, without_tokens
from notifications.occasions import (
    OwnTask,
    SummaryFigures,
    TrialFacts,
    compose_alarm,
    compose_summary,
    compose_test,
    compose_welcome,
)
from notifications.wording import sentence
from notifications.wording.own import Key, OwnWords
from storage.account_news import Happened
from storage.one_time_links import Cause
from tasks_catalog.absence import Absence
from tasks_catalog.audience import Audience
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.deadline import Deadline, Kind
from tasks_catalog.facts import Request, Share, TaskFacts
from tasks_catalog.ladder import NextStep, Notice, NoticeKey, NoticeState
from tasks_catalog.occurrence import Occurrence, Origin, Role, ShareKey
from tasks_catalog.people import Directory, Person, Post, Unit
from tasks_catalog.standing import StandingKind
from tasks_catalog.substitutes import SUBSTITUTE, Receiver

Make = Callable[[OwnWords], Letter]
"""Composes one example in an office's words."""

_SEEN, _ENDS = "\ue000", "\ue001"
"""Characters no text has, set around a sentence to see where it stands."""
_A = Audience
_ROUTES = ("officer", "focal_point", "head", "fallback")
_CHAIN = (_A.HEAD, _A.COORDINATOR, _A.DEPUTY_DIRECTOR, _A.DIRECTOR)
_PLAN, _OTHER = PlanRef(number="10/KH-SVD", title="cải cách hành chính"), PlanRef(number="11/KH-SVD")
_TEXTS = ("Rà soát quy trình một cửa", "Khảo sát mức độ hài lòng", "Công khai thủ tục hành chính")
_MARK = "https://board.example.vn"


@dataclass(frozen=True)
class Found:
    """A letter in which a sentence stands, and its words with marks around that sentence."""

    letter: Letter
    marked: str
    subject: str

    @property
    def pieces(self) -> tuple[tuple[str, bool], ...]:
        """The text part cut at the sentence's places; each piece with whether it is the sentence."""
        return _pieces(self.marked)

    @property
    def subject_pieces(self) -> tuple[tuple[str, bool], ...]:
        return _pieces(self.subject)


def _pieces(marked: str) -> tuple[tuple[str, bool], ...]:
    cut: list[tuple[str, bool]] = []
    for number, piece in enumerate(marked.split(_SEEN)):
        said, ends, rest = piece.partition(_ENDS)
        cut += [(said, bool(number)), (rest, False)] if ends else [(piece, False)]
    return tuple((words, is_it) for words, is_it in cut if words)


def example_with(
    code: str, texts: Mapping[Key, str], language: str, *, today: date, calendar: WorkCalendar
) -> Found:
    """Return the first example in which a sentence stands, in an office's own words.

    Raises LookupError for one that stands in none.
    """
    found = first_with(code, texts, language, examples(language, today=today, calendar=calendar))
    if found is None:
        raise LookupError(code)
    return found


def examples(language: str, *, today: date, calendar: WorkCalendar) -> Iterator[Make]:
    """Yield every example, the ordinary ones first."""
    at_work = calendar.next_working(today)
    return _Example(today=at_work, calendar=calendar, language=language).letters()


def first_with(code: str, texts: Mapping[Key, str], language: str, letters: Iterable[Make]) -> Found | None:
    """Return the first of these letters in which the reader sees a sentence, and where it stands."""
    key = (code, language)
    said = texts.get(key, original(code, language))
    marked = OwnWords({**texts, key: f"{_SEEN}{said}{_ENDS}"})
    for make in letters:
        letter = make(marked)
        if _SEEN in letter.subject + letter.text + letter.html:
            return Found(make(OwnWords(texts)), marked=letter.text, subject=letter.subject)
    return None


def _person(code: str, name: str, unit: str, post: Post) -> Person:
    return Person(code=code, name=name, email=f"{code}@example.vn", unit=unit, post=post)


_DIRECTORY = Directory(
    organisation="svd",
    name="Sở Ví Dụ",
    units=(
        Unit(code="BGD", name="Ban Giám đốc", kind="board"),
        Unit(code="VP", name="Văn phòng Sở"),
        Unit(code="KT", name="Phòng Kế hoạch - Tài chính"),
    ),
    people=(
        _person("an", "Nguyễn Văn An", "KT", Post.OFFICER),
        _person("binh", "Trần Thị Bình", "KT", Post.HEAD),
        _person("chi", "Lê Thị Chi", "VP", Post.COORDINATOR),
        _person("dung", "Phạm Văn Dũng", "BGD", Post.DEPUTY_DIRECTOR),
        _person("giang", "Đỗ Thị Giang", "BGD", Post.DIRECTOR),
    ),
)
_PEOPLE = {person.code: person for person in _DIRECTORY.people}
_READERS = {
    _A.HEAD: "binh",
    _A.COORDINATOR: "chi",
    _A.DEPUTY_DIRECTOR: "dung",
    _A.DIRECTOR: "giang",
}


@dataclass(frozen=True, kw_only=True)
class _Told:
    """One line of an example: when it is due, who hears it and how, and what else is said of it."""

    days: int
    """Working days from today to the due date."""
    audience: Audience = _A.OWNER
    route: str = "officer"
    why: str = "due_soon"
    row: int = 1
    plan: PlanRef = _PLAN
    period: str | None = None
    next: tuple[Audience, str] | None = None
    absence: str = ""
    """How whoever reads it stands in for its person; "" for his own."""
    due: date | None = None
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Example:
    today: date
    calendar: WorkCalendar
    language: str

    def letters(self) -> Iterator[Make]:
        """Yield the examples, the ordinary ones first."""
        ordinary = (
            _Told(days=-3, row=1, next=(_A.DEPUTY_DIRECTOR, "dung")),
            _Told(days=0, row=2, next=(_A.OWNER, "an")),
            _Told(days=5, row=3, next=(_A.OWNER, "an")),
            _Told(days=4, row=4, audience=_A.CO_OWNER),
            *(_Told(days=6, row=row, period="Q1") for row in (5, 6)),
        )
        files = ("du-thao.docx",)
        yield self.digest("an", ordinary, files=files, calendar_files=(PUBLISHED_FILE, "viec-da-xong.ics"))
        yield self.welcome("an", self.own_tasks())
        yield self.summary()
        yield self.alarm()
        yield self.test()
        yield self.password(Cause.INVITED)
        yield self.password(Cause.RESET)
        yield self.account()
        yield from self.rare()

    def rare(self) -> Iterator[Make]:
        sections = (
            _Told(days=-3),
            _Told(days=0),
            _Told(days=5, audience=_A.COORDINATOR, why="request_undecided", more=self._request()),
            _Told(days=5),
            _Told(days=5, audience=_A.CO_OWNER),
            _Told(days=-3, audience=_A.COORDINATOR),
        )
        for told in sections:
            reader = "chi" if told.audience is _A.COORDINATOR else "an"
            yield self.digest(reader, [told])
            yield self.digest(reader, [replace(told, row=row) for row in (1, 2)])
        everything = [replace(told, row=row) for row, told in enumerate(sections, 1)]
        yield self.digest("chi", everything)
        yield self.digest("an", [sections[0], replace(sections[1], plan=_OTHER)])
        yield self.digest("an", [_Told(days=5, period="Q1")])
        yield self.digest("an", [_Told(days=5, row=row) for row in range(1, 63)])
        for told in self.reasons():
            yield self.digest(self._reader(told), [told])
        for told in self.notes():
            yield self.digest("an", [told])
        yield self.digest("an", [_Told(days=-1)])
        yield self.digest("binh", [_Told(days=2, next=(_A.OWNER, "an"))])
        yield self.digest("an", [_Told(days=1)])
        sunday = self.today + timedelta(days=6 - self.today.weekday())
        friday = self.calendar.previous_working(sunday)
        yield self.digest("an", [_Told(days=0, due=friday)], on=sunday)
        saturday = sunday - timedelta(days=1)
        yield self.digest("an", [_Told(days=0, due=sunday)], on=saturday)
        yield self.welcome("an", [own for own in self.own_tasks() if own.role is Role.CO_OWNER])
        yield self.welcome("binh", self.own_tasks(), absent="an")

    def reasons(self) -> Iterator[_Told]:
        ways = [(own, route) for own in (_A.OWNER, _A.CO_OWNER) for route in _ROUTES]
        ways += [(audience, "") for audience in _CHAIN] + [(_A.HEAD, "one_up")]
        for audience, route in ways:
            told = _Told(days=2, audience=audience, route=route)
            yield told
            yield replace(told, absence=SUBSTITUTE)
            yield replace(told, absence="head")

    def notes(self) -> Iterator[_Told]:
        due = self._due(3)
        rest = self.today + timedelta(days=6 - self.today.weekday() + 7)  # a Sunday
        yield _Told(days=5, why="triggered")
        yield _Told(days=5, why="returned")
        yield _Told(days=3, more={"first_due": due - timedelta(days=30)})
        yield _Told(days=0, due=rest, more={"lapses": self.calendar.next_working(rest)})
        yield _Told(days=0, due=rest)
        yield _Told(days=3, next=(_A.HEAD, "binh"))
        yield _Told(days=3, next=(_A.OWNER, "binh"))

    def digest(
        self,
        reader: str,
        lines: Iterable[_Told],
        *,
        on: date | None = None,
        files: tuple[str, ...] = (),
        calendar_files: tuple[str, ...] = (),
    ) -> Make:
        links, items = Links(_MARK).marked("vi-du"), [self._item(told, n) for n, told in enumerate(lines, 1)]

        def compose(words: OwnWords) -> Letter:
            letter = compose_digest(
                self._addressee(reader, words),
                items,
                as_of=on or self.today,
                calendar=self.calendar,
                links=links,
                files=files,
                calendar_files=calendar_files,
            )
            return _shown(letter, links)

        return compose

    def welcome(self, reader: str, own: Iterable[OwnTask], *, absent: str = "") -> Make:
        links, tasks = Links(_MARK).marked("vi-du"), tuple(own)
        absence = Absence(person=absent, first=self.today, last=self._due(5)) if absent else None

        def compose(words: OwnWords) -> Letter:
            addressee = replace(self._addressee(reader, words), absence=absence)
            letter = compose_welcome(addressee, tasks, plan=_PLAN, unit="KT", as_of=self.today, links=links)
            return _shown(letter, links)

        return compose

    def summary(self) -> Make:
        task = self._task(1, _PLAN)
        figures = SummaryFigures(
            plan=_OTHER,
            period=f"{self.today.year}-Q1",
            as_of=self.today,
            sentence="…",
            done=52,
            total=54,
            counts={sentence(f"standing_{kind}", self.language): 9 for kind in StandingKind},
            worst=[(task, self._due(-9))],
            files=("bao-cao.docx",),
        )
        return lambda words: compose_summary(self._addressee("giang", words), figures, links=Links(_MARK))

    def alarm(self) -> Make:
        at = datetime.combine(self.today, time(9, 15))
        gaps = (f"{_PLAN.number}/1: …",)
        return lambda words: compose_alarm(self._addressee("chi", words), gaps, at=at, links=Links(_MARK))

    def test(self) -> Make:
        at = datetime.combine(self.today, time(9))
        facts = TrialFacts(
            at=at, way="smtp.example.vn:587", sender="dondoc@example.vn", message_id="<vi-du@example.vn>"
        )
        return lambda words: compose_test(self._addressee("chi", words), facts, links=Links(_MARK))

    def password(self, cause: Cause) -> Make:
        at, links = datetime.combine(self.today, time(9)), Links(_MARK).marked("vi-du")
        facts = PasswordFacts(cause=cause, by=_PEOPLE["chi"].name, asked=at, until=at + timedelta(hours=2))
        return lambda words: _shown(compose_password(self._addressee("an", words), facts, links=links), links)

    def account(self) -> Make:
        at = datetime.combine(self.today, time(9), tzinfo=UTC)
        found = [
            Happened(what=what, by="chi", at=at, name="trục liên thông", until=self.today)
            for what in ACCOUNT_NEWS
        ]
        found += [replace(found[0], by=by) for by in ("an", "office")]
        return lambda words: compose_account(self._addressee("an", words), found, zone=UTC)

    def own_tasks(self) -> tuple[OwnTask, ...]:
        """Return a unit's tasks of every kind a welcome tells apart."""
        sheet, ahead, gone = self._due(20), self._due(12), self._due(-12)
        cut_off = Occurrence(
            key=str(sheet), due=sheet, lapses=sheet, origin=Origin.CUT_OFF, period=self._period
        )
        planned = {
            1: [Occurrence(key=str(ahead), due=ahead, lapses=ahead, origin=Origin.PRINTED)],
            2: [cut_off],
            3: [cut_off],
            4: [Occurrence(key=str(gone), due=gone, lapses=gone, origin=Origin.PRINTED)],
        }
        words = {5: "Khi có hướng dẫn của cấp trên"}
        owned = [
            replace(
                self._task(row, _PLAN),
                planned=tuple(planned.get(row, ())),
                deadline=Deadline(text=words.get(row, ""), kind=Kind.WHEN),
            )
            for row in range(1, 7)
        ]
        return (
            *(OwnTask(task=task, role=Role.OWNER) for task in owned),
            OwnTask(task=self._task(7, _PLAN), role=Role.CO_OWNER),
        )

    @property
    def _period(self) -> str:
        return f"{self.today.year}-Q1"

    def _due(self, days: int) -> date:
        return self.calendar.add_working_days(self.today, days)

    def _request(self) -> Mapping[str, object]:
        return {"request": Request(on=self._due(-4), by="an", to=self._due(20), reason="…")}

    def _addressee(self, reader: str, words: OwnWords) -> Addressee:
        return Addressee(
            person=replace(_PEOPLE[reader], language=self.language), directory=_DIRECTORY, words=words
        )

    @staticmethod
    def _reader(told: _Told) -> str:
        return "binh" if told.absence else _READERS.get(told.audience, "an")

    def _task(self, row: int, plan: PlanRef) -> TaskFacts:
        return TaskFacts(
            id=f"{plan.number}/{row}",
            row=row,
            text=_TEXTS[row % len(_TEXTS)],
            product="Báo cáo",
            deadline=Deadline(text="", kind=Kind.BY),
        )

    def _item(self, told: _Told, number: int) -> Item:
        task, due = self._task(told.row, told.plan), told.due or self._due(told.days)
        key = ShareKey(task.id, due.isoformat(), "KT")
        values: dict[str, object] = {"lapses": due, "first_due": due, "epoch_began": self._due(-30)}
        share = Share(
            key=key,
            role=Role.CO_OWNER if told.audience is _A.CO_OWNER else Role.OWNER,
            due=due,
            period=f"{self.today.year}-{told.period}" if told.period else None,
            **(values | dict(told.more)),  # type: ignore[arg-type]
        )
        person = "an" if told.audience in (_A.OWNER, _A.CO_OWNER) else _READERS[told.audience]
        notice = Notice(
            key=NoticeKey(key, 1, "-5", person),
            fire_on=self.today,
            state=NoticeState.WAITING,
            audience=told.audience,
            why=told.why,
            route=told.route,
        )
        step = NextStep(self._due(3), "+1", *told.next) if told.next else None
        return Item(
            notice=notice,
            task=replace(task, shares={key: share}),
            share=share,
            plan=told.plan,
            next=step,
            id=number,
            receiver=self._receiver(told, person),
        )

    def _receiver(self, told: _Told, person: str) -> Receiver | None:
        if not told.absence:
            return None
        return Receiver(
            _PEOPLE["binh"], told.absence, Absence(person=person, first=self.today, last=self._due(5))
        )


def _shown(letter: Letter, links: Links) -> Letter:
    """Return the letter as it may be shown: nobody can act by it."""
    return replace(
        letter,
        text=without_tokens(letter.text, links.mark),
        html=without_tokens(letter.html, links.mark),
    )
