"""Who speaks for a party, with what authority, and who must have heard what before a session."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from chassis.errors import Conflict, Invalid, NotFound
from services.mediation import document
from tests.unit.mediation.people import HEARING

SETTLING = {"power": "SPECIAL", "granted": ["SETTLE", "SIGN"]}


def representative(world, no=-1):
    return world.see(lambda case: [one.id for party in case.parties for one in party.representatives][no])


def meeting(world) -> None:
    world.mediating()
    world.schedule()
    world.now = HEARING


@pytest.mark.parametrize(
    "wrong",
    [{"power": "SPECIAL"}, {"granted": ["SIGN"]}, {"until": "2024-07-04"}],
    ids=["special without items", "general with items", "expired"],
)
def test_given_an_authority_that_cannot_be_then_invalid(world, wrong):
    world.open_case()
    with pytest.raises(Invalid):
        world.represent(world.chen, **wrong)


def test_given_two_representatives_when_a_third_comes_then_conflict_until_one_leaves(world):
    world.open_case()
    world.represent(world.chen, "周明")
    world.represent(world.chen, "郑晓")
    with pytest.raises(Conflict, match="最多委托2名"):
        world.represent(world.chen, "吴江")
    world.end_representative(representative(world))
    world.represent(world.chen, "吴江")
    assert ["representative_ended", "representative_appointed"] == world.names_said()[-2:]


@pytest.mark.parametrize("other", ["party", "representative", "relative"])
def test_given_one_of_the_other_side_then_not_its_representative(world, other):
    world.open_case()
    related = [{"relation": "RELATIVE", "name": "周明", "phone": None}] if other == "relative" else []
    world.name(world.zhao, "周明" if other == "party" else "赵建国", related=related)
    if other == "representative":
        world.represent(world.zhao, "周明")
    with pytest.raises(Conflict, match="对方当事人"):
        world.represent(world.chen, "周明")


def test_given_the_mediator_when_she_would_represent_a_party_then_conflict(world):
    world.mediating()
    with pytest.raises(Conflict, match="先更换调解员"):
        world.represent(world.chen, "石秀英")


def test_given_a_representative_when_a_mediator_of_that_name_is_wanted_then_refused(world):
    world.opened()
    world.represent(world.chen, "石秀英")
    with pytest.raises(Conflict, match="代理人"):
        world.assign()


def test_given_an_absent_party_when_its_speaker_may_not_settle_then_no_accord(world):
    meeting(world)
    world.represent(world.zhao)
    present = [world.chen, representative(world)]
    with pytest.raises(Conflict, match="没有“和解、达成调解协议”的特别授权"):
        world.record("AGREED", present=present)
    world.record("NO_AGREEMENT", present=present)


@pytest.mark.parametrize("there", ["special", "the party too"])
def test_given_authority_or_the_party_itself_then_the_accord_stands(world, there):
    meeting(world)
    world.represent(world.zhao, **(SETTLING if there == "special" else {}))
    world.record("AGREED", present=[representative(world), *([world.zhao] if there != "special" else [])])
    assert "AGREED" == world.see(lambda case: case.sessions[-1].outcome)


def test_given_special_authority_when_it_is_signed_for_a_party_then_the_paper_says_so(world):
    key = world.drafted()
    world.represent(world.zhao, **SETTLING)
    world.sign(key, party=world.zhao, representative_id=representative(world))
    made = PdfReader(BytesIO(world.see(lambda case: document.render(case.agreements[-1]))))
    words = re.sub(r"\s", "", "".join(page.extract_text() for page in made.pages))
    assert ["委托代理人：周明", "由代理人周明代签"] == re.findall("委托代理人：周明|由代理人周明代签", words)


@pytest.mark.parametrize("lacking", ["authority", "force", "side", "anybody"])
def test_given_no_authority_to_sign_then_refused(world, lacking):
    key = world.drafted()
    world.represent(world.zhao, **({} if lacking == "authority" else SETTLING))
    who = representative(world)
    if lacking == "force":
        world.end_representative(who)
    party = world.chen if lacking == "side" else world.zhao
    with pytest.raises((Conflict, Invalid, NotFound)):
        world.sign(key, party=party, representative_id=uuid4() if lacking == "anybody" else who)


def test_given_a_body_as_party_then_its_head_is_named_and_may_not_mediate(world):
    world.opened()
    with pytest.raises(Invalid):
        world.name(world.zhao, "金茂物业有限公司", kind="ORGANISATION")
    world.name(world.zhao, "金茂物业有限公司", kind="ORGANISATION", head="石秀英")
    with pytest.raises(Conflict, match="法定代表人"):
        world.assign()
    assert "金茂物业有限公司" == world.see(lambda case: case.parties[1].masked_name)


# -- the notice of rights


def test_given_a_party_that_has_not_heard_its_rights_then_no_session_is_held(world):
    world.opened()
    world.assign()
    world.hear_rights(world.chen)
    world.schedule()
    world.now = HEARING
    with pytest.raises(Conflict, match="先告知权利和义务") as refusal:
        world.record("NO_AGREEMENT")
    assert ["赵*"] == refusal.value.details["missing"]
    world.hear_rights(world.zhao)
    world.record("NO_AGREEMENT")


def test_given_a_session_nobody_came_to_then_no_notice_is_needed(world):
    world.opened()
    world.assign()
    world.schedule()
    world.record("ABANDONED")


def test_given_the_notice_twice_then_the_first_time_counts(world):
    world.opened()
    world.hear_rights()
    first = world.see(lambda case: [party.rights_at for party in case.parties])
    world.now = HEARING
    world.hear_rights()
    assert first == world.see(lambda case: [party.rights_at for party in case.parties])
