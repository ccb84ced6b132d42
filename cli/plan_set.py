"""``dondoc plan set``: how a plan is handled from now on, its sending hours, its ladder."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Annotated

import typer

from cli.context import moment_of, print_json, say, signer, the_office
from cli.options import AsOf, By, Json, PlanNumber, both
from cli.plan import AcceptedByOption, accepted_by_of
from cli.plan import plan as plan_commands
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from tasks_catalog.sending_hours import Hours

NONE = "none"
"""Typed for the office's hours."""


def register(app: typer.Typer) -> None:
    """Add the command to the group of plans."""
    plan_commands.command("set", help=both("Đổi một cách làm của kế hoạch", "change a setting of a plan"))(
        set_
    )


def set_(
    number: PlanNumber,
    accepted_by: AcceptedByOption = None,
    hours: Annotated[
        str | None,
        typer.Option(
            "--hours", help=both("Giờ gửi thư, như 09:00-16:00; none: theo cơ quan", "sending hours")
        ),
    ] = None,
    reset_ladder: Annotated[
        bool, typer.Option("--reset-ladder", help=both("Về thang mặc định", "back to the default ladder"))
    ] = False,
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage.engine import write
    from storage.office_journal import Made
    from storage.plan_policy import set_handling, set_hours, set_ladder
    from storage.tasks import plan_or_refuse
    from tasks_catalog.ladder import DEFAULT_LADDER

    if accepted_by is None and hours is None and not reset_ladder:
        raise Refused("plan_set_what")
    named = accepted_by_of(accepted_by) if accepted_by is not None else None
    window = _hours(hours) if hours is not None else None
    done: list[tuple[str, dict[str, object]]] = []
    with the_office() as office:
        made = Made(by=signer(office, by), at=office.moment_of(moment_of(as_of), time(9)))
        organisation = office.organisation_id
        with write(office.engine) as session:
            known = plan_or_refuse(session, organisation, number).number
            if named is not None:
                set_handling(session, organisation, known, accepted_by=named, made=made)
                done.append((f"plan_accepted_by_{named}", {}))
            if hours is not None:
                set_hours(session, organisation, known, window, office=office.sending, made=made)
                done.append(_said(window))
            if reset_ladder:
                set_ladder(session, organisation, known, DEFAULT_LADDER, made=made)
                done.append(("plan_ladder_reset", {}))
    if json:
        told: list[object] = [{"done": code, "number": known, **params} for code, params in done]
        print_json(told if len(told) > 1 else {"done": done[0][0], "number": known, **done[0][1]})
        return
    for code, params in done:
        say(code, number=known, **params)


def _hours(typed: str) -> Hours | None:
    """Read a span such as 09:00-16:00; raises Refused (hours_unreadable)."""
    from tasks_catalog.sending_hours import Hours

    if typed.strip().casefold() == NONE:
        return None
    first, _, until = typed.partition("-")
    try:
        return Hours(first=time.fromisoformat(first.strip()), until=time.fromisoformat(until.strip()))
    except ValueError as error:
        raise Refused("hours_unreadable", words=typed) from error


def _said(window: Hours | None) -> tuple[str, dict[str, object]]:
    if window is None:
        return "plan_hours_office", {}
    return "plan_hours_set", {"first": f"{window.first:%H:%M}", "until": f"{window.until:%H:%M}"}
