"""Ends a Word 97 document (.doc) with a paragraph where it ends with a table.

Word always writes that paragraph. LibreOffice leaves it out when it saves a document that has none, and
then does not see the table when it opens its own file. Offsets: [MS-DOC] 2.5 (Fib), 2.8.26 (PlcPcd),
2.9.175 (PapxFkp); [MS-CFB] 2 for the sectors the streams are kept in.
"""

from __future__ import annotations

import struct

_FREE = 0xFFFFFFF0
_FC_MIN, _FC_MAC, _CCP, _BTE, _CLX = 0x18, 0x1C, 0x4C, 0x102, 0x1A2
_PAGE = 512
_BX = 13
_CELL_END, _PARAGRAPH_END = b"\x07\x00", b"\r\x00"
_ONE_PIECE = 21
"""Length of a piece table with one piece, which is how LibreOffice writes it."""


def with_last_paragraph(data: bytes) -> bytes:
    """Return ``data`` with the missing paragraph, or as it is: none missing, or laid out otherwise."""
    try:
        return _mended(_Streams(data))
    except (struct.error, IndexError, KeyError, UnicodeDecodeError):
        return data  # not laid out as LibreOffice does: left to the converter as it is


class _Streams:
    """The named streams of a compound file, read and written in place."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.size: int = 1 << min(struct.unpack_from("<H", data, 30)[0], 12)
        heads = [sector for sector in struct.unpack_from("<109I", data, 76) if sector < _FREE]
        self._next = [
            at for head in heads for at in struct.unpack_from(f"<{self.size // 4}I", data, self._at(head))
        ]
        self._sectors: dict[str, list[int]] = {}
        folder = self._chain(struct.unpack_from("<I", data, 48)[0])
        for entry in (self._at(sector) + i for sector in folder for i in range(0, self.size, 128)):
            length = struct.unpack_from("<H", data, entry + 64)[0]
            name = data[entry : entry + max(0, min(length, 64) - 2)].decode("utf-16-le")
            self._sectors[name] = self._chain(struct.unpack_from("<I", data, entry + 116)[0])

    def _at(self, sector: int) -> int:
        return (sector + 1) * self.size

    def _chain(self, first: int) -> list[int]:
        chain: list[int] = []
        while first < len(self._next) and len(chain) < len(self._next):
            chain.append(first)
            first = self._next[first]
        return chain

    def _places(self, name: str, start: int, length: int) -> list[int]:
        sectors = self._sectors[name]
        return [self._at(sectors[at // self.size]) + at % self.size for at in range(start, start + length)]

    def read(self, name: str, start: int, length: int) -> bytes:
        return bytes(self.data[place] for place in self._places(name, start, length))

    def write(self, name: str, start: int, words: bytes) -> None:
        for place, byte in zip(self._places(name, start, len(words)), words, strict=True):
            self.data[place] = byte

    def number(self, name: str, start: int) -> int:
        found: int = struct.unpack("<I", self.read(name, start, 4))[0]
        return found

    def set_number(self, name: str, start: int, value: int) -> None:
        self.write(name, start, value.to_bytes(4, "little"))


def _mended(file: _Streams) -> bytes:
    text = "WordDocument"
    notes = "1Table" if file.read(text, 0x0B, 1)[0] & 2 else "0Table"
    letters = file.number(text, _CCP)
    end = file.number(text, _FC_MIN) + 2 * letters
    clx, bte = file.number(text, _CLX), file.number(text, _BTE)
    page_count = (file.number(text, _BTE + 4) - 4) // 8
    page = _PAGE * (file.number(notes, bte + 4 * page_count + 4 * page_count) & 0x3FFFFF)
    runs = _with_run(file.read(text, page, _PAGE), end)
    if runs is None or file.number(text, _CLX + 4) != _ONE_PIECE or not _ends_with_table(file, end):
        return bytes(file.data)
    file.write(text, end, _PARAGRAPH_END)
    file.write(text, page, runs)
    file.set_number(text, _CCP, letters + 1)
    file.set_number(text, _FC_MAC, end + 2)
    file.set_number(notes, clx + 9, letters + 1)
    file.set_number(notes, bte + 4 * page_count, end + 2)
    return bytes(file.data)


def _ends_with_table(file: _Streams, end: int) -> bool:
    """Tell whether the text ends with a cell, no headers or notes are kept after it, and there is room."""
    others = file.read("WordDocument", _CCP + 4, 28)
    return not any(others) and file.read("WordDocument", end - 2, 4) == _CELL_END + b"\0\0"


def _with_run(page: bytes, end: int) -> bytes | None:
    """Return the last page of paragraph formats with a plain paragraph added, None where it has no room."""
    runs = page[-1]
    ends = 4 * (runs + 1)
    formats = page[ends : ends + _BX * runs]
    used = [2 * formats[_BX * run] for run in range(runs) if formats[_BX * run]]
    front = page[:ends] + struct.pack("<I", end + 2) + formats + bytes(_BX)
    if struct.unpack_from("<I", page, ends - 4)[0] != end or len(front) > min(used, default=_PAGE - 1):
        return None
    return front + page[len(front) : -1] + bytes([runs + 1])
