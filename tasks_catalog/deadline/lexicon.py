"""The words deadlines are written with, as one table: phrase -> kind of token.

A word is compared by letters and tone (``sound``), wherever the tone mark was put ("hoà", "hòa"); a word
typed without any accent matches too, so that "Thuong xuyen" and "Quy III/2022" are understood. A word
with *other* accents never matches: "khí" is not "khi", "quy" in "quy định" is not "quý". Where some words
have accents, one that means something as it stands is taken so: "sau tháng 6" is not "sáu tháng".
"""

from __future__ import annotations

import unicodedata
from enum import Enum, auto

from tasks_catalog.text import plain


class K(Enum):
    """What a token is to the grammar."""

    NUM = auto()  # digits; the value is the number
    DAY = auto()
    WEEK = auto()
    MONTH = auto()
    QUARTER = auto()
    YEAR = auto()
    WEEKDAY = auto()  # the value counts from Monday = 0
    MONTHS = auto()  # "sáu tháng": the value is how many
    WEEKS = auto()  # "hai tuần"
    YEARS = auto()  # "hai năm"
    COUNTED_TIMES = auto()  # "hai lần"
    MONTH_NAME = auto()  # "tháng Chín": the value is its number
    QUARTER_NAME = auto()  # "quý hai"
    SCHOOL_YEAR = auto()
    BEFORE = auto()  # "trước": a day counts itself, a longer period does not
    LATEST = auto()  # "chậm nhất": the period counts itself
    UNTIL = auto()
    EXTENDED = auto()  # "gia hạn đến": what follows takes the place of what was set before
    FROM = auto()
    AFTER = auto()
    IN = auto()
    EARLY = auto()
    MID = auto()
    LATE = auto()
    HALF = auto()
    FIRST = auto()  # "đầu tiên"
    STAGE = auto()  # "giai đoạn"
    NOW = auto()
    ONWARD = auto()  # "trở đi", "và các năm tiếp theo"
    NEXT = auto()  # "tiếp theo", "kế tiếp"
    HORIZON = auto()  # "tầm nhìn": what follows is an outlook, not the deadline
    EACH = auto()
    PERIODIC = auto()
    TIMES = auto()  # "lần"
    ONE = auto()  # "một"
    YEARLY = auto()
    CONTINUOUS = auto()
    WHEN = auto()
    ACCORDING = auto()
    SPAN = auto()  # "trong thời hạn": a length of time follows
    NOT_KNOWN = auto()
    NOT = auto()
    ABOUT = auto()  # words that stand between a preposition and its date and change nothing
    ACTION = auto()
    DOCUMENT = auto()
    NUMBERED = auto()  # "số"
    LAW = auto()
    SUBJECT = auto()  # what a report is about: a month or quarter behind it names the thing, not when
    BODY = auto()  # an authority: a month behind it is when the thing is laid before it
    SESSION = auto()  # a session, fixed by the body that holds it
    REFERENCE = auto()  # a document named by number or date: its date is no deadline
    AND = auto()
    OR = auto()
    OF = auto()
    COMMA = auto()
    SEMI = auto()
    STOP = auto()
    BULLET = auto()
    COLON = auto()
    LPAREN = auto()
    RPAREN = auto()
    SLASH = auto()
    DOT = auto()
    DASH = auto()
    WORD = auto()
    END = auto()


_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def sound(word: str) -> str:
    """Return the lower-cased letters of ``word`` with its tone mark moved to the end."""
    parts = unicodedata.normalize("NFD", word.lower())
    letters = "".join(c for c in parts if c not in _TONES)
    return letters + "".join(c for c in parts if c in _TONES)


