"""Setting how an office words a sentence of its letters, and loading its words for a run or a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlalchemy.orm import Session

from notifications.letter_words import CODES, is_subject, least_words, original
from notifications.wording import LANGUAGES
from notifications.wording.own import CATALOGUE, OwnWords
from storage.office_journal import Made, change
from storage.office_rows import OfficeChange
from storage.own_wording import KIND, OWN_WORDING, own_texts
from tasks_catalog.own_text import check_against
from tasks_catalog.problem import Refused
from tasks_catalog.text import clean


def load_words(session: Session, organisation_id: int) -> OwnWords:
    """Return the office's words: one query for a run or a request.

    A text kept for a sentence that another version of the program words with other names is left out: a
    letter with the catalogue's sentence is better than none.
    """
    return words_of(own_texts(session, organisation_id))


def words_of(texts: Mapping[tuple[str, str], str]) -> OwnWords:
    """Return those of an office's texts that fit, as words to write letters with."""
    fitting = {key: text for key, text in texts.items() if fits(*key, text)}
    return OwnWords(MappingProxyType(fitting)) if fitting else CATALOGUE


def fits(code: str, language: str, text: str) -> bool:
    """Say whether a text may stand for the sentence."""
    try:
        check(code, language, text)
    except Refused:
        return False
    return True


def check(code: str, language: str, text: str) -> None:
    """Raise Refused where a text may not stand for a sentence: wording_unknown, and what
    ``tasks_catalog.own_text.check_against`` raises.
    """
    if code not in CODES or language not in LANGUAGES:
        raise Refused("wording_unknown", named=code[:60])
    check_against(text, original(code, language), subject=is_subject(code), words=least_words(code))


def set_words(
    session: Session, organisation_id: int, code: str, language: str, text: str, *, made: Made
) -> OfficeChange | None:
    """Word a sentence the office's own way; the catalogue's own text takes the office's away again.

    Returns None where it is so already. Raises what ``check`` raises.
    """
    cleaned = clean(text)
    check(code, language, cleaned)
    values = None if cleaned == original(code, language) else {"text": cleaned}
    return change(session, organisation_id, OWN_WORDING, KIND, f"{code}/{language}", values, made=made)


def reset_words(
    session: Session, organisation_id: int, code: str, languages: Iterable[str] = LANGUAGES, *, made: Made
) -> tuple[OfficeChange, ...]:
    """Take the office's own words of a sentence away. Raises Refused (wording_unknown)."""
    if code not in CODES:
        raise Refused("wording_unknown", named=code[:60])
    done = (
        change(session, organisation_id, OWN_WORDING, KIND, f"{code}/{language}", None, made=made)
        for language in languages
    )
    return tuple(one for one in done if one is not None)
