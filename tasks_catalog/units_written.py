"""Splits the words of an owner's or co-owner's cell into the names written in it, each with its role.

A comma is the hard case: "Các phòng, đơn vị thuộc Sở" is one wording, "Thanh tra Sở, Văn phòng Sở" are
two names, "Sở Văn hóa, Thể thao và Du lịch" is one. A comma, a full stop, a slash, a plus, "và" or a line
break parts two names only where the words after it begin the way the name of a unit does; a name the
directory knows is never parted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from tasks_catalog.text import clean

OWNER = "owner"
CO_OWNER = "co_owner"

NAME_STARTS = (
    "Phòng", "Văn phòng", "Thanh tra", "Trung tâm", "Ban", "Sở", "Bộ", "Chi cục", "Cục", "Tổng cục",
    "Vụ", "Viện", "Học viện", "Trường", "Đại học", "Bệnh viện", "Trạm", "Tổ công tác", "Hội đồng",
    "Hội", "Hiệp hội", "Liên hiệp", "Liên đoàn", "Liên minh", "Đoàn", "Mặt trận", "Ủy ban", "Uỷ ban",
    "UBND", "HĐND", "UBMTTQ", "Công an", "Bộ đội", "Tòa án", "Toà án", "Kho bạc", "Ngân hàng",
    "Bảo hiểm", "Thuế", "Hải quan", "Quỹ", "Tổng công ty", "Công ty", "Tập đoàn", "Doanh nghiệp", "Đài",
    "Thông tấn", "Chính phủ", "Thành phố", "Thị xã", "Huyện", "Quận", "Xã", "Phường", "BQL", "TT",
    "Giám đốc", "Phó Giám đốc", "Lãnh đạo", "Chủ tịch", "Các", "Cơ quan", "Đơn vị", "Địa phương",
    "Kiểm toán", "Nhà xuất bản", "Tạp chí",
)  # fmt: skip
"""How names of units begin, written with a capital; what begins in lower case only goes on with a name."""

COLLECTIVE_STARTS = ("các", "một số", "những", "toàn thể")
"""How wordings for several units begin; they may follow a comma in lower case."""

MANY_IN_ONE = ("bộ, ngành", "sở, ban", "sở, ngành", "ban, ngành", "phòng, ban")
"""Wordings for many units whose own commas are part of them."""

STAND_ALONE = ("Văn phòng", "Thanh tra", "Công an", "Thuế", "Hải quan", "Doanh nghiệp", "Địa phương")
"""Starts that name a unit by themselves; "Sở", "Ban", "Viện" alone belong to a wording for many."""

_NAME_START = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(NAME_STARTS, key=len, reverse=True)))})(?!\w| hội)"
)
_OWN_LEADERS = ("ban giám đốc", "ban lãnh đạo", "lãnh đạo sở", "lãnh đạo đơn vị")
_ENUMERATED = ("các ", "viện", "trường", "sở", "bộ", "doanh nghiệp")
_REMARK = re.compile(r"\([^()]*\)")
_ROLE_REMARK = re.compile(
    r"[(\[]\s*(?:là\s+)?(?:cơ quan |đơn vị )?(?P<role>(?:đồng )?chủ trì|phối hợp)[^()\[\]]{0,40}[)\]]",
    re.IGNORECASE,
)
"""A role written behind the name: "Văn phòng Sở (chủ trì), Thanh tra Sở (phối hợp)"."""
_HELPING = re.compile(
    r"(?:^|[\s,;:.\-–])*(?:chủ trì\s*,?\s*)?(?:và\s+)?(?:đơn vị |cơ quan )?"
    r"phối hợp(?:\s+(?:cùng|với))*\s*:?\s*",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:(?:đơn vị|cơ quan)\s+)?chủ trì\s*:\s*|\s+chủ trì$", re.IGNORECASE)
_LISTED = re.compile(r"^Các\s+([^:,;]{2,30}?)\s*:\s*(.+)$", re.DOTALL)
_SURE = re.compile(r"\s*;\s*|\n\s*[-–+•*]\s+")
_MAYBE = re.compile(r"\s*,\s*|\s+(?=(?:và|cùng)\s)|\.\s+|\s*\n\s*|\s+[-–]\s+|\s*[/+]\s*|\s+&\s+")
_JOINING_WORD = re.compile(r"^(?:và|cùng)\s+")
_BULLET = re.compile(r"^[-–+•*]\s*")
_ACRONYM = re.compile(r"[A-ZĐƯÔ]{2,}[\w&.\-]*")
_SHORT_KIND = re.compile(r"(?:P|TT|BQL|VP|TP|TX|CA)\.\s*(?=[^\W\d_])|(?:P|VP|TTr)\s+(?=[A-ZĐ])")
"""Kinds of unit cut short before a name: "P. QLTM", "P.QLTM", "VP Sở"."""
_KIND_ENDS = re.compile(r"(?:^|[\s,;/+\n])(?:P|TT|TTr|BQL|VP|TP|TX|CA)$")
_SYMBOLS = ("/", "+", "&", "-", "–")
_ALONE = frozenset(("bộ", "sở", "ban", "ngành", "phòng", "viện", "trường"))
"""Words that begin a wording for many and name nobody by themselves."""
_GENERIC_REST = re.compile(r"^(?:có |thuộc|trực thuộc|liên quan|chuyên môn|khác|trên địa bàn)", re.IGNORECASE)


Known = Callable[[str], bool]
"""Tells whether the directory knows a name."""


@lru_cache(maxsize=4096)
def split_units(text: str) -> tuple[tuple[str, str], ...]:
    """Return (name, "owner" or "co_owner") for each name in ``text``, in order, each name once.

    "A phối hợp B; C" gives A as owner, B and C as co-owners; so does "A (chủ trì), B, C (phối hợp)".
    Other remarks in parentheses are dropped; line breaks in ``text`` count as breaks the writer made.
    """
    return split_known(text, _nothing)


def split_known(text: str, known: Known) -> tuple[tuple[str, str], ...]:
    """Return what ``split_units`` does, without ever parting a name that is ``known``."""
    marked = tuple(_ROLE_REMARK.finditer(text))
    if marked:
        return _marked(text, marked, known)
    words = _without_remarks(text)
    helping = _HELPING.search(words)
    if helping is None:
        return _with_role(words, OWNER, known)
    return _with_role(words[: helping.start()], OWNER, known) + _with_role(
        words[helping.end() :], CO_OWNER, known
    )


def _nothing(name: str) -> bool:
    return False


def _marked(text: str, marks: tuple[re.Match[str], ...], known: Known) -> tuple[tuple[str, str], ...]:
    """Give each marked name its role; beside a marked owner the unmarked help, else they own."""
    leads = any(mark["role"].lower().endswith("chủ trì") for mark in marks)
    found: dict[str, str] = {}
    start = 0
    for mark in marks:
        *before, last = _with_role(_without_remarks(text[start : mark.start()]), OWNER, known) or (("", ""),)
        role = OWNER if mark["role"].lower().endswith("chủ trì") else CO_OWNER
        for name, _ in before:
            found.setdefault(name, role if leads else OWNER)
        found.setdefault(last[0], role)
        start = mark.end()
    for name, _ in _with_role(_without_remarks(text[start:]), OWNER, known):
        found.setdefault(name, CO_OWNER if leads else OWNER)
    return tuple((name, role) for name, role in found.items() if name)


def _without_remarks(text: str) -> str:
    lines = "\n".join(clean(line) for line in text.splitlines())
    while _REMARK.search(lines):
        lines = _REMARK.sub(" ", lines)
    return lines.strip()


def _with_role(words: str, role: str, known: Known) -> tuple[tuple[str, str], ...]:
    words = _LEADING.sub("", words.strip()).lstrip(" ,;/+&")
    names = (clean(name).strip(" .,;:/+") for name in _names(words, known))
    return tuple((name, role) for name in dict.fromkeys(names) if name)


def _names(words: str, known: Known) -> Iterator[str]:
    if known(words):
        yield words
        return
    listed = _LISTED.match(words)
    if listed:
        yield from _listed(listed[1], listed[2], known)
        return
    for part in _SURE.split(words):
        yield from _parted(_BULLET.sub("", part.strip()), known)


def _listed(kind: str, rest: str, known: Known) -> Iterator[str]:
    """Read "Các Cục: A; B. Vụ C": the kind stands before each name of the list, as far as the full stop."""
    ends = [m.start() for m in re.finditer(r"\.\s+", rest) if _begins_name(rest[m.end() :], "")]
    inside, after = (rest[: ends[0]], rest[ends[0] + 1 :]) if ends else (rest, "")
    for part in re.split(r"\s*;\s*" if ";" in inside else r"\s*,\s*", inside):
        name = part.strip(" .\n")
        yield name if _begins_name(name, "") else f"{kind.strip()} {name}"
    if after.strip():
        yield from _names(after.strip(), known)


def _parted(part: str, known: Known) -> Iterator[str]:
    """Yield the names in a stretch without semicolons."""
    start, gaps = 0, tuple(_MAYBE.finditer(part))
    for gap in gaps:
        before, after = part[start : gap.start()], part[gap.end() :]
        if gap.start() < start or not before.strip() or _goes_on(part, start, gap, gaps, known):
            continue
        if _parts(before, after, gap[0].strip()) or (known(_name(before)) and _known_next(after, known)):
            yield _JOINING_WORD.sub("", before)
            start = gap.end()
    yield _name(part[start:])


def _name(words: str) -> str:
    return _JOINING_WORD.sub("", words.strip()).strip(" .,;:/+")


def _goes_on(
    part: str, start: int, gap: re.Match[str], gaps: tuple[re.Match[str], ...], known: Known
) -> bool:
    """Tell whether a known name reaches over the gap."""
    ends = [len(part), *(later.start() for later in gaps if later.start() > gap.start())]
    return known is not _nothing and any(known(_name(part[start:end])) for end in ends)


def _known_next(after: str, known: Known) -> bool:
    """Tell whether ``after`` begins with a known name, whatever it begins like."""
    ends = [len(after), *(gap.start() for gap in _MAYBE.finditer(after))]
    return any(known(_name(after[:end])) for end in ends)


def _parts(before: str, after: str, sign: str) -> bool:
    after = _JOINING_WORD.sub("", after)
    if sign == "." and _KIND_ENDS.search(before):
        return False
    first = _JOINING_WORD.sub("", before.strip())
    if sign in _SYMBOLS and not _SHORT_KIND.match(after) and not _NAME_START.match(after):
        # "Phòng KH - TC - TH" is one name; "VP + TTr" are two
        return sign in ("/", "+") and _is_acronym(first) and _begins_name(after, first)
    return _begins_name(after, first)


def _is_acronym(name: str) -> bool:
    return bool(_ACRONYM.fullmatch(name) or _SHORT_KIND.match(name))


def _begins_name(after: str, before: str) -> bool:
    """Tell whether ``after`` begins a further name, given the name ``before`` it."""
    if _SHORT_KIND.match(after):
        return True
    piece = re.split(r"[,;\n/+]|\.\s|\svà\s", _BULLET.sub("", after), maxsplit=1)[0].strip()
    if _ACRONYM.fullmatch(piece):
        return True
    if piece.lower().startswith(tuple(f"{word} " for word in COLLECTIVE_STARTS)):
        return not before.lower().startswith(_OWN_LEADERS)
    if after.lower().startswith(MANY_IN_ONE):
        return not before.lower().startswith("các ") and before.lower() not in _ALONE
    start = _NAME_START.match(piece)
    if start is None:
        return False
    rest = piece[start.end() :].strip()
    if not rest:
        return start[0] in STAND_ALONE and not before.lower().startswith("các ")
    return not (_GENERIC_REST.match(rest) and before.lower().startswith(_ENUMERATED))
