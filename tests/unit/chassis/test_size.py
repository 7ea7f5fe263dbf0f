"""The chassis stays small: what only one service needs belongs to that service (ADR 14, 25)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.places import ROOT, code_lines

MOST = {"chassis": 1353, "bus": 1259, "letters": 155, "failover": 225}
"""Lines of code, without blank lines, comments and docstrings. To be lowered, never raised (ADR 25)."""


def test_given_blanks_comments_and_docstrings_when_counted_then_only_code_is():
    assert ["x = (", "    1", ")  # here"] == code_lines('"""Two\nlines."""\n\n# why\nx = (\n    1\n)  # here\n')


@pytest.mark.parametrize(("package", "most"), MOST.items())
def test_given_a_package_every_service_stands_on_when_counted_then_it_is_within_its_limit(package, most):
    folder: Path = ROOT / package
    counted = {str(path.relative_to(folder)): len(code_lines(path.read_text("utf-8"))) for path in folder.rglob("*.py")}
    assert sum(counted.values()) <= most, sorted(counted.items(), key=lambda each: -each[1])[:10]
