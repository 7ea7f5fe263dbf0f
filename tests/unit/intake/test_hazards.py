"""Hazards (A4)."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, VersionMismatch
from contracts import samples
from contracts.intake.hazards import GetHazard, HazardView, ListHazards, ReportHazard, SecureHazard, VerifyHazard
from services.intake import hazards
from services.intake.machines import HAZARD
from tests.unit.intake.world import CALLER, CHEN, LISHAN, NIGHT, OTHER, STAIRWELL, WANG, do, facts_of, names


def report(store, who=LISHAN, now=NIGHT, **more):
    return do(store, hazards.report_hazard, ReportHazard, who, now, **more)


def secure(store, number, who=LISHAN, **more):
    return do(store, hazards.secure_hazard, SecureHazard, who, number=number, **more)


def verify(store, number, who=LISHAN, **more):
    return do(store, hazards.verify_hazard, VerifyHazard, who, number=number, **more)


def test_given_a_leaning_pole_when_reported_then_it_is_an_emergency_without_approval(store):
    view = report(store)
    assert ("REGISTERED", "EMERGENCY", "Y20240706") == (view["state"], view["urgency"], view["number"][:9])
    (fact,) = facts_of(store, "hazard_reported")
    assert (3, LISHAN.id, ["ELECTRIC_SHOCK"]) == (
        fact["data"]["photo_count"],
        fact["data"]["reported_by"]["id"],
        fact["data"]["danger_flags"],
    )


def test_given_danger_words_when_reported_without_flag_then_it_is_an_emergency_all_the_same(store):
    view = report(store, danger_flags=[], level="GENERAL", description="雨天有触电危险")
    assert ("EMERGENCY", ["ELECTRIC_SHOCK"]) == (view["urgency"], view["danger_flags"])


def test_given_a_hazard_when_told_then_its_words_stay_home(store):
    report(store)
    assert [] == [word for word in ("灯杆", "7号楼") if word in str(facts_of(store))]


def test_given_a_major_hazard_when_secured_and_verified_then_it_is_removed(store):
    number = report(store)["number"]
    assert "SECURED" == secure(store, number)["state"]
    view = verify(store, number)
    assert ("REMOVED", ["name_owner"], LISHAN.id) == (
        view["state"],
        view["allowed_commands"],
        view["verified_by"]["id"],
    )
    assert ["hazard_reported", "hazard_secured", "hazard_removed"] == names(store)


@pytest.mark.parametrize("level", ["SERIOUS", "MAJOR"])
def test_given_a_serious_hazard_when_secured_without_photo_then_it_is_invalid(store, level):
    number = report(store, level=level)["number"]
    with pytest.raises(Invalid):
        secure(store, number, photos=[])


@pytest.mark.parametrize("level", ["SERIOUS", "MAJOR"])
def test_given_a_serious_hazard_when_verified_without_measure_then_the_conflict_names_the_state(store, level):
    view = report(store, level=level)
    number = view["number"]
    assert ["name_owner", "secure_hazard"] == view["allowed_commands"]
    with pytest.raises(Conflict) as refusal:
        verify(store, number)
    assert ["SECURED"] == refusal.value.details["allowed_states"]


def test_given_a_general_hazard_when_verified_at_once_then_it_is_removed(store):
    number = report(store, level="GENERAL")["number"]
    assert "REMOVED" == verify(store, number)["state"]


def test_given_a_secured_hazard_when_secured_again_then_both_measures_are_kept(store):
    number = report(store)["number"]
    secure(store, number)
    view = secure(store, number, measure_code="GUARD")
    assert ["CORDON", "GUARD"] == [measure.measure_code for measure in view["measures"]]


def test_given_a_removed_hazard_when_secured_then_it_is_a_conflict(store):
    number = report(store, level="GENERAL")["number"]
    verify(store, number)
    with pytest.raises(Conflict):
        secure(store, number)


def test_given_a_resident_when_reporting_then_it_is_taken_but_only_staff_may_verify(store):
    view = report(store, CHEN, level="GENERAL")
    assert ([], "居民") == (view["allowed_commands"], view["reported_by"]["name"])
    assert CHEN.id not in str(facts_of(store, "hazard_reported")[0]["data"])
    with pytest.raises(Forbidden):
        verify(store, view["number"], CHEN)


@pytest.mark.parametrize("who", [OTHER, CALLER])
def test_given_staff_of_elsewhere_when_reporting_then_it_is_forbidden(store, who):
    with pytest.raises(Forbidden):
        report(store, who)


@pytest.mark.rule("4")
def test_given_staff_of_elsewhere_when_verifying_then_there_is_no_such_case(store):
    number = report(store, level="GENERAL")["number"]
    with pytest.raises(NotFound):
        verify(store, number, OTHER)


def test_given_an_old_version_when_securing_then_it_is_refused(store):
    number = report(store)["number"]
    with pytest.raises(VersionMismatch):
        secure(store, number, expected_version=9)


def test_given_hazards_when_listed_then_only_those_of_the_askers_places_are_there(store):
    number = report(store)["number"]
    seen = {who.name: do(store, HAZARD.page, ListHazards, who, area_path=None, numbers=[]) for who in (WANG, OTHER)}
    assert {"王芳": [number], "赵文斌": []} == {
        name: [row["number"] for row in page["items"]] for name, page in seen.items()
    }


@pytest.mark.rule("4")
def test_given_a_hazard_when_read_then_the_view_keeps_its_contract_and_strangers_get_nothing(store):
    number = report(store)["number"]
    view = HazardView().dump(do(store, HAZARD.read, GetHazard, WANG, number=number))
    assert (STAIRWELL, 3) == (view["area_path"], len(view["photos"]))
    with pytest.raises(NotFound):
        do(store, HAZARD.read, GetHazard, OTHER, number=number)


def test_given_no_such_number_when_read_then_it_is_not_found(store):
    with pytest.raises(NotFound):
        do(store, HAZARD.read, GetHazard, WANG, number=samples.HAZARD_NO)
