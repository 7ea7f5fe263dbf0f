"""Who reported a danger hears what becomes of it."""

from __future__ import annotations

import pytest

from contracts import samples
from contracts.intake.hazards import HazardRemoved, HazardReported, HazardSecured
from tests.unit.notify.facts import fact, messages, tell

STEPS = [(HazardReported, "hazard_received"), (HazardSecured, "hazard_secured"), (HazardRemoved, "hazard_removed")]


@pytest.mark.parametrize(("step", "template"), STEPS, ids=lambda one: getattr(one, "__name__", one))
def test_given_a_resident_reported_when_it_goes_on_then_they_hear_of_it_once(store, step, template):
    for _ in range(2):
        tell(store, fact(step, {"told_by": samples.REPORTER}, subject=samples.HAZARD))
    assert [samples.RESIDENT] == [row.recipient_id for row in messages(store, template)]


@pytest.mark.parametrize(("step", "template"), STEPS, ids=lambda one: getattr(one, "__name__", one))
def test_given_staff_found_it_when_it_goes_on_then_no_resident_is_told(store, step, template):
    tell(store, fact(step, {"told_by": None}, subject=samples.HAZARD))
    assert [] == messages(store, template)
