"""Composes one letter a person from their notices of the day: what to do first, then each line and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notifications.calendar_feed import PUBLISHED_FILE
from notifications.letter_lines import Addressee, Item, LetterLine, PlanRef, Section, lines_of
from notifications.links import Links
from notifications.reasons import dates_text, titled
from notifications.render import cut, rendered
from notifications.signing import VALID_DAYS, Purpose
from notifications.wording import Wording
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.people import Person, Post

__all__ = [
    "Addressee",
    "Item",
    "Letter",
    "LetterLine",
    "Links",
    "PlanRef",
    "Section",
    "compose_digest",
]

SHOWN_LINES = 60
"""Lines shown in one letter at most; mail readers clip HTML over 100 KB. The rest is counted and linked."""
_FIRST_CHARACTERS = 110
_DATED = (Section.TODAY, Section.SOON)
_OF_OTHERS = (Section.DECIDE, Section.URGE)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter as composed: what is sent, and the lines with the notices it speaks for."""

    subject: str
    text: str
    html: str
    lines: tuple[LetterLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SectionPage:
    """A section as the templates show it."""

    title: str
    lines: tuple[LetterLine, ...]
    more: str
    more_link: str
    shows_unit: bool


def compose_digest(
    addressee: Addressee,
    items: Sequence[Item],
    *,
    as_of: date,
    calendar: WorkCalendar,
    links: Links,
    files: Sequence[str] = (),
    calendar_files: Sequence[str] = (),
) -> Letter:
    """Return the letter that carries all of a person's notices of the day; ``items`` is not empty.

    The same facts stand in the text and in the HTML, in the person's language. ``files`` are the
    names of what travels with it, such as a draft letter of urging; ``calendar_files`` those that are
    opened to put its dates into a calendar, or to take them out.
    """
    if not items:
        raise ValueError("a letter without a notice is not written")
    lines = lines_of(items, addressee, as_of=as_of, calendar=calendar, links=links)
    person, lang = addressee.person, addressee.person.language
    say = addressee.say
    plans = sorted({item.plan.number: item.plan for item in items}.values(), key=lambda plan: plan.number)
    context = letter_head(addressee, links) | {
        "subject": subject_of(lines, say),
        "opening": say("letter_opening", on=as_of, office=addressee.directory.name),
        "mine": links.act(Purpose.MINE),
        "first": _first_sentence(lines, say),
        "sections": _pages(lines, say, links, lang),
        "unit_label": say("letter_unit"),
        "due_label": say("letter_column_due"),
        "how": tuple(_how(lines, person, addressee.directory.coordinator(), links, as_of, say)),
        "files": tuple(_files(files, calendar_files, say)),
        "plans": tuple(plan_sentence(plan, say) for plan in plans),
    }
    page = rendered("digest", context)
    return Letter(subject=page.subject, text=page.text, html=page.html, lines=lines)


def plan_sentence(plan: PlanRef, say: Wording) -> str:
    """Return the plan by number, and by title where it has one."""
    code = "letter_plan_titled" if plan.title else "letter_plan"
    return say(code, number=plan.number, title=plan.title)


def letter_head(addressee: Addressee, links: Links) -> dict[str, object]:
    """Return what every kind of letter shows: the greeting, whom to ask, and the sentences by code."""
    person, directory = addressee.person, addressee.directory
    say = addressee.say
    coordinator = directory.coordinator()
    contact = ""
    if coordinator is not None and coordinator.code != person.code:
        contact = say("letter_ask", name=coordinator.name, email=coordinator.email)
    return {
        "say": say,
        "lang": "en" if person.language == "en" else "vi",
        "greeting": say("letter_greeting", who=titled(person, person.language)),
        "contact": contact,
        "office": directory.name,
        "closing": say("letter_closing", office=directory.name),
        "preferences": links.act(Purpose.PREFERENCES),
        "links": links,
    }


def subject_of(lines: Iterable[LetterLine], say: Wording) -> str:
    """Return counts first and the nearest date: "[CCHC] 2 quá hạn, 1 đến hạn ngày 15/11/2022 – ..."."""
    by_section: dict[Section, list[LetterLine]] = {}
    for line in lines:
        by_section.setdefault(line.section, []).append(line)
    dated = any(section in by_section for section in _DATED)
    parts: list[str] = []
    for section in (section for section in Section if section in by_section):
        found = by_section[section]
        code = f"subject_{section}" if dated or parts else f"subject_{section}_since"
        parts.append(say(code, count=len(found), due=min(line.due for line in found)))
    plans = sorted({line.plan for found in by_section.values() for line in found})
    code = "subject_plan" if len(plans) == 1 else "subject_plans"
    return say(code, counts=", ".join(parts), plan=plans[0], plans=len(plans))


def _first_sentence(lines: Sequence[LetterLine], say: Wording) -> str:
    """Return what to do first: the number of lines in the first section, and its oldest one by name."""
    section = lines[0].section
    count = sum(line.section is section for line in lines)
    what = f"{lines[0].number} – {lines[0].text}" if lines[0].number else lines[0].text
    code = f"first_{section}_one" if count == 1 else f"first_{section}"
    return say(code, count=count, what=cut(what, _FIRST_CHARACTERS), due=lines[0].due, unit=lines[0].unit)


def _pages(lines: Sequence[LetterLine], say: Wording, links: Links, lang: str) -> tuple[SectionPage, ...]:
    """Cut the lines into sections; past ``SHOWN_LINES`` each section says how many it leaves to the board."""
    pages: list[SectionPage] = []
    room = SHOWN_LINES
    for section in Section:
        found = tuple(line for line in lines if line.section is section)
        if not found:
            continue
        shown = found[:room]
        room -= len(shown)
        hidden = len(found) - len(shown)
        pages.append(
            SectionPage(
                title=say(f"section_{section}", days=dates_text([line.due for line in found], lang)),
                lines=shown,
                more=say("letter_more", count=hidden) if hidden else "",
                more_link=links.plan(found[-1].plan) if hidden else "",
                shows_unit=section in _OF_OTHERS or len({line.unit for line in found}) > 1,
            )
        )
    return tuple(pages)


def _files(files: Sequence[str], calendar_files: Sequence[str], say: Wording) -> Iterable[str]:
    """Say what travels with the letter and what it is for."""
    if files:
        yield say("letter_files", names=", ".join(files))
        yield say("summary_drafted")
    off = [name for name in calendar_files if name != PUBLISHED_FILE]
    if PUBLISHED_FILE in calendar_files:
        yield say("letter_calendar", name=PUBLISHED_FILE)
    if off:
        yield say("letter_calendar_off", names=", ".join(off))


def _how(
    lines: Sequence[LetterLine],
    person: Person,
    coordinator: Person | None,
    links: Links,
    as_of: date,
    say: Wording,
) -> Iterable[str]:
    """Say how a report, a request for time or a period sheet is handed in, by the ways this office has."""
    example = next((line.number for line in lines if line.number), "")
    if any(line.acts for line in lines):
        yield say("how_links", until=as_of + timedelta(days=VALID_DAYS))
    if links.base_url:
        yield say("how_board")
    if any(not line.number for line in lines):
        yield say("how_sheet")
    if coordinator is not None and coordinator.code != person.code:
        yield say("how_reply_task" if example else "how_reply", example=example, name=coordinator.name)
    if person.post in (Post.COORDINATOR, Post.ADMINISTRATOR):
        yield say("how_command", example=example or f"{lines[0].plan}/1")
