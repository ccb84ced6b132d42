"""The catalogue: one place for every sentence, complete in both languages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from notifications import wording
from notifications.wording import (
    CatalogueFault,
    WordingMissing,
    catalogue,
    date_text,
    place_sentence,
    problem_sentence,
    read_catalogue,
    sentence,
)
from tasks_catalog.period import REGIMES
from tasks_catalog.problem import Place, Problem, Refused

ROOT = Path(__file__).parents[2]
PACKAGES = ("tasks_catalog", "storage", "notifications", "flows", "board", "cli")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_quote_the_same_words() -> None:
    differ = {c: e for c, e in catalogue().items() if placeholders(e["vi"]) != placeholders(e["en"])}
    assert not differ


def test_no_text_is_empty_and_vietnamese_is_composed() -> None:
    for code, entry in catalogue().items():
        for lang in ("vi", "en"):
            assert entry[lang].strip(), code
            assert unicodedata.is_normalized("NFC", entry[lang]), code


def test_placeholders_are_names_that_no_argument_of_sentence_hides() -> None:
    for code, entry in catalogue().items():
        for name in placeholders(entry["vi"]):
            assert name.isidentifier(), code
            assert name != "lang", code


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        pytest.param("vi", "Nếu chưa báo cáo, ngày 18/10/2022 sẽ nhắc lại An.", id="Vietnamese"),
        pytest.param("en", "Unless it is reported, An will be reminded on 18 Oct 2022.", id="English"),
        pytest.param(
            "fr", "Nếu chưa báo cáo, ngày 18/10/2022 sẽ nhắc lại An.", id="any other reads Vietnamese"
        ),
    ],
)
def test_a_sentence_writes_dates_as_the_language_does(lang: str, said: str) -> None:
    assert sentence("next_owner", lang, on=date(2022, 10, 18), name="An") == said
    assert sentence("next_owner", lang, on="2022-10-18", name="An") == said


def test_words_that_only_look_like_a_date_or_a_placeholder_are_quoted_as_they_stand() -> None:
    assert "2022-02-30 {x}" in sentence("next_owner", on=date(2022, 10, 18), name="2022-02-30 {x}")
    assert "ngày 2022-02-30" in sentence("next_owner", on="2022-02-30", name="An")


def test_an_unknown_code_is_named_in_the_error() -> None:
    with pytest.raises(WordingMissing, match=r"\[no_such_code\]") as raised:
        sentence("no_such_code")
    assert isinstance(raised.value, LookupError)
    assert not isinstance(raised.value, KeyError)


def test_a_missing_value_is_named_in_the_error() -> None:
    with pytest.raises(WordingMissing, match=r"next_owner.*name"):
        sentence("next_owner", on=date(2022, 1, 1))


def test_a_problem_may_quote_a_code_of_its_own() -> None:
    problem = Problem(code="mail_port_wrong", params={"code": "VP", "lang": "vi", "port": "70000"})
    assert "70000" in problem_sentence(problem)


def test_a_refusal_is_worded_like_a_problem() -> None:
    refused = Refused("mail_port_wrong", port=70000)
    assert problem_sentence(refused, "en").startswith("There is no port 70000.")


@pytest.mark.parametrize(
    ("place", "vi", "en"),
    [
        pytest.param(
            Place(table=2, row=14, column="Thời hạn"),
            "bảng 2, dòng 14, cột Thời hạn",
            "table 2, row 14, column Thời hạn",
            id="a cell of a Word table",
        ),
        pytest.param(
            Place(sheet="Phụ lục", row=3),
            "trang tính “Phụ lục”, dòng 3",
            "sheet “Phụ lục”, row 3",
            id="a row of a sheet",
        ),
        pytest.param(Place(page=4, table=1), "trang 4, bảng 1", "page 4, table 1", id="a table of a PDF"),
        pytest.param(Place(), "", "", id="nowhere in particular"),
        pytest.param(None, "", "", id="no place"),
    ],
)
def test_a_place_reads_as_a_clerk_would_say_it(place: Place | None, vi: str, en: str) -> None:
    assert place_sentence(place) == vi
    assert place_sentence(place, "en") == en


def test_dates_are_written_out() -> None:
    assert date_text(date(2022, 3, 5)) == "05/03/2022"
    assert date_text(date(2022, 11, 15), "en") == "15 Nov 2022"


def test_a_code_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text('[twice]\nvi = "x"\nen = "x"\n', encoding="utf-8")
    with pytest.raises(CatalogueFault, match=r"\[twice\].*a.toml.*b.toml"):
        read_catalogue(sorted(tmp_path.iterdir()))


def test_an_entry_without_english_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[half]\nvi = "x"\n', encoding="utf-8")
    with pytest.raises(CatalogueFault, match=r"\[half\]"):
        read_catalogue(tmp_path.iterdir())


def test_importing_reads_no_file_and_loads_no_library() -> None:
    """Every command imports the catalogue: it must cost next to nothing until a sentence is asked for."""
    check = (
        "import sys; before = set(sys.modules); import notifications.wording as w;"
        "assert w.catalogue.cache_info().currsize == 0;"
        "new = {m.partition('.')[0] for m in set(sys.modules) - before};"
        "print(*sorted(new - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["notifications", "tasks_catalog"]


@pytest.mark.parametrize("regime", REGIMES)
def test_every_period_has_a_name(regime: str) -> None:
    for rule in REGIMES[regime].rules:
        code = rule.of(2022).name_code
        assert "2022" in sentence(code, year=2022)
        assert "2022" in sentence(code, "en", year=2022)


def sources() -> list[Path]:
    return [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]


def test_every_code_the_program_names_has_its_sentence() -> None:
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sources()}
    refusals = refusing_classes(trees.values())
    used = {
        code: file.relative_to(ROOT)
        for file, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for code in codes_of(node, refusals)
    }
    assert {"day_outside_calendar", "letter_reason", "unit_unknown"} <= set(used)
    missing = [f"{code} ({file})" for code, file in sorted(used.items()) if code not in catalogue()]
    assert not missing, "\n".join(missing)


def test_every_code_a_letter_template_names_has_its_sentence() -> None:
    templates = sorted((ROOT / "notifications" / "templates").rglob("body.*"))
    used = {
        code for file in templates for code in re.findall(r'say\("(\w+)"', file.read_text(encoding="utf-8"))
    }
    assert "letter_first" in used
    assert not used - set(catalogue())


def refusing_classes(trees: Iterable[ast.Module]) -> set[str]:
    """Names of ``Refused`` and of every class derived from it that takes its code as it does."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {"Refused"}
    for _ in classes:
        derived = {
            c.name
            for c in classes
            if {b.id for b in c.bases if isinstance(b, ast.Name)} & found
            and not any(isinstance(f, ast.FunctionDef) and f.name == "__init__" for f in c.body)
        }
        if derived <= found:
            break
        found |= derived
    return found


def codes_of(call: ast.Call, refusals: set[str]) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    named = [k.value for k in call.keywords if k.arg == "code"]
    if name in refusals or name in ("sentence", "say"):
        yield from constants(call.args[0] if call.args else None)
    elif name == "Problem":
        yield from constants(named[0] if named else None)


def constants(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def test_the_catalogue_is_read_once() -> None:
    assert wording.catalogue() is wording.catalogue()
