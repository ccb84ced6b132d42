"""Why a person gets a line, and what happens next about it and when: the words for the ladder's answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache

from notifications.wording import date_text, sentence
from notifications.wording.own import CATALOGUE, OwnWords
from tasks_catalog.absence import Absence
from tasks_catalog.audience import Audience
from tasks_catalog.ladder import NextStep, Notice
from tasks_catalog.people import Directory, Person, Post
from tasks_catalog.substitutes import SUBSTITUTE, Receiver

_OWN = (Audience.OWNER, Audience.CO_OWNER)
_LADDER_POST: Mapping[Audience, Post] = {
    Audience.HEAD: Post.HEAD,
    Audience.COORDINATOR: Post.COORDINATOR,
    Audience.DEPUTY_DIRECTOR: Post.DEPUTY_DIRECTOR,
    Audience.DIRECTOR: Post.DIRECTOR,
}


def reason_sentence(notice: Notice, directory: Directory, lang: str, words: OwnWords = CATALOGUE) -> str:
    """Return why this person gets this notice: "Anh/chị nhận thư này vì ..." with the unit's name."""
    return _reason(_reason_code(notice), unit_name(notice.key.share.unit, directory), lang, words)


@lru_cache(maxsize=4096)
def _reason(code: str, unit: str, lang: str, words: OwnWords) -> str:
    """Kept, since the lines of a letter mostly share one reason, and so do the letters of a unit.

    ``words`` are the same object only within one run of one office, so that offices do not mix.
    """
    return words.sentence("letter_reason", lang, reason=words.sentence(code, lang, unit=unit))


def stand_in_sentence(
    notice: Notice,
    receiver: Receiver,
    absence: Absence,
    directory: Directory,
    lang: str,
    words: OwnWords = CATALOGUE,
) -> str:
    """Return for whom the reader gets this, who that is to the task, and from when to when he is away."""
    meant = directory.person(notice.key.person)
    code = "stand_in" if receiver.route == SUBSTITUTE else "stand_in_unnamed"
    return words.sentence(
        code,
        lang,
        name=meant.name if meant else notice.key.person,
        first=absence.first,
        last=absence.ends,
        who=words.sentence(_who_code(notice), lang, unit=unit_name(notice.key.share.unit, directory)),
    )


def _who_code(notice: Notice) -> str:
    """Who a person is to a task; who was written to one level up is who he is by post."""
    if notice.audience in _OWN:
        return f"who_{notice.audience}_{notice.route}"
    return f"who_{notice.audience}"


def stand_in_opening(
    absence: Absence | None, directory: Directory, lang: str, words: OwnWords = CATALOGUE
) -> str:
    """Return for whom a letter that is no digest is read, as a sentence to begin with; "" for his own."""
    if absence is None:
        return ""
    meant = directory.person(absence.person)
    name = meant.name if meant else absence.person
    return words.sentence("stand_in_letter", lang, name=name, first=absence.first, last=absence.ends) + " "


def _reason_code(notice: Notice) -> str:
    if notice.audience in _OWN:
        return f"reason_{notice.audience}_{notice.route}"
    return "reason_one_up" if notice.route == "one_up" else f"reason_{notice.audience}"


def next_sentence(
    step: NextStep | None, reader: Person, directory: Directory, lang: str, words: OwnWords = CATALOGUE
) -> str:
    """Return whom the office reminds or tells next, and on which day; or that nothing follows."""
    if step is None:
        return words.sentence("next_none", lang)
    if step.person == reader.code:
        return words.sentence("next_again", lang, on=step.on)
    person = directory.person(step.person)
    if step.audience in _OWN:
        return words.sentence("next_owner", lang, on=step.on, name=person.name if person else step.person)
    who = titled(person, lang) if person else sentence(f"post_{_LADDER_POST[step.audience]}", lang)
    return words.sentence("next_told", lang, on=step.on, who=who)


def no_escalation_sentence(lang: str, words: OwnWords = CATALOGUE) -> str:
    """Return what a co-owner is told: the share is voluntary."""
    return words.sentence("next_co_owner", lang)


def titled(person: Person, lang: str) -> str:
    """Return the person with the post: "Phó Giám đốc Trần Thị B"; in English the post's own word."""
    title = person.title if person.title and lang != "en" else sentence(f"post_{person.post}", lang)
    return f"{title} {person.name}"


def unit_name(code: str, directory: Directory) -> str:
    """Return the unit's printed name, or its code once it has left the directory."""
    unit = directory.unit(code)
    return unit.name if unit else code


def period_name(key: str, lang: str) -> str:
    """Return a reporting period's printed name: "quý I năm 2022" for "2022-Q1"."""
    year, _, name = key.partition("-")
    return sentence(f"period_{name.lower()}", lang, year=year)


def dates_text(days: Collection[date], lang: str, most: int = 3) -> str:
    """Return days in their order, joined: "15/11/2022, 30/11/2022"."""
    shown = [date_text(day, lang) for day in sorted(set(days))[:most]]
    return ", ".join(shown) + ("…" if len(set(days)) > most else "")
