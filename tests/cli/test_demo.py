"""The demonstration, whole: two years walked as a newcomer walks them, and walked again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from flows.office import open_office
from storage import ledger, outbox
from storage.engine import read
from tasks_catalog.ladder import NoticeState


def demo(out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "demo", "--no-serve", "--out", str(out), *more],
        env={**os.environ, "DONDOC_LANG": "vi", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=290,
    )


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("demo") / "out"
    done = demo(out)
    assert done.returncode == 0, done.stdout + done.stderr
    return out, done.stdout


def letters(out: Path) -> list[Path]:
    return sorted((out / "mail" / "new").iterdir())


def test_it_ends_where_the_annual_report_did(walked: tuple[Path, str]) -> None:
    out, printed = walked
    said = " ".join(printed.split())
    assert (
        "Đến nay, Sở Công Thương đã hoàn thành 52/54 nhiệm vụ theo Kế hoạch cải cách hành chính số "
        "383/KH-SCT (bản dựng lại từ phụ lục năm 2022)." in said
    )
    figures = json.loads((out / "figures.json").read_text(encoding="utf-8"))
    assert figures["tallies"] == {"2022/KH-SCT 2022-12-31": "47/57", "383/KH-SCT 2023-11-09": "52/54"}
    assert figures["audit_gaps"] == 0


def test_every_letter_and_every_line_of_the_ledger_is_accounted_for(walked: tuple[Path, str]) -> None:
    out, _ = walked
    with open_office(out) as office, read(office.engine) as session:
        kept = outbox.list_letters(session, office.organisation_id)
        counts = ledger.counts(session, office.organisation_id)
    assert {letter.state for letter in kept} == {"sent"}
    ids = [
        message_from_bytes(path.read_bytes(), policy=policy.default)["Message-ID"] for path in letters(out)
    ]
    assert sorted(ids) == sorted(letter.message_id for letter in kept)
    assert counts[NoticeState.WAITING] == counts[NoticeState.DEAD] == 0


def test_no_letter_left_on_a_rest_day_or_outside_sending_hours(walked: tuple[Path, str]) -> None:
    out, _ = walked
    with open_office(out) as office:
        for path in letters(out):
            left = message_from_bytes(path.read_bytes(), policy=policy.default)["Date"].datetime
            assert office.calendar.is_working(left.date())
            assert 8 <= left.hour < 17


def test_each_period_has_its_summary(walked: tuple[Path, str]) -> None:
    out, _ = walked
    assert sorted(path.name for path in (out / "summaries").iterdir()) == [
        *(f"bao-cao-2022-kh-sct-2022-{period}.docx" for period in ("END", "H1", "Q1", "Q3", "Y")),
        *(f"bao-cao-383-kh-sct-2023-{period}.docx" for period in ("H1", "Q1", "Q3")),
    ]


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    refused = demo(tmp_path)
    assert refused.returncode == 2
    assert str(tmp_path) in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
