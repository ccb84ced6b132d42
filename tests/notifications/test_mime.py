"""Bytes made by hand, read back by the standard library's strict parser."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email import policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.mime import (
    Attachment,
    HeaderRefused,
    Mailbox,
    list_id_of,
    message_bytes,
    new_message_id,
    one_line,
    thread_root,
)

AT = datetime(2022, 11, 30, 8, 0, tzinfo=timezone(timedelta(hours=7)))
OFFICE = Mailbox("Sở Công Thương – theo dõi kế hoạch cải cách hành chính", "dondoc@sct.example.vn")
AN = Mailbox("Nguyễn Thị An", "an@example.vn")
CHI = Mailbox("Phạm Thị Chi", "chi@example.vn")
ID = new_message_id(("digest", "an", "2022-11-30"), "sct.example.vn")


def made(**more: object) -> bytes:
    told: dict[str, object] = {
        "sender": OFFICE,
        "recipient": AN,
        "subject": "[CCHC] 2 quá hạn, 1 đến hạn ngày 15/11/2022 – Kế hoạch 383/KH-SCT",
        "text": "Kính gửi\nViệc cần làm\n",
        "html": "<!DOCTYPE html>\n<html lang='vi'><p>Việc</p></html>\n",
        "date": AT,
        "message_id": ID,
    }
    return message_bytes(**(told | more))  # type: ignore[arg-type]


def parsed(data: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    assert not [defect for part in message.walk() for defect in part.defects]
    return message


def name_in(data: bytes, header: str) -> str:
    """The display name by RFC 2047, 6.2: the newer parser puts a space between adjacent encoded words."""
    raw = BytesParser(policy=policy.compat32).parsebytes(data)[header]
    return str(make_header(decode_header(parseaddr(raw)[0])))


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_the_letter_reads_back_as_written() -> None:
    thread = thread_root("an", "383/KH-SCT", "2022-Y", "sct.example.vn")
    data = made(reply_to=CHI, thread=thread, list_id=list_id_of("383/KH-SCT", "sct.example.vn"))
    message = parsed(data)
    assert name_in(data, "From") == OFFICE.name
    assert message["From"].addresses[0].addr_spec == OFFICE.address
    assert message["To"].addresses[0].display_name == "Nguyễn Thị An"
    assert message["Reply-To"].addresses[0].addr_spec == "chi@example.vn"
    assert message["Subject"] == "[CCHC] 2 quá hạn, 1 đến hạn ngày 15/11/2022 – Kế hoạch 383/KH-SCT"
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == ID
    assert message["In-Reply-To"] == message["References"] == thread
    assert message["List-Id"] == "<383-kh-sct.sct.example.vn>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "vi"
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert body(message, "plain") == "Kính gửi\nViệc cần làm\n"
    assert body(message, "html").startswith("<!DOCTYPE html>\n<html lang='vi'>")


def test_without_a_plan_or_a_coordinator_those_headers_are_left_out() -> None:
    message = parsed(made())
    assert [name for name in ("Reply-To", "List-Id", "In-Reply-To", "References") if name in message] == []


def test_attachments_travel_outside_the_two_bodies() -> None:
    paper = Attachment(
        name="Báo cáo quý I.docx", content_type="application/octet-stream", data=bytes(range(256)) * 9
    )
    message = parsed(made(attachments=(paper,)))
    assert message.get_content_type() == "multipart/mixed"
    assert body(message, "plain") == "Kính gửi\nViệc cần làm\n"
    (file,) = message.iter_attachments()
    assert file.get_filename() == "Báo cáo quý I.docx"
    assert file.get_content() == paper.data


def test_the_same_letter_is_the_same_bytes() -> None:
    assert made() == made()


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        pytest.param(
            "recipient",
            Mailbox("An", "an@x.vn\r\nBcc: all@x.vn"),
            "address_unsafe",
            id="an address with a line break",
        ),
        pytest.param(
            "recipient", Mailbox("An", "an@x.vn>, <b@x.vn"), "address_unsafe", id="an address that is two"
        ),
        pytest.param("recipient", Mailbox("An", "ân@x.vn"), "address_unsafe", id="an address beyond ASCII"),
        pytest.param("recipient", Mailbox("An", ""), "address_unsafe", id="no address"),
        pytest.param(
            "message_id", "<a@b>\r\nX: y", "message_id_unsafe", id="an identifier with a line break"
        ),
        pytest.param("message_id", "a@b", "message_id_unsafe", id="an identifier without brackets"),
        pytest.param("thread", "<a b@c>", "message_id_unsafe", id="a thread with a space"),
        pytest.param("list_id", "a\nb.c", "header_unsafe", id="a list with a line break"),
        pytest.param("language", "vi\r\nX: y", "header_unsafe", id="a language with a line break"),
    ],
)
def test_what_could_forge_a_header_is_refused(part: str, value: object, code: str) -> None:
    with pytest.raises(HeaderRefused) as refused:
        made(**{part: value})
    assert refused.value.code == code


def test_attachments_over_the_limit_of_official_mailboxes_are_refused() -> None:
    big = Attachment(name="a.bin", content_type="application/octet-stream", data=bytes(20 * 2**20 + 1))
    with pytest.raises(HeaderRefused) as refused:
        made(attachments=(big,))
    assert refused.value.code == "attachments_too_large"


nasty = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from('\r\n\t\0\x1b\x85\u2028\u2029\u202e\u00a0\ud800=?_"\\<>@,;:()ạảữ\u0323\u0306😀'),
    ),
    max_size=150,
)


@settings(max_examples=60, deadline=None)
@given(subject=nasty, name=nasty, text=nasty, file=nasty)
def test_whatever_people_write_stays_where_it_belongs(subject: str, name: str, text: str, file: str) -> None:
    paper = Attachment(name=file, content_type="application/pdf", data=b"%PDF")
    data = made(subject=subject, recipient=Mailbox(name, "an@example.vn"), text=text, attachments=(paper,))
    message = parsed(data)
    assert message.keys() == parsed(made(attachments=(paper,))).keys()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    data.decode("ascii")
    assert message["Subject"] == one_line(subject)
    assert message["To"].addresses[0].addr_spec == "an@example.vn"
    assert name_in(data, "To") == one_line(name)
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == (one_line(file) or "file")
    unbroken = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    assert body(message, "plain") == unbroken


def test_a_calendar_file_says_its_method_beside_its_type() -> None:
    told = (("method", "PUBLISH"), ("charset", "UTF-8"), ("component", "VEVENT"))
    file = Attachment(name="thoi-han.ics", content_type="text/calendar", data=b"x", parameters=told)
    (attached,) = parsed(made(attachments=(file,))).iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert tuple((name, attached.get_param(name)) for name, _ in told) == told
    assert attached.get_content_disposition() == "attachment"


@pytest.mark.parametrize(
    "word", ["", "PUBLISH\r\nBcc: x@example.vn", "a b", 'a"b', "a;b", "a=b", "é", "x" * 41]
)
def test_a_parameter_that_is_not_a_plain_word_is_refused(word: str) -> None:
    for told in (("method", word), (word, "PUBLISH")):
        file = Attachment(name="x.ics", content_type="text/calendar", data=b"x", parameters=(told,))
        with pytest.raises(HeaderRefused) as refused:
            made(attachments=(file,))
        assert refused.value.code == "header_unsafe"


words = st.text(
    alphabet=st.sampled_from("aZ09 .,;:()<>@\"\\'=?_-–…%ạảữĐđ\u0323😀\n"), min_size=1, max_size=200
)
"""What a letter is made of; control characters are left to ``nasty``, since EmailMessage refuses them."""
names = words.map(one_line).filter(bool)
papers = st.lists(st.tuples(names, st.binary(max_size=300)), max_size=2)


def by_the_library(
    sender: Mailbox, recipient: Mailbox, subject: str, text: str, html: str, files: list[tuple[str, bytes]]
) -> EmailMessage:
    """The same letter as the standard library writes it, in the charset and encoding ours has."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"] = (Address(box.name, addr_spec=box.address) for box in (sender, recipient))
    message["Subject"], message["Date"], message["Message-ID"] = subject, AT, ID
    message.set_content(text, cte="base64")
    message.add_alternative(html, subtype="html", cte="base64")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return message


