"""Figures are held against their aims, and written one a line."""

from __future__ import annotations

import json

import pytest

from bench import report
from bench.report import Line


def line(**changes):
    told = {"name": "x", "runs": [10.0, 12.0, 14.0], "floors": [20.0, 20.0, 20.0], "unit": "ms", "floor_name": "bare"}
    return Line(**{**told, "aim": None, **changes})


@pytest.mark.parametrize(
    ("aims", "met"),
    [
        ({}, True),
        ({"aim": 0.6}, True),
        ({"aim": 0.61}, False),
        ({"bound": 12.0}, True),
        ({"bound": 13.0}, False),
        ({"aim": 0.5, "bound": 13.0}, False),
        ({"aim": 0.6, "bound": 12.0, "at_least": False}, True),
        ({"aim": 0.59, "bound": 15.0, "at_least": False}, False),
    ],
)
def test_given_aims_when_held_against_the_figure_then_all_of_them_count(aims, met):
    assert met == line(**aims).met


def test_given_a_machine_that_drifts_when_compared_then_each_run_stands_against_its_own_floor():
    assert 0.5 == line(runs=[10.0, 20.0, 40.0], floors=[20.0, 40.0, 80.0]).ratio


def test_given_figures_when_reported_then_there_is_one_object_a_line(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    report.report("some", [line(bound=15.0, at_least=False), line(name="y")])
    told = [json.loads(row) for row in (tmp_path / "some.jsonl").read_text(encoding="utf8").splitlines()]
    assert [
        ("some", "x", 12.0, "ms", 20.0, 0.6, "≤ 15 ms", True),
        ("some", "y", 12.0, "ms", 20.0, 0.6, None, None),
    ] == [tuple(row[key] for key in ("bench", "name", "value", "unit", "floor", "ratio", "aim", "met")) for row in told]
