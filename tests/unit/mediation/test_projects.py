"""The elected watch one project to its end; what they find comes back to the same supervisor."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden, NotFound
from contracts.dispatch.whistles import WhistleBlown
from services.mediation import helpers, projects, site_issues
from tests.support.delivering import failing, twice
from tests.support.events import hear
from tests.unit.mediation.electing import (
    BUILDER,
    HAN,
    LAOYUAN,
    NAMES,
    NEIGHBOUR,
    OUTSIDER,
    OVER,
    QIN,
    SHI,
    concluded,
    do,
    election,
    invalid,
    issue,
    project,
    told,
    week_over,
)
from tests.unit.mediation.meeting import SERVICE

ARROWS = """
RAISED forward_site_issue SENT | SENT forward_site_issue SENT | SENT fix_site_issue FIXED
FIXED confirm_site_issue CONFIRMED | FIXED reject_site_issue SENT | RAISED ask_to_stop RAISED | SENT ask_to_stop SENT
FIXED ask_to_stop FIXED | RAISED withdraw_site_issue WITHDRAWN | SENT withdraw_site_issue WITHDRAWN
"""
PROJECT_ARROWS = """
RUNNING raise_site_issue RUNNING | RUNNING release_supervisor RUNNING | RUNNING end_project ENDED
"""


@pytest.fixture
def store(world):
    return world.store


@pytest.mark.parametrize(("life", "arrows"), [(site_issues.LIFE, ARROWS), (projects.LIFE, PROJECT_ARROWS)])
def test_given_the_life_when_compared_then_the_arrows_are_the_same(life, arrows):
    written = {tuple(arrow.split()) for line in arrows.strip().splitlines() for arrow in line.split("|")}
    assert written == {(str(source), name, str(target)) for source, name, target in life.arrows()}


def step(store, method, number, who=None, **asked):
    return do(store, method, who, OVER, number=number, **asked)


@pytest.mark.row("S4.2")
def test_given_the_elected_when_the_project_is_opened_then_the_five_are_bound_to_it(store):
    view = step(store, "get_project", project(store))
    assert {account for account in NAMES.values() if account} == {each["id"] for each in view["supervisors"]}
    assert 5 == view["supervisor_count"]


def test_given_an_election_without_a_result_when_a_project_is_opened_then_it_is_invalid(store):
    number = election(store)
    with invalid("还没有人当选"):
        do(store, "open_project", election_number=number)


def test_given_supervisors_of_one_project_when_bound_to_another_then_it_is_a_conflict(store):
    number = concluded(store)
    do(store, "open_project", now=OVER, election_number=number)
    with pytest.raises(Conflict, match="别的项目"):
        do(store, "open_project", now=OVER, election_number=number)


@pytest.mark.row("S4.2")
def test_given_an_issue_when_mended_and_rejected_then_it_is_mended_again_and_the_same_supervisor_confirms(store):
    number = issue(store, "FIXED")
    step(store, "reject_site_issue", number)
    step(store, "fix_site_issue", number)
    view = step(store, "confirm_site_issue", number)
    assert ("CONFIRMED", 1, "下沿还是空鼓") == (view["state"], view["rejections"], view["rejection"])


def test_given_a_mended_issue_when_another_supervisor_or_the_community_confirms_then_it_is_not_theirs(store):
    number = issue(store, "FIXED")
    with pytest.raises(NotFound):
        step(store, "confirm_site_issue", number, QIN)
    with pytest.raises(Forbidden):
        step(store, "confirm_site_issue", number, HAN)


def test_given_who_is_no_supervisor_of_it_when_they_raise_an_issue_then_it_is_forbidden(store):
    number = project(store)
    with pytest.raises(Forbidden):
        step(store, "raise_site_issue", number, NEIGHBOUR)


def test_given_an_issue_when_sent_to_a_unit_of_another_project_then_it_is_invalid(store):
    number = issue(store)
    with invalid("施工单位或监理单位"):
        step(store, "forward_site_issue", number, unit="gongdian")


def test_given_a_danger_when_a_stop_is_asked_for_then_once_and_the_whistle_is_noted_with_it(store):
    number = issue(store, safety=True)
    view = step(store, "ask_to_stop", number)
    about = {"kind": "SITE_ISSUE", "id": view["id"], "number": number}
    event = hear(WhistleBlown, {"source": about})
    failing(store, helpers.whistle_blown, event, OVER)
    twice(store, helpers.whistle_blown, event, OVER)
    with pytest.raises(Conflict, match="已经要求过停工"):
        step(store, "ask_to_stop", number)
    assert event.data["whistle_number"] == step(store, "get_site_issue", number)["whistle_number"]
    assert (1, 1) == tuple(len(told(store, name)) for name in ("stop_work_asked", "stop_work_whistled"))


def test_given_no_danger_when_a_stop_is_asked_for_then_it_is_a_conflict(store):
    number = issue(store)
    with pytest.raises(Conflict):
        step(store, "ask_to_stop", number)


def test_given_an_issue_when_dispatch_asks_where_it_lies_then_until_it_is_over(store):
    number = issue(store, "FIXED")
    assert LAOYUAN == step(store, "locate_site_issue", number, SERVICE)["area_path"]
    step(store, "confirm_site_issue", number)
    with pytest.raises(NotFound):
        step(store, "locate_site_issue", number, SERVICE)


@pytest.mark.row("S4.2")
def test_given_a_week_when_it_is_over_then_its_figures_are_told_once_and_stand_on_the_board(store):
    number = issue(store, "FIXED")
    for _ in range(2):
        week_over(store)
    (fact,) = told(store, "project_digest")
    (row,) = do(store, "list_project_board", OUTSIDER, area_path=LAOYUAN)["items"]
    figures = {name: row["weeks"][0][name] for name in ("raised", "fixed", "confirmed", "open")}
    assert {"raised": 1, "fixed": 1, "confirmed": 0, "open": 1} == figures
    assert (figures, []) == ({name: fact[name] for name in figures}, [name for name in NAMES if name in str(row)])
    do(store, "confirm_site_issue", now=OVER + timedelta(days=9), number=number)
    week_over(store, days=16)
    assert [0, 1] == [each["confirmed"] for each in told(store, "project_digest")]


def test_given_an_open_issue_when_the_project_is_ended_then_it_is_named_and_later_the_supervisors_are_free(store):
    number = issue(store, "FIXED")
    of_it = step(store, "get_site_issue", number)["project_number"]
    with pytest.raises(Conflict) as refused:
        step(store, "end_project", of_it)
    assert [number] == refused.value.details["issues"]
    step(store, "confirm_site_issue", number)
    view = step(store, "end_project", of_it)
    assert ("ENDED", 0) == (view["state"], view["supervisor_count"])
    with pytest.raises((NotFound, Conflict)):
        step(store, "raise_site_issue", of_it, SHI)


def test_given_a_supervisor_who_leaves_when_released_then_the_community_confirms_what_she_found(store):
    number = issue(store, "FIXED")
    of_it = step(store, "get_site_issue", number)["project_number"]
    with invalid("只能本人退出"):
        step(store, "release_supervisor", of_it, QIN, account=SHI.id)
    assert 4 == step(store, "release_supervisor", of_it, account=SHI.id)["supervisor_count"]
    assert "CONFIRMED" == step(store, "confirm_site_issue", number, HAN)["state"]


def test_given_the_builder_when_looking_then_only_what_was_sent_is_there(store):
    number = issue(store)
    with pytest.raises(NotFound):
        step(store, "get_site_issue", number, BUILDER)
    step(store, "forward_site_issue", number)
    assert number == step(store, "get_site_issue", number, BUILDER)["number"]
