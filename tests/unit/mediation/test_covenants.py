"""A covenant has the versions that councils adopted; any two are read side by side; the street has them on file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Forbidden
from services.mediation import covenants
from tests.unit.mediation.adopting import FIRST, SECOND, do, drafted, filed
from tests.unit.mediation.electing import invalid
from tests.unit.mediation.meeting import OUTSIDER, QINGHE, ZHENG, held, resolved

ARROWS = """
DRAFTING revise_covenant DRAFTING | FILED revise_covenant DRAFTING | DRAFTING adopt_covenant ADOPTED
ADOPTED file_covenant FILED
"""
LINES = st.lists(st.sampled_from("甲乙丙丁"), max_size=8).map("\n".join)


@pytest.fixture
def store(world):
    return world.store


def test_given_the_life_when_compared_then_the_arrows_are_the_same():
    written = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert written == {(str(source), name, str(target)) for source, name, target in covenants.LIFE.arrows()}


def test_given_two_versions_when_adopted_and_filed_then_both_stay_and_everybody_compares_them(store):
    number = filed(store)
    do(store, "revise_covenant", number=number)
    do(store, "adopt_covenant", number=number, council_number=resolved(store))
    (row,) = do(store, "list_covenant_board", OUTSIDER, area_path=QINGHE)["items"]
    compared = do(store, "compare_covenant", OUTSIDER, number=number, old=1, new=2)["lines"]
    assert [(FIRST, True), (SECOND, False)] == [(each["text"], bool(each["filed_at"])) for each in row["versions"]]
    assert ["SAME", "CHANGED", "SAME", "ADDED"] == [each["change"] for each in compared]


def test_given_a_council_that_resolved_nothing_when_named_then_it_is_invalid(store):
    number = drafted(store)
    with invalid("已有决议的议事会"):
        do(store, "adopt_covenant", number=number, council_number=held(store))


def test_given_a_version_there_is_not_when_compared_then_it_is_invalid(store):
    number = filed(store)
    with invalid("只有1版"):
        do(store, "compare_covenant", OUTSIDER, number=number, old=1, new=2)


def test_given_the_community_when_it_files_its_own_covenant_then_it_is_forbidden(store):
    number = drafted(store)
    do(store, "adopt_covenant", number=number, council_number=resolved(store))
    with pytest.raises(Forbidden):
        do(store, "file_covenant", ZHENG, number=number)


@given(LINES, LINES)
def test_given_any_two_texts_when_compared_then_no_line_of_either_is_lost(old, new):
    rows = covenants.side_by_side(old, new)
    assert old.splitlines() == [row["old"] for row in rows if row["old"] is not None]
    assert new.splitlines() == [row["new"] for row in rows if row["new"] is not None]
