"""The commands as a coordinator uses them: the main path, what each prints, and their JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cli.main import command
from tests.cli.conftest import NUMBER, PLANS, Dondoc


def test_from_an_empty_folder_to_a_tally(empty: Dondoc) -> None:
    task, day = f"{NUMBER}/1", ("--as-of", "2022-02-07")
    empty.done("init", "--simulated")
    document = PLANS / "cchc-2022.docx"
    rehearsed = empty.done(
        "plan", "import", document, "--number", NUMBER, "--issued", "30/01/2022", "--dry-run"
    )
    assert "57 nhiệm vụ từ 73 dòng" in rehearsed.out
    assert empty.done("plan", "list", "--json").json == []
    imported = empty.done("plan", "import", document, "--number", NUMBER, "--issued", "30/01/2022", *day)
    assert "Không có thư nào được gửi" in imported.out
    assert empty.done("outbox", "--json").code == 0
    settled = empty.done("plan", "settle", NUMBER, "--row", "3", "--accept", *day)
    assert "Dòng 3" in settled.out
    started = empty.done("plan", "activate", NUMBER, *day, "--json").json
    assert started["letters"] > 0
    for who in ("QLTM", "TT"):
        empty.done(
            "task",
            "report",
            task,
            "--unit",
            who,
            "--evidence",
            "45/BC-SCT 01/03/2022",
            "--as-of",
            "2022-03-02",
        )
    empty.done("task", "accept", task, "--unit", "QLTM", "--as-of", "2022-03-03")
    told = empty.done("tally", "--plan", NUMBER, "--as-of", "2022-03-03")
    assert "01/57 nhiệm vụ" in told.out
    assert "hết ngày 03/03/2022" in told.out
    assert "  * " in told.out
    tallied = empty.done("tally", "--plan", NUMBER, "--as-of", "2022-03-03", "--json").json
    assert (tallied["done"], tallied["standings"]["done_on_time"]) == (1, 1)
    shown = empty.done("task", "show", task)
    assert "truc: nhập từ văn bản kế hoạch" in shown.out
    assert "truc: Xác nhận hoàn thành" in shown.out


def test_plan_read_prints_a_table_and_json_with_the_keys_promised(empty: Dondoc) -> None:
    table = empty.done("plan", "read", PLANS / "cchc-2022.docx").out
    assert "I. Cải cách thể chế" in table
    assert "Trước 15/11/2022 → 15/11/2022" in table
    assert "73 dòng = 57 nhiệm vụ" in table
    read = empty.done("plan", "read", PLANS / "cchc-2022.docx", "--json").json
    assert list(read) == ["plan", "items", "rows", "problems"]
    assert list(read["items"][2]) == [
        "row",
        "section",
        "group",
        "stt",
        "objective",
        "task",
        "product",
        "lead",
        "cooperating",
        "deadline",
        "extra",
        "problems",
        "targets",
    ]
    assert list(read["items"][2]["lead"]) == ["text", "units"]
    assert list(read["items"][2]["problems"][0]) == ["where", "message"]
    assert list(read["rows"]) == [
        "total",
        "tasks",
        "sections",
        "groups",
        "headers",
        "continuations",
        "problems",
    ]
    assert not empty.home.exists()


def test_deadline_prints_words_and_json(empty: Dondoc) -> None:
    said = empty.done("deadline", "Trước 15/11/2022", "--year", "2022")
    assert said.out == "“Trước 15/11/2022”: trước một ngày\n  hạn 15/11/2022\n"
    read = empty.done("deadline", "Quý III/2022", "--year", "2022", "--json").json
    assert list(read) == ["text", "kind", "dates", "recurrence", "condition", "parts"]
    assert read["dates"] == [{"from": "2022-07-01", "to": "2022-09-30"}]


def test_a_wording_that_opens_with_a_bullet_is_no_option(empty: Dondoc) -> None:
    read = empty.done("deadline", "- Quý II/2025 - Thường xuyên", "--year", "2025", "--json").json
    assert [part["kind"] for part in read["parts"]] == ["within", "continuous"]


def test_tally_prints_the_keys_promised(tracked: Dondoc) -> None:
    tally = tracked.done("tally", "--plan", NUMBER, "--as-of", "2022-06-20", "--json").json
    assert list(tally) == [
        "plan",
        "as_of",
        "done",
        "total",
        "settings",
        "standings",
        "by_section",
        "by_unit",
        "targets",
    ]
    assert list(tally["standings"]) == [
        "done_on_time",
        "done_late",
        "closed",
        "in_progress",
        "overdue",
        "not_arisen",
    ]
    assert sum(tally["standings"].values()) == tally["total"] == 57
    assert list(tally["targets"]) == ["met", "not_met", "not_reported", "total"]
    assert tally["targets"]["not_reported"] == tally["targets"]["total"] > 20
    assert tracked.done("tally", "--as-of", "2022-06-20", "--json").json == [tally]


DECISIONS: list[Any] = [
    pytest.param(["report", f"{NUMBER}/1", "--unit", "QLTM"], "task_reported", id="report"),
    pytest.param(
        ["ack", f"{NUMBER}/1", "--unit", "QLTM", "--expected", "2022-11-01"], "task_acknowledged", id="ack"
    ),
    pytest.param(
        ["extend", f"{NUMBER}/1", "--to", "2022-12-01", "--note", "thiếu số liệu"],
        "extension_asked",
        id="ask for more time",
    ),
    pytest.param(
        ["extend", f"{NUMBER}/1", "--to", "2022-12-01", "--grant", "--document", "9/SCT 01/03/2022"],
        "extension_granted",
        id="grant more time",
    ),
    pytest.param(["wait", f"{NUMBER}/1", "--document", "9/TTr-SCT 01/03/2022"], "task_waits", id="wait"),
    pytest.param(
        ["trigger", f"{NUMBER}/18", "--due", "2022-09-30", "--document", "7/UBND 01/03/2022"],
        "task_triggered",
        id="trigger",
    ),
    pytest.param(
        ["arisen", f"{NUMBER}/18", "--unit", "TT", "--on", "2022-03-01", "--note", "Tỉnh đã có hướng dẫn"],
        "task_arisen",
        id="a condition arose",
    ),
    pytest.param(["close", f"{NUMBER}/1", "--document", "8/QĐ-SCT 01/03/2022"], "task_closed", id="close"),
    pytest.param(
        ["reassign", f"{NUMBER}/1", "--from", "QLTM", "--to", "VP"], "task_reassigned", id="reassign"
    ),
    pytest.param(
        ["correct", f"{NUMBER}/1", "--field", "product", "--value", "Nghị quyết"],
        "task_corrected",
        id="correct",
    ),
    pytest.param(
        ["measure", f"{NUMBER}/1", "--unit", "QLTM", "--figure", "97,5"], "task_measured", id="measure"
    ),
    pytest.param(["snooze", f"{NUMBER}/1", "--until", "2022-10-01"], "task_snoozed", id="snooze"),
]


@pytest.mark.parametrize(("typed", "done"), DECISIONS)
def test_a_decision_is_recorded_in_the_name_of_the_coordinator(
    tracked: Dondoc, typed: list[str], done: str
) -> None:
    said = tracked.done("task", *typed, "--as-of", "2022-03-02T10:30", "--json").json
    assert said == {"done": done, "task": typed[1]}
    last = tracked.done("task", "show", typed[1], "--json").json["history"][-1]
    assert (last["by"], last["at"][:16]) == ("truc", "2022-03-02T10:30")


def test_a_task_handed_out_beside_the_appendix(tracked: Dondoc) -> None:
    typed = [
        "--plan",
        NUMBER,
        "--text",
        "Báo cáo chuyên đề",
        "--deadline",
        "Trước 15/6/2022",
        "--owner",
        "VP",
    ]
    refused = tracked("task", "add", *typed, "--document", " ", "--as-of", "2022-03-01")
    assert refused.code == 2
    added = tracked.done("task", "add", *typed, "--document", "12/UBND 01/03/2022", "--as-of", "2022-03-01")
    assert f"{NUMBER}/58" in added.out
    shown = tracked.done("task", "show", f"{NUMBER}/58", "--json").json
    assert [(share["unit"], share["due"]) for share in shown["shares"]] == [("VP", "2022-06-15")]
    tasks = tracked.done("task", "list", "--plan", NUMBER, "--as-of", "2022-03-01", "--json").json
    assert tasks[-1]["id"] == f"{NUMBER}/58"
    assert len(tracked.done("task", "list", "--plan", NUMBER, "--as-of", "2022-02-28", "--json").json) == 57


def test_reports_for_many_rows_from_a_file(tracked: Dondoc, tmp_path: Path) -> None:
    file = tmp_path / "bao-cao.csv"
    file.write_text(
        f"task,unit,evidence,note\n{NUMBER}/1,QLTM,5/BC-SCT,xong\n{NUMBER}/2,QLTM,,\n", "utf-8-sig"
    )
    done = tracked.done("task", "report", "--from", file, "--as-of", "2022-05-05", "--json").json
    assert done == {"done": "tasks_reported", "rows": 2}


def test_figures_are_reported_corrected_shown_and_counted(tracked: Dondoc) -> None:
    task, day = f"{NUMBER}/1", ("--as-of", "2022-03-02")
    tracked.done("task", "report", task, "--unit", "QLTM", "--figure", "7/8 văn bản", *day)
    shown = tracked.done("task", "show", task, "--json").json["targets"][0]
    assert (shown["number"], shown["comparison"], shown["value"], shown["verdict"]) == (
        *(1, ">=", 100),
        "not_met",
    )
    assert (shown["units"][0]["part"], shown["units"][0]["whole"]) == (7, 8)
    tracked.done("task", "measure", task, "--unit", "QLTM", "--figure", "1=100 %", "--as-of", "2022-03-03")
    said = tracked.done("task", "show", task).out
    assert "1. 100% văn bản QPPL được ban hành đúng quy định kịp thời – Đạt" in said
    assert "QLTM: 100% (ghi ngày 03/03/2022) – Đạt" in said
    assert "Ghi nhận số liệu đạt được" in said
    by_day = {
        when: tracked.done("tally", "--plan", NUMBER, "--as-of", when, "--json").json["targets"]
        for when in ("2022-03-01", "2022-03-02", "2022-03-03")
    }
    assert [(one["met"], one["not_met"]) for one in by_day.values()] == [(0, 0), (0, 1), (1, 0)]
    assert "Chỉ tiêu: đạt 1," in tracked.done("tally", "--plan", NUMBER, "--as-of", "2022-03-03").out


def test_a_target_misread_is_put_right_and_its_figure_follows(tracked: Dondoc) -> None:
    task, day = f"{NUMBER}/1", ("--as-of", "2022-03-02")
    tracked.done("task", "measure", task, "--unit", "QLTM", "--figure", "97,5", *day)
    words = "tối thiểu 95% văn bản QPPL được ban hành đúng quy định kịp thời; ít nhất 3 mô hình mới"
    tracked.done("task", "correct", task, "--field", "targets", "--value", words, *day)
    first, second = tracked.done("task", "show", task, "--json").json["targets"]
    assert (first["value"], first["verdict"], first["units"][0]["value"]) == (95, "met", 97.5)
    assert (second["unit"], second["verdict"]) == ("mô hình", "not_reported")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        pytest.param(["1", "--figure", "nhiều"], "“nhiều” không phải là một số liệu", id="words"),
        pytest.param(["1", "--figure", "120%"], "“120%” vượt quá 100%", id="over the whole"),
        pytest.param(["1", "--figure", "2=50"], "không có chỉ tiêu số 2", id="an unknown target"),
        pytest.param(["28", "--figure", "50"], "nhiều chỉ tiêu", id="which of several"),
        pytest.param(["4", "--figure", "50", "--unit", "XX"], "XX", id="an unknown unit"),
    ],
)
def test_a_figure_that_makes_no_sense_is_refused_with_its_words(
    tracked: Dondoc, typed: list[str], says: str
) -> None:
    row, *rest = typed
    before = tracked.bytes()
    refused = tracked("task", "measure", f"{NUMBER}/{row}", *rest, "--as-of", "2022-03-02")
    assert refused.code == 2
    assert says in refused.err
    assert tracked.bytes() == before


def test_figures_come_in_a_column_of_the_file(tracked: Dondoc, tmp_path: Path) -> None:
    file = tmp_path / "bao-cao.csv"
    file.write_text(f'task,unit,figure\n{NUMBER}/1,QLTM,"99,5"\n{NUMBER}/1,TT,2=1\n', "utf-8-sig")
    refused = tracked("task", "report", "--from", file, "--as-of", "2022-05-05")
    assert "dòng 3" in refused.err
    assert (
        tracked.done("task", "show", f"{NUMBER}/1", "--json").json["targets"][0]["units"][0]["value"] is None
    )
    file.write_text(f'task,unit,figure\n{NUMBER}/1,QLTM,"1=99,5"\n', "utf-8-sig")
    tracked.done("task", "report", "--from", file, "--as-of", "2022-05-05")
    assert tracked.done("task", "show", f"{NUMBER}/1", "--json").json["targets"][0]["verdict"] == "not_met"


def test_a_morning_is_previewed_reminded_posted_and_explained(tracked: Dondoc) -> None:
    before = tracked.bytes()
    preview = tracked.done("preview", "--as-of", "2022-02-28", "--json").json
    assert preview["letters"]
    assert tracked.bytes() == before
    noticed = tracked.done("remind", "--as-of", "2022-02-28", "--json").json
    assert noticed["waiting"] > 0
    tracked.done("escalate", "--as-of", "2022-02-28")
    assert tracked.done("post", "--as-of", "28/02/2022 08:30", "--json").json["sent"] > 0
    letters = tracked.done("outbox", "list", "--state", "sent", "--json").json
    words = tracked.done("outbox", "show", letters[0]["id"], "--json").json
    assert words["text"]
    explained = tracked.done("explain", f"{NUMBER}/4", "--as-of", "2022-03-01")
    assert "đã gửi" in explained.out
    assert tracked.done("audit", "--as-of", "2022-02-28T09:00", "--json").json == {"clean": True, "gaps": []}


def test_flows_that_find_nothing_to_do_say_so(tracked: Dondoc) -> None:
    sunday = "2022-02-13"
    assert "không phải ngày làm việc" in tracked.done("remind", "--as-of", sunday).out
    assert "Ngoài giờ" in tracked.done("post", "--as-of", f"{sunday}T09:00").out
    assert tracked.done("open", "--as-of", sunday, "--json").json == {
        "done": "opened",
        "occurrences": 0,
        "shares": 0,
    }
    assert tracked.done("summarise", "--as-of", sunday, "--json").json == []
    assert "không phải ngày làm việc" in tracked.done("preview", "--as-of", sunday).out


def test_doctor_says_what_to_see_to(tracked: Dondoc) -> None:
    found = tracked.done("doctor", "--json").json
    assert found["well"] is True
    assert {"doctor_sender_default", "doctor_questions"} <= {one["code"] for one in found["findings"]}
    english = tracked("doctor", lang="en").out
    assert f"Plan {NUMBER} has 1 open questions" in english


def test_units_are_listed_and_merged(tracked: Dondoc) -> None:
    typed = ("XTTM", "KCTVPTCN", "--document", "99/QĐ-UBND 01/04/2022", "--as-of", "2022-04-01")
    merged = tracked.done("units", "merge", *typed).out
    assert "XTTM đã sáp nhập vào KCTVPTCN" in merged
    units = {unit["code"]: unit for unit in tracked.done("units", "list", "--json").json}
    assert "Trung tâm Xúc tiến thương mại" in units["KCTVPTCN"]["aliases"]
    assert "đã sáp nhập vào KCTVPTCN ngày 01/04/2022" in units["XTTM"]["name"]
    assert tracked("units", "merge", *typed).code == 2
    assert "sáp nhập" not in tracked.done("doctor").out


def test_a_plan_ends_and_its_record_stays(tracked: Dondoc) -> None:
    assert NUMBER in tracked.done("plan", "end", NUMBER, "--as-of", "2023-01-10").out
    assert tracked.done("plan", "list", "--json").json[0]["state"] == "ended"
    assert tracked.done("tally", "--plan", NUMBER, "--as-of", "2022-12-31", "--json").json["total"] == 57
    assert tracked("plan", "end", NUMBER).code == 2


def _commands(found: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    below = getattr(found, "commands", {})
    return [(path, found), *(one for name, sub in below.items() for one in _commands(sub, (*path, name)))]


def test_every_command_and_option_has_its_help_in_both_languages() -> None:
    for path, found in _commands(command()):
        assert " · " in found.help, path
        for param in found.params:
            if param.name not in ("kind", "field", "state"):  # their help is the words to choose from
                assert " · " in (param.help or ""), (path, param.name)


@pytest.mark.parametrize("path", [path for path, _ in _commands(command())], ids=" ".join)
def test_every_command_shows_its_help(empty: Dondoc, path: tuple[str, ...]) -> None:
    said = empty.done(*path, "--help")
    assert said.out.startswith(f"Usage: {' '.join(('dondoc', *path))}".split(" --")[0])
