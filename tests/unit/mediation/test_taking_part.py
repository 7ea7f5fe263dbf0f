"""Who took part in councils and elections is shown to them and erased at their word, once the matter is over."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from chassis.erased import GONE
from chassis.identity import Principal
from contracts.mediation.holdings import CopyFromMediation
from services.mediation import elections, holdings
from services.mediation.tables import Attendee, Council, Election, Opinion, Project, SiteIssue, Topic, Vote
from tests.support.delivering import twice
from tests.unit.mediation import electing, meeting
from tests.unit.mediation.electing import OVER, SHI
from tests.unit.mediation.meeting import AFTER, OWNER, do
from tests.unit.mediation.test_holdings import erasing, kept, order

NAME, PHONE, WORDS = "田小禾", "13900000601", "我说的话"
ELECTED, ELECTED_PHONE = "石会明", "13900000602"
LATER = OVER + timedelta(days=400)
WHO = UUID(OWNER.id)


def asked_for(world, name=NAME, phone=PHONE):
    """What mediation holds of the person, as kinds with their words."""
    question = {"person_ids": [WHO], "people": [{"name": name, "phone": phone}], "numbers": []}
    with world.store.transaction() as session:
        items = holdings.HELD.copy(session, Principal.service("intake"), question, LATER)["items"]
    assert {"person_ids", "people", "numbers"} == set(CopyFromMediation().fields)
    return {each["what"]: " ".join(word["text"] for word in each["words"]) for each in items}


def over(world):
    """A council that somebody proposed, spoke, signed in, voted and objected in, to its end."""
    store = world.store
    topic = do(store, "propose_topic", content=WORDS)["number"]
    do(store, "collect_opinions", number=topic)
    do(store, "say_opinion", number=topic, words=WORDS)
    do(store, "set_topic", number=topic)
    number = meeting.council(store, topics=[topic])
    people = [{"name": NAME, "phone": PHONE, "group": "业主"}, {"name": NAME}, {"name": "乙", "phone": PHONE}]
    do(store, "take_roll", number=number, people=people)
    do(store, "record_minutes", number=number, now=AFTER)
    do(store, "cast_vote", number=number, now=AFTER)
    with store.transaction() as session:
        council = session.scalars(select(Council)).one()
        council.publish(AFTER + timedelta(days=7), AFTER)
        council.object(WORDS, AFTER, OWNER.id, AFTER)
    return number


def close(world):
    with world.store.transaction() as session:
        session.execute(update(Council).values(state="CLOSED"))


def elected(world):
    """A project whose first supervisor was entered with a telephone and found something."""
    store = world.store
    number = electing.do(store, "call_election")["number"]
    electing.do(store, "stand_for_election", number=number, name=ELECTED, account=SHI.id, phone=ELECTED_PHONE,
                statement=WORDS)  # fmt: skip
    for name, account in list(electing.NAMES.items())[1:]:
        electing.do(store, "stand_for_election", number=number, name=name, account=account)
    electing.do(store, "open_voting", number=number)
    electing.hand_out(store, number, 104)
    electing.do(store, "count_ballots", number=number, **electing.counted(electing.VOTES))
    electing.do(store, "publish_election", number=number)
    meeting.tick(store, elections.conclude_elections, OVER)
    project = electing.do(store, "open_project", now=OVER, election_number=number)["number"]
    issue = electing.do(store, "raise_site_issue", now=OVER, number=project)["number"]
    electing.do(store, "withdraw_site_issue", now=OVER, number=issue)
    return project


def test_given_somebody_who_took_part_when_asking_what_is_held_then_everything_is_there_but_what_was_chosen(world):
    over(world)
    assert {
        "议事会签到": f"{NAME} 业主", "议事会表决": "已参加（选了什么没有记）", "议题": WORDS, "对议题的意见": WORDS,
        "公示异议": WORDS,
    } == asked_for(world)  # fmt: skip


def test_given_a_running_council_when_erased_then_what_it_needs_stays_as_running(world):
    over(world)
    twice(world.store, erasing((NAME, PHONE)), order(WHO), LATER)
    assert "RUNNING" in kept(world)[0]
    assert {"议事会签到", "议事会表决", "公示异议"} <= set(asked_for(world))


def test_given_a_council_that_is_over_when_erased_then_names_and_words_go_and_the_figures_stay(world):
    number = over(world)
    close(world)
    twice(world.store, erasing((NAME, PHONE)), order(WHO), LATER)
    with world.store.transaction() as session:
        names = sorted(session.scalars(select(Attendee.name)))
        rows = [session.scalars(select(model)).one() for model in (Topic, Opinion, Vote)]
        objection = session.scalars(select(Council)).one().objections[0]["words"]
    seen = do(world.store, "get_council", number=number)
    assert (sorted([GONE, NAME, "乙"]), [GONE, GONE]) == (names, [rows[0].content, rows[1].words])
    assert (GONE, {}) == (objection, asked_for(world))
    assert OWNER.id not in (rows[0].proposer_id, rows[1].by_id, rows[2].voter_id)
    assert (3, 1) == (seen["signed_in"], seen["options"][2]["votes"])


def test_given_an_erased_voter_when_the_council_is_over_then_the_vote_still_counts_once(world):
    over(world)
    close(world)
    for _ in range(2):
        twice(world.store, erasing(), order(WHO), LATER)
    with world.store.transaction() as session:
        assert 1 == len(session.scalars(select(Vote)).all())


@pytest.mark.parametrize(("ended", "left"), [(False, ELECTED), (True, GONE)], ids=["watching", "project over"])
def test_given_an_elected_supervisor_when_erased_then_the_name_goes_once_there_is_nothing_to_watch(world, ended, left):
    project = elected(world)
    if ended:
        electing.do(world.store, "end_project", now=OVER, number=project)
    assert f"{ELECTED} {WORDS}" == asked_for(world, ELECTED, ELECTED_PHONE)["竞聘候选人"]
    twice(world.store, erasing((ELECTED, ELECTED_PHONE)), order(), LATER)
    with world.store.transaction() as session:
        first = session.scalars(select(Election)).one().candidates[0]["name"]
        bound = session.scalars(select(Project)).one().bound[0]["name"]
        found = session.scalars(select(SiteIssue)).one().supervisor_name
    assert [left] * 3 == [first, bound, found]
    assert [[] if ended else ["RUNNING"]] == kept(world)


def test_given_an_erased_winner_when_the_board_is_read_then_number_and_votes_are_still_there(world):
    project = elected(world)
    electing.do(world.store, "end_project", now=OVER, number=project)
    twice(world.store, erasing((ELECTED, ELECTED_PHONE)), order(), LATER)
    (shown,) = electing.do(world.store, "list_election_board", area_path=electing.LAOYUAN)["items"]
    assert (1, 61, True) == tuple(shown["standing"][0][name] for name in ("no", "votes", "elected"))
    assert "石" not in str(shown)


def test_given_somebody_who_objected_when_the_council_is_read_then_who_it_was_is_not_in_it(world):
    number = over(world)
    assert OWNER.id not in str(do(world.store, "get_council", number=number))
