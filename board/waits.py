"""What needs a decision today: each reason with its number and its oldest day, and the page that lists it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from board.scope import NavLink, Scope
from board.view import View
from notifications.wording import problem_sentence
from storage import desk_list
from storage.desk_list import Wait, Waiting, Waits
from tasks_catalog.problem import Problem

SHOWN = 50
"""Lines of each reason on the page; what is decided makes room for the rest."""


@dataclass(frozen=True, kw_only=True)
class WaitCount:
    """One reason: how much waits for it, since when, and where it is listed."""

    kind: str
    word: str
    number: str
    href: str
    oldest: str
    days: str


@dataclass(frozen=True, kw_only=True)
class WaitLine:
    """One thing to decide, with the page where that is done."""

    href: str
    name: str
    text: str
    about: str
    since: str


@dataclass(frozen=True, kw_only=True)
class WaitGroup:
    """One reason with its lines, how to decide them, and how many are not shown."""

    count: WaitCount
    lead: str
    lines: tuple[WaitLine, ...]
    more: int
    together: str = ""
    """Where all of a plan's are decided on one page, many at once."""


@dataclass(frozen=True, kw_only=True)
class DecisionsPage:
    """Everything that waits for a decision, by reason."""

    nav: tuple[NavLink, ...]
    crumb: str
    crumb_href: str
    data_as_of: str
    counts: tuple[WaitCount, ...]
    groups: tuple[WaitGroup, ...]
    past: bool
    """A past day is only looked at: nothing is decided then."""


def wait_counts(scope: Scope) -> tuple[WaitCount, ...]:
    """Return each reason for which something waits; of a past day none."""
    return tuple(_count(each, scope) for each in _waits(scope))


def _waits(scope: Scope) -> tuple[Waits, ...]:
    view = scope.view
    if view.as_of is not None:
        return ()
    found = desk_list.waits(view.session, view.organisation_id, scope.plans, view.now.tzinfo)
    return tuple(each for each in found if each.number)


def _count(each: Waits, scope: Scope) -> WaitCount:
    view = scope.view
    days = (view.count_day - each.oldest).days if each.oldest else None
    return WaitCount(
        kind=str(each.kind),
        word=view.say(f"wait_{each.kind}"),
        number=view.say("wait_more_than", number=each.number) if each.more else str(each.number),
        href=f"{scope.link('decisions')}#{each.kind}",
        oldest=view.day(each.oldest) if each.oldest else "–",
        days=_waited(days, view),
    )


def _waited(days: int | None, view: View) -> str:
    if days is None:
        return ""
    return view.say("wait_days", days=days) if days else view.say("wait_today")


def decisions_page(scope: Scope) -> DecisionsPage:
    view = scope.view
    found = _waits(scope)
    return DecisionsPage(
        nav=scope.nav("decisions"),
        crumb=scope.name,
        crumb_href=scope.home,
        data_as_of=view.data_as_of,
        counts=tuple(_count(each, scope) for each in found),
        groups=tuple(_group(each, scope) for each in found),
        past=view.as_of is not None,
    )


def _group(each: Waits, scope: Scope) -> WaitGroup:
    view = scope.view
    lines = desk_list.waiting(
        view.session, each.kind, view.organisation_id, scope.plans, view.now.tzinfo, most=SHOWN
    )
    return WaitGroup(
        count=_count(each, scope),
        lead=view.say(f"wait_{each.kind}_lead"),
        lines=tuple(_line(line, scope) for line in lines),
        more=max(0, each.number - len(lines)),
        together=scope.link("to-accept") if each.kind is Wait.ACCEPT and scope.number else "",
    )


def _line(line: Waiting, scope: Scope) -> WaitLine:
    view = scope.view
    return WaitLine(
        href=_href(line, scope),
        name=_name(line, scope),
        text=line.text if line.row is not None else "",
        about="; ".join(filter(None, _about(line, scope))),
        since=view.day(line.since) if line.since else "–",
    )


def _href(line: Waiting, scope: Scope) -> str:
    """Return where it is decided: the task's page, the answers by mail, the letter, the outbox."""
    view = scope.view
    if line.kind is Wait.LETTER:
        return view.links.letter(line.id)
    if line.kind is Wait.ADDRESS:
        return view.page_link(None, "outbox")
    if line.kind is Wait.ANSWER or line.row is None:
        return view.page_link(None, "answers")
    return view.links.task(line.plan, line.row)


def _name(line: Waiting, scope: Scope) -> str:
    view = scope.view
    if line.kind is Wait.LETTER:
        return view.say("wait_letter_name", letter=line.id)
    if line.kind is Wait.ADDRESS:
        return view.person(line.text)
    if line.row is None:
        return view.say("wait_answer_name", answer=line.id)
    row = view.say("board_row_number", row=line.row)
    return row if scope.number else f"{row} · {line.plan}"


def _about(line: Waiting, scope: Scope) -> Iterator[str]:
    view = scope.view
    match line.kind:
        case Wait.ACCEPT:
            yield view.unit(line.about)
        case Wait.EXTENSION:
            yield view.unit(line.about)
            yield view.say("wait_extension_asked", to=str(line.params.get("to", "")))
            yield str(line.params.get("reason", ""))
        case Wait.ANSWER:
            yield view.person(line.about)
        case Wait.QUESTION:
            yield problem_sentence(Problem(code=line.about, params=line.params), view.language)
        case Wait.ARISEN:
            yield view.unit(line.about)
            yield str(line.params.get("words", ""))
        case Wait.CONDITION:
            yield line.about
        case Wait.LETTER:
            yield view.person(line.text)
            yield view.say(f"board_letter_{line.about}")
        case Wait.ADDRESS:
            yield view.say("wait_address_dead")
