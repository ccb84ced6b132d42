"""What may be done to many shares at once: the deeds of a share's own page, each with one form for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from board.fields import Field, Form, day_in, document_fields, document_in, needed_day
from board.forms import Posted
from board.share_doings import SHARE_DOINGS
from board.view import View
from tasks_catalog.allowed import Act, needs_leaders_paper
from tasks_catalog.decisions import DecisionRefused
from tasks_catalog.people import Post
from tasks_catalog.problem import Refused
from tasks_catalog.task import PlanSettings

Fields = Callable[[View, PlanSettings], Sequence[Field]]


@dataclass(frozen=True, kw_only=True)
class BulkDoing:
    """One act on many rows: its fields, and what is wrong with them whatever the row (raises Refused)."""

    name: str
    act: Act
    fields: Fields
    check: Callable[[Posted, date], object] = lambda form, today: None


BY_NAME = {doing.name: doing for doing in SHARE_DOINGS}
"""What is recorded for a row: the deed of the same name on the share's own page."""


def _note(view: View, label: str = "act_remark", *, required: bool = False) -> Field:
    return Field(name="note", label=view.say(label), kind="words", required=required)


def _accept_fields(view: View, settings: PlanSettings) -> list[Field]:
    fields = [Field(name="product_date", label=view.say("form_bulk_product_date"), kind="check")]
    if needs_leaders_paper(settings, view.actor.post):
        fields += document_fields(view, required=True, hint="form_leaders_paper_hint")
    return [*fields, _note(view)]


def _report_fields(view: View, settings: PlanSettings) -> list[Field]:
    return [*document_fields(view), _note(view, "act_result")]


def _grant_fields(view: View, settings: PlanSettings) -> list[Field]:
    hint = view.say("form_bulk_granted_to_hint")
    to = Field(name="to", label=view.say("form_granted_to"), hint=hint, kind="date")
    return [to, *document_fields(view, required=True), _note(view)]


def _hand_over_fields(view: View, settings: PlanSettings) -> list[Field]:
    """Offer the people of the viewer's unit; the coordinator's choice is everybody's, unit by unit."""
    actor, people = view.actor, view.directory.people
    offered = [p for p in people if p.active and (actor.coordinates or p.unit == actor.unit)]
    options = [
        (p.code, f"{p.name} – {view.unit(p.unit)}" if actor.coordinates else p.name)
        for p in sorted(offered, key=lambda p: p.unit)
    ]
    nobody = ("", view.say("form_officer_nobody"))
    officer = Field(name="officer", label=view.say("form_officer"), kind="choice", options=[nobody, *options])
    return [officer, _note(view)]


def _snooze_fields(view: View, settings: PlanSettings) -> list[Field]:
    return [Field(name="until", label=view.say("form_until"), kind="date", required=True), _note(view)]


def _check_reason(form: Posted, today: date) -> None:
    if not form.get("note"):
        raise DecisionRefused("reason_needed", decision="return")


def _check_report(form: Posted, today: date) -> None:
    if document_in(form) is None and not form.get("note"):
        raise Refused("act_report_empty")


def _check_grant(form: Posted, today: date) -> None:
    day_in(form, "to")
    if document_in(form) is None:
        raise DecisionRefused("document_needed", decision="decide_extension")


def _check_until(form: Posted, today: date) -> None:
    until = needed_day(form, "until", asks="form_until_needed")
    if until <= today:
        raise DecisionRefused("snooze_over", until=until, today=today)


BULK_DOINGS: Sequence[BulkDoing] = (
    BulkDoing(name="accept", act=Act.ACCEPT, fields=_accept_fields, check=lambda form, _: document_in(form)),
    BulkDoing(
        name="return",
        act=Act.RETURN,
        fields=lambda view, _: [_note(view, "act_reason", required=True)],
        check=_check_reason,
    ),
    BulkDoing(name="report", act=Act.REPORT, fields=_report_fields, check=_check_report),
    BulkDoing(name="hand_over", act=Act.HAND_OVER, fields=_hand_over_fields),
    BulkDoing(name="snooze", act=Act.SNOOZE, fields=_snooze_fields, check=_check_until),
    BulkDoing(name="grant", act=Act.DECIDE_EXTENSION, fields=_grant_fields, check=_check_grant),
)

_OF_POST = {
    Post.OFFICER: (Act.REPORT,),
    Post.HEAD: (Act.REPORT, Act.HAND_OVER),
    Post.DEPUTY_DIRECTOR: (Act.ACCEPT, Act.RETURN, Act.DECIDE_EXTENSION),
    Post.DIRECTOR: (Act.ACCEPT, Act.RETURN, Act.DECIDE_EXTENSION),
}


def open_to(view: View) -> tuple[BulkDoing, ...]:
    """Return what a viewer's post may do at all; whether a row allows it is asked of each row."""
    actor = view.actor
    return tuple(
        doing for doing in BULK_DOINGS if actor.coordinates or doing.act in _OF_POST.get(actor.post, ())
    )


def bulk_form(doing: BulkDoing, view: View, settings: PlanSettings, values: Posted | None = None) -> Form:
    """Return the form of one act; its fields bear the act's name, since all acts stand in one form."""
    fields = [replace(one, name=f"{doing.name}-{one.name}") for one in doing.fields(view, settings)]
    title = view.say(f"doing_bulk_{doing.name}")
    return Form(
        id=f"bulk-{doing.name}",
        action=doing.name,
        title=title,
        fields=fields,
        submit=view.say("bulk_press", doing=title),
        values=values.lists if values else {},
    )


def fields_of(doing: BulkDoing, form: Posted) -> Posted:
    """Return the fields of one act by the names its deed knows them by."""
    begins = f"{doing.name}-"
    lists = {name.removeprefix(begins): form.all(name) for name in form if name.startswith(begins)}
    return Posted(lists)
