"""Changes: a plan read again beside the plan as tracked. Rows are told by their content, never by number.

Three steps, each on what the one before left: rows whose words are all the same; rows whose task has
the same words; rows whose words are alike (``SURE``). A likeness that is not sure, or shared by two
rows, is a doubt for a person; until it is answered the two rows count as one new and one dropped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from tasks_catalog.problem import Refused
from tasks_catalog.task import Task
from tasks_catalog.text import clean
from tasks_catalog.unit_names import name_key

FIELDS = ("section", "group", "objective", "text", "product", "lead", "cooperating", "deadline")
"""What a revision may alter, in the order of a plan's columns; the printed number is no part of it."""

SURE = 85.0
"""Likeness of two texts, in per cent, from which they are one task reworded."""
DOUBT = 65.0
"""Likeness from which a person is asked."""
ELSEWHERE = 8.0
"""What a row that stands in another section loses of its likeness."""
MARGIN = 5.0
"""How far a row must be likelier than the next one."""
TELLING_WORDS = 6
"""Words from which a text alone tells a row; shorter ones ("Báo cáo quý") stand in many places."""

_ORDINAL = re.compile(r"^(?:[ivxlc]+|\d+(?:\.\d+)*|[a-zđ])\s*[.):/-]\s*")
_MARKS = re.compile(r"[\s.,;:•*]+")
_FIGURE = re.compile(r"\b(?:\d+|[ivx]+)\b")


@dataclass(frozen=True, kw_only=True)
class Words:
    """A row's words as a document prints them."""

    row: int
    stt: str = ""
    section: str = ""
    group: str = ""
    objective: str = ""
    text: str = ""
    product: str = ""
    lead: str = ""
    cooperating: str = ""
    deadline: str = ""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A tracked task: its words as the last document printed them, and what decisions made of it."""

    words: Words
    corrected: Mapping[str, str] = field(default_factory=dict)
    """Fields put right since; a document that prints the right words changes nothing."""
    closed: bool = False
    in_plan: bool = True
    """False for a task handed out beside the appendix: a document that is silent about it drops nothing."""


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field's words before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Matched:
    """A tracked row and the row of the document it is; without ``fields`` nothing of it changed."""

    known: int
    read: int
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A row of the document that may be a tracked one: the candidates, the likest first."""

    read: int
    candidates: tuple[int, ...]
    likeness: int
    """Of the likest, in per cent."""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a revision changes; rows of doubts stand in ``new`` and ``dropped`` as well."""

    same: tuple[Matched, ...] = ()
    altered: tuple[Matched, ...] = ()
    new: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    closed: tuple[Matched, ...] = ()
    """Rows the document still prints whose task was closed by decision; they stay closed."""
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.altered or self.new or self.dropped)

    @property
    def drops_most(self) -> bool:
        """More would be dropped than stays: it may be another plan, or print only what it amends."""
        return len(self.dropped) > len(self.same) + len(self.altered)


def words_of(task: Task) -> Words:
    """Return a read row's words."""
    return Words(
        row=task.row,
        stt=task.stt,
        section=task.section,
        group=task.group,
        objective=task.objective,
        text=task.text,
        product=task.product,
        lead=task.lead.text,
        cooperating=task.cooperating.text,
        deadline=task.deadline.text,
    )


def compare(
    known: Iterable[Known],
    read: Iterable[Words],
    *,
    same: Mapping[int, int] | None = None,
    partial: bool = False,
) -> Changes:
    """Return what the rows read make of the rows known; the order of neither matters.

    ``same`` are a person's answers to doubts: row of the document -> tracked row. A ``partial`` document
    prints only what it amends, and drops nothing by being silent about it. Raises Refused
    (revision_row_unknown) when there is no such row, (revision_row_twice) when two are the same.
    """
    match = _Match(known, read)
    match.answer(same or {})
    match.take(lambda task: not task.closed, _all_the_same)
    match.take(lambda task: not task.closed, _same_text)
    match.take(lambda task: task.closed, _all_the_same)
    match.take(lambda task: task.closed, _same_text)
    match.take(lambda task: not task.closed, _alike)
    return match.changes(partial=partial)


_Pairs = Sequence[tuple[int, int]]
_Step = Callable[[Sequence[Known], Sequence[Words]], _Pairs]


