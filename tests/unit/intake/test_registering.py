"""A call comes in (A1 step 1)."""

from __future__ import annotations

from tests.unit.intake.world import LISHAN, NOW, names, register


def test_given_the_grid_worker_of_the_place_when_registering_then_the_case_is_hers_and_in_progress(store):
    view = register(store)
    assert ("IN_PROGRESS", LISHAN.id, "EMERGENCY") == (view["state"], view["handler"]["id"], view["urgency"])
    assert ["appeal_registered", "appeal_accepted", "appeal_assigned", "appeal_signed"] == names(store)
