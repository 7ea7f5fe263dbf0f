"""A steward's notice hangs at her own door for a while, for everybody; the community may take it down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from marshmallow import ValidationError

from chassis.errors import Conflict, Forbidden, Invalid
from services.notify import doorway_notices
from tests.support.events import names_said, said
from tests.unit.notify.facts import COMMUNITY, NOW, SERVICE
from tests.unit.notify.stewarding import CLERK, DOOR, GRID_WORKER, OTHER_DOOR, XIAO_LAN, furnish, hung
from tests.unit.notify.wishing import RESIDENT, do

pytestmark = pytest.mark.row("S4.22")


def board(store, place=DOOR, now=NOW):
    shown = do(store, "list_posted", RESIDENT, now, area_path=place)["items"]
    return [(one["heading"], one["place"]) for one in shown]


def test_given_a_steward_when_she_posts_at_her_door_then_everybody_reads_it_there_and_in_the_community(store):
    hung(store)
    hangs = [("周六大扫除", "银虹社区第3网格5号楼2单元")]
    assert (hangs, hangs, []) == (board(store), board(store, COMMUNITY), board(store, OTHER_DOOR))


def test_given_a_steward_when_she_posts_then_the_bus_does_not_know_her_name(store):
    hung(store)
    with store.transaction() as session:
        assert "肖*" == said(session, "doorway_notice_posted")[0]["data"]["author"]["name"]


def test_given_a_notice_for_the_community_when_read_at_a_door_then_it_hangs_there_too(store):
    hung(store, CLERK, area_path=COMMUNITY)
    assert ["周六大扫除"] == [heading for heading, _ in board(store, OTHER_DOOR)]


def test_given_another_door_when_a_steward_posts_there_then_forbidden(store):
    with pytest.raises(Forbidden):
        hung(store, area_path=OTHER_DOOR)


@pytest.mark.parametrize("words", ["找肖兰，电话13900000401", "身份证号110101199003070011的请来一下"])
def test_given_words_with_a_telephone_or_identity_number_when_posted_then_refused_by_field(store, words):
    with pytest.raises(ValidationError) as refused:
        hung(store, words=words)
    assert {"words"} == set(refused.value.messages)


def test_given_a_place_nobody_knows_when_posted_then_refused_by_field(store):
    furnish(store)
    with pytest.raises(Invalid) as refused:
        hung(store, CLERK, area_path=f"{COMMUNITY}.g9")
    assert {"area_path"} == set(refused.value.details["fields"])


def test_given_its_last_day_when_over_then_it_hangs_no_more_and_that_is_told_once(store):
    hung(store)
    later = NOW + timedelta(days=7, minutes=1)
    for _ in range(2):
        with store.transaction() as session:
            doorway_notices.LIFE.end_due(session, SERVICE, later)
    with store.transaction() as session:
        assert ["doorway_notice_posted", "doorway_notice_over"] == names_said(session)
    assert [] == board(store, now=later)


def test_given_the_time_is_over_and_no_clock_has_struck_when_read_then_it_hangs_no_more(store):
    hung(store)
    assert [] == board(store, now=NOW + timedelta(days=7))


def test_given_a_notice_when_the_community_takes_it_down_then_it_is_gone_and_cannot_be_taken_down_again(store):
    number = hung(store)
    taken = do(store, "take_down_doorway_notice", CLERK, number=number, reason="与事实不符")
    with pytest.raises(Conflict):
        do(store, "take_down_doorway_notice", XIAO_LAN, number=number, reason="重复")
    assert (("TAKEN_DOWN", "与事实不符"), []) == ((taken["state"], taken["reason"]), board(store))


def test_given_somebody_elses_notice_when_a_grid_worker_takes_it_down_then_forbidden(store):
    number = hung(store)
    with pytest.raises(Forbidden):
        do(store, "take_down_doorway_notice", GRID_WORKER, number=number, reason="不该贴")
