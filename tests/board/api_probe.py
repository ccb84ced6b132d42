"""The API asked by a machine that read its description: schemathesis over ASGI, on an office with work in it.

Twice: with the description as published, whose plans and tasks are seldom the office's own; and with the
numbers and codes of the office put into it, each call on the office as it was, so that acts are reached.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema
from schemathesis.engine.run import PhaseName
from sqlalchemy import Engine

from board.api.bodies import SHARE_BODIES, TASK_BODIES, Arisen, Figure, SheetLineSaid
from board.api.import_values import NameSaid, RowSaid
from board.app import create_board
from storage.engine import write
from storage.files import FileStore, Handed
from storage.uploads import keep_upload
from tasks_catalog.documents.beside import read_beside
from tasks_catalog.drafting import Draft
from tasks_catalog.facts import ClosingKind, Evidence
from tests.board.acting_cast import HOST, KEYS, NUMBER, Office, asked_for_time, open_office
from tests.board.cast import CALENDAR, NOW
from tests.board.test_api_imports import CSV

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Send
    from starlette.types import Scope as AsgiScope

SCHEMA = "/v1/openapi.json"
SPRING, SUMMER, AUTUMN = "2022-03-14", "2022-06-14", "2022-09-14"
PLACES: Mapping[str, tuple[int, str, str]] = {
    "share_grant": (1, "2022-09-30", "TT"),
    "share_refuse": (1, "2022-09-30", "TT"),
    "share_report": (1, "2022-09-30", "TT"),
    "share_progress": (1, "2022-09-30", "TT"),
    "share_measure": (1, "2022-09-30", "TT"),
    "share_hand_over": (1, "2022-09-30", "TT"),
    "share_snooze": (1, "2022-09-30", "TT"),
    "share_accept": (3, SPRING, "TT"),
    "share_return": (3, SPRING, "TT"),
    "share_resume": (3, SPRING, "TM"),
    "share_extend": (3, SUMMER, "VP"),
    "share_wait": (3, SUMMER, "VP"),
    "share_give_time": (3, SUMMER, "VP"),
    "task_reopen": (2, "", ""),
    "task_trigger": (4, "", ""),
    "task_set_aside": (4, "", ""),
    "task_settle": (5, "", ""),
    "task_correct": (1, "", ""),
    "task_reassign": (1, "", ""),
    "task_close": (1, "", ""),
    "task_arisen": (4, "", ""),
    "task": (1, "", ""),
}
"""Where in the office an operation has something to do: row, occurrence, unit."""
DAYS = ["2022-12-20", "2022-11-15", "2022-01-05"]
WORDS: Mapping[str, Mapping[str, Any]] = {
    "to": {"enum": DAYS},
    "until": {"enum": DAYS},
    "expected": {"enum": DAYS},
    "officer": {"enum": ["gu", "nobody", None]},
    "from_unit": {"enum": ["TT"]},
    "to_unit": {"enum": ["VP", "TT"]},
    "deadline": {"enum": ["", "30/11/2022", "Khi có yêu cầu"]},
    "owners": {"type": "array", "items": {"enum": ["TT", "all", "nobody"]}, "maxItems": 200},
    "co_owners": {"type": "array", "items": {"enum": ["VP", "all"]}, "maxItems": 200},
    "target": {"enum": [1, 2]},
    "value": {"enum": ["97,5", "24/25", "chưa có"]},
    "seen": {"type": "null"},
    "files": {"type": "array", "maxItems": 0},
    "row": {"enum": [3]},
    "occurrence": {"enum": [SUMMER]},
    "name": {"enum": ["Phòng Chợ"]},
    "arose": {"enum": ["2022-10-17", "2022-01-05"]},
    "targets": {"enum": [None, "100% văn bản đúng hạn"]},
}
"""What bodies hold that means something in the office."""
BODIES = {
    model.__name__
    for model in (
        *SHARE_BODIES.values(),
        *TASK_BODIES.values(),
        Arisen,
        SheetLineSaid,
        RowSaid,
        NameSaid,
        Figure,
    )
}


def busy_office(engine: Engine, folder: Path) -> Office:
    """Open an office whose shares are asked for time, reported, accepted and waiting, and a closed task."""
    office = open_office(engine, folder)
    asked_for_time(office)
    proof = [Evidence(text="45/BC", issued=date(2022, 3, 10))]
    third, spring = f"{NUMBER}/3", "2022-03-14"
    for unit in ("TT", "VP"):
        office.desk(lambda desk, unit=unit: desk.report(third, unit, evidence=proof, occurrence=spring))
    office.desk(lambda desk: desk.accept(third, "VP", occurrence=spring))
    office.desk(lambda desk: desk.wait(third, "TM", occurrence=spring), paper=True)
    office.desk(lambda desk: desk.close(f"{NUMBER}/2", ClosingKind.STOPPED), paper=True)
    said, fourth = date(2022, 10, 3), f"{NUMBER}/4"
    office.desk(lambda desk: desk.say_arisen(fourth, "TT", arose=said), by="sao", note="có công văn")
    handed = Handed(name="ke-hoach.csv", data=CSV)
    found = read_beside(handed.data, handed.name, year=2022)
    draft = Draft(number="400/KH-SCT", issued=date(2022, 10, 1), year=2022)
    with write(engine) as session:
        keep_upload(session, office.id, FileStore(folder), handed, found, draft, by="truc", at=NOW)
    return office


@dataclass
class Served:
    """The office's board by a name of loopback, the description as given, the record as it was at first."""

    app: ASGIApp
    schema: dict[str, Any]
    token: str
    engine: Engine | None = None
    """Whose database is put back before each call; None: what was done stays done."""
    kept: Path = Path()
    _calls: int = 0

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] == SCHEMA:
            body = json.dumps({**self.schema, "servers": [{"url": "/v1"}]}).encode()
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        if self.engine is not None:
            self._put_back()
        headers = [(b"host", b"127.0.0.1"), *map(self._anew, scope["headers"])]
        await self.app({**scope, "headers": headers}, receive, send)

    def _anew(self, header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        """Return a header as it came; of a key that fits, one that was never used."""
        name, value = header
        if name == b"idempotency-key" and re.fullmatch(rb"[\x21-\x7e]{1,255}", value):
            self._calls += 1
            return name, b"%s.%d" % (value[:240], self._calls)
        return (b"x-host", value) if name == b"host" else header

    def _put_back(self) -> None:
        assert self.engine is not None
        self.engine.dispose()
        place = Path(self.engine.url.database or "")
        for ending in ("-wal", "-shm"):
            place.with_name(place.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.kept, place)


def only(schema: dict[str, Any], operations: tuple[str, ...]) -> dict[str, Any]:
    """Return the description of some operations alone."""
    paths = schema["paths"].items()
    asked = {path: it for path, it in paths if {one["operationId"] for one in it.values()} & {*operations}}
    return {**schema, "paths": asked}


def unbounded(office: Office) -> FastAPI:
    """Return a board of the office whose API may be asked without end."""
    return create_board(
        office.engine,
        office.id,
        clock=lambda: NOW,
        base_url=HOST,
        calendar=CALENDAR,
        keys=KEYS,
        files=office.folder,
        api_per_minute=10**9,
    )


def of_office(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the description with the office's own numbers, codes and days in addresses and bodies."""
    known = copy.deepcopy(schema)
    for path in known["paths"].values():
        for operation in path.values():
            row, occurrence, unit = PLACES.get(operation["operationId"], (1, "", ""))
            place = {
                "number": NUMBER,
                "row": row,
                "occurrence": occurrence,
                "unit": unit,
                "code": "task_unknown",
                "period": "2022-H1",
                "id": 1,
            }
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["schema"] = {"enum": [place[parameter["name"]]]}
    for name, model in known["components"]["schemas"].items():
        if name in BODIES:
            properties = model["properties"]
            properties.update({word: WORDS[word] for word in WORDS if word in properties})
    return known


@dataclass
class Found:
    """What a run asked and what it found."""

    calls: Counter[str] = field(default_factory=Counter)
    """By phase."""
    answers: Counter[int] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    """Answers that did what was asked, by operation."""
    checks: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def ask_all(served: Served, *, examples: int, phases: tuple[str, ...], seed: int = 7) -> Found:
    """Run every phase named over every operation with every check, and return what was found."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "headers": {"Authorization": f"Bearer {served.token}"},
            "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
            "workers": 1,
            "continue-on-failure": True,
            "phases": {
                name: {"enabled": name in phases} for name in ("examples", "coverage", "fuzzing", "stateful")
            },
            "operations": OPERATIONS,
        }
    )
    schema = schemathesis.openapi.from_asgi(SCHEMA, served, config=config)
    found = Found()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for case, checks in event.recorder.checks.items():
                for check in checks:
                    found.checks[check.name] += 1
                    if check.failure_info is not None:
                        found.failures.append(_told(event, case, check.failure_info.failure))
            for asked in event.recorder.interactions.values():
                found.calls[event.phase.value] += 1
                if asked.response is not None:
                    found.answers[asked.response.status_code] += 1
                    if event.phase is not PhaseName.STATEFUL_TESTING:
                        found.done[event.label or ""] += asked.response.status_code < 300
        elif isinstance(event, events.NonFatalError):
            found.errors.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            found.errors.append(repr(event.exception))
    return found


def _told(event: events.ScenarioFinished, case: str, failure: Failure) -> str:
    """Return a failure with what was asked and answered, to be read without running it again."""
    asked = event.recorder.interactions[case]
    body = (asked.request.body or b"")[:200]
    answer = asked.response.content.decode("utf-8", "replace")[:400] if asked.response is not None else ""
    return (
        f"{failure.operation}: {failure.title}: {failure.message}\n"
        f"    {asked.request.method} {asked.request.uri} {body!r}\n    {answer}"
    )


_REFUSED = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "5xx"]
OPERATIONS: list[dict[str, Any]] = [
    *(
        {
            "include-path": path,
            "checks": {
                # Bytes made at random are no document, and the description cannot say what one is: 415.
                "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "415"]}
            },
        }
        for path in ("/files", "/imports")
    ),
    *(
        {
            "include-path": path,
            # One line more than the most, each as long as it may be, is more than a body may hold: 413.
            "checks": {"negative_data_rejection": {"expected-statuses": _REFUSED}},
        }
        for path in ("/sheets/{number}/{period}", "/imports/{id}/answers")
    ),
]
