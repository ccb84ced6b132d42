"""What people may decide: each a value that turns facts into new facts.

``apply`` is the only place where facts change. The journal stores each decision with who, when
and the document; replaying a task's decisions up to a moment gives the facts of that moment.
"""

from tasks_catalog.decisions.applying import apply, facts_after
from tasks_catalog.decisions.kinds import (
    Accept,
    Acknowledge,
    AskExtension,
    Close,
    Correct,
    DecideExtension,
    Decision,
    Measure,
    MovedDate,
    Open,
    OpenedShare,
    Reassign,
    Recorded,
    Reopen,
    Report,
    Resume,
    Return,
    Revise,
    SayArisen,
    SetAside,
    Settle,
    Snooze,
    Trigger,
    Wait,
)
from tasks_catalog.decisions.refusal import DecisionRefused

__all__ = [
    "Accept",
    "Acknowledge",
    "AskExtension",
    "Close",
    "Correct",
    "DecideExtension",
    "Decision",
    "DecisionRefused",
    "Measure",
    "MovedDate",
    "Open",
    "OpenedShare",
    "Reassign",
    "Recorded",
    "Reopen",
    "Report",
    "Resume",
    "Return",
    "Revise",
    "SayArisen",
    "SetAside",
    "Settle",
    "Snooze",
    "Trigger",
    "Wait",
    "apply",
    "facts_after",
]
