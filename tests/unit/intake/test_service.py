"""The README shows the machines."""

from __future__ import annotations

from pathlib import Path

from services.intake import imports, service
from services.intake.machines import APPEAL, HAZARD

FOLDER = Path(service.__file__).parent


def test_given_the_readme_when_compared_then_it_shows_the_machines():
    text = (FOLDER / "README.md").read_text(encoding="utf8")
    assert [True] * 3 == [machine.mermaid() in text for machine in (APPEAL, HAZARD, imports.LIFE)]
