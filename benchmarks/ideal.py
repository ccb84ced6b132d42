"""The ideal script: ``python ideal.py KIND DATABASE PORT DAY``: no product, a lower bound for one.

One SQL query, one compiled Jinja2 template, one SMTP connection; no ledger, no outbox, no calendar, no
audit. KIND says how the mail is put together: ``EmailMessage``, ``MIMEText`` or ``bytes``.
"""

from __future__ import annotations

import sqlite3
import sys
from binascii import b2a_base64
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email.header import Header
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid
from itertools import groupby
from operator import itemgetter
from smtplib import SMTP
from typing import Any

from jinja2 import Environment

SENDER = "dondoc@example.vn"
_QUERY = """
SELECT person.email, person.name, plan.number || '/' || task.row, task.current_text, task.current_product,
       unit.name, share.due
FROM share JOIN task ON task.id = share.task_id JOIN plan ON plan.id = share.plan_id
JOIN unit ON unit.code = share.unit JOIN person ON person.code = unit.focal_point
WHERE share.is_live AND share.due <= ? ORDER BY person.position, share.due, share.id
"""
_TEXT = """Kính gửi {{ name }},

Các nhiệm vụ quá hạn và sắp đến hạn ngày {{ day }}:
{% for email, name, number, text, product, unit, due in rows %}
{{ loop.index }}. {{ number }} – {{ text }}
   Sản phẩm: {{ product }}
   Đơn vị: {{ unit }}
   Hạn: {{ due }}{{ " (quá hạn)" if due < day }}
{% endfor %}"""
_HTML = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Nhắc việc</title></head><body>
<p>Kính gửi {{ name }},</p><p>Các nhiệm vụ quá hạn và sắp đến hạn ngày {{ day }}:</p>
<table><tr><th>Nhiệm vụ</th><th>Sản phẩm</th><th>Đơn vị</th><th>Hạn</th></tr>
{% for email, name, number, text, product, unit, due in rows %}
<tr><td>{{ number }} – {{ text }}</td><td>{{ product }}</td><td>{{ unit }}</td>
<td>{% if due < day %}<strong>{{ due }}</strong>{% else %}{{ due }}{% endif %}</td></tr>
{% endfor %}
</table></body></html>
"""

Make = Callable[[str, str, str, str], bytes]
"""From recipient, subject, text and HTML to the mail."""


def with_email_message(to: str, subject: str, text: str, html: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="example.vn")
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message.as_bytes(policy=message.policy.clone(linesep="\r\n"))


def with_mime_text(to: str, subject: str, text: str, html: str) -> bytes:
    message = MIMEMultipart("alternative")
    message["From"], message["To"], message["Subject"] = SENDER, to, str(Header(subject, "utf-8").encode())
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="example.vn")
    message.attach(MIMEText(text, "plain", "utf-8"))
    message.attach(MIMEText(html, "html", "utf-8"))
    return message.as_bytes().replace(b"\n", b"\r\n")


def with_bytes(to: str, subject: str, text: str, html: str) -> bytes:
    head = (
        f"From: {SENDER}\r\nTo: {to}\r\nSubject: =?utf-8?b?{_base64(subject.encode()).decode().strip()}?=\r\n"
        f"Date: {formatdate()}\r\nMessage-ID: {make_msgid(domain='example.vn')}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="=_b"\r\n'
    )
    parts = (
        f"\r\n--=_b\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{_base64(body.encode()).decode()}"
        for kind, body in (("plain", text), ("html", html))
    )
    return (head + "".join(parts) + "\r\n--=_b--\r\n").encode("ascii")


def _base64(data: bytes) -> bytes:
    return b"".join(b2a_base64(data[at : at + 57]) for at in range(0, len(data), 57)).replace(b"\n", b"\r\n")


KINDS: dict[str, Make] = {
    "EmailMessage": with_email_message,
    "MIMEText": with_mime_text,
    "bytes": with_bytes,
}


def main(kind: str, database: str, port: int, day: date) -> None:
    """Mail everybody what is overdue and what is due within seven days."""
    make = KINDS[kind]
    text = Environment(trim_blocks=True).from_string(_TEXT)  # noqa: S701  # plain text, nothing to escape
    html = Environment(trim_blocks=True, autoescape=True).from_string(_HTML)
    with SMTP("127.0.0.1", port) as relay:
        for (email, name), rows in _letters(database, day + timedelta(days=7)):
            page = {"name": name, "rows": rows, "day": day.isoformat()}
            subject = f"{len(rows)} nhiệm vụ quá hạn hoặc sắp đến hạn"
            relay.sendmail(SENDER, [email], make(email, subject, text.render(page), html.render(page)))


def _letters(database: str, until: date) -> Iterator[tuple[tuple[str, str], list[Any]]]:
    connection = sqlite3.connect(database)
    found = connection.execute(_QUERY, (until.isoformat(),))
    yield from ((who, list(rows)) for who, rows in groupby(found, itemgetter(0, 1)))
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), date.fromisoformat(sys.argv[4]))
