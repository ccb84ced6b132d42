"""Prefect's API as our own flows call it: at their own port, with the secret of this start."""

from __future__ import annotations

from typing import Any

import httpx

from flows.server import RunningServer


def own_headers() -> dict[str, str]:
    from prefect.settings import get_current_settings

    return dict(get_current_settings().client.custom_headers)


def ask(server: RunningServer, path: str, asked: dict[str, Any], timeout: float = 5) -> httpx.Response:
    return httpx.post(f"{server.api_url}/{path}", json=asked, headers=own_headers(), timeout=timeout)
