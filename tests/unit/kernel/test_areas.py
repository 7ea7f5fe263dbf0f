"""Area paths, and which path a place had on which day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import areas
from kernel.areas import AreaNode, InvalidAreaPath, UnknownArea
from kernel.codes import AreaLevel

LABELS = st.lists(st.from_regex(r"[a-z0-9_]{1,6}", fullmatch=True), min_size=1, max_size=6)
STREET = "yinchuan.xingqing.lijingjie"
START, CHANGE, TODAY = date(2024, 1, 1), date(2025, 3, 1), date(2026, 1, 5)


def node(code: str, level: AreaLevel, path: str, start: date = START, end: date | None = None) -> AreaNode:
    return AreaNode(code, level, path.rsplit(".", 1)[-1], path, start, end)


def redrawn_grid() -> list[AreaNode]:
    return [
        node("c1", AreaLevel.COMMUNITY, f"{STREET}.yinhong"),
        node("c2", AreaLevel.COMMUNITY, f"{STREET}.minghu"),
        *areas.redraw(node("g3", AreaLevel.GRID, f"{STREET}.yinhong.g3"), f"{STREET}.minghu.g3", CHANGE),
    ]


@given(LABELS, LABELS)
def test_given_a_path_when_labels_are_added_then_it_lies_within(above: list[str], below: list[str]) -> None:
    ancestor = areas.join(*above)
    path = areas.join(ancestor, *below)
    assert areas.is_within(path, ancestor)
    assert not areas.is_within(ancestor, path)
    assert ancestor in areas.ancestors(path)
    assert ancestor == areas.common(path, ancestor)


def test_given_labels_that_only_begin_alike_then_neither_lies_within_the_other() -> None:
    assert not areas.is_within(f"{STREET}.g31", f"{STREET}.g3")


@pytest.mark.parametrize("text", ["", ".", "a..b", "a.b.", "银川", "a b", "a/b", "a\n"])
def test_given_text_that_is_no_ltree_path_then_it_is_refused(text: str) -> None:
    with pytest.raises(InvalidAreaPath):
        areas.labels(text)


def test_given_a_path_then_its_parts_are_told() -> None:
    assert 3 == areas.depth(STREET)
    assert "yinchuan.xingqing" == areas.parent(STREET)
    assert None is areas.parent("yinchuan")
    assert ("yinchuan", "yinchuan.xingqing") == areas.ancestors(STREET)
    assert None is areas.common("yinchuan.a", "jinan.a")


def test_given_levels_then_they_run_from_city_to_household_and_compound_is_an_overlay() -> None:
    assert AreaLevel.CITY == areas.LEVELS[0]
    assert AreaLevel.HOUSEHOLD == areas.LEVELS[-1]
    assert AreaLevel.COMPOUND not in areas.RESPONSIBILITY_LEVELS
    assert areas.rank("GRID") < areas.rank("MICRO_GRID")


def test_given_a_redrawn_grid_when_a_path_is_resolved_then_the_day_decides() -> None:
    nodes, day_before = redrawn_grid(), CHANGE - timedelta(days=1)
    assert "g3" == areas.node_at(nodes, f"{STREET}.yinhong.g3", day_before).code
    assert f"{STREET}.minghu.g3" == areas.node_of(nodes, "g3", CHANGE).path
    assert AreaLevel.GRID == areas.level(nodes, f"{STREET}.minghu.g3", CHANGE)
    with pytest.raises(UnknownArea):
        areas.node_at(nodes, f"{STREET}.yinhong.g3", CHANGE)


def test_given_an_old_item_when_its_place_is_asked_today_then_the_new_path_is_told() -> None:
    path = areas.path_today(redrawn_grid(), f"{STREET}.yinhong.g3", START, TODAY)
    assert f"{STREET}.minghu.g3" == path


def test_given_a_place_that_is_no_more_when_asked_today_then_it_is_unknown() -> None:
    gone = [node("g9", AreaLevel.GRID, "y.g9", START, CHANGE)]
    with pytest.raises(UnknownArea):
        areas.path_today(gone, "y.g9", START, TODAY)


def test_given_a_day_outside_its_stretch_when_a_node_is_redrawn_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="不能自"):
        areas.redraw(node("g3", AreaLevel.GRID, "y.g3"), "y.g4", START)


def test_given_a_sound_history_then_there_are_no_faults() -> None:
    above = [node("y", AreaLevel.CITY, "yinchuan"), node("x", AreaLevel.DISTRICT, "yinchuan.xingqing")]
    assert [] == areas.history_faults([*above, node("s", AreaLevel.STREET, STREET), *redrawn_grid()])


def test_given_faults_in_a_history_then_all_are_listed() -> None:
    faults = areas.history_faults(
        [
            node("s", AreaLevel.STREET, "s"),
            node("s", AreaLevel.STREET, "t", CHANGE),
            node("g", AreaLevel.GRID, "x.g"),
            node("c", AreaLevel.CITY, "s.c"),
            node("e", AreaLevel.GRID, "s.e", CHANGE, CHANGE),
        ]
    )
    for expected in ("“s”自 2025-03-01 起有重叠", "“x.g”在 2024-01-01 没有上级", "“s.c”的层级", "“s.e”的失效日"):
        assert any(expected in fault for fault in faults), expected


def test_given_a_path_when_cut_then_it_is_the_place_above_it_or_itself_where_it_is_no_deeper():
    path = "yinchuan.xingqing.lijingjie"
    assert ["yinchuan", "yinchuan.xingqing", path, path] == [areas.cut(path, most) for most in (1, 2, 3, 9)]
