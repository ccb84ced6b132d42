"""Every kind of thing an office can set, by the name the record of changes knows it by."""

from __future__ import annotations

from collections.abc import Mapping

from storage import organisation_settable, webhooks
from storage.office_journal import Settable

SETTABLES: Mapping[str, Settable] = {
    organisation_settable.KIND: organisation_settable.OrganisationSettable(),
    webhooks.KIND: webhooks.SETTABLE,
}
