"""The desk: what a person asks for, made into a decision that carries its dates, and recorded.

The command line, the board and answers by mail all come through here to the journal. Dates that
depend on the calendar (the last on-time day, the date after a wait) are worked out here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Literal

from sqlalchemy.orm import Session

from storage import journal, tasks
from storage.people import load_directory
from storage.schema import PlanRow, TaskRow
from tasks_catalog.allowed import needs_leaders_paper
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.decisions import (
    Accept,
    Acknowledge,
    AskExtension,
    Close,
    Correct,
    DecideExtension,
    Decision,
    DecisionRefused,
    Measure,
    Reassign,
    Reopen,
    Report,
    Resume,
    Return,
    SayArisen,
    SetAside,
    Snooze,
    Trigger,
    Wait,
)
from tasks_catalog.facts import ClosingKind, Document, Evidence, Share, TaskFacts
from tasks_catalog.figures import Figure, read_figures
from tasks_catalog.intake import shares_owed
from tasks_catalog.occurrence import Occurrence, Origin, Role, lapse_of, moved_by_wait
from tasks_catalog.people import Directory, Post
from tasks_catalog.problem import Refused
from tasks_catalog.resolve import find_unit
from tasks_catalog.targets import targets_of
from tasks_catalog.task import PlanSettings

CorrectField = Literal["text", "product", "section", "group", "targets"]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One person at work on the record, within one transaction. ``at`` is aware; its day is local."""

    session: Session
    organisation_id: int
    calendar: WorkCalendar
    at: datetime
    by: str
    document: Document | None = None
    note: str = ""
    via: str = ""
    """How it was told, where it was not at a command or a page: the journal's remark says so."""
    known: Directory | None = None
    """The directory, where it was loaded already."""

    def report(
        self,
        task_id: str,
        unit: str | None = None,
        *,
        product_date: date | None = None,
        evidence: Iterable[Evidence] = (),
        occurrence: str | None = None,
        figures: Iterable[str] = (),
    ) -> TaskFacts:
        """Report the unit's share done: of the occurrence named, else the oldest one still open.

        ``figures`` are what was reached of the task's targets, as typed: "97,5", "2=24.635/24.641".
        """
        proofs, reached = tuple(evidence), self._figures(task_id, figures)
        return self._on_share(
            task_id,
            unit,
            occurrence,
            lambda share: share.is_live,
            lambda share: Report(
                share=share.key,
                product_date=product_date,
                evidence=proofs,
                note=self.note,
                figures=reached,
            ),
        )

    def measure(
        self,
        task_id: str,
        unit: str | None = None,
        *,
        figures: Iterable[str],
        occurrence: str | None = None,
    ) -> TaskFacts:
        """Record figures of the task's targets, or better ones: of the occurrence named, else of the
        oldest still open, else of the latest one reported.
        """
        reached = self._figures(task_id, figures)
        if not reached:
            raise DecisionRefused("figure_needed", task=task_id)
        return self._on_share(
            task_id,
            unit,
            occurrence,
            lambda share: share.is_live,
            lambda share: Measure(share=share.key, figures=reached),
            else_latest=True,
        )

    def accept(
        self,
        task_id: str,
        unit: str | None = None,
        *,
        product_date: bool = False,
        occurrence: str | None = None,
    ) -> TaskFacts:
        """Accept a report; with ``product_date`` its document's date decides lateness.

        Where the plan asks for a leader's word, somebody else accepts only on the leader's document.
        """
        if self.document is None and needs_leaders_paper(self._task(task_id)[2], self._post()):
            raise DecisionRefused("leaders_paper_needed", task=task_id)
        return self._on_share(
            task_id,
            unit,
            occurrence,
            _to_confirm,
            lambda share: Accept(share=share.key, product_date_counts=product_date),
        )

    def return_(
        self, task_id: str, unit: str | None = None, *, due: date | None = None, occurrence: str | None = None
    ) -> TaskFacts:
        """Return a report with its reason (``note``)."""
        if not self.note:
            raise DecisionRefused("reason_needed", decision="return")
        lapses = self._printed_lapse(task_id, due) if due else None
        return self._on_share(
            task_id,
            unit,
            occurrence,
            lambda share: share.is_done,
            lambda share: Return(share=share.key, reason=self.note, due=due, lapses=lapses),
        )

    def acknowledge(
        self, task_id: str, unit: str | None = None, *, expected: date, occurrence: str | None = None
    ) -> TaskFacts:
        """Say that the unit is on it, and by when."""
        return self._on_live(
            task_id, unit, lambda share: Acknowledge(share=share.key, expected=expected), occurrence
        )

    def ask_extension(
        self, task_id: str, unit: str | None = None, *, to: date, occurrence: str | None = None
    ) -> TaskFacts:
        """Ask for more time, with the reason in ``note``."""
        if not self.note:
            raise DecisionRefused("reason_needed", decision="ask_extension")
        return self._on_live(
            task_id, unit, lambda share: AskExtension(share=share.key, to=to, reason=self.note), occurrence
        )

    def grant_extension(
        self,
        task_id: str,
        unit: str | None = None,
        *,
        to: date | None = None,
        occurrence: str | None = None,
    ) -> TaskFacts:
        """Grant more time, as asked for or to the date given; the document is part of the record."""
        if self.document is None:
            raise DecisionRefused("document_needed", decision="decide_extension")

        def granted(share: Share) -> Decision:
            until = to or (share.request.to if share.request else None)
            lapses = self._printed_lapse(task_id, until) if until else None
            return DecideExtension(share=share.key, granted=True, to=until, lapses=lapses, reason=self.note)

        return self._on_live(task_id, unit, granted, occurrence)

    def refuse_extension(
        self, task_id: str, unit: str | None = None, *, occurrence: str | None = None
    ) -> TaskFacts:
        """Refuse a request for more time."""

        def refused(share: Share) -> Decision:
            return DecideExtension(share=share.key, granted=False, reason=self.note)

        return self._on_live(task_id, unit, refused, occurrence)

    def wait(self, task_id: str, unit: str | None = None, *, occurrence: str | None = None) -> TaskFacts:
        """Record that the product was submitted to a higher authority: the clock stops."""
        return self._on_live(task_id, unit, lambda share: Wait(share=share.key), occurrence)

    def resume(self, task_id: str, unit: str | None = None, *, occurrence: str | None = None) -> TaskFacts:
        """End a wait; the date moves by the working days waited."""

        def resumed(share: Share) -> Decision:
            if share.waiting is None:
                raise DecisionRefused("share_not_waiting", task=task_id, unit=share.key.unit)
            moved = partial(moved_by_wait, since=share.waiting.since, until=self.on, calendar=self.calendar)
            return Resume(share=share.key, due=moved(share.due), lapses=moved(share.lapses))

        return self._on_live(task_id, unit, resumed, occurrence)

    def snooze(
        self, task_id: str, unit: str | None = None, *, until: date, occurrence: str | None = None
    ) -> TaskFacts:
        """Keep reminders (not escalation) quiet until a day; no deadline moves."""
        if until <= self.on:
            raise DecisionRefused("snooze_over", until=until, today=self.on)
        return self._on_live(task_id, unit, lambda share: Snooze(share=share.key, until=until), occurrence)

    def trigger(self, task_id: str, *, due: date) -> TaskFacts:
        """Record that a condition arose: from now on the task owes its product by ``due``."""
        if self.document is None:
            raise DecisionRefused("document_needed", decision="trigger")
        row, facts, settings = self._task(task_id)
        occurrence = Occurrence(
            key=due.isoformat(),
            due=due,
            lapses=lapse_of(due, Origin.TRIGGER, settings, self.calendar),
            origin=Origin.TRIGGER,
        )
        shares = shares_owed(facts.owners, self.directory, settings)
        if not shares:
            raise DecisionRefused("owner_missing", task=task_id)
        return self._record(row, Trigger(occurrence=occurrence, shares=shares))

    def say_arisen(self, task_id: str, unit: str, *, arose: date) -> TaskFacts:
        """Record that a unit says the condition arose (words in ``note``); nothing is due by it."""
        row, facts, settings = self._task(task_id)
        code = self._unit_code(unit, self.directory)
        owed = shares_owed(facts.owners, self.directory, settings)
        if not any(share.unit == code and share.role is Role.OWNER for share in owed):
            raise DecisionRefused("arisen_not_its_task", task=task_id, unit=code)
        if not self.note:
            raise DecisionRefused("arisen_words_needed", task=task_id)
        return self._record(row, SayArisen(unit=code, arose=arose, words=self.note))

    def set_aside(self, task_id: str, unit: str | None = None) -> TaskFacts:
        """Record that what units said of the condition does not start the task, with the reason."""
        if not self.note:
            raise DecisionRefused("reason_needed", decision="set_aside")
        code = self._unit_code(unit, self.directory) if unit else None
        return self._record(self._task(task_id)[0], SetAside(reason=self.note, unit=code))

    def close(self, task_id: str, closing: ClosingKind) -> TaskFacts:
        """Close (or suspend) a task on a document."""
        return self._record(self._task(task_id)[0], Close(closing=closing))

    def reopen(self, task_id: str) -> TaskFacts:
        """Take up a closed or suspended task again."""
        return self._record(self._task(task_id)[0], Reopen(reason=self.note))

    def reassign(
        self, task_id: str, *, from_unit: str, to_unit: str, officer: str | None = None
    ) -> TaskFacts:
        """Move the work to another unit, or within a unit to another officer."""
        directory = self.directory
        if officer is not None and directory.person(officer) is None:
            raise Refused("person_unknown", person=officer)
        decision = Reassign(
            from_unit=self._unit_code(from_unit, directory),
            to_unit=self._unit_code(to_unit, directory),
            officer=officer,
        )
        return self._record(self._task(task_id)[0], decision)

    def correct(self, task_id: str, field: CorrectField, value: str) -> TaskFacts:
        """Put a clerical error right, or how a target was read; the words as printed stay on record."""
        targets = targets_of(value) if field == "targets" else ()
        if field == "targets" and value.strip() and not targets:
            raise DecisionRefused("targets_unreadable", words=value)
        return self._record(self._task(task_id)[0], Correct(field=field, value=value, targets=targets))

    @property
    def on(self) -> date:
        return self.at.date()

    @property
    def directory(self) -> Directory:
        return self.known or load_directory(self.session, self.organisation_id)

    def _post(self) -> Post:
        """The post of who decides; what the office does by itself it does as the coordinator would."""
        person = self.directory.person(self.by)
        return person.post if person else Post.COORDINATOR

    def _task(self, task_id: str) -> tuple[TaskRow, TaskFacts, PlanSettings]:
        row = tasks.task_or_refuse(self.session, self.organisation_id, task_id)
        plan = self.session.get_one(PlanRow, row.plan_id)
        return row, tasks.facts_of_task(self.session, row), tasks.settings_of(plan)

    def _figures(self, task_id: str, words: Iterable[str]) -> tuple[Figure, ...]:
        typed = tuple(words)
        return read_figures(typed, self._task(task_id)[1].targets, task=task_id) if typed else ()

    def _on_live(
        self,
        task_id: str,
        unit: str | None,
        make: Callable[[Share], Decision],
        occurrence: str | None = None,
    ) -> TaskFacts:
        return self._on_share(task_id, unit, occurrence, lambda share: share.is_live, make)

    def _on_share(
        self,
        task_id: str,
        unit: str | None,
        occurrence: str | None,
        fits: Callable[[Share], bool],
        make: Callable[[Share], Decision],
        *,
        else_latest: bool = False,
    ) -> TaskFacts:
        """Record a decision on the share meant: the oldest of the unit's that it can be about.

        Where none fits, the core is to refuse the oldest; with ``else_latest`` the latest is meant.
        """
        row, facts, _ = self._task(task_id)
        code = self._unit_code(unit, self.directory) if unit else None
        shares = [
            share
            for share in facts.current_shares
            if share.key.unit == (code or share.key.unit) and occurrence in (None, share.key.occurrence)
        ]
        if code is None:  # who names no unit means the owner's share
            shares = [share for share in shares if share.role is Role.OWNER] or shares
        return self._record(row, make(_the_share(task_id, unit, shares, fits, else_latest=else_latest)))

    def _record(self, row: TaskRow, decision: Decision) -> TaskFacts:
        return journal.record(
            self.session,
            row,
            decision,
            by=self.by,
            at=self.at,
            on=self.on,
            document=self.document,
            note=self.remark(self.note),
        )

    def remark(self, note: str) -> str:
        """Return the journal's remark: what was said, and how it came."""
        return f"{note} ({self.via})".strip() if self.via else note

    def _printed_lapse(self, task_id: str, due: date) -> date:
        return lapse_of(due, Origin.PRINTED, self._task(task_id)[2], self.calendar)

    def _unit_code(self, name: str, directory: Directory) -> str:
        unit = directory.unit(name)
        if unit is not None:
            return unit.code
        ref = find_unit(name, directory)
        if ref is None or ref.collective:
            known = ", ".join(unit.code for unit in directory.units)
            raise Refused("unit_not_known", name=name, known=known)
        return ref.code


def _to_confirm(share: Share) -> bool:
    return share.is_done and share.accepted_on is None


def _the_share(
    task_id: str,
    unit: str | None,
    shares: list[Share],
    fits: Callable[[Share], bool],
    *,
    else_latest: bool,
) -> Share:
    """Return the oldest share that fits; where no unit is named there must be one unit only."""
    if not shares:
        raise DecisionRefused("share_unknown", task=task_id, unit=unit or "?", occurrence="?")
    fitting = sorted((share for share in shares if fits(share)), key=lambda share: share.due)
    units = sorted({share.key.unit for share in fitting or shares})
    if unit is None and len(units) > 1:
        raise DecisionRefused("unit_needed", task=task_id, units=", ".join(units))
    if else_latest and not fitting:
        return max(shares, key=lambda share: share.due)
    return (fitting or sorted(shares, key=lambda share: share.due))[0]
