"""A plan read again: rows are told by what they say, and what is not sure is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_catalog.changes import Changes, FieldChange, Known, Matched, Words, compare, words_of
from tasks_catalog.documents import read_plan
from tasks_catalog.problem import Refused

PLANS = sorted((Path(__file__).parents[1] / "data" / "plans").glob("*.*"))
MARKETS = Words(
    row=1,
    stt="1",
    section="I. Cải cách thể chế",
    text="Quy định đấu thầu quản lý và khai thác chợ trên địa bàn tỉnh",
    product="Quyết định",
    lead="Phòng Quản lý thương mại",
    cooperating="Thanh tra Sở",
    deadline="Trước 15/11/2022",
)
QUOTAS = replace(
    MARKETS, row=2, stt="2", text="Định mức hỗ trợ đầu tư xây dựng chợ nông thôn", product="Nghị quyết"
)
TRAINING = replace(
    MARKETS,
    row=3,
    stt="1",
    section="II. Chính quyền số",
    text="Tập huấn quy trình số hóa hồ sơ thủ tục hành chính",
    product="Lớp tập huấn",
    lead="Văn phòng Sở",
    deadline="Thường xuyên",
)
PLAN = (MARKETS, QUOTAS, TRAINING)


def known(words: Iterable[Words], **given: object) -> list[Known]:
    return [Known(words=row, **given) for row in words]  # type: ignore[arg-type]  # a shorthand of the tests


def changed(read: Iterable[Words], plan: Iterable[Words] = PLAN) -> Changes:
    return compare(known(plan), read)


def numbered(*rows: Words) -> list[Words]:
    return [replace(words, row=row, stt=str(row)) for row, words in enumerate(rows, start=1)]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        pytest.param("text", MARKETS.text, MARKETS.text.upper() + ".", id="case and a full stop"),
        pytest.param("section", MARKETS.section, "IV. Cải cách thể chế", id="a section numbered anew"),
        pytest.param("section", MARKETS.section, "Cải cách thể chế", id="a section without its number"),
        pytest.param("group", "1. Xây dựng văn bản", "1.2. Xây dựng văn bản", id="a group numbered anew"),
        pytest.param("deadline", "Thường xuyên; khi có", "Thường xuyên, khi có", id="a comma in a deadline"),
        pytest.param("stt", "1", "7", id="another printed number"),
    ],
)
def test_what_is_no_change(name: str, before: str, after: str) -> None:
    plan = (replace(MARKETS, **{name: before}), QUOTAS, TRAINING)
    found = changed((replace(MARKETS, **{name: after}), QUOTAS, TRAINING), plan)
    assert found.is_nothing
    assert len(found.same) == 3


@pytest.mark.parametrize(
    ("name", "after"),
    [
        pytest.param("deadline", "Trước 15/12/2022", id="a deadline moved"),
        pytest.param("deadline", "Trước 1/5/11/2022", id="a deadline's strokes are not punctuation"),
        pytest.param("product", "Quyết định của UBND tỉnh", id="another product"),
        pytest.param("lead", "Văn phòng Sở", id="another owner"),
        pytest.param("cooperating", "", id="no co-owner any more"),
        pytest.param("objective", "100% văn bản", id="an objective"),
        pytest.param("section", "II. Chính quyền số", id="another section"),
        pytest.param("text", MARKETS.text.replace("tỉnh", "tỉnh Đồng Nai"), id="a place named"),
        pytest.param("text", MARKETS.text.replace("Quy định", "Ban hành quy định"), id="a verb before it"),
    ],
)
def test_an_altered_field_is_told_with_its_words_before_and_after(name: str, after: str) -> None:
    found = changed((replace(MARKETS, **{name: after}), QUOTAS, TRAINING))
    change = FieldChange(field=name, before=getattr(MARKETS, name), after=after)
    assert found.altered == (Matched(known=1, read=1, fields=(change,)),)
    assert (found.new, found.dropped, found.doubts) == ((), (), ())


def test_rows_put_in_taken_out_and_numbered_anew() -> None:
    new = replace(TRAINING, text="Kiểm tra việc áp dụng ISO điện tử tại các phòng", deadline="Quý IV/2022")
    found = changed(numbered(new, TRAINING, MARKETS))
    assert [(match.known, match.read) for match in found.same] == [(1, 3), (3, 2)]
    assert (found.new, found.dropped, found.altered, found.doubts) == ((1,), (2,), (), ())


def test_a_likeness_that_is_not_sure_is_asked_and_counts_as_new_and_dropped() -> None:
    nearer = replace(TRAINING, text="Tập huấn về số hóa hồ sơ, thủ tục hành chính của Sở", stt="9")
    found = changed((MARKETS, QUOTAS, nearer))
    assert (found.new, found.dropped, found.altered) == ((3,), (3,), ())
    (doubt,) = found.doubts
    assert (doubt.read, doubt.candidates) == (3, (3,))
    assert 65 <= doubt.likeness < 85


def test_other_figures_make_another_task_until_a_person_says_otherwise() -> None:
    first = replace(TRAINING, text="Báo cáo kết quả cải cách hành chính quý I của Sở", deadline="Quý I")
    third = replace(first, text=first.text.replace("quý I ", "quý III "), deadline="Quý III")
    found = changed([third], [first])
    assert (found.new, found.dropped, [doubt.candidates for doubt in found.doubts]) == ((3,), (3,), [(3,)])


def test_two_candidates_alike_are_asked_unless_the_number_tells() -> None:
    one = replace(TRAINING, row=1, stt="1.1", text="Công khai bộ thủ tục hành chính trên Cổng dịch vụ công")
    two = replace(one, row=2, stt="1.2", text="Công khai bộ thủ tục hành chính trên Cổng dịch vụ công.B")
    read = replace(one, row=5, stt="4", text="Công khai bộ thủ tục hành chính trên Cổng dịch vụ công C")
    found = changed([read], [one, two])
    assert (found.altered, set(found.doubts[0].candidates), found.dropped) == ((), {1, 2}, (1, 2))
    (match,) = changed([replace(read, stt="1.2")], [one, two]).altered
    assert match.known == 2


def test_a_short_text_alone_does_not_tell_a_row() -> None:
    report = replace(TRAINING, row=1, text="Báo cáo năm", section="I. Thể chế")
    elsewhere = replace(report, section="V. Tài chính", product="Văn bản", lead="Thanh tra Sở")
    found = changed([elsewhere], [report])
    assert (found.altered, found.new, found.dropped) == ((), (1,), (1,))
    assert len(found.doubts) == 1


def test_rows_quite_alike_are_counted() -> None:
    twice = [replace(MARKETS, row=1), replace(MARKETS, row=2)]
    found = changed([*twice, replace(MARKETS, row=3)], twice)
    assert (len(found.same), found.new, found.dropped) == (2, (3,), ())


def test_of_rows_with_one_text_each_finds_its_own() -> None:
    plan = [replace(MARKETS, row=1, deadline="Quý I"), replace(MARKETS, row=2, deadline="Quý II")]
    read = [replace(MARKETS, row=1, deadline="Quý III"), replace(MARKETS, row=2, deadline="Quý I")]
    found = changed(read, plan)
    assert [(match.known, match.read) for match in found.same] == [(1, 2)]
    assert [(match.known, match.fields[0].after) for match in found.altered] == [(2, "Quý III")]


def test_a_person_answers_a_doubt() -> None:
    reworded = replace(TRAINING, row=9, text="Lớp số hóa")
    found = compare(known(PLAN), [MARKETS, QUOTAS, reworded], same={9: 3})
    assert [(match.known, match.read) for match in found.altered] == [(3, 9)]
    assert (found.new, found.dropped) == ((), ())


@pytest.mark.parametrize(
    ("same", "code"),
    [
        pytest.param({9: 1}, "revision_row_unknown", id="a row the document has not"),
        pytest.param({1: 9}, "revision_row_unknown", id="a row the plan has not"),
        pytest.param({1: 1, 2: 1}, "revision_row_twice", id="one task for two rows"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(same: dict[int, int], code: str) -> None:
    with pytest.raises(Refused, match=code):
        compare(known(PLAN), PLAN, same=same)


def test_a_document_that_prints_only_what_it_amends_drops_nothing() -> None:
    moved = replace(MARKETS, deadline="Trước 15/12/2022")
    assert changed([moved]).drops_most
    found = compare(known(PLAN), [moved], partial=True)
    assert ([match.known for match in found.altered], found.dropped, found.drops_most) == ([1], (), False)


def test_a_word_put_right_before_is_no_change_when_the_document_prints_it() -> None:
    task = Known(
        words=replace(MARKETS, text="Quy định đấu thàu chợ trên địa bàn tỉnh ta"),
        corrected={"text": MARKETS.text},
    )
    assert compare([task], [MARKETS]).is_nothing


def test_closed_tasks_stay_closed_and_those_beside_the_appendix_are_not_dropped() -> None:
    plan = [*known([MARKETS], closed=True), *known([QUOTAS], in_plan=False), *known([TRAINING])]
    still = compare(plan, [MARKETS, TRAINING])
    assert still.is_nothing
    assert [match.known for match in still.closed] == [1]
    gone = compare(plan, [TRAINING])
    assert gone.is_nothing
    assert gone.closed == ()


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.name)
def test_a_plan_read_twice_is_all_the_same(path: Path) -> None:
    words = [words_of(task) for task in read_plan(path, year=2025).tasks]
    found = compare(known(words), words)
    assert [(match.known, match.read) for match in found.same] == [(row.row, row.row) for row in words]
    assert found.is_nothing
    assert found.doubts == ()


_TEXTS = st.sampled_from(
    ["", "Báo cáo", "Báo cáo quý I", "Rà soát thủ tục hành chính của các phòng, đơn vị",
     "Rà soát các thủ tục hành chính của phòng, đơn vị", "Tập huấn", "Quy định đấu thầu chợ trên địa bàn"]
)  # fmt: skip
_ROWS = st.builds(
    Words,
    row=st.just(0),
    stt=st.sampled_from(["", "1", "2"]),
    section=st.sampled_from(["I. Thể chế", "II. Số"]),
    text=_TEXTS,
    product=st.sampled_from(["", "Báo cáo"]),
    deadline=st.sampled_from(["Thường xuyên", "Quý I", "Trước 15/11/2022"]),
)
_PLANS = st.lists(_ROWS, max_size=7).map(
    lambda rows: [replace(words, row=row) for row, words in enumerate(rows, start=1)]
)


@given(_PLANS)
def test_any_plan_beside_itself_is_the_same(plan: list[Words]) -> None:
    found = changed(plan, plan)
    assert found.is_nothing
    assert len(found.same) == len(plan)


@given(_PLANS, _PLANS)
@settings(max_examples=200)
def test_every_row_is_accounted_for_once(plan: list[Words], read: list[Words]) -> None:
    found = changed(read, plan)
    matched = [*found.same, *found.altered]
    assert sorted([*(match.known for match in matched), *found.dropped]) == [row.row for row in plan]
    assert sorted([*(match.read for match in matched), *found.new]) == [row.row for row in read]
    assert {doubt.read for doubt in found.doubts} <= set(found.new)


@given(_PLANS, _PLANS, st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_order_of_rows_does_not_matter(plan: list[Words], read: list[Words], random: Random) -> None:
    mixed, read_mixed = random.sample(plan, len(plan)), random.sample(read, len(read))
    assert changed(read_mixed, mixed) == changed(read, plan)
