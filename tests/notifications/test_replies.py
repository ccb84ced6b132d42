"""The words of an answer without what it quotes, in the shapes mail programs write, and its files."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest

from notifications.incoming import read_message
from notifications.replies import files_of, new_words, reply_words, words_of_page
from tests.mail import sample


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Đã hoàn thành.\n", "Đã hoàn thành.", id="nothing quoted"),
        pytest.param(
            "Đã xong.\n\nVào Th 5, 1 thg 9, 2022 vào lúc 08:00 A <a@example.vn> đã viết:\n\n> Kính\n> x\n",
            "Đã xong.",
            id="Gmail in Vietnamese",
        ),
        pytest.param(
            "Đã xong.\n\nVào Th 5, 1 thg 9, 2022 vào lúc 08:00 Đôn đốc CCHC <\na@example.vn> đã viết:\n> x",
            "Đã xong.",
            id="Gmail, the line broken within the address",
        ),
        pytest.param(
            "Đã xong.\nVào lúc 08:00, A đã viết:\nKính gửi\nĐề nghị báo cáo",
            "Đã xong.",
            id="an attribution with an unmarked quote: all below is quoted",
        ),
        pytest.param(
            "Vào 01/09/2022 8:00 SA, A đã viết:\n> Việc 1?\nĐã xong.\n> Việc 2?\nĐang làm.",
            "Đã xong.\nĐang làm.",
            id="answers between the quoted lines",
        ),
        pytest.param(
            "Xin gia hạn.\n\nTừ: A <a@example.vn>\nĐã gửi: 01/09/2022\nTới: B\nChủ đề: x\n\nKính gửi",
            "Xin gia hạn.",
            id="Outlook in Vietnamese",
        ),
        pytest.param(
            "Xin gia hạn.\n________________________________\n*From:* A\n*Sent:* 1 Sep\n*To:* B\n\nDear",
            "Xin gia hạn.",
            id="Outlook in English, with its rule and bold heads",
        ),
        pytest.param(
            "Đã xong.\n-----Thư gốc-----\nTừ: A\nabc", "Đã xong.", id="Outlook Express in Vietnamese"
        ),
        pytest.param("Done.\n\nOn 1 Sep 2022, A wrote:\n> x", "Done.", id="in English"),
        pytest.param(
            "Đã xong.\n\nTrân trọng,\nHương\nĐT: 0000",
            "Đã xong.",
            id="what follows the closing is the signature",
        ),
        pytest.param("Trân trọng.\nĐã xong.", "Trân trọng.\nĐã xong.", id="a closing with nothing before it"),
        pytest.param("Đã xong.\n-- \nPhòng QLTM", "Đã xong.", id="a signature behind two dashes"),
        pytest.param("Đã xong.\nĐã gửi từ iPhone của tôi", "Đã xong.", id="a phone's line"),
        pytest.param(
            "Kết quả:\n- Việc 1 đã xong\n- Việc 2 đang làm",
            "Kết quả:\n- Việc 1 đã xong\n- Việc 2 đang làm",
            id="a list of dashes is no signature",
        ),
        pytest.param(
            "Từ: ngày 01/9 phòng đã làm.\nXong.",
            "Từ: ngày 01/9 phòng đã làm.\nXong.",
            id="a line with 'Từ:' alone",
        ),
        pytest.param("> chỉ có\n> trích dẫn", "", id="nothing of its own"),
        pytest.param("", "", id="nothing at all"),
    ],
)
def test_new_words(text: str, words: str) -> None:
    assert new_words(text) == words


@pytest.mark.parametrize(
    "evil",
    [
        pytest.param("\n" * 100_000 + "x", id="a hundred thousand empty lines"),
        pytest.param("Vào " + "a " * 50_000, id="an attribution that never ends"),
        pytest.param("Vào\n" * 50_000, id="fifty thousand beginnings of one"),
        pytest.param("Từ:\n" * 50_000, id="fifty thousand heads"),
        pytest.param("-" * 100_000, id="a long rule"),
        pytest.param("> " * 50_000, id="quoted without end"),
    ],
)
@pytest.mark.timeout(10)
def test_hostile_text_is_read_in_no_time(evil: str) -> None:
    assert len(new_words(evil)) <= 20_000


def test_a_page_s_words_are_read_without_what_it_quotes() -> None:
    page = "<style>p{}</style><p>Đã&nbsp;xong,<br>gửi   kèm.</p><blockquote>cũ</blockquote><div>Hết</div>"
    assert words_of_page(page) == "Đã xong,\ngửi kèm.\n\nHết"


def test_a_reply_with_a_page_alone_is_read() -> None:
    message = b"Content-Type: text/html; charset=utf-8\n\n" + "<p>Đã xong.</p>".encode()
    assert reply_words(read_message(message).message) == "Đã xong."


def test_a_reply_of_gmail_is_its_own_words_and_its_file_is_told_by_its_content() -> None:
    message = read_message(sample("reply-done")).message
    assert reply_words(message) == (
        "Kính gửi chị Trúc,\n\nPhòng đã ban hành Báo cáo số 45/BC-QLTM ngày 26/01/2023, gửi kèm."
    )
    (file,) = files_of(message)
    assert (file.name, file.content_type, file.extension) == ("báo cáo.pdf", "application/pdf", "pdf")


def office_file(kind: str) -> bytes:
    held = io.BytesIO()
    if kind == "docx":
        docx.Document().save(held)
    else:
        openpyxl.Workbook().save(held)
    return held.getvalue()


def attached(name: bytes, data: bytes) -> bytes:
    head = (
        b'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="%s"\n\n' % name
    )
    return b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" + head + data + b"\n--x--\n"


@pytest.mark.parametrize(
    ("name", "data", "kept", "extension"),
    [
        pytest.param(b"../../etc/passwd", b"%PDF-1.4\n", "-..-etc-passwd", "pdf", id="a path for a name"),
        pytest.param(
            b"bao cao.pdf", b"MZ\x90\x00" + b"\x00" * 60, "bao cao.pdf", "exe", id="a program named .pdf"
        ),
        pytest.param(b"a.txt", b"chu", "a.txt", "", id="plain words have no mark to know them by"),
        pytest.param(b"", b"chu", "file", "", id="no name"),
    ],
)
def test_a_file_s_name_is_made_safe_and_its_type_is_that_of_its_content(
    name: bytes, data: bytes, kept: str, extension: str
) -> None:
    (file,) = files_of(read_message(attached(name, data)).message)
    assert (file.name, file.extension) == (kept, extension)


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_documents_of_an_office_are_told_apart(kind: str) -> None:
    from base64 import encodebytes

    data = b"Content-Transfer-Encoding: base64\n" + b"\n" + encodebytes(office_file(kind))
    whole = attached(b"x", b"").replace(b"\n\n\n--x--", b"\n" + data + b"\n--x--")
    (file,) = files_of(read_message(whole).message)
    assert file.extension == kind
