"""Steps: the parts of a flow's work, run plainly or as Prefect tasks with names people understand.

Each flow's work is a plain function that calls its parts through ``run``. Tests, the demo's 250
days and the command line hand in ``plainly``; the flows hand in ``through_prefect``, and each part
shows in the flow UI under the Vietnamese name it was given with ``named``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Run(Protocol):
    """How a part of a flow's work is called."""

    def __call__(self, part: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R: ...


def named(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give a part the name the coordinator reads in the flow UI."""

    def name_it(part: Callable[P, R]) -> Callable[P, R]:
        part.__dict__["step_name"] = name
        return part

    return name_it


def plainly(part: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call the part itself, without the engine."""
    return part(*args, **kwargs)


def through_prefect(part: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call the part as a Prefect task of the running flow; never cached, its result never persisted.

    Retries stay off: the database is the record, and the next run of the flow makes good what
    this one did not do. What is handed over is ``opaque``: the engine would look for runs of other
    steps inside every task, share and day of it, which costs more than the work itself.
    """
    from prefect import task as step
    from prefect.cache_policies import NO_CACHE
    from prefect.utilities.annotations import opaque

    name: Any = part.__dict__.get("step_name", part.__name__)
    as_step: Callable[..., R] = step(name=name, cache_policy=NO_CACHE, persist_result=False, retries=0)(part)
    return as_step(*map(opaque, args), **{key: opaque(value) for key, value in kwargs.items()})


def run_name(title: str) -> Callable[[], str]:
    """Return what names a run in the flow UI: the flow's title and the day it acts as of."""

    def name_it() -> str:
        from prefect.runtime import flow_run

        as_of = flow_run.get_parameters().get("as_of") or flow_run.get_scheduled_start_time()
        day = as_of if isinstance(as_of, date) else date.fromisoformat(str(as_of)[:10])
        return f"{title} {day:%d/%m/%Y}"

    return name_it
