"""``plan revise``, ``plan roll`` and ``task add --from`` as a coordinator uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import NUMBER, PLANS, Dondoc
from tests.story.amended import NEW_TEXT, amended_plan

DAY = ("--as-of", "2022-10-03")
PAPER = ("--document", "500/QĐ-SCT 01/10/2022")


def test_the_difference_is_shown_and_nothing_is_written_until_it_is_applied(
    tracked: Dondoc, tmp_path: Path
) -> None:
    document, before = amended_plan(tmp_path), tracked.bytes()
    shown = tracked.done("plan", "revise", NUMBER, document)
    assert f"+ Nhiệm vụ mới (thứ 53 trong tệp): {NEW_TEXT}. Thời hạn: Trước 30/11/2022" in shown.out
    assert "~ Nhiệm vụ 1 thay đổi: Quy định đấu thầu" in shown.out
    assert "    Thời hạn: “Trước 15/11/2022” → “Trước 15/12/2022”" in shown.out
    assert "    Sản phẩm: “Nghị quyết” → “Nghị quyết của HĐND tỉnh”" in shown.out
    assert "- Nhiệm vụ 48 không còn trong văn bản: Thực hiện quy định" in shown.out
    assert "1 nhiệm vụ mới, 2 thay đổi, 1 bị bỏ, 54 giữ nguyên. Chưa ghi gì" in shown.out
    assert tracked.bytes() == before

    refused = tracked("plan", "revise", NUMBER, document, "--apply", *DAY)
    assert (refused.code, "--document" in refused.err) == (2, True)
    done = tracked.done("plan", "revise", NUMBER, document, "--apply", *PAPER, *DAY)
    assert "Đã áp dụng vào kế hoạch 383/KH-SCT" in done.out
    history = tracked.done("task", "show", f"{NUMBER}/1").out
    assert "Sửa đổi theo văn bản điều chỉnh kế hoạch" in history
    assert "500/QĐ-SCT" in history
    tallied = tracked.done("tally", "--plan", NUMBER, "--as-of", "2022-10-03", "--json").json
    assert (tallied["total"], tallied["standings"]["closed"]) == (58, 1)

    applied = tracked.bytes()
    again = tracked.done("plan", "revise", NUMBER, document, "--apply", *PAPER, *DAY)
    assert "không thay đổi gì" in again.out
    assert tracked.bytes() == applied


def test_the_difference_as_json(tracked: Dondoc, tmp_path: Path) -> None:
    found = tracked.done("plan", "revise", NUMBER, amended_plan(tmp_path), "--json").json
    assert (found["number"], found["applied"], found["same"]) == (NUMBER, False, 54)
    assert found["altered"][0]["fields"] == [
        {"field": "deadline", "before": "Trước 15/11/2022", "after": "Trước 15/12/2022"}
    ]
    assert [row["task"] for row in found["new"]] == [NEW_TEXT]
    assert [row["row"] for row in found["dropped"]] == [48]
    assert (found["closed"], found["doubts"]) == ([], [])


def test_a_document_with_only_the_rows_it_amends(tracked: Dondoc, tmp_path: Path) -> None:
    lines = (PLANS / "cchc-2022.csv").read_text(encoding="utf-8").splitlines()
    file, before = tmp_path / "sua.csv", tracked.bytes()
    file.write_text("\n".join(lines[:3]).replace("Trước 15/11/2022", "Trước 15/12/2022"), encoding="utf-8")
    refused = tracked("plan", "revise", NUMBER, file, "--apply", *PAPER, *DAY)
    assert (refused.code, "--partial" in refused.err, "--drops 55" in refused.err) == (2, True, True)
    assert tracked.bytes() == before
    done = tracked.done("plan", "revise", NUMBER, file, "--partial", "--apply", *PAPER, *DAY)
    assert "0 nhiệm vụ mới, 2 thay đổi, 0 kết thúc" in done.out


@pytest.mark.parametrize("kind", ["csv", "docx", "xlsx", "pdf"])
def test_the_plan_in_any_of_its_forms_is_the_same_plan(tracked: Dondoc, kind: str) -> None:
    said = tracked.done("plan", "revise", NUMBER, PLANS / f"cchc-2022.{kind}")
    assert "cả 57 nhiệm vụ giữ nguyên" in said.out


def test_importing_a_number_again_names_the_way_to_revise(tracked: Dondoc) -> None:
    said = tracked(
        "plan", "import", PLANS / "cchc-2022.docx", "--number", NUMBER, "--issued", "2022-01-30", *DAY
    )
    assert said.code == 2
    assert f"dondoc plan revise {NUMBER} TỆP" in said.err


def test_a_doubt_is_shown_and_answered(tracked: Dondoc, tmp_path: Path) -> None:
    text = (PLANS / "cchc-2022.csv").read_text(encoding="utf-8")
    words = "Kiện toàn trang thông tin điện tử Sở Công Thương"
    assert words in text
    file = tmp_path / "sua.csv"
    file.write_text(
        text.replace(words, "Nâng cấp trang thông tin điện tử của Sở Công thương"), encoding="utf-8"
    )
    asked = tracked.done("plan", "revise", NUMBER, file)
    assert "--same 53=53" in asked.out
    answered = tracked.done("plan", "revise", NUMBER, file, "--same", "53=53")
    assert "0 nhiệm vụ mới, 1 thay đổi, 0 bị bỏ, 56 giữ nguyên" in answered.out
    assert tracked("plan", "revise", NUMBER, file, "--same", "53").code == 2


def test_next_years_draft_is_written_edited_and_read_back(tracked: Dondoc, tmp_path: Path) -> None:
    file, day = tmp_path / "nhap.csv", ("--as-of", "2022-12-20")
    rolled = tracked.done("plan", "roll", NUMBER, "--to", "9/KH-SCT", "--year", "2023", "--write", file, *day)
    assert "Trước 15/11/2022 → Trước ngày 15/11/2023" in rolled.out
    assert "Bản nháp" not in rolled.err
    plans = tracked.done("plan", "list", "--json").json
    assert [(plan["number"], plan["state"]) for plan in plans if plan["year"] == 2023] == [
        ("9/KH-SCT", "imported")
    ]
    assert "giữ nguyên" in tracked.done("plan", "revise", "9/KH-SCT", file).out
    file.write_text(file.read_text("utf-8-sig").replace("Trước ngày 15/11/2023", "Quý III/2023"), "utf-8")
    edited = tracked.done("plan", "revise", "9/KH-SCT", file, "--apply", *PAPER, *day)
    assert "3 thay đổi" in edited.out
    settled = tracked.done("plan", "settle", "9/KH-SCT", "--row", "4", "--accept", *day)
    assert "Dòng 4" in settled.out


def test_a_draft_may_be_written_without_keeping_it(tracked: Dondoc, tmp_path: Path) -> None:
    file, before = tmp_path / "nhap.csv", tracked.bytes()
    typed = ("plan", "roll", NUMBER, "--to", "9/KH-SCT", "--year", "2023", "--as-of", "2022-12-20")
    found = tracked.done(*typed, "--write", file, "--dry-run", "--json").json
    assert (found["kept"], found["tasks"][0]["from"]) == (False, f"{NUMBER}/1")
    assert tracked.bytes() == before
    nowhere = tracked(*typed, "--write", tmp_path / "no" / "x.csv")
    assert (nowhere.code, "Không lưu gì" in nowhere.err) == (2, True)
    imported = tracked.done(
        "plan", "import", file, "--number", "9/KH-SCT", "--issued", "2022-12-20", "--as-of", "2022-12-20"
    )
    assert "57 nhiệm vụ" in imported.out


def directive(folder: Path, *rows: str) -> Path:
    file = folder / "giao-viec.csv"
    file.write_text("\n".join(["task,lead,cooperating,deadline,product", *rows]), encoding="utf-8")
    return file


def test_a_directives_tasks_are_handed_out_from_a_file_all_or_none(tracked: Dondoc, tmp_path: Path) -> None:
    good = "Báo cáo tình hình xăng dầu,Phòng Quản lý thương mại,Thanh tra Sở,Trước 15/10/2022,Báo cáo"
    paper = ("--document", "45/UBND-KT 01/10/2022")
    bad = directive(tmp_path, good, "Kiểm tra cây xăng,Phòng Không Có,,Quý IV/2022,Biên bản")
    refused = tracked("task", "add", "--from", bad, *paper, *DAY)
    assert refused.code == 2
    assert "dòng 3" in refused.err
    assert "Không nhiệm vụ nào được giao" in refused.err
    assert len(tracked.done("plan", "list", "--json").json) == 1

    done = tracked.done("task", "add", "--from", directive(tmp_path, good), *paper, *DAY)
    assert "Đã giao 1 nhiệm vụ theo văn bản 45/UBND-KT; mở 2 phần việc" in done.out
    assert "văn bản giao việc" not in done.err
    shown = tracked.done("task", "show", "45/UBND-KT/1").out
    assert "45/UBND-KT" in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param(("--document", "45/UBND-KT"), "chưa có ngày", id="a directive without its date"),
        pytest.param(
            ("--document", "45/UBND-KT 01/10/2022", "--from", "khong.csv"), "khong.csv", id="no such file"
        ),
    ],
)
def test_what_a_directive_needs(tracked: Dondoc, tmp_path: Path, typed: tuple[str, ...], said: str) -> None:
    file = directive(tmp_path, "Việc,Văn phòng Sở,,Quý IV/2022,")
    refused = tracked("task", "add", "--from", file, *typed, *DAY)
    assert (refused.code, said in refused.err) == (2, True)


def test_one_task_needs_its_parts(tracked: Dondoc) -> None:
    refused = tracked("task", "add", "--document", "45/UBND 01/10/2022", "--text", "Việc", *DAY)
    assert refused.code == 2
    assert "--plan, --deadline, --owner" in refused.err
