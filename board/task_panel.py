"""What the viewer may do on a task's page, and no more: the likeliest one or two first, the rest folded away.

One share at a time, so that the page of a task that twenty units owe stays calm: the one that most wants
the viewer, or the one a link of the page names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from board.fields import Field, Form
from board.lists import share_state
from board.share_doings import SHARE_DOINGS, ShareDoing, ShareHere
from board.task_doings import TASK_DOINGS, TaskDoing, TaskHere
from board.task_notices import office_of
from board.view import View
from notifications.reasons import next_sentence
from storage import tasks
from storage.changed import last_change
from storage.files import FileStore
from storage.schema import PlanRow, TaskRow
from tasks_catalog.allowed import Act, acts_on_share, acts_on_task, speaks_for
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.ladder import Office, next_step
from tasks_catalog.occurrence import Role, ShareKey
from tasks_catalog.people import Person
from tasks_catalog.standing import is_overdue
from tasks_catalog.task import AcceptedBy

_SHOWN_AT_ONCE = 2
_UNFOLDED = ("accept", "grant", "settle", "reopen")
"""Forms that stand open, since they are what the page is opened for."""


@dataclass(frozen=True, kw_only=True)
class Focus:
    """Which share the panel is to be about: an occurrence's key and a unit's code."""

    occurrence: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came of a form that led to no other page: refused, or looked over before it is kept."""

    doing: str
    share: Focus | None = None
    refused: str = ""
    preview: Sequence[str] = ()
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The forms. ``refused`` is a refusal of what is not on the page any more."""

    of: str
    state: str
    next: str
    first: tuple[Form, ...] = ()
    more: tuple[Form, ...] = ()
    of_task: tuple[Form, ...] = ()
    seen: int = 0
    task_seen: int = 0
    refused: str = ""

    @property
    def more_is_open(self) -> bool:
        return any(form.is_open for form in self.more)

    @property
    def of_task_is_open(self) -> bool:
        return any(form.is_open for form in self.of_task)


def focus_of(facts: TaskFacts, view: View, asked: Focus | None) -> Share | None:
    """Return the share the panel is about: the one asked for, else the one that most wants the viewer."""
    actable = [share for share in facts.current_shares if acts_on_share(view.actor, facts, share)]
    if asked is not None:
        key = ShareKey(facts.id, asked.occurrence, asked.unit)
        if (named := next((share for share in actable if share.key == key), None)) is not None:
            return named
    return min(actable, key=lambda share: _urgency(share, facts, view), default=None)


def _urgency(share: Share, facts: TaskFacts, view: View) -> tuple[object, ...]:
    acts, actor = acts_on_share(view.actor, facts, share), view.actor
    if Act.ACCEPT in acts:
        rank = 0
    elif share.request is not None and Act.DECIDE_EXTENSION in acts:
        rank = 1
    elif share.is_live:
        rank = 2 if is_overdue(share, view.close) else 3
    else:
        rank = 4
    mine = speaks_for(actor, share) and not actor.coordinates
    return (not mine, share.role is not Role.OWNER, rank, share.due, share.key.unit)


def focus_link(plan: str, row: int, share: Share, view: View) -> str:
    """Return the address of the task's page with this share in the panel."""
    asked = urlencode({"occurrence": share.key.occurrence, "unit": share.key.unit})
    return f"{view.links.task(plan, row)}?{asked}#acts"


def panel_of(
    plan: PlanRow,
    row: TaskRow,
    facts: TaskFacts,
    share: Share | None,
    view: View,
    *,
    files: FileStore | None = None,
    answered: Answered | None = None,
) -> Panel | None:
    """Return the panel; None where the viewer may do nothing at all."""
    first: list[Form] = []
    more: list[Form] = []
    if share is not None:
        here = ShareHere(task=facts, share=share, settings=tasks.settings_of(plan), view=view, files=files)
        forms = _share_forms(plan, here, answered)
        shown = 0 if share.accepted_on else _SHOWN_AT_ONCE
        first, more = forms[:shown], forms[shown:]
    asked = tasks.questions_of_task(view.session, row)
    there = TaskHere(plan=plan, task=facts, view=view, asked=asked)
    of_task = _task_forms(there, answered)
    pressing = [form for form in of_task if form.id in ("settle", "reopen")]
    first, of_task = [*pressing, *first], [form for form in of_task if form not in pressing]
    refused = _homeless(answered, [*first, *more, *of_task])
    if not (first or more or of_task or refused):
        return None
    return Panel(
        of=_of(share, view) if share else "",
        state=share_state(share, view) if share else "",
        next=what_next(plan, facts, share, office_of(plan, view), view) if share else "",
        first=tuple(first),
        more=tuple(more),
        of_task=tuple(of_task),
        seen=last_change(view.session, row, share.key) if share else 0,
        task_seen=last_change(view.session, row),
        refused=refused,
    )


