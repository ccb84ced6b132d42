"""A plan handed in, as the API tells it and is told of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from board.api.bodies import Words
from board.api.parts import WHOLE, Day
from board.api.values import OwnerOut, QuestionOut, Value


class ImportOut(Value):
    """A document handed in: its plan as read and answered so far; nothing is a plan before ``confirm``."""

    id: int = Field(description="Its own number, in its addresses.")
    name: str
    size: int
    sha256: str
    at: datetime
    state: Literal["read", "imported", "revised", "set_aside"]
    number: str = Field(description="The plan's number; empty where none is known yet.")
    issued: date | None
    title: str
    label: str
    year: int
    year_assumed: bool = Field(description="Told by nothing but the deadlines: somebody should look at it.")
    ready: bool = Field(description="Number and day of issue are known, so that it can be confirmed.")
    plan: str | None = Field(description="What it became, or the plan of this number there is already.")
    tasks: int
    unreadable: int = Field(description="Rows of the document that could be read as nothing.")
    asked: int = Field(description="Rows that asked something.")
    open: int = Field(description="Those no answer settles yet; confirmed so, they wait inactive.")


class RowAnswerOut(Value):
    """The answer kept for a row."""

    deadline: str | None
    accept: bool
    owners: list[str]
    co_owners: list[str]


class ImportRowOut(Value):
    """One task of a document as it would be kept now."""

    row: int
    place: str = Field(description="Where it stands in the document.")
    stt: str
    section: str
    text: str
    product: str
    deadline: dict[str, Any] = Field(description="As ``dondoc deadline --json`` prints it.")
    owners: list[OwnerOut]
    questions: list[QuestionOut] = Field(description="What it still asks.")
    settled: list[QuestionOut] = Field(description="What an answer has settled.")
    notes: list[QuestionOut] = Field(description="What was made of doubtful words; asks nothing.")
    answer: RowAnswerOut | None
    fault: QuestionOut | None = Field(description="Why the answer kept no longer fits.")


class ImportNameOut(Value):
    """A name of units the directory does not know, and what it was said to mean."""

    name: str
    rows: list[int]
    question: QuestionOut
    unit: str | None
    learn: bool | None
    fault: QuestionOut | None


class ImportRows(ImportOut):
    """The same with names asked about and a page of rows. Follow next until it is null."""

    problems: list[QuestionOut] = Field(description="Doubts about the document as a whole.")
    names: list[ImportNameOut]
    rows: list[ImportRowOut]
    next: str | None = Field(description="Address of the rows behind these.")


class HeadSaid(BaseModel):
    """Say what plan a document handed in is. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")] | None = None
    issued: Day | None = None
    title: Words | None = None
    label: Annotated[str, Field(max_length=200)] | None = None
    year: Annotated[int, Field(ge=2016, le=2039), WHOLE] | None = None


class RowSaid(BaseModel):
    """An answer to a row: its deadline in plain words, or as proposed; its units. Empty: taken back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    row: Annotated[int, Field(ge=1, le=1_000_000), WHOLE]
    deadline: Words = ""
    accept: bool = Field(default=False, description="Take the reading that is proposed.")
    owners: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=200)
    co_owners: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=200)


class NameSaid(BaseModel):
    """What a name means: a unit's or collective wording's code or name. Without: taken back."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    unit: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")] | None = None
    learn: bool = Field(default=True, description="The directory keeps the name from now on.")


class Answers(BaseModel):
    """Answer what names and rows ask, all or nothing."""

    model_config = ConfigDict(extra="forbid", strict=True)

    names: list[NameSaid] = Field(default=[], max_length=100)
    rows: list[RowSaid] = Field(default=[], max_length=200)
