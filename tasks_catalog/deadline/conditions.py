"""Phrases that wait: an event ("khi có ...") or a schedule fixed elsewhere ("theo tiến độ ...").

::

    condition = ("khi" | "sau khi" | "tùy" | "đột xuất" | ...) words
              | ("kỳ họp" | "trước ngày" word) words     -- unless its day or month is said
              | "theo" words                     -- an event or a schedule, by the noun that follows
              | ["trong thời hạn" | "sau" | "chậm nhất"] N ("ngày" | "tháng" | "giờ") words

The words run to the end of their clause, or to where another deadline plainly begins.
"""

from __future__ import annotations

from collections.abc import Callable

from tasks_catalog.deadline.every import read_each
from tasks_catalog.deadline.lexicon import K
from tasks_catalog.deadline.phrase import FENCES, Phrase, Role, Tokens
from tasks_catalog.deadline.terms import Grain
from tasks_catalog.deadline.tokens import at, kinds
from tasks_catalog.text import plain

_FINE = (Grain.DAY, Grain.MONTH, Grain.QUARTER)
PlainReader = Callable[[Tokens, int], Phrase | None]

# What follows "theo" and is an event to wait for; anything else is a schedule fixed elsewhere.
_EVENTS = (
    "huong dan", "chi dao", "yeu cau", "de nghi", "y kien", "phan cong", "nhu cau", "thuc te", "tinh hinh",
    "phat sinh", "vu viec", "thong bao", "van ban", "dat hang", "trieu tap", "giay moi", "su kien", "thu moi",
    "thu trieu tap", "quyet dinh giao", "chu truong", "cong van", "dieu kien", "dien bien", "ho so",
    "don thu",
)  # fmt: skip
_FILLERS = (
    "cac",
    "nhung",
    "tung",
    "su",
    "dung",
    "tinh",
    "than",
    "noi",
    "dung",
    "moi",
    "cua",
    "co",
    "thoi",
    "diem",
)


def read_condition(tokens: Tokens, i: int, read: PlainReader) -> Phrase | None:
    kind = at(tokens, i).kind
    if kind is K.WHEN and plain(at(tokens, i).text) == "neu co":
        return Phrase(role=Role.IF_ANY, start=i, end=i + 1)
    if kind is K.WHEN:
        return Phrase(role=Role.WHEN, start=i, end=_condition_end(tokens, i, read))
    if (kind is K.SESSION or _names_day(tokens, i)) and not _is_dated(tokens, i, read):
        return Phrase(role=Role.WHEN, start=i, end=_condition_end(tokens, i, read))
    rhythm = kind is K.ACCORDING and read_each(tokens, i)  # "theo quý"
    if kind is K.ACCORDING and not rhythm and not kinds(tokens, i + 1, K.PERIODIC):
        role = Role.WHEN if _names_event(tokens, i + 1) else Role.EXTERNAL
        return Phrase(role=role, start=i, end=_condition_end(tokens, i, read, schedule=True))
    if length := _length_of_time(tokens, i):
        return Phrase(role=Role.WHEN, start=i, end=_clause_end(tokens, length))
    return None


def _is_dated(tokens: Tokens, i: int, read: PlainReader) -> bool:
    """Say whether a day, month or quarter tells when the session is: "kỳ họp thứ 10 (tháng 10/2025)"."""
    for j in range(i + 1, _clause_end(tokens, i + 1)):
        found = read(tokens, j)
        if (
            found
            and found.role is Role.TIMED
            and found.terms[-1].third is None
            and found.terms[-1].grain in _FINE
        ):
            return True
    return False


def _names_day(tokens: Tokens, i: int) -> bool:
    """Say whether "trước ngày bầu cử", "sau Đại hội" begins at ``i``: a day known by what happens on it."""
    named = at(tokens, i).kind in (K.BEFORE, K.AFTER, K.FROM, K.UNTIL) and at(tokens, i + 1).kind is K.DAY
    if named and at(tokens, i + 2).kind in (K.WORD, K.ACTION, K.BODY, K.DOCUMENT, K.LAW):
        return True
    return at(tokens, i).kind in (K.BEFORE, K.AFTER) and at(tokens, i + 1).kind in (
        K.WORD,
        K.ACTION,
        K.SESSION,
    )


