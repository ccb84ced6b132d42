"""``dondoc token``: tokens of programs that ask and act through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import optional_day, print_json, say_done, signer, the_office, words
from cli.options import By, Json, both

if TYPE_CHECKING:
    from flows.office import OpenOffice
    from storage.api_rows import ApiToken

token = typer.Typer(
    no_args_is_help=True,
    help=both("Mã truy cập của phần mềm gọi API", "tokens of programs that use the API"),
)
A_QUARTER = 90


def register(app: typer.Typer) -> None:
    app.add_typer(token, name="token")


@token.command(help=both("Cấp mã; chỉ in ra một lần", "makes one and prints it this once"))
def make(
    name: Annotated[str, typer.Argument(help=both("Tên, ví dụ phần mềm sẽ dùng", "what it is for"))],
    person: Annotated[str, typer.Option("--as", help=both("Làm thay ai (mã người)", "who it acts as"))],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            help=both("Phạm vi: read, work, decide, plans (mặc định read)", "what for; read by default"),
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", help=both("Ngày cuối (mặc định 90 ngày)", "its last day; in 90 days")),
    ] = None,
    by: By = None,
    json: Json = False,
) -> None:
    from storage import api_tokens
    from storage.engine import write
    from tasks_catalog.scopes import scopes_or_refuse

    with the_office() as office:
        last = optional_day(until) or office.today() + timedelta(days=A_QUARTER)
        scopes, signed = scopes_or_refuse(scope or ["read"]), signer(office, by)
        with write(office.engine) as session:
            row, told = api_tokens.make(
                session,
                office.organisation_id,
                name=name,
                person=person,
                scopes=scopes,
                until=last,
                by=signed,
                at=office.now(),
            )
    said = {"number": row.id, "name": row.name, "person": row.person, "until": row.until, "token": told}
    say_done(json, "token_made", **said)


@token.command("list", help=both("Các mã đã cấp; không in bí mật", "the tokens, without their secrets"))
def list_(json: Json = False) -> None:
    from storage import api_tokens
    from storage.engine import read
    from storage.people import load_directory

    with the_office() as office:
        with read(office.engine) as session:
            found = api_tokens.all_of(session, office.organisation_id)
            directory = load_directory(session, office.organisation_id)
        here = {person.code for person in directory.people if person.active}
        states = {row.id: api_tokens.state_of(row, office.today(), here=row.person in here) for row in found}
        if json:
            print_json([_as_json(row, states[row.id], office) for row in found])
            return
    for row in found:
        state, scopes = words(f"token_state_{states[row.id]}"), ", ".join(row.scopes)
        print(
            words(
                "token_line",
                number=row.id,
                name=row.name,
                person=row.person,
                scopes=scopes,
                until=row.until,
                state=state,
            )
        )


@token.command(help=both("Thu hồi: mã không dùng được nữa", "ends a token at once"))
def revoke(
    number: Annotated[int, typer.Argument(help=both("Số của mã", "its number"))],
    by: By = None,
    json: Json = False,
) -> None:
    from storage import api_tokens
    from storage.engine import write

    with the_office() as office:
        signed = signer(office, by)
        with write(office.engine) as session:
            row = api_tokens.revoke(session, office.organisation_id, number, by=signed, at=office.now())
    say_done(json, "token_ended", number=row.id, name=row.name)


def _as_json(row: ApiToken, state: str, office: OpenOffice) -> dict[str, object]:
    zone = office.settings.timezone
    return {
        "number": row.id,
        "name": row.name,
        "person": row.person,
        "scopes": row.scopes,
        "until": row.until.isoformat(),
        "state": state,
        "made": row.made_at.astimezone(zone).isoformat(),
        "by": row.made_by,
        "last_used": row.last_used_at.astimezone(zone).isoformat() if row.last_used_at else None,
        "revoked": row.revoked_at.astimezone(zone).isoformat() if row.revoked_at else None,
    }
