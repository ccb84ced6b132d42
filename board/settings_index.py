"""What can be set, and where: the cards of the page of settings, and the page of each kind of thing.

Whoever adds a page of settings adds its card to ``CARDS``, and for each kind of thing set there a line to
``PLACES``: the record of changes then leads to it, and shows it to those alone who may set it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from board.viewers import Looking
from board.ways import is_open
from storage.plan_policy import POLICY
from storage.settables import SETTABLES
from tasks_catalog.roles import Right


@dataclass(frozen=True)
class Card:
    """A page of settings: ``code`` words its title, ``<code>_lead`` what is set there."""

    right: Right
    path: str
    code: str
    signs_in: bool = False
    """Whether the page is there only where people sign in."""


@dataclass(frozen=True)
class Place:
    """Where a kind of thing is set: ``path`` may hold ``{key}``, ``{first}`` for the key up to its "/", or
    ``{year}`` for that of a day.
    """

    right: Right
    path: str

    def href(self, root: str, key: str) -> str:
        first = key.partition("/")[0]
        return root + self.path.format(
            key=quote(key, safe=""), first=quote(first, safe=""), year=quote(key[:4], safe="")
        )


CARDS: tuple[Card, ...] = (
    Card(Right.DIRECTORY, "/settings/units", "settings_units"),
    Card(Right.DIRECTORY, "/settings/people", "settings_people"),
    Card(Right.DIRECTORY, "/settings/groups", "settings_groups"),
    Card(Right.DIRECTORY, "/settings/chains", "settings_chains"),
    Card(Right.DIRECTORY, "/settings/office", "settings_office"),
    Card(Right.POLICY, "/settings/plans", "settings_plans"),
    Card(Right.POLICY, "/settings/calendar", "settings_calendar"),
    Card(Right.POLICY, "/settings/letters", "settings_letters"),
    Card(Right.INTEGRATIONS, "/settings/webhooks", "settings_webhooks"),
    Card(Right.UNDO, "/settings/changes", "settings_changes"),
    Card(Right.ACCOUNTS, "/settings/accounts", "accounts", signs_in=True),
)
PLACES: Mapping[str, Place] = {
    "organisation": Place(Right.DIRECTORY, "/settings/office"),
    "unit": Place(Right.DIRECTORY, "/settings/units/{key}"),
    "group": Place(Right.DIRECTORY, "/settings/groups/{key}"),
    "person": Place(Right.DIRECTORY, "/settings/people/{key}"),
    "absence": Place(Right.DIRECTORY, "/settings/people/{first}"),
    "preference": Place(Right.DIRECTORY, "/settings/people/{key}"),
    "wording": Place(Right.POLICY, "/settings/letters/{first}"),
    "swapped_day": Place(Right.POLICY, "/settings/calendar?year={year}"),
    "webhook": Place(Right.INTEGRATIONS, "/settings/webhooks/{key}"),
    **{kind: Place(Right.POLICY, f"/settings/plans/{{key}}#{kind}") for kind in POLICY},
}


def cards_for(who: Looking, *, signs_in: bool = False) -> tuple[Card, ...]:
    """Return the cards that are open to whoever looks; ``signs_in``: whether people sign in at this board."""
    return tuple(card for card in CARDS if is_open(who, card.right) and (signs_in or not card.signs_in))


def kinds_for(who: Looking) -> tuple[str, ...]:
    """Return the kinds of things whose changes are shown to whoever looks: those they may set themselves."""
    return tuple(
        kind for kind in SETTABLES if is_open(who, PLACES[kind].right if kind in PLACES else Right.UNDO)
    )
