"""Letters other than the daily digest: welcome, summary of a period, alarm of the audit, test of the mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from notifications.letter import Letter, letter_head, plan_sentence
from notifications.letter_lines import PRODUCT_CHARACTERS, TEXT_CHARACTERS, Addressee, PlanRef
from notifications.links import Links
from notifications.reasons import dates_text, period_name, stand_in_opening, unit_name
from notifications.render import cut, rendered
from notifications.signing import Purpose
from notifications.wording import Wording, date_text
from tasks_catalog.facts import TaskFacts
from tasks_catalog.ladder import DEFAULT_LADDER, Ladder, Rung
from tasks_catalog.occurrence import Occurrence, Role

SHOWN_TASKS = 80
"""Tasks listed in one welcome letter at most; the rest is counted and linked."""


@dataclass(frozen=True, kw_only=True)
class OwnTask:
    """A task of the welcomed unit, and what the unit is to it."""

    task: TaskFacts
    role: Role


@dataclass(frozen=True, kw_only=True)
class SummaryFigures:
    """What the summary letter says; the documents attached say the rest.

    ``sentence`` and the names of the standings in ``counts`` come worded in the reader's language.
    """

    plan: PlanRef
    period: str
    """Key of the period, such as "2022-Q1"."""
    as_of: date
    sentence: str
    done: int
    total: int
    counts: Mapping[str, int]
    worst: Sequence[tuple[TaskFacts, date]] = ()
    """Overdue tasks and the day each lapsed, the oldest first."""
    files: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class TrialFacts:
    """What the test letter says of itself, to be compared with what arrived. ``at`` is local time."""

    at: datetime
    way: str
    """The relay and its port, or the folder."""
    sender: str
    message_id: str


@dataclass(frozen=True, kw_only=True)
class _Row:
    text: str
    detail: str
    due: str
    link: str


@dataclass(frozen=True, kw_only=True)
class _Part:
    title: str
    rows: tuple[_Row, ...]
    more: str = ""


def compose_welcome(
    addressee: Addressee,
    tasks: Iterable[OwnTask],
    *,
    plan: PlanRef,
    unit: str,
    as_of: date,
    links: Links,
    ladder: Ladder = DEFAULT_LADDER,
) -> Letter:
    """Return the letter a unit gets once, when a plan starts: its tasks, the dates, how reminders go."""
    own = sorted(tasks, key=lambda entry: entry.task.row)
    say = addressee.say
    name = unit_name(unit, addressee.directory)
    owned = [entry.task for entry in own if entry.role is Role.OWNER]
    counts = {"own": len(owned), "co": len(own) - len(owned)}
    ahead = sorted(day for task in owned for day in _days_ahead(task, as_of))
    code = "subject_welcome" if ahead else "subject_welcome_undated"
    context = letter_head(addressee, links) | {
        "subject": say(code, unit=name, plan=plan.number, due=ahead[0] if ahead else "", **counts),
        "opening": _for_whom(addressee)
        + say("welcome_opening", plan=plan.number, on=as_of, unit=name, **counts),
        "plan": plan_sentence(plan, say),
        "plan_link": links.plan(plan.number),
        "mine": links.act(Purpose.MINE),
        "first": say("welcome_first"),
        "parts_of_unit": tuple(_welcome_parts(own, plan, unit, as_of, links, addressee)),
        "ladder": tuple(_ladder_sentences(ladder.dated, say)),
    }
    page = rendered("welcome", context)
    return Letter(subject=page.subject, text=page.text, html=page.html)


def compose_summary(addressee: Addressee, figures: SummaryFigures, *, links: Links) -> Letter:
    """Return the letter that carries a period's summary to coordinator and leaders."""
    lang = addressee.person.language
    say, plan = addressee.say, figures.plan
    period = period_name(figures.period, lang)
    told = {"plan": plan.number, "period": period, "as_of": figures.as_of}
    context = letter_head(addressee, links) | {
        "subject": say("subject_summary", done=figures.done, total=figures.total, **told),
        "opening": _for_whom(addressee) + say("summary_opening", **told),
        "sentence": figures.sentence,
        "counts": tuple(figures.counts.items()),
        "worst": tuple(_row(task, plan, links, due=date_text(since, lang)) for task, since in figures.worst),
        "files": say("letter_files", names=", ".join(figures.files)) if figures.files else "",
        "plan_link": links.plan(plan.number),
    }
    page = rendered("summary", context)
    return Letter(subject=page.subject, text=page.text, html=page.html)


def compose_alarm(addressee: Addressee, gaps: Sequence[str], *, at: datetime, links: Links) -> Letter:
    """Return the letter to the coordinator when the audit found gaps; each gap is a worded sentence.

    ``at`` is local time.
    """
    say = addressee.say
    context = letter_head(addressee, links) | {
        "subject": say("subject_alarm", count=len(gaps), on=at.date()),
        "opening": _for_whom(addressee)
        + say("alarm_opening", count=len(gaps), on=at.date(), time=f"{at:%H:%M}"),
        "first": say("alarm_first"),
        "gaps": tuple(gaps),
    }
    page = rendered("alarm", context)
    return Letter(subject=page.subject, text=page.text, html=page.html)


