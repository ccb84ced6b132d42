"""What the words of an answer seem to say: done, more time, being worked on. A proposal; a person decides.

Read sentence by sentence with accents folded away, since many answer without them. A word that takes it
back ("chưa", "sẽ", "dự thảo") leaves a sentence unread: a proposal missed costs a minute.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice

from tasks_catalog.deadline import Kind, read_deadline
from tasks_catalog.facts import Document

_LONGEST = 20_000
_MOST_SENTENCES = 100
_TRIES = 5
_SENTENCE = re.compile(r"(?<![0-9])[.;!?](?=\s|$)|(?<=[0-9])[.;!?](?=\s+[^\s0-9]|\s*$)|\n+")
_MORE_TIME = re.compile(
    r"\bgia han\b|\blui (?:thoi )?han\b|\blui thoi gian\b|\bkeo dai thoi (?:han|gian)\b|\bthem thoi gian\b"
    r"|\bdieu chinh thoi (?:han|gian)\b"
)
_NO_MORE_TIME = re.compile(
    r"\b(?:khong|chua)\b(?:\s+\w+){0,2}\s+(?:gia han|lui|keo dai|them thoi gian|dieu chinh)"
)
_DONE = re.compile(
    r"\b(?:da|vua)\s+(?:duoc\s+|co\s+)?(?:hoan thanh|ban hanh|ky ban hanh|thuc hien xong|lam xong"
    r"|trien khai xong|xong|gui bao cao|nop bao cao|bao cao)\b|\b(?:hoan thanh|lam|thuc hien) xong\b"
)
_TAKEN_BACK = re.compile(
    r"\b(?:chua|khong|se|du kien|sap|gan nhu|co ban|mot phan|du thao|dang cho|neu|khi nao|phan dau)\b"
)
_AT_WORK = re.compile(
    r"\bda (?:nhan|ro|tiep nhan|nam|biet)\b|\btiep nhan\b|\bdu kien\b"
    r"|\b(?:dang|se) (?:thuc hien|trien khai|tien hanh|xu ly|tham muu|soan|lam|hoan thien|hoan thanh"
    r"|tong hop|gui|bao cao|ra soat|trinh|ban hanh|phoi hop)\b"
)
_UNTIL = re.compile(r"\b(?:den|sang|toi|truoc|het)\b")
_EXPECTED = re.compile(r"\b(?:du kien|truoc|vao|trong|den|ngay|xong|hoan thanh|cuoi|muon nhat)\b")
_REASON = re.compile(r"[(),]|\b(?:vi|do|de|nham|boi|ly do|va|thi|neu)\b")
_NUMBER = re.compile(r"\b(?:so\s*:?\s*)?(\d{1,6}[a-z]?/[a-z0-9][a-z0-9&.+-]*(?:/[a-z0-9&.+-]+)*)")
_DATED = re.compile(
    r"^\W*(?:ky\s+)?(?:ngay\s+)?(\d{1,2}\s*(?:[/.-]|\s+thang\s+)\s*\d{1,2}\s*(?:[/.-]|\s+nam\s+)\s*\d{4})"
)
_NUMERIC_DATE = re.compile(r"\d{1,2}/\d{4}|\d{1,2}/\d{1,2}(?:/\d{2,4})?")


class Meaning(StrEnum):
    """What an answer seems to say."""

    DONE = "done"
    MORE_TIME = "more_time"
    ACKNOWLEDGED = "acknowledged"
    MESSAGE = "message"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A meaning, with the paper or the date it names."""

    meaning: Meaning = Meaning.MESSAGE
    document: Document | None = None
    day: date | None = None
    """Until when more time is asked for, or when the work is expected to be done."""


