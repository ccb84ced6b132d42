"""``dondoc doctor``: is the office well; ``doctor mail``: can its mail leave and will it arrive;
``doctor counts``: are the board's counted figures those of the tasks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import language, print_json, say, the_office, words
from cli.options import Json, both
from cli.table import GAP, lines_of, wide
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from flows.office import OpenOffice
    from notifications.deliver import MailSettings
    from notifications.letter_lines import Addressee
    from notifications.mail_check.finding import Finding
    from tasks_catalog.people import Directory

app = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
    help=both("Kiểm tra đơn vị có sẵn sàng không", "check the office"),
)
_ROWS = 20
"""Rows of one plan that are named."""
_COLUMNS = (9, 13)
"""Widths of a finding's weight and of what was looked at; its sentence has the rest."""


def register(main: typer.Typer) -> None:
    main.add_typer(app, name="doctor")


@app.callback()
def doctor(context: typer.Context, json: Json = False) -> None:
    """Look at what mail, people and plans need; end with 1 when letters cannot leave or did not arrive."""
    if context.invoked_subcommand is not None:
        return
    with the_office() as office:
        concerns = list(concerns_of(office))
    if json:
        print_json(
            {
                "well": not any(one.hinders for one in concerns),
                "findings": [
                    {"code": one.code, "hinders": one.hinders, "message": one.said} for one in concerns
                ],
            }
        )
    else:
        for one in concerns:
            print(f"  - {one.said}")
        say("doctor_done" if not concerns else "doctor_found", findings=len(concerns))
    if any(one.hinders for one in concerns):
        raise typer.Exit(1)


@app.command("counts", help=both("Đối chiếu số liệu đếm sẵn với các nhiệm vụ", "compare the counted figures"))
def counts(
    anew: Annotated[
        bool, typer.Option("--anew", help=both("Đếm lại từ đầu", "count every plan from the start"))
    ] = False,
    json: Json = False,
) -> None:
    """Compare what the board counts of every plan with its tasks; end with 1 where that does not add up."""
    with the_office() as office:
        if anew:
            _count_anew(office)
        wrong = _miscounted(office)
    if json:
        print_json({"well": not wrong, "miscounted": wrong})
    else:
        for number, rows in wrong.items():
            shown = ", ".join(map(str, rows[:_ROWS])) or "–"
            say("doctor_counts_wrong", plan=number, tasks=len(rows), rows=shown)
        if not wrong:
            say("doctor_counts_well")
    if wrong:
        raise typer.Exit(1)


def _count_anew(office: OpenOffice) -> None:
    from datetime import timedelta

    from storage import tasks
    from storage.day_turn import count_on, forget
    from storage.engine import write

    with write(office.engine) as session:
        for plan in tasks.list_plans(session, office.organisation_id):
            forget(session, plan)
    count_on(office.engine, office.organisation_id, office.today() - timedelta(days=1))


def _miscounted(office: OpenOffice) -> dict[str, list[int]]:
    """Return plan -> rows that count otherwise than their facts; a plan may have none but wrong sums."""
    from storage import tasks
    from storage.engine import read
    from storage.miscounted import miscounted

    with read(office.engine) as session:
        plans = tasks.list_plans(session, office.organisation_id)
        found = {plan.number: miscounted(session, plan) for plan in plans}
    return {number: list(wrong.tasks) for number, wrong in found.items() if wrong}


@dataclass(frozen=True, kw_only=True)
class Concern:
    """One thing to see to; one that ``hinders`` keeps letters from their readers."""

    code: str
    said: str
    hinders: bool = False


def concerns_of(office: OpenOffice) -> Iterator[Concern]:
    """Yield what is not as it should be: sender, door, directory, questions, lost letters."""
    from urllib.parse import urlsplit

    from cli.doctor_door import door_concerns
    from notifications.deliver import is_loopback
    from notifications.mail_settings import DEFAULT_SENDER, mail_settings_from
    from notifications.mailbox import inbox_settings_from
    from storage import outbox, tasks
    from storage.engine import read
    from storage.people import load_directory
    from tasks_catalog.directory_check import check_directory

    mail = mail_settings_from(office.settings.mail)
    inbox_settings_from(office.settings.inbox)  # refused here, not first at night by the timetable
    if mail.sender_address == DEFAULT_SENDER:
        yield _concern("doctor_sender_default", hinders=mail.kind == "smtp")
    if mail.kind == "smtp" and is_loopback(urlsplit(office.settings.base_url).hostname or ""):
        yield _concern("doctor_links_nowhere", base_url=office.settings.base_url)
    for code, params in door_concerns(office):
        yield Concern(code=code, said=words(code, **params))
    with read(office.engine) as session:
        for problem in check_directory(_at_work(load_directory(session, office.organisation_id))):
            yield Concern(code=problem.code, said=words(problem.code, **problem.params))
        for plan in tasks.list_plans(session, office.organisation_id):
            asked = len(tasks.questions_of(session, plan))
            if asked and plan.state != "ended":
                yield _concern("doctor_questions", number=plan.number, questions=asked)
        for state in ("dead", "unknown"):
            letters = len(outbox.list_letters(session, office.organisation_id, states=(state,)))
            if letters:
                yield _concern(f"doctor_letters_{state}", letters=letters, hinders=True)
        yield from _came_back(session, office)


