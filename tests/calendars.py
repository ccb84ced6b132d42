"""Reads calendars back: by a library that did not write them, and by the rules of RFC 5545 as they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import vobject

_LINE = re.compile(r"(?P<name>[A-Z0-9-]+)(?P<parameters>(?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(?P<value>.*)\Z")
_ONCE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "TRANSP", "LAST-MODIFIED")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event by its lines as they stand, unfolded: name -> value."""

    lines: dict[str, str]

    @property
    def uid(self) -> str:
        return self.lines["UID"]

    @property
    def sequence(self) -> int:
        return int(self.lines["SEQUENCE"])

    @property
    def due(self) -> date:
        return date.fromisoformat(self.lines["DTSTART"])

    @property
    def summary(self) -> str:
        return _unescaped(self.lines["SUMMARY"])

    @property
    def description(self) -> str:
        return _unescaped(self.lines.get("DESCRIPTION", ""))


@dataclass(frozen=True, kw_only=True)
class Read:
    """A calendar: its own lines, and its entries."""

    head: dict[str, str]
    entries: tuple[Entry, ...]

    @property
    def only(self) -> Entry:
        (entry,) = self.entries
        return entry


def read_calendar(data: bytes, *, in_letter: bool = False) -> Read:
    """Return what a calendar says; fails where a rule is broken or the library reads something else."""
    read = by_the_rules(data)
    for entry in read.entries:
        assert in_letter == ("ORGANIZER" in entry.lines)  # RFC 5546, 3.2.1: PUBLISH and CANCEL need one
        assert not {"ATTENDEE", "VALARM"} & entry.lines.keys()
    assert in_letter == ("METHOD" in read.head)
    agrees(data, read)
    return read


def by_the_rules(data: bytes) -> Read:
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 75  # RFC 5545, 3.1: octets, without the break
    for line in lines:
        line.removeprefix(b" ").decode("utf-8")  # no fold within a character
    text = data.decode("utf-8").replace("\r\n ", "")
    assert not re.search(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]", text)
    head, *events = text.removesuffix("END:VCALENDAR\r\n").split("BEGIN:VEVENT\r\n")
    assert head.startswith("BEGIN:VCALENDAR\r\n")
    read = Read(
        head=_parsed(head.removeprefix("BEGIN:VCALENDAR\r\n")),
        entries=tuple(Entry(lines=_parsed(event.removesuffix("END:VEVENT\r\n"))) for event in events),
    )
    assert read.head["VERSION"] == "2.0"
    assert read.head["PRODID"]
    for entry in read.entries:
        assert set(_ONCE) <= entry.lines.keys()
    assert len({entry.uid for entry in read.entries}) == len(read.entries)
    return read


def agrees(data: bytes, read: Read) -> None:
    """Fail unless the library finds the same entries: whole days, the same words."""
    (calendar,) = vobject.readComponents(data.decode("utf-8"))
    found = {event.uid.value: event for event in calendar.contents.get("vevent", ())}
    assert found.keys() == {entry.uid for entry in read.entries}
    for entry in read.entries:
        event = found[entry.uid]
        assert event.dtstart.value == entry.due
        assert event.dtend.value == entry.due + timedelta(days=1)
        assert type(event.dtstart.value) is date
        assert event.summary.value == entry.summary
        assert event.status.value == entry.lines["STATUS"]
        assert event.sequence.value == str(entry.sequence)
        told = event.contents.get("description")
        assert (told[0].value if told else "") == entry.description


def _parsed(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, text.split("\r\n")):
        matched = _LINE.match(line)
        assert matched, line
        assert matched["name"] not in found, line
        found[matched["name"]] = matched["value"]
        if matched["name"] in ("DTSTART", "DTEND"):
            assert matched["parameters"] == ";VALUE=DATE"
        if matched["name"] == "REFRESH-INTERVAL":
            assert matched["parameters"] == ";VALUE=DURATION"
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)
