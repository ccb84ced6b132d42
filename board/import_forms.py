"""What the forms of an upload say: a head, an answer to a row, an answer for a name. Nothing is kept here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from board.forms import Posted
from board.imports import UNIT_KINDS, Looked
from tasks_catalog.directory_check import faults_of
from tasks_catalog.drafting import Draft, NameAnswer, Review
from tasks_catalog.occurrence import Role
from tasks_catalog.people import Directory, Group, Unit
from tasks_catalog.period import regime_of
from tasks_catalog.problem import Refused
from tasks_catalog.settling import Answer
from tasks_catalog.task import AnsweredBy, Continuous, NotArisen, PlanSettings
from tasks_catalog.text import clean
from tasks_catalog.typed import day_of

_FIRST_YEAR, _LAST_YEAR = 2016, 2039
"""Years whose own and neighbouring working days the calendar knows."""


def looked_of(form: Mapping[str, str]) -> Looked:
    """Return which rows were looked at when a form was sent."""
    page = form.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Looked(doubtful=form.get("show") == "doubtful", page=max(1, number))


def issued_of(form: Mapping[str, str]) -> date | None:
    """Return the day of issue typed, or None. Raises Refused (day_unreadable)."""
    return day_of(form["issued"]) if form.get("issued") else None


def head_of_form(form: Posted, before: Draft) -> Draft:
    """Return the draft with its head as typed.

    Raises Refused: import_head_needed, day_unreadable, import_year_unreadable, import_focal_unit_needed,
    regime_unknown.
    """
    number, issued = form.get("number", ""), issued_of(form)
    if not number or issued is None:
        raise Refused("import_head_needed")
    year = _year(form.get("year", ""), before)
    choices = _choices(form, before.choices) if "regime" in form else before.choices
    return replace(
        before,
        number=number,
        issued=issued,
        title=form.get("title", ""),
        label=form.get("label", ""),
        year=year,
        choices=choices,
    )


def _year(typed: str, before: Draft) -> int | None:
    """Return a year that replaces the document's; left as it was read, it goes on following the document."""
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and _FIRST_YEAR <= int(typed) <= _LAST_YEAR):
        raise Refused("import_year_unreadable", words=typed, first=_FIRST_YEAR, last=_LAST_YEAR)
    return int(typed)


def _choices(form: Posted, before: PlanSettings) -> PlanSettings:
    focal = form.get("focal_unit") or None
    try:
        answered_by = AnsweredBy(form.get("answered_by", before.answered_by))
        continuous = Continuous(form.get("continuous", before.continuous))
        not_arisen = NotArisen(form.get("not_arisen", before.not_arisen))
    except ValueError as error:
        raise Refused("board_request_unreadable") from error
    if answered_by is AnsweredBy.FOCAL_UNIT and focal is None:
        raise Refused("import_focal_unit_needed")
    return replace(
        before,
        regime=regime_of(form["regime"]).key,
        continuous=continuous,
        not_arisen=not_arisen,
        answered_by=answered_by,
        focal_unit=focal if answered_by is AnsweredBy.FOCAL_UNIT else None,
        printed_dates_slide=form.get("printed_dates_slide") == "yes",
        derived_dates_slide=form.get("derived_dates_slide") == "yes",
    )


def answer_of_form(form: Posted) -> Answer:
    """Return the answer to a row as typed; "accept" takes the proposed reading instead of any words."""
    accept = form.get("what") == "accept"
    return Answer(
        deadline=None if accept else form.get("deadline") or None,
        accept_proposal=accept,
        owners=_units_named(form, "owner"),
        co_owners=_units_named(form, "co_owner"),
    )


def fault_of_answer(review: Review, row: int, answer: Answer) -> Refused | None:
    """Return why an answer does not answer its row. Raises Refused (import_row_asks_nothing)."""
    if row not in review.asked:
        raise Refused("import_row_asks_nothing", row=row)
    if answer == Answer():
        return Refused("import_answer_empty")
    would, alone = review.row_with(row, answer), review.row_with(row, None)
    if would.fault is not None:
        return would.fault
    if (answer.owners or answer.co_owners) and all(one.role is not Role.OWNER for one in would.owners):
        return Refused("import_answer_no_owner")
    if would.left and would.left == alone.left:
        return Refused("import_answer_beside")
    return None


def _units_named(form: Posted, role: str) -> tuple[str, ...]:
    """Return the unit chosen and those typed, parted by ";"."""
    typed = (clean(part) for part in form.get(f"{role}s", "").split(";"))
    return tuple(dict.fromkeys(name for name in (form.get(role, ""), *typed) if name))


def name_of_form(form: Posted, draft: Draft, known: Directory) -> Draft:
    """Return the draft with what was said of a name.

    Raises Refused: import_unit_needed, import_code_needed, import_code_taken,
    import_members_needed, and what is wrong with a
    directory that has the new unit (code_used_twice, unit_name_twice).
    """
    name, what = form.get("name", ""), form.get("what", "")
    match what:
        case "unit":
            unit = form.get("unit_typed") or form.get("unit", "")
            if not unit:
                raise Refused("import_unit_needed", name=name)
            return draft.with_name(name, NameAnswer(name=name, unit=unit, learn=form.get("learn") == "yes"))
        case "clear":
            return draft.with_name(name, None)
        case "new_unit" | "new_group":
            return _checked(_with_new(form, draft.with_name(name, None), known, name), draft, known)
        case "forget":
            code = form.get("code", "")
            return replace(
                draft,
                units=tuple(unit for unit in draft.units if unit.code != code),
                groups=tuple(group for group in draft.groups if group.code != code),
            )
        case _:
            raise Refused("board_request_unreadable")


def _with_new(form: Posted, draft: Draft, known: Directory, name: str) -> Draft:
    code, full = form.get("code", "").replace(" ", ""), form.get("full_name", "") or name
    if not code:
        raise Refused("import_code_needed", name=name)
    there = draft.directory(known)
    if any(owner.code == code for owner in there.owners):
        raise Refused("import_code_taken", taken=code)
    aliases = (name,) if full != name else ()
    if form["what"] == "new_unit":
        kind = form.get("kind", "")
        kind = kind if kind in UNIT_KINDS else UNIT_KINDS[0]
        return replace(draft, units=(*draft.units, Unit(code=code, name=full, aliases=aliases, kind=kind)))
    members = tuple(unit for unit in form.all("members") if there.unit(unit) is not None)
    if not members:
        raise Refused("import_members_needed", name=full)
    return replace(
        draft, groups=(*draft.groups, Group(code=code, name=full, aliases=aliases, members=members))
    )


def _checked(changed: Draft, before: Draft, known: Directory) -> Draft:
    """Refuse a unit whose code or name another has; faults the directory had before are not asked about."""
    had = list(faults_of(before.directory(known)))
    for fault in faults_of(changed.directory(known)):
        if fault not in had:
            raise Refused(fault.code, **fault.params)
    return changed
