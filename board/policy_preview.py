"""What a setting of a plan would change, shown before it is kept: in letters, and in figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from board.policy_forms import Handling
from board.task_notices import rung_name
from board.view import View
from notifications.comparing import Change, Comparison, LineChange, compared
from notifications.foresee import Ahead, LetterAhead
from notifications.ladder_bite import Bite, RungDay, bite_of
from notifications.outlook import OfficeAhead, office_ahead
from storage import tasks
from storage.plan_policy import ladder_now, since_when
from storage.schema import PlanRow
from tasks_catalog.ladder import Ladder
from tasks_catalog.progress import Tally, tally_of
from tasks_catalog.sending_hours import Hours
from tasks_catalog.standing import StandingKind

DAYS = 30
"""Working days looked ahead: six weeks, beyond the farthest rung of the default ladder."""
MOST_READERS, FIRST_LINES, LINE_CHARACTERS, DAYS_OPEN = 20, 3, 90, 2


@dataclass(frozen=True, kw_only=True)
class LineShown:
    """One line of a letter: what becomes of it, in words, and its task."""

    change: str
    task: str
    href: str
    rung: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ReaderShown:
    """One reader's letter of a day under both settings; "–" for none."""

    reader: str
    before: str
    after: str
    lines: tuple[LineShown, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class DayShown:
    """One day under both settings; a line that is moved counts on the day it goes to."""

    day: str
    before: int
    after: int
    added: int
    dropped: int
    moved: int
    readers: tuple[ReaderShown, ...]
    more: int
    is_open: bool
    """Of the first days on which something changes: its readers are shown at once."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of words under both settings, such as a rung and the days it speaks on."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class PreviewShown:
    """The preview: what it found in one sentence, what it assumes, and the letters day by day."""

    found: str
    says: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()
    rows_title: str = ""
    rows: tuple[Row, ...] = ()
    days: tuple[DayShown, ...] = ()


def ladder_preview(plan: PlanRow, ladder: Ladder, view: View) -> PreviewShown:
    """Show what setting a ladder now would change. Raises Refused (outlook_too_large)."""
    since = since_when(plan, view.now.date())
    if plan.state == "imported":
        return PreviewShown(found=view.say("policy_ladder_not_started"))
    ahead = _ahead(view)
    comparison = compared(ahead.days, ahead.letters(), ahead.letters(ladder=(plan.id, since, ladder)))
    before = ladder_now(view.session, plan)
    outlines = ahead.outlines.get(plan.id, ())
    bite = bite_of(outlines, plan, view.directory, view.calendar, since=since, before=before, after=ladder)
    says = [view.say("policy_open_keep", since=since)]
    if before == ladder:
        says = [view.say("policy_ladder_same")]
    elif bite is None:
        says.append(view.say("policy_no_bite"))
    else:
        code = "policy_bite_one" if bite.shares == 1 else "policy_bite"
        says.append(view.say(code, on=bite.opens, shares=view.grouped(bite.shares)))
    return PreviewShown(
        found=_found(comparison, view),
        says=tuple(says),
        assumes=_assumes(view),
        rows_title=_bite_title(bite, view) if bite and before != ladder else "",
        rows=tuple(_bite_rows(bite, view)) if bite and before != ladder else (),
        days=tuple(_days(comparison, ahead, view)),
    )


def hours_preview(plan: PlanRow, hours: Hours | None, view: View) -> PreviewShown:
    """Show what setting sending hours now would change. Raises Refused (outlook_too_large)."""
    if plan.state == "imported":
        return PreviewShown(found=view.say("policy_hours_not_started"))
    ahead = _ahead(view)
    windows = {number: held for number, held in ahead.hours.items() if number != plan.id}
    if hours is not None:
        windows[plan.id] = hours
    comparison = compared(ahead.days, ahead.letters(), ahead.letters(hours=windows))
    return PreviewShown(
        found=_found(comparison, view),
        says=(view.say("policy_hours_hold"),),
        assumes=_assumes(view),
        days=tuple(_days(comparison, ahead, view)),
    )


def handling_preview(plan: PlanRow, handling: Handling, view: View) -> PreviewShown:
    """Show what counting otherwise would make of the plan's figures; letters do not depend on it."""
    settings = tasks.settings_of(plan)
    facts = tasks.facts_of_plan(view.session, plan)
    before = tally_of(plan.number, facts, settings, view.close)
    after = tally_of(plan.number, facts, handling.over(settings), view.close)
    accepts = (
        "" if settings.accepted_by is handling.accepted_by else f"plan_accepted_by_{handling.accepted_by}"
    )
    recounts = (settings.continuous, settings.not_arisen) != (handling.continuous, handling.not_arisen)
    says = [view.say(accepts, number=plan.number)] if accepts else []
    if recounts:
        says.append(view.say("policy_recounts", close=view.close))
    if not says:
        return PreviewShown(found=view.say("policy_handling_same"))
    return PreviewShown(
        found=view.say("policy_letters_same"),
        says=tuple(says),
        rows_title=view.say("policy_figures_title", close=view.close),
        rows=tuple(_figures(before, after, view)),
    )


def _figures(before: Tally, after: Tally, view: View) -> Iterator[Row]:
    yield Row(
        name=view.say("policy_done_of_total"),
        before=f"{view.grouped(before.done)}/{view.grouped(before.total)}",
        after=f"{view.grouped(after.done)}/{view.grouped(after.total)}",
    )
    for kind in StandingKind:
        yield Row(
            name=view.say(f"board_standing_{kind}"),
            before=view.grouped(before.counts[kind]),
            after=view.grouped(after.counts[kind]),
        )


def _ahead(view: View) -> OfficeAhead:
    return office_ahead(
        view.session,
        view.organisation_id,
        view.directory,
        view.calendar,
        sending=Hours(first=view.sending[0], until=view.sending[1]),
        now=view.now,
        count=DAYS,
    )


def _found(comparison: Comparison, view: View) -> str:
    counts = {str(kind): comparison.number(kind) for kind in Change}
    days = {"days": DAYS, "first": comparison.days[0].day, "last": comparison.days[-1].day}
    letters = {"before": len(comparison.before), "after": len(comparison.after)}
    code = "policy_changes" if any(counts.values()) else "policy_no_changes"
    return view.say(code, **days, **{name: view.grouped(n) for name, n in (letters | counts).items()})


def _assumes(view: View) -> tuple[str, ...]:
    return tuple(view.say(f"policy_assumes_{what}") for what in ("nobody_acts", "directory", "leaves"))


def _bite_title(bite: Bite, view: View) -> str:
    return view.say("policy_bite_title", task=bite.task.id, due=bite.share.due)


def _bite_rows(bite: Bite, view: View) -> Iterator[Row]:
    before = {each.rung.key: each for each in bite.before}
    after = {each.rung.key: each for each in bite.after}
    offsets = {each.rung.key: each.rung.offset or 0 for each in (*bite.before, *bite.after)}
    for key in sorted(offsets, key=offsets.__getitem__):
        name = view.say("policy_rung", rung=rung_shown(key))
        yield Row(name=name, before=_told(before.get(key), view), after=_told(after.get(key), view))


def rung_shown(key: str) -> str:
    """Return a rung's key with a minus that reads as one."""
    return key.replace("-", "−")


def _told(each: RungDay | None, view: View) -> str:
    if each is None:
        return "–"
    who = ", ".join(view.say(f"audience_{audience}") for audience in each.rung.audience)
    return f"{view.day(each.day)}: {who}"


def _days(comparison: Comparison, ahead: OfficeAhead, view: View) -> Iterator[DayShown]:
    changes: dict[tuple[date, str], list[LineChange]] = defaultdict(list)
    for change in comparison.changes:
        for moment in {moment.day for moment in (change.before, change.after) if moment}:
            changes[moment, change.reader].append(change)
    before, after = _by_place(comparison.before), _by_place(comparison.after)
    readers: dict[date, list[str]] = defaultdict(list)
    for day, reader in sorted(before.keys() | after.keys()):
        readers[day].append(reader)
    opened = [each.day for each in comparison.days if each.changes.total()][:DAYS_OPEN]
    for each in comparison.days:
        here = sorted(readers[each.day], key=lambda reader: (each.day, reader) not in changes)
        if not here:
            continue
        weekday = view.say(f"weekday_{each.day.weekday()}")
        yield DayShown(
            day=f"{weekday} {view.day(each.day)}",
            before=each.letters_before,
            after=each.letters_after,
            added=each.changes[Change.ADDED],
            dropped=each.changes[Change.DROPPED],
            moved=each.changes[Change.MOVED],
            readers=tuple(
                _reader(reader, before.get(place), after.get(place), changes.get(place, ()), view)
                for reader in here[:MOST_READERS]
                for place in ((each.day, reader),)
            ),
            more=max(0, len(here) - MOST_READERS),
            is_open=each.day in opened,
        )


def _by_place(letters: Iterable[LetterAhead]) -> dict[tuple[date, str], LetterAhead]:
    return {(letter.day, letter.reader): letter for letter in letters}


def _reader(
    reader: str,
    before: LetterAhead | None,
    after: LetterAhead | None,
    changes: Sequence[LineChange],
    view: View,
) -> ReaderShown:
    changed = {id(change.line) for change in changes}
    letter = after or before
    plain = [line for line in (letter.lines if letter else ()) if id(line) not in changed]
    lines = [
        *(_line(change.line, _change(change, view), view) for change in changes[:FIRST_LINES]),
        *(_line(line, "", view) for line in plain[: max(0, FIRST_LINES - len(changes))]),
    ]
    return ReaderShown(
        reader=view.person(reader),
        before=_letter(before, view),
        after=_letter(after, view),
        lines=tuple(lines),
        more=max(0, len(changes) + len(plain) - len(lines)),
    )


def _letter(letter: LetterAhead | None, view: View) -> str:
    if letter is None:
        return "–"
    code = "policy_letter_one" if len(letter.lines) == 1 else "policy_letter"
    return view.say(code, hour=f"{letter.hour:%H:%M}", lines=len(letter.lines))


def _change(change: LineChange, view: View) -> str:
    if change.kind is Change.MOVED and change.before and change.after:
        one_day = change.before.day == change.after.day
        words = (f"{at.hour:%H:%M}" if one_day else view.day(at.day) for at in (change.before, change.after))
        before, after = words
        return view.say("policy_line_moved", before=before, after=after)
    return view.say(f"policy_line_{change.kind}")


def _line(line: Ahead, change: str, view: View) -> LineShown:
    number, _, row = line.task.id.rpartition("/")
    text = line.task.text
    return LineShown(
        change=change,
        task=line.task.id,
        href=view.links.task(number, int(row)),
        rung=view.say(
            "policy_line", rung=rung_shown(rung_name(line.notice.key.rung, view)), due=line.share.due
        ),
        text=text if len(text) <= LINE_CHARACTERS else f"{text[:LINE_CHARACTERS]}…",
    )
