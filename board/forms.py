"""Forms as browsers post them: read whole or refused, never half, and never larger than they may be."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from storage.files import Handed
from tasks_catalog.problem import Refused
from tasks_catalog.text import clean

MOST_BYTES = 65_536
"""What a form without files may hold; a sheet of 200 lines with a remark on each is under half of it."""
MOST_WITH_FILES = 32 * 1024 * 1024
MOST_FILES = 5
_MOST_FIELDS = 1000
_MOST_CHARACTERS = 4000
_NO_TEXT = dict.fromkeys(code for code in range(32) if chr(code) not in "\t\n\r")
"""Control characters, which nobody types and PostgreSQL does not keep."""


@dataclass(frozen=True)
class Posted(Mapping[str, str]):
    """A form's fields (the last value where a name repeats) and its files.

    Texts are in NFC with white space folded, so that what is kept and searched is one form.
    """

    lists: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[Handed, ...]] = field(default_factory=dict)

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that repeats, such as the rows ticked."""
        return self.lists.get(name, ())

    def handed(self, name: str = "files") -> tuple[Handed, ...]:
        """Return the files of a field; a field left empty gives none."""
        return self.files.get(name, ())

    def __getitem__(self, name: str) -> str:
        return self.lists[name][-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self.lists)

    def __len__(self) -> int:
        return len(self.lists)


async def read_form(request: Request, *, most_bytes: int = MOST_WITH_FILES) -> Posted:
    """Read a posted form of either kind.

    Raises Refused: board_form_too_large, board_request_unreadable, board_field_too_long.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind == "multipart/form-data":
        return await _with_files(request, most_bytes)
    return posted(await read_body(request))


async def read_body(request: Request) -> bytes:
    """Read a form no larger than it may be; a stream that goes on is not waited for."""
    return b"".join([piece async for piece in _bounded(request, MOST_BYTES)])


async def _bounded(request: Request, most: int) -> AsyncIterator[bytes]:
    read = 0
    async for piece in request.stream():
        read += len(piece)
        if read > most:
            size = f"{most // 1024**2} MB" if most >= 1024**2 else f"{most // 1024} kB"
            raise Refused("board_form_too_large", most=size)
        yield piece


def posted(body: bytes) -> Posted:
    """Read a form without files; raises Refused: board_request_unreadable, board_field_too_long."""
    try:
        fields = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
            strict_parsing=bool(body),
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise Refused("board_request_unreadable") from error
    return Posted(_lists(fields))


class _ToTheEnd(MultiPartParser):
    """Takes a form only with its last line, so that one cut off on its way is not read as a shorter one."""

    ended = False

    def on_end(self) -> None:
        self.ended = True

    async def whole(self, pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        async for piece in pieces:
            yield piece
        if not self.ended:
            raise Refused("board_request_unreadable")


async def _with_files(request: Request, most_bytes: int) -> Posted:
    pieces = _bounded(request, most_bytes)
    parser = _ToTheEnd(
        request.headers,
        pieces,  # type: ignore[arg-type]  # asks for a generator, iterates only
        max_files=MOST_FILES,
        max_fields=_MOST_FIELDS,
        max_part_size=MOST_BYTES,
    )
    parser.stream = parser.whole(pieces)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Refused("board_request_unreadable") from error
    fields: list[tuple[str, str]] = []
    files: dict[str, tuple[Handed, ...]] = {}
    try:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                data = await value.read()
                if value.filename or data:  # a file field left empty is posted without a name
                    files[name] = (*files.get(name, ()), Handed(name=value.filename or "", data=data))
            else:
                fields.append((name, value))
    finally:
        await form.close()
    return Posted(_lists(fields), files)


def text_typed(value: str) -> str:
    """Return a text as it is kept and searched: in NFC, white space folded, without control characters."""
    return clean(value.translate(_NO_TEXT))


def _lists(fields: list[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for name, value in fields:
        if len(value) > _MOST_CHARACTERS:
            raise Refused("board_field_too_long", most=_MOST_CHARACTERS, words=value[:40])
        lists[name] = (*lists.get(name, ()), text_typed(value))
    return lists
