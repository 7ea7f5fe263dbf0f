"""A service asks another only what its login at the broker lets it ask: else nobody ever answers, outside of tests."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from contracts.listeners import ASKERS
from contracts.registry import COMMANDS

SERVICES = Path(__file__).parents[2] / "services"


def commands_in(path: Path) -> set[Any]:
    """The commands a file takes from the contracts."""
    tree = ast.parse(path.read_text(encoding="utf8"))
    every = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    lines = [line for line in every if (line.module or "").startswith("contracts.")]
    named = [getattr(import_module(str(line.module)), name.name, None) for line in lines for name in line.names]
    return {command for command in COMMANDS.values() if any(command is each for each in named)}


@pytest.mark.parametrize("service", sorted(ASKERS))
def test_given_the_code_of_a_service_when_read_then_all_it_asks_of_others_is_what_it_may_ask(service):
    found = {each for path in (SERVICES / service).rglob("*.py") for each in commands_in(path)}
    assert {each for each in found if each.service != service} == set(ASKERS[service])
