"""The letter that tells a person what was done to their account: what, when, by whom, and what to do then.

It holds no link, not even one that only leads to a page: it is what a forger would imitate first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from notifications.letter import Letter, letter_head
from notifications.letter_lines import Addressee
from notifications.links import Links
from notifications.render import rendered
from notifications.wording import date_text
from storage.account_news import Happened


def compose_account(addressee: Addressee, found: Sequence[Happened], *, zone: tzinfo | None) -> Letter:
    """Return the letter; ``found`` is not empty, ``zone`` is the office's."""
    say, office = addressee.say, addressee.directory.name
    context = letter_head(addressee, Links("")) | {
        "subject": say("subject_account", office=office),
        "opening": say("account_news_opening", office=office),
        "lines": tuple(_line(addressee, each, zone) for each in found),
        "expected": say("account_news_expected"),
        "unexpected": say("account_news_unexpected"),
        "preferences": "",
        "closing": say("account_news_closing", office=office),
    }
    page = rendered("account", context)
    return Letter(subject=page.subject, text=page.text, html=page.html)


def _line(addressee: Addressee, found: Happened, zone: tzinfo | None) -> str:
    say, lang = addressee.say, addressee.person.language
    at = found.at.astimezone(zone)
    when = {"time": f"{at:%H:%M}", "day": date_text(at.date(), lang)}
    what = say(
        f"account_news_{found.what}",
        name=found.name,
        until=date_text(found.until, lang) if found.until else "",
    )
    return say("account_news_line", what=what, by=_by(addressee, found.by), **when)


def _by(addressee: Addressee, code: str) -> str:
    if code == addressee.person.code:
        return addressee.say("account_news_by_you")
    found = addressee.directory.person(code)
    return found.name if found else addressee.say("account_news_by_office")
