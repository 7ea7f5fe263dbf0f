"""Nobody sees another's case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Invalid, NotFound
from contracts import samples
from contracts.intake.appeals import GetAppeal, ListAppeals
from contracts.intake.views import AppealPage
from services.intake import reading, views
from tests.unit.intake.world import (
    AUDITOR,
    CALLER,
    CHEN,
    ELSEWHERE,
    GRID,
    LISHAN,
    LIU,
    MA,
    NOTIFY,
    NOW,
    OTHER,
    STRANGER,
    WANG,
    do,
    register,
    solve,
)


def get(store, who, number):
    return do(store, reading.get_appeal, GetAppeal, who, number=number)


def listing(store, who, **more):
    blank = {"state": [], "area_path": None, "handler_id": None, "due_before": None, "numbers": []}
    return do(store, reading.list_appeals, ListAppeals, who, **{**blank, **more})


@pytest.mark.parametrize("who", [LISHAN, MA, WANG, LIU, AUDITOR])
def test_given_staff_of_the_place_when_reading_then_they_see_the_words(store, who):
    number = register(store)["number"]
    assert "新装修" in get(store, who, number)["content"]


@pytest.mark.parametrize("who", [CALLER, NOTIFY])
def test_given_services_and_callers_when_reading_then_words_are_withheld(store, who):
    number = register(store)["number"]
    view = get(store, who, number)
    assert {views.WITHHELD} == {view["content"], view["title"], view["place_text"]}


@pytest.mark.rule("4")
@pytest.mark.parametrize("who", [OTHER, STRANGER, CHEN])
def test_given_anybody_else_when_reading_then_there_is_no_such_case(store, who):
    number = register(store)["number"]
    with pytest.raises(NotFound):
        get(store, who, number)


def test_given_the_resident_who_registered_when_reading_then_it_is_shown(store):
    number = register(store, CHEN, channel="WEB")["number"]
    assert number == get(store, CHEN, number)["number"]


def test_given_no_such_number_when_reading_then_it_is_not_found(store):
    with pytest.raises(NotFound):
        get(store, LISHAN, "S202407050101000010")


def test_given_cases_of_two_places_when_listed_then_each_sees_its_own(store):
    here = register(store)["number"]
    there = register(store, OTHER, area_path=f"{ELSEWHERE}.g1")["number"]
    mine = register(store, CHEN, channel="WEB")["number"]
    seen = {
        who.name: {row["number"] for row in listing(store, who)["items"]} for who in (WANG, OTHER, LIU, CHEN, STRANGER)
    }
    assert {"王芳": {here, mine}, "赵文斌": {there}, "刘伟": {here, there, mine}, "陈*": {mine}, "居*": set()} == seen


def test_given_a_service_when_listing_then_there_is_nothing(store):
    register(store)
    assert [] == listing(store, NOTIFY)["items"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"state": ["IN_PROGRESS"]}, 1),
        ({"state": ["CLOSED"]}, 0),
        ({"area_path": GRID}, 1),
        ({"area_path": ELSEWHERE}, 0),
        ({"handler_id": LISHAN.id}, 1),
        ({"handler_id": MA.id}, 0),
        ({"due_before": (NOW + timedelta(hours=3)).isoformat()}, 1),
        ({"due_before": NOW.isoformat()}, 0),
    ],
)
def test_given_a_filter_when_listed_then_it_narrows(store, given, found):
    register(store)
    assert found == len(listing(store, WANG, **given)["items"])


def test_given_many_cases_when_paged_then_each_comes_once_newest_first(store):
    numbers = [register(store)["number"] for _ in range(5)]
    first = listing(store, WANG, limit=3)
    second = listing(store, WANG, limit=3, cursor=first["next_cursor"])
    seen = [row["number"] for page in (first, second) for row in page["items"]]
    assert (numbers[::-1], None) == (seen, second["next_cursor"])
    assert 3 == len(AppealPage().dump(first)["items"])


def test_given_a_foreign_cursor_when_listing_then_it_is_invalid(store):
    with pytest.raises(Invalid):
        listing(store, WANG, cursor="abc")


@pytest.mark.rule("30")
def test_given_numbers_when_listing_then_only_those_among_what_may_be_seen(store):
    first, _ = register(store)["number"], register(store)["number"]
    asked = [listing(store, who, numbers=[first])["items"] for who in (LISHAN, STRANGER)]
    assert [[first], []] == [[item["number"] for item in items] for items in asked]


@pytest.mark.rule("4")
def test_given_files_of_a_case_when_read_then_they_are_shown_to_who_reads_the_words(store):
    number = register(store, attachments=[samples.PHOTO])["number"]
    solve(store, number)
    shown = {who.name: get(store, who, number) for who in (WANG, CALLER, NOTIFY)}
    counts = {name: (len(view["attachments"]), len(view["result_attachments"])) for name, view in shown.items()}
    assert {WANG.name: (1, 1), CALLER.name: (0, 0), NOTIFY.name: (0, 0)} == counts


def test_given_a_result_that_waits_when_the_caller_reads_then_what_she_asks_about_and_not_how_it_was_handled(store):
    number = register(store)["number"]
    solve(store, number)
    view = get(store, CALLER, number)
    shown = [view[name] == views.WITHHELD for name in ("title", "content", "result_text", "place_text")]
    assert [False, False, False, True] == shown
