"""Taking in: one message becomes a row that says what it was, with the bounce or the answer it brings.

The message is taken apart before the transaction; what cannot be is parked with the fault and shown, so
that one poison message stops no other.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm import Session

from flows.office import OpenOffice
from notifications.bounces import Failure, Verdict, verdict_of
from notifications.incoming import Incoming, kept, read_message
from notifications.mail_settings import mail_settings_from
from notifications.mailbox import Taken
from notifications.replies import AttachedFile
from notifications.sorting import Ours, Sorted, sorted_message
from notifications.wording import problem_sentence
from storage import answers, bounces, inbox, ledger, tasks
from storage.engine import read, write
from storage.inbox import Arrival
from storage.people import load_directory
from storage.schema import LetterRow
from tasks_catalog.problem import Refused
from tasks_catalog.suggestion import suggestion_of, tasks_named

KNOWN, PARKED, TOO_LARGE = "known", "parked", "too_large"


def take_in(office: OpenOffice, taken: Taken, moment: datetime) -> str:
    """Keep one message and what it says; return what it was, "known" for one that was taken before."""
    if taken.data is None:
        return _kept(office, _arrival(taken, moment, kind=TOO_LARGE))
    try:
        incoming = read_message(taken.data)
        with read(office.engine) as session:
            if inbox.is_known(session, office.organisation_id, incoming.key):
                return KNOWN
        found = sorted_message(incoming, _ours(office))
        for file in found.files:
            inbox.keep_file(office.settings.home, file.data, file.sha256, file.extension)
        with write(office.engine) as session:
            return _recorded(session, office, incoming, found, _received(taken, incoming, moment), moment)
    except DBAPIError as fault:
        if not isinstance(fault, DataError):  # the database's fault, not the message's: it comes again
            raise
        return _parked(office, taken, moment, f"{type(fault).__name__}: {fault.orig}")
    except Refused as reason:
        return _parked(office, taken, moment, problem_sentence(reason, office.settings.language))
    except Exception as fault:  # noqa: BLE001  # kept with the message and shown: one poison message stops nobody
        return _parked(office, taken, moment, f"{type(fault).__name__}: {fault}")


def _ours(office: OpenOffice) -> Ours:
    mail = mail_settings_from(office.settings.mail)
    return Ours(
        sender_address=mail.sender_address,
        return_address=mail.return_address,
        keys=office.keys if mail.return_address else (),
    )


def _parked(office: OpenOffice, taken: Taken, moment: datetime, why: str) -> str:
    return _kept(office, _arrival(taken, moment, kind=PARKED, why=kept(why, 500, lines=False)))


def _arrival(taken: Taken, moment: datetime, *, kind: str, why: str = "") -> Arrival:
    return Arrival(
        key=f"sha256:{taken.sha256}",
        sha256=taken.sha256,
        subject=kept(taken.name, 200, lines=False),
        size=taken.size,
        received_at=min(taken.received or moment, moment),
        taken_at=moment,
        kind=kind,
        why=why,
    )


def _kept(office: OpenOffice, arrival: Arrival) -> str:
    with write(office.engine) as session:
        new = inbox.keep(session, office.organisation_id, arrival)
    return arrival.kind if new is not None else KNOWN


def _received(taken: Taken, incoming: Incoming, moment: datetime) -> datetime:
    """Return when our own server took it: what decides lateness must not be what its sender wrote."""
    return min(taken.received or incoming.stamped or moment, moment).astimezone(UTC)


def _recorded(
    session: Session,
    office: OpenOffice,
    incoming: Incoming,
    found: Sorted,
    received: datetime,
    moment: datetime,
) -> str:
    organisation = office.organisation_id
    signed = inbox.letter_of_id(session, organisation, found.letter)
    answered = (found.report.message_id, *incoming.answers_to)
    letter = signed or inbox.letter_answered(session, organisation, filter(None, answered))
    arrival = Arrival(
        key=incoming.key,
        sha256=incoming.sha256,
        message_id=incoming.message_id,
        sender=kept(incoming.sender, 320, lines=False),
        subject=incoming.subject,
        size=incoming.size,
        received_at=received,
        taken_at=moment,
        kind=found.kind,
        why=found.why,
        letter_id=letter.id if letter else None,
    )
    number = inbox.keep(session, organisation, arrival)
    if number is None:
        return KNOWN
    if found.kind == "bounce":
        for failure in found.report.failures:
            _record_failure(session, organisation, number, letter, signed is not None, failure, received)
    elif found.kind == "answer":
        _keep_answer(session, office, number, letter, arrival, found)
    return found.kind


def _record_failure(
    session: Session,
    organisation_id: int,
    number: int,
    letter: LetterRow | None,
    signed: bool,
    failure: Failure,
    at: datetime,
) -> None:
    verdict = verdict_of(failure, signed=signed, address=letter.address if letter else "")
    if verdict is Verdict.DEAD and (letter is None or not bounces.may_act(session, letter, at=at)):
        verdict = Verdict.STALE
    bounced = bounces.Bounced(
        address=kept(failure.address or failure.original, 320, lines=False),
        action=kept(failure.action, 40, lines=False),
        status=failure.status,
        diagnostic=failure.diagnostic,
        verdict=str(verdict),
        signed=signed,
    )
    bounce = bounces.record(session, organisation_id, number, letter, bounced, at=at)
    if verdict is Verdict.DEAD and letter is not None:
        bounces.mark_dead(session, letter, bounce, at=at)


def _keep_answer(
    session: Session,
    office: OpenOffice,
    number: int,
    letter: LetterRow | None,
    arrival: Arrival,
    found: Sorted,
) -> None:
    plans = tuple(plan.number for plan in tasks.list_plans(session, office.organisation_id))
    on = arrival.received_at.astimezone(office.settings.timezone).date()
    read_as = suggestion_of(found.words, on=on, plans=plans)
    document = read_as.document
    answers.keep(
        session,
        office.organisation_id,
        number,
        _about(session, office, letter, arrival, tasks_named(f"{arrival.subject}\n{found.words}", plans)),
        received_at=arrival.received_at,
        sender=arrival.sender,
        kind=str(read_as.meaning),
        fields={
            "document": document.number if document else None,
            "issued": document.issued.isoformat() if document and document.issued else None,
            "day": read_as.day.isoformat() if read_as.day else None,
        },
        subject=arrival.subject,
        text=found.words,
        files=[_as_json(file) for file in found.files],
    )


def _as_json(file: AttachedFile) -> dict[str, object]:
    return {
        "name": file.name,
        "type": file.content_type,
        "size": len(file.data),
        "sha256": file.sha256,
        "file": inbox.file_name(file.sha256, file.extension),
    }


def _about(
    session: Session,
    office: OpenOffice,
    letter: LetterRow | None,
    arrival: Arrival,
    named: tuple[str, ...],
) -> answers.Found:
    """Return the one task it can be about: named by its number, else the only one of the letter."""
    lines = ledger.of_letter(session, letter.id) if letter is not None else ()
    possible = named or tuple(dict.fromkeys(line.task_id for line in lines))
    if len(possible) != 1:
        return answers.Found(letter=letter)
    try:
        task = tasks.task_or_refuse(session, office.organisation_id, possible[0])
    except Refused:  # a number that no row of the plan has
        return answers.Found(letter=letter)
    shares = {line.notice.key.share for line in lines if line.task_id == possible[0]}
    units = {share.unit for share in shares} or _own_unit(session, office, arrival.sender, possible[0])
    return answers.Found(
        letter=letter,
        task=task,
        unit=next(iter(units)) if len(units) == 1 else None,
        occurrence=next(iter(shares)).occurrence if len(shares) == 1 else None,
    )


def _own_unit(session: Session, office: OpenOffice, sender: str, task: str) -> set[str]:
    """Return the unit of who wrote, if it has a share of the task."""
    directory = load_directory(session, office.organisation_id)
    writer = next((p for p in directory.people if p.active and p.email.casefold() == sender.casefold()), None)
    facts = tasks.facts_of_task(session, tasks.task_or_refuse(session, office.organisation_id, task))
    return {share.key.unit for share in facts.current_shares if writer and share.key.unit == writer.unit}
