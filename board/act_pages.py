"""The pages behind the links of a letter: what the one thing is about, and whether it can still be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from board.lists import share_state
from board.targets import sheet_targets
from board.view import View
from notifications.signing import LinkScope, Purpose
from storage import tasks
from storage.links import Bearer, LinkNotHeld
from tasks_catalog.facts import Share, TaskFacts
from tasks_catalog.occurrence import Role


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a link is for: the share of its line."""

    plan: str
    task: TaskFacts
    share: Share


@dataclass(frozen=True, kw_only=True)
class Asks:
    """One field of the form."""

    name: str
    label: str
    hint: str = ""
    kind: str = "text"
    """"text", "date", "words" (several lines) or "files"."""
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class ActPage:
    """The form, or why there is none; ``done`` and ``refused`` are what came of posting it."""

    title: str
    reader: str
    facts: Sequence[tuple[str, str]]
    lead: str
    asks: Sequence[Asks] = ()
    submit: str
    over: str = ""
    """Why nothing is left to do, such as that it was reported already."""
    done: str = ""
    refused: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def line_of(bearer: Bearer, view: View) -> Line:
    """Return what the link is about as it stands now.

    Raises LinkNotHeld: link_line_gone; link_epoch_over when the date was moved or the report returned
    since; link_share_moved when the work is somebody else's by now.
    """
    entry = bearer.entry
    if entry is None:
        raise LinkNotHeld("link_line_gone")
    key = entry.notice.key
    row = tasks.task_or_refuse(view.session, view.organisation_id, entry.task_id)
    facts = tasks.facts_of_task(view.session, row)
    share = facts.shares.get(key.share)
    if share is None or share.withdrawn_on is not None:
        raise LinkNotHeld("link_share_moved")
    if share.epoch != key.epoch:
        raise LinkNotHeld("link_epoch_over")
    if share.officer not in (None, key.person) and share.is_live:
        raise LinkNotHeld("link_share_moved")
    number = entry.task_id.rpartition("/")[0]
    return Line(plan=number, task=facts, share=share)


def act_page(scope: LinkScope, bearer: Bearer, view: View, *, takes_files: bool = False) -> ActPage:
    """Return the page of a link, as it stands now."""
    line = line_of(bearer, view)
    name = scope.purpose.name.lower()
    say = view.say
    over = "" if line.share.is_live else share_state(line.share, view)
    return ActPage(
        title=say(f"act_{name}"),
        reader=bearer.person.name,
        facts=tuple(_facts(line, view)),
        lead=say(f"act_{name}_lead"),
        asks=() if over else tuple(_asks(scope.purpose, line, view, takes_files=takes_files)),
        submit=say(f"act_{name}_submit"),
        over=over,
    )


def _facts(line: Line, view: View) -> list[tuple[str, str]]:
    say, share = view.say, line.share
    facts = [
        (say("board_column_task"), f"{line.task.id} – {line.task.text}"),
        (say("board_unit"), view.unit(share.key.unit)),
        (say("board_due"), view.day(share.due)),
        (say("board_state"), share_state(share, view)),
    ]
    if line.task.product:
        facts.insert(1, (say("act_product"), line.task.product))
    return facts


def _asks(purpose: Purpose, line: Line, view: View, *, takes_files: bool) -> list[Asks]:
    say = view.say
    match purpose:
        case Purpose.REPORT:
            return [
                Asks(name="document", label=say("act_document"), hint=say("act_document_hint")),
                Asks(name="issued", label=say("act_issued"), kind="date"),
                Asks(name="note", label=say("act_result"), hint=say("mine_result_hint"), kind="words"),
                *(
                    Asks(name=f"figure-{number}", label=label, hint=say("mine_figure_hint"))
                    for number, label in enumerate(_targets(line, view), start=1)
                ),
                *(
                    [Asks(name="files", label=say("mine_files"), hint=say("mine_files_hint"), kind="files")]
                    if takes_files
                    else []
                ),
            ]
        case Purpose.EXTEND:
            return [
                Asks(name="to", label=say("act_new_date"), kind="date", required=True),
                Asks(name="note", label=say("act_reason"), kind="words", required=True),
            ]
        case _:
            return [Asks(name="expected", label=say("act_expected"), kind="date", required=True)]


def _targets(line: Line, view: View) -> tuple[str, ...]:
    """Return the targets whose figures a report may give: of an owner's share."""
    return sheet_targets(line.task, line.share, view) if line.share.role is Role.OWNER else ()
