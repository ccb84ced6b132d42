"""The forms of a unit's people: one table of what is asked, one function for each thing that is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from board.at_work import AtWork
from board.forms import Posted
from board.handing_in import figures_of, proofs_of
from board.lists import share_state
from board.mine_pages import PATHS, Way, days_text, files_of, staff_of, whose_of
from board.targets import sheet_targets
from storage import unit_work
from storage.desk import Desk
from storage.links import LinkNotHeld
from storage.unit_work import Work
from tasks_catalog.allowed import Act, acts_on_share, require
from tasks_catalog.facts import Document
from tasks_catalog.problem import Refused
from tasks_catalog.typed import day_of

ACTS = {path: act for act, path in PATHS.items()}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    hint: str = ""
    kind: str = "text"
    """"text", "date", "words" (several lines), "files" or "choice" (one of ``options``)."""
    required: bool = False
    options: Sequence[tuple[str, str, str]] = ()
    """Each with its value, its words and a hint."""


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """A form about one share or task; ``refused`` and ``values`` are what came of posting it."""

    title: str
    action: str
    back: Way
    facts: Sequence[tuple[str, str]]
    lead: str
    fields: Sequence[Field]
    submit: str
    reader: str
    files: Sequence[Way] = ()
    refused: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def work_of(asked: AtWork, share: int) -> Work:
    """Return the share, if it is the reader's now. Raises LinkNotHeld: link_share_moved."""
    work = unit_work.find_work(asked.view.session, whose_of(asked), share)
    if work is None:
        raise LinkNotHeld("link_share_moved")
    return work


def act_of(what: str) -> Act:
    """Return what the end of an address stands for. Raises Refused: act_not_allowed."""
    if what not in ACTS:
        raise Refused("act_not_allowed")
    return ACTS[what]


def form_page(asked: AtWork, share: int, what: str) -> FormPage:
    """Return the form. Raises LinkNotHeld, and NotAllowed where it no longer fits the share."""
    work, act = work_of(asked, share), act_of(what)
    require(act, acts_on_share(asked.member, work.task, work.share))
    say = asked.view.say
    return FormPage(
        title=say(f"mine_{what}"),
        action=f"{asked.base}/shares/{work.id}/{what}",
        back=Way(label=say("mine_back"), href=asked.base),
        facts=tuple(_facts(work, asked)),
        lead=say(f"mine_{what}_lead"),
        fields=tuple(_FIELDS[act](work, asked)),
        submit=say(f"mine_{what}_submit"),
        reader=asked.person.name,
        files=files_of(work, asked),
    )


def _facts(work: Work, asked: AtWork) -> list[tuple[str, str]]:
    view, share, say = asked.view, work.share, asked.view.say
    facts = [(say("board_column_task"), f"{work.task.id} – {work.task.text}")]
    if work.task.product:
        facts.append((say("act_product"), work.task.product))
    state = share_state(share, view)
    if share.is_live and share.waiting is None:
        state = f"{state} · {days_text(share.lapses, asked)}"
    facts.append((say("board_state"), state))
    if share.officer and asked.heads:
        facts.append((say("mine_officer"), view.person(share.officer)))
    return facts


# --- what is asked ---------------------------------------------------------------------------------


def document_fields(asked: AtWork, *, required: bool = False, hint: str = "act_document_hint") -> list[Field]:
    say = asked.view.say
    return [
        Field(name="document", label=say("act_document"), hint=say(hint), required=required),
        Field(name="issued", label=say("act_issued"), kind="date", required=required),
    ]


def file_fields(asked: AtWork) -> list[Field]:
    if asked.files is None:
        return []
    say = asked.view.say
    return [Field(name="files", label=say("mine_files"), hint=say("mine_files_hint"), kind="files")]


def _figure_fields(work: Work, asked: AtWork) -> list[Field]:
    """Return a field for each target, with what this share has said of it."""
    if Act.MEASURE not in acts_on_share(asked.member, work.task, work.share):
        return []
    told = sheet_targets(work.task, work.share, asked.view)
    hint = asked.view.say("mine_figure_hint")
    return [
        Field(name=f"figure-{number}", label=label, hint=hint) for number, label in enumerate(told, start=1)
    ]


def _report_fields(work: Work, asked: AtWork) -> list[Field]:
    say = asked.view.say
    note = Field(name="note", label=say("act_result"), hint=say("mine_result_hint"), kind="words")
    return [*document_fields(asked), note, *_figure_fields(work, asked), *file_fields(asked)]


def _progress_fields(work: Work, asked: AtWork) -> list[Field]:
    say = asked.view.say
    return [
        Field(name="expected", label=say("act_expected"), kind="date", required=True),
        Field(name="note", label=say("mine_progress_note"), kind="words"),
    ]


def _extend_fields(work: Work, asked: AtWork) -> list[Field]:
    say = asked.view.say
    return [
        Field(name="to", label=say("act_new_date"), kind="date", required=True),
        Field(name="note", label=say("act_reason"), kind="words", required=True),
    ]


def _wait_fields(work: Work, asked: AtWork) -> list[Field]:
    note = Field(name="note", label=asked.view.say("mine_wait_note"), kind="words")
    return [*document_fields(asked, required=True, hint="mine_wait_hint"), note]


