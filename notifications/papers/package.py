"""Writing a .docx so that the same content is the same bytes, on every machine and in every year.

The zip entries are sorted, dated 1980 and stored uncompressed: compressed bytes differ from one zlib to
the next, and a report is small. The file appears whole or not at all.
"""

from __future__ import annotations

import os
import re
import zipfile
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from unicodedata import normalize

from docx.document import Document
from docx.oxml.ns import qn

_STYLES = frozenset(
    {"Normal", "Header", "Footer", "Default Paragraph Font", "Normal Table", "No List", "Table Grid"}
)
_UNUSED = ("/thumbnail", "/stylesWithEffects", "/customXml", "/numbering", "/extended-properties")
_FIRST = "[Content_Types].xml"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return ``text`` in NFC, without the characters XML 1.0 (production 2, Char) does not allow."""
    return _NO_XML.sub("", normalize("NFC", text))


def save_paper(document: Document, path: Path) -> None:
    """Write ``document`` to ``path``, replacing what is there in one step."""
    data = paper_bytes(document)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        try:
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


def set_properties(document: Document, *, title: str, author: str, lang: str, day: date) -> None:
    """Fill the core properties from the data alone: no clock, and no trace of the library's template."""
    moment = datetime.combine(day, time(), tzinfo=UTC)
    core = document.core_properties
    core.title, core.author, core.language = printable(title)[:255], printable(author)[:255], lang
    core.last_modified_by, core.comments, core.keywords, core.subject = "", "", "", ""
    core.created = core.modified = moment
    core.revision = 1
    _strip_template(document)


def _strip_template(document: Document) -> None:
    """Drop what the library's template brings along unused: nine tenths of the file."""
    for style in list(document.styles):
        if style.name not in _STYLES:
            style.delete()
    for link in list(document.styles.element.iter(qn("w:link"))):  # to a style that is gone
        link.getparent().remove(link)
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, rel in relations.items() if rel.reltype.endswith(_UNUSED)]:
            del relations[key]


def paper_bytes(document: Document) -> bytes:
    """Return the .docx as a file or an attachment holds it."""
    written = BytesIO()
    document.save(written)
    target = BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w") as paper:
        for name in sorted(source.namelist(), key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else it names the system that wrote it
            entry.external_attr = 0o644 << 16
            paper.writestr(entry, source.read(name), compress_type=zipfile.ZIP_STORED)
    return target.getvalue()
