"""What a look at mail may find: one table of codes, what each was looked at for, and how it weighs.

The sentences are ``[check_<code>]`` and, for all that is not as it should be, ``[check_<code>_do]``:
what to do about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Weight(StrEnum):
    """What a finding means for mail."""

    FINE = "fine"
    NOTE = "note"
    """Worth knowing, or not to be looked at from here; mail leaves and arrives all the same."""
    ADVICE = "advice"
    """Should be put right: mail leaves, and some of it may be lost or distrusted."""
    HINDERS = "hinders"
    """Keeps letters from leaving, or from being taken where they go."""


class Known(NamedTuple):
    """What a code is about and how it weighs."""

    looked_at: str
    weight: Weight


_F, _N, _A, _H = Weight.FINE, Weight.NOTE, Weight.ADVICE, Weight.HINDERS

_BY_SUBJECT: Mapping[str, Mapping[str, Weight]] = {
    "folder": {
        "folder_ready": _F,
        "folder_new": _F,
        "folder_no_folder": _H,
        "folder_closed": _H,
        "folder_full": _H,
    },
    "name": {"name_found": _F, "name_unknown": _H},
    "connection": {"connected": _F, "connect_refused": _H, "connect_timeout": _H, "connect_failed": _H},
    "greeting": {
        "greeted": _F,
        "greeting_silent": _H,
        "greeting_refused": _H,
        "greeting_broken": _H,
        "ehlo_refused": _H,
    },
    "tls": {
        "tls_agreed": _F,
        "tls_off_loopback": _F,
        "tls_off": _A,
        "ca_file_unreadable": _H,
        "tls_missing": _H,
        "tls_not_spoken": _H,
        "tls_refused": _H,
    },
    "certificate": {
        "certificate_good": _F,
        "certificate_soon": _A,
        "certificate_expired": _H,
        "certificate_early": _H,
        "certificate_other_name": _H,
        "certificate_self_signed": _H,
        "certificate_stranger": _H,
        "certificate_refused": _H,
    },
    "login": {
        "login_none": _F,
        "login_not_used": _N,
        "login_accepted": _F,
        "login_not_offered": _H,
        "login_refused": _H,
        "login_failed": _H,
    },
    "sender": {"sender_accepted": _F, "sender_put_off": _A, "sender_needs_login": _H, "sender_refused": _H},
    "recipient": {
        "recipient_accepted": _F,
        "recipient_none": _N,
        "recipient_put_off": _A,
        "recipient_refused": _H,
    },
    "return_path": {"return_path_accepted": _F, "return_path_refused": _A},
    "size": {"size_enough": _F, "size_untold": _F, "size_small": _A, "size_tiny": _H},
    "extensions": {
        "8bitmime_offered": _F,
        "8bitmime_missing": _F,
        "smtputf8_offered": _F,
        "smtputf8_missing": _F,
        "dsn_offered": _F,
        "dsn_missing": _N,
        "pipelining_offered": _F,
        "pipelining_missing": _F,
    },
    "dialogue": {"dialogue_silent": _H, "dialogue_broken": _H},
    "addresses": {"addresses_plain": _F, "addresses_beyond_ascii": _H},
    "resolver": {"resolver_silent": _N, "lookups_cut": _N},
    "domain": {"domain_unknown": _H},
    "mx": {"mx_found": _F, "mx_by_address": _N, "mx_none": _A, "mx_null": _A},
    "spf": {
        "spf_good": _F,
        "spf_neutral": _N,
        "spf_missing": _A,
        "spf_several": _A,
        "spf_open": _A,
        "spf_many_lookups": _A,
        "spf_unreadable": _A,
        "spf_include_missing": _A,
        "spf_closed": _H,
    },
    "dkim": {
        "dkim_good": _F,
        "dkim_not_looked_up": _N,
        "dkim_testing": _N,
        "dkim_missing": _A,
        "dkim_revoked": _A,
        "dkim_short": _A,
        "dkim_unreadable": _A,
    },
    "dmarc": {
        "dmarc_good": _F,
        "dmarc_watches": _N,
        "dmarc_missing": _A,
        "dmarc_several": _A,
        "dmarc_unreadable": _A,
        "dmarc_unproven": _A,
        "dmarc_refuses": _H,
    },
    "letter": {"letter_sent": _F, "letter_deferred": _H, "letter_dead": _H, "letter_unknown": _H},
}

KNOWN: Mapping[str, Known] = {
    code: Known(subject, weight) for subject, codes in _BY_SUBJECT.items() for code, weight in codes.items()
}
SUBJECTS = tuple(_BY_SUBJECT)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at and what was found; ``params`` are what its sentences quote."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def looked_at(self) -> str:
        return KNOWN[self.code].looked_at

    @property
    def weight(self) -> Weight:
        return KNOWN[self.code].weight

    @property
    def hinders(self) -> bool:
        return self.weight is Weight.HINDERS


def found(code: str, /, **params: object) -> Finding:
    """Return a finding of the table. Raises KeyError for a code that is not in it."""
    if code not in KNOWN:
        raise KeyError(code)
    return Finding(code=code, params=params)


class EndsHere(Exception):
    """A finding after which there is nothing more to look at on this way."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding
