"""Reads .doc, .odt, .rtf, .xls and .ods where LibreOffice is installed, which turns them into .docx or .xlsx.

LibreOffice runs once a document, in a profile of its own that dies with it: no macro runs, nothing linked
is fetched, and neither its time nor what it writes is unbounded.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks_catalog.documents.doc_ending import with_last_paragraph
from tasks_catalog.documents.refusals import (
    MAX_BYTES,
    MAX_CONVERSION_SECONDS,
    ConverterMissing,
    Damaged,
    TooLarge,
)

_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
BECOMES = {"doc": "docx", "odt": "docx", "rtf": "docx", "xls": "xlsx", "ods": "xlsx"}
"""What each kind is turned into."""

_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>"
)
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
)
"""Macros: none, signed or not. Links to other files and to the web: never updated."""


def converted(data: bytes, kind: str, file: str) -> bytes:
    """Return the document of ``kind`` as the .docx or .xlsx that ``BECOMES`` names.

    Raises ConverterMissing (no LibreOffice here), Damaged (it cannot open the file, or not in time) and
    TooLarge (what it wrote).
    """
    program = find_converter()
    if program is None:
        raise ConverterMissing("converter_missing", file=file, kind=f".{kind}")
    with TemporaryDirectory(prefix="dondoc-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, f"plan.{kind}")
        source.write_bytes(with_last_paragraph(data) if kind == "doc" else data)
        written = Path(folder, "out", f"plan.{BECOMES[kind]}")
        _convert(program, source, written.parent, _FILTERS[BECOMES[kind]], file)
        return _bounded(written, file)


def find_converter() -> str | None:
    """Return the path of LibreOffice, or None where it is not installed."""
    usual = ("/Applications/LibreOffice.app/Contents/MacOS/soffice", "/opt/libreoffice/program/soffice")
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in usual if Path(path).exists()), None)


def _convert(program: str, source: Path, out: Path, wanted: str, file: str) -> None:
    profile = source.parent / "profile"
    _write_settings(profile / "user" / "registrymodifications.xcu")
    command = (
        *(program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"),
        *("--nologo", "--nodefault", "--convert-to", wanted, "--outdir", str(out), str(source)),
    )
    process = subprocess.Popen(  # noqa: S603  # our own command; the file's name is ours, not the sender's
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    _limit_files(process.pid)
    try:
        process.wait(MAX_CONVERSION_SECONDS)
    except subprocess.TimeoutExpired as fault:
        raise Damaged("conversion_took_too_long", file=file, seconds=MAX_CONVERSION_SECONDS) from fault
    finally:
        _end(process)


def _write_settings(path: Path) -> None:
    items = "".join(_ITEM.format(path=at, name=name, value=value) for at, name, value in _SETTINGS)
    path.parent.mkdir(parents=True)
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _limit_files(pid: int) -> None:
    """Let the converter and what it starts write no file beyond the limit, where the system can."""
    if sys.platform != "linux":
        return
    import resource

    try:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (MAX_BYTES, MAX_BYTES))
    except ProcessLookupError:  # it has ended already
        return


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the converter with what it started: ``soffice`` is a script around the real program."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _bounded(written: Path, file: str) -> bytes:
    if not written.is_file() or written.stat().st_size == 0:
        raise Damaged("not_converted", file=file)
    if written.stat().st_size > MAX_BYTES:
        size, limit = (f"{count / (1024 * 1024):.0f} MB" for count in (written.stat().st_size, MAX_BYTES))
        raise TooLarge("file_too_large", file=file, size=size, limit=limit)
    return written.read_bytes()
