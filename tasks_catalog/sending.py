"""When a letter kept now leaves: in sending hours of working days, and at no other time."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tasks_catalog.calendar import WorkCalendar


def next_sending(now: datetime, calendar: WorkCalendar, sending: tuple[time, time]) -> datetime:
    """Return the first moment from ``now`` on at which letters leave; ``now`` itself within the hours.

    ``sending`` is from when, and until before when, letters leave; ``now`` is local to the office.
    """
    opens, closes = sending
    today = calendar.is_working(now.date())
    if today and opens <= now.time() < closes:
        return now
    if today and now.time() < opens:
        return now.replace(hour=opens.hour, minute=opens.minute, second=0, microsecond=0)
    day = calendar.next_working(now.date() + timedelta(days=1))
    return datetime.combine(day, opens, tzinfo=now.tzinfo)
