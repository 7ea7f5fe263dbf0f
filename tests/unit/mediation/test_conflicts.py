"""Who must stand aside 回避 is found by what really tells people apart, and a mediator can be replaced to the end."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import update

from chassis.errors import Conflict, Forbidden
from services.mediation import conflicts, document, mediators
from services.mediation.tables import Member
from tests.unit.mediation.people import COMMUNITY, MA, SHI, staff

pytestmark = pytest.mark.rule("19")

HAN = "13900139000"
OTHER = "13900139001"


def known(world, account="u-shixiuying", **marks) -> None:
    with world.store.transaction() as session:
        session.execute(update(Member).where(Member.account == account).values(**marks))


def refused(world, mediator="u-shixiuying") -> str:
    with pytest.raises(Conflict) as refusal:
        world.assign(mediator)
    assert ("回避", mediator) == (refusal.value.details["rule"], refusal.value.details["mediator_id"])
    return str(refusal.value)


def test_given_a_mediator_whose_person_record_is_a_party_then_refused(world):
    world.opened()
    known(world, person_id=world.chen_person)
    assert "与当事人为同一人" in refused(world)


def test_given_a_mediator_with_the_telephone_of_a_party_then_refused(world):
    world.opened()
    known(world, phone_hash=conflicts.hashed_phone(HAN))
    world.name(world.zhao, "赵建国", phone=HAN)
    assert "与当事人为同一人" in refused(world)


@pytest.mark.parametrize("relation", ["REPRESENTATIVE", "RELATIVE"])
@pytest.mark.parametrize("near", [{"name": "石 秀英"}, {"name": "石老师", "phone": HAN}], ids=["name", "telephone"])
def test_given_a_mediator_who_stands_near_to_a_party_then_refused(world, relation, near):
    world.opened()
    known(world, phone_hash=conflicts.hashed_phone(HAN))
    world.name(world.zhao, "赵建国", related=[{"relation": relation, "phone": None, **near}])
    assert {"REPRESENTATIVE": "当事人的代理人", "RELATIVE": "当事人的近亲属"}[relation] in refused(world)


def test_given_the_handler_of_the_case_then_he_does_not_mediate_it(world):
    world.open_case(data={"handler": {"id": "u-shixiuying", "name": "石秀英"}})
    world.willing(world.chen)
    world.willing(world.zhao)
    assert "经办人" in refused(world)


def test_given_a_namesake_with_another_telephone_then_he_may_mediate(world):
    world.opened()
    known(world, phone_hash=conflicts.hashed_phone(HAN))
    world.name(world.zhao, "石秀英", phone=OTHER)
    world.assign()
    assert "MEDIATING" == world.state()


def test_given_a_mediator_at_work_when_a_relative_turns_out_to_be_the_same_person_then_replace_first(world):
    world.mediating()
    with pytest.raises(Conflict):
        world.name(world.zhao, "赵建国", related=[{"relation": "RELATIVE", "name": "石秀英", "phone": None}])
    world.assign("u-maguangming", replace_reason="CHALLENGED")
    world.name(world.zhao, "赵建国", related=[{"relation": "RELATIVE", "name": "石秀英", "phone": None}])
    (told,) = world.said("mediator_replaced")
    assert ("u-maguangming", "CHALLENGED") == (told["mediator"]["id"], told["reason"])


@pytest.mark.parametrize("by", ["person", "telephone", "name", "relative"])
def test_given_staff_who_are_a_party_or_related_to_one_then_they_may_not_touch_the_case(world, by):
    world.opened()
    marks = {"person": {"person_id": world.chen_person}, "telephone": {"phone_hash": conflicts.hashed_phone(HAN)}}
    if by in marks:
        known(world, **marks[by])
    mine = {"relation": "RELATIVE", "name": "石秀英", "phone": None}
    world.name(
        world.zhao, "石秀英" if by == "name" else "赵建国", phone=HAN, related=[mine] * (by == "relative"), who=MA
    )
    with pytest.raises(Forbidden):
        world.willing(world.zhao, who=SHI)
    world.willing(world.zhao, who=MA)


def test_given_a_clerk_in_no_roster_who_bears_a_partys_name_then_he_may_not_touch_the_case(world):
    world.opened()
    world.name(world.zhao, "赵建国")
    with pytest.raises(Forbidden):
        world.assign(who=staff("u-x", "赵建国", "COMMUNITY", COMMUNITY))


def test_given_a_name_in_any_form_then_it_is_one_person(world):
    assert 1 == len({conflicts.hashed_name(name) for name in ("王伟", "王　伟", " 王 伟 ")})


# -- replacing


@pytest.mark.parametrize(("way", "state"), [("drafted", "AGREED"), ("effective", "PERFORMING")])
def test_given_an_agreed_case_when_another_mediator_takes_over_then_the_case_goes_on_as_it_stood(world, way, state):
    getattr(world, way)()
    world.assign("u-maguangming", replace_reason="UNAVAILABLE")
    in_charge = world.see(lambda case: mediators.in_charge(case).mediator_id)
    assert (state, "u-maguangming") == (world.state(), in_charge)
    assert ["UNAVAILABLE"] == [told["reason"] for told in world.said("mediator_replaced")]


def test_given_a_mediator_who_signed_and_was_replaced_before_effect_then_the_new_one_signs(world):
    key = world.drafted()
    marks = world.signatures(key)
    marks["mediator"]()
    world.assign("u-maguangming")
    for name in ("chen", "zhao", "seal"):
        marks[name]()
    assert "AGREED" == world.state()
    world.sign(key, "MEDIATOR")
    assert "PERFORMING" == world.state()
    assert "u-maguangming" == on_paper(world)


def test_given_a_mediator_replaced_after_effect_then_the_paper_keeps_who_signed_it(world):
    world.effective()
    world.assign("u-maguangming")
    assert "u-shixiuying" == on_paper(world)
    assert world.see(lambda case: document.render(case.agreements[-1])).startswith(b"%PDF")


def test_given_an_agreement_when_a_mediator_of_another_organisation_is_wanted_then_conflict(world):
    world.effective()
    with world.store.transaction() as session:
        session.execute(update(Member).where(Member.account == "u-lao").values(org_code="yinhong-studio"))
        session.get_one(Member, ("yinhong-studio", "u-lao")).org.statutory = True
    with pytest.raises(Conflict) as refusal:
        world.assign("u-lao")
    assert "yinhong-tiaowei" == refusal.value.details["org"]


def test_given_a_finished_case_when_a_mediator_is_assigned_then_conflict(world):
    world.perform(world.effective())
    with pytest.raises(Conflict):
        world.assign("u-maguangming")


def on_paper(world) -> str:
    return str(world.see(lambda case: mediators.on_paper(case.agreements[-1]).mediator_id))


def test_given_a_stranger_when_asked_then_nothing_is_known_of_him(world):
    world.opened()
    known(world, person_id=uuid4())
    world.assign()
    assert "MEDIATING" == world.state()
