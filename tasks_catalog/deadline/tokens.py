"""Words -> typed tokens: numbers, units of time, prepositions, marks; slips of scanning put right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tasks_catalog.deadline.lexicon import LONGEST, K, look_up
from tasks_catalog.text import plain

_RUN = re.compile(r"\w+")
_DIGIT_SLIP = re.compile(r"(?=\w*\d)[\dOoIl]+$")
_ROMAN_SLIP = re.compile(r"[1lI]{1,3}$|[1lI]?V[1lI]{0,3}$")
_AFTER_QUARTER = re.compile(r"(?:\bqu[ýyíi]́?|\bq)[\s.]*$", re.IGNORECASE)
_LEXEME = re.compile(r"\d+|[^\W\d_]+|\S")
_CODE = re.compile(r"\d+(?:/\d{4})?[/-](?![IVX]+\b)[A-ZĐ]{2,}[a-zđ0-9]*(?!\w)(?:[-/.&][A-ZĐ]\w*)*")
_GLUED_QUARTER = re.compile(r"(?:q|qu[ýí])(?=(?:I{1,3}|IV)\b)", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<![\d/])\b\d{1,2}(?::\d{2}|\s?(?:h|g|giờ|gio)(?:\s?\d{2}(?:\s?(?:phút|phut|p|'))?)?)(?![\w/])",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(?:vòng|hạn|trong|sau|quá|vong|han|qua)\s*$", re.IGNORECASE)
_NEXT_WORD = re.compile(r"\s*([^\W\d_]+)")
_NUMBER_NEXT = re.compile(r"\.?\s?(?:\d|[IV]+\b)")
_WHOLE_ONLY = ("tx",)
_OPENED = re.compile(r"(?:^|[;.:(+•*]|(?:^|\s)[-–])\s*$")
_CLOSED = re.compile(r"\s*(?:$|[;.,:)]|-\s)")
_MARKS = {
    ",": K.COMMA,
    ";": K.SEMI,
    ":": K.COLON,
    "(": K.LPAREN,
    "[": K.LPAREN,
    ")": K.RPAREN,
    "]": K.RPAREN,
    "/": K.SLASH,
    "\\": K.SLASH,
    "-": K.DASH,
    "–": K.DASH,
    "—": K.DASH,
    "−": K.DASH,
    "‑": K.DASH,
    "÷": K.DASH,
    "~": K.DASH,
    "&": K.AND,
    "+": K.BULLET,
    "•": K.BULLET,
    "*": K.BULLET,
    "…": K.STOP,
}
_IN_A_NAME = (K.WORD, K.DOCUMENT, K.ACTION, K.SUBJECT, K.BODY)
_ROMANS = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}


@dataclass(frozen=True, kw_only=True)
class Token:
    """One token: ``start`` and ``end`` are its place in the cleaned text, ``value`` its number."""

    kind: K
    text: str
    start: int
    end: int
    value: int = 0


_END = Token(kind=K.END, text="", start=0, end=0)


def at(tokens: Sequence[Token], i: int) -> Token:
    """Return token ``i``, or the END token outside the list."""
    return tokens[i] if 0 <= i < len(tokens) else _END


def kinds(tokens: Sequence[Token], i: int, *wanted: K) -> bool:
    """Say whether the tokens from ``i`` on are of the ``wanted`` kinds, in order."""
    return all(at(tokens, i + n).kind is kind for n, kind in enumerate(wanted))


def roman_value(token: Token) -> int | None:
    """Return the value of a Roman numeral up to X, or None."""
    return _ROMANS.get(token.text.upper()) if token.kind in (K.WORD, K.NUM) else None


def mend(text: str) -> str:
    """Put right letters scanned for digits ("3O/11/2O25"), and digits for Roman ones after "Quý".

    Every character keeps its place.
    """

    def mended(run: re.Match[str]) -> str:
        word = run.group()
        if not word.isdecimal() and _ROMAN_SLIP.match(word) and _AFTER_QUARTER.search(text[: run.start()]):
            return word.translate(str.maketrans("1l", "II"))
        if _DIGIT_SLIP.match(word):
            return word.translate(str.maketrans("OoIl", "0011"))
        return word

    return _RUN.sub(mended, text)


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a cleaned ``text``; a document's number and date become one REFERENCE."""
    text = mend(text)
    text = _CLOCK.sub(_without_clock, text)
    bare = (True,) if all(c.isascii() for c in text if c.isalpha()) else (False, True)
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        code = _CODE.match(text, place)
        if code:
            tokens.append(Token(kind=K.REFERENCE, text=code.group(), start=place, end=code.end()))
            place = code.end()
            continue
        found = _LEXEME.match(text, place)
        if found is None:
            place += 1
            continue
        token = next(filter(None, (_phrase(text, place, b) for b in bare)), None) or _single(text, found)
        tokens += _with_number(token)
        place = token.end
    return _with_references(tokens)


def _without_clock(found: re.Match[str]) -> str:
    """Blank an hour of the day; "trong vòng 24 giờ" is a length of time and stays."""
    spans = _LENGTH.search(found.string[: found.start()])
    return found.group() if spans else " " * len(found.group())


def _with_number(token: Token) -> list[Token]:
    """Return "tháng Chín", "quý hai", "hai tuần" as a unit and a number, as if digits stood there."""
    counted = {K.WEEKS: K.WEEK, K.YEARS: K.YEAR, K.COUNTED_TIMES: K.TIMES}.get(token.kind)
    if counted is not None:
        middle = token.end - len(token.text.split()[-1])
        unit_token = Token(kind=counted, text=token.text.split()[-1], start=middle, end=token.end)
        return [replace(token, kind=K.NUM, text=str(token.value), end=middle), unit_token]
    unit = {K.MONTH_NAME: K.MONTH, K.QUARTER_NAME: K.QUARTER}.get(token.kind)
    if unit is None:
        return [token]
    middle = token.start + len(token.text.split()[0])
    number = replace(token, kind=K.NUM, text=str(token.value), start=middle)
    return [Token(kind=unit, text=token.text[: middle - token.start], start=token.start, end=middle), number]


