"""Two at once: the case's lock makes them take turns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from chassis.errors import Conflict
from services.mediation import cases
from tests.unit.mediation.people import NOW


def at_once(*acts):
    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.exception() for done in [pool.submit(act) for act in acts]]


def test_given_the_last_two_marks_when_set_at_once_then_the_agreement_takes_effect_once(world):
    marks = world.signatures(world.drafted())
    marks["chen"]()
    marks["zhao"]()
    assert [None, None] == at_once(marks["mediator"], marks["seal"])
    assert ("PERFORMING", 1) == (world.state(), len(world.said("agreement_took_effect")))


def test_given_the_same_mark_when_set_at_once_then_one_is_refused(world):
    marks = world.signatures(world.drafted())
    refused = [error for error in at_once(marks["chen"], marks["chen"]) if error]
    assert ([Conflict], 1) == ([type(error) for error in refused], len(world.said("agreement_signed")))


def test_given_a_refusal_and_a_session_when_ordered_at_once_then_no_session_outlives_the_refusal(world):
    world.mediating()
    at_once(lambda: world.willing(world.zhao, "NO"), lambda: world.schedule())
    planned = world.see(lambda case: [row.state for row in case.sessions if row.state == "SCHEDULED"])
    assert ("TERMINATED", []) == (world.state(), planned)


def test_given_two_appeals_when_their_disputes_are_heard_at_once_then_each_case_has_its_own_numbers(world):
    events = [world.disputed(appeal=f"00000000-0000-0000-0000-00000000000{no}", seq=no) for no in (1, 2, 3)]
    assert [None] * 3 == at_once(*[lambda event=event: world.hear(cases.open_for_dispute, event) for event in events])
    numbers = {told["mediation_number"] for told in world.said("mediation_case_opened")}
    assert (3, NOW) == (len(numbers), world.now)