def _resume_fields(work: Work, asked: AtWork) -> list[Field]:
    note = Field(name="note", label=asked.view.say("mine_resume_note"), kind="words")
    return [*document_fields(asked, hint="mine_resume_hint"), note]


def _hand_over_fields(work: Work, asked: AtWork) -> list[Field]:
    """Ask for one of the unit, each with what he has open and late, or for nobody."""
    view = asked.view
    whose = replace(whose_of(asked), officer=None)
    loads = {load.officer: load for load in unit_work.loads(view.session, whose, view.now.date())}
    options = [("", view.say("mine_hand_over_nobody"), "")]
    for person in staff_of(asked):
        load = loads.get(person.code)
        told = {"open": load.open if load else 0, "late": load.late if load else 0}
        options.append((person.code, person.name, view.say("mine_hand_over_option", **told)))
    label = view.say("mine_hand_over_to")
    note = Field(name="note", label=view.say("mine_hand_over_note"), kind="words")
    return [Field(name="officer", label=label, kind="choice", options=options), note]


_FIELDS: Mapping[Act, Callable[[Work, AtWork], list[Field]]] = {
    Act.REPORT: _report_fields,
    Act.PROGRESS: _progress_fields,
    Act.EXTEND: _extend_fields,
    Act.MEASURE: _figure_fields,
    Act.WAIT: _wait_fields,
    Act.RESUME: _resume_fields,
    Act.HAND_OVER: _hand_over_fields,
}


# --- what is recorded ------------------------------------------------------------------------------


def record(asked: AtWork, share: int, what: str, form: Posted) -> None:
    """Record what a form says of a share that is the reader's now. Raises Refused; nothing is kept then."""
    work, act = work_of(asked, share), act_of(what)
    require(act, acts_on_share(asked.member, work.task, work.share))
    _RECORDS[act](asked, work, form)


def _report(asked: AtWork, work: Work, form: Posted) -> None:
    note = form.get("note", "")
    figures = tuple(figures_of(form, work.task))
    proofs = proofs_of(form, asked.files, asked.view, by=asked.person.code)
    if not (proofs or note or figures):
        raise Refused("act_report_empty")
    replace(asked.desk, note=note).report(
        work.task.id,
        work.share.key.unit,
        product_date=next((proof.issued for proof in proofs if proof.issued), None),
        evidence=proofs,
        occurrence=work.share.key.occurrence,
        figures=figures,
    )


def _progress(asked: AtWork, work: Work, form: Posted) -> None:
    expected = day_of(form.get("expected", ""))
    desk = replace(asked.desk, note=form.get("note", ""))
    if expected < desk.on:
        raise Refused("act_expected_past", expected=expected, today=desk.on)
    key = work.share.key
    desk.acknowledge(work.task.id, key.unit, expected=expected, occurrence=key.occurrence)


def _extend(asked: AtWork, work: Work, form: Posted) -> None:
    desk, key = replace(asked.desk, note=form.get("note", "")), work.share.key
    desk.ask_extension(work.task.id, key.unit, to=day_of(form.get("to", "")), occurrence=key.occurrence)


def _measure(asked: AtWork, work: Work, form: Posted) -> None:
    key, figures = work.share.key, tuple(figures_of(form, work.task))
    asked.desk.measure(work.task.id, key.unit, figures=figures, occurrence=key.occurrence)


def _wait(asked: AtWork, work: Work, form: Posted) -> None:
    desk, key = _on_paper(asked, form, needed="wait"), work.share.key
    desk.wait(work.task.id, key.unit, occurrence=key.occurrence)


def _resume(asked: AtWork, work: Work, form: Posted) -> None:
    desk, key = _on_paper(asked, form), work.share.key
    desk.resume(work.task.id, key.unit, occurrence=key.occurrence)


def _on_paper(asked: AtWork, form: Posted, *, needed: str = "") -> Desk:
    """Return the desk with the form's document and note; where it is needed, with its date too."""
    return replace(asked.desk, document=paper_of(form, needed=needed), note=form.get("note", ""))


def paper_of(form: Mapping[str, str], *, needed: str = "") -> Document | None:
    """Return the document a decision rests on. Raises Refused: document_needed, act_document_missing."""
    number, issued = form.get("document", ""), form.get("issued", "")
    if needed and not (number and issued):
        raise Refused("document_needed", decision=needed)
    if issued and not number:
        raise Refused("act_document_missing", issued=issued)
    return Document(number=number, issued=day_of(issued) if issued else None) if number else None


def _hand_over(asked: AtWork, work: Work, form: Posted) -> None:
    """Give all that the unit has open of the task to one of its people, or to nobody again."""
    officer = form.get("officer", "")
    if officer and officer not in {person.code for person in staff_of(asked)}:
        raise Refused("mine_officer_unknown", name=officer)
    unit = work.share.key.unit
    replace(asked.desk, note=form.get("note", "")).reassign(
        work.task.id, from_unit=unit, to_unit=unit, officer=officer or None
    )


_RECORDS: Mapping[Act, Callable[[AtWork, Work, Posted], None]] = {
    Act.REPORT: _report,
    Act.PROGRESS: _progress,
    Act.EXTEND: _extend,
    Act.MEASURE: _measure,
    Act.WAIT: _wait,
    Act.RESUME: _resume,
    Act.HAND_OVER: _hand_over,
}
