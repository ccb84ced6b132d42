"""Which sentences of letters an office may word its own way, letter by letter in the order they stand in.

Not among them: refusals, pages, the names of posts, periods and standings, which other papers share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from notifications.wording import catalogue

_SECTIONS = ("overdue", "today", "decide", "soon", "co_owner", "urge")
_ROUTES = ("officer", "focal_point", "head", "fallback")
_CHAIN = ("head", "coordinator", "deputy_director", "director")

ACCOUNT_NEWS = ("password_set", "link_made", "locked", "unlocked", "signed_out", "released", "token")
"""What can be done to an account that its person is told."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a letter: its sentences, as codes; ``letter_part_<name>`` words what it is."""

    name: str
    codes: tuple[str, ...]


def _both(name: str, *ends: str) -> tuple[str, ...]:
    return tuple(f"{name}_{section}{end}" for section in _SECTIONS for end in ends)


_DIGEST = (
    Part(
        name="subject",
        codes=(
            "subject_plan",
            "subject_plans",
            *(
                f"subject_{section}{end}"
                for section in _SECTIONS
                for end in ("", "_since")
                if f"{section}{end}" not in ("today_since", "soon_since")
            ),
        ),
    ),
    Part(name="opening", codes=("letter_opening", "letter_first", *_both("first", "_one", ""))),
    Part(
        name="lines",
        codes=(
            "letter_mine",
            *_both("section", ""),
            "letter_product",
            "letter_unit",
            "letter_sheet_one",
            "letter_sheet",
            "status_overdue",
            "status_overdue_one",
            "status_overdue_none",
            "status_today",
            "status_soon",
            "status_soon_one",
            "status_soon_none",
            "note_triggered",
            "note_returned",
            "note_request_undecided",
            "note_moved",
            "note_slides",
            "note_rest_day",
            "note_nobody",
            "act_report",
            "act_extend",
            "act_acknowledge",
            "act_sheet",
            "letter_read_link",
            "letter_more",
            "letter_more_link",
        ),
    ),
    Part(
        name="reason",
        codes=(
            "letter_reason",
            *(f"reason_{role}_{route}" for role in ("owner", "co_owner") for route in _ROUTES),
            *(f"reason_{post}" for post in _CHAIN),
            "reason_one_up",
            "stand_in",
            "stand_in_unnamed",
            *(f"who_{role}_{route}" for role in ("owner", "co_owner") for route in _ROUTES),
            *(f"who_{post}" for post in _CHAIN),
        ),
    ),
    Part(name="next", codes=("next_again", "next_owner", "next_told", "next_none", "next_co_owner")),
    Part(
        name="how",
        codes=(
            "letter_how",
            "how_links",
            "how_board",
            "how_sheet",
            "how_reply_task",
            "how_reply",
            "how_command",
            "letter_calendar",
            "letter_calendar_off",
        ),
    ),
)
LETTERS: Mapping[str, tuple[Part, ...]] = {
    "common": (
        Part(
            name="frame",
            codes=(
                "letter_greeting",
                "stand_in_letter",
                "letter_column_task",
                "letter_column_due",
                "letter_files",
                "summary_drafted",
                "letter_plan",
                "letter_plan_titled",
                "letter_ask",
                "letter_closing",
                "letter_preferences",
            ),
        ),
    ),
    "digest": _DIGEST,
    "welcome": (
        Part(name="subject", codes=("subject_welcome", "subject_welcome_undated")),
        Part(name="opening", codes=("welcome_opening", "welcome_first")),
        Part(
            name="lines",
            codes=(
                *(f"welcome_section_{part}" for part in ("dated", "waiting", "sheet", "before", "co_owner")),
                "welcome_as_written",
                "welcome_no_words",
            ),
        ),
        Part(
            name="next",
            codes=(
                "welcome_ladder",
                "welcome_rung_before",
                "welcome_rung_on",
                "welcome_rung_after",
                "audience_owner",
                "audience_co_owner",
                *(f"audience_{post}" for post in _CHAIN),
                "welcome_stops",
            ),
        ),
    ),
    "summary": (
        Part(name="subject", codes=("subject_summary",)),
        Part(
            name="lines",
            codes=(
                "summary_opening",
                "summary_counts",
                "summary_column_standing",
                "summary_column_count",
                "summary_worst",
                "summary_link",
            ),
        ),
    ),
    "alarm": (
        Part(name="subject", codes=("subject_alarm",)),
        Part(name="lines", codes=("alarm_opening", "alarm_first", "alarm_gaps")),
    ),
    "password": (
        Part(name="subject", codes=("subject_password_invited", "subject_password_reset")),
        Part(
            name="lines",
            codes=(
                "password_opening_invited",
                "password_opening_reset",
                "password_first",
                "password_link",
                "password_name",
            ),
        ),
        Part(
            name="reason",
            codes=(
                "password_why_invited",
                "password_why_reset",
                "password_not_asked_invited",
                "password_not_asked_reset",
                "password_closing",
            ),
        ),
    ),
    "account": (
        Part(name="subject", codes=("subject_account",)),
        Part(
            name="lines",
            codes=(
                "account_news_opening",
                "account_news_line",
                *(f"account_news_{what}" for what in ACCOUNT_NEWS),
                "account_news_by_you",
                "account_news_by_office",
            ),
        ),
        Part(
            name="reason",
            codes=("account_news_expected", "account_news_unexpected", "account_news_closing"),
        ),
    ),
    "test": (
        Part(name="subject", codes=("subject_test",)),
        Part(
            name="lines",
            codes=(
                "test_opening",
                "test_first",
                "test_facts",
                "test_way",
                "test_sender",
                "test_recipient",
                "test_message_id",
            ),
        ),
    ),
}
CODES: Mapping[str, str] = {
    code: letter for letter, parts in LETTERS.items() for part in parts for code in part.codes
}
"""Every code an office may word, with the letter it is shown under."""

_PROMISES = (
    "reason_",
    "letter_reason",
    "next_",
    "stand_in",
    "how_",
    "welcome_stops",
    "letter_closing",
    "password_first",
    "password_why_",
    "password_not_asked_",
    "account_news_expected",
    "account_news_unexpected",
)
PROMISED_WORDS = 3


def original(code: str, language: str) -> str:
    """Return the catalogue's text."""
    return catalogue()[code][language]


def is_subject(code: str) -> bool:
    return code.startswith("subject_")


def least_words(code: str) -> int:
    """Return how many words of its own a text must have: why one is written to, what follows, how it ends
    must be said (rule 6), where a label may be short.
    """
    return PROMISED_WORDS if code.startswith(_PROMISES) else 1
