"""More time: by every party's word, once, before the limit ends; otherwise the limit stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.mediation import cases, clocks
from tests.unit.mediation.people import ELSEWHERE, LISHAN, NOW, SHI, STREET_OFFICER, refusal

FIRST = datetime(2024, 8, 5, 16, 0, tzinfo=UTC)
"""30 days from 5 July, rolled over a Sunday."""
SECOND = datetime(2024, 9, 4, 16, 0, tzinfo=UTC)
"""30 days more, from the last day of the first term."""


def limit(world):
    return world.see(lambda case: case.clock.due_at)


def warned(world, *moments):
    for moment in moments:
        with world.store.transaction() as session:
            clocks.warn_approaching(session, SHI, moment)
    return [told["percent"] for told in world.said("mediation_deadline_approaching")]


def everybody(world):
    world.word_on_time(world.chen)
    world.word_on_time(world.zhao)


def test_given_every_partys_word_when_extended_then_the_limit_moves_by_one_term_and_it_is_told(world):
    world.mediating()
    everybody(world)
    world.extend()
    (told,) = world.said("mediation_extended")
    assert (SECOND, FIRST, SECOND, ["陈*", "赵*"]) == (
        limit(world), datetime.fromisoformat(told["old_due_at"]), datetime.fromisoformat(told["new_due_at"]),
        [one["masked_name"] for one in told["parties"]],
    )  # fmt: skip


def test_given_words_when_taken_down_then_who_how_and_when_are_kept_and_no_name_is_told(world):
    world.mediating()
    world.word_on_time(world.zhao, how="ON_SITE", said_at=NOW - timedelta(hours=1))
    (kept,) = world.see(
        lambda case: [(one.word, one.how, one.said_at, one.recorded_by) for one in case.extension_words]
    )
    (told,) = world.said("extension_word_recorded")
    assert ("AGREES", "ON_SITE", NOW - timedelta(hours=1), {"id": LISHAN.id, "name": LISHAN.name}) == kept
    assert (str(world.zhao), "AGREES", "ON_SITE") == (told["party_id"], told["word"], told["how"])


@pytest.mark.parametrize("missing", ["never asked", "refused", "took it back"])
def test_given_one_word_missing_when_extended_then_the_conflict_says_whose_and_nothing_moves(world, missing):
    world.mediating()
    world.word_on_time(world.chen)
    if missing == "took it back":
        world.word_on_time(world.zhao)
    if missing != "never asked":
        world.word_on_time(world.zhao, "REFUSES")
    with pytest.raises(Conflict, match="赵") as refused:
        world.extend()
    assert (["赵*"], FIRST, []) == (refused.value.details["missing"], limit(world), world.said("mediation_extended"))


def test_given_an_extended_case_when_extended_again_then_conflict_names_the_rule(world):
    world.mediating()
    everybody(world)
    world.extend()
    with pytest.raises(Conflict, match="最多延长1次"):
        world.extend()
    with pytest.raises(Conflict, match="最多延长1次"):
        world.word_on_time(world.chen)
    assert (SECOND, 1) == (limit(world), len(world.said("mediation_extended")))


def test_given_the_last_instant_when_extended_then_in_time_and_a_second_later_too_late(world):
    world.mediating()
    everybody(world)
    world.now = FIRST + timedelta(seconds=1)
    with pytest.raises(Conflict, match="已过"):
        world.extend()
    world.now = FIRST
    world.extend()
    assert SECOND == limit(world)


def test_given_an_extended_case_when_the_old_limit_passes_then_it_goes_on_and_ends_with_the_new_one(world):
    world.mediating()
    everybody(world)
    world.extend()
    runs = []
    for moment in (FIRST + timedelta(seconds=1), SECOND + timedelta(seconds=1), SECOND + timedelta(seconds=2)):
        with world.store.transaction() as session:
            runs.append(cases.expire_cases(session, SHI, moment))
    (ended,) = world.said("mediation_terminated")
    assert ([0, 1, 0], "EXPIRED", 3) == (runs, ended["reason"], len(ended["remedies"]))


def test_given_words_of_some_when_the_limit_passes_then_the_mediator_was_warned_and_the_case_ends(world):
    world.mediating()
    world.word_on_time(world.chen)
    assert [50, 80] == warned(world, NOW + timedelta(days=17), NOW + timedelta(days=26))
    with world.store.transaction() as session:
        assert 1 == cases.expire_cases(session, SHI, FIRST + timedelta(seconds=1))
    assert "TERMINATED" == world.state()


def test_given_warnings_of_the_first_term_when_extended_then_the_longer_time_warns_anew(world):
    world.mediating()
    assert [80] == warned(world, NOW + timedelta(days=26))
    everybody(world)
    world.now += timedelta(days=27)
    world.extend()
    assert [80, 50, 80] == warned(world, NOW + timedelta(days=32), NOW + timedelta(days=50), NOW + timedelta(days=55))


@pytest.mark.parametrize("who", [STREET_OFFICER, ELSEWHERE], ids=lambda who: who.name)
def test_given_the_wrong_role_or_place_when_a_word_is_taken_down_or_the_limit_moved_then_refused(world, who):
    world.mediating()
    with pytest.raises(refusal(who)):
        world.word_on_time(world.chen, who=who)
    with pytest.raises(refusal(who)):
        world.extend(who=who)


def test_given_the_grid_worker_who_may_ask_when_she_extends_then_forbidden(world):
    world.mediating()
    everybody(world)
    with pytest.raises(Forbidden):
        world.extend(who=LISHAN)


def test_given_a_stranger_or_a_time_to_come_when_a_word_is_taken_down_then_refused(world):
    world.mediating()
    with pytest.raises(NotFound):
        world.word_on_time(uuid4())
    with pytest.raises(Invalid):
        world.word_on_time(world.chen, said_at=NOW + timedelta(minutes=1))


def test_given_an_agreement_when_more_time_is_asked_for_then_there_is_no_limit_to_move(world):
    world.drafted()
    with pytest.raises(Conflict):
        world.word_on_time(world.chen)
    with pytest.raises(Conflict):
        world.extend()
