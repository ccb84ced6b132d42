"""Where mail comes back to: the ``[inbox]`` table, and the two places messages are taken from.

A message is told done only after what it said is committed: taken twice it is known by its key, lost it
would be gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from notifications.deliver import is_loopback
from notifications.incoming import MOST_BYTES
from notifications.mime import is_address
from tasks_catalog.problem import Refused

DEFAULT_PORTS = {"none": 143, "starttls": 143, "tls": 993}
READ = "read"
"""The folder beside the ``.eml`` files into which those that were taken are moved."""
_TIMEOUT_SECONDS = (1, 600)


class InboxSettingsRefused(Refused):
    """Settings no message could be taken by, or that would give a password away."""


class MailboxAway(Refused):
    """The mailbox cannot be read now: not reached, or the login or a folder refused."""


@dataclass(frozen=True, kw_only=True)
class InboxSettings:
    """Where messages are taken from. Raises InboxSettingsRefused for what could not work."""

    kind: Literal["none", "imap", "folder"] = "none"
    address: str = ""
    """Where answers are to go (Reply-To of every letter); "": to the coordinator's own address."""
    folder: str = ""
    """For ``imap`` the mailbox's folder ("": INBOX), for ``folder`` the directory of ``.eml`` files."""
    move_to: str = ""
    """For ``imap``: the folder into which messages that were taken go; "": they stay, marked as read."""
    host: str = ""
    port: int | None = None
    security: Literal["none", "starttls", "tls"] = "tls"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: float = 30.0

    def __post_init__(self) -> None:
        if self.address and not is_address(self.address):
            raise InboxSettingsRefused("inbox_address_wrong", address=self.address)
        if self.kind == "imap":
            self._check_server()
        elif self.kind == "folder":
            if not self.folder:
                raise InboxSettingsRefused("inbox_folder_needed")
        elif self.kind != "none":
            raise InboxSettingsRefused("inbox_kind_unknown", kind=self.kind, known="none, imap, folder")

    def _check_server(self) -> None:
        least, most = _TIMEOUT_SECONDS
        if not self.host or any(c.isspace() or not c.isprintable() for c in self.host):
            raise InboxSettingsRefused("inbox_host_wrong", host=self.host or "-")
        if self.security not in DEFAULT_PORTS:
            known = ", ".join(DEFAULT_PORTS)
            raise InboxSettingsRefused("inbox_security_unknown", security=self.security, known=known)
        if self.security == "none" and not is_loopback(self.host):
            raise InboxSettingsRefused("inbox_unprotected", host=self.host)
        if not self.username or not self.password:
            raise InboxSettingsRefused("inbox_login_missing")
        if self.port is not None and not 0 < self.port < 65536:
            raise InboxSettingsRefused("inbox_value_wrong", key="port", value=self.port)
        if not least <= self.timeout <= most:
            raise InboxSettingsRefused("inbox_value_wrong", key="timeout", value=self.timeout)

    @property
    def server_port(self) -> int:
        return self.port or DEFAULT_PORTS[self.security]


def inbox_settings_from(table: Mapping[str, object]) -> InboxSettings:
    """Return the settings a table names. Raises InboxSettingsRefused, quoting the key at fault."""
    known = {each.name for each in fields(InboxSettings)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise InboxSettingsRefused("inbox_key_unknown", key=key, known=", ".join(sorted(known)))
        values[key] = _typed(key, value)
    return InboxSettings(**values)


def _typed(key: str, value: object) -> object:
    if key == "ca_file":
        return Path(str(value))
    number = {"port": int, "timeout": float}.get(key)
    if number is None:
        return str(value)
    try:
        return number(str(value))
    except ValueError as error:
        raise InboxSettingsRefused("inbox_value_wrong", key=key, value=value) from error


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A message as it lies in the mailbox: ``name`` there, its bytes; None for one that is too large."""

    name: str
    size: int
    data: bytes | None
    received: datetime | None = None
    """When the mailbox says it came in."""

    @property
    def sha256(self) -> str:
        """The digest of its content; of one that was not read, of its place and size."""
        return sha256(self.data if self.data is not None else f"{self.name}:{self.size}".encode()).hexdigest()


class Mailbox(Protocol):
    """A place messages are taken from, open between ``with`` and its end."""

    def waiting(self) -> Iterator[Taken]:
        """Yield the messages not taken yet. Raises MailboxAway."""
        ...

    def done(self, taken: Taken) -> None:
        """Mark a message as taken, once it is committed."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class FolderMailbox:
    """``.eml`` files in a folder; those that were taken are moved to ``read/`` in it, never deleted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def waiting(self) -> Iterator[Taken]:
        if not self._folder.is_dir():
            raise MailboxAway("inbox_folder_missing", folder=self._folder)
        for path in sorted(self._folder.glob("*.eml")):
            if not path.is_symlink() and path.is_file():
                with suppress(FileNotFoundError):  # a twin took it meanwhile
                    yield file_taken(path)

    def done(self, taken: Taken) -> None:
        read = self._folder / READ
        read.mkdir(exist_ok=True)
        there = read / taken.name
        if there.exists():
            there = read / f"{taken.sha256[:16]}-{taken.name}"
        with suppress(FileNotFoundError):
            (self._folder / taken.name).replace(there)


def file_taken(path: Path) -> Taken:
    """Return the message of one file."""
    size = path.stat().st_size
    return Taken(name=path.name, size=size, data=None if size > MOST_BYTES else path.read_bytes())


def mailbox_from(settings: InboxSettings, home: Path) -> Mailbox | None:
    """Return the mailbox the settings ask for, not opened yet; None where there is none."""
    if settings.kind == "none":
        return None
    if settings.kind == "folder":
        return FolderMailbox(home / settings.folder)
    from notifications.imap import ImapMailbox  # only who reads one pays for it

    return ImapMailbox(settings)
