"""``dondoc inbox``: take in what came back by mail, and look at what it was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import moment_of, print_json, say, say_done, the_office, words
from cli.flow import through
from cli.options import AsOf, Json, both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from flows.office import OpenOffice

inbox = typer.Typer(
    no_args_is_help=True,
    help=both("Thư đến: thư trả lời, thư báo lỗi", "what comes back by mail"),
)
_KINDS = ("answer", "bounce", "abuse", "ignored", "parked", "too_large", "known")


def register(app: typer.Typer) -> None:
    app.add_typer(inbox, name="inbox")


@inbox.command("read", help=both("Nhận thư: từ hộp thư, hoặc từ tệp .eml", "take mail in"))
def read_(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE.eml]...", help=both("Các tệp .eml; không có thì đọc hộp thư", "else the mailbox")
        ),
    ] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from flows.read_mail import read_mail_work

    with the_office() as office:
        if files:
            _say_read(_read_files(office, files, as_of), json)
            return
        done = read_mail_work(office, moment_of(as_of), run=through())
    if done.skipped:
        say_done(json, done.skipped)
    else:
        _say_read(done.taken, json)


def _read_files(office: OpenOffice, files: list[Path], as_of: str | None) -> Mapping[str, int]:
    from collections import Counter

    from flows.read_mail import HOUR
    from flows.taking_in import take_in
    from notifications.mailbox import file_taken

    for file in files:
        if not file.is_file():
            raise Refused("inbox_file_missing", file=file)
    moment = office.moment_of(moment_of(as_of), HOUR)
    return Counter(take_in(office, file_taken(file), moment) for file in files)


def _say_read(taken: Mapping[str, int], as_json: bool) -> None:
    counts = {kind: taken.get(kind, 0) for kind in _KINDS}
    new = sum(counts.values()) - counts["known"]
    say_done(as_json, "inbox_read", taken=new, **counts)


@inbox.command("list", help=both("Các thư đã nhận và loại của chúng", "the messages taken in"))
def list_(
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="answer | bounce | abuse | ignored | parked | too_large"),
    ] = None,
    json: Json = False,
) -> None:
    from notifications.wording import catalogue
    from storage.engine import read
    from storage.inbox import list_incoming

    with the_office() as office, read(office.engine) as session:
        found = list_incoming(session, office.organisation_id, kinds=kind or None)
        zone = office.settings.timezone
    if json:
        print_json(
            [
                {
                    "id": one.id,
                    "received_at": one.received_at.astimezone(zone).isoformat(),
                    "kind": one.kind,
                    "why": one.why,
                    "sender": one.sender,
                    "subject": one.subject,
                    "letter": one.letter_id,
                }
                for one in found
            ]
        )
        return
    for one in found:
        day = words("plain_day", day=one.received_at.astimezone(zone).date())
        print(f"{one.id:>6}  {day:<11} {words(f'incoming_kind_{one.kind}'):<18} {one.sender}  {one.subject}")
        if one.why:
            print(f"        {words(one.why) if one.why in catalogue() else one.why}")
    say("incoming_count", messages=len(found))
