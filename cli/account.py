"""``dondoc account``: who may sign in; letting people in, locks, sessions; and the first administrator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import OFFICE, language, print_json, say_done, signer, the_office, words
from cli.options import Json, PersonCode, both
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from flows.office import OpenOffice
    from storage.accounts import By
    from storage.schema import OneTimeLinkRow

account = typer.Typer(
    no_args_is_help=True,
    help=both("Tài khoản đăng nhập: mời, liên kết, khóa", "accounts: invitations, links, locks"),
)
Signed = Annotated[
    str | None,
    typer.Option("--by", help=both("Mã người thực hiện; không có thì là cơ quan", "else the office")),
]


def register(app: typer.Typer) -> None:
    app.add_typer(account, name="account")


@account.command("list", help=both("Ai đăng nhập được, lần gần nhất", "who may sign in, and last did"))
def list_(json: Json = False) -> None:
    from storage import accounts, attempts
    from storage.engine import read
    from storage.people import load_directory

    with the_office() as office, read(office.engine) as session:
        people = load_directory(session, office.organisation_id).people
        known = accounts.accounts_of(session, office.organisation_id)
        last = attempts.last_sign_ins(session, office.organisation_id)
        zone = office.settings.timezone
    found = [
        {
            "code": person.code,
            "name": person.name,
            "post": str(person.post),
            "active": person.active,
            "state": accounts.state_of(known.get(person.code)),
            "last_sign_in": last[person.code].astimezone(zone).isoformat() if person.code in last else None,
        }
        for person in people
        if person.active or person.code in known
    ]
    if json:
        print_json(list(found))
        return
    width = max((len(str(each["code"])) for each in found), default=0)
    for each in found:
        state, at = words(f"account_state_{each['state']}"), each["last_sign_in"]
        when = words("account_last_at", at=str(at)[:16].replace("T", " ")) if at else ""
        gone = words("person_gone") if not each["active"] else ""
        marks = "; ".join(filter(None, (state, when, gone)))
        print(f"{each['code']:<{width}}  {each['name']}: {marks}")


@account.command(help=both("Gửi thư mời, hoặc thư đặt lại mật khẩu", "a letter to set a password by"))
def invite(code: PersonCode, by: Signed = None, json: Json = False) -> None:
    from notifications.account_letters import Posting
    from notifications.account_letters import invite as invited
    from notifications.mail_settings import mail_settings_from
    from tasks_catalog.sending import next_sending

    with _doing(by) as (office, session, made):
        sending = (office.settings.sending_from, office.settings.sending_to)
        leaves = next_sending(made.at, office.calendar_in(session), sending)
        domain = mail_settings_from(office.settings.mail).domain
        posting = Posting(day=leaves.date(), domain=domain)
        invited(session, office.organisation_id, code, by=made, posting=posting)
        name = _name(session, office, code)
    when = (
        words("letter_leaves_now")
        if leaves == made.at
        else words("letter_leaves_at", day=leaves.date(), time=f"{leaves:%H:%M}")
    )
    say_done(json, "account_invited", name=name, when=when)


@account.command(help=both("In liên kết dùng một lần, để đưa tận tay", "prints a one-time link to hand over"))
def link(code: PersonCode, by: Signed = None, json: Json = False) -> None:
    from notifications.account_letters import hand_over
    from storage import accounts
    from storage.one_time_links import Cause

    with _doing(by) as (office, session, made):
        known = accounts.find_account(session, office.organisation_id, code)
        cause = Cause.RESET if known is not None and known.password_hash else Cause.INVITED
        row = hand_over(session, office.organisation_id, code, by=made, cause=cause)
        name, address = _name(session, office, code), _address(office, row)
        until = _until(office, row)
    say_done(json, "account_link_printed", name=name, until=until, link=address)


@account.command(help=both("Liên kết đầu tiên cho người quản trị", "the administrator's first link"))
def first(json: Json = False) -> None:
    with the_office() as office:
        found = first_link_of(office)
    if found is None:
        raise Refused("account_not_first")
    name, until, address = found
    say_done(json, "account_first_made", name=name, until=until, link=address)


def first_link_of(office: OpenOffice) -> tuple[str, str, str] | None:
    """Make the first administrator's link: their name, until when, and the address, to be shown once.

    None where somebody can sign in already. Raises AccountRefused (account_no_administrator).
    """
    from notifications.account_letters import first_link
    from storage.engine import write

    with write(office.engine) as session:
        row = first_link(session, office.organisation_id, at=office.now())
        if row is None:
            return None
        return _name(session, office, row.person), _until(office, row), _address(office, row)


@account.command(help=both("Khóa tài khoản, đăng xuất khắp nơi", "locks an account and ends its sessions"))
def lock(code: PersonCode, by: Signed = None, json: Json = False) -> None:
    from storage import accounts

    with _doing(by) as (office, session, made):
        accounts.lock(session, office.organisation_id, code, by=made)
        name = _name(session, office, code)
    say_done(json, "account_is_locked", name=name)


@account.command(help=both("Mở khóa tài khoản", "unlocks an account"))
def unlock(code: PersonCode, by: Signed = None, json: Json = False) -> None:
    from storage import accounts

    with _doing(by) as (office, session, made):
        accounts.unlock(session, office.organisation_id, code, by=made)
        name = _name(session, office, code)
    say_done(json, "account_is_unlocked", name=name)


@account.command("sign-out", help=both("Kết thúc mọi phiên của một người", "ends all of a person's sessions"))
def sign_out(code: PersonCode, by: Signed = None, json: Json = False) -> None:
    from storage import accounts

    with _doing(by) as (office, session, made):
        number = accounts.sign_out(session, office.organisation_id, code, by=made)
        name = _name(session, office, code)
    say_done(json, "account_is_signed_out", name=name, number=number)


@contextmanager
def _doing(by: str | None) -> Iterator[tuple[OpenOffice, Session, By]]:
    """Open the office to change an account, in one transaction, as done by the person named or the office."""
    from storage.accounts import By
    from storage.engine import write

    with the_office() as office:
        signed = signer(office, by) if by is not None else OFFICE
        with write(office.engine) as session:
            yield office, session, By(code=signed, at=office.now())


def _name(session: Session, office: OpenOffice, code: str) -> str:
    from storage import accounts

    found = accounts.find_person(session, office.organisation_id, code)
    return found.name if found else code


def _address(office: OpenOffice, row: OneTimeLinkRow) -> str:
    from notifications.account_letters import link_address

    return link_address(office.settings.base_url, row, office.keys)


def _until(office: OpenOffice, row: OneTimeLinkRow) -> str:
    from notifications.wording import date_text

    until = (row.until or office.now()).astimezone(office.settings.timezone)
    return f"{until:%H:%M} {date_text(until.date(), language())}"
