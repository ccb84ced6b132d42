"""Typed words to values without pydantic, which costs every command a third of a second to import.

Typer turns each option into its type through a pydantic adapter it builds at first use. Our options
are words, numbers, paths and lists of words; these few lines do the same for them, and leave any
other type to Typer. A Typer that keeps no such adapter (before 0.27, or changed later) is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import typer


class PlainValue:
    """Stands in for Typer's adapter of one parameter: ``coerce`` as Typer calls it."""

    def __init__(self, kind: type, *, several: bool, least: float | None, most: float | None) -> None:
        self.kind, self.several, self.least, self.most = kind, several, least, most

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the value typed. Raises typer.BadParameter, which names the parameter."""
        if value is None:
            return () if self.several else None
        if self.several:
            return [self._one(item, param, ctx) for item in value]
        return self._one(value, param, ctx)

    def _one(self, value: Any, param: Any, ctx: Any) -> Any:
        try:
            typed = self.kind(value)
        except ValueError as error:
            raise typer.BadParameter(f"“{value}”", ctx=ctx, param=param) from error
        too_little = self.least is not None and typed < self.least
        if too_little or (self.most is not None and typed > self.most):
            raise typer.BadParameter(f"“{value}” ({self.least}–{self.most})", ctx=ctx, param=param)
        return typed


def use_plain_values(command: Any) -> None:
    """Give every parameter of a command, and of those below it, a plain value where its type is plain."""
    for param in _params(command):
        kind, several = _kind_of(getattr(getattr(param, "type_descriptor", None), "annotation", None))
        if kind is not None and getattr(param, "_runtime_param", False) is None:
            info = param.type_descriptor.parameter_info
            param._runtime_param = PlainValue(kind, several=several, least=info.min, most=info.max)


def _params(command: Any) -> Iterator[Any]:
    """Yield every option and argument, ``--help`` too: it is made once, at its first use."""
    yield from command.get_params(typer.Context(command))
    for below in getattr(command, "commands", {}).values():
        yield from _params(below)


def _kind_of(annotation: Any) -> tuple[type | None, bool]:
    several = get_origin(annotation) is list
    kind = get_args(annotation)[0] if several else annotation
    return (kind if kind in (str, int, bool, Path) else None), several
