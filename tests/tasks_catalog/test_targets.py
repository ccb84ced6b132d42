"""The figures of objectives: every one of the real plans, and wordings that are easily misread."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_catalog.targets import targets_of
from tasks_catalog.text import clean

PLANS = Path(__file__).parents[1] / "data" / "plans"
Read = list[tuple[str, str]]

REAL: dict[str, Read] = {
    "100% văn bản QPPL được ban hành đúng quy định kịp thời": [
        (">= 100%", "văn bản QPPL được ban hành đúng quy định kịp thời")
    ],
    "Hoàn thành 100% Kế hoạch rà soát, kiểm tra văn bản QPPL": [
        (">= 100%", "Kế hoạch rà soát, kiểm tra văn bản QPPL")
    ],
    "100% bộ TTHC ban hành kịp thời": [(">= 100%", "bộ TTHC ban hành kịp thời")],
    "100% quy trình điện tử được cấu hình trên Một cửa điện tử kịp thời": [
        (">= 100%", "quy trình điện tử được cấu hình trên Một cửa điện tử kịp thời")
    ],
    "100% TTHC công khai đúng hạn": [(">= 100%", "TTHC công khai đúng hạn")],
    "50% TTHC có hồ sơ mẫu": [(">= 50%", "TTHC có hồ sơ mẫu")],
    "10% TTHC kiến nghị đơn giản hoá; 20% TTHC được kiến nghị phân cấp": [
        (">= 10%", "TTHC kiến nghị đơn giản hoá"),
        (">= 20%", "TTHC được kiến nghị phân cấp"),
    ],
    "100% TTHC có đủ điều kiện, được cung cấp trực tuyến mức độ 3 và 4": [
        (">= 100%", "TTHC có đủ điều kiện, được cung cấp trực tuyến mức độ 3 và 4")
    ],
    "Bộ phận một cửa Sở Công Thương thực hiện các yêu cầu của Trung tâm HCC tổ chức theo định hướng đổi mới "
    "theo Quyết định 468/QĐ-TTg": [],
    "Tỷ lệ giải quyết hồ sơ đúng hạn đạt tối thiểu 96%": [(">= 96%", "Tỷ lệ giải quyết hồ sơ đúng hạn")],
    "Tỷ lệ hài lòng của người dân đạt tối thiểu 92% tại các cấp": [
        (">= 92%", "Tỷ lệ hài lòng của người dân tại các cấp")
    ],
    "Tỷ lệ hồ sơ trực tuyến đạt tối thiểu 60%": [(">= 60%", "Tỷ lệ hồ sơ trực tuyến")],
    "- Tối thiểu 95% PAKN xử lý dứt điểm, đúng hạn; - Tỷ lệ hài lòng người dân về giải quyết PAK đạt tối "
    "thiểu 90%": [
        (">= 95%", "PAKN xử lý dứt điểm, đúng hạn"),
        (">= 90%", "Tỷ lệ hài lòng người dân về giải quyết PAK"),
    ],
    "100% quy chế tổ chức hoạt động theo quy định": [(">= 100%", "quy chế tổ chức hoạt động theo quy định")],
    "100% các quy định về quản lý công chức, viên chức được triển khai cụ thể hóa": [
        (">= 100%", "các quy định về quản lý công chức, viên chức được triển khai cụ thể hóa")
    ],
    "100% công chức, tối thiểu 95% viên chức bố trí đúng vị trí việc làm, tiêu chuẩn chức danh nhà nước": [
        (">= 100%", "công chức"),
        (">= 95%", "viên chức bố trí đúng vị trí việc làm, tiêu chuẩn chức danh nhà nước"),
    ],
    "Tối thiểu 50% công chức, viên chức được bồi dưỡng nghiệp vụ trong năm": [
        (">= 50%", "công chức, viên chức được bồi dưỡng nghiệp vụ trong năm")
    ],
    "100% hồ sơ công chức, viên chức, người hoạt động không chuyên trách xã được quản lý, cập nhật trên phần "
    "mềm": [
        (
            ">= 100%",
            "hồ sơ công chức, viên chức, người hoạt động không chuyên trách xã được quản lý, cập nhật trên "
            "phần mềm",
        )
    ],
    "- 100% các phòng, đơn vị trực thuộc sử dụng phần mềm đúng quy định; - Tỷ lệ trao đổi văn bản điện tử "
    "100%; - Tỷ lệ hồ sơ công việc xử lý điện tử đạt: 100%": [
        (">= 100%", "các phòng, đơn vị trực thuộc sử dụng phần mềm đúng quy định"),
        (">= 100%", "Tỷ lệ trao đổi văn bản điện tử"),
        (">= 100%", "Tỷ lệ hồ sơ công việc xử lý điện tử"),
    ],
    "- 100% lãnh đạo Sở; Tối thiểu 70% lãnh đạo cấp phòng sử dụng chữ ký số": [
        (">= 100%", "lãnh đạo Sở"),
        (">= 70%", "lãnh đạo cấp phòng sử dụng chữ ký số"),
    ],
    "100% công chức, viên chức áp dụng hệ thống quản lý chất lượng ISO 9001:2015": [
        (">= 100%", "công chức, viên chức áp dụng hệ thống quản lý chất lượng ISO 9001:2015")
    ],
    "Tối thiểu 50% đơn vị được kiểm tra": [(">= 50%", "đơn vị được kiểm tra")],
}

OTHERS: dict[str, Read] = {
    "Tỷ lệ hồ sơ đúng hạn đạt trên 99,5%": [("> 99,5%", "Tỷ lệ hồ sơ đúng hạn")],
    "Tỷ lệ hồ sơ trễ hạn dưới 1%": [("< 1%", "Tỷ lệ hồ sơ trễ hạn")],
    "Số hồ sơ trễ hạn không quá 1,5 %": [("<= 1,5%", "Số hồ sơ trễ hạn")],
    "trên 90%": [("> 90%", "")],
    "đạt ít nhất 3 mô hình": [(">= 3 mô hình", "")],
    "Xây dựng tối thiểu 02 mô hình cải cách hành chính": [(">= 2 mô hình", "cải cách hành chính")],
    "Có 05 sáng kiến được công nhận": [(">= 5 sáng kiến", "được công nhận")],
    "tổ chức 2 lớp tập huấn": [(">= 2 lớp", "tập huấn")],
    "không quá 2 ngày": [("<= 2 ngày", "")],
    "Thời gian giải quyết không quá 2 ngày làm việc": [("<= 2 ngày làm việc", "Thời gian giải quyết")],
    "Tối đa 3 lần/năm": [("<= 3 lần/năm", "")],
    "Tiếp nhận tối thiểu 1.000 hồ sơ": [(">= 1000 hồ sơ", "Tiếp nhận")],
    "Tỷ lệ số hóa bằng 100%": [("= 100%", "Tỷ lệ số hóa")],
    "Đến năm 2025, 100% hồ sơ được số hóa": [(">= 100%", "hồ sơ được số hóa")],
    "Từ 95% trở lên hồ sơ đúng hạn": [(">= 95%", "hồ sơ đúng hạn")],
    "Đạt 85 điểm trở lên": [(">= 85 điểm", "")],
    "Chỉ số cải cách hành chính tăng từ 2 bậc trở lên": [(">= 2 bậc", "Chỉ số cải cách hành chính tăng")],
    "Chỉ số PAR Index đạt từ 90% đến 95%": [(">= 90%", "Chỉ số PAR Index")],
    "Giảm tối thiểu 20% thời gian giải quyết": [(">= 20%", "Giảm thời gian giải quyết")],
    "Tăng 10% so với năm 2024": [(">= 10%", "Tăng so với năm 2024")],
    "100% hồ sơ (trong đó tối thiểu 50% trực tuyến)": [(">= 100%", "hồ sơ"), (">= 50%", "trực tuyến")],
    "Trên 90% người dân hài lòng và 100% hồ sơ số hóa": [
        ("> 90%", "người dân hài lòng"),
        (">= 100%", "hồ sơ số hóa"),
    ],
    "Hoàn thành trước 15/11/2022 theo Quyết định số 468/QĐ-TTg ngày 27/3/2021": [],
    "Thực hiện Nghị quyết 76/NQ-CP giai đoạn 2021-2030": [],
    "Từ ngày 01 tháng 7 năm 2025": [],
    "báo cáo 6 tháng, 9 tháng và năm": [],
    "Nằm trong nhóm 10 tỉnh dẫn đầu": [],
    "Cung cấp dịch vụ công mức độ 3, mức độ 4": [],
    "có 2/3 đơn vị": [],
    "": [],
    "%%% 12": [],
}


def as_read(objective: str) -> Read:
    return [(target.in_short, target.of) for target in targets_of(objective)]


@pytest.mark.parametrize(("objective", "expected"), [pytest.param(*it, id=it[0]) for it in REAL.items()])
def test_an_objective_of_a_real_plan_is_read_as_a_clerk_reads_it(objective: str, expected: Read) -> None:
    assert as_read(objective) == expected


@pytest.mark.parametrize(
    ("objective", "expected"), [pytest.param(*it, id=it[0] or "nothing") for it in OTHERS.items()]
)
def test_an_objective_is_read_by_its_words_of_comparison(objective: str, expected: Read) -> None:
    assert as_read(objective) == expected


def test_no_objective_of_the_real_plans_with_a_digit_is_left_out_of_the_table() -> None:
    found = set()
    for path in sorted(PLANS.glob("*.csv")):
        with path.open(encoding="utf-8-sig") as file:
            found |= {clean(row.get("objective") or "") for row in csv.DictReader(file)}
    assert {words for words in found if re.search(r"\d", words)} == set(REAL)


def test_a_target_keeps_the_words_it_was_read_from() -> None:
    first, second = targets_of("- 100% lãnh đạo Sở; Tối thiểu 70% lãnh đạo cấp phòng sử dụng chữ ký số")
    assert first.text == "100% lãnh đạo Sở"
    assert second.as_json == {
        "comparison": ">=",
        "value": 70,
        "unit": "%",
        "of": "lãnh đạo cấp phòng sử dụng chữ ký số",
        "text": "Tối thiểu 70% lãnh đạo cấp phòng sử dụng chữ ký số",
    }


def test_decomposed_letters_and_odd_spaces_read_alike() -> None:
    words = "Tỷ lệ hồ sơ đúng hạn đạt tối\u00a0thiểu 99,5\u00a0%"
    assert as_read(unicodedata.normalize("NFD", words)) == [(">= 99,5%", "Tỷ lệ hồ sơ đúng hạn")]


@given(st.text(alphabet="tối thiểu đạt trên từ đến trở lên 0123456789%.,;/-()và", max_size=80))
def test_no_words_are_too_odd_to_be_read(words: str) -> None:
    for target in targets_of(words):
        assert target.value >= 0
        assert target.comparison in (">=", "=", "<=", ">", "<")
