"""``dondoc plan set``: how a plan is handled from now on."""

from __future__ import annotations

from datetime import time

import typer

from cli.context import moment_of, say_done, signer, the_office
from cli.options import AsOf, By, Json, PlanNumber, both
from cli.plan import AcceptedByOption, accepted_by_of
from cli.plan import plan as plan_commands
from tasks_catalog.problem import Refused


def register(app: typer.Typer) -> None:
    """Add the command to the group of plans."""
    plan_commands.command("set", help=both("Đổi một cách làm của kế hoạch", "change a setting of a plan"))(
        set_
    )


def set_(
    number: PlanNumber,
    accepted_by: AcceptedByOption = None,
    by: By = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from storage.engine import write
    from storage.office_journal import Made
    from storage.plan_policy import set_handling
    from storage.tasks import plan_or_refuse

    if accepted_by is None:
        raise Refused("plan_set_what")
    named = accepted_by_of(accepted_by)
    with the_office() as office:
        signed, at = signer(office, by), office.moment_of(moment_of(as_of), time(9))
        with write(office.engine) as session:
            known = plan_or_refuse(session, office.organisation_id, number).number
            made = Made(by=signed, at=at)
            set_handling(session, office.organisation_id, number, accepted_by=named, made=made)
    say_done(json, f"plan_accepted_by_{named}", number=known)
