"""Forms as browsers and others post them: read whole, or refused with the reason."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from board.forms import MOST_BYTES, MOST_FILES, Posted, posted, read_form
from tasks_catalog.problem import Refused

EDGE = "----ranh-gioi"
MULTIPART = f"multipart/form-data; boundary={EDGE}"


def part(name: str, data: bytes, *, filename: str | None = None) -> bytes:
    named = f'; filename="{filename}"' if filename is not None else ""
    kind = "Content-Type: application/octet-stream\r\n" if filename is not None else ""
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n{kind}\r\n'
    return head.encode() + data + b"\r\n"


END = f"--{EDGE}--\r\n".encode()


def read(body: bytes, kind: str = MULTIPART, *, most: int = 1 << 20, piece: int = 1000) -> Posted:
    """Read a body that comes in pieces, as from a server."""
    pieces: Iterator[bytes] = (body[at : at + piece] for at in range(0, len(body), piece))

    async def receive() -> dict[str, object]:
        data = next(pieces, b"")
        return {"type": "http.request", "body": data, "more_body": bool(data)}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    return asyncio.run(read_form(Request(scope, receive), most_bytes=most))  # type: ignore[arg-type]


def refusal(body: bytes, kind: str = MULTIPART, *, most: int = 1 << 20) -> str:
    with pytest.raises(Refused) as raised:
        read(body, kind, most=most)
    return raised.value.code


def test_fields_and_files_come_apart_and_keep_their_order() -> None:
    body = (
        part("note", "đã  xong\r\n".encode())
        + part("pick", b"1")
        + part("files", b"%PDF-1", filename="Báo cáo.pdf")
        + part("pick", b"2")
        + part("files", b"%PDF-2", filename="Phụ lục.pdf")
        + END
    )
    form = read(body)
    assert form["note"] == "đã xong"
    assert (form["pick"], form.all("pick")) == ("2", ("1", "2"))
    assert [(file.name, file.data) for file in form.handed()] == [
        ("Báo cáo.pdf", b"%PDF-1"),
        ("Phụ lục.pdf", b"%PDF-2"),
    ]
    assert form.handed("others") == ()
    assert form.all("others") == ()
    assert sorted(form) == ["note", "pick"]


def test_a_file_field_left_empty_is_no_file() -> None:
    assert read(part("files", b"", filename="") + part("a", b"1") + END).handed() == ()


def test_an_empty_file_with_a_name_is_one() -> None:
    (file,) = read(part("files", b"", filename="rong.pdf") + END).handed()
    assert (file.name, file.data) == ("rong.pdf", b"")


def test_as_many_files_as_are_taken() -> None:
    body = b"".join(part("files", b"x", filename=f"{n}.pdf") for n in range(MOST_FILES)) + END
    assert len(read(body).handed()) == MOST_FILES


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(
            b"".join(part("files", b"x", filename=f"{n}.pdf") for n in range(MOST_FILES + 1)) + END,
            "board_request_unreadable",
            id="one file too many",
        ),
        pytest.param(
            b"".join(part(f"f{n}", b"x") for n in range(1001)) + END,
            "board_request_unreadable",
            id="a thousand fields and one",
        ),
        pytest.param(b"khong phai bieu mau", "board_request_unreadable", id="no form at all"),
        pytest.param(
            f"--{EDGE}\r\nContent-Disposition: form-data\r\n\r\nx\r\n".encode() + END,
            "board_request_unreadable",
            id="a part without a name",
        ),
        pytest.param(part("note", b"d" * 4001) + END, "board_field_too_long", id="a remark too long"),
        pytest.param(
            part("note", b"d" * (MOST_BYTES + 1)) + END, "board_request_unreadable", id="a field of no end"
        ),
        pytest.param(
            part("files", b"x" * 2000, filename="a.pdf") + END, "board_form_too_large", id="more than is read"
        ),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, code: str) -> None:
    assert refusal(body, most=1500 if code == "board_form_too_large" else 1 << 20) == code


def test_without_a_boundary_it_is_refused() -> None:
    assert refusal(part("a", b"1") + END, "multipart/form-data") == "board_request_unreadable"


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00\x01", bytes(range(256))], ids=["no UTF-8", "every byte there is"]
)
def test_bytes_in_a_field_of_text_leave_only_what_can_be_kept(data: bytes) -> None:
    note = read(part("note", data) + END)["note"]
    assert note.encode()
    assert not [character for character in note if ord(character) < 32]


def test_a_form_cut_off_is_refused_wherever_it_was_cut() -> None:
    whole = part("note", b"xong") + part("files", b"%PDF" * 500, filename="a.pdf") + END
    for at in (10, 60, 200, len(whole) // 2, len(whole) - len(END), len(whole) - 4):
        assert refusal(whole[:at]) == "board_request_unreadable", at
    assert read(whole)["note"] == "xong"


def test_the_plain_kind_has_its_own_smaller_limit() -> None:
    plain = "application/x-www-form-urlencoded"
    assert read(urlencode({"a": "đ"}).encode(), plain)["a"] == "đ"
    big = b"&".join(b"a=" + b"x" * 3000 for _ in range(30))
    assert refusal(big, plain, most=1 << 30) == "board_form_too_large"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"a=%FF", "board_request_unreadable"),
        ("a=đ".encode(), "board_request_unreadable"),
        (b"chi co chu", "board_request_unreadable"),
        (b"&".join(b"a=1" for _ in range(1001)), "board_request_unreadable"),
        (b"a=" + b"x" * 4001, "board_field_too_long"),
    ],
)
def test_a_plain_form_that_is_none_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as raised:
        posted(body)
    assert raised.value.code == code


words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(st.lists(st.tuples(st.sampled_from("abc"), words), max_size=20))
def test_what_is_typed_is_what_is_read(fields: list[tuple[str, str]]) -> None:
    form = posted(urlencode(fields).encode())
    for name in "abc":
        typed = tuple(unicodedata.normalize("NFC", value) for key, value in fields if key == name)
        assert form.all(name) == typed
