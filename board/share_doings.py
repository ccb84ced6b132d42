"""What may be done to one unit's share on its task's page: ONE table of act, form, and the desk's deed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from board.fields import Field, day_in, document_fields, document_in, needed_day
from board.forms import Posted
from board.view import View
from notifications.target_words import figure_text
from storage.desk import Desk
from storage.files import FileStore, keep_proofs
from tasks_catalog.allowed import Act, needs_leaders_paper
from tasks_catalog.facts import Evidence, Share, TaskFacts
from tasks_catalog.problem import Refused
from tasks_catalog.task import PlanSettings


@dataclass(frozen=True, kw_only=True)
class ShareHere:
    """The share a form is about, as it stands; ``files`` keeps what is handed in."""

    task: TaskFacts
    share: Share
    settings: PlanSettings
    view: View
    files: FileStore | None = None


@dataclass(frozen=True, kw_only=True)
class ShareDoing:
    """One form of a share: ``name`` ends its address, ``act`` is what must be open to the viewer."""

    name: str
    act: Act
    fields: Callable[[ShareHere], Sequence[Field]]
    do: Callable[[Desk, ShareHere, Posted], object]
    """Records what the form says. Raises Refused; nothing is kept then."""
    fits: Callable[[Share], bool] = lambda share: True


def _note(here: ShareHere, label: str = "act_remark", *, required: bool = False) -> Field:
    return Field(name="note", label=here.view.say(label), kind="words", required=required)


def _figures(here: ShareHere) -> list[Field]:
    """Return a field for each of the task's targets, with what was said of it last as a hint."""
    say = here.view.say
    fields = []
    for number, target in enumerate(here.task.targets, start=1):
        told = [one.figure for one in here.share.measures if one.figure.target == number]
        last = figure_text(told[-1], target, here.view.language) if told else ""
        hint = say("form_figure_last", it=last) if last else say("form_figure_hint")
        fields.append(
            Field(name=f"figure-{number}", label=say("form_figure", number=number, it=target.text), hint=hint)
        )
    return fields


def _figures_in(here: ShareHere, form: Posted) -> tuple[str, ...]:
    """Return the figures typed, each with its target's number, as ``Desk.report`` reads them."""
    typed = ((number, form.get(f"figure-{number}", "")) for number in range(1, len(here.task.targets) + 1))
    return tuple(f"{number}={words}" for number, words in typed if words)


def _report_fields(here: ShareHere) -> list[Field]:
    say = here.view.say
    fields = [
        *document_fields(here.view, hint="act_document_hint"),
        Field(name="note", label=say("act_result"), hint=say("form_result_hint"), kind="words"),
    ]
    if here.files is not None:
        fields.append(Field(name="files", label=say("form_files"), hint=say("form_files_hint"), kind="files"))
    return [*fields, *_figures(here)]


def _report(desk: Desk, here: ShareHere, form: Posted) -> None:
    document, note, handed = document_in(form), form.get("note", ""), form.handed()
    if document is None and not note and not handed:
        raise Refused("form_report_empty")
    proofs = [Evidence(text=document.number, issued=document.issued)] if document else []
    if handed:
        if here.files is None:
            raise Refused("form_no_files")
        proofs += keep_proofs(desk.session, desk.organisation_id, here.files, handed, by=desk.by, at=desk.at)
    replace(desk, note=note).report(
        here.task.id,
        here.share.key.unit,
        product_date=document.issued if document else None,
        evidence=proofs,
        occurrence=here.share.key.occurrence,
        figures=_figures_in(here, form),
    )


def _progress_fields(here: ShareHere) -> list[Field]:
    expected = here.share.expected.isoformat() if here.share.expected else ""
    label = here.view.say("act_expected")
    return [Field(name="expected", label=label, kind="date", required=True, value=expected), _note(here)]


def _progress(desk: Desk, here: ShareHere, form: Posted) -> None:
    expected = needed_day(form, "expected", asks="form_expected_needed")
    if expected < desk.on:
        raise Refused("act_expected_past", expected=expected, today=desk.on)
    _noted(desk, form).acknowledge(
        here.task.id, here.share.key.unit, expected=expected, occurrence=here.share.key.occurrence
    )


def _measure(desk: Desk, here: ShareHere, form: Posted) -> None:
    replace(desk, document=document_in(form)).measure(
        here.task.id,
        here.share.key.unit,
        figures=_figures_in(here, form),
        occurrence=here.share.key.occurrence,
    )


def _extend_fields(here: ShareHere) -> list[Field]:
    label = here.view.say("act_new_date")
    return [
        Field(name="to", label=label, kind="date", required=True),
        _note(here, "act_reason", required=True),
    ]


def _extend(desk: Desk, here: ShareHere, form: Posted) -> None:
    to = needed_day(form, "to", asks="form_new_date_needed")
    _noted(desk, form).ask_extension(
        here.task.id, here.share.key.unit, to=to, occurrence=here.share.key.occurrence
    )


def _wait(desk: Desk, here: ShareHere, form: Posted) -> None:
    replace(_noted(desk, form), document=document_in(form)).wait(
        here.task.id, here.share.key.unit, occurrence=here.share.key.occurrence
    )


def _resume(desk: Desk, here: ShareHere, form: Posted) -> None:
    replace(_noted(desk, form), document=document_in(form)).resume(
        here.task.id, here.share.key.unit, occurrence=here.share.key.occurrence
    )


def _hand_over_fields(here: ShareHere) -> list[Field]:
    view, unit = here.view, here.share.key.unit
    people = [(p.code, p.name) for p in view.directory.people if p.active and p.unit == unit]
    nobody = [("", view.say("form_officer_nobody"))]
    return [
        Field(
            name="officer",
            label=view.say("form_officer"),
            kind="choice",
            options=(*nobody, *people),
            value=here.share.officer or "",
        ),
        _note(here),
    ]


