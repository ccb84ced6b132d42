"""What is said of a plan as a whole before it is imported: its number and date, and how it is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from board.import_names import Choice
from board.view import View
from storage.plan_import import number_key
from tasks_catalog.documents.beside import Beside
from tasks_catalog.drafting import Draft
from tasks_catalog.period import REGIMES
from tasks_catalog.task import AnsweredBy, Continuous, NotArisen, PlanSettings


@dataclass(frozen=True, kw_only=True)
class SettingShown:
    """One setting of the plan with its choices."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class HeadForm:
    """What is said of the plan as a whole."""

    values: Mapping[str, str]
    settings: tuple[SettingShown, ...]
    warnings: tuple[str, ...]
    complete: bool


def head_form(draft: Draft, found: Beside, settings: PlanSettings, view: View) -> HeadForm:
    printed = found.read.head.number
    warnings = []
    if printed and draft.number and number_key(printed) != number_key(draft.number):
        warnings.append(view.say("plan_number_differs", printed=printed, number=draft.number))
    return HeadForm(
        values={
            "number": draft.number,
            "issued": draft.issued.isoformat() if draft.issued else "",
            "title": draft.title,
            "label": draft.label,
            "year": str(draft.year or found.read.head.year or ""),
            "focal_unit": draft.choices.focal_unit or "",
        },
        settings=tuple(_settings(replace(draft.choices, year=settings.year), view)),
        warnings=tuple(warnings),
        complete=draft.is_ready,
    )


def _settings(choices: PlanSettings, view: View) -> Iterator[SettingShown]:
    kinds = (
        ("regime", tuple(REGIMES), choices.regime),
        ("continuous", tuple(map(str, Continuous)), str(choices.continuous)),
        ("not_arisen", tuple(map(str, NotArisen)), str(choices.not_arisen)),
        ("answered_by", tuple(map(str, AnsweredBy)), str(choices.answered_by)),
        ("printed_dates_slide", ("no", "yes"), "yes" if choices.printed_dates_slide else "no"),
        ("derived_dates_slide", ("no", "yes"), "yes" if choices.derived_dates_slide else "no"),
    )
    for name, values, now in kinds:
        words = (
            (value, view.say(f"regime_{value}" if name == "regime" else f"import_{name}_{value}"))
            for value in values
        )
        yield SettingShown(
            name=name,
            label=view.say(f"import_{name}"),
            choices=tuple(Choice(value=value, name=said, chosen=value == now) for value, said in words),
        )
