"""What the words around the table say of the plan: number, date, issuer, title and year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from tasks_catalog.task import PlanHead
from tasks_catalog.text import clean, plain

_SYMBOL = r"\d+[a-zA-Z]?(?:/\d{4})?/[A-ZĐƯ][\wĐƯ&.\-]*"
_NUMBER_LINE = re.compile(rf"^(?:.*\s)?Số\s*:?\s*({_SYMBOL})")
_ATTACHED = re.compile(r"^\(?\s*(?:ban hành\s+)?(?:kèm|đính kèm|phụ lục kèm)\s*theo\b(.*)", re.IGNORECASE)
_ATTACHED_NUMBER = re.compile(rf"\bsố\s*:?\s*({_SYMBOL}|\d+)", re.IGNORECASE)
_ATTACHED_ISSUER = re.compile(r"\bcủa\s+(?:Giám đốc\s+)?([A-ZĐỦ].+?)\s*[).,]*$")
_LONG_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_SHORT_DATE = re.compile(r"ngày\s+(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.IGNORECASE)
_PLACE_AND_DATE = re.compile(r"^[^,()]{1,40},\s*ngày\s", re.IGNORECASE)
_YEAR = re.compile(r"\bnăm\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_ANY_YEAR = re.compile(r"(?<![\d/])(20\d\d)(?!\d)|(?<=/)(20\d\d)(?!\d)")
_STATE = ("cong hoa xa hoi", "doc lap", "dang cong san")
_APPENDIX = re.compile(
    r"^(?:phụ lục|phụ biểu|biểu|mẫu)(?:\s+(?:số\s+)?[\dIVX]+[a-z]?)?\s*[:.]?$", re.IGNORECASE
)
_KIND_OF_DOCUMENT = (
    "kế hoạch",
    "quyết định",
    "nghị quyết",
    "chương trình",
    "thông báo",
    "công văn",
    "danh mục",
)
_OFFICE = re.compile(
    r"(?:ubnd|uy ban|hdnd|hoi dong|so|bo|ban|cuc|vu|phong|van phong|tong cuc|chi cuc|trung tam|thanh tra"
    r"|cong an|chinh phu|thu tuong|quoc hoi|tinh|thanh pho|huyen|quan|xa|phuong|thi xa|dang uy|tinh uy"
    r"|thanh uy|huyen uy"
    r"|truong|vien|hoc vien|dai hoc|benh vien|toa an|kho bac|bao hiem|ngan hang|doan|hoi|lien doan|mat tran"
    r"|tap doan|tong cong ty|cong ty|toa|kiem toan|dai|bao|khu|to cong tac)\b"
)
"""How the name of an office begins, without accents."""
_RULE = re.compile(r"[-_–—*=\s]{3,}")
_LONGEST_TITLE = 300


def read_head(lines: Iterable[str]) -> PlanHead:
    """Return what ``lines``, the words before the first task table, say; a field not found is None."""
    parts = [clean(part) for line in lines for part in _RULE.split(line) if len(_RULE.split(line)) < 4]
    words = [line for line in parts if line]
    attached = _attached(words)
    title = _title(words)
    return PlanHead(
        number=_number(words, attached),
        issued=_issued(words, attached),
        issuer=_issuer(words, attached),
        title=title,
        year=_year(title, attached),
    )


def _attached(words: Sequence[str]) -> str:
    """Return what follows "Kèm theo", to the bracket that closes it: a narrow page breaks the line."""
    for index, line in enumerate(words):
        if _ATTACHED.match(line):
            whole = line
            for more in words[index + 1 : index + 3] if line.startswith("(") else ():
                if ")" in whole:
                    break
                whole = f"{whole} {more}"
            found = _ATTACHED.match(whole)
            return found[1] if found else ""
    return ""


def year_of_deadlines(deadlines: Iterable[str]) -> int | None:
    """Return the year most deadlines begin with, the earlier of two as frequent, or None."""
    first = (found[1] or found[2] for words in deadlines if (found := _ANY_YEAR.search(words)))
    years = Counter(map(int, first))
    return min(years, key=lambda year: (-years[year], year), default=None)


def _number(words: Sequence[str], attached: str) -> str | None:
    own = next((found[1] for line in words if (found := _NUMBER_LINE.match(line))), None)
    named = _ATTACHED_NUMBER.search(attached)
    return own or (named[1].rstrip(".-") if named else None)


def _issued(words: Sequence[str], attached: str) -> date | None:
    placed = next((line for line in words if _PLACE_AND_DATE.match(line)), "")
    for line in (placed, attached):
        found = _LONG_DATE.search(line) or _SHORT_DATE.search(line)
        if found:
            return _date(found)
    return None


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:  # "ngày 31 tháng 02": printed, and no day
        return None


def _issuer(words: Sequence[str], attached: str) -> str | None:
    """Return the office that signs: who is named after "của", else the last capitals of the letterhead."""
    named = _ATTACHED_ISSUER.search(attached)
    if named:
        return named[1]
    above: list[str] = []
    for line in words[:8]:
        if _APPENDIX.match(line) or line.lower().startswith(("số", *_KIND_OF_DOCUMENT)):
            break
        if line.isupper() and _OFFICE.match(plain(line)):
            above.append(line)
    return above[-1] if above else None


def _is_state(line: str) -> bool:
    return plain(line).startswith(_STATE) or any(motto in plain(line) for motto in _STATE)


def _title(words: Sequence[str]) -> str | None:
    """Return the lines of capitals nearest above the table, or what follows the kind of document."""
    body = [line for line in words if not _is_state(line) and not _PLACE_AND_DATE.match(line)]
    for index in range(len(body) - 1, -1, -1):
        if body[index].lower() in _KIND_OF_DOCUMENT and index + 1 < len(body):
            return f"{body[index]} {body[index + 1]}"[:_LONGEST_TITLE]
        if _is_title(body[index]):
            first = index
            while first > 0 and _is_title(body[first - 1]) and not _begins_title(body[first]):
                first -= 1
            return clean(" ".join(body[first : index + 1]))[:_LONGEST_TITLE]
    return None


def _begins_title(line: str) -> bool:
    """Tell whether the line names the kind of document, so that the office stands above it."""
    return line.lower().startswith(_KIND_OF_DOCUMENT)


def _is_title(line: str) -> bool:
    return line.isupper() and len(line) > 6 and not _APPENDIX.match(line) and not _NUMBER_LINE.match(line)


def _year(title: str | None, attached: str) -> int | None:
    """Return the year named in the title, else beside the plan's name; never the year of a date."""
    for words in (title or "", _LONG_DATE.sub("", attached)):
        found = _YEAR.search(words)
        if found:
            return int(found[1])
    return None