def compose_test(addressee: Addressee, facts: TrialFacts, *, links: Links) -> Letter:
    """Return the letter somebody asked for to see the way of mail by; it speaks of no task."""
    say = addressee.say
    when = {"on": facts.at.date(), "time": f"{facts.at:%H:%M}"}
    context = letter_head(addressee, links) | {
        "subject": say("subject_test", **when),
        "opening": say("test_opening", office=addressee.directory.name, **when),
        "first": say("test_first"),
        "facts": (
            say("test_way", way=facts.way),
            say("test_sender", address=facts.sender),
            say("test_recipient", address=addressee.person.email),
            say("test_message_id", message_id=facts.message_id),
        ),
    }
    page = rendered("test", context)
    return Letter(subject=page.subject, text=page.text, html=page.html)


def _for_whom(addressee: Addressee) -> str:
    return stand_in_opening(
        addressee.absence, addressee.directory, addressee.person.language, addressee.words
    )


def _days_ahead(task: TaskFacts, as_of: date) -> tuple[date, ...]:
    return tuple(sorted({o.due for o in _occurrences(task) if o.due >= as_of}))


def _occurrences(task: TaskFacts) -> tuple[Occurrence, ...]:
    return (*task.planned, *task.opened.values())


def _welcome_parts(
    own: Iterable[OwnTask], plan: PlanRef, unit: str, as_of: date, links: Links, addressee: Addressee
) -> Iterable[_Part]:
    say, lang = addressee.say, addressee.person.language
    dated: list[_Row] = []
    waiting: list[_Row] = []
    before: list[_Row] = []
    helped: list[_Row] = []
    sheets: dict[tuple[str, date], int] = {}
    for entry in own:
        task = entry.task
        row = _row(task, plan, links, due=_due_words(task, as_of, say, lang))
        if entry.role is Role.CO_OWNER:
            helped.append(row)
            continue
        periods = {(o.period, o.due) for o in task.planned if o.period is not None and o.due >= as_of}
        for period, due in periods:
            sheets[period, due] = sheets.get((period, due), 0) + 1
        if any(o.period is None and o.due >= as_of for o in _occurrences(task)):
            dated.append(row)
        elif not periods:
            (before if _occurrences(task) else waiting).append(row)
    yield from _part("dated", dated, say)
    yield from _part("waiting", waiting, say)
    yield from _part("sheet", list(_sheet_rows(sheets, plan, unit, links, addressee)), say)
    yield from _part("before", before, say)
    yield from _part("co_owner", helped, say)


def _part(name: str, rows: list[_Row], say: Wording) -> Iterable[_Part]:
    if rows:
        hidden = len(rows) - SHOWN_TASKS
        more = say("letter_more", count=hidden) if hidden > 0 else ""
        yield _Part(title=say(f"welcome_section_{name}"), rows=tuple(rows[:SHOWN_TASKS]), more=more)


def _due_words(task: TaskFacts, as_of: date, say: Wording, lang: str) -> str:
    """Return the dates ahead, else those gone by, else the plan's own words."""
    days = _days_ahead(task, as_of) or tuple(o.due for o in _occurrences(task))
    if days:
        return dates_text(days, lang)
    words = task.deadline.text
    return (
        say("welcome_as_written", words=cut(words, PRODUCT_CHARACTERS)) if words else say("welcome_no_words")
    )


def _row(task: TaskFacts, plan: PlanRef, links: Links, *, due: str) -> _Row:
    return _Row(
        text=f"{task.id} – {cut(task.text, TEXT_CHARACTERS)}",
        detail=cut(task.product, PRODUCT_CHARACTERS),
        due=due,
        link=links.task(plan.number, task.row),
    )


def _sheet_rows(
    sheets: Mapping[tuple[str, date], int], plan: PlanRef, unit: str, links: Links, addressee: Addressee
) -> Iterable[_Row]:
    say, lang = addressee.say, addressee.person.language
    for (period, due), count in sorted(sheets.items(), key=lambda entry: entry[0][1]):
        code = "letter_sheet_one" if count == 1 else "letter_sheet"
        yield _Row(
            text=say(code, period=period_name(period, lang), count=count),
            detail="",
            due=date_text(due, lang),
            link=links.sheet(plan.number, period, unit),
        )


def _ladder_sentences(rungs: Iterable[Rung], say: Wording) -> Iterable[str]:
    for rung in rungs:
        if rung.offset is None:
            continue
        who = ", ".join(say(f"audience_{audience}") for audience in rung.audience)
        if rung.offset == 0:
            yield say("welcome_rung_on", who=who)
        elif rung.offset < 0:
            yield say("welcome_rung_before", days=-rung.offset, who=who)
        else:
            yield say("welcome_rung_after", days=rung.offset, who=who)