class _Match:
    """The rows not matched yet, and the matches found so far."""

    def __init__(self, known: Iterable[Known], read: Iterable[Words]) -> None:
        self.known = {task.words.row: task for task in known}
        self.read = {words.row: words for words in read}
        self.found: dict[int, int] = {}

    def answer(self, same: Mapping[int, int]) -> None:
        for read, known in same.items():
            if read not in self.read or known not in self.known:
                raise Refused("revision_row_unknown", row=known, read=read)
            if known in self.found:
                raise Refused("revision_row_twice", row=known)
            self.found[known] = read

    def left(self, chosen: Callable[[Known], bool]) -> tuple[list[Known], list[Words]]:
        taken = set(self.found.values())
        known = [task for row, task in sorted(self.known.items()) if row not in self.found and chosen(task)]
        return known, [words for row, words in sorted(self.read.items()) if row not in taken]

    def take(self, chosen: Callable[[Known], bool], step: _Step) -> None:
        self.found.update(step(*self.left(chosen)))

    def changes(self, *, partial: bool) -> Changes:
        matched = [self._matched(known, read) for known, read in sorted(self.found.items())]
        open_ones = [match for match in matched if not self.known[match.known].closed]
        known, read = self.left(lambda task: not task.closed)
        return Changes(
            same=tuple(match for match in open_ones if not match.fields),
            altered=tuple(match for match in open_ones if match.fields),
            new=tuple(words.row for words in read),
            dropped=tuple(task.words.row for task in known if task.in_plan and not partial),
            closed=tuple(match for match in matched if self.known[match.known].closed),
            doubts=tuple(_doubts(known, read)),
        )

    def _matched(self, known: int, read: int) -> Matched:
        return Matched(known=known, read=read, fields=field_changes(self.known[known], self.read[read]))


def field_changes(known: Known, read: Words) -> tuple[FieldChange, ...]:
    """Return the fields whose words differ in more than case, punctuation and numbering."""
    return tuple(
        FieldChange(field=name, before=_word(known.words, name), after=_word(read, name))
        for name in FIELDS
        if not _agrees(known, read, name)
    )


def _word(words: Words, name: str) -> str:
    value: str = getattr(words, name)
    return value


def _agrees(known: Known, read: Words, name: str) -> bool:
    key = _key(name, _word(read, name))
    corrected = known.corrected.get(name)
    return key == _key(name, _word(known.words, name)) or (
        corrected is not None and key == _key(name, corrected)
    )


@lru_cache(maxsize=20_000)  # every row is met with every other one left over
def _key(name: str, words: str) -> str:
    """Return what two spellings of one field's words share."""
    if name == "deadline":  # "/" and "-" tell 11/2022 from a span
        return _MARKS.sub(" ", clean(words).casefold()).strip()
    if name in ("section", "group"):  # sections are renumbered when one is put in
        return name_key(_ORDINAL.sub("", clean(words).casefold()))
    return name_key(words)


def _agreement(known: Known, read: Words, names: Iterable[str] = FIELDS) -> int:
    return sum(_agrees(known, read, name) for name in names)


def _stt_agrees(known: Known, read: Words) -> bool:
    return bool(read.stt) and clean(known.words.stt) == clean(read.stt)


def _all_the_same(known: Sequence[Known], read: Sequence[Words]) -> _Pairs:
    """Match rows that agree in every field; of rows quite alike those with one number come first."""
    waiting: dict[tuple[str, ...], list[Words]] = defaultdict(list)
    for words in read:
        waiting[tuple(_key(name, _word(words, name)) for name in FIELDS)].append(words)
    pairs: list[tuple[int, int]] = []
    for by_number in (True, False):
        taken = {row for row, _ in pairs}
        for task in known:
            printed = tuple(_key(name, _word(task.words, name)) for name in FIELDS)
            for candidate in waiting.get(printed, ()):
                if task.words.row not in taken and (not by_number or _stt_agrees(task, candidate)):
                    pairs.append((task.words.row, candidate.row))
                    waiting[printed].remove(candidate)
                    break
    return pairs


