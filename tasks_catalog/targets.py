"""The figures an objective sets: "tối thiểu 96%", "đạt ít nhất 3 mô hình", "không quá 2 ngày".

A bare share ("100% TTHC công khai") is a floor, as plans mean it. Numbers that measure nothing (dates,
numbers of documents, years, "mức độ 3 và 4", "ISO 9001:2015") have neither a per cent sign nor words of
comparison nor a verb of achievement before them, and are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from tasks_catalog.text import clean

PERCENT = "%"
_FLOOR = r"tối\s+thiểu|ít\s+nhất|không\s+dưới|không\s+thấp\s+hơn|không\s+ít\s+hơn|không\s+nhỏ\s+hơn|từ|≥|>="
_CEILING = (
    r"tối\s+đa|không\s+(?:vượt\s+)?quá|không\s+cao\s+hơn|không\s+nhiều\s+hơn|không\s+lớn\s+hơn|nhiều\s+nhất"
    r"|trong\s+vòng|(?:xuống|chỉ)\s+còn|≤|<="
)
_ABOVE = r"trên|hơn|vượt|cao\s+hơn|lớn\s+hơn|nhiều\s+hơn|>"
_BELOW = r"dưới|thấp\s+hơn|ít\s+hơn|nhỏ\s+hơn|<"
_EXACT = r"bằng|đúng|="
_REACHED = (
    r"đạt|có|xây\s+dựng|hình\s+thành|thành\s+lập|tổ\s+chức|nhân\s+rộng|ban\s+hành|kiểm\s+tra|công\s+nhận"
)
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_PERCENT = r"(?:%|phần\s+trăm\b)"
_RATE = r"(?:/(?:năm|quý|tháng|tuần|ngày)\b)"
_FIGURE = re.compile(
    rf"(?:(?<!\w)(?:(?P<floor>{_FLOOR})|(?P<ceiling>{_CEILING})|(?P<above>{_ABOVE})|(?P<below>{_BELOW})"
    rf"|(?P<exact>{_EXACT})|(?P<reached>{_REACHED}))\s*(?:là\s+|đạt\s+|được\s+|mức\s+)?)?"
    rf"(?<![\w/.,:-])(?P<number>{_NUMBER})(?![\d/:])\s*(?P<percent>{_PERCENT})?(?P<rate>{_RATE})?"
    rf"(?P<range>\s*(?:đến|–|-)\s*(?:{_NUMBER})(?![\d/])\s*(?P<late_percent>{_PERCENT})?(?P<late_rate>{_RATE})?)?",
    re.IGNORECASE,
)
_SIGNS = {"ceiling": "<=", "above": ">", "below": "<", "exact": "="}
_SPACED_RANGE = re.compile(
    rf"(^|(?:từ|đạt|khoảng|trên|tăng|giảm|thiểu|nhất)\s+)({_NUMBER})\s+[-–]\s+(?=(?:{_NUMBER})\s*{_PERCENT})",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\(([^()]*\d[^()]*)\)")
"""What stands in brackets with a number in it is a clause of its own; "(IIP)" belongs to its noun."""
_ASIDE = re.compile(r"^\([^()]*\)\s*")
_PARTED = re.compile(r"[;\n]|\((?=[^()]*\d)|(?:^|(?<=\s))[-–+•*]\s|\.\s+(?=[A-ZÀ-Ỹ])")
_BETWEEN = re.compile(r",\s|\s(?:và|hoặc)\s")
_LAST_WORDS = re.compile(
    r"(?:\s*(?:đạt|là|được|ở\s+mức|mức|có|còn|chiếm|với|cho|lên|xuống|tỷ\s+lệ|khoảng|[:,]))+\s*$",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"^(?:(?:nâng|giữ|duy\s+trì|tăng|giảm|bảo\s+đảm|đảm\s+bảo|phấn\s+đấu)\s+)?"
    r"(?:tỷ\s+lệ|tỉ\s+lệ|mức|chỉ\s+số|số|thời\s+gian|thời\s+hạn|điểm|tổng|kết\s+quả|bình\s+quân|trung\s+bình)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"^(?:cắt\s+giảm|giảm|tăng|rút\s+ngắn|tiết\s+kiệm)(?:\s+thêm)?$", re.IGNORECASE)
_COUNTING = re.compile(
    r"(?<!\w)(?:tăng|giảm|rút\s+ngắn|hỗ\s+trợ|thu\s+hút|đào\s+tạo|bồi\s+dưỡng|tiếp\s+nhận|trồng|bình\s+quân"
    r"|trung\s+bình|(?:đào\s+tạo|bồi\s+dưỡng|tập\s+huấn|tạo\s+việc\s+làm)(?:\s+\w+){0,2}\s+cho)"
    r"(?:\s+(?:thêm|bình\s+quân|trung\s+bình|khoảng))*\s*$",
    re.IGNORECASE,
)
"""Verbs after which a number with a noun is what is to be reached, though nothing is compared."""
_STATES = re.compile(r"(?<!\w)(?:chiếm|còn|là)(?:\s+khoảng)?\s*$", re.IGNORECASE)
_PURPOSE = re.compile(r"^(?:phấn\s+đấu|bảo\s+đảm|đảm\s+bảo)(?:\s+|$)", re.IGNORECASE)
_ONWARDS = re.compile(r"\s*trở\s+(?P<way>lên|xuống)", re.IGNORECASE)
_FAR_ONWARDS = re.compile(r"(?:\s+[^\W\d]+){0,4}?\s+trở\s+(?P<way>lên|xuống)", re.IGNORECASE)
_WHEN = re.compile(r"^(?:đến|trong|trước|sau|hết|năm|hằng|hàng|tới|phấn\s+đấu|giai\s+đoạn)\b", re.IGNORECASE)
_TIME = re.compile(r"^(?:đến|trong|trước|sau|hết|hằng|hàng|tới|năm|giai\s+đoạn)\b[^,]*,\s+", re.IGNORECASE)
_LEANS_ON = re.compile(r"^(?:tại|so\s+với|trong|trên|ở|vào|đối\s+với|theo|mỗi|trước)\b", re.IGNORECASE)
_NO_UNIT = re.compile(
    r"^(?:tuổi|quý|và|đến|của|tại|trong|trên|ở|theo|so|để|cho|trước|sau|hoặc|được)\b", re.IGNORECASE
)
_SHORT_UNIT = re.compile(
    r"^(?:(?:ngày|giờ|tháng)\s+làm\s+việc|lượt\s+người|(?:ngày|giờ|phút|tuần|tháng|năm|lần|điểm|bậc|lượt|người|đợt"
    r"|cuộc|lớp|buổi|khóa|khoá|vụ|cấp|tin|bài|xã|phường|huyện|tỉnh|phòng|sở|bộ|hồ\s+sơ|đồng|triệu\s+đồng|tỷ\s+đồng)(?=\W|$)(?:/\w+)?)",
    re.IGNORECASE,
)
_TWO_WORDS = re.compile(r"^[^\W\d]+(?:\s+[^\W\d]+)?")


@dataclass(frozen=True, kw_only=True)
class Target:
    """One figure to reach: ``of`` is what is measured, ``text`` the words it was read from."""

    comparison: str
    """">=", "=", "<=", ">" or "<"."""
    value: Decimal
    unit: str
    """"%", or the noun counted."""
    of: str
    text: str

    @property
    def is_percent(self) -> bool:
        return self.unit.startswith(PERCENT)

    @property
    def as_json(self) -> dict[str, str | int | float]:
        """Plain values; ``value`` is a number."""
        value = int(self.value) if self.value == int(self.value) else float(self.value)
        return {
            "comparison": self.comparison,
            "value": value,
            "unit": self.unit,
            "of": self.of,
            "text": self.text,
        }

    @property
    def in_short(self) -> str:
        """The comparison and the figure: ">= 96%", "<= 2 ngày"."""
        amount = f"{self.value.normalize():f}".replace(".", ",")
        return f"{self.comparison} {amount}{'' if self.is_percent else ' '}{self.unit}"


def targets_of(objective: str) -> tuple[Target, ...]:
    """Return the figures ``objective`` sets, in order; never raises."""
    targets: list[Target] = []
    for clause in _clauses(clean(objective)):
        targets.extend(_targets(clause))
    return tuple(targets)


def _clauses(words: str) -> Iterator[str]:
    words = _BRACKETED.sub(r";\1;", _SPACED_RANGE.sub(r"\1\2-", words))
    for part in _PARTED.split(words):
        if part and part.strip(" .,:"):
            yield part.strip(" .,:")


def _targets(clause: str) -> Iterator[Target]:
    """Part a clause with several figures at the comma before each further one."""
    found = [match for match in _FIGURE.finditer(clause) if _measures(match, clause)]
    start, subject = 0, ""
    for match, following in zip(found, [*found[1:], None], strict=False):
        end = _cut(clause, match.end(), following.start()) if following else len(clause)
        before, after = clause[start : match.start()], clause[match.end() : end]
        target = _target(match, before, after, clause[start:end], _onwards(match, clause))
        if target.of and not before.strip(" ,:") and _LEANS_ON.match(target.of) and subject:
            target = replace(target, of=f"{subject} {target.of}")  # "60% vào năm 2025 và 80% vào năm 2026"
        elif before.strip(" ,:"):
            subject = _subject(before)
        yield target
        between = _BETWEEN.match(clause, end)
        start = between.end() if between else end


def _cut(clause: str, first: int, last: int) -> int:
    commas = [found.start() for found in _BETWEEN.finditer(clause, first, last)]
    return commas[-1] if commas else last


def _measures(match: re.Match[str], clause: str) -> bool:
    """A share always; another number only after a comparison or an achievement, with a noun counted."""
    if match["percent"] or match["late_percent"]:
        return True
    if match["floor"] and match["floor"].lower() == "từ" and not _onwards(match, clause):
        return False  # "từ 01 tháng 7": a beginning, no floor
    compared = bool(_COUNTING.search(clause[: match.start()])) or any(
        match[name] for name in ("floor", "ceiling", "above", "below", "exact", "reached")
    )
    rest = clause[match.end() :].strip()
    return compared and bool(_TWO_WORDS.match(rest)) and not _NO_UNIT.match(rest)


def _onwards(match: re.Match[str], clause: str) -> str:
    """Return "lên" or "xuống" of a "trở lên" after the number and the noun it counts, else ""."""
    unit, _ = _unit(clause[match.end() :])
    at = clause.find(unit, match.end()) + len(unit) if unit and not match["percent"] else match.end()
    found = (
        _ONWARDS.match(clause, at) or _ONWARDS.match(clause, match.end()) or _FAR_ONWARDS.match(clause, at)
    )
    return found["way"].lower() if found else ""


def _target(match: re.Match[str], before: str, after: str, text: str, onwards: str) -> Target:
    is_percent = bool(match["percent"] or match["late_percent"])
    rate = (match["rate"] or match["late_rate"] or "").lower()
    unit, rest = (PERCENT + rate, after.strip()) if is_percent else _unit(after)
    return Target(
        comparison=_comparison(match, onwards),
        value=number_of(match["number"]),
        unit=unit,
        of=_of(
            before, _ONWARDS.sub("", rest, count=1) if onwards else rest, states=_is_stated(match, before)
        ),
        text=text.strip(" ,.:"),
    )


def _comparison(match: re.Match[str], onwards: str) -> str:
    if onwards:
        return "<=" if onwards == "xuống" else ">="
    return next((sign for name, sign in _SIGNS.items() if match[name]), ">=")


def number_of(number: str) -> Decimal:
    """Read "1.000" as a thousand and "99,5" or "99.5" as ninety-nine and a half."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", number):
        number = number.replace(".", "")
    return Decimal(number.replace(",", "."))


def _unit(after: str) -> tuple[str, str]:
    words = after.strip()
    found = _SHORT_UNIT.match(words) or _TWO_WORDS.match(words)
    return (found[0], words[found.end() :].strip(" ,.:")) if found else ("", words)


def _is_stated(match: re.Match[str], before: str) -> bool:
    """Say whether the figure is told of what stands before it: "... đạt 105% dự toán", "... chiếm 30%"."""
    return (match["reached"] or "").lower() == "đạt" or bool(_STATES.search(before))


def _subject(before: str) -> str:
    """Return what is said before the figure, without the time it is set for and words of purpose."""
    words = _LAST_WORDS.sub("", before).strip(" ,:")
    return _PURPOSE.sub("", _TIME.sub("", words))


def _of(before: str, after: str, *, states: bool) -> str:
    """Return what is measured: the measure named before the figure, else the words after it."""
    subject, rest = _subject(before), _ASIDE.sub("", after.strip()).strip(" ,.")
    named = states or _MEASURE.match(subject) or _CHANGE.match(subject) or not rest or _LEANS_ON.match(rest)
    if subject and named and not _WHEN.match(subject):
        return f"{subject} {rest}".strip()
    return rest
