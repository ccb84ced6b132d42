"""Every kind of thing an office can set, by the name the record of changes knows it by."""

from __future__ import annotations

from collections.abc import Mapping

from storage import organisation_settable, own_wording, swapped_days
from storage.office_journal import Settable

SETTABLES: Mapping[str, Settable] = {
    organisation_settable.KIND: organisation_settable.OrganisationSettable(),
    swapped_days.KIND: swapped_days.SWAPPED_DAYS,
    own_wording.KIND: own_wording.OWN_WORDING,
}
