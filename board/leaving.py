"""When a letter that a page has kept will leave, in words."""

from __future__ import annotations

from datetime import datetime, time

from notifications.wording import date_text, sentence
from tasks_catalog.calendar import WorkCalendar
from tasks_catalog.sending import next_sending


def leaves_words(now: datetime, calendar: WorkCalendar, sending: tuple[time, time], language: str) -> str:
    at = next_sending(now, calendar, sending)
    if at == now:
        return sentence("letter_leaves_now", language)
    told = {"day": date_text(at.date(), language), "time": f"{at:%H:%M}"}
    return sentence("letter_leaves_at", language, **told)
