"""A task as the API tells it: facts, shares, what may be done now and by which act, history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from board.api.values import (
    Entry,
    Evidence,
    OwnerOut,
    Paper,
    PersonRef,
    QuestionOut,
    ReportOut,
    RequestOut,
    ShareOut,
    TaskOut,
    WaitOut,
    Why,
)
from board.at_work import member_of
from board.mine_arisen import may_say_arisen
from board.share_doings import SHARE_DOINGS
from board.task_doings import TASK_DOINGS
from board.task_shares import in_order
from board.view import View
from notifications.wording import problem_sentence
from storage import tasks
from storage.api_events import lines_of_task
from storage.schema import Event, PlanRow, TaskRow
from tasks_catalog.allowed import Act, acts_on_share, acts_on_task
from tasks_catalog.deadline import as_json
from tasks_catalog.facts import Document, OwnerRef, ReportFact, Share, TaskFacts
from tasks_catalog.problem import Problem, Refused
from tasks_catalog.roles import Right
from tasks_catalog.standing import StandingKind, share_standing, standing_of


def task_out(plan: PlanRow, row: TaskRow, view: View) -> TaskOut:
    """Return everything known of a task within the view's transaction."""
    facts = tasks.facts_of_task(view.session, row)
    asked = tasks.questions_of_task(view.session, row)
    lines = lines_of_task(view.session, row)
    standing = standing_of(facts, as_of=view.close, settings=tasks.settings_of(plan))
    return TaskOut(
        id=facts.id,
        plan=plan.number,
        row=facts.row,
        stt=row.stt,
        section=facts.section,
        group=facts.group,
        objective=row.objective,
        text=facts.text,
        product=facts.product,
        deadline=as_json(facts.deadline),
        owners=owners_out(facts.owners),
        active=facts.active,
        standing=Why(
            kind=standing.kind.value, why=standing.why, params=dict(standing.params), since=standing.since
        ),
        closing=facts.closing.kind.value if facts.closing else None,
        targets=[target.text for target in facts.targets],
        questions=[question_out(one, view) for one in asked],
        shares=[_share(share, facts, lines, view) for share in in_order(facts)],
        may=[*task_acts(facts, asks=bool(asked), view=view), *_own_acts(facts, plan, view)],
        seen=lines[-1].id,
        history=[entry_of(line, view) for line in lines],
    )


def owners_out(owners: Iterable[OwnerRef]) -> list[OwnerOut]:
    return [OwnerOut(code=each.code, role=each.role.value, collective=each.collective) for each in owners]


def task_acts(facts: TaskFacts, *, asks: bool, view: View) -> list[str]:
    """Return the names of what the viewer may do to the whole task, as its addresses end."""
    acts = acts_on_task(view.actor, facts, asks=asks)
    return [doing.name for doing in TASK_DOINGS if doing.act in acts]


def question_out(problem: Problem | Refused, view: View) -> QuestionOut:
    text = problem_sentence(problem, view.language)
    return QuestionOut(code=problem.code, params=dict(problem.params), text=text)


def _own_acts(facts: TaskFacts, plan: PlanRow, view: View) -> list[str]:
    """Return what the viewer may say of the task as one of a unit that owns it."""
    person = view.directory.person(view.actor.code)
    if person is None or not view.may(Right.WORK):
        return []
    return ["arisen"] if may_say_arisen(member_of(person), facts, plan, view) else []


def share_acts(facts: TaskFacts, share: Share, view: View) -> list[str]:
    acts: frozenset[Act] = acts_on_share(view.actor, facts, share)
    return [doing.name for doing in SHARE_DOINGS if doing.act in acts and doing.fits(share)]


def person_ref(code: str, view: View) -> PersonRef:
    """Return who it is, without the code where the name is not for the viewer either."""
    found = view.directory.person(code)
    hidden = found is not None and not view.names(found)
    return PersonRef(code=None if hidden else code, name=view.person(code))


def entry_of(line: Event, view: View) -> Entry:
    return Entry(**entry_values(line, view))


def entry_values(line: Event, view: View) -> dict[str, Any]:
    return {
        "id": line.id,
        "at": view.local(line.at),
        "on": line.on,
        "kind": line.kind,
        "by": person_ref(line.by, view),
        "occurrence": line.occurrence,
        "unit": line.unit,
        "document": _kept_paper(line.document),
        "note": line.note,
    }


def _share(share: Share, facts: TaskFacts, lines: Sequence[Event], view: View) -> ShareOut:
    waiting, request = share.waiting, share.request
    kind = StandingKind.CLOSED if share.withdrawn_on else share_standing(share, facts, view.close)
    return ShareOut(
        occurrence=share.key.occurrence,
        unit=share.key.unit,
        role=share.role.value,
        due=share.due,
        lapses=share.lapses,
        first_due=share.first_due,
        epoch=share.epoch,
        period=share.period,
        standing=kind.value,
        officer=person_ref(share.officer, view) if share.officer else None,
        report=report_out(share.report),
        accepted_on=share.accepted_on,
        waiting=WaitOut(since=waiting.since, document=_paper(waiting.document)) if waiting else None,
        request=RequestOut(on=request.on, to=request.to, reason=request.reason) if request else None,
        expected=share.expected,
        snoozed_until=share.snoozed_until,
        withdrawn_on=share.withdrawn_on,
        seen=_seen(share, lines),
        may=share_acts(facts, share, view),
    )


def report_out(report: ReportFact | None) -> ReportOut | None:
    if report is None:
        return None
    return ReportOut(
        on=report.on,
        product_date=report.product_date,
        note=report.note,
        evidence=[Evidence(text=e.text, issued=e.issued, sha256=e.sha256) for e in report.evidence],
    )


def _seen(share: Share, lines: Sequence[Event]) -> int:
    """Return the last line that bears on a share, as ``storage.changed`` judges it."""
    key = share.key
    return next(
        line.id
        for line in reversed(lines)
        if line.occurrence is None or (line.occurrence == key.occurrence and line.unit in (None, key.unit))
    )


def _paper(document: Document | None) -> Paper | None:
    return Paper(number=document.number, issued=document.issued) if document else None


def _kept_paper(kept: dict[str, Any] | None) -> Paper | None:
    if not kept:
        return None
    issued = kept.get("issued")
    return Paper(number=str(kept["number"]), issued=date.fromisoformat(issued) if issued else None)