def _of(share: Share, view: View) -> str:
    return view.say("panel_of", unit=view.unit(share.key.unit), due=share.due)


def _share_forms(plan: PlanRow, here: ShareHere, answered: Answered | None) -> list[Form]:
    key = here.share.key
    acts = acts_on_share(here.view.actor, here.task, here.share)
    reports = speaks_for(here.view.actor, here.share) and not here.view.actor.coordinates
    base = here.view.links.share_act(plan.number, here.task.row, key.occurrence, key.unit)
    focus = Focus(occurrence=key.occurrence, unit=key.unit)
    forms = []
    for doing in SHARE_DOINGS:
        if doing.act not in acts or not doing.fits(here.share):
            continue
        form = _form(doing, f"{base}/{doing.name}", doing.fields(here), here.view)
        form = replace(form, is_open=doing.name in _UNFOLDED or (doing.name == "report" and reports))
        forms.append(_answered(form, answered, focus))
    return forms


def _task_forms(here: TaskHere, answered: Answered | None) -> list[Form]:
    acts = acts_on_task(here.view.actor, here.task, asks=bool(here.asked))
    base = here.view.links.task(here.plan.number, here.task.row)
    forms = [
        _form(doing, f"{base}/{doing.name}", doing.fields(here), here.view)
        for doing in TASK_DOINGS
        if doing.act in acts
    ]
    return [_answered(replace(form, is_open=form.id in _UNFOLDED), answered, None) for form in forms]


def _form(doing: ShareDoing | TaskDoing, action: str, fields: Sequence[Field], view: View) -> Form:
    looked_over = isinstance(doing, TaskDoing) and doing.looked_over
    return Form(
        id=doing.name,
        action=action,
        title=view.say(f"doing_{doing.name}"),
        lead=view.say(f"doing_{doing.name}_lead"),
        fields=fields,
        submit=view.say("form_look_over" if looked_over else f"doing_{doing.name}"),
    )


def _answered(form: Form, answered: Answered | None, focus: Focus | None) -> Form:
    """Return the form with what came of posting it, unfolded; another form stays as it is."""
    if answered is None or answered.doing != form.id or answered.share != focus:
        return form
    return replace(
        form, is_open=True, refused=answered.refused, preview=answered.preview, values=answered.values
    )


def _homeless(answered: Answered | None, forms: Sequence[Form]) -> str:
    """Return a refusal whose form is not on the page: it fits no longer, or never was the viewer's."""
    if answered is None or any(form.refused or form.preview for form in forms):
        return ""
    return answered.refused


def what_next(plan: PlanRow, facts: TaskFacts, share: Share, office: Office, view: View) -> str:
    """Say what follows if nothing changes: who is to decide, or who is told next and on which day."""
    if share.accepted_on is not None:
        return view.say("next_accepted")
    if share.report is not None:
        by_leader = tasks.settings_of(plan).accepted_by is AcceptedBy.LEADER
        who = _leader(view) if by_leader else view.directory.coordinator()
        return view.say("next_to_accept", who=who.name if who else view.say("post_coordinator"))
    if share.waiting is not None:
        return view.say("next_waiting", since=share.waiting.since)
    step = next_step(facts, share, office, after=view.now.date())
    if step is None:
        told = view.say("next_nobody")
    else:
        told = next_sentence(step, _reader(view), view.directory, view.language)
    return f"{view.say('next_request', to=share.request.to)} {told}" if share.request else told


def _leader(view: View) -> Person | None:
    directory = view.directory
    return directory.deputy_in_charge() or directory.director()


def _reader(view: View) -> Person:
    actor = view.actor
    unnamed = Person(code=actor.code, name=actor.code, email="", unit=actor.unit, post=actor.post)
    return view.directory.person(actor.code) or unnamed