def _same_text(known: Sequence[Known], read: Sequence[Words]) -> _Pairs:
    """Match rows whose task has the same words: the one that agrees most, by number where two do."""

    def score(task: Known, words: Words) -> float:
        return _agreement(task, words) + (0.5 if _stt_agrees(task, words) else 0)

    scores = {
        (task.words.row, words.row): score(task, words)
        for task, words in product(known, read)
        if _agrees(task, words, "text") and _is_telling(task, words)
    }
    return _best(scores)


def _is_telling(known: Known, read: Words) -> bool:
    """Say whether one text makes one row: a short one must agree in where it stands or what it asks."""
    if len(name_key(read.text).split()) >= TELLING_WORDS or _agrees(known, read, "section"):
        return True
    return _agreement(known, read, ("product", "lead", "deadline")) > 1


def _alike(known: Sequence[Known], read: Sequence[Words]) -> _Pairs:
    """Match rows worded alike, where the likeness is sure and no other row is as like."""
    scores = _likenesses(known, read)
    found = dict(_best(scores, floor=SURE, margin=MARGIN))
    numbered = (
        (task.words.row, words.row)
        for task, words in product(known, read)
        if scores.get((task.words.row, words.row), 0) >= SURE and _stt_agrees(task, words)
    )
    taken = set(found.values())
    return [*found.items(), *_only((k, r) for k, r in numbered if k not in found and r not in taken)]


def _only(pairs: Iterable[tuple[int, int]]) -> _Pairs:
    """Return the pairs whose rows stand in no other pair."""
    chosen = list(pairs)
    firsts, seconds = [pair[0] for pair in chosen], [pair[1] for pair in chosen]
    return [pair for pair in chosen if firsts.count(pair[0]) == 1 and seconds.count(pair[1]) == 1]


def _likenesses(known: Sequence[Known], read: Sequence[Words]) -> dict[tuple[int, int], float]:
    from rapidfuzz import fuzz  # only rows left over need it; every start would pay for it

    texts = {words.row: name_key(words.text) for words in read}
    found: dict[tuple[int, int], float] = {}
    for task in known:
        text = name_key(task.words.text)
        for words in read:
            likeness = fuzz.ratio(text, texts[words.row], score_cutoff=DOUBT)
            if likeness >= DOUBT:
                found[task.words.row, words.row] = _weighed(likeness, task, words)
    return {pair: score for pair, score in found.items() if score >= DOUBT}


def _weighed(likeness: float, known: Known, read: Words) -> float:
    """Return a likeness less what speaks against it: another section, other figures, a short text alone."""
    score = likeness - (0 if _agrees(known, read, "section") else ELSEWHERE)
    figures = [sorted(_FIGURE.findall(name_key(text))) for text in (known.words.text, read.text)]
    asks_the_same = _agreement(known, read, ("product", "lead", "deadline")) == 3
    doubtful = (figures[0] != figures[1] and not asks_the_same) or not _is_telling(known, read)
    return min(score, SURE - 1) if doubtful else score


def _best(scores: Mapping[tuple[int, int], float], *, floor: float = 0, margin: float = 0) -> _Pairs:
    """Return the pairs from ``floor`` on that lead their rivals by more than ``margin``, round by round."""
    left = dict(scores)
    found: list[tuple[int, int]] = []
    while left:
        sure = [pair for pair, score in left.items() if score >= floor and _leads(pair, score, left, margin)]
        if not sure:
            break
        found += sure
        gone = {pair[0] for pair in sure}, {pair[1] for pair in sure}
        left = {pair: s for pair, s in left.items() if pair[0] not in gone[0] and pair[1] not in gone[1]}
    return found


def _leads(
    pair: tuple[int, int], score: float, scores: Mapping[tuple[int, int], float], margin: float
) -> bool:
    rivals = [
        other
        for rival, other in scores.items()
        if rival != pair and (rival[0] == pair[0] or rival[1] == pair[1])
    ]
    return all(score - other > margin for other in rivals)


def _doubts(known: Sequence[Known], read: Sequence[Words]) -> Iterable[Doubt]:
    candidates: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for (row, of_read), score in _likenesses(known, read).items():
        candidates[of_read].append((-score, row))
    for of_read, found in sorted(candidates.items()):
        found.sort()
        yield Doubt(read=of_read, candidates=tuple(row for _, row in found), likeness=round(-found[0][0]))
