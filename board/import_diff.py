"""What an uploaded document would change in a plan there is: shown whole before it is put into force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from board.import_rows import units_words
from board.view import View
from notifications.wording import problem_sentence
from storage.differing import Difference
from storage.schema import PlanRow
from tasks_catalog.changes import Matched
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory


@dataclass(frozen=True, kw_only=True)
class FieldShown:
    """One field's words before and after."""

    name: str
    before: str
    after: str
    moves: bool
    """It is the deadline: dates move, and reminders count anew."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One task that changes, and the units it concerns."""

    row: int
    text: str
    href: str = ""
    fields: tuple[FieldShown, ...] = ()
    deadline: str = ""
    units: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MayBe:
    """A row of the document that may be a task of the plan."""

    read: int
    known: int
    likeness: int
    text: str
    was: str
    same: bool
    """Somebody has said that it is."""

    @property
    def value(self) -> str:
        return f"{self.known}={self.read}"


@dataclass(frozen=True, kw_only=True)
class DiffShown:
    """The difference, or that there is none."""

    number: str
    plan_href: str
    same_file: bool
    is_nothing: bool
    ended: bool
    counted: str
    new: tuple[Changed, ...]
    altered: tuple[Changed, ...]
    dropped: tuple[Changed, ...]
    closed: tuple[Changed, ...]
    may_be: tuple[MayBe, ...]
    partial: bool
    same: tuple[str, ...]
    must_confirm: int
    """How many would be dropped, where that is most of the plan; 0 where it is not."""
    told: str
    """Whom it concerns, and that nobody is written to by it."""
    values: Mapping[str, str] = field(default_factory=dict)


def diff_shown(
    plan: PlanRow,
    found: Difference,
    view: View,
    *,
    sha256: str,
    same: Mapping[int, int],
    values: Mapping[str, str],
) -> DiffShown:
    changes, read = found.changes, found.read
    concerned: list[str] = []
    new = tuple(
        Changed(
            row=row,
            text=read[row].text,
            deadline=read[row].deadline or "–",
            units=_units(row, found, view, concerned),
            doubts=_doubts(row, found, view),
        )
        for row in changes.new
    )
    altered = tuple(_altered(match, plan, found, view, concerned) for match in changes.altered)
    dropped = tuple(_known(row, plan, found, view) for row in changes.dropped)
    concerned += [found.known[row].lead for row in changes.dropped]
    told = "; ".join(dict.fromkeys(name for name in concerned if name))
    return DiffShown(
        number=plan.number,
        plan_href=view.plan_link(plan.number),
        same_file=plan.source_sha256 == sha256,
        is_nothing=changes.is_nothing,
        ended=plan.state == "ended",
        counted=view.say(
            "import_diff_counts",
            new=len(new),
            altered=len(altered),
            dropped=len(dropped),
            same=len(changes.same),
        ),
        new=new,
        altered=altered,
        dropped=dropped,
        closed=tuple(_known(match.known, plan, found, view) for match in changes.closed),
        may_be=tuple(_may_be(found, same)),
        partial=found.partial,
        same=tuple(f"{known}={row}" for row, known in same.items()),
        must_confirm=len(changes.dropped) if changes.drops_most else 0,
        told=view.say("import_diff_told", units=told) if told else "",
        values=values,
    )


def _altered(match: Matched, plan: PlanRow, found: Difference, view: View, concerned: list[str]) -> Changed:
    known = _known(match.known, plan, found, view)
    fields = tuple(
        FieldShown(
            name=view.say(f"revision_field_{change.field}"),
            before=change.before or "–",
            after=change.after or "–",
            moves=change.field == "deadline",
        )
        for change in match.fields
    )
    telling = {"deadline", "lead", "cooperating"} & {change.field for change in match.fields}
    units = _units(match.read, found, view, concerned if telling else [])
    return Changed(
        row=known.row,
        text=known.text,
        href=known.href,
        fields=fields,
        units=units,
        doubts=_doubts(match.read, found, view),
    )


def _known(row: int, plan: PlanRow, found: Difference, view: View) -> Changed:
    words = found.known[row]
    return Changed(
        row=row,
        text=words.text,
        href=view.links.task(plan.number, row),
        deadline=words.deadline or "–",
        units=words.lead,
    )


def _units(row: int, found: Difference, view: View, concerned: list[str]) -> str:
    directory: Directory = view.directory
    owners = found.intake.owners[row]
    concerned += units_words(iter(owners), directory, view)
    lead = (owner for owner in owners if owner.role is Role.OWNER)
    return "; ".join(units_words(lead, directory, view))


def _doubts(row: int, found: Difference, view: View) -> tuple[str, ...]:
    return tuple(problem_sentence(problem, view.language) for problem in found.intake.problems[row])


def _may_be(found: Difference, same: Mapping[int, int]) -> Iterator[MayBe]:
    """Yield the doubts, and those already answered, so that an answer can be taken back."""
    for row, known in same.items():
        yield _maybe(row, known, 100, found, same=True)
    for doubt in found.changes.doubts:
        yield _maybe(doubt.read, doubt.candidates[0], doubt.likeness, found, same=False)


def _maybe(row: int, known: int, likeness: int, found: Difference, *, same: bool) -> MayBe:
    text, was = found.read[row].text, found.known[known].text
    return MayBe(read=row, known=known, likeness=likeness, text=text, was=was, same=same)


def pairs_of(typed: Iterable[str]) -> dict[int, int]:
    """Read "12=14", plan's row = document's row, as the form posts it; what is no pair is left out."""
    found: dict[int, int] = {}
    for text in typed:
        known, _, read = text.partition("=")
        if known.isascii() and known.isdigit() and read.isascii() and read.isdigit() and len(text) < 16:
            found[int(read)] = int(known)
    return found