def suggestion_of(words: str, *, on: date, plans: tuple[str, ...] = ()) -> Suggestion:
    """Return what ``words``, received ``on``, propose. A request for time outweighs what is done so far.

    ``plans`` are the numbers of the plans known: neither they nor their tasks are papers handed in.
    """
    sentences = [part.strip() for part in _SENTENCE.split(_composed(words)) if part.strip()][:_MOST_SENTENCES]
    folded = [_folded(each) for each in sentences]
    for sentence, plain in zip(sentences, folded, strict=True):
        if (asked := _MORE_TIME.search(plain)) and not _NO_MORE_TIME.search(plain):
            return Suggestion(meaning=Meaning.MORE_TIME, day=_day(sentence, plain, asked.end(), on, _UNTIL))
    for plain in folded:
        if _DONE.search(plain) and not _TAKEN_BACK.search(plain):
            return Suggestion(meaning=Meaning.DONE, document=_document(sentences, folded, plans))
    for sentence, plain in zip(sentences, folded, strict=True):
        if found := _AT_WORK.search(plain):
            day = _day(sentence, plain, found.start(), on, _EXPECTED) or _expected(sentences, folded, on)
            return Suggestion(meaning=Meaning.ACKNOWLEDGED, day=day)
    return Suggestion()


def tasks_named(words: str, plans: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tasks that words name by number, such as "383/KH-SCT/1", of the plans known."""
    text = _composed(words)
    found = []
    for plan in plans:
        pattern = rf"(?<![\w/]){re.escape(_composed(plan))}/(\d{{1,6}})(?![\w/])"
        found += [(hit.start(), f"{plan}/{int(hit[1])}") for hit in re.finditer(pattern, text, re.IGNORECASE)]
    return tuple(dict.fromkeys(task for _, task in sorted(found)))


def _expected(sentences: list[str], folded: list[str], on: date) -> date | None:
    """Return the date of the first sentence that says when it is expected."""
    for sentence, plain in zip(sentences, folded, strict=True):
        if (start := plain.find("du kien")) >= 0 and (day := _day(sentence, plain, start, on, _EXPECTED)):
            return day
    return None


def _day(sentence: str, plain: str, start: int, on: date, opens: re.Pattern[str]) -> date | None:
    """Return the date behind the first opening word ("đến") that the deadline grammar reads for certain."""
    for opening in islice(opens.finditer(plain, start), _TRIES):
        tail = sentence[opening.start() :]
        reason = _REASON.search(plain, opening.end())
        until = tail[: reason.start() - opening.start()] if reason else tail
        found = read_deadline(until[:200], year=on.year)
        days = [span.to for span in found.dates if span.to is not None]
        if found.kind in (Kind.BY, Kind.WITHIN) and len(days) == 1:
            return days[0]
    return None


def _document(sentences: list[str], folded: list[str], plans: tuple[str, ...]) -> Document | None:
    """Return the paper named by its number ("45/BC-VP"), with the date that follows it."""
    for sentence, plain in zip(sentences, folded, strict=True):
        for found in _NUMBER.finditer(plain):
            number = sentence[found.start(1) : found.end(1)].rstrip(".-")
            if _NUMERIC_DATE.fullmatch(number) or _is_of_a_plan(number, plans):
                continue
            dated = _DATED.match(plain[found.end() :])
            return Document(number=number, issued=_date(dated[1]) if dated else None)
    return None


def _is_of_a_plan(number: str, plans: tuple[str, ...]) -> bool:
    bare = number.casefold()
    return any(bare == plan or bare.startswith(f"{plan}/") for plan in map(str.casefold, plans))


def _date(words: str) -> date | None:
    day, month, year = (int(each) for each in re.findall(r"\d+", words))
    try:
        return date(year, month, day)
    except ValueError:  # "31/02/2022" is no date
        return None


def _composed(words: str) -> str:
    return unicodedata.normalize("NFC", words[:_LONGEST])


def _folded(text: str) -> str:
    """Return ``text`` without accents, letter for letter: a place in it is the same place in ``text``."""
    return "".join(_letter(each) for each in text)


def _letter(each: str) -> str:
    if each in "đĐ":
        return "d"
    lower = unicodedata.normalize("NFD", each)[0].lower()
    return lower if len(lower) == 1 else each
