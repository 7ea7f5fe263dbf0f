"""An agreement after effect: called to mind, not kept, urged, made good or taken to court (人民调解法 art. 31–33)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from chassis.errors import Conflict, Invalid, NotFound
from chassis.standing import standing_of
from services.mediation import reminders
from services.mediation.tables import Agreement, Org
from tests.unit.mediation.looking import AUGUST, OVER, late
from tests.unit.mediation.people import ELSEWHERE, LISHAN, RECEIVER, SHI, refusal
from tests.unit.mediation.test_confirmations import apply, decide
from tests.unit.mediation.test_races import at_once


def morning(month, day):
    return datetime(2024, month, day, 1, 0, tzinfo=UTC)


def binding(world, *terms):
    return world.effective(terms=[world.term(due_at=AUGUST, **more) for more in terms or ({},)])


def remind(world, moment):
    with world.store.transaction() as session:
        return reminders.remind(session, SHI, moment)


def states(world):
    return world.see(lambda case: (case.state, case.agreements[-1].state))


# -- called to mind


def test_given_a_term_when_its_day_comes_near_is_there_and_is_over_then_each_is_told_once(world):
    binding(world)
    moments = (morning(8, 27), morning(8, 28), morning(8, 30), morning(8, 31), morning(9, 1), morning(9, 20))
    told = [remind(world, moment) for moment in moments for _ in "ab"]
    said = [(one["when"], one["obligor"]["party_id"], one["holder"]["id"]) for one in world.said("agreement_term_due")]
    assert [0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0] == told
    assert [(when, str(world.zhao), SHI.id) for when in ("SOON", "TODAY", "LATE")] == said


def test_given_a_clock_that_stood_still_when_it_goes_on_then_only_how_it_stands_now_is_told(world):
    binding(world)
    assert (1, 0) == (remind(world, morning(9, 3)), remind(world, morning(9, 4)))
    assert ["LATE"] == [one["when"] for one in world.said("agreement_term_due")]


@pytest.mark.parametrize("done", ["performed", "breach known", "at court"])
def test_given_what_needs_no_calling_to_mind_when_its_moment_comes_then_nobody_is_told(world, done):
    key = late(world)
    if done == "performed":
        world.perform(key)
    else:
        world.breach(key)
    if done == "at court":
        world.to_court(key)
    assert (0, []) == (remind(world, morning(9, 1)), world.said("agreement_term_due"))


def test_given_two_who_remind_at_once_then_it_is_told_once(world):
    binding(world)
    assert [None, None] == at_once(*[lambda: remind(world, morning(8, 28))] * 2)
    assert 1 == len(world.said("agreement_term_due"))


def test_given_an_agreement_in_effect_when_looked_at_then_it_stands_under_its_first_undone_term(world):
    key = world.effective(terms=[world.term(due_at="2024-07-20T16:00:00Z"), world.term(due_at=AUGUST)])
    before = world.see(lambda case: standing_of(case).due)
    world.perform(key, 1)
    assert (datetime(2024, 7, 20, 16, tzinfo=UTC), OVER) == (before, world.see(lambda case: standing_of(case).due))


# -- not kept


def test_given_a_term_not_kept_when_taken_down_with_evidence_then_it_is_told_who_and_what_may_follow(world):
    world.breach(late(world))
    (told,) = world.said("agreement_breached")
    assert (("BREACHED", "BREACHED"), str(world.zhao), str(world.chen), ["CONFIRMATION", "SUIT"]) == (
        states(world), told["obligor"]["party_id"], told["obligee"]["party_id"], told["ways"],
    )  # fmt: skip
    assert "手头紧" not in str(world.envelopes())


def test_given_no_evidence_when_taken_down_then_invalid(world):
    key = late(world)
    with pytest.raises(Exception, match="佐证"):
        world.breach(key, attachments=[])
    assert ("PERFORMING", "EFFECTIVE") == states(world)


def test_given_the_last_instant_when_taken_down_then_too_early_and_a_second_later_not(world):
    key = binding(world)
    world.now = OVER
    with pytest.raises(Conflict, match="才到期"):
        world.breach(key)
    world.now = OVER + timedelta(seconds=1)
    world.breach(key)
    assert ("BREACHED", "BREACHED") == states(world)


def test_given_a_term_done_or_unknown_or_known_as_not_kept_when_taken_down_then_refused(world):
    key = late(world, {}, {"content": "当面致歉"}, {"content": "修好地漏"})
    world.perform(key, 1)
    with pytest.raises(Conflict, match="已记录履行"):
        world.breach(key, 1)
    with pytest.raises(NotFound):
        world.breach(key, 9)
    world.breach(key, 2)
    with pytest.raises(Conflict, match="请先催告"):
        world.breach(key, 2)
    world.breach(key, 3)
    assert 2 == len(world.said("agreement_breached"))


@pytest.mark.parametrize("who", [LISHAN, ELSEWHERE, RECEIVER])
def test_given_the_wrong_role_or_place_when_taking_down_urging_or_going_to_court_then_refused(world, who):
    key = late(world)
    world.breach(key)
    for attempt in (
        lambda: world.breach(key, who=who),
        lambda: world.urge(key, "2024-09-10", who=who),
        lambda: world.to_court(key, who=who),
    ):
        with pytest.raises(refusal(who)):
            attempt()


# -- urged


def test_given_a_breach_when_urged_then_the_party_has_a_new_day_with_reminders_of_its_own(world):
    key = late(world)
    world.breach(key)
    world.urge(key, "2024-09-10")
    (told,) = world.said("performance_urged")
    assert (("PERFORMING", "EFFECTIVE"), str(world.zhao), "ON_SITE", "2024-09-10T16:00:00Z") == (
        states(world), told["obligor"]["party_id"], told["how"], told["until"],
    )  # fmt: skip
    assert [1, 1, 1] == [remind(world, morning(9, day)) for day in (7, 10, 11)]


def test_given_an_urging_when_its_day_passes_too_then_it_may_be_taken_down_again_and_not_before(world):
    key = late(world)
    world.breach(key)
    world.urge(key, "2024-09-10")
    with pytest.raises(Conflict, match="9月10日"):
        world.breach(key)
    world.now = datetime(2024, 9, 10, 16, 0, 1, tzinfo=UTC)
    world.breach(key)
    kept = world.see(lambda case: [one.urged_at is not None for one in case.agreements[-1].breaches])
    assert (("BREACHED", "BREACHED"), [True, False]) == (states(world), kept)


def test_given_two_breaches_when_one_is_urged_then_it_waits_for_the_other(world):
    key = late(world, {}, {"content": "当面致歉"})
    world.breach(key, 1)
    world.breach(key, 2)
    world.urge(key, "2024-09-10", 1)
    before = states(world)
    world.urge(key, "2024-09-10", 2)
    assert (("BREACHED", "BREACHED"), ("PERFORMING", "EFFECTIVE")) == (before, states(world))


def test_given_nothing_to_urge_or_a_day_that_is_over_when_urged_then_refused(world):
    key = late(world, {}, {"content": "当面致歉"})
    with pytest.raises(Conflict):
        world.urge(key, "2024-09-10")
    world.breach(key, 1)
    with pytest.raises(Conflict, match="没有待催告"):
        world.urge(key, "2024-09-10", 2)
    with pytest.raises(Invalid):
        world.urge(key, "2024-08-30")


# -- made good, or at court


def test_given_a_breach_when_it_is_made_good_then_performance_goes_on_and_with_the_last_the_case_closes(world):
    key = late(world, {}, {"content": "当面致歉"})
    world.breach(key, 1)
    world.perform(key, 1)
    assert (("PERFORMING", "EFFECTIVE"), [1]) == (
        states(world),
        [one["term_no"] for one in world.said("term_performed")],
    )
    world.breach(key, 2)
    world.perform(key, 2)
    assert (("CLOSED", "PERFORMED"), "SUCCESS") == (states(world), world.see(lambda case: case.result))


def test_given_an_agreement_that_was_kept_so_far_when_taken_to_court_then_conflict(world):
    key = late(world)
    with pytest.raises(Conflict, match="没有记过未履行"):
        world.to_court(key)


def test_given_a_breach_without_a_ruling_when_enforcement_is_asked_then_refused_and_a_suit_ends_the_case(world):
    key = late(world)
    world.breach(key)
    with pytest.raises(Conflict, match="没有经过司法确认") as refused:
        world.to_court(key, "ENFORCEMENT")
    world.to_court(key, "SUIT")
    assert (["SUIT"], ("CLOSED", "BREACHED"), "TO_COURT") == (
        refused.value.details["ways"], states(world), world.see(lambda case: case.result),
    )  # fmt: skip
    assert ["agreement_taken_to_court", "mediation_case_closed"] == world.names_said()[-2:]


def test_given_a_ruling_when_it_is_not_kept_then_it_is_enforced_and_nobody_need_sue(world):
    key = binding(world)
    apply(world, key)
    with pytest.raises(Conflict, match="没有记过未履行"):
        world.to_court(key)
    world.now = OVER + timedelta(hours=1)
    world.breach(key)
    with pytest.raises(Conflict, match="等裁定"):
        world.to_court(key)
    decide(world, key)
    with pytest.raises(Conflict, match="可以申请强制执行"):
        world.to_court(key, "SUIT")
    world.to_court(key, "ENFORCEMENT")
    assert ("CLOSED", "BREACHED") == states(world)


def test_given_a_settlement_accord_when_it_is_not_kept_then_a_suit_alone_is_open(world):
    with world.store.transaction() as session:
        session.execute(update(Org).values(statutory=False))
    key = late(world)
    with world.store.transaction() as session:
        session.execute(update(Agreement).values(statutory=False))
    world.breach(key)
    (told,) = world.said("agreement_breached")
    assert ["SUIT"] == told["ways"]


@pytest.mark.parametrize("day", ["2024-07-08", "2024-09-02"], ids=["before effect", "tomorrow"])
def test_given_a_day_that_cannot_be_when_taken_to_court_then_invalid(world, day):
    key = late(world)
    world.breach(key)
    with pytest.raises(Invalid):
        world.to_court(key, filed_on=day)


def test_given_one_who_performs_and_one_who_takes_it_down_as_not_kept_at_once_then_they_agree(world):
    key = late(world)
    errors = at_once(lambda: world.perform(key), lambda: world.breach(key))
    assert ("CLOSED", "PERFORMED") == states(world)
    assert [Conflict] * sum(error is not None for error in errors) == [type(error) for error in errors if error]
