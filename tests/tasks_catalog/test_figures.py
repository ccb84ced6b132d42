"""Figures as people write them: read against the target they are about, or refused with the way out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.target_words import figure_text, number_text
from notifications.wording import problem_sentence
from tasks_catalog.figures import Figure, decimal_text, fault_of, read_figures
from tasks_catalog.problem import Refused
from tasks_catalog.targets import Target, targets_of

TASK = "383/KH-SCT/12"
SHARE = targets_of("Tỷ lệ hồ sơ đúng hạn đạt tối thiểu 96%")
MODELS = targets_of("Xây dựng ít nhất 3 mô hình cải cách hành chính")
MONEY = targets_of("Tổng mức bán lẻ đạt 1.250 tỷ đồng")
GROWTH = targets_of("Giảm 20% thời gian giải quyết so với năm 2024")
BUDGET = targets_of("Thu ngân sách đạt 100% dự toán")
BOTH = targets_of("100% lãnh đạo Sở; Tối thiểu 70% lãnh đạo cấp phòng sử dụng chữ ký số")


def only(words: str, targets: tuple[Target, ...]) -> Figure:
    (figure,) = read_figures([words], targets, task=TASK)
    return figure


@pytest.mark.parametrize(
    ("words", "targets", "value"),
    [
        pytest.param("97,5", SHARE, "97.5", id="a decimal comma"),
        pytest.param("97.5", SHARE, "97.5", id="a decimal point"),
        pytest.param(" 97,5 % ", SHARE, "97.5", id="with its per cent sign"),
        pytest.param("97,5 phần trăm.", SHARE, "97.5", id="per cent in words"),
        pytest.param("97,125", SHARE, "97.125", id="three places of a percentage are no thousands"),
        pytest.param("24.635/24.640", SHARE, "99.97970779220779220779220779", id="two counts"),
        pytest.param("3/4 hồ sơ", SHARE, "75", id="two counts of something"),
        pytest.param("0/12", SHARE, "0", id="none of twelve"),
        pytest.param("100", SHARE, "100", id="all"),
        pytest.param("3", MODELS, "3", id="a count"),
        pytest.param("03 mô hình", MODELS, "3", id="a count with its noun"),
        pytest.param("1.000", MODELS, "1000", id="a point before three digits is a thousand"),
        pytest.param("12 500", MODELS, "12500", id="thousands set apart by a space"),
        pytest.param("1.250,75 tỷ", MONEY, "1250.75", id="money, its unit cut short"),
        pytest.param("-2,5%", GROWTH, "-2.5", id="a change may be negative"),
        pytest.param("\u22122,5%", GROWTH, "-2.5", id="with a real minus sign"),
        pytest.param("112,3", BUDGET, "112.3", id="a budget may be exceeded"),
    ],
)
def test_a_figure_is_read(words: str, targets: tuple[Target, ...], value: str) -> None:
    assert only(words, targets).value == Decimal(value)


@pytest.mark.parametrize(
    ("words", "targets", "code"),
    [
        pytest.param("nhiều", SHARE, "figure_unreadable", id="words"),
        pytest.param("", SHARE, "figure_unreadable", id="nothing"),
        pytest.param("15/11/2022", SHARE, "figure_unreadable", id="a date"),
        pytest.param("1.234.56", SHARE, "figure_unreadable", id="a number that is none"),
        pytest.param("9" * 40, MODELS, "figure_unreadable", id="a hand that fell on the keys"),
        pytest.param("97,5 96", SHARE, "figure_unreadable", id="two numbers"),
        pytest.param("-3", MODELS, "figure_negative", id="less than none"),
        pytest.param("-1%", SHARE, "figure_negative", id="a share under nothing"),
        pytest.param("101", SHARE, "figure_over_100", id="more than all"),
        pytest.param("24.641/24.635", SHARE, "figure_over_100", id="the whole before the part"),
        pytest.param("97.500", SHARE, "figure_over_100", id="thousands where a decimal was meant"),
        pytest.param("5/0", SHARE, "figure_of_nothing", id="of nothing"),
        pytest.param("24,635", MODELS, "figure_ambiguous", id="thousands with a comma"),
        pytest.param("24,635/24,641", SHARE, "figure_ambiguous", id="counts with commas"),
        pytest.param("3/5", MODELS, "figure_fraction", id="a ratio of things counted"),
        pytest.param("97 hồ sơ", SHARE, "figure_no_percent", id="a count where a percentage is asked"),
        pytest.param("5%", MODELS, "figure_other_unit", id="a percentage where a count is asked"),
        pytest.param("900 triệu đồng", MONEY, "figure_other_unit", id="millions where milliards are asked"),
        pytest.param("50", BOTH, "figure_of_which", id="of which target?"),
        pytest.param("3=50", BOTH, "target_unknown", id="a target there is not"),
        pytest.param("0=50", SHARE, "target_unknown", id="target nought"),
        pytest.param("50", (), "targets_none", id="a task without targets"),
    ],
)
def test_a_figure_that_makes_no_sense_is_refused(words: str, targets: tuple[Target, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_figures([words], targets, task=TASK)
    assert refused.value.code == code
    for language in ("vi", "en"):
        said = problem_sentence(refused.value, language)
        assert "{" not in said
        assert words.strip() in said or code in ("targets_none", "target_unknown")


def test_figures_name_the_target_they_are_of() -> None:
    found = read_figures(["2=24.635/24.641", "1 = 97,5"], BOTH, task=TASK)
    assert [(one.target, one.amount, one.part, one.whole) for one in found] == [
        (2, None, Decimal(24635), Decimal(24641)),
        (1, Decimal("97.5"), None, None),
    ]


def test_one_target_is_given_once() -> None:
    with pytest.raises(Refused, match="figure_twice"):
        read_figures(["1=97", "1=98"], BOTH, task=TASK)


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param(Figure(target=1), id="nothing at all"),
        pytest.param(Figure(target=1, part=Decimal(3)), id="a part without its whole"),
        pytest.param(Figure(target=1, amount=Decimal(3), part=Decimal(3), whole=Decimal(4)), id="both"),
    ],
)
def test_a_figure_is_an_amount_or_two_counts(figure: Figure) -> None:
    fault = fault_of(figure, SHARE, task=TASK)
    assert fault is not None
    assert fault.code == "figure_unreadable"


_AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False, allow_infinity=False)


@given(number=_AMOUNTS)
def test_every_number_written_the_vietnamese_way_is_read_back(number: Decimal) -> None:
    assert only(decimal_text(number), MODELS).value == number
    assert number_text(number) == decimal_text(number)


@given(part=st.integers(0, 10**9), more=st.integers(0, 10**9))
def test_two_counts_are_a_percentage_of_all_only_when_they_are_equal(part: int, more: int) -> None:
    whole = part + more
    if whole:
        figure = only(f"{part}/{whole}", SHARE)
        assert 0 <= figure.value <= 100
        assert (figure.value == 100) is (more == 0)


@given(st.text(alphabet="0123456789.,/=%- hồsơ+−", max_size=20))
def test_whatever_is_typed_is_a_figure_or_a_sentence(words: str) -> None:
    try:
        figures = read_figures([words], BOTH, task=TASK)
    except Refused as refused:
        said = problem_sentence(refused)  # raises where the catalogue wants what the refusal does not give
    else:
        said = "; ".join(figure_text(one, BOTH[one.target - 1]) for one in figures)
        assert all(0 <= one.value <= 100 for one in figures)
    assert said


@pytest.mark.parametrize(
    ("words", "targets", "vi", "en"),
    [
        pytest.param("97,5", SHARE, "97,5%", "97.5%", id="a percentage"),
        pytest.param(
            "24.635/24.641",
            SHARE,
            "99,98% (24.635/24.641)",
            "99.98% (24,635/24,641)",
            id="a percentage with its counts",
        ),
        pytest.param("95,9999", SHARE, "95,9999%", "95.9999%", id="never rounded up to the target"),
        pytest.param("3", MODELS, "3 mô hình", "3 mô hình", id="a count with its noun"),
        pytest.param("1.250", MONEY, "1.250 tỷ đồng", "1,250 tỷ đồng", id="thousands set apart"),
    ],
)
def test_a_figure_is_shown(words: str, targets: tuple[Target, ...], vi: str, en: str) -> None:
    figure = only(words, targets)
    assert figure_text(figure, targets[0]) == vi
    assert figure_text(figure, targets[0], "en") == en
