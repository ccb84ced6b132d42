"""Lists and searches answer alike on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from storage import journal
from storage.engine import write
from storage.listing import Query, Sort, how_many, narrowed, page_of
from tests.storage.cast import ISSUED, NUMBER, PLANNED, at, import_cast, opening, set_up


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("", [1, 2, 3], id="everything"),
        pytest.param("ban hanh", [1], id="words without accents"),
        pytest.param('"ke hoach"', [1], id="a phrase"),
        pytest.param("thu tuc ra", [2], id="words in any order, the last begun"),
        pytest.param("' | & :*", [1, 2, 3], id="signs of a query language are no words"),
        pytest.param("khong co", [], id="what is nowhere"),
    ],
)
def test_a_search_finds_the_same_rows(engine: Engine, text: str, rows: list[int], sort: Sort) -> None:
    with write(engine) as session:
        plan = import_cast(session, set_up(session))
        opened = [(f"{NUMBER}/1", opening(PLANNED[1][0], "tm", "vp"))]
        journal.record_many(session, plan, opened, at=at(ISSUED))
        query = Query(plan_id=plan.id, organisation_id=plan.organisation_id, text=text, sort=sort)
        narrow = narrowed(session, query)
        found = page_of(session, query, narrow=narrow)
        assert sorted(hit.row for hit in found.hits) == rows
        assert how_many(session, query, narrow).number == len(rows)
        first = page_of(session, query, most=1, narrow=narrow)
        if first.after:
            second = page_of(session, query, after=first.after, narrow=narrow)
            assert sorted(hit.row for hit in (*first.hits, *second.hits)) == rows
