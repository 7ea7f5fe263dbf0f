"""A party is erased with the words of the dossier, once the dossier's term is over; not before."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from chassis.erased import GONE
from contracts.intake.erasures import ErasureOrdered
from contracts.mediation.holdings import CopyFromMediation
from services.mediation import holdings
from services.mediation.tables import Case, Challenge, Party, Representative
from tests.support.delivering import failing, twice
from tests.support.events import hear
from tests.unit.mediation.people import SHI
from tests.unit.mediation.world import World

CHEN, ZHAO, SPEAKER = "13900000001", "13900000007", "13900000009"
MUCH_LATER = timedelta(days=11 * 366)


@pytest.fixture
def world(database):
    return World(database(Case.metadata))


def order(*person_ids):
    told = {"person_ids": [str(each) for each in person_ids] or [str(uuid4())], "numbers": [], "whole": True}
    return hear(ErasureOrdered, told)


def erasing(*people):
    def erase_held(session, who, event, now):
        told = [{"name": name, "phone": phone} for name, phone in people]
        holdings.HELD.erase(session, who, event, now, ask=lambda *_, **__: {"people": told})

    return erase_held


def closed(world):
    world.mediating()
    world.name(world.chen, "陈阿姨", phone=CHEN)
    world.name(world.zhao, "赵大明", phone=ZHAO)
    world.terminate()


def names(world):
    with world.store.transaction() as session:
        return {party.name for party in session.scalars(select(Party))}


def kept(world):
    return [[each["why"] for each in fact["kept"]] for fact in world.said("mediation_erased")]


def test_given_a_running_case_when_erased_then_it_stays_as_running(world):
    world.mediating()
    twice(world.store, erasing(), order(world.chen_person), world.now)
    assert [["RUNNING"]] == kept(world)


def test_given_a_closed_dossier_within_its_term_when_erased_then_it_stays_until_a_day(world):
    closed(world)
    twice(world.store, erasing(), order(world.chen_person), world.now)
    assert ([["DOSSIER"]], {"陈阿姨", "赵大明"}) == (kept(world), names(world))
    assert "2034-07" == world.said("mediation_erased")[0]["kept"][0]["until"][:7]


def test_given_a_dossier_beyond_its_term_when_erased_then_the_party_and_the_words_go_and_the_other_party_stays(world):
    closed(world)
    twice(world.store, erasing(), order(world.chen_person), world.now + MUCH_LATER)
    assert ([[]], {None, "赵大明"}) == (kept(world), names(world))


@pytest.mark.parametrize(
    ("people", "left"),
    [([("赵 大明", "139 0000 0007")], {"陈阿姨", None}), ([("赵大明", CHEN)], {"陈阿姨", "赵大明"}),
     ([("赵大明", None)], {"陈阿姨", "赵大明"})],
)  # fmt: skip
def test_given_a_party_no_record_names_when_erased_then_name_and_telephone_together_find_it(world, people, left):
    closed(world)
    twice(world.store, erasing(*people), order(), world.now + MUCH_LATER)
    assert left == names(world)


def test_given_a_commit_that_fails_when_erasing_then_nothing_is_gone(world):
    closed(world)
    failing(world.store, erasing(), order(world.chen_person), world.now + MUCH_LATER)
    assert ({"陈阿姨", "赵大明"}, []) == (names(world), kept(world))


def test_given_an_erasure_ordered_again_when_carried_out_then_nothing_more_is_done_or_said(world):
    closed(world)
    for _ in range(2):
        twice(world.store, erasing(), order(world.chen_person), world.now + MUCH_LATER)
    assert [1] == [fact["cleared"] for fact in world.said("mediation_erased")]


def test_given_people_when_asking_for_a_copy_then_it_is_forbidden(world):
    with world.store.transaction() as session, pytest.raises(Exception, match="权限"):
        holdings.HELD.copy(session, SHI, CopyFromMediation.example, world.now)


def with_representative(world):
    world.mediating()
    world.represent(world.chen, "周明", phone=SPEAKER)
    world.challenge()
    world.terminate()


def told(world):
    with world.store.transaction() as session:
        speaker, word = session.scalars(select(Representative)).one(), session.scalars(select(Challenge)).one()
        return [speaker.name, speaker.masked_name, speaker.phone, speaker.phone_hash, word.words]


def test_given_a_party_beyond_the_term_when_erased_then_who_spoke_for_it_and_the_challenge_go_too(world):
    with_representative(world)
    twice(world.store, erasing(), order(world.chen_person), world.now + MUCH_LATER)
    assert [GONE, GONE, None, None, GONE] == told(world)


@pytest.mark.parametrize(("later", "left"), [(timedelta(), "周明"), (MUCH_LATER, GONE)], ids=["within", "beyond"])
def test_given_a_representative_when_erased_then_name_and_telephone_find_them_once_the_term_is_over(world, later, left):
    with_representative(world)
    twice(world.store, erasing(("周明", SPEAKER)), order(), world.now + later)
    assert left == told(world)[0]