def _came_back(session: Session, office: OpenOffice) -> Iterator[Concern]:
    """Yield what came back by mail and wants a person: dead addresses, unreadable mail, open answers."""
    from storage import answers, bounces, inbox

    organisation = office.organisation_id
    for one in bounces.unreachable(session, organisation):
        yield _concern(
            "doctor_unreachable",
            hinders=True,
            name=one.person.name,
            person=one.person.code,
            address=one.person.email,
            on=one.dead.since.astimezone(office.settings.timezone).date(),
        )
    parked = len(inbox.list_incoming(session, organisation, kinds=("parked", "too_large")))
    if parked:
        yield _concern("doctor_parked", messages=parked)
    waiting = len(answers.list_answers(session, organisation, states=(answers.AnswerState.OPEN.value,)))
    if waiting:
        yield _concern("doctor_answers", answers=waiting)


def _at_work(directory: Directory) -> Directory:
    """Return the directory without the units that were merged or split, and who is still listed there."""
    gone = {unit.code for unit in directory.units if unit.is_gone}
    return replace(
        directory,
        units=tuple(unit for unit in directory.units if unit.code not in gone),
        people=tuple(person for person in directory.people if person.unit not in gone),
    )


def _concern(code: str, *, hinders: bool = False, **params: object) -> Concern:
    return Concern(code=code, said=words(code, **params), hinders=hinders)


@app.command(
    help=both("Kiểm tra đường thư, nói phải sửa gì; không gửi gì", "check the way of mail; sends nothing")
)
def mail(
    context: typer.Context,
    send_to: Annotated[
        str | None,
        typer.Option(
            "--send-to",
            metavar="ADDRESS",
            help=both("Gửi một thư thử tới địa chỉ này", "send one test letter to this address"),
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Look at relay and sender's domain, step by step; end with 1 when something hinders mail."""
    with the_office() as office:
        settings, findings = _looked_at(office, send_to)
    if json or (context.parent is not None and context.parent.params.get("json")):
        print_json(
            {
                "well": not any(one.hinders for one in findings),
                "findings": [_as_json(one) for one in findings],
            }
        )
    else:
        _print(settings, findings, sent=send_to is not None)
    if any(one.hinders for one in findings):
        raise typer.Exit(1)


def _looked_at(office: OpenOffice, send_to: str | None) -> tuple[MailSettings, list[Finding]]:
    import asyncio

    from notifications.links import Links
    from notifications.mail_check.check import TrialLetter, check_mail, send_test
    from notifications.mail_settings import mail_settings_from
    from notifications.mime import is_address
    from notifications.own_wording import load_words
    from storage.engine import read
    from storage.people import load_directory

    if send_to is not None and not is_address(send_to):
        raise Refused("send_to_wrong", address=send_to)
    settings = mail_settings_from(office.settings.mail)
    with read(office.engine) as session:
        directory = load_directory(session, office.organisation_id)
        own_words = load_words(session, office.organisation_id)
    coordinator = directory.coordinator()
    recipient = send_to or (coordinator.email if coordinator else "")

    async def look() -> list[Finding]:
        findings = await check_mail(settings, directory.people, recipient=recipient, now=office.now())
        if send_to is not None:
            letter = TrialLetter(
                addressee=replace(_addressee(directory, send_to), words=own_words),
                at=office.now(),
                links=Links(office.settings.base_url),
            )
            findings.append(await send_test(settings, letter))
        return findings

    return settings, asyncio.run(look())


def _addressee(directory: Directory, address: str) -> Addressee:
    """Return who in the directory has the address; else a stranger of that address."""
    from notifications.letter_lines import Addressee
    from tasks_catalog.people import Person

    known = [person for person in directory.people if person.email.casefold() == address.casefold()]
    person = (
        known[0] if known else Person(code="-", name=address, email=address, unit="-", language=language())
    )
    return Addressee(person=replace(person, email=address), directory=directory)


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "looked_at": finding.looked_at,
        "code": finding.code,
        "weight": str(finding.weight),
        "hinders": finding.hinders,
        "found": words(f"check_{finding.code}", **finding.params),
        "to_do": _to_do(finding),
        "values": {
            name: value if isinstance(value, int) else str(value) for name, value in finding.params.items()
        },
    }


def _to_do(finding: Finding) -> str:
    from notifications.mail_check.finding import Weight

    return "" if finding.weight is Weight.FINE else words(f"check_{finding.code}_do", **finding.params)


def _print(settings: MailSettings, findings: Sequence[Finding], *, sent: bool) -> None:
    head = {"host": settings.host, "port": settings.relay_port} if settings.kind == "smtp" else {}
    say(f"mail_check_head_{settings.kind}", sender=settings.sender_address, **head)
    widths = (*_COLUMNS, wide() - sum(_COLUMNS) - len(GAP) * len(_COLUMNS))
    for one in findings:
        told = (words(f"weight_{one.weight}"), words(f"looked_at_{one.looked_at}"))
        print(*lines_of((*told, words(f"check_{one.code}", **one.params)), widths), sep="\n")
        if to_do := _to_do(one):
            print(*lines_of(("", "", words("mail_check_do", what=to_do)), widths), sep="\n")
    hindering = sum(one.hinders for one in findings)
    if not sent:
        say("mail_check_not_sent")
    if hindering:
        say("mail_check_hindered", looked=len(findings), hindering=hindering)
    else:
        say("mail_check_well", looked=len(findings))
