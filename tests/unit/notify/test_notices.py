"""A removed hazard is shown to the neighbours, masked and for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Invalid
from chassis.identity import Principal
from contracts import samples
from contracts.intake.hazards import HazardRemoved
from contracts.intake.needs import NeedMet
from kernel.masking import find_personal
from services.notify import notices
from services.notify.tables import PublicNotice
from tests.support.events import said
from tests.unit.notify.facts import COMMUNITY, GRID, NOW, SERVICE, fact, shanghai, tell

HOUSEHOLD = f"{GRID}.b5.h1"
ANYBODY = Principal("", "", kind="resident")


def removed(store, path=f"{GRID}.b5"):
    event = fact(HazardRemoved, subject=samples.HAZARD, area_path=path, case_number=samples.HAZARD_NO)
    tell(store, event)


def seen(store, place, now=NOW):
    with store.transaction() as session:
        return notices.list_visible(session, ANYBODY, {"area_path": place}, now)["items"]


def test_given_a_removed_hazard_when_heard_then_the_notice_names_place_number_and_day(store):
    removed(store)
    (notice,) = seen(store, COMMUNITY)
    assert "银虹社区第3网格5号楼" in notice["title"]
    assert (True, True, []) == (
        samples.HAZARD_NO in notice["body"], "2024年7月8日" in notice["body"], find_personal(notice["body"]),
    )  # fmt: skip


def test_given_a_removed_hazard_when_heard_then_its_publication_is_told(store):
    removed(store)
    with store.transaction() as session:
        (envelope,) = said(session, "public_notice_published")
    assert ("HAZARD_REMOVED", samples.HAZARD) == (envelope["data"]["kind"], envelope["data"]["subject"]["id"])


@pytest.mark.rule("44")
@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("abc", 0),
        ("yinchuan", 1),
        (COMMUNITY, 1),
        (f"{GRID}.b5", 1),
        (HOUSEHOLD, 1),
        (f"{COMMUNITY}.g1", 0),
        ("yinchuan.jinfeng", 0),
    ],
)
def test_given_a_notice_when_asked_at_a_place_then_it_shows_there_below_and_above(store, place, shown):
    removed(store)
    assert shown == len(seen(store, place))


def test_given_a_household_when_its_hazard_is_removed_then_only_the_building_is_named(store):
    removed(store, HOUSEHOLD)
    (notice,) = seen(store, COMMUNITY)
    assert (f"{GRID}.b5", False) == (notice["area_path"], "101" in notice["title"])


def test_given_a_notice_when_its_time_is_over_then_it_is_gone(store):
    removed(store)
    (notice,) = seen(store, COMMUNITY)
    assert shanghai(16, 0) == notice["visible_to"]
    assert [[], []] == [seen(store, COMMUNITY, now) for now in (NOW - timedelta(seconds=1), notice["visible_to"])]


def test_given_a_place_nobody_loaded_when_a_hazard_is_removed_then_it_is_still_shown(bare_store):
    removed(bare_store)
    assert [f"{GRID}.b5"] == [notice["area_path"] for notice in seen(bare_store, GRID)]


def test_given_words_with_a_telephone_when_published_then_it_is_refused(store):
    row = PublicNotice(title="公示", body="请拨打13900000001")
    with pytest.raises(Invalid), store.transaction() as session:
        notices.publish(session, SERVICE, row, NOW)


@pytest.mark.row("S3.2")
def test_given_a_need_that_is_met_when_told_twice_then_all_households_of_the_community_read_it_once(store):
    event = fact(NeedMet, subject=samples.APPEAL, area_path=f"{GRID}.b5", case_number=samples.APPEAL_NO)
    for _ in range(2):
        tell(store, event)
    boards = [[one["body"] for one in seen(store, place)] for place in (HOUSEHOLD, f"{COMMUNITY}.g1")]
    assert (1, True) == (len(boards[0]), boards[0] == boards[1])
    assert "需求清单上的一项" in boards[0][0]