def _length_of_time(tokens: Tokens, start: int) -> int | None:
    """Return the index after "trong thời hạn 03 ngày làm việc", "sau 5 ngày", "24 giờ"."""
    i = start
    while at(tokens, i).kind in (K.SPAN, K.LATEST, K.AFTER, K.IN, K.ABOUT, K.BEFORE, K.STAGE):
        i += 1
    led = i > start
    number = at(tokens, i)
    if number.kind is not K.NUM:
        return None
    unit = at(tokens, i + 1)
    if unit.kind is K.DAY or plain(unit.text) in ("ngay lam viec", "gio", "tieng", "ngay"):
        return None if kinds(tokens, i + 2, K.NUM) and unit.kind is K.DAY else i + 2
    timed = unit.kind in (K.WEEK, K.MONTH, K.YEAR) and at(tokens, i + 2).kind not in (
        K.NUM,
        K.EARLY,
        K.LATE,
        K.YEAR,
    )
    follows = at(tokens, i + 2).kind in (K.FROM, K.AFTER, K.WHEN)
    spanned = led and any(t.kind in (K.SPAN, K.AFTER) for t in tokens[start:i])
    return i + 2 if timed and number.value <= 60 and (spanned or follows) else None


def _names_event(tokens: Tokens, i: int) -> bool:
    words: list[str] = []
    while i < len(tokens) and len(words) < 6 and tokens[i].kind not in (*FENCES, K.COMMA, K.LPAREN):
        words += plain(tokens[i].text).split()
        i += 1
    while words and words[0] in _FILLERS:
        words.pop(0)
    line = " ".join(words) + " "
    return any(line.startswith(event + " ") for event in _EVENTS)


def _clause_end(tokens: Tokens, i: int) -> int:
    while i < len(tokens) and tokens[i].kind not in FENCES and not _is_bullet(tokens, i):
        i += 1
    return i


def _is_bullet(tokens: Tokens, i: int) -> bool:
    """Say whether a dash stands between blanks: it opens the next point of a list."""
    if at(tokens, i).kind is not K.DASH:
        return False
    before, after = at(tokens, i - 1), at(tokens, i + 1)
    return (i == 0 or before.end < tokens[i].start) and tokens[i].end < after.start


def _condition_end(tokens: Tokens, start: int, read: PlainReader, schedule: bool = False) -> int:
    """Return where the words waited for end: at a fence, or where another deadline plainly begins."""
    depth = 0
    last = _clause_end(tokens, start + 1)
    for i in range(start + 1, last):
        kind = tokens[i].kind
        if kind is K.RPAREN and depth == 0:
            return i
        depth += (kind is K.LPAREN) - (kind is K.RPAREN)
        if kind in (K.COMMA, K.AND, K.OR, K.LPAREN) and _another_begins(tokens, i + 1, read):
            return i
        prepositional = kind in (K.BEFORE, K.LATEST) or (schedule and kind is K.IN)
        if schedule and prepositional and _states_deadline(tokens, i, read):
            return i
    return last


def _another_begins(tokens: Tokens, i: int, read: PlainReader) -> bool:
    """Say whether a new deadline begins at ``i``, after at most a verb or two."""
    for j in range(i, i + 3):
        if _states_deadline(tokens, j, read):
            return True
        if at(tokens, j).kind not in (K.ACTION, K.AND, K.OR, K.ABOUT):
            return False
    return False


def _states_deadline(tokens: Tokens, i: int, read: PlainReader) -> bool:
    if at(tokens, i).kind is K.WHEN:
        return plain(at(tokens, i).text) != "phat sinh"
    found = read(tokens, i)
    return found is not None and found.role in (Role.TIMED, Role.EVERY, Role.CONTINUOUS, Role.PERIODIC)
