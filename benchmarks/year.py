"""The demonstration's two years: what they cost, whether every letter and notice is accounted for.

Then the year 2022 alone, walked twice over the same record: the second walk must find nothing to do.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.measured import DONDOC, Checks, run, table, use_own_environment


def main() -> int:
    """Print the figures and return the exit code."""
    checks = Checks()
    with TemporaryDirectory(prefix="dondoc-bench-") as folder:
        use_own_environment(Path(folder))
        demonstration(Path(folder) / "demo", checks)
        twice(Path(folder) / "twice", checks)
    return checks.done()


def demonstration(home: Path, checks: Checks) -> None:
    """Run the command a newcomer runs, then count in what it left."""
    from flows.office import open_office
    from storage.engine import read

    cost = run([DONDOC, "demo", "--no-serve", "--out", str(home)])
    figures = json.loads((home / "figures.json").read_text(encoding="utf-8"))
    with open_office(home) as office, read(office.engine) as session:
        letters = letters_by_state(session)
        notices = notices_by_state(session)
        check_notices(session, checks)
        check_maildir(session, home / "mail", checks)
    files = sum(1 for _ in (home / "mail").glob("new/*"))
    print("### The demonstration, both years\n")
    rows: list[tuple[str, object]] = [
        ("CPU, s", cost.cpu),
        ("wall, s", cost.wall),
        ("peak memory, MB", round(cost.peak_mb)),
        ("days walked", figures["days"]),
        ("CPU a day, ms", round(1000 * cost.cpu / figures["days"])),
        ("letters sent", letters["sent"]),
        ("letters in any other state", letters.total() - letters["sent"]),
        ("files in the maildir", files),
        ("ledger rows", notices.total()),
        *((f"- of them {state}", count) for state, count in sorted(notices.items())),
        ("notices missed, as the audits found", figures["audit_gaps"]),
    ]
    print(table(("", "count"), rows))
    checks.equal("files in the maildir against letters sent", files, letters["sent"])
    checks.equal("letters against the demonstration's own count", letters.total(), figures["letters"])
    checks.equal("notices missed", figures["audit_gaps"], 0)


def letters_by_state(session: Session) -> Counter[str]:
    from storage.schema import LetterRow

    return Counter(session.scalars(select(LetterRow.state)))


def notices_by_state(session: Session) -> Counter[str]:
    from storage.schema import NoticeRow

    grouped = session.execute(select(NoticeRow.state, func.count()).group_by(NoticeRow.state))
    return Counter({str(state): int(count) for state, count in grouped})


def check_notices(session: Session, checks: Checks) -> None:
    """Check that each notice is in one state, once, and that letters and notices speak of each other."""
    from storage.schema import LetterRow, NoticeRow

    notices = session.scalars(select(NoticeRow)).all()
    letters = {letter.id: letter for letter in session.scalars(select(LetterRow))}
    carried = Counter(notice.letter_id for notice in notices)
    loose = carried.pop(None, 0)
    keys = {(n.share_id, n.epoch, n.rung, n.person, n.channel) for n in notices}
    checks.equal("ledger rows by state against all rows", notices_by_state(session).total(), len(notices))
    checks.equal("different notices against ledger rows", len(keys), len(notices))
    checks.equal("notices with and without a letter", carried.total() + loose, len(notices))
    for letter in letters.values():
        has_notices = carried[letter.id] > 0
        checks.true(
            f"letter {letter.id} ({letter.kind}) has its notices", has_notices == (letter.kind == "digest")
        )
    for notice in notices:
        bearer = letters.get(notice.letter_id or 0)
        told = bearer is not None and bearer.state == "sent" and bearer.person == notice.person
        checks.true(
            f"notice {notice.id}, sent, is in a letter sent to its person", told or notice.state != "sent"
        )
        checks.true(f"notice {notice.id} is settled", notice.state != "waiting")


def check_maildir(session: Session, folder: Path, checks: Checks) -> None:
    """Check that the files are the letters sent, each once."""
    from storage.schema import LetterRow

    kept = Counter(session.scalars(select(LetterRow.message_id).where(LetterRow.state == "sent")))
    files = folder.glob("new/*")
    found = Counter(
        str(message_from_bytes(file.read_bytes(), policy=default)["Message-ID"]) for file in files
    )
    checks.true("the maildir holds the letters sent, each once", found == kept)


def twice(home: Path, checks: Checks) -> None:
    """Walk the year 2022 twice over one record and show what the second walk added."""
    from benchmarks.office import maildir_of, new_office, rows_by_table, walk_year

    with new_office(home) as office:
        walk_year(office)
        before = rows_by_table(office) | {"files": sum(1 for _ in maildir_of(office).glob("new/*"))}
        walk_year(office)
        after = rows_by_table(office) | {"files": sum(1 for _ in maildir_of(office).glob("new/*"))}
    added = {name: after[name] - before[name] for name in after}
    shown = {"letter": "letters", "notice": "ledger rows", "event": "events", "files": "files in the maildir"}
    rest = sum(added[name] for name in added if name not in shown)
    rows = [(words, before[name], added[name]) for name, words in shown.items()]
    rows.append(("rows of all other tables", sum(before.values()) - sum(r[1] for r in rows), rest))
    print("\n### The year 2022, walked twice over one record\n")
    print(table(("", "after the first walk", "added by the second"), rows))
    for words, _, count in rows:
        checks.equal(f"{words} added by the second walk", count, 0)


if __name__ == "__main__":
    sys.exit(main())
