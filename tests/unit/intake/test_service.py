"""The service answers and hears exactly what the contracts say, and says everything it promises."""

from __future__ import annotations

import re
from pathlib import Path

from contracts.events import intake as say
from services.intake import service
from services.intake.machines import APPEAL, HAZARD

FOLDER = Path(service.__file__).parent


def test_given_the_contracts_when_compared_then_every_fact_is_said_somewhere():
    code = "\n".join(path.read_text(encoding="utf8") for path in FOLDER.glob("*.py"))
    assert set(say.__all__) == set(re.findall(r"say\.(\w+)", code))


def test_given_the_readme_when_compared_then_it_shows_the_machines():
    text = (FOLDER / "README.md").read_text(encoding="utf8")
    assert [True, True] == [machine.mermaid() in text for machine in (APPEAL, HAZARD)]
