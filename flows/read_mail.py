"""Reading mail: what came back is taken in, message by message, each in a transaction of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from prefect import flow

from flows.office import OpenOffice, open_office
from flows.steps import Run, named, plainly, run_name, through_prefect
from flows.taking_in import take_in
from notifications.mailbox import inbox_settings_from, mailbox_from

HOUR = time(8)
NO_MAILBOX = "no_mailbox"


@dataclass(frozen=True, kw_only=True)
class MailRead:
    """How many messages of each kind one run took in, or why it took none."""

    taken: Mapping[str, int] = field(default_factory=dict)
    skipped: str | None = None


def read_mail_work(
    office: OpenOffice, as_of: date | datetime | None = None, *, run: Run = plainly
) -> MailRead:
    """Take in what lies in the mailbox; does nothing in an office that has none."""
    moment = office.moment_of(as_of, HOUR)
    if not has_mailbox(office):
        return MailRead(skipped=NO_MAILBOX)
    return MailRead(taken=run(take_all, office, moment))


def has_mailbox(office: OpenOffice) -> bool:
    """Say whether the office has a mailbox that is read."""
    return inbox_settings_from(office.settings.inbox).kind != "none"


@named("Nhận thư trả lời và thư báo lỗi")
def take_all(office: OpenOffice, moment: datetime) -> Mapping[str, int]:
    """Take in each message, and only then mark it in the mailbox. Raises MailboxAway."""
    mailbox = mailbox_from(inbox_settings_from(office.settings.inbox), office.settings.home)
    found: Counter[str] = Counter()
    if mailbox is None:
        return found
    with mailbox:
        for taken in mailbox.waiting():
            found[take_in(office, taken, office.later(moment))] += 1
            mailbox.done(taken)
    return dict(found)


@flow(name="Nhận thư", flow_run_name=run_name("Nhận thư"))
def read_mail(as_of: date | datetime | None = None) -> None:
    """Take in bounces and answers. A mailbox that cannot be read shows red."""
    with open_office() as office:
        read_mail_work(office, as_of, run=through_prefect)
