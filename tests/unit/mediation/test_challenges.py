"""A challenge 回避 stops the session until the head of the organisation, or else the street, has decided."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from chassis.errors import Conflict, Forbidden
from chassis.standing import standing_of
from services.mediation import facts
from services.mediation.tables import Member
from tests.unit.mediation.people import HEARING, LISHAN, MA, SHI, STREET_OFFICER
from tests.unit.mediation.test_races import at_once

pytestmark = pytest.mark.rule("19")


def headed(world, account, post="主任") -> None:
    with world.store.transaction() as session:
        session.execute(update(Member).where(Member.account == account).values(post=post))


def ruled(world) -> list[str | None]:
    return list(world.see(lambda case: [one.ruling for one in case.challenges]))


def waiting(world) -> tuple[str, ...]:
    return tuple(world.see(lambda case: standing_of(case).waits))


@pytest.mark.parametrize("act", ["schedule", "record", "draft", "sign", "seal"])
def test_given_an_open_challenge_then_session_agreement_and_seal_wait(world, act):
    key = world.drafted() if act in ("sign", "seal") else None
    if key is None:
        world.mediating()
        world.schedule()
        world.now = HEARING
    world.challenge()
    acts = {
        "schedule": world.schedule,
        "record": lambda: world.record("NO_AGREEMENT"),
        "draft": world.draft,
        "sign": lambda: world.sign(key, party=world.chen),
        "seal": lambda: world.seal(key),
    }
    with pytest.raises(Conflict):
        acts[act]()


def test_given_a_challenge_that_is_rejected_then_the_same_mediator_goes_on(world):
    world.mediating()
    world.schedule()
    world.challenge()
    world.now = HEARING
    world.rule("REJECTED")
    world.record("NO_AGREEMENT")
    assert (["REJECTED"], "u-shixiuying") == (ruled(world), world.see(lambda case: facts.in_charge(case).mediator_id))


def test_given_a_challenge_that_is_upheld_then_another_mediator_and_never_the_same(world):
    world.mediating()
    world.challenge()
    world.rule()
    with pytest.raises(Conflict, match="先确定调解员"):
        world.schedule()
    with pytest.raises(Conflict, match="已决定其回避"):
        world.assign("u-shixiuying")
    world.assign("u-maguangming", replace_reason="CHALLENGED")
    world.schedule()
    assert ["u-maguangming"] == [told["mediator"]["id"] for told in world.said("mediator_replaced")]


def test_given_another_mediator_before_it_is_decided_then_nothing_is_left_to_decide(world):
    world.mediating()
    world.challenge()
    world.assign("u-maguangming", replace_reason="STOOD_ASIDE")
    with pytest.raises(Conflict, match="没有待决定"):
        world.rule()
    assert ["MOOT"] == ruled(world)


def test_given_a_head_when_challenged_then_it_waits_for_the_head_alone(world):
    world.mediating()
    headed(world, "u-maguangming")
    world.challenge()
    assert ("person:u-maguangming",) == waiting(world)
    for other in (SHI, LISHAN, STREET_OFFICER):
        with pytest.raises(Forbidden):
            world.rule(who=other)
    world.rule("REJECTED", who=MA)


@pytest.mark.parametrize("head", ["u-shixiuying", None], ids=["the one challenged", "nobody"])
def test_given_no_head_who_could_then_the_street_decides(world, head):
    world.mediating()
    headed(world, head)
    world.challenge()
    assert ("role:STREET",) == waiting(world)
    with pytest.raises(Forbidden):
        world.rule(who=SHI)
    world.rule("REJECTED", who=STREET_OFFICER)


def test_given_one_open_challenge_when_another_is_raised_then_conflict(world):
    world.mediating()
    world.challenge()
    with pytest.raises(Conflict, match="还没有决定"):
        world.challenge(world.chen)


def test_given_nobody_in_charge_when_challenged_then_conflict(world):
    world.opened()
    with pytest.raises(Conflict, match="还没有确定调解员"):
        world.challenge()


def test_given_a_challenge_and_a_record_at_once_then_they_take_turns(world):
    world.mediating()
    world.schedule()
    world.now = HEARING
    errors = at_once(world.challenge, lambda: world.record("NO_AGREEMENT"))
    said = [name for name in world.names_said() if name in ("mediator_challenged", "mediation_session_held")]
    first = ["mediator_challenged"] if errors[1] else ["mediation_session_held", "mediator_challenged"]
    assert (None, first) == (errors[0], said)


def test_given_a_challenge_then_what_was_said_is_in_no_event(world):
    world.mediating()
    world.challenge()
    assert "老战友" not in str(world.envelopes())
