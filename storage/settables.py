"""Every kind of thing an office can set, by the name the record of changes knows it by."""

from __future__ import annotations

from collections.abc import Mapping

from storage import webhooks
from storage.office_journal import Settable

SETTABLES: Mapping[str, Settable] = {
    webhooks.KIND: webhooks.SETTABLE,
}
