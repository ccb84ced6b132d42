"""The pages of the wording of letters: the sentences in the order they stand in, and one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from board.letter_example import Example
from board.settings_record import ChangeLine, changes_of, record_link
from board.view import View
from notifications.letter_words import CODES, LETTERS, Part, is_subject, original
from notifications.own_wording import fits
from notifications.wording import LANGUAGES
from notifications.wording.own import Key
from storage.office_record import last_number
from storage.own_wording import KIND, own_texts
from tasks_catalog.own_text import MOST, MOST_SUBJECT, check_text
from tasks_catalog.problem import Refused
from tasks_catalog.text import plain

if TYPE_CHECKING:
    from board.app import Board

PATH = "/settings/letters"


@dataclass(frozen=True, kw_only=True)
class SentenceLine:
    """A sentence as the letters say it now."""

    code: str
    href: str
    text: str
    own: bool


@dataclass(frozen=True, kw_only=True)
class PartShown:
    """A part of a letter with its sentences."""

    title: str
    lines: Sequence[SentenceLine]


@dataclass(frozen=True, kw_only=True)
class LettersPage:
    """The sentences of one letter, or those found."""

    action: str
    letters: Sequence[tuple[str, str]]
    """(address, name) of each letter."""
    current: str
    lead: str
    asked: str
    only_own: bool
    parts: Sequence[PartShown]
    own: int
    record: str


@dataclass(frozen=True, kw_only=True)
class LanguageForm:
    """The form of one language."""

    language: str
    action: str
    original: str
    text: str
    """What stands in the form: what was typed, else what holds."""
    is_own: bool
    stale: str
    """A text kept that fits no longer, and so is not used."""
    seen: int
    refused: str


@dataclass(frozen=True, kw_only=True)
class Looked:
    """The letter with the sentence as typed."""

    language: str
    text: str
    """The sentence as typed, carried to the HTML part."""
    action: str
    subject: Sequence[tuple[str, bool]]
    letter: Sequence[tuple[str, bool]]
    """The words, each piece with whether it is the sentence."""
    reader: str


@dataclass(frozen=True, kw_only=True)
class SentencePage:
    """One sentence in both languages."""

    code: str
    back: str
    letter: str
    part: str
    names: Sequence[str]
    most: int
    forms: Sequence[LanguageForm]
    looked: Looked | None
    changes: Sequence[ChangeLine]


def letters_page(board: Board, view: View, asked: Mapping[str, str]) -> LettersPage:
    """Return the sentences of the letter asked for; of every letter where words are searched."""
    here = f"{board.root}{PATH}"
    texts, words = own_texts(view.session, view.organisation_id), asked.get("text", "")[:100]
    only_own = asked.get("own") == "1"
    letter = asked.get("letter", "")
    letter = letter if letter in LETTERS else "digest"
    chosen = tuple(LETTERS) if words or only_own else (letter,)
    parts = [
        shown
        for each in chosen
        for part in LETTERS[each]
        for shown in (_part(here, each, part, texts, words, view, only_own=only_own, named=len(chosen) > 1),)
        if shown.lines
    ]
    return LettersPage(
        action=here,
        letters=[(f"{here}?letter={each}", view.say(f"letter_kind_{each}")) for each in LETTERS],
        current="" if len(chosen) > 1 else f"{here}?letter={letter}",
        lead="" if len(chosen) > 1 else view.say(f"letter_kind_{letter}_lead"),
        asked=words,
        only_own=only_own,
        parts=parts,
        own=len({code for code, _ in texts}),
        record=record_link(board, KIND),
    )


def _part(
    here: str,
    letter: str,
    part: Part,
    texts: Mapping[Key, str],
    words: str,
    view: View,
    *,
    only_own: bool,
    named: bool,
) -> PartShown:
    title = view.say(f"letter_part_{part.name}")
    return PartShown(
        title=f"{view.say(f'letter_kind_{letter}')} – {title}" if named else title,
        lines=[
            SentenceLine(
                code=code,
                href=f"{here}/{code}",
                text=texts.get((code, view.language), original(code, view.language)),
                own=any((code, language) in texts for language in LANGUAGES),
            )
            for code in part.codes
            if _found(code, texts, words, only_own=only_own)
        ],
    )


def _found(code: str, texts: Mapping[Key, str], words: str, *, only_own: bool) -> bool:
    if only_own and not any((code, language) in texts for language in LANGUAGES):
        return False
    said = (texts.get((code, each), original(code, each)) for each in LANGUAGES)
    return not words or plain(words) in plain(" ".join((code, *said)))


def sentence_page(
    board: Board,
    view: View,
    code: str,
    *,
    typed: Mapping[str, str] | None = None,
    refused: Mapping[str, str] | None = None,
    looked: Looked | None = None,
) -> SentencePage:
    """Return the page of one sentence; ``typed`` and ``refused`` by language.

    Raises Refused (wording_unknown).
    """
    if code not in CODES:
        raise Refused("wording_unknown", named=code[:60])
    letter = CODES[code]
    (part,) = (part for part in LETTERS[letter] if code in part.codes)
    texts = own_texts(view.session, view.organisation_id)
    back = f"{board.root}{PATH}"
    return SentencePage(
        code=code,
        back=f"{back}?letter={letter}",
        letter=view.say(f"letter_kind_{letter}"),
        part=view.say(f"letter_part_{part.name}"),
        names=[f"{{{name}}}" for name in sorted(check_text(original(code, "vi")))],
        most=MOST_SUBJECT if is_subject(code) else MOST,
        forms=list(_forms(board, view, code, texts, typed or {}, refused or {})),
        looked=looked,
        changes=[
            line for language in LANGUAGES for line in changes_of(board, view, KIND, f"{code}/{language}")
        ],
    )


def _forms(
    board: Board,
    view: View,
    code: str,
    texts: Mapping[Key, str],
    typed: Mapping[str, str],
    refused: Mapping[str, str],
) -> Iterator[LanguageForm]:
    for language in LANGUAGES:
        own = texts.get((code, language))
        stale = own if own is not None and not fits(code, language, own) else ""
        now = own if own is not None else original(code, language)
        yield LanguageForm(
            language=language,
            action=f"{board.root}{PATH}/{code}/{language}",
            original=original(code, language),
            text=typed.get(language, now),
            is_own=own is not None,
            stale=stale or "",
            seen=last_number(view.session, view.organisation_id, KIND, f"{code}/{language}"),
            refused=refused.get(language, ""),
        )


def looked_of(board: Board, code: str, language: str, text: str, example: Example) -> Looked:
    return Looked(
        language=language,
        text=text,
        action=f"{board.root}{PATH}/{code}/{language}/letter",
        subject=example.found.subject_pieces,
        letter=example.found.pieces,
        reader=example.reader,
    )
