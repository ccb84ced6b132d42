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

WIDER: dict[str, Read] = {
    "Tối thiểu 80% hồ sơ thủ tục hành chính được tiếp nhận trực tuyến": [
        (">= 80%", "hồ sơ thủ tục hành chính được tiếp nhận trực tuyến")
    ],
    "Giảm 20% thời gian giải quyết thủ tục hành chính so với năm 2024": [
        (">= 20%", "Giảm thời gian giải quyết thủ tục hành chính so với năm 2024")
    ],
    "Tỷ lệ giải quyết hồ sơ đúng hạn từ 95% trở lên": [(">= 95%", "Tỷ lệ giải quyết hồ sơ đúng hạn")],
    "Mức độ hài lòng của người dân, doanh nghiệp đạt trên 90%": [
        ("> 90%", "Mức độ hài lòng của người dân, doanh nghiệp")
    ],
    "Xây dựng ít nhất 01 mô hình cải cách hành chính": [(">= 1 mô hình", "cải cách hành chính")],
    "Tỷ lệ hồ sơ trễ hạn không quá 3%": [("<= 3%", "Tỷ lệ hồ sơ trễ hạn")],
    "Kim ngạch xuất khẩu tăng 15-20%/năm": [(">= 15%/năm", "Kim ngạch xuất khẩu tăng")],
    "Tiếp nhận bình quân 4 hồ sơ/năm": [(">= 4 hồ sơ/năm", "Tiếp nhận bình quân")],
    "Kim ngạch xuất khẩu đạt 100 triệu USD": [(">= 100 triệu USD", "Kim ngạch xuất khẩu")],
    "Đảm bảo tỷ lệ giải quyết đúng hạn đạt tối thiểu 98%": [(">= 98%", "tỷ lệ giải quyết đúng hạn")],
    "Giải quyết 100% các phản ánh kiến nghị qua cổng dịch vụ công quốc gia, Tổng đài Dịch vụ công 1022": [
        (">= 100%", "các phản ánh kiến nghị qua cổng dịch vụ công quốc gia, Tổng đài Dịch vụ công 1022")
    ],
    "Cắt giảm ít nhất 30% thời gian giải quyết thủ tục hành chính": [
        (">= 30%", "Cắt giảm thời gian giải quyết thủ tục hành chính")
    ],
    "Giảm bình quân 1,5%/năm chi trực tiếp ngân sách cho đơn vị sự nghiệp công lập": [
        (">= 1,5%/năm", "Giảm bình quân chi trực tiếp ngân sách cho đơn vị sự nghiệp công lập")
    ],
    "90% lĩnh vực, có đủ điều kiện, ban hành tiêu chuẩn định mức kinh tế kỹ thuật": [
        (">= 90%", "lĩnh vực, có đủ điều kiện, ban hành tiêu chuẩn định mức kinh tế kỹ thuật")
    ],
    "Cắt giảm 30% chi thường xuyên": [(">= 30%", "Cắt giảm chi thường xuyên")],
    "Bố trí ít nhất 15% ngân sách nhà nước chi sự nghiệp khoa học và công nghệ": [
        (">= 15%", "ngân sách nhà nước chi sự nghiệp khoa học và công nghệ")
    ],
    "Tái sử dụng 100% dữ liệu đã số hóa": [(">= 100%", "dữ liệu đã số hóa")],
    "Chỉ số sản xuất công nghiệp (IIP) tăng 8,5% so với cùng kỳ": [
        (">= 8,5%", "Chỉ số sản xuất công nghiệp (IIP) tăng so với cùng kỳ")
    ],
    "Tốc độ tăng trưởng GRDP đạt 10% trở lên": [(">= 10%", "Tốc độ tăng trưởng GRDP")],
    "Tổng mức bán lẻ hàng hóa đạt 1.250 tỷ đồng": [(">= 1250 tỷ đồng", "Tổng mức bán lẻ hàng hóa")],
    "Thu ngân sách nhà nước trên địa bàn đạt 105% dự toán": [
        (">= 105%", "Thu ngân sách nhà nước trên địa bàn dự toán")
    ],
    "Giải ngân vốn đầu tư công đạt 100% kế hoạch": [(">= 100%", "Giải ngân vốn đầu tư công kế hoạch")],
    "Tỷ lệ giải ngân vốn đầu tư công đến hết năm đạt 95% kế hoạch vốn được giao": [
        (">= 95%", "Tỷ lệ giải ngân vốn đầu tư công đến hết năm kế hoạch vốn được giao")
    ],
    "Hoàn thành 12/15 chỉ tiêu": [],
    "Có từ 03 sản phẩm OCOP trở lên": [(">= 3 sản phẩm", "OCOP")],
    "Phấn đấu nằm trong tốp 10 tỉnh dẫn đầu cả nước": [],
    "Chỉ số PAPI đạt trên 42 điểm": [("> 42 điểm", "Chỉ số PAPI")],
    "Chỉ số PCI tăng 5 bậc so với năm 2023": [(">= 5 bậc", "Chỉ số PCI tăng so với năm 2023")],
    "Mỗi phòng có ít nhất 01 sáng kiến": [(">= 1 sáng kiến", "Mỗi phòng")],
    "Không có hồ sơ trễ hạn": [],
    "Tỷ lệ hộ nghèo còn dưới 2%": [("< 2%", "Tỷ lệ hộ nghèo")],
    "Giảm tỷ lệ hộ nghèo xuống còn 1,5%": [("<= 1,5%", "Giảm tỷ lệ hộ nghèo")],
    "Thời gian chờ không quá 15 phút/lượt": [("<= 15 phút/lượt", "Thời gian chờ")],
    "Rút ngắn thời gian cấp phép từ 15 ngày xuống còn 12 ngày": [
        ("<= 12 ngày", "Rút ngắn thời gian cấp phép từ 15 ngày")
    ],
    "Tổ chức ít nhất 02 hội nghị xúc tiến thương mại": [(">= 2 hội nghị", "xúc tiến thương mại")],
    "Hỗ trợ 20 doanh nghiệp tham gia hội chợ": [(">= 20 doanh nghiệp", "tham gia hội chợ")],
    "Thu hút 500 triệu USD vốn FDI": [(">= 500 triệu USD", "vốn FDI")],
    "Đào tạo nghề cho 1.500 lao động": [(">= 1500 lao động", "Đào tạo nghề")],
    "80 - 90% doanh nghiệp sử dụng hóa đơn điện tử": [(">= 80%", "doanh nghiệp sử dụng hóa đơn điện tử")],
    "Từ 80% đến 90% văn bản được ký số": [(">= 80%", "văn bản được ký số")],
    "Đến năm 2030, kinh tế số chiếm khoảng 30% GRDP": [(">= 30%", "kinh tế số GRDP")],
    "Tỷ lệ cơ quan áp dụng ISO đạt 100 %, trong đó 50% công bố lại": [
        (">= 100%", "Tỷ lệ cơ quan áp dụng ISO"),
        (">= 50%", "công bố lại"),
    ],
    "Trên 95% báo cáo định kỳ được gửi đúng hạn; dưới 2% phải trả lại": [
        ("> 95%", "báo cáo định kỳ được gửi đúng hạn"),
        ("< 2%", "phải trả lại"),
    ],
    "Đạt tỷ lệ 100% cán bộ, công chức hoàn thành nhiệm vụ": [
        (">= 100%", "cán bộ, công chức hoàn thành nhiệm vụ")
    ],
    "Nâng tỷ lệ đô thị hóa lên 45%": [(">= 45%", "Nâng tỷ lệ đô thị hóa")],
    "Tối thiểu 1/3 số đơn vị được kiểm tra": [],
    "Ban hành 05 văn bản quy phạm pháp luật": [(">= 5 văn bản", "quy phạm pháp luật")],
    "Thực hiện Quyết định số 30/QĐ-TTg ngày 05/01/2024 và Nghị quyết 02/NQ-CP": [],
    "Tỷ lệ thanh toán trực tuyến đạt 60% vào năm 2025 và 80% vào năm 2026": [
        (">= 60%", "Tỷ lệ thanh toán trực tuyến vào năm 2025"),
        (">= 80%", "Tỷ lệ thanh toán trực tuyến vào năm 2026"),
    ],
    "Ít nhất 70 phần trăm thủ tục đủ điều kiện": [(">= 70%", "thủ tục đủ điều kiện")],
    "Tiết kiệm 10% chi thường xuyên": [(">= 10%", "Tiết kiệm chi thường xuyên")],
    "Diện tích rừng trồng mới đạt 5.000 ha": [(">= 5000 ha", "Diện tích rừng trồng mới")],
    "Sản lượng điện đạt 1,2 tỷ kWh": [(">= 1,2 tỷ kWh", "Sản lượng điện")],
    "Bảo đảm ≥ 99% hệ thống hoạt động ổn định": [(">= 99%", "hệ thống hoạt động ổn định")],
    "Kiểm tra tối thiểu 30% số cơ quan, đơn vị": [(">= 30%", "số cơ quan, đơn vị")],
    "Tăng thêm 2 bậc so với năm 2023": [(">= 2 bậc", "Tăng thêm so với năm 2023")],
    "Giữ vững vị trí trong nhóm 5 sở, ngành dẫn đầu": [],
    "Xếp hạng từ thứ 10 trở lên": [],
    "Cung cấp tối thiểu 80% dịch vụ công toàn trình trên Cổng Dịch vụ công quốc gia (trừ 15 thủ tục)": [
        (">= 80%", "dịch vụ công toàn trình trên Cổng Dịch vụ công quốc gia")
    ],
}
"""Wordings of other plans, directives and annual targets, read by a clerk before the program read them."""


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


@pytest.mark.parametrize(("objective", "expected"), [pytest.param(*it, id=it[0]) for it in WIDER.items()])
def test_an_objective_of_another_plan_is_read_as_a_clerk_reads_it(objective: str, expected: Read) -> None:
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
