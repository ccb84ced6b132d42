"""Who may see and do what in an office, by role: one table, which every page and every API call asks.

What is open on one task or share is narrower still and stands in ``tasks_catalog.allowed``; a role opens
the page, the task's own facts open the act.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tasks_catalog.people import Post


class Role(StrEnum):
    """What a person is to the program, by their post."""

    VIEWER = "viewer"
    OFFICER = "officer"
    HEAD = "head"
    COORDINATOR = "coordinator"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


_ROLES: Mapping[Post, Role] = {
    Post.VIEWER: Role.VIEWER,
    Post.OFFICER: Role.OFFICER,
    Post.HEAD: Role.HEAD,
    Post.COORDINATOR: Role.COORDINATOR,
    Post.DEPUTY_DIRECTOR: Role.LEADER,
    Post.DIRECTOR: Role.LEADER,
    Post.ADMINISTRATOR: Role.ADMINISTRATOR,
}


def role_of(post: Post) -> Role:
    return _ROLES[post]


class Right(StrEnum):
    """What a page or a call is about, as far as roles differ in it."""

    SELF = "self"
    """One's own account: password, sessions, tokens of one's own; sign out."""
    LOOK = "look"
    """Plans, tasks, lists, calendars, charts: what units owe and how it stands."""
    WORK = "work"
    """One's own and one's unit's work: report, ask, wait, hand over; each act is judged by the share."""
    FILES = "files"
    """Files handed in as proof; units reach their own only."""
    DECIDE = "decide"
    """What waits for a decision: accept, return, extend, many at once."""
    BELOW = "below"
    """The figures of organisations below this one, without their tasks or people."""
    TRACE = "trace"
    """Who did what, by name."""
    LETTERS = "letters"
    """The outbox: letters with their readers, and what became of them."""
    ANSWERS = "answers"
    """Answers by mail that wait for a person."""
    PLANS = "plans"
    """Reading in a plan, answering its questions, starting it, changing its tasks."""
    DIRECTORY = "directory"
    """Units, people, substitutes, chains of command."""
    POLICY = "policy"
    """Ladders, sending hours, holidays and swapped days, the wording of letters."""
    UNDO = "undo"
    """The record of what was changed in the office's settings, and taking it back."""
    ACCOUNTS = "accounts"
    """Who may sign in; one-time links, locks, sessions."""
    INTEGRATIONS = "integrations"
    """Tokens of programs and webhooks."""
    PERSONAL_DATA = "personal_data"
    """Who saw and changed a person's data; giving it out, erasing it."""
    FLOW_UI = "flow_ui"
    """Prefect's pages and its API."""


_EVERYBODY = frozenset({Right.SELF, Right.LOOK})
_OF_UNITS = _EVERYBODY | {Right.WORK, Right.FILES}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: _EVERYBODY | {Right.BELOW},
    Role.OFFICER: _OF_UNITS,
    Role.HEAD: _OF_UNITS,
    Role.LEADER: _EVERYBODY | {Right.WORK, Right.FILES, Right.DECIDE, Right.BELOW, Right.TRACE},
    Role.COORDINATOR: _OF_UNITS
    | {
        Right.DECIDE,
        Right.BELOW,
        Right.TRACE,
        Right.LETTERS,
        Right.ANSWERS,
        Right.PLANS,
        Right.DIRECTORY,
        Right.POLICY,
        Right.UNDO,
        Right.FLOW_UI,
    },
    Role.ADMINISTRATOR: _EVERYBODY
    | {
        Right.BELOW,
        Right.TRACE,
        Right.LETTERS,
        Right.DIRECTORY,
        Right.POLICY,
        Right.UNDO,
        Right.ACCOUNTS,
        Right.INTEGRATIONS,
        Right.PERSONAL_DATA,
        Right.FLOW_UI,
    },
}
"""The administrator looks after the program and decides on nobody's work; the coordinator the reverse."""

SEES_NAMES = frozenset({Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR})
"""Roles that see who of another unit did what; the others see the unit, as the plan itself names it."""


def may(role: Role, right: Right) -> bool:
    """Say whether a role has a right."""
    return right in RIGHTS[role]
