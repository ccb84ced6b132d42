"""The refusal of a decision that does not fit the facts."""

from __future__ import annotations

from tasks_catalog.problem import Refused


class DecisionRefused(Refused):
    """The decision does not fit the facts, such as accepting what nobody reported."""