# One line a kind; phrases parted by "|". A longer phrase wins over a shorter one.
_TABLE: dict[K, str] = {
    K.DAY: "ngày|ngày mùng|ngày mồng|mùng|mồng",
    K.WEEK: "tuần",
    K.MONTH: "tháng|t|các tháng|những tháng",
    K.QUARTER: "quý|quí|q|các quý|những quý",
    K.YEAR: "năm|n",
    K.SCHOOL_YEAR: "năm học|niên khóa|năm ngân sách|năm tài chính|học kỳ",
    K.BEFORE: "trước|xong trước|trước thời điểm",
    K.LATEST: "chậm nhất|muộn nhất|trễ nhất|không quá|không muộn hơn|không chậm hơn|không trễ hơn"
    "|không muộn quá|hạn chót|hạn cuối|thời hạn cuối|chậm nhất là|muộn nhất là|trễ nhất là",
    K.UNTIL: "đến|tới|hết|đến hết|tới hết|cho đến|cho tới|kết thúc|đến trước",
    K.EXTENDED: "gia hạn đến|gia hạn tới|gia hạn đến hết|được gia hạn đến|lùi đến|lùi sang|kéo dài đến"
    "|điều chỉnh đến|điều chỉnh thành|điều chỉnh sang|gia hạn",
    K.FROM: "từ|kể từ|bắt đầu từ|tính từ|từ khoảng",
    K.AFTER: "sau|từ sau|kể từ sau",
    K.IN: "trong|vào|ngay trong",
    K.EARLY: "đầu",
    K.MID: "giữa",
    K.LATE: "cuối|cuối cùng",
    K.HALF: "nửa",
    K.FIRST: "đầu tiên|thứ nhất",
    K.STAGE: "giai đoạn|thời kỳ|nhiệm kỳ|thời gian|các năm",
    K.NOW: "nay|bây giờ",
    K.ONWARD: "trở đi|trở về sau|và các năm tiếp theo|và những năm tiếp theo|và các năm sau|và những năm sau"
    "|và các năm tới|và những năm tới|và các năm kế tiếp|và các năm tiếp sau|và năm tiếp theo"
    "|và những năm kế tiếp|và các năm về sau|và tiếp theo|các năm tiếp theo|những năm tiếp theo"
    "|các năm sau|những năm sau|các năm tới|những năm tới|các năm kế tiếp|các năm sau đó"
    "|và các năm sau đó|và các năm tiếp|các năm tiếp|và các quý tiếp theo|và các tháng tiếp theo"
    "|và các quý sau|và các tháng sau|và các giai đoạn tiếp theo|và giai đoạn tiếp theo",
    K.NEXT: "tiếp theo|kế tiếp|tiếp|liền kề|liền sau|kế|tới đây",
    K.HORIZON: "tầm nhìn|định hướng",
    K.EACH: "hằng|hàng|mỗi|từng|mọi",
    K.PERIODIC: "định kỳ|định kì|thường kỳ|thường kì|theo định kỳ|thực hiện định kỳ|báo cáo định kỳ"
    "|chế độ định kỳ",
    K.TIMES: "lần|kỳ",
    K.ONE: "một",
    K.YEARLY: "thường niên",
    K.CONTINUOUS: "thường xuyên|liên tục|quanh năm|suốt năm|trong suốt năm|hằng ngày|hàng ngày|mỗi ngày"
    "|thuờng xuyên|thường xuyên liên tục|suốt cả năm|không ngừng|xuyên suốt|suốt quá trình"
    "|trong suốt quá trình|duy trì thường xuyên|tx",
    K.WHEN: "khi|sau khi|ngay sau khi|ngay khi|trước khi|đến khi|cho đến khi|tới khi|cho tới khi|từ khi"
    "|kể từ khi|nếu|nếu có|trong trường hợp|trường hợp|tùy|tùy theo|tùy thuộc|tùy vào|phụ thuộc|đột xuất"
    "|căn cứ|phát sinh|ngay sau|trong khi|chờ|đợi|chừng nào|một khi|mỗi khi|từng khi|cùng lúc|cùng lúc với"
    "|cùng thời điểm|cùng thời điểm với|cùng với thời điểm|đồng thời với|cùng ngày với|cùng ngày có hiệu lực",
    K.ACCORDING: "theo|thực hiện theo|theo đúng|bám theo|phù hợp với",
    K.SPAN: "trong thời hạn|trong vòng|trong thời gian|trong khoảng|thời hạn|trong khoảng thời gian",
    K.NOT_KNOWN: "chưa xác định|không xác định|chưa có thời hạn|chưa rõ|không rõ|không có thời hạn"
    "|không thời hạn|chưa ấn định|không ấn định|không quy định|chưa quy định|chưa thống nhất|âm lịch"
    "|tháng giêng|tháng chạp|tết nguyên đán|tết|chuyển từ|lùi từ|gia hạn từ|điều chỉnh từ",
    K.NOT: "không|chưa|chẳng",
    K.ABOUT: "khoảng|dự kiến|phấn đấu|là|thời điểm|mốc|cả|toàn|nội|suốt|ngay|chỉ|xong|cùng|chiều|sáng|tối",
    K.ACTION: "hoàn thành|thực hiện|triển khai|kết thúc thực hiện|ban hành|trình|tổ chức|bắt đầu|phê duyệt"
    "|nghiệm thu|bàn giao|vận hành|duy trì|báo cáo|gửi|gửi báo cáo|nhiệm vụ|hoàn tất|hoàn thiện|khởi công"
    "|khánh thành|đưa vào sử dụng|đưa vào vận hành|tiến độ|thời hạn hoàn thành|thời gian thực hiện"
    "|thời gian hoàn thành|thời hạn thực hiện|sơ kết|tổng kết|rà soát|cập nhật|tiếp tục|công bố|xây dựng"
    "|thời gian|thời hạn|hạn|tham mưu|kiểm tra|giải quyết|xử lý|thẩm định|thông qua|tiếp tục thực hiện",
    K.DOCUMENT: "kế hoạch|quyết định|công văn|văn bản|nghị quyết|nghị định|thông tư|chỉ thị|thông báo"
    "|kết luận|thông báo kết luận|tờ trình|hướng dẫn|chương trình|đề án|công điện|hợp đồng|giấy mời|quy chế"
    "|quy định|báo cáo số|thông tri|pháp lệnh|phương án|chỉ đạo|dự án|chiến lược|quy hoạch",
    K.NUMBERED: "số",
    K.LAW: "luật|bộ luật|hiến pháp",
    K.SUBJECT: "số liệu|dự toán|quyết toán|kinh phí|ngân sách|chỉ tiêu|tình hình|công tác|giao ban|nội dung"
    "|danh mục|kết quả|nguồn vốn|vốn|biên chế|tiền lương|lương|dữ liệu|điểm|chỉ số|giải ngân",
    K.BODY: "chính phủ|quốc hội|thủ tướng|thủ tướng chính phủ|ubnd|hđnd|ubnd tỉnh|hđnd tỉnh|ubnd thành phố"
    "|hđnd thành phố|ủy ban nhân dân tỉnh|hội đồng nhân dân tỉnh|ủy ban nhân dân|hội đồng nhân dân"
    "|bộ chính trị|ban bí thư|trung ương|ban chấp hành trung ương|tỉnh ủy|thành ủy|huyện ủy|đảng ủy"
    "|ban thường vụ|thường trực|ban thường vụ tỉnh ủy|ủy ban thường vụ quốc hội|bộ nội vụ|bộ tài chính"
    "|bộ tư pháp|văn phòng chính phủ|cấp có thẩm quyền|chủ tịch nước|lãnh đạo sở|lãnh đạo bộ",
    K.SESSION: "kỳ họp|phiên họp|tại kỳ họp|tại phiên họp|trình kỳ họp|kì họp|tại kì họp"
    "|hội nghị trung ương|đại hội|đại hội đảng",
    K.AND: "và|cùng với|đồng thời|cũng như",
    K.OR: "hoặc|hay|hoặc là",
    K.OF: "của|thuộc|đó",
    # Words that hold a word of the grammar and mean something else.
    K.WORD: "ngân hàng|khách hàng|mặt hàng|cửa hàng|đơn hàng|bán hàng|hàng hóa|hàng không|đầu tư|đầu mối"
    "|ban đầu|bước đầu|đứng đầu|hàng đầu|lần đầu|đầu ra|đầu vào|đầu người|cuối kỳ|cuối tuần|cuối nhiệm kỳ"
    "|trước mắt|trước hết|trước đó|trước đây|sau đó|sau này|sau cùng|sau đây|từ đó|trong đó|trong nước"
    "|trong tỉnh|liên quan đến|liên quan tới|quý báu|quý khách|hết sức|hết hạn|theo dõi|tiếp theo đó"
    "|phụ trách|trong thời gian tới|thời gian tới|ngày càng|tuần tự|năm vừa qua|năm qua|việt nam|miền nam"
    "|phía nam|hà nam|quảng nam|hàng rào|hàng ngũ|hàng loạt|khi hậu|chờ đợi|tháng hành động|ngày hội"
    "|ngày lễ|tuần lễ|ngày làm việc",
}
_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_MONTH_COUNTS = {"hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "chín": 9, "mười hai": 12}
_COUNTS = {"hai": 2, "ba": 3, "bốn": 4}
_MONTH_NAMES = {
    "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
_QUARTER_NAMES = {"một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4}

Entry = tuple[tuple[str, ...], K, int]


def _entries() -> dict[tuple[str, ...], list[Entry]]:
    phrases = [(phrase, kind, 0) for kind, line in _TABLE.items() for phrase in line.split("|")]
    phrases += [(f"thứ {word}", K.WEEKDAY, day) for day, word in enumerate(_WEEKDAYS)]
    phrases += [("thứ bẩy", K.WEEKDAY, 5), ("chủ nhật", K.WEEKDAY, 6)]
    phrases += [(f"{word} tháng", K.MONTHS, count) for word, count in _MONTH_COUNTS.items()]
    phrases += [(f"{word} tuần", K.WEEKS, count) for word, count in _COUNTS.items()]
    phrases += [(f"{word} lần", K.COUNTED_TIMES, count) for word, count in _COUNTS.items()]
    phrases += [(f"{word} năm", K.YEARS, count) for word, count in _COUNTS.items()]
    phrases += [(f"tháng {name}", K.MONTH_NAME, number) for name, number in _MONTH_NAMES.items()]
    phrases += [(f"quý {name}", K.QUARTER_NAME, number) for name, number in _QUARTER_NAMES.items()]
    table: dict[tuple[str, ...], list[Entry]] = {}
    for phrase, kind, value in phrases:
        words = tuple(phrase.split())
        entry = (tuple(map(sound, words)), kind, value)
        table.setdefault(tuple(map(plain, words)), []).append(entry)
    return table


ENTRIES = _entries()
LONGEST = max(map(len, ENTRIES))


def look_up(words: list[str], *, bare: bool) -> tuple[K, int] | None:
    """Return the kind and value of the phrase made of exactly ``words``; ``bare``: accents may be missing."""
    for sounds, kind, value in ENTRIES.get(tuple(map(plain, words)), ()):
        if all(sound(w) == s or (bare and w.isascii()) for w, s in zip(words, sounds, strict=True)):
            return kind, value
    return None