def _phrase(text: str, place: int, bare: bool) -> Token | None:
    if glued := _GLUED_QUARTER.match(text, place):
        return Token(kind=K.QUARTER, text=glued.group(), start=place, end=glued.end())
    words: list[str] = []
    ends: list[int] = []
    while len(words) < LONGEST and (found := _NEXT_WORD.match(text, ends[-1] if ends else place)):
        if ends and found.start(1) == ends[-1]:
            break
        words.append(found.group(1))
        ends.append(found.end(1))
    for count in range(len(words), 0, -1):
        known = look_up(words[:count], bare=bare)
        named = known and known[0] in (K.MONTH_NAME, K.QUARTER_NAME)
        if named and known and not _names(text, ends[count - 1], known[1]):
            continue
        if words[0].lower() in _WHOLE_ONLY and not _stands_alone(text, place, ends[0]):
            continue
        if known and not (len(words[0]) == 1 and not _abbreviates(text, ends[0])):
            return Token(
                kind=known[0],
                text=text[place : ends[count - 1]],
                start=place,
                end=ends[count - 1],
                value=known[1],
            )
    return None


def _names(text: str, end: int, number: int) -> bool:
    """Say whether a month's or quarter's name is one: not "mỗi tháng một lần", and no "tháng năm 2025"."""
    following = _NEXT_WORD.match(text, end)
    word = plain(following.group(1)) if following else ""
    if number == 5:
        return word == "nam" or text[end:].lstrip().startswith("/")
    return word not in ("lan", "ky")


def _abbreviates(text: str, end: int) -> bool:
    """ "T", "Q", "N" stand for tháng, quý, năm only right before a number: "T12/2025", "Q.III"."""
    return _NUMBER_NEXT.match(text, end) is not None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """ "TX" is "thường xuyên" only as a clause of its own: elsewhere it is a town ("các huyện, TX, TP")."""
    return bool(_OPENED.search(text[:start]) and _CLOSED.match(text, end))


def _single(text: str, found: re.Match[str]) -> Token:
    word, start, end = found.group(), found.start(), found.end()
    if word.isdecimal():
        return Token(kind=K.NUM, text=word, start=start, end=end, value=int(word[:9]))
    if word == ".":
        tight = text[start - 1 : start].isalnum() and text[end : end + 1].isdigit()
        return Token(kind=K.DOT if tight else K.STOP, text=word, start=start, end=end)
    return Token(kind=_MARKS.get(word, K.WORD), text=word, start=start, end=end)


def _with_references(tokens: list[Token]) -> list[Token]:
    """Fold "số 12 ngày 15/3/2025", "Quyết định ... ngày 15/3/2025", "Luật ... 2025" into one token each."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        end = _reference_end(tokens, i)
        if (ordinal := _ordinal_end(tokens, i)) > i:
            out.append(replace(tokens[i], end=tokens[ordinal - 1].end))
            i = ordinal
        elif end > i:
            out.append(Token(kind=K.REFERENCE, text="", start=tokens[i].start, end=tokens[end - 1].end))
            i = end
        else:
            out.append(tokens[i])
            i += 1
    return out


def _ordinal_end(tokens: list[Token], i: int) -> int:
    """Return the index after "kỳ họp thứ 5", "lần thứ Ba", which name no weekday; ``i`` where none stands."""
    if tokens[i].kind not in (K.SESSION, K.TIMES):
        return i
    if at(tokens, i + 1).kind is K.WEEKDAY:
        return i + 2
    return i + 3 if plain(at(tokens, i + 1).text) == "thu" and at(tokens, i + 2).kind is K.NUM else i


def _reference_end(tokens: list[Token], i: int) -> int:
    """Return the index after the reference that starts at ``i``, or ``i`` where none does."""
    kind = tokens[i].kind
    if kind is K.REFERENCE:
        return _dated_end(tokens, i + 1)
    if kind is K.NUMBERED and at(tokens, i + 1).kind in (K.NUM, K.REFERENCE):
        return _dated_end(tokens, i + 2)
    if kind is K.DOCUMENT and kinds(tokens, i + 1, K.DAY, K.NUM):
        return _dated_end(tokens, i + 1)
    if kind is K.LAW:
        return _law_end(tokens, i)
    return i


def _dated_end(tokens: list[Token], i: int) -> int:
    """Return the index after an issue date at ``i``: ", ngày 15/3/2025", "ngày 15 tháng 3 năm 2025"."""
    start = i
    if kinds(tokens, i, K.COMMA, K.DAY, K.NUM) or kinds(tokens, i, K.LPAREN, K.DAY, K.NUM):
        i += 1
    if not kinds(tokens, i, K.DAY, K.NUM):
        return start
    i += 2
    while at(tokens, i).kind in (K.SLASH, K.DOT, K.DASH, K.MONTH, K.YEAR) and at(tokens, i + 1).kind is K.NUM:
        i += 2
    return i


def _law_end(tokens: list[Token], i: int) -> int:
    """Return the index after "Luật An ninh mạng (năm) 2025"; ``i`` where no year closes the law's name."""
    end = i + 1
    while end - i < 9 and at(tokens, end).kind in _IN_A_NAME:
        end += 1
    if at(tokens, end).kind is K.YEAR:
        end += 1
    return end + 1 if at(tokens, end).kind is K.NUM and at(tokens, end).value > 1900 else i
