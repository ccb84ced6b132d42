"""What the API answers with: every value by name, nothing besides; words of a plan as the plan has them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

StandingName = Literal["done_on_time", "done_late", "closed", "in_progress", "overdue", "not_arisen"]


class Value(BaseModel):
    """A value of an answer."""

    model_config = ConfigDict(extra="forbid")


class Health(Value):
    """That the office's database answers."""

    status: Literal["ok"]


class Paper(Value):
    """A document, by its number and date of issue."""

    number: str
    issued: date | None


class PersonRef(Value):
    """Who: by code and name where the token's person may know, else by the unit alone."""

    code: str | None = Field(description="null where names of other units are not for this role.")
    name: str


class PlanOut(Value):
    """A plan, and how it stood at a close."""

    number: str
    issued: date
    title: str
    year: int
    state: Literal["imported", "active", "ended"]
    activated_on: date | None
    label: str
    done: int
    total: int
    as_of: date = Field(description="The close that done and total tell.")


class Plans(Value):
    """Every plan of the office, by date of issue."""

    plans: list[PlanOut]


class TallySettings(Value):
    """How it was counted."""

    continuous: str
    not_arisen: str
    regime: str
    derived_dates_slide: bool
    printed_dates_slide: bool


class BySection(Value):
    """The tasks of one section of the plan."""

    section: str
    done: int
    total: int
    standings: dict[StandingName, int]


class ByUnit(Value):
    """The shares of one unit."""

    unit: str
    done: int
    total: int
    standings: dict[StandingName, int]


class TallyOut(Value):
    """What ``dondoc tally --json`` prints: the same values, for ever the same for the same close."""

    plan: str
    as_of: date
    done: int
    total: int
    settings: TallySettings
    standings: dict[StandingName, int]
    by_section: list[BySection]
    by_unit: list[ByUnit]
    targets: dict[str, int]


class Why(Value):
    """How a task stands, and the reason: a code and what its sentence quotes."""

    kind: StandingName
    why: str
    params: dict[str, str]
    since: date | None = Field(description="Of an overdue task: since when.")


class OwnerOut(Value):
    """A unit or a collective wording that the task names."""

    code: str
    role: Literal["owner", "co_owner"]
    collective: bool


class Line(Value):
    """A row of a list: a task, or the share of the unit that was asked for."""

    id: str = Field(examples=["383/KH-SCT/12"])
    plan: str
    row: int
    text: str
    product: str
    section: str
    deadline: str = Field(description="As written in the plan.")
    owners: list[OwnerOut]
    standing: StandingName
    due: date | None
    occurrence: str | None = Field(description="With unit: the occurrence the share is of; else null.")


class TaskList(Value):
    """A page of a list. Follow next until it is null."""

    tasks: list[Line]
    next: str | None = Field(description="Address of the page behind this one.")


class Evidence(Value):
    """What was handed in: a document or a file."""

    text: str
    issued: date | None
    sha256: str | None


class ReportOut(Value):
    """A report on a share."""

    on: date
    product_date: date | None
    note: str
    evidence: list[Evidence]


class RequestOut(Value):
    """A request for more time that nobody has decided."""

    on: date
    to: date
    reason: str


class WaitOut(Value):
    """The product lies with a higher authority."""

    since: date
    document: Paper | None


class ShareOut(Value):
    """What one unit owes for one occurrence."""

    occurrence: str
    unit: str
    role: Literal["owner", "co_owner"]
    due: date
    lapses: date = Field(description="The last day on which it is on time.")
    first_due: date
    epoch: int
    period: str | None
    standing: StandingName
    officer: PersonRef | None
    report: ReportOut | None
    accepted_on: date | None
    waiting: WaitOut | None
    request: RequestOut | None
    expected: date | None
    snoozed_until: date | None
    withdrawn_on: date | None
    seen: int = Field(description="The last line of the journal that bears on it.")
    may: list[str] = Field(description="What the token's person may do to it now, by the acts' names.")