def _hand_over(desk: Desk, here: ShareHere, form: Posted) -> None:
    unit, code = here.share.key.unit, form.get("officer", "")
    person = here.view.directory.person(code) if code else None
    if code and (person is None or not person.active or person.unit != unit):
        raise Refused("form_officer_unknown", person=code, unit=here.view.unit(unit))
    _noted(desk, form).reassign(here.task.id, from_unit=unit, to_unit=unit, officer=code or None)


def _accept_fields(here: ShareHere) -> list[Field]:
    view, report = here.view, here.share.report
    fields = []
    if report and report.product_date and report.product_date < report.on:
        words = view.say("form_product_date", on=report.product_date, reported=report.on)
        fields.append(Field(name="product_date", label=words, kind="check", value=""))
    if needs_leaders_paper(here.settings, view.actor.post):
        fields += document_fields(view, required=True, hint="form_leaders_paper_hint")
    return [*fields, _note(here)]


def _accept(desk: Desk, here: ShareHere, form: Posted) -> None:
    replace(_noted(desk, form), document=document_in(form)).accept(
        here.task.id,
        here.share.key.unit,
        product_date="product_date" in form,
        occurrence=here.share.key.occurrence,
    )


def _return_fields(here: ShareHere) -> list[Field]:
    say = here.view.say
    hint = say("form_return_due_hint", due=here.share.due)
    return [
        _note(here, "act_reason", required=True),
        Field(name="due", label=say("form_return_due"), hint=hint, kind="date"),
    ]


def _return(desk: Desk, here: ShareHere, form: Posted) -> None:
    due = day_in(form, "due")
    if due is not None and due < desk.on:
        raise Refused("form_due_past", due=due, today=desk.on)
    _noted(desk, form).return_(
        here.task.id, here.share.key.unit, due=due, occurrence=here.share.key.occurrence
    )


def _grant_fields(here: ShareHere) -> list[Field]:
    say, request = here.view.say, here.share.request
    hint = say("form_asked_for", on=request.on, to=request.to, reason=request.reason) if request else ""
    to = Field(
        name="to",
        label=say("form_granted_to"),
        hint=hint,
        kind="date",
        required=True,
        value=request.to.isoformat() if request else "",
    )
    return [to, *document_fields(here.view, required=True), _note(here)]


def _grant(desk: Desk, here: ShareHere, form: Posted) -> None:
    replace(_noted(desk, form), document=document_in(form)).grant_extension(
        here.task.id,
        here.share.key.unit,
        to=day_in(form, "to"),
        occurrence=here.share.key.occurrence,
    )


def _refuse_extension(desk: Desk, here: ShareHere, form: Posted) -> None:
    if not form.get("note"):
        raise Refused("reason_needed")
    replace(_noted(desk, form), document=document_in(form)).refuse_extension(
        here.task.id, here.share.key.unit, occurrence=here.share.key.occurrence
    )


def _snooze_fields(here: ShareHere) -> list[Field]:
    until = here.share.snoozed_until.isoformat() if here.share.snoozed_until else ""
    label = here.view.say("form_until")
    return [Field(name="until", label=label, kind="date", required=True, value=until), _note(here)]


def _snooze(desk: Desk, here: ShareHere, form: Posted) -> None:
    _noted(desk, form).snooze(
        here.task.id,
        here.share.key.unit,
        until=needed_day(form, "until", asks="form_until_needed"),
        occurrence=here.share.key.occurrence,
    )


def _noted(desk: Desk, form: Posted) -> Desk:
    return replace(desk, note=form.get("note", ""))


SHARE_DOINGS: Sequence[ShareDoing] = (
    ShareDoing(name="accept", act=Act.ACCEPT, fields=_accept_fields, do=_accept),
    ShareDoing(
        name="grant",
        act=Act.DECIDE_EXTENSION,
        fields=_grant_fields,
        do=_grant,
        fits=lambda share: share.request is not None,
    ),
    ShareDoing(
        name="refuse",
        act=Act.DECIDE_EXTENSION,
        fields=lambda here: [_note(here, "act_reason", required=True), *document_fields(here.view)],
        do=_refuse_extension,
        fits=lambda share: share.request is not None,
    ),
    ShareDoing(
        name="resume",
        act=Act.RESUME,
        fields=lambda here: [*document_fields(here.view), _note(here)],
        do=_resume,
    ),
    ShareDoing(name="report", act=Act.REPORT, fields=_report_fields, do=_report),
    ShareDoing(name="return", act=Act.RETURN, fields=_return_fields, do=_return),
    ShareDoing(name="progress", act=Act.PROGRESS, fields=_progress_fields, do=_progress),
    ShareDoing(
        name="measure",
        act=Act.MEASURE,
        fields=lambda here: [*_figures(here), *document_fields(here.view)],
        do=_measure,
    ),
    ShareDoing(name="extend", act=Act.EXTEND, fields=_extend_fields, do=_extend),
    ShareDoing(
        name="wait",
        act=Act.WAIT,
        fields=lambda here: [*document_fields(here.view, required=True), _note(here)],
        do=_wait,
    ),
    ShareDoing(name="hand_over", act=Act.HAND_OVER, fields=_hand_over_fields, do=_hand_over),
    ShareDoing(
        name="give_time",
        act=Act.DECIDE_EXTENSION,
        fields=_grant_fields,
        do=_grant,
        fits=lambda share: share.request is None,
    ),
    ShareDoing(name="snooze", act=Act.SNOOZE, fields=_snooze_fields, do=_snooze),
)
"""The likeliest first: a page shows the first two that are open, the others under "Việc khác"."""
