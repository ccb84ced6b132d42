"""Every kind of thing an office can set, by the name the record of changes knows it by."""

from __future__ import annotations

from collections.abc import Mapping

from storage import own_wording, swapped_days, webhooks
from storage.absences import ABSENCE, AbsenceSettable
from storage.directory_values import GROUP, ORGANISATION, PERSON, UNIT
from storage.office_journal import Settable
from storage.organisation_settable import OrganisationSettable
from storage.person_settable import PersonSettable
from storage.plan_policy import POLICY
from storage.preferences import PREFERENCE, PreferenceSettable
from storage.unit_settables import GroupSettable, UnitSettable

SETTABLES: Mapping[str, Settable] = {
    ORGANISATION: OrganisationSettable(),
    UNIT: UnitSettable(),
    GROUP: GroupSettable(),
    PERSON: PersonSettable(),
    ABSENCE: AbsenceSettable(),
    PREFERENCE: PreferenceSettable(),
    swapped_days.KIND: swapped_days.SWAPPED_DAYS,
    **POLICY,
    webhooks.KIND: webhooks.SETTABLE,
    own_wording.KIND: own_wording.OWN_WORDING,
}
