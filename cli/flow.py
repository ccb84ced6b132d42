"""``dondoc remind · escalate · post · open · summarise · audit``: one flow, now.

Without ``PREFECT_API_URL`` the work is called plainly; with it, it runs through that server and
shows in its UI.
"""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import day_of, say, the_office

if TYPE_CHECKING:
    from flows.steps import Run

AsOf = Annotated[str | None, typer.Option("--as-of", help="Ngày (và giờ); chỉ với đơn vị mô phỏng.")]


def register(app: typer.Typer) -> None:
    app.command("open", help="Mở các lần đến hạn của kỳ tới.")(open_)
    app.command("remind", help="Ghi sổ các lời nhắc đến hạn.")(remind)
    app.command("escalate", help="Ghi sổ các báo cáo vượt cấp.")(escalate)
    app.command("post", help="Soạn và gửi thư trong giờ gửi.")(post)
    app.command("summarise", help="Viết báo cáo tổng hợp các kỳ đã chốt.")(summarise)
    app.command("audit", help="Đối chiếu việc phải nhắc với sổ.")(audit)


def _run() -> Run:
    from flows.steps import plainly, through_prefect

    return through_prefect if os.environ.get("PREFECT_API_URL") else plainly


def _day(text: str | None) -> date | None:
    from datetime import datetime

    if text and "T" in text:
        return datetime.fromisoformat(text)
    return day_of(text) if text else None


def open_(as_of: AsOf = None) -> None:
    from flows.open_occurrences import open_occurrences_work

    with the_office() as office:
        done = open_occurrences_work(office, _day(as_of), run=_run())
    say("opened", occurrences=done.occurrences, shares=done.shares)


def remind(as_of: AsOf = None) -> None:
    from flows.remind import remind_work

    with the_office() as office:
        done = remind_work(office, _day(as_of), run=_run())
    _say_noticed(done.waiting, done.superseded, done.skipped)


def escalate(as_of: AsOf = None) -> None:
    from flows.escalate import escalate_work

    with the_office() as office:
        done = escalate_work(office, _day(as_of), run=_run())
    _say_noticed(done.waiting, done.superseded, done.skipped)


def _say_noticed(waiting: int, superseded: int, skipped: str | None) -> None:
    if skipped:
        say(skipped)
    else:
        say("noticed", waiting=waiting, superseded=superseded)


def post(as_of: AsOf = None) -> None:
    from flows.post import post_work

    with the_office() as office:
        done = post_work(office, _day(as_of), run=_run())
    if done.skipped:
        say(done.skipped)
    else:
        say("posted", sent=done.sent, others=sum(done.outcomes.values()) - done.sent)


def summarise(as_of: AsOf = None) -> None:
    from flows.summarise import summarise_work

    with the_office() as office:
        written = summarise_work(office, _day(as_of), run=_run())
    for one in written:
        say("summary_written", plan=one.plan, period=one.period, file=one.file)
    if not written:
        say("no_summary_due")


def audit(as_of: AsOf = None) -> None:
    from flows.audit import audit_work, gap_sentences

    with the_office() as office:
        found = audit_work(office, _day(as_of), run=_run())
    if found.is_clean:
        say("audit_clean")
        return
    from cli.context import language

    for line in gap_sentences(found, language()):
        print(f"  - {line}")
    raise typer.Exit(1)
