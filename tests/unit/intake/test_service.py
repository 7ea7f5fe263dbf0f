"""The service answers and hears exactly what the contracts say, and says everything it promises."""

from __future__ import annotations

import re
from pathlib import Path

from chassis.bus.answering import Asked
from chassis.bus.hearing import Hears
from contracts import rpc
from contracts.events import intake as say
from contracts.listeners import LISTENERS
from contracts.schema import CommandSchema
from services.intake import service
from services.intake.machines import APPEAL, HAZARD

FOLDER = Path(service.__file__).parent


def entrypoints(kind):
    methods = vars(service.IntakeService).values()
    return {m.__name__ for m in methods for e in getattr(m, "nameko_entrypoints", ()) if isinstance(e, kind)}


def test_given_the_contracts_when_compared_then_every_question_has_an_answer():
    asked = {shape.method for shape in map(rpc.intake.__dict__.get, rpc.intake.__all__) if is_question(shape)}
    assert asked == entrypoints(Asked)


def is_question(shape):
    return issubclass(shape, CommandSchema) and "example" in vars(shape)


def test_given_the_listeners_when_compared_then_every_fact_is_heard():
    assert {event.name for event in LISTENERS["intake"]} == entrypoints(Hears)


def test_given_the_contracts_when_compared_then_every_fact_is_said_somewhere():
    code = "\n".join(path.read_text(encoding="utf8") for path in FOLDER.glob("*.py"))
    assert set(say.__all__) == set(re.findall(r"say\.(\w+)", code))


def test_given_the_readme_when_compared_then_it_shows_the_machines():
    text = (FOLDER / "README.md").read_text(encoding="utf8")
    assert [True, True] == [machine.mermaid() in text for machine in (APPEAL, HAZARD)]