class QuestionOut(Value):
    """What the row still asks before it is tracked."""

    code: str
    params: dict[str, str]
    text: str


class Entry(Value):
    """A line of the journal."""

    id: int
    at: datetime
    on: date
    kind: str
    by: PersonRef
    occurrence: str | None
    unit: str | None
    document: Paper | None
    note: str


class Change(Entry):
    """A line of the journal with what it is about."""

    plan: str
    row: int | None = Field(description="null for a line about the whole plan.")


class Changes(Value):
    """Lines of the journal, oldest first. Keep ``cursor`` and ask again from there."""

    changes: list[Change]
    cursor: int
    next: str | None = Field(description="Address of the lines behind these; null when there are none yet.")


class TaskOut(Value):
    """All that is known of a task."""

    id: str
    plan: str
    row: int
    stt: str
    section: str
    group: str
    objective: str
    text: str
    product: str
    deadline: dict[str, Any] = Field(description="As ``dondoc deadline --json`` prints it.")
    owners: list[OwnerOut]
    active: bool
    standing: Why
    closing: Literal["stopped", "postponed", "not_arisen", "suspended"] | None
    targets: list[str]
    questions: list[QuestionOut]
    shares: list[ShareOut]
    may: list[str] = Field(description="What the token's person may do to the whole task now.")
    seen: int = Field(description="The last line of the journal about the task.")
    history: list[Entry]


class Acted(Value):
    """What was recorded, and the task since."""

    events: list[int] = Field(description="The journal's new lines about the task.")
    task: TaskOut


class SheetLineOut(Value):
    """A line of a sheet: what the unit owes of a task for the period."""

    row: int
    occurrence: str
    task: str = Field(examples=["383/KH-SCT/12"])
    text: str
    product: str
    targets: list[str]
    open: bool = Field(description="Not reported yet.")
    lapses: date = Field(description="The last day on which it is on time.")
    report: ReportOut | None
    before: ReportOut | None = Field(description="What the unit reported for the period before.")


class SheetOut(Value):
    """A unit's sheet for a period: a head sees the whole unit's lines, an officer their own and nobody's."""

    plan: str
    period: str
    unit: str
    due: date
    open: int
    total: int
    lines: list[SheetLineOut]


class SheetSent(Value):
    """How many lines were reported, and the sheet since."""

    reported: int
    sheet: SheetOut


class UnitOut(Value):
    """A unit of the directory."""

    code: str
    name: str
    aliases: list[str]
    kind: str
    gone: bool = Field(description="Merged into others, or split.")


class Units(Value):
    """Every unit of the office."""

    units: list[UnitOut]


class PersonOut(Value):
    """Somebody of the directory, as a coordinator or an administrator sees them."""

    code: str
    name: str
    email: str
    unit: str
    post: str
    title: str
    active: bool


class People(Value):
    """Everybody of the directory."""

    people: list[PersonOut]


class PlanBelowOut(Value):
    """A plan in force of an organisation below."""

    number: str
    as_of: date | None = Field(description="The close its figures tell; null: not counted yet.")
    done: int
    total: int
    overdue: int


class OrganisationBelow(Value):
    """An organisation below; depth 1 is directly below."""

    code: str
    name: str
    depth: int
    done: int
    total: int
    overdue: int
    plans: list[PlanBelowOut]


class BelowOut(Value):
    """Every organisation below, each after its superior; none where nobody is below."""

    organisations: list[OrganisationBelow]
    done: int
    total: int
    overdue: int


class ActivatedOut(Value):
    """A plan started: what was opened, and how many welcome letters wait for the sending hours."""

    plan: str
    on: date
    occurrences: int
    shares: int
    before_tracking: int
    letters: int


class FileOut(Value):
    """A file that is kept. ``file`` names it in a report, for this token's person and for two days."""

    file: str
    name: str
    media_type: str
    size: int
    sha256: str
