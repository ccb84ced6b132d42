"""The ladder on a task's page: who was told, why, what became of it; who hears next if nothing changes."""

from __future__ import annotations

from dataclasses import dataclass

from board.view import View
from storage import ledger, tasks
from storage.ledger import LedgerEntry
from storage.schema import PlanRow
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.ladder import Office, next_step


@dataclass(frozen=True, kw_only=True)
class PastNotice:
    """One line of the ledger: who was to hear what, why, and what became of it."""

    on: str
    rung: str
    who: str
    why: str
    state: str


@dataclass(frozen=True, kw_only=True)
class NextNotice:
    """Who hears next about a share if nothing changes."""

    on: str
    rung: str
    who: str
    unit: str
    why: str


def office_of(plan: PlanRow, view: View) -> Office:
    """Return what the ladder is asked with: the directory, the calendar, the plan's own ladders."""
    return Office(
        directory=view.directory,
        calendar=view.calendar,
        ladders=tasks.ladders_of(view.session, plan),
    )


def past_notice(entry: LedgerEntry, view: View) -> PastNotice:
    notice = entry.notice
    return PastNotice(
        on=view.day(notice.fire_on),
        rung=rung_name(notice.key.rung, view),
        who=view.say(
            "board_notice_who",
            name=_reader(entry, view),
            audience=view.say(f"route_{notice.route}")
            if notice.route
            else view.say(f"audience_{notice.audience}"),
        ),
        why=rung_why(
            notice.why, view, due=notice.params.get("due", ""), unit=view.unit(notice.key.share.unit)
        ),
        state=view.say(f"board_notice_{notice.params.get(ledger.UNTOLD, notice.state)}"),
    )


def _reader(entry: LedgerEntry, view: View) -> str:
    """Name whom a notice was meant for, and who read it where that one was away."""
    meant, reader = entry.notice.key.person, entry.reader
    if reader in (None, meant):
        return view.person(meant)
    return view.say("told_to_reader", person=view.person(meant), reader=view.person(str(reader)))


def rung_name(rung: str, view: View) -> str:
    """Return a rung as people read it: what urges the one who must decide has no place on the ladder."""
    return view.say("rung_request") if rung.startswith("decide-") else rung


def rung_why(why: str, view: View, *, due: str, unit: str) -> str:
    return view.say(f"rung_why_{why}", due=due, unit=unit)


def next_notices(facts: TaskFacts, office: Office, view: View) -> tuple[NextNotice, ...]:
    """Return the next rung of each open share, the soonest first."""
    steps = [
        (step, share)
        for share in facts.current_shares
        if (step := next_step(facts, share, office, after=view.now.date())) is not None
    ]
    return tuple(
        NextNotice(
            on=view.day(step.on),
            rung=rung_name(step.rung, view),
            who=view.say(
                "board_notice_who",
                name=view.person(step.person),
                audience=view.say(f"audience_{step.audience}"),
            ),
            unit=view.unit(share.key.unit),
            why=_why_of(step.rung, share, office, view),
        )
        for step, share in sorted(steps, key=lambda pair: (pair[0].on, pair[1].key.unit))
    )


def _why_of(rung: str, share: Share, office: Office, view: View) -> str:
    ladder = office.ladder_for(share).rungs_for(share)
    why = next((step.why for step in ladder if step.key == rung), "request_undecided")
    return rung_why(why, view, due=share.due.isoformat(), unit=view.unit(share.key.unit))
