"""Two revisions are compared in turns, line by line, each with its own run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import compare
from bench.__main__ import FIGURES, main

OTHER = Path("other")


def measuring(values):
    """What each tree measures, run by run; and in which order they were asked."""
    asked, runs = [], {folder: iter(told) for folder, told in values.items()}

    def measure(folder, name):
        asked.append(folder)
        return next(runs[folder])

    return measure, asked


def test_given_a_drifting_machine_when_compared_in_turns_then_the_ratios_are_of_one_turn_each():
    here = [{"sent": (value, "/s")} for value in (20.0, 40.0, 60.0)]
    there = [{"sent": (value, "/s")} for value in (10.0, 20.0, 30.0)]
    measure, asked = measuring({compare.HERE: here, OTHER: there})
    (line,) = compare.turns("relay", OTHER, measure)
    assert ([2.0, 2.0, 2.0], 40.0, 20.0) == (line.ratios, line.as_json()["here"], line.as_json()["there"])
    assert [compare.HERE, OTHER, OTHER, compare.HERE, compare.HERE, OTHER] == asked


def test_given_lines_of_one_side_alone_when_compared_then_only_common_ones_are_shown():
    here, there = {"old": (1.0, "s"), "new": (1.0, "s")}, {"old": (2.0, "s"), "gone": (1.0, "s")}
    measure, _ = measuring({compare.HERE: [here] * 3, OTHER: [there] * 3})
    assert ["old"] == [line.line for line in compare.turns("relay", OTHER, measure)]


def test_given_no_line_in_common_when_compared_then_it_says_so():
    measure, _ = measuring({compare.HERE: [{"new": (1.0, "s")}] * 3, OTHER: [{"old": (1.0, "s")}] * 3})
    with pytest.raises(AssertionError, match="relay"):
        compare.turns("relay", OTHER, measure)


def test_given_a_name_git_does_not_know_when_compared_then_it_is_named():
    with pytest.raises(compare.Unmeasured, match="no-such-revision"):
        compare.checked_out("no-such-revision")


def test_given_a_bench_that_fails_when_measured_then_its_last_words_are_told(tmp_path):
    (tmp_path / "bench").mkdir()
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho the broker is away >&2\nexit 3\n")
    python.chmod(0o755)
    with pytest.raises(compare.Unmeasured, match="ended with 3\nthe broker is away"):
        compare.measured(tmp_path, "relay")


def test_given_a_tree_when_asked_which_figures_both_have_then_those_whose_bench_is_there(tmp_path):
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "relay.py").touch()
    assert ["relay"] == compare.both(FIGURES, tmp_path)


def test_given_no_revision_when_asked_to_compare_then_it_says_how(capsys):
    assert (2, True) == (main("compare"), "compare REV" in capsys.readouterr().err)
