"""The rules of a directory, asked after one thing of it was set: no new fault, names and readers follow."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy.orm import Session

from storage import counting
from storage.moved_readers import drop_moved
from storage.office_journal import Made
from storage.people import load_directory
from tasks_catalog.directory_check import DirectoryRefused, faults_of
from tasks_catalog.people import Directory
from tasks_catalog.problem import Problem, Refused

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")
"""Codes stand in addresses of pages, in commands and in files."""


class SettingRefused(Refused):
    """A thing of the directory cannot be set so."""


def refuse_unfit_code(code: str) -> None:
    """Raise SettingRefused (setting_code_unfit) for a code of a new thing that no command could be given."""
    if not _CODE.match(code):
        raise SettingRefused("setting_code_unfit", key=code or "-")


def set_within(
    session: Session,
    organisation_id: int,
    before: Directory,
    apply: Callable[[], None],
    *,
    made: Made,
    person: str = "",
) -> Directory:
    """Set a thing by ``apply`` and look at the whole: return the directory since.

    Raises DirectoryRefused for a fault that was not there before; ``person`` is whose address is new.
    Words of tasks that name a renamed unit follow, and lines that wait find who is meant now.
    """
    apply()
    session.flush()
    after = load_directory(session, organisation_id)
    looked_at = [each for each in after.people if each.code == person]
    known = {_told(problem) for problem in faults_of(before, ())}
    new = tuple(problem for problem in faults_of(after, looked_at) if _told(problem) not in known)
    if new:
        raise DirectoryRefused(new)
    names = {owner.code: owner.name for owner in before.owners}
    renamed = {owner.code for owner in after.owners if names.get(owner.code, owner.name) != owner.name}
    counting.renamed(session, organisation_id, renamed)
    drop_moved(session, organisation_id, before, after, at=made.at)
    return after


def _told(problem: Problem) -> tuple[str, str]:
    return problem.code, repr(sorted(problem.params.items()))
