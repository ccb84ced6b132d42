"""What each act is told: one model an act, by the names the board's own forms have.

A body is a form by other means: ``posted`` makes it one, so that the same deed of the same table
(``board.share_doings``, ``board.task_doings``) records it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from board.api.parts import WHOLE, Day
from board.forms import Posted, text_typed
from storage.files import Handed

Words = Annotated[str, Field(max_length=4000)]
NeededWords = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]
Code = Annotated[str, Field(min_length=1, max_length=60)]


class Document(BaseModel):
    """A document by its number and date of issue."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S", examples=["123/SCT-VP"])]
    issued: Day | None = None


class Figure(BaseModel):
    """What was reached of one target of the task, counted from 1: "97,5", "24.635/24.641"."""

    model_config = ConfigDict(extra="forbid", strict=True)

    target: Annotated[int, Field(ge=1, le=100), WHOLE]
    value: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S", examples=["97,5"])]


class Body(BaseModel):
    """What every act may say."""

    model_config = ConfigDict(extra="forbid", strict=True)

    seen: Annotated[int, Field(ge=0, le=2**53), WHOLE] | None = Field(
        default=None,
        description="The last line of the journal that was seen; 409 where something was recorded since.",
    )

    def fields(self) -> dict[str, tuple[str, ...]]:
        """Return the fields of the board's form; what is left out is not there."""
        found: dict[str, tuple[str, ...]] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            match value:
                case Document():
                    found["document"] = (value.number,)
                    if value.issued:
                        found["issued"] = (value.issued.isoformat(),)
                case True:
                    found[name] = ("1",)
                case None | False:
                    pass
                case list() if value and isinstance(value[0], Figure):
                    found |= {f"figure-{one.target}": (one.value,) for one in value}
                case list():
                    found[name] = tuple(dict.fromkeys(value))  # a unit named twice owns once
                case _ if name not in ("seen", "files"):
                    found[name] = (str(value),)
        return {name: tuple(text_typed(value) for value in values) for name, values in found.items()}

    def posted(self, files: tuple[Handed, ...] = ()) -> Posted:
        """Return what a browser would have posted."""
        return Posted(self.fields(), {"files": files} if files else {})


class Noted(Body):
    """An act that may carry a remark."""

    note: Words = Field(default="", description="A remark.")


class Accept(Noted):
    """Accept the report."""

    product_date: bool = Field(default=False, description="The document's date decides lateness.")
    document: Document | None = Field(
        default=None, description="A leader's paper, where the plan asks for one."
    )


class Grant(Noted):
    """Give more time, by a document."""

    to: Day
    document: Document


class RefuseTime(Body):
    """Refuse the request for more time, with the reason."""

    note: NeededWords
    document: Document | None = None


class Resume(Noted):
    """End the wait: the date moves by the working days waited."""

    document: Document | None = None


class Report(Noted):
    """Report the share done: by a document, files, words, or several of them."""

    document: Document | None = None
    files: list[Annotated[str, Field(min_length=1, max_length=1000)]] = Field(
        default=[], max_length=5, description="Files handed in at /v1/files, each by its ``file``."
    )
    figures: list[Figure] = Field(default=[], max_length=100)


class Return(Body):
    """Return the report, with the reason and perhaps a new date."""

    note: NeededWords
    due: Day | None = None


class Progress(Noted):
    """Say that the unit is on it, and by when."""

    expected: Day


class Measure(Body):
    """Give figures of the task's targets, or better ones."""

    figures: list[Figure] = Field(min_length=1, max_length=100)
    document: Document | None = None


class Extend(Body):
    """Ask for more time, with the reason."""

    to: Day
    note: NeededWords


class Wait(Noted):
    """Say that the product lies with a higher authority, by the document it was submitted with."""

    document: Document


class HandOver(Noted):
    """Hand the share to an officer of the unit; null: to nobody in particular."""

    officer: Code | None


class Snooze(Noted):
    """Keep reminders quiet until a day; no deadline moves."""

    until: Day


class Settle(Body):
    """Answer what the row asks: how its deadline is to be read, which units it means."""

    deadline: Words = ""
    accept: bool = Field(default=False, description="As the reading proposes.")
    owners: list[Code] = Field(default=[], max_length=200, description="Codes of units or groups.")
    co_owners: list[Code] = Field(default=[], max_length=200)
    document: Document | None = None


class Reopen(Body):
    """Take up a closed or suspended task again, with the reason."""

    note: NeededWords
    document: Document | None = None


class Trigger(Noted):
    """Record that the condition arose: the task owes its product from now on."""

    due: Day
    document: Document


class SetAside(Body):
    """Say why what units told of the condition does not start the task."""

    note: NeededWords


class Correct(Noted):
    """Put clerical errors right; the words as printed stay on record. What is left out stays as it is."""

    text: Words | None = None
    product: Words | None = None
    section: Words | None = None
    group: Words | None = None
    targets: Words | None = Field(default=None, description="Targets as written, parted by ';'.")
    document: Document | None = None


class Reassign(Noted):
    """Move the task from one unit to another."""

    from_unit: Code
    to_unit: Code
    document: Document | None = None


class Close(Noted):
    """Close or suspend the task by a document."""

    kind: Literal["stopped", "postponed", "not_arisen", "suspended"]
    document: Document


class Arisen(Body):
    """Say, as a unit that owns the task, that what it waits for has arisen; no clock starts by it."""

    arose: Day
    note: NeededWords
    document: Document | None = None


class SheetLineSaid(BaseModel):
    """A line of a sheet that is done, by its task's row and its occurrence."""

    model_config = ConfigDict(extra="forbid", strict=True)

    row: Annotated[int, Field(ge=1, le=1_000_000), WHOLE]
    occurrence: Code
    note: Words = Field(default="", description="A remark.")
    figures: list[Figure] = Field(default=[], max_length=100)


class SheetSaid(BaseModel):
    """Report lines of a period's sheet, all by the same document and files; the others stay open."""

    model_config = ConfigDict(extra="forbid", strict=True)

    lines: list[SheetLineSaid] = Field(min_length=1, max_length=200)
    document: Document | None = None
    files: list[Annotated[str, Field(min_length=1, max_length=1000)]] = Field(
        default=[], max_length=5, description="Files handed in at /v1/files, each by its ``file``."
    )


class Nothing(BaseModel):
    """An act that needs no more words: ``{}``."""

    model_config = ConfigDict(extra="forbid", strict=True)


SHARE_BODIES: Mapping[str, type[Body]] = {
    "accept": Accept,
    "grant": Grant,
    "refuse": RefuseTime,
    "resume": Resume,
    "report": Report,
    "return": Return,
    "progress": Progress,
    "measure": Measure,
    "extend": Extend,
    "wait": Wait,
    "hand_over": HandOver,
    "give_time": Grant,
    "snooze": Snooze,
}
TASK_BODIES: Mapping[str, type[Body]] = {
    "settle": Settle,
    "reopen": Reopen,
    "trigger": Trigger,
    "set_aside": SetAside,
    "correct": Correct,
    "reassign": Reassign,
    "close": Close,
}
