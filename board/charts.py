"""Charts drawn on the server as SVG: shapes, hatches and markers tell things apart, colour only repeats it.

Matplotlib is imported when the first chart is asked for (a second that no other page should cost), and used
without pyplot, which would keep every figure alive. The same values give the same bytes.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from tasks_catalog.standing import StandingKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MEDIA_TYPE = "image/svg+xml"
_FONTS = ["DejaVu Sans", "Segoe UI", "Roboto", "Noto Sans", "Arial"]
_SETTINGS: Any = {
    "svg.fonttype": "none",  # text stays text: the browser's own fonts hold Vietnamese
    "svg.hashsalt": "dondoc",
    "font.family": "sans-serif",
    "font.sans-serif": _FONTS,
    "font.size": 9,
    "text.parse_math": False,  # a plan's words may hold dollars
    "hatch.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_INK, _SOFT, _GRID, _DONE, _LATE = "#1c2321", "#4c5654", "#dfe4e2", "#1d7a4f", "#b3261e"
_FILLS: dict[StandingKind, tuple[str, str]] = {
    StandingKind.DONE_ON_TIME: ("#bfe0cf", ""),
    StandingKind.DONE_LATE: ("#dbe0a8", "\\\\"),
    StandingKind.CLOSED: ("#d9dbe0", "xx"),
    StandingKind.IN_PROGRESS: ("#ffffff", ""),
    StandingKind.OVERDUE: ("#ffffff", ""),
}
_LATE_FILL = "#f6d5d2"
_TODAY: dict[str, Any] = {"color": _INK, "linewidth": 1.2, "linestyle": (0, (4, 2))}
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One stretch of a timeline as it is drawn."""

    label: str
    start: date
    first_due: date
    due: date
    done_on: date | None
    kind: StandingKind


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a chart prints."""

    planned: str = ""
    done: str = ""
    today: str = ""
    first_due: str = ""
    due: str = ""
    done_mark: str = ""
    overdue: str = ""


@cache
def _matplotlib() -> type[Figure]:
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update(_SETTINGS)  # nothing else in this process draws
    return Figure


def _svg(figure: Figure) -> bytes:
    kept = io.BytesIO()
    about = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(kept, format="svg", metadata=about)
    return kept.getvalue()


def timeline_svg(bars: Sequence[Bar], ticks: Sequence[tuple[date, str]], today: date, words: Words) -> bytes:
    """Return the stretches, the first on top, with today's line and a legend."""
    with _ONE_AT_A_TIME:
        height = 0.9 + 0.27 * max(len(bars), 3)
        figure = _matplotlib()(figsize=(10.6, height))
        axes = figure.subplots()
        figure.subplots_adjust(left=0.33, right=0.985, top=1 - 0.45 / height, bottom=0.35 / height)
        _draw(axes, bars, today)
        _dates(axes, ticks, "x")
        axes.set_yticks(range(len(bars)), [bar.label for bar in bars])
        axes.set_ylim(max(len(bars), 3) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.axvline(today.toordinal(), **_TODAY)
        axes.legend(
            handles=_timeline_legend(words),
            loc="lower right",
            ncols=5,
            frameon=False,
            bbox_to_anchor=(1.0, 1.0),
            borderaxespad=0.1,
            handlelength=1.6,
            columnspacing=1.1,
        )
        return _svg(figure)


def _draw(axes: Axes, bars: Sequence[Bar], today: date) -> None:
    """Draw each kind of stretch and mark at one go: a call for each bar takes half as long again."""
    placed = list(enumerate(bars))
    for kind in dict.fromkeys(bar.kind for bar in bars):
        colour, hatch = _FILLS.get(kind, ("#ffffff", ""))
        spans = [(place, bar.start, bar.first_due) for place, bar in placed if bar.kind is kind]
        _stretches(axes, spans, color=colour, edgecolor=_SOFT, hatch=hatch)
    moved = [(place, bar) for place, bar in placed if bar.due > bar.first_due]
    extended = [(place, bar.first_due, bar.due) for place, bar in moved]
    _stretches(axes, extended, color="#fff", edgecolor=_SOFT, hatch="||")
    late = [
        (place, bar.due, today)
        for place, bar in placed
        if bar.kind is StandingKind.OVERDUE and today > bar.due
    ]
    _stretches(axes, late, color=_LATE_FILL, edgecolor=_LATE, hatch="////")
    old = [(place, bar.first_due) for place, bar in moved]
    done = [(place, bar.done_on) for place, bar in placed if bar.done_on]
    _marks(axes, old, marker="D", color=_INK, markerfacecolor="#fff", markersize=5)
    _marks(axes, [(place, bar.due) for place, bar in placed], marker="D", color=_INK, markersize=5)
    _marks(axes, done, marker="o", color=_DONE, markersize=6, markeredgecolor=_INK)


def _stretches(axes: Axes, spans: Sequence[tuple[int, date, date]], **look: Any) -> None:
    if spans:
        widths = [last.toordinal() - first.toordinal() for _, first, last in spans]
        lefts = [first.toordinal() for _, first, _ in spans]
        axes.barh([place for place, _, _ in spans], widths, left=lefts, height=0.5, **look)


def _marks(axes: Axes, days: Sequence[tuple[int, date]], **look: Any) -> None:
    axes.plot([day.toordinal() for _, day in days], [place for place, _ in days], linestyle="none", **look)


def _timeline_legend(words: Words) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    def mark(shape: str, label: str, face: str) -> Line2D:
        return Line2D([], [], linestyle="none", marker=shape, color=_INK, markerfacecolor=face, label=label)

    return [
        mark("D", words.due, _INK),
        mark("D", words.first_due, "#fff"),
        mark("o", words.done_mark, _DONE),
        Patch(facecolor=_LATE_FILL, edgecolor=_LATE, hatch="////", label=words.overdue),
        Line2D([], [], **_TODAY, label=words.today),
    ]


def burn_svg(
    ends: Sequence[date],
    planned: Sequence[int],
    done: Sequence[int],
    ticks: Sequence[tuple[date, str]],
    today: date,
    words: Words,
    *,
    small: bool = False,
) -> bytes:
    """Return planned and done as two lines that only rise; ``done`` may end before ``planned``.

    A ``small`` one shows the last weeks close up, without today's line.
    """
    with _ONE_AT_A_TIME:
        width, height = (7.4, 1.75) if small else (10.6, 4.2)
        figure = _matplotlib()(figsize=(width, height))
        axes = figure.subplots()
        figure.subplots_adjust(left=0.075, right=0.985, top=1 - 0.3 / height, bottom=0.3 / height)
        days = [end.toordinal() for end in ends]
        reached = [min(day, today.toordinal()) for day in days[: len(done)]]
        size = 6 if len(days) <= 12 and not small else 4
        axes.plot(reached, done, color=_DONE, linewidth=3, marker="o", markersize=size + 2, label=words.done)
        dashed: dict[str, Any] = {"linestyle": (0, (4, 2)), "marker": "s", "markerfacecolor": "#fff"}
        dashed |= {"color": _INK, "linewidth": 1.2, "markersize": size - 1}
        axes.plot(days, planned, **dashed, label=words.planned)
        if not small and days and days[0] <= today.toordinal() <= days[-1]:
            axes.axvline(today.toordinal(), **_TODAY, label=words.today)
        _dates(axes, ticks, "both")
        _rise(axes, [*planned, *done], close_up=small)
        axes.legend(loc="lower left", ncols=3, frameon=False, bbox_to_anchor=(0.0, 1.0), borderaxespad=0.1)
        return _svg(figure)


def _rise(axes: Axes, numbers: Sequence[int], *, close_up: bool) -> None:
    """Set the scale of counts: from nothing, or close up from a little under the lowest."""
    from matplotlib.ticker import MaxNLocator

    highest = max((*numbers, 1))
    lowest = min(numbers, default=0) if close_up else 0
    room = max(1.0, (highest - lowest) * 0.1)
    axes.set_ylim(max(0.0, lowest - room), highest + room)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4 if close_up else 8, steps=[1, 2, 5, 10], integer=True))


def _dates(axes: Axes, ticks: Sequence[tuple[date, str]], grid: Any) -> None:
    axes.set_xticks([day.toordinal() for day, _ in ticks], [label for _, label in ticks])
    axes.grid(axis=grid, color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("left", "bottom"):
        axes.spines[side].set_color("#9aa5a2")
