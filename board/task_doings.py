"""What may be done to a task as a whole on its page: ONE table of the act, its form, and the desk's deed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from board.fields import Field, document_fields, document_in, needed_day
from board.forms import Posted
from board.view import View
from storage.desk import CorrectField, Desk
from storage.schema import PlanRow
from storage.starting import Answer, settle
from tasks_catalog.allowed import Act
from tasks_catalog.facts import ClosingKind, TaskFacts
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory
from tasks_catalog.problem import Problem, Refused
from tasks_catalog.revising import is_of_units
from tasks_catalog.text import clean


@dataclass(frozen=True, kw_only=True)
class TaskHere:
    """The task a form is about, as it stands, with the questions its row still asks."""

    plan: PlanRow
    task: TaskFacts
    view: View
    asked: Sequence[Problem] = ()


@dataclass(frozen=True, kw_only=True)
class TaskDoing:
    """One form of a task: ``name`` ends its address, ``act`` is what must be open to the viewer."""

    name: str
    act: Act
    fields: Callable[[TaskHere], Sequence[Field]]
    do: Callable[[Desk, TaskHere, Posted], object]
    """Records what the form says. Raises Refused; nothing is kept then."""
    looked_over: bool = False
    """Whether what it would record is shown before it is kept."""


def _note(here: TaskHere, label: str = "act_remark", *, required: bool = False) -> Field:
    return Field(name="note", label=here.view.say(label), kind="words", required=required)


def _at(desk: Desk, form: Posted) -> Desk:
    """Return the desk with the document and the remark the form gives."""
    return replace(desk, document=document_in(form), note=form.get("note", ""))


def _trigger_fields(here: TaskHere) -> list[Field]:
    due = Field(name="due", label=here.view.say("form_due"), kind="date", required=True)
    return [due, *document_fields(here.view, required=True), _note(here)]


def _trigger(desk: Desk, here: TaskHere, form: Posted) -> None:
    due = needed_day(form, "due", asks="form_due_needed")
    _at(desk, form).trigger(here.task.id, due=due)


def _settle_fields(here: TaskHere) -> list[Field]:
    """Ask only for what the row asks: its deadline, its units, or both."""
    say, task = here.view.say, here.task
    of_units = any(is_of_units(problem.code) for problem in here.asked)
    of_deadline = any(not is_of_units(problem.code) for problem in here.asked)
    fields = []
    if of_deadline:
        hint = say("form_deadline_hint", words=task.deadline.text or "–")
        fields.append(Field(name="deadline", label=say("form_deadline"), hint=hint))
        fields.append(Field(name="accept", label=_proposal(here), kind="check"))
    if of_units:
        named = {role: [o.code for o in task.owners if o.role is role] for role in Role}
        options = _units_and_groups(here.view.directory)
        for name, role in (("owners", Role.OWNER), ("co_owners", Role.CO_OWNER)):
            fields.append(
                Field(
                    name=name,
                    label=say(f"form_{name}"),
                    kind="many",
                    options=options,
                    value="\n".join(named[role]),
                )
            )
    return [*fields, *document_fields(here.view)]


def _proposal(here: TaskHere) -> str:
    """Word what "as proposed" would mean, with the first date proposed where there is one."""
    dates = here.task.deadline.dates
    if dates and dates[0].to and not here.task.opened:
        return here.view.say("form_accept_proposal_of", on=dates[0].to)
    return here.view.say("form_accept_proposal")


def _units_and_groups(directory: Directory) -> tuple[tuple[str, str], ...]:
    units = tuple((unit.code, unit.name) for unit in directory.units if not unit.is_gone)
    return (*units, *((group.code, group.name) for group in directory.groups))


def _settle(desk: Desk, here: TaskHere, form: Posted) -> tuple[Problem, ...]:
    """Record the answer; return the questions it leaves open."""
    known = {code for code, _ in _units_and_groups(here.view.directory)}
    owners, co_owners = _chosen(form, "owners", known), _chosen(form, "co_owners", known)
    answer = Answer(
        deadline=form.get("deadline") or None,
        accept_proposal="accept" in form,
        owners=tuple(_name(code, here.view.directory) for code in owners),
        co_owners=tuple(_name(code, here.view.directory) for code in co_owners),
    )
    if not (answer.deadline or answer.accept_proposal or owners or co_owners):
        raise Refused("form_settle_empty")
    return settle(
        desk.session,
        here.plan,
        here.task.row,
        answer,
        calendar=desk.calendar,
        by=desk.by,
        at=desk.at,
        document=document_in(form),
    )


def _chosen(form: Posted, name: str, known: set[str]) -> tuple[str, ...]:
    return tuple(code for code in form.all(name) if code in known)


def _name(code: str, directory: Directory) -> str:
    """Return what the desk finds a unit or a group by."""
    group = directory.group(code)
    return code if directory.unit(code) or group is None else group.name


_WORDS: Sequence[CorrectField] = ("text", "product", "section", "group")


def _correct_fields(here: TaskHere) -> list[Field]:
    say, task = here.view.say, here.task
    column = {"text": "task"}
    fields = [
        Field(
            name=name,
            label=say(f"board_column_{column.get(name, name)}"),
            kind="words" if name in ("text", "product") else "text",
            value=str(getattr(task, name)),
        )
        for name in _WORDS
    ]
    hint = say("form_targets_hint")
    fields.append(Field(name="targets", label=say("form_targets"), hint=hint, value=_targets(task)))
    return [*fields, *document_fields(here.view), _note(here)]


def _targets(task: TaskFacts) -> str:
    return "; ".join(target.text for target in task.targets)


def _correct(desk: Desk, here: TaskHere, form: Posted) -> None:
    """Record one correction for each field that was changed."""
    before: dict[CorrectField, str] = {name: str(getattr(here.task, name)) for name in _WORDS}
    before["targets"] = _targets(here.task)
    changed = {name: form[name] for name, was in before.items() if name in form and form[name] != clean(was)}
    if not changed:
        raise Refused("form_correct_nothing")
    if "text" in changed and not changed["text"]:
        raise Refused("form_correct_empty")
    for name, value in changed.items():
        _at(desk, form).correct(here.task.id, name, value)


def _reassign_fields(here: TaskHere) -> list[Field]:
    say, view = here.view.say, here.view
    holds = dict.fromkeys(share.key.unit for share in here.task.current_shares if share.is_live)
    holds.update(dict.fromkeys(o.code for o in here.task.owners if not o.collective))
    now = tuple((code, view.unit(code)) for code in holds)
    others = tuple((unit.code, unit.name) for unit in view.directory.units if not unit.is_gone)
    return [
        Field(name="from_unit", label=say("form_from_unit"), kind="choice", options=now, required=True),
        Field(
            name="to_unit",
            label=say("form_to_unit"),
            kind="choice",
            options=(("", say("form_choose")), *others),
            required=True,
        ),
        *document_fields(view),
        _note(here),
    ]


def _reassign(desk: Desk, here: TaskHere, form: Posted) -> None:
    from_unit, to_unit = form.get("from_unit", ""), form.get("to_unit", "")
    if not from_unit or not to_unit or from_unit == to_unit:
        raise Refused("form_reassign_to_whom")
    _at(desk, form).reassign(here.task.id, from_unit=from_unit, to_unit=to_unit)


def _close_fields(here: TaskHere) -> list[Field]:
    say = here.view.say
    kinds = tuple((str(kind), say(f"closing_{kind}")) for kind in ClosingKind)
    return [
        Field(name="kind", label=say("form_closing"), kind="choice", options=kinds, required=True),
        *document_fields(here.view, required=True),
        _note(here),
    ]


def _close(desk: Desk, here: TaskHere, form: Posted) -> None:
    kind = form.get("kind", "")
    if kind not in set(ClosingKind):
        raise Refused("closing_unknown", kind=kind, known=", ".join(ClosingKind))
    _at(desk, form).close(here.task.id, ClosingKind(kind))


def _reopen(desk: Desk, here: TaskHere, form: Posted) -> None:
    if not form.get("note"):
        raise Refused("reason_needed")
    _at(desk, form).reopen(here.task.id)


TASK_DOINGS: Sequence[TaskDoing] = (
    TaskDoing(name="settle", act=Act.SETTLE, fields=_settle_fields, do=_settle, looked_over=True),
    TaskDoing(
        name="reopen",
        act=Act.REOPEN,
        fields=lambda here: [_note(here, "act_reason", required=True), *document_fields(here.view)],
        do=_reopen,
    ),
    TaskDoing(name="trigger", act=Act.TRIGGER, fields=_trigger_fields, do=_trigger),
    TaskDoing(name="correct", act=Act.CORRECT, fields=_correct_fields, do=_correct),
    TaskDoing(name="reassign", act=Act.REASSIGN, fields=_reassign_fields, do=_reassign),
    TaskDoing(name="close", act=Act.CLOSE, fields=_close_fields, do=_close),
)
"""The likeliest first: what a page shows at once of a task that asks something, or is closed."""
