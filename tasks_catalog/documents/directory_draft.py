"""Writes a learned directory as the TOML that ``directory.read_directory`` reads, to edit and import."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tasks_catalog.learning import LearnedDirectory, LearnedGroup, LearnedUnit, is_broken_off

_HEAD = """\
# Danh bạ đề xuất từ {source}. Hãy sửa các chỗ sau rồi nhập bằng: dondoc units import TỆP
#   1. [organisation]: mã, tên, địa danh, cơ quan chủ quản.
#   2. [[units]]: mã (không bao giờ đổi về sau), tên, tên gọi khác; thêm đơn vị kế hoạch chưa nhắc tới.
#   3. [[groups]]: điền mã các đơn vị vào members. Nhóm để trống thì dòng do nhóm chủ trì sẽ hỏi lại.
#   4. [[people]]: bỏ dấu # ở mẫu cuối tệp, mỗi người một mục.
# Draft of a directory: edit codes, names, members and people, then import it.
"""

_PEOPLE = """
# [[people]]
# code = "dau-moi"
# name = "Họ và tên"
# email = "dau-moi@example.vn"
# unit = {unit}
# post = "officer"      # officer, head, coordinator, deputy_director, director, administrator, viewer
# title = "Chuyên viên"
#
# [[people]]
# code = "dieu-phoi"
# name = "Họ và tên"
# email = "dieu-phoi@example.vn"
# unit = {unit}
# post = "coordinator"
"""


def draft_of(learned: LearnedDirectory, source: str) -> str:
    """Return the text of the file; ``source`` is the plan's file name, for the reader."""
    parts = [_HEAD.format(source=_one_line(source)), *_organisation(learned)]
    parts += [line for unit in learned.units for line in _unit(unit)]
    parts += [line for group in learned.groups for line in _group(group)]
    first = learned.units[0].unit.code if learned.units else "VP"
    return "\n".join(parts) + "\n" + _PEOPLE.format(unit=_text(first))


def _organisation(learned: LearnedDirectory) -> Iterator[str]:
    yield "[organisation]"
    yield f"code = {_text(learned.code)}"
    yield f"name = {_text(learned.name)}"
    yield 'place = ""'
    yield 'superior = ""'


def _unit(learned: LearnedUnit) -> Iterator[str]:
    unit = learned.unit
    yield from ("", _met(learned), "[[units]]")
    yield f"code = {_text(unit.code)}"
    yield f"name = {_text(unit.name)}"
    for alias in filter(is_broken_off, unit.aliases):
        yield f"# xem lại: kế hoạch ghi dở dang “{_one_line(alias)}”, có thể còn một đơn vị nữa"
    yield f"aliases = {_texts(unit.aliases)}"
    yield f"kind = {_text(unit.kind)}"


def _group(learned: LearnedGroup) -> Iterator[str]:
    group = learned.group
    yield from ("", _met(learned), "[[groups]]")
    yield f"code = {_text(group.code)}"
    yield f"name = {_text(group.name)}"
    yield f"aliases = {_texts(group.aliases)}"
    if learned.candidates and not group.members:
        yield f"# members = {_texts(learned.candidates)}   # gặp trong kế hoạch; có thể còn thiếu"
    yield f"members = {_texts(group.members)}"


def _met(learned: LearnedUnit | LearnedGroup) -> str:
    return f"# chủ trì {learned.as_owner} dòng, phối hợp {learned.as_co_owner} dòng"


def _texts(words: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, words))}]"


def _text(words: str) -> str:
    """Return a TOML basic string: JSON's escapes are TOML's, but for the DEL character."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(words: str) -> str:
    return " ".join(words.split())
