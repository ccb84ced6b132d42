"""The form on which a unit says that the condition its task waits for has arisen; no clock starts by it."""

from __future__ import annotations

from dataclasses import replace

from board.at_work import AtWork
from board.forms import Posted
from board.mine_forms import Field, FormPage, document_fields, paper_of
from board.mine_pages import Way, arisen_href
from board.view import View
from storage import tasks
from storage.links import LinkNotHeld
from storage.schema import PlanRow
from tasks_catalog.allowed import Act, Actor, acts_on_task, require
from tasks_catalog.facts import TaskFacts
from tasks_catalog.intake import shares_owed
from tasks_catalog.occurrence import Role
from tasks_catalog.typed import day_of


def arisen_page(asked: AtWork, task_id: str) -> FormPage:
    """Return the form. Raises LinkNotHeld where the task is not the reader's unit's."""
    task = _task(asked, task_id)
    number, _, row = task.id.rpartition("/")
    say = asked.view.say
    fields = [
        Field(
            name="arose",
            label=say("mine_arose"),
            hint=say("mine_arose_hint", today=asked.view.now.date()),
            kind="date",
            required=True,
        ),
        Field(name="note", label=say("mine_arisen_words"), kind="words", required=True),
        *document_fields(asked, hint="mine_arisen_document_hint"),
    ]
    return FormPage(
        title=say("mine_arisen"),
        action=arisen_href(asked, number, int(row)),
        back=Way(label=say("mine_back"), href=asked.base),
        facts=(
            (say("board_column_task"), f"{task.id} – {task.text}"),
            (say("board_column_deadline"), task.deadline.text),
        ),
        lead=say("mine_arisen_lead"),
        fields=fields,
        submit=say("mine_arisen_submit"),
        reader=asked.person.name,
    )


def record_arisen(asked: AtWork, task_id: str, form: Posted) -> None:
    """Record what the unit says. Raises Refused; nothing is kept then."""
    task = _task(asked, task_id)
    desk = replace(asked.desk, document=paper_of(form), note=form.get("note", ""))
    desk.say_arisen(task.id, asked.member.unit, arose=day_of(form.get("arose", "")))


def _task(asked: AtWork, task_id: str) -> TaskFacts:
    view, unit = asked.view, asked.member.unit
    row = tasks.task_or_refuse(view.session, view.organisation_id, task_id)
    plan = view.session.get_one(PlanRow, row.plan_id)
    task = tasks.outline_of_task(view.session, plan, row)
    owning = _owning(task, plan, view)
    if unit not in owning or plan.state != "active":
        raise LinkNotHeld("link_share_moved")
    require(Act.ARISEN, acts_on_task(asked.member, task, owning=owning))
    return task


def may_say_arisen(member: Actor, task: TaskFacts, plan: PlanRow, view: View) -> bool:
    """Say whether a unit's member may say now that the task's condition has arisen."""
    owning = _owning(task, plan, view)
    if member.unit not in owning or plan.state != "active":
        return False
    return Act.ARISEN in acts_on_task(member, task, owning=owning)


def _owning(task: TaskFacts, plan: PlanRow, view: View) -> frozenset[str]:
    owed = shares_owed(task.owners, view.directory, tasks.settings_of(plan))
    return frozenset(share.unit for share in owed if share.role is Role.OWNER)
