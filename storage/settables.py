"""Every kind of thing an office can set, by the name the record of changes knows it by."""

from __future__ import annotations

from collections.abc import Mapping

from storage import organisation_settable, swapped_days, webhooks
from storage.office_journal import Settable
from storage.plan_policy import POLICY

SETTABLES: Mapping[str, Settable] = {
    organisation_settable.KIND: organisation_settable.OrganisationSettable(),
    swapped_days.KIND: swapped_days.SWAPPED_DAYS,
    **POLICY,
    webhooks.KIND: webhooks.SETTABLE,
}
