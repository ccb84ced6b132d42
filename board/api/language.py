"""In which language a call is answered."""

from __future__ import annotations

from collections.abc import Mapping


def language_of(headers: Mapping[str, str]) -> str:
    """Return the language Accept-Language asks for (RFC 9110, 12.5.4); Vietnamese unless English leads."""
    weights: dict[str, float] = {}
    for part in headers.get("accept-language", "")[:200].split(","):
        tag, _, rest = part.strip().partition(";")
        name, _, weight = rest.strip().partition("=")
        primary = tag.strip().casefold().partition("-")[0]
        try:
            told = float(weight) if name.strip() == "q" else 1.0
        except ValueError:
            told = 0.0
        weights[primary] = max(told, weights.get(primary, 0.0))
    anything = weights.get("*", 0.0)
    return "en" if weights.get("en", 0.0) > weights.get("vi", anything) else "vi"
