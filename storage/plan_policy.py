"""What is set of a plan once it is imported: its ladder, its sending hours, how it is handled.

All three go through the office's one door (``storage.office_journal``), so each change is on record and can
be taken back; the plan's own journal keeps its line too, by which a past day is tallied as it was then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from storage import tasks
from storage.codec import from_json, to_json
from storage.office_journal import Made, Settable, Values, change
from storage.office_rows import OfficeChange
from storage.plan_hours import hours_of, keep_hours, other_hours
from storage.recounting import recount
from storage.schema import Event, PlanRow
from tasks_catalog.ladder import DEFAULT_LADDER, Ladder
from tasks_catalog.ladder_rules import sound_or_refuse as ladder_or_refuse
from tasks_catalog.sending_hours import Hours
from tasks_catalog.sending_hours import sound_or_refuse as hours_or_refuse
from tasks_catalog.task import AcceptedBy, Continuous, NotArisen, PlanSettings

__all__ = [
    "LADDER",
    "PLAN_HOURS",
    "PLAN_SETTINGS",
    "POLICY",
    "ladder_now",
    "set_handling",
    "set_hours",
    "set_ladder",
    "since_when",
]

LADDER, PLAN_HOURS, PLAN_SETTINGS = "ladder", "plan_hours", "plan_settings"
"""The kinds, each keyed by the plan's number."""
_COUNTING = ("continuous", "not_arisen")


def ladder_now(session: Session, plan: PlanRow) -> Ladder:
    """Return the ladder set last: that of the epochs that begin from its day on."""
    ladders = tasks.ladders_of(session, plan)
    return ladders[-1][1] if ladders else DEFAULT_LADDER


def since_when(plan: PlanRow, today: date) -> date:
    """Return the day from which a ladder set today holds for epochs that begin.

    The day after, since epochs begun today may have been spoken of; nothing began yet in a plan that is
    not tracked.
    """
    return today if plan.state == "imported" else today + timedelta(days=1)


class _LadderSetting:
    """The ladder's rungs, and the day they hold from; none means the default."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        ladders = tasks.ladders_of(session, tasks.plan_or_refuse(session, organisation_id, key))
        if not ladders or ladders[-1][1] == DEFAULT_LADDER:
            return None
        since, ladder = ladders[-1]
        return {"since": since.isoformat(), **to_json(Ladder, ladder)}

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Keep the ladder for later epochs: ``since`` of the values is where it held before, if it did."""
        plan = tasks.plan_or_refuse(session, organisation_id, key)
        ladder = DEFAULT_LADDER
        if values is not None:
            rungs = {name: given for name, given in values.items() if name != "since"}
            ladder = ladder_or_refuse(from_json(Ladder, rungs))
        since = since_when(plan, made.at.date())
        tasks.save_ladder(session, plan, ladder, since=since, by=made.by, at=made.at)


class _HoursSetting:
    """The plan's own window; none means the office's hours."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        hours = hours_of(session, tasks.plan_or_refuse(session, organisation_id, key))
        return {"from": f"{hours.first:%H:%M}", "until": f"{hours.until:%H:%M}"} if hours else None

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        plan = tasks.plan_or_refuse(session, organisation_id, key)
        hours = None
        if values is not None:
            given = (time.fromisoformat(str(values[name])) for name in ("from", "until"))
            hours = hours_or_refuse(Hours(first=next(given), until=next(given)), other_hours(session, plan))
        keep_hours(session, plan, hours)


class _HandlingSetting:
    """Whose word accepts reports, and the two choices by which tasks are counted."""

    def read(self, session: Session, organisation_id: int, key: str) -> Values | None:
        return _handling(tasks.settings_of(tasks.plan_or_refuse(session, organisation_id, key)))

    def write(
        self, session: Session, organisation_id: int, key: str, values: Values | None, *, made: Made
    ) -> None:
        """Set what is named; a choice of counting is followed by counting the plan anew."""
        plan = tasks.plan_or_refuse(session, organisation_id, key)
        before = tasks.settings_of(plan)
        after = from_json(PlanSettings, {**plan.settings, **(values or {})})
        plan.settings = to_json(PlanSettings, after)
        if after.accepted_by is not before.accepted_by:
            said = {"accepted_by": str(after.accepted_by), "before": str(before.accepted_by)}
            session.add(_event(plan, said, made))
        counts, counted = _counting(after), _counting(before)
        if counts != counted:
            session.add(_event(plan, {"counting": counts, "before": counted}, made))
            session.flush()
            recount(session, plan)
        session.flush()


POLICY: Mapping[str, Settable] = {
    LADDER: _LadderSetting(),
    PLAN_HOURS: _HoursSetting(),
    PLAN_SETTINGS: _HandlingSetting(),
}


def set_ladder(
    session: Session, organisation_id: int, number: str, ladder: Ladder, *, made: Made
) -> OfficeChange | None:
    """Set a plan's ladder for later epochs; None where it is so already. Raises LadderRefused."""
    plan = tasks.plan_or_refuse(session, organisation_id, number)
    if ladder == ladder_now(session, plan):
        return None
    since = since_when(plan, made.at.date())
    values = {"since": since.isoformat(), **to_json(Ladder, ladder)} if ladder != DEFAULT_LADDER else None
    return _set(session, plan, LADDER, values, made)


def set_hours(
    session: Session, organisation_id: int, number: str, hours: Hours | None, *, office: Hours, made: Made
) -> OfficeChange | None:
    """Set a plan's own sending hours, or none; None where it is so already. Raises HoursRefused."""
    plan = tasks.plan_or_refuse(session, organisation_id, number)
    if hours is not None:
        hours_or_refuse(hours, other_hours(session, plan), office)
    values = {"from": f"{hours.first:%H:%M}", "until": f"{hours.until:%H:%M}"} if hours else None
    return _set(session, plan, PLAN_HOURS, values, made)


def set_handling(
    session: Session,
    organisation_id: int,
    number: str,
    *,
    made: Made,
    accepted_by: AcceptedBy | None = None,
    continuous: Continuous | None = None,
    not_arisen: NotArisen | None = None,
) -> OfficeChange | None:
    """Set how a plan is handled from now on, what is given of it; None where it is so already.

    Reports accepted before stay accepted; past days stay counted as they were (``tasks.settings_at``).
    """
    plan = tasks.plan_or_refuse(session, organisation_id, number)
    given = {"accepted_by": accepted_by, "continuous": continuous, "not_arisen": not_arisen}
    named: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    after = replace(tasks.settings_of(plan), **named)
    return _set(session, plan, PLAN_SETTINGS, _handling(after), made)


def _set(
    session: Session, plan: PlanRow, kind: str, values: Values | None, made: Made
) -> OfficeChange | None:
    return change(session, plan.organisation_id, POLICY[kind], kind, plan.number, values, made=made)


def _handling(settings: PlanSettings) -> dict[str, str]:
    return {"accepted_by": str(settings.accepted_by), **_counting(settings)}


def _counting(settings: PlanSettings) -> dict[str, str]:
    return {name: str(getattr(settings, name)) for name in _COUNTING}


def _event(plan: PlanRow, payload: dict[str, Any], made: Made) -> Event:
    return Event(
        organisation_id=plan.organisation_id,
        plan_id=plan.id,
        kind="settings",
        payload=payload,
        note=made.note,
        by=made.by,
        at=made.at,
        on=made.at.date(),
    )
