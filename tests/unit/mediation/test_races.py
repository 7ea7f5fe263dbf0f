"""Two at once: the case's lock makes them take turns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from chassis.errors import Conflict
from services.mediation import cases, helpers
from tests.unit.mediation.people import HEARING, NOW


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


def in_order(world):
    """Whether every fact of the case has its own version, counted without a gap: one order."""
    versions = [told["aggregateversion"] for told in world.envelopes() if told["kind"] == "MEDIATION"]
    return sorted(versions) == list(range(1, len(versions) + 1))


def test_given_two_parties_and_the_seal_when_all_mark_at_once_then_one_order_and_effect_once(world):
    marks = world.signatures(world.drafted())
    marks["mediator"]()
    assert [None] * 3 == at_once(marks["chen"], marks["zhao"], marks["seal"])
    assert ("PERFORMING", 4, 1, 1, True) == (
        world.state(), len(world.said("agreement_signed")), len(world.said("agreement_took_effect")),
        len(world.said("judicial_confirmation_window_opened")), in_order(world),
    )  # fmt: skip


def test_given_a_mark_and_a_new_draft_when_at_once_then_no_mark_of_the_old_paper_counts_for_the_new(world):
    marks = world.signatures(world.drafted())
    for name in ("chen", "zhao", "mediator"):
        marks[name]()
    at_once(marks["seal"], world.draft)
    papers = world.see(lambda case: [(one.state, len(one.signatures)) for one in case.agreements])
    assert papers in ([("EFFECTIVE", 4)], [("REPLACED", 3), ("DRAFT", 0)])
    assert in_order(world)


def test_given_a_challenge_that_is_decided_when_the_session_is_recorded_at_once_then_no_session_without_a_mediator(
    world,
):
    world.mediating()
    world.schedule()
    world.now = HEARING
    world.challenge()
    errors = at_once(lambda: world.rule("UPHELD"), lambda: world.record("NO_AGREEMENT"))
    assert [type(None), Conflict] == [type(error) for error in errors]
    assert ([], 1, True) == (world.said("mediation_session_held"), len(world.said("challenge_ruled")), in_order(world))


def test_given_a_challenge_raised_when_the_session_is_recorded_at_once_then_before_or_after_it_and_told_once(world):
    world.mediating()
    world.schedule()
    world.now = HEARING
    errors = at_once(world.challenge, lambda: world.record("NO_AGREEMENT"))
    held, names = world.said("mediation_session_held"), world.names_said()
    assert errors[0] is None
    assert (errors[1] is None) == bool(held)
    assert not held or names.index("mediation_session_held") < names.index("mediator_challenged")
    assert (1, True) == (names.count("mediator_challenged"), in_order(world))


def test_given_a_ruling_when_two_decide_at_once_then_one_counts_and_it_is_told_once(world):
    world.mediating()
    world.challenge()
    errors = at_once(lambda: world.rule("UPHELD"), lambda: world.rule("REJECTED"))
    told = world.said("challenge_ruled")
    assert (1, 1) == (sum(error is None for error in errors), len(told))
    assert [told[0]["ruling"]] == world.see(lambda case: [one.ruling for one in case.challenges])


def test_given_a_party_who_stops_when_a_helper_is_invited_at_once_then_nobody_is_invited_to_an_ended_case(world):
    world.mediating()
    whistle = world.whistled("lijingjie-sfs")
    errors = at_once(lambda: world.willing(world.zhao, "NO"), lambda: world.hear(helpers.whistle_blown, whistle))
    names = world.names_said()
    assert ([None, None], 1, True) == (errors, names.count("party_refused"), in_order(world))
    assert "helpers_invited" not in names or names.index("helpers_invited") < names.index("mediation_terminated")


def test_given_a_consent_when_the_helper_is_invited_to_a_session_at_once_then_only_with_everybodys_consent(world):
    world.mediating()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-sfs"))
    (helper,) = world.helpers()
    world.consent(world.chen, helper.id)
    errors = at_once(
        lambda: world.consent(world.zhao, helper.id), lambda: world.schedule(helper_ids=[helper.id])
    )  # fmt: skip
    planned, names = world.session_ids(), world.names_said()
    assert (errors[1] is None) == bool(planned)
    assert not planned or names.index("mediation_session_scheduled") > max(
        at for at, name in enumerate(names) if name == "helper_consented"
    )


def test_given_the_last_word_on_more_time_when_it_is_extended_at_once_then_only_after_every_word_and_once(world):
    world.mediating()
    world.word_on_time(world.chen)
    world.word_on_time(world.zhao)
    errors = at_once(world.extend, lambda: world.word_on_time(world.zhao, "REFUSES"), world.extend)
    extended, names = world.said("mediation_extended"), world.names_said()
    assert len(extended) == sum(error is None for error in (errors[0], errors[2])) <= 1
    assert bool(extended) == (errors[1] is not None)
    assert (3 - bool(extended), True) == (names.count("extension_word_recorded"), in_order(world))
