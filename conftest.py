"""Options of the whole test run."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renew-golden",
        action="store_true",
        default=False,
        help="write what the code makes now to tests/golden/ instead of comparing with it",
    )
    parser.addoption(
        "--renew-pictures",
        action="store_true",
        default=False,
        help="take the pictures of docs/pictures/ anew from the board (with: tests/browser/test_pictures.py)",
    )
