"""The halls of a community and of a grid 社区议事厅、网格议事厅: what stewards bring is talked over, item by item."""

from __future__ import annotations

import pytest

from tests.unit.mediation.meeting import AFTER, GRID, QINGHE, SERVICE, ZHENG, ZHOU, council, do
from tests.unit.mediation.people import staff

STEWARD = staff("u-guanjia", "管家", "STEWARD", f"{GRID}.b1u1")


@pytest.fixture
def store(world):
    return world.store


@pytest.mark.row("S4.29")
@pytest.mark.parametrize(
    ("kind", "place", "host"), [("HALL", QINGHE, ZHENG), ("GRID", GRID, ZHOU)], ids=("community", "grid")
)
def test_given_a_steward_s_topic_when_taken_to_the_hall_then_it_is_solved_there_and_everybody_reads_so(
    store, kind, place, host
):
    topic = do(store, "propose_topic", STEWARD, content="单元门口没有灯", area_path=place)["number"]
    do(store, "set_topic", number=topic, subject="单元门口的灯")
    number = council(store, kind=kind, area_path=place, topics=[topic], owners_rights=False)
    do(store, "record_minutes", host, number=number, now=AFTER)
    for item in do(store, "get_council", number=number)["agenda"]:
        do(store, "end_item", host, number=number, now=AFTER, item_no=item["no"], outcome="SOLVED")
    assert "CLOSED" == do(store, "conclude_council", host, number=number, now=AFTER)["state"]
    (shown,) = do(store, "list_council_board", SERVICE, area_path=QINGHE)["items"]
    assert (kind, "议毕") == (shown["kind"], shown["steps"][-1]["what"])
    assert "SETTLED" == do(store, "get_topic", number=topic)["state"]
