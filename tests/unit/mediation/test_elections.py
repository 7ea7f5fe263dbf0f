"""Supervisors are elected on the spot: one ballot a voter, counted openly, ties voted on again, published."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from chassis.errors import Conflict, Invalid, NotFound
from services.mediation import elections
from services.mediation.tables import Ballot
from tests.support.events import said
from tests.unit.mediation import meeting
from tests.unit.mediation.electing import (
    LAOYUAN,
    NAMES,
    NEIGHBOUR,
    OTHER_NEIGHBOUR,
    OUTSIDER,
    OVER,
    VOTES,
    concluded,
    counted,
    do,
    election,
    hand_out,
    invalid,
    told,
    voting,
)

ARROWS = """
NOMINATING stand_for_election NOMINATING | NOMINATING open_voting VOTING | RUN_OFF open_voting VOTING
VOTING hand_out_ballots VOTING | VOTING cast_ballot VOTING | VOTING count_ballots COUNTED | COUNTED tied RUN_OFF
COUNTED publish_election PUBLISHED | PUBLISHED object_to_election PUBLISHED
PUBLISHED answer_election_objection PUBLISHED | PUBLISHED objection_upheld RUN_OFF
PUBLISHED publication_ended CONCLUDED | NOMINATING call_off_election CALLED_OFF | VOTING call_off_election CALLED_OFF
RUN_OFF call_off_election CALLED_OFF | COUNTED call_off_election CALLED_OFF
"""
TIED = VOTES | {5: 20}
"""Number 5 and number 6 have as many votes, and one seat is left for both."""
BALLOTS = st.dictionaries(st.integers(1, 12), st.integers(0, 6), min_size=1)


@pytest.fixture
def store(world):
    return world.store


def seen(store, number):
    return do(store, "get_election", number=number)


def test_given_the_life_when_compared_then_the_arrows_are_the_same():
    written = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert written == {(str(source), name, str(target)) for source, name, target in elections.LIFE.arrows()}


@pytest.mark.row("S4.2")
def test_given_seven_candidates_when_counted_and_published_then_the_five_told_ones_are_elected(store):
    number = concluded(store)
    elected = [each["no"] for each in seen(store, number)["standing"] if each["elected"]]
    (fact,) = told(store, "election_concluded")
    assert ("CONCLUDED", [1, 2, 3, 4, 5], 5) == (seen(store, number)["state"], elected, fact["elected_count"])
    assert {"id": "u-shihuiming", "name": "石*明"} in fact["elected"]


def test_given_four_candidates_when_voting_is_opened_then_it_is_a_conflict_that_names_the_least(store):
    number = election(store, candidates=4)
    with pytest.raises(Conflict, match="至少要有5名候选人，现在4名"):
        do(store, "open_voting", number=number)


def test_given_a_candidate_when_entered_twice_then_it_is_a_conflict(store):
    number = election(store)
    with pytest.raises(Conflict):
        do(store, "stand_for_election", number=number, name="石会明")


@pytest.mark.parametrize(("tellers", "words"), [(["石会明", "计票乙"], "候选人不能"), (["监票甲"], "至少两人")])
def test_given_a_candidate_as_teller_or_one_alone_when_voting_is_opened_then_it_is_invalid(store, tellers, words):
    number = election(store)
    with invalid(words):
        do(store, "open_voting", number=number, tellers=tellers)


def test_given_a_voter_with_a_ballot_when_the_list_is_sent_again_then_no_second_is_counted(store):
    number = voting(store, voters=40)
    assert 41 == hand_out(store, number, 41)["issued"]


def test_given_a_voter_when_she_votes_twice_at_once_then_one_ballot_counts(store):
    number = voting(store, mode="PHONE")

    def vote(who):
        return do(store, "cast_ballot", who, number=number)

    with ThreadPoolExecutor(3) as pool:
        done = [
            each.exception() for each in [pool.submit(vote, who) for who in (NEIGHBOUR, NEIGHBOUR, OTHER_NEIGHBOUR)]
        ]
    with store.transaction() as session:
        ballots = session.scalar(select(func.count()).select_from(Ballot))
    assert ([Conflict], 2) == ([type(error) for error in done if error], ballots)


@pytest.mark.parametrize(
    ("choices", "words"), [([8], "可以选的是"), ([1, 1], "只能选一次"), ([*range(1, 7)], "最多选5人")]
)
def test_given_a_strange_ballot_when_cast_then_it_is_invalid(store, choices, words):
    number = voting(store, mode="PHONE")
    with invalid(words):
        do(store, "cast_ballot", number=number, choices=choices)


def test_given_an_election_on_paper_when_somebody_votes_by_account_then_it_is_a_conflict(store):
    number = voting(store)
    with pytest.raises(Conflict, match="现场发票"):
        do(store, "cast_ballot", number=number)


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        (counted(VOTES, valid=101), "valid"),
        (counted(VOTES | {1: 101}), "counts"),
        (counted(dict.fromkeys(VOTES, 90)), "counts"),
        (counted({1: 61}), "counts"),
    ],
)
def test_given_figures_that_do_not_add_up_when_counted_then_they_are_refused(store, figures, field):
    number = voting(store)
    with pytest.raises(Invalid) as refused:
        do(store, "count_ballots", number=number, **figures)
    assert [field] == list(refused.value.details["fields"])


def test_given_a_tie_for_the_last_seat_when_counted_then_only_those_are_voted_on_again(store):
    number = voting(store)
    assert "RUN_OFF" == do(store, "count_ballots", number=number, **counted(TIED))["state"]
    do(store, "open_voting", number=number)
    hand_out(store, number, 90)
    view = do(store, "count_ballots", number=number, **counted({5: 50, 6: 38}, valid=88, spoiled=2))
    elected = [each["no"] for each in view["standing"] if each["elected"]]
    rounds = [(each["seats"], each["elected"], each["tied"]) for each in view["rounds"]]
    assert ("COUNTED", [1, 2, 3, 4, 5]) == (view["state"], elected)
    assert [(5, [1, 2, 3, 4], [5, 6]), (1, [5], [])] == rounds


def test_given_a_vote_by_account_when_counted_then_the_machine_has_the_figures(store):
    number = voting(store, mode="PHONE", seats=1)
    for who in (NEIGHBOUR, OTHER_NEIGHBOUR):
        do(store, "cast_ballot", who, number=number, choices=[2])
    view = do(store, "count_ballots", number=number)
    assert (2, True) == (view["rounds"][0]["valid"], view["standing"][1]["elected"])


@given(BALLOTS, st.integers(1, 8))
def test_given_any_votes_when_decided_then_never_more_than_the_seats_and_every_tie_is_voted_on_again(votes, seats):
    elected, tied = elections.decided(votes, seats)
    left = [no for no in votes if votes[no] and no not in (*elected, *tied)]
    line = min((votes[no] for no in (*elected, *tied)), default=0)
    assert len(elected) <= seats
    assert (len(elected) + len(tied) > seats) if tied else (not left or len(elected) == seats)
    assert all(votes[no] < line for no in left)
    assert 1 >= len({votes[no] for no in tied})


@given(st.lists(BALLOTS, max_size=6), st.integers(1, 8))
def test_given_run_offs_without_end_when_added_up_then_never_more_are_elected_than_there_are_seats(rounds, seats):
    left, running, chosen = seats, set(range(1, 13)), set()
    for votes in rounds:
        elected, tied = elections.decided({no: votes.get(no, 0) for no in running}, left)
        chosen |= {*elected}
        left, running = left - len(elected), {*tied}
        if not tied:
            break
    assert len(chosen) <= seats


def test_given_an_objection_upheld_when_answered_then_all_are_voted_on_again(store):
    number = voting(store)
    do(store, "count_ballots", number=number, **counted(VOTES))
    do(store, "publish_election", number=number)
    do(store, "object_to_election", number=number)
    objection = seen(store, number)["objections"][0]["id"]
    view = do(store, "answer_election_objection", number=number, objection_id=objection, upheld=True)
    assert ("RUN_OFF", []) == (view["state"], [each for each in view["standing"] if each["elected"]])
    do(store, "open_voting", number=number)
    assert 2 == told(store, "voting_opened")[-1]["round"]


def test_given_an_open_objection_when_its_days_are_over_then_nobody_is_elected_yet(store):
    number = voting(store)
    do(store, "count_ballots", number=number, **counted(VOTES))
    do(store, "publish_election", number=number)
    do(store, "object_to_election", number=number)
    for _ in range(2):
        meeting.tick(store, elections.conclude_elections, OVER)
    assert ("PUBLISHED", 0) == (seen(store, number)["state"], len(told(store, "election_concluded")))


def test_given_the_board_when_anybody_reads_it_then_no_candidate_s_name_is_on_it(store):
    number = concluded(store)
    board = do(store, "list_election_board", OUTSIDER, area_path=LAOYUAN)
    neighbour = do(store, "get_election", NEIGHBOUR, number=number)
    assert [] == [name for name in NAMES if name in f"{board}{neighbour}"]


def test_given_a_stranger_when_she_looks_for_it_then_it_is_not_found(store):
    number = election(store)
    with pytest.raises(NotFound):
        do(store, "get_election", OUTSIDER, number=number)


def test_given_its_events_when_looked_at_then_no_name_is_in_them(store):
    concluded(store)
    with store.transaction() as session:
        everything = str(said(session))
    assert [] == [name for name in NAMES if name in everything]
