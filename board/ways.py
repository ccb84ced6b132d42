"""The ways to the board's other pages at the top of every page: those open to whoever looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from board.viewers import Looking
from tasks_catalog.roles import Right, may


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way: ``code`` words it, ``name`` is what the page it leads to calls itself."""

    href: str
    code: str
    name: str


SETTINGS = (Right.DIRECTORY, Right.POLICY, Right.ACCOUNTS, Right.INTEGRATIONS)
"""Any one of these opens the page of settings."""

_WAYS = (
    ((Right.LOOK,), "/", "board_title", "home"),
    ((Right.WORK,), "/mine", "mine_title", "mine"),
    ((Right.PLANS,), "/imports", "imports_title", "imports"),
    ((Right.LETTERS,), "/outbox", "board_outbox", "outbox"),
    ((Right.ANSWERS,), "/answers", "board_answers", "answers"),
    (SETTINGS, "/settings", "settings_title", "settings"),
)


def ways(root: str, who: Looking, *, imports: bool, flow_ui: str | None) -> Iterator[Way]:
    """Return the ways open to ``who``; ``imports``: whether this board takes plans in."""
    if who.actor is None and who.must_sign_in:
        return
    for rights, path, code, name in _WAYS:
        if name == "mine" and (who.actor is None or not who.actor.of_unit):
            continue
        if any(is_open(who, right) for right in rights) and (imports or name != "imports"):
            yield Way(href=f"{root}{path}", code=code, name=name)
    if flow_ui and is_open(who, Right.FLOW_UI):
        yield Way(href=flow_ui, code="board_flow_ui", name="flows")


def is_open(who: Looking, right: Right) -> bool:
    """Say whether whoever looks has a right; without sign-in whoever sits here has all."""
    return who.actor is None or may(who.actor.role, right)