def seen(data: bytes) -> dict[str, object]:
    """A message as a mail reader sees it: headers decoded, the tree of its parts, what they hold."""
    message = parsed(data)
    return {
        "from": (name_in(data, "From"), message["From"].addresses[0].addr_spec),
        "to": (name_in(data, "To"), message["To"].addresses[0].addr_spec),
        "subject": message["Subject"],
        "date": message["Date"].datetime,
        "id": message["Message-ID"],
        "tree": [part.get_content_type() for part in message.walk()],
        "charsets": [part.get_content_charset() for part in message.walk()],
        "text": body(message, "plain").rstrip("\n"),  # the library ends the last line, we leave it
        "html": body(message, "html").rstrip("\n"),
        "files": [(part.get_filename(), part.get_content()) for part in message.iter_attachments()],
        "disposition": [part.get_content_disposition() for part in message.iter_attachments()],
    }


@settings(max_examples=60, deadline=None)
@given(office=names, name=names, subject=names, text=words, html=words, files=papers)
def test_a_letter_reads_as_the_one_the_standard_library_writes(
    office: str, name: str, subject: str, text: str, html: str, files: list[tuple[str, bytes]]
) -> None:
    sender, recipient = Mailbox(office, OFFICE.address), Mailbox(name, AN.address)
    attached = [Attachment(name=file, content_type="application/pdf", data=data) for file, data in files]
    ours = made(
        sender=sender, recipient=recipient, subject=subject, text=text, html=html, attachments=attached
    )
    theirs = by_the_library(sender, recipient, subject, text, html, files).as_bytes()
    assert seen(ours) == seen(theirs)


def test_a_message_id_is_stable_and_tells_nothing() -> None:
    again = new_message_id(("digest", "an", "2022-11-30"), "sct.example.vn")
    assert again == ID
    assert ID.endswith("@sct.example.vn>")
    assert "an" not in ID.partition("@")[0].replace("<", "").split(".")
    assert new_message_id(("digest", "an", "2022-12-01"), "sct.example.vn") != ID
    assert new_message_id(("digest", "an2", "022-11-30"), "sct.example.vn") != ID


def test_threads_keep_person_plan_and_period_apart() -> None:
    roots = {
        thread_root(p, plan, q, "x.vn")
        for p in ("an", "binh")
        for plan in ("1/KH", "2/KH")
        for q in ("Q1", "H1")
    }
    assert len(roots) == 8
