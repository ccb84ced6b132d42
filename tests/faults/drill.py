"""Drills: an office and its relay, a process that is killed in it, and what is left after a restart."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from aiosmtpd.smtp import SMTP, Envelope, Session

from flows.escalate import escalate_work
from flows.open_occurrences import open_occurrences_work
from flows.post import post_work
from flows.remind import remind_work
from storage import ledger
from storage.engine import read
from tasks_catalog.ladder import NoticeState
from tests.faults.crowd import work_among_many
from tests.faults.doomed import Death, Place, morning
from tests.flows.cast import Department, moment
from tests.flows.relay import TAKEN, Relay

TODAY = date(2023, 1, 27)
_AGAIN = (timedelta(minutes=5), timedelta(minutes=11), timedelta(minutes=40), timedelta(hours=4))
"""When the office runs again after the death: once before the lease of ten minutes is over, then after."""
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(
    ["tests.faults.doomed", "tests.faults.crowd", "notifications.smtp", "icalendar"]
)


@dataclass
class Executioner(Relay):
    """A relay that kills who speaks to it at a word of the dialogue: MAIL, RCPT, DATA or the answer to it.

    ``mail`` is what it answers to every sender, for a relay in a bad hour.
    """

    kills_at: str = ""
    victim: int = 0
    mail: str = TAKEN

    def _strike(self, word: str) -> None:
        if self.victim and word == self.kills_at:
            victim, self.victim = self.victim, 0
            os.kill(victim, signal.SIGKILL)

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._strike("MAIL")
        if self.mail == TAKEN:
            envelope.mail_from = address
        return self.mail

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._strike("RCPT")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        self._strike("DATA")
        return answer


@dataclass(frozen=True, kw_only=True)
class After:
    """What stands after a death and a restart."""

    taken: Counter[str]
    """How often the relay took each reader's letter of the day."""
    twice: int
    """Messages the relay took more than once."""
    unknown: frozenset[str]
    """Readers whose letter is shown as unknown."""
    waiting: int
    """Lines of the ledger that are not settled and stand in no unknown letter."""
    states: Counter[str] = field(default_factory=Counter)

    def lost(self, expected: frozenset[str]) -> frozenset[str]:
        """Readers whose letter neither arrived nor is shown as unknown."""
        return expected - set(self.taken) - self.unknown


@dataclass(kw_only=True)
class Drill:
    """One office whose morning is worked by a process that may be killed."""

    department: Department
    relay: Executioner
    at: datetime = field(default_factory=lambda: moment(TODAY))

    @property
    def place(self) -> Place:
        settings = self.department.office.settings
        return Place(
            url=settings.database_url,
            home=str(settings.home),
            organisation_id=self.department.office.organisation_id,
            mail=settings.mail,
        )

    def commits(self) -> int:
        """Work the morning in a process that lives, and return how many commits it made."""
        made = _processes.Value("i", 0)
        assert self._work(None, made) == 0
        return int(made.value)

    def die(self, death: Death) -> None:
        """Work the morning in a process that is killed at a commit."""
        assert self._work(death, None) == -signal.SIGKILL, death.name

    def die_at(self, word: str) -> None:
        """Work the morning in a process that the relay kills at a word of the dialogue."""
        self.relay.kills_at = word
        assert self._work(None, None, self._aim) == -signal.SIGKILL, word

    def crowd(self, processes: int, mornings: Sequence[date]) -> list[int | None]:
        """Work mornings in so many processes at once, each tick twice; return how they ended."""
        together = _processes.Barrier(processes)
        told = (self.place, mornings, together)
        workers = [_processes.Process(target=work_among_many, args=told) for _ in range(processes)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=120)
        return [worker.exitcode for worker in workers]

    def live(self, mornings: Sequence[date]) -> None:
        """Work mornings in this process, without audits."""
        for day in mornings:
            self.department.notices(day)
            post_work(self.department.office, day)

    def _aim(self, victim: int) -> None:
        self.relay.victim = victim

    def _work(self, death, made, meanwhile: Callable[[int], None] = lambda pid: None) -> int | None:  # type: ignore[no-untyped-def]
        worker = _processes.Process(target=morning, args=(self.place, self.at, death, made))
        worker.start()
        assert worker.pid is not None
        meanwhile(worker.pid)
        worker.join(timeout=120)
        return worker.exitcode

    def restart(self) -> After:
        """Run the office again through the day, as the alarm clock does, and look at what is left."""
        office = self.department.office
        for later in _AGAIN:
            at = self.at + later
            open_occurrences_work(office, at)
            remind_work(office, at)
            escalate_work(office, at)
            for _ in range(2):  # every tick twice
                post_work(office, at)
        return self.left()

    def left(self) -> After:
        letters = {letter.id: letter for letter in self.department.letters()}
        unknown = {letter.id for letter in letters.values() if letter.state == "unknown"}
        with read(self.department.office.engine) as session:
            open_lines = ledger.waiting(session, self.department.office.organisation_id)
        messages = Counter(mail.message_id for mail in self.relay.taken)
        return After(
            taken=Counter(mail.to for mail in self.relay.taken),
            twice=sum(number > 1 for number in messages.values()),
            unknown=frozenset(letters[letter].person for letter in unknown),
            waiting=sum(entry.letter_id not in unknown for entry in open_lines),
            states=Counter(letter.state for letter in letters.values()),
        )


def settled(department: Department) -> bool:
    """Say whether every line of the ledger came to its end."""
    return department.counts()[NoticeState.WAITING] == 0
