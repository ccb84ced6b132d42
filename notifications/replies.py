"""Replies: the words a person wrote, without what was quoted below them, and the files that came along.

The quote-stripping libraries there are know no Vietnamese and take minutes over a hostile message; the
few shapes that Vietnamese mail programs write are told here, line by line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser

import filetype

from notifications.incoming import MOST_TEXT, content_of, kept, parts_of, text_of

MOST_FILES = 20
_LONGEST_LINE = 1_000
_MOST_HTML = 200_000
_WROTE = re.compile(r"(?:đã viết|viết|wrote|a écrit)\s*:\s*$", re.IGNORECASE)
_WROTE_BEGINS = re.compile(r"\s*(?:vào|ngày|lúc|trên|on|thứ|le)\b", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"\s*[-_*]{2,}\s*(?:original message|forwarded message|thư gốc|tin nhắn gốc|thư đã chuyển tiếp"
    r"|thư được chuyển tiếp|thư chuyển tiếp|tin nhắn đã chuyển tiếp)\s*[-_*]{2,}\s*$",
    re.IGNORECASE,
)
_FROM_LINE = re.compile(r"[\s*]*(?:từ|from|người gửi)\s*\*?\s*:", re.IGNORECASE)
_HEAD_LINE = re.compile(
    r"[\s*]*(?:đã gửi|gửi|ngày|ngày gửi|tới|đến|cc|chủ đề|tiêu đề|sent|date|to|subject)\s*\*?\s*:",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\s*(?:trân trọng(?: cảm ơn| kính báo| báo cáo)?|xin (?:trân trọng )?cảm ơn|kính thư|thân mến"
    r"|best regards|kind regards|regards)\s*[.,!/]*\s*$",
    re.IGNORECASE,
)
_BY_PHONE = re.compile(r"\s*(?:(?:được )?gửi từ|đã gửi từ|sent from|get outlook for)\b", re.IGNORECASE)
_RULE = re.compile(r"\s*[_-]{10,}\s*$")
_BLOCKS = frozenset(
    (
        "address",
        "article",
        "div",
        "dd",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    )
)
_UNSEEN = frozenset(("script", "style", "head", "title"))


@dataclass(frozen=True, kw_only=True)
class AttachedFile:
    """A file that came with an answer; its type is told by its content, whatever its name says."""

    name: str
    content_type: str
    extension: str
    """Of its content, such as "pdf"; "" where that is not known."""
    sha256: str
    data: bytes


def reply_words(message: Message) -> str:
    """Return what the sender wrote anew: of the plain text, else of the page."""
    texts = {part.get_content_type(): part for part in reversed(list(_texts(message)))}
    if plain := texts.get("text/plain"):
        return new_words(kept(text_of(plain), 5 * MOST_TEXT))
    if page := texts.get("text/html"):
        return new_words(kept(words_of_page(text_of(page)), 5 * MOST_TEXT))
    return ""


def _texts(message: Message) -> Iterator[Message]:
    return (part for part in parts_of(message) if _is_text(part))


def _is_text(part: Message) -> bool:
    kind = part.get_content_type() in ("text/plain", "text/html")
    return kind and part.get_content_disposition() != "attachment" and not part.get_filename()


def new_words(text: str) -> str:
    """Return the words above, or between, what is quoted; without signature."""
    lines = [line[:_LONGEST_LINE].rstrip() for line in text.splitlines()]
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        end = _attribution_end(lines, at)
        if end is not None:
            if not _goes_on_quoted(lines, end):
                break
            at = end
            continue
        if _ends_it(lines, at, out):
            break
        if not line.lstrip().startswith(">") and not _BY_PHONE.match(line):
            out.append(line)
        at += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip()[:MOST_TEXT]


def _attribution_end(lines: list[str], at: int) -> int | None:
    """Return the line after "Vào ... đã viết:", which may run over three lines; None where it is none."""
    if not _WROTE_BEGINS.match(lines[at]):
        return None
    for end in range(at, min(at + 3, len(lines))):
        if _WROTE.search(lines[end]):
            return end + 1
        if not lines[end].strip():
            return None
    return None


def _goes_on_quoted(lines: list[str], at: int) -> bool:
    """Say whether what follows is marked by ">", so that words below or between it are the sender's."""
    following = next((line for line in lines[at:] if line.strip()), "")
    return following.lstrip().startswith(">")


def _ends_it(lines: list[str], at: int, before: list[str]) -> bool:
    """Say whether a signature or an unmarked quote begins here: nothing after it is the sender's word."""
    line = lines[at]
    if line.strip() == "--" or _ORIGINAL.match(line):
        return True
    if _CLOSING.match(line):
        return any(each.strip() for each in before)
    head = at + 1 if _RULE.match(line) else at
    if head >= len(lines) or not _FROM_LINE.match(lines[head]):
        return False
    return sum(bool(_HEAD_LINE.match(each)) for each in lines[head + 1 : head + 6]) >= 2


class _Page(HTMLParser):
    """Collects the words of a page, not those quoted in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "blockquote":
            self._quoted += 1
        elif tag == "br" or tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        elif tag in _BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen and not self._quoted:
            self.words.append(re.sub(r"\s+", " ", data))


def words_of_page(page: str) -> str:
    """Return the words of an HTML body, a line a block, without what it quotes."""
    reader = _Page()
    reader.feed(page[:_MOST_HTML])
    lines = (line.strip() for line in "".join(reader.words).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def files_of(message: Message) -> tuple[AttachedFile, ...]:
    """Return the attached files, at most twenty; the message's own bound is that of their sizes."""
    found: list[AttachedFile] = []
    for part in parts_of(message):
        data = b"" if _is_text(part) or part.get_content_maintype() == "message" else content_of(part)
        if data and len(found) < MOST_FILES:
            found.append(_file(part, data))
    return tuple(found)


def _file(part: Message, data: bytes) -> AttachedFile:
    guessed = filetype.guess(data[:300_000])
    name = kept(str(part.get_filename() or ""), 200, lines=False).replace("/", "-").replace("\\", "-")
    return AttachedFile(
        name=name.lstrip(".") or "file",
        content_type=guessed.mime if guessed else "application/octet-stream",
        extension=guessed.extension if guessed else "",
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
    )
