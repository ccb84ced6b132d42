"""``dondoc remind · escalate · post · open · summarise · audit``: one flow, now.

Without ``PREFECT_API_URL`` the work is called plainly; with it, it runs through that server and
shows in its UI.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

from cli.context import language, moment_of, print_json, say, say_done, the_office
from cli.options import AsOf, Json, both

if TYPE_CHECKING:
    from flows.steps import Run


def register(app: typer.Typer) -> None:
    app.command("open", help=both("Mở các lần đến hạn của kỳ tới", "open what comes due"))(open_)
    app.command("remind", help=both("Ghi sổ các lời nhắc đến hạn", "put due reminders in the ledger"))(remind)
    app.command("escalate", help=both("Ghi sổ các báo cáo vượt cấp", "put escalations in the ledger"))(
        escalate
    )
    app.command("post", help=both("Soạn và gửi thư trong giờ gửi", "one letter a person, in sending hours"))(
        post
    )
    app.command("summarise", help=both("Viết báo cáo các kỳ đã chốt", "write the summaries due"))(summarise)
    app.command("audit", help=both("Đối chiếu việc phải nhắc với sổ", "compare what is due with the ledger"))(
        audit
    )


def through() -> Run:
    from flows.steps import plainly, through_prefect

    return through_prefect if os.environ.get("PREFECT_API_URL") else plainly


def open_(as_of: AsOf = None, json: Json = False) -> None:
    from flows.open_occurrences import open_occurrences_work

    with the_office() as office:
        done = open_occurrences_work(office, moment_of(as_of), run=through())
    say_done(json, "opened", occurrences=done.occurrences, shares=done.shares)


def remind(as_of: AsOf = None, json: Json = False) -> None:
    from flows.remind import remind_work

    with the_office() as office:
        done = remind_work(office, moment_of(as_of), run=through())
    _say_noticed(done.waiting, done.superseded, done.skipped, as_json=json)


def escalate(as_of: AsOf = None, json: Json = False) -> None:
    from flows.escalate import escalate_work

    with the_office() as office:
        done = escalate_work(office, moment_of(as_of), run=through())
    _say_noticed(done.waiting, done.superseded, done.skipped, as_json=json)


def _say_noticed(waiting: int, superseded: int, skipped: str | None, *, as_json: bool) -> None:
    if skipped:
        say_done(as_json, skipped)
    else:
        say_done(as_json, "noticed", waiting=waiting, superseded=superseded)


def post(as_of: AsOf = None, json: Json = False) -> None:
    from flows.post import post_work

    with the_office() as office:
        done = post_work(office, moment_of(as_of), run=through())
    if done.skipped:
        say_done(json, done.skipped)
    else:
        say_done(json, "posted", sent=done.sent, others=sum(done.outcomes.values()) - done.sent)


def summarise(as_of: AsOf = None, json: Json = False) -> None:
    from flows.summarise import summarise_work

    with the_office() as office:
        written = summarise_work(office, moment_of(as_of), run=through())
    if json:
        print_json([{"plan": one.plan, "period": one.period, "file": str(one.file)} for one in written])
        return
    for one in written:
        say("summary_written", plan=one.plan, period=one.period, file=one.file)
    if not written:
        say("no_summary_due")


def audit(as_of: AsOf = None, json: Json = False) -> None:
    from flows.audit import audit_work, gap_sentences

    with the_office() as office:
        found = audit_work(office, moment_of(as_of), run=through())
    gaps = [] if found.is_clean else list(gap_sentences(found, language()))
    if json:
        print_json({"clean": found.is_clean, "gaps": gaps})
    elif found.is_clean:
        say("audit_clean")
    for line in () if json else gaps:
        print(f"  - {line}")
    if not found.is_clean:
        raise typer.Exit(1)
