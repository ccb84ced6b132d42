"""Finding tasks by their words: an index of folded words on either database, asked the same way.

SQLite has it in a virtual table (FTS5) that triggers keep, PostgreSQL in a GIN index over the words as
lexemes; neither parses words again, so both find the same. A plan's id is a word of its tasks, of the
private use area, which nobody can type: so a search within one plan reads no other plan's hits.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, cast, column, func, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from storage.counted_rows import TaskWords
from tasks_catalog.searching import SHORT, Search, folded

_PLAN = "\ue000"
_SEARCH = table("task_search", column("rowid"))


def words_kept(plan_id: int, texts: Iterable[str]) -> str:
    """Return the words a task is found by."""
    return f"{_PLAN}{plan_id}{folded(texts)}"


def hits(session: Session, search: Search, plan_id: int | None) -> Select[tuple[int]]:
    """Return a query for the ids of the tasks that have every word, by the index; phrases not looked at."""
    terms = [(word, len(word) > SHORT) for word in search.words]
    if plan_id is not None:
        terms.append((f"{_PLAN}{plan_id}", False))
    if session.get_bind().dialect.name == "sqlite":
        asked = " AND ".join(f'"{word}"{"*" if begins else ""}' for word, begins in terms)
        match = text("task_search MATCH :asked").bindparams(asked=asked)
        return select(_SEARCH.c.rowid.label("task_id")).select_from(_SEARCH).where(match)
    asked = " & ".join(f"'{word}'{':*' if begins else ''}" for word, begins in terms)
    lexemes = func.array_to_tsvector(func.string_to_array(TaskWords.words, " "))
    return select(TaskWords.task_id).where(lexemes.op("@@")(cast(asked, TSQUERY)))


def has_words(search: Search) -> ColumnElement[bool]:
    """Choose the rows of ``task_words`` that a search finds, phrases and all, row by row."""
    words = TaskWords.words.concat(" ")
    return and_(*(words.like(_pattern(phrase)) for phrase in search.phrases))


def _pattern(phrase: tuple[str, ...]) -> str:
    """Words hold letters and digits only, so nothing in them means anything to LIKE."""
    words = " ".join(phrase)
    return f"% {words} %" if len(phrase[-1]) <= SHORT else f"% {words}%"
