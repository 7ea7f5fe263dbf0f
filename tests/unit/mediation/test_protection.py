"""Violence at home: a sealed case, a safe way to call, nobody face to face, and the police where there is danger."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identity import Grant, Principal
from chassis.standing import standing_of
from chassis.tables import AUDIT
from contracts.mediation.protection import RevealSafeCall
from contracts.mediation.sessions import SessionPlace
from services.mediation import helpers, ledger, performance_checks, protection, sessions
from services.mediation.tables import Base
from tests.support.delivering import twice
from tests.unit.mediation.people import ELSEWHERE, HEARING, LISHAN, MA, RECEIVER, RESIDENT, SHI, STREET_OFFICER, WANG
from tests.unit.mediation.station import Station
from tests.unit.mediation.test_dossiers import pages_of, printed
from tests.unit.mediation.test_views import get

PHONE, HOURS = "13900000777", "工作日9点到11点"
VIOLENT = {"dispute_type": "DOMESTIC_VIOLENCE"}


@pytest.fixture
def world(database):
    return Station(database(Base.metadata))


def sealed(world):
    """A case of violence at home with 石秀英 as its mediator."""
    world.open_case(data=VIOLENT)
    world.willing(world.chen, who=WANG)
    world.willing(world.zhao, who=WANG)
    world.assign()
    world.hear_rights()


def reveal(world, who=SHI, purpose="告诉调解时间"):
    command = RevealSafeCall().load({"case_id": str(world.case_id), "purpose": purpose})
    with world.store.transaction() as session:
        return RevealSafeCall.answer().dump(protection.reveal(session, who, command, world.now))


def place(world):
    command = SessionPlace().load({"session_id": str(world.session_ids()[-1])})
    with world.store.transaction() as session:
        return sessions.place(session, Principal.service("notify"), command, world.now)["place_text"]


# -- sealed


@pytest.mark.parametrize("who", [SHI, WANG, STREET_OFFICER], ids=lambda who: who.name)
def test_given_a_sealed_case_when_its_mediator_community_or_street_asks_then_they_see_it(world, who):
    sealed(world)
    assert (True, 1) == (get(world, who)["sealed"], len(world.lines(who)))


@pytest.mark.parametrize("who", [LISHAN, MA, ELSEWHERE, RECEIVER, RESIDENT], ids=lambda who: who.name)
def test_given_a_sealed_case_when_the_grid_or_another_mediator_asks_then_there_is_nothing(world, who):
    sealed(world)
    with pytest.raises(NotFound):
        get(world, who)
    with pytest.raises(NotFound):
        world.danger(who=who)
    assert [] == world.lines(who)


def test_given_another_kind_of_dispute_when_violence_is_found_then_it_is_sealed_from_then_on(world):
    world.mediating()
    assert "MEDIATING" == get(world, LISHAN)["state"]
    world.protect(who=SHI)
    with pytest.raises(NotFound):
        get(world, LISHAN)


def test_given_the_suspected_side_who_is_staff_of_the_place_when_it_asks_then_forbidden_and_nothing_in_lists(world):
    world.open_case(data=VIOLENT)
    with pytest.raises(Forbidden):
        get(world, Principal(str(world.chen_person), "陈*", (Grant("COMMUNITY", "yinchuan"),)))


def test_given_another_mediator_when_put_in_charge_then_she_alone_sees_it_and_may_call(world):
    sealed(world)
    world.protect()
    world.assign("u-maguangming", replace_reason="UNAVAILABLE")
    with pytest.raises(NotFound):
        get(world, SHI)
    told = [one["keeper"]["id"] for one in world.said("party_protected")]
    assert ("MEDIATING", [SHI.id, MA.id]) == (get(world, MA)["state"], told)


# -- sessions


@pytest.mark.parametrize("kind", ["JOINT", "ON_SITE"])
def test_given_violence_when_a_session_face_to_face_is_wanted_then_refused_by_name_whatever_was_chosen(world, kind):
    sealed(world)
    with pytest.raises(Conflict, match="不安排面对面"):
        world.schedule(kind=kind)
    world.protect(chosen=["SHUTTLE", "ONLINE"])
    with pytest.raises(Conflict, match="不安排面对面"):
        world.schedule(kind=kind)


@pytest.mark.parametrize("kind", ["SHUTTLE", "ONLINE"])
def test_given_violence_when_apart_then_only_as_the_protected_party_has_chosen(world, kind):
    sealed(world)
    with pytest.raises(Conflict, match="没有选择"):
        world.schedule(kind=kind)
    world.protect(chosen=[kind])
    world.schedule(kind=kind)
    assert 1 == len(world.session_ids())


def test_given_a_choice_to_sit_face_to_face_when_taken_down_then_invalid(world):
    sealed(world)
    with pytest.raises(Invalid):
        world.protect(chosen=["JOINT"])


def test_given_a_session_of_a_sealed_case_when_notify_asks_where_then_nobody_is_told(world):
    sealed(world)
    world.protect()
    world.schedule(kind="SHUTTLE", place_text="妇联二楼")
    assert "由调解员单独告知" == place(world)


# -- the safe call


def test_given_a_safe_way_when_kept_then_it_is_sealed_in_the_store_and_each_look_is_audited(world):
    sealed(world)
    world.protect()
    assert {"phone": PHONE, "hours": HOURS} == reveal(world)
    with world.store.transaction() as session:
        acts = [row.act for row in session.execute(select(AUDIT))]
        (raw,) = session.execute(text("select safe_phone, safe_hours from mediation_case")).all()
    assert (1, 1) == (acts.count("protect_party"), acts.count("reveal_safe_call"))
    assert not any(word.encode() in bytes(cell) for cell in raw for word in (PHONE, HOURS))


@pytest.mark.parametrize(("who", "refused"), [(STREET_OFFICER, Forbidden), (LISHAN, NotFound), (MA, NotFound)])
def test_given_others_than_mediator_and_community_when_they_want_the_number_then_refused(world, who, refused):
    sealed(world)
    world.protect()
    with pytest.raises(refused):
        reveal(world, who)


def test_given_nobody_protected_when_the_number_is_wanted_then_there_is_none(world):
    sealed(world)
    with pytest.raises(NotFound, match="没有登记"):
        reveal(world)


def test_given_one_side_protected_when_the_other_wants_it_too_then_conflict_and_said_again_it_is_replaced(world):
    sealed(world)
    world.protect()
    with pytest.raises(Conflict):
        world.protect(world.zhao)
    world.protect(safe_hours="周末下午")
    assert "周末下午" == reveal(world)["hours"]


def test_given_a_whole_sealed_case_when_searched_then_no_event_log_paper_or_page_of_others_tells_how_to_reach_her(
    world,
):
    with capture_logs() as logs:
        sealed(world)
        world.protect()
        world.danger()
        reveal(world)
        world.talk(world.chen, words="他扬言要打我")
        world.schedule(kind="SHUTTLE", place_text="妇联二楼")
        world.now = HEARING
        world.record("AGREED", record_text="她说只求分居")
        world.name(world.chen, "陈桂兰")
        world.name(world.zhao, "赵建国")
        key = world.draft()
        for give in world.signatures(key).values():
            give()
        world.perform(key)
    papers = "".join("".join(pages_of(printed(world, part, SHI))) for part in ("OPEN", "INNER"))
    page = json.dumps(get(world, SHI), ensure_ascii=False)
    open_paper = "".join(pages_of(printed(world, "OPEN", SHI)))
    with world.store.transaction() as session:
        trail = str([tuple(row) for row in session.execute(select(AUDIT))])
        answers = str([tuple(row) for row in session.execute(text("select * from answered"))])
    told = str(world.envelopes())
    assert [] == [word for word in (PHONE, HOURS, "9点到11点") for place in (told, str(logs), trail, answers, papers)
                  if word in place]  # fmt: skip
    assert (False, False) == (PHONE in page, "妇联二楼" in open_paper + told)
    assert [] == [word for word in ("他扬言要打我", "她说只求分居") if word in told + open_paper + str(logs)]


# -- danger


@pytest.mark.parametrize("way", ["open_case", "mediating", "drafted", "effective"])
def test_given_danger_in_any_open_case_when_reported_then_it_is_told_once_with_who_and_what_and_no_word_of_it(
    world, way
):
    getattr(world, way)()
    world.danger("SELF_HARM", who=LISHAN)
    (told,) = world.said("dispute_escalation_reported")
    assert ("SELF_HARM", {"id": LISHAN.id, "name": LISHAN.name}, world.now) == (
        told["danger"], told["reporter"], world.see(lambda case: case.escalated_at),
    )  # fmt: skip


def test_given_a_case_that_has_ended_when_danger_is_reported_then_conflict(world):
    world.mediating()
    world.terminate()
    with pytest.raises(Conflict):
        world.danger()


def test_given_a_sealed_case_when_it_stands_then_it_says_so_and_waits_for_its_mediator(world):
    sealed(world)
    stands = world.see(standing_of)
    assert (SHI.id, (f"person:{SHI.id}",)) == (stands.tally["sealed"], stands.waits)


def test_given_a_sealed_case_without_a_mediator_when_it_waits_then_for_the_community_alone(world):
    world.open_case(data=VIOLENT)
    assert ("role:COMMUNITY",) == world.see(standing_of).waits


@pytest.mark.parametrize("found", ["at first", "later"])
def test_given_a_sealed_case_when_the_ledger_and_its_looks_are_read_then_few_see_them_too(world, found):
    if found == "at first":
        sealed(world)
        world.protect()
        world.schedule(kind="SHUTTLE")
    else:
        world.mediating()
        world.schedule()
    world.now = HEARING
    world.record("AGREED")
    for party, name in ((world.chen, "陈桂兰"), (world.zhao, "赵建国")):
        world.name(party, name)
    for give in world.signatures(world.draft()).values():
        give()
    world.now = HEARING + timedelta(days=2)
    with world.store.transaction() as session:
        performance_checks.open_due(session, SHI, world.now)
    if found == "later":
        world.protect()
    seen = {}
    with world.store.transaction() as session:
        for life in (ledger.LIFE, performance_checks.LIFE):
            row = session.scalars(select(life.row)).one()
            seen[life.entity] = [life.sees(who, row) for who in (WANG, STREET_OFFICER, LISHAN, MA)]
            assert standing_of(row).tally["sealed"]
        assert performance_checks.LIFE.sees(SHI, row)
    assert {"ledger_entry": [True, True, False, False], "performance_check": [True, True, False, False]} == seen


def test_given_the_police_called_to_a_danger_when_the_whistle_is_heard_then_no_party_is_asked_or_told(world):
    sealed(world)
    world.danger()
    blown = world.whistled("lijingjie-pcs")
    blown.data["kind"] = "EMERGENCY"
    twice(world.store, helpers.whistle_blown, blown, world.now)
    assert ([], []) == (world.helpers(), world.said("helpers_invited"))
