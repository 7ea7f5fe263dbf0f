"""A labelled list of parts is a table of their labels, on whatever page it stands."""

from __future__ import annotations

from contracts.intake.campaign_views import CampaignView
from services.portal.pages.derived import derived

UNITS = [
    {
        "unit_path": "a.b", "name": "1号楼1单元", "visitor": {"id": "u-zou", "name": "邹丽娟"}, "result": "IN",
        "need": "YES", "how_many": 3, "came_of": [],
    },
    {"unit_path": "a.c", "name": "1号楼2单元", "visitor": None, "result": None},
]  # fmt: skip


def test_given_units_of_a_campaign_when_drawn_then_each_is_a_row_in_words_and_what_is_unknown_is_empty():
    (table,) = derived(CampaignView, {"targets": UNITS, "visits": []}, {}).tables
    rows = [["1号楼1单元", "邹丽娟", "入户", "需要", "3", ""], ["1号楼2单元", "", "", "", "", ""]]
    assert ("单元", ["单元", "走访人", "结果", "需要吗", "多少户", "转出的件"], rows) == table


def test_given_a_change_when_drawn_then_how_it_was_decided_is_a_column_too():
    change = {
        "id": "x",
        "name": "1号楼1单元",
        "words": "换了住户",
        "state": "PROPOSED",
        "proposed_by": {"name": "邹丽娟"},
    }
    (table,) = derived(CampaignView, {"changes": [change]}, {}).tables
    assert [["1号楼1单元", "换了住户", "待核定", "邹丽娟", "", ""]] == table.rows


def test_given_a_campaign_when_headlined_then_the_progress_stands_in_the_line():
    view = {"purpose": "SURVEY", "topic": "单元门口装扶手", "progress": "5/67"}
    assert "摸排：单元门口装扶手（5/67）" == derived(CampaignView, view, {}).title
