"""``dondoc plan settle --name``: one answer for a unit's wording on every row that asks about it."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from cli.context import moment_of, print_json, say, signer, the_office
from tasks_catalog.problem import Refused

if TYPE_CHECKING:
    from storage.settling import NameSettled


def settle_by_name(
    number: str,
    name: str | None,
    unit: str | None,
    *,
    learn: bool,
    document: str | None,
    by: str | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    """Record the answer on each row and say which rows it settled; both name and unit are needed."""
    from cli.deciding import document_of
    from storage import tasks
    from storage.engine import write
    from storage.settling import settle_name

    if not (name and name.strip() and unit):
        raise Refused("name_and_unit_needed")
    with the_office() as office:
        signed, moment = signer(office, by), office.moment_of(moment_of(as_of), time(9))
        with write(office.engine) as session:
            plan = tasks.plan_or_refuse(session, office.organisation_id, number)
            done = settle_name(
                session, plan, name, unit, learn=learn, by=signed, at=moment, document=document_of(document)
            )
            known = plan.number
    _say_settled(known, done, as_json=as_json)


def _say_settled(number: str, done: NameSettled, *, as_json: bool) -> None:
    if as_json:
        rows: list[object] = [*done.rows]
        asking: list[object] = [*done.still_asking]
        print_json(
            {
                "done": "name_settled",
                "number": number,
                "name": done.name,
                "unit": done.meant,
                "rows": rows,
                "still_asking": asking,
                "learned": done.learned,
            }
        )
        return
    say("name_settled", number=number, name=done.name, unit=done.meant, rows=len(done.rows))
    if done.learned:
        say("name_learned", name=done.name, unit=done.meant)
    if done.still_asking:
        say("name_still_asking", rows=", ".join(map(str, done.still_asking)))
