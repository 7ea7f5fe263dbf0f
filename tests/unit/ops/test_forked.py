"""Programs in processes forked from one: each alone with its environment, and none hides that it failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ops.world import REPOSITORY

PROGRAM = """
import os, pathlib

def main(arguments):
    path, said = arguments
    if said == "fail":
        raise RuntimeError("told to fail")
    pathlib.Path(path).write_text(said + os.environ.get("OWN", "-") + os.environ.get("HOME", "-"))
"""


@pytest.fixture
def forked(tmp_path: Path) -> Any:
    """Runs tasks `(file, word, environment)` of a program that writes its word and what it is told."""
    (tmp_path / "writer.py").write_text(PROGRAM)

    def run(*tasks: tuple[str, str, dict[str, str]]) -> subprocess.CompletedProcess[str]:
        told = [
            {"program": "writer", "arguments": [str(tmp_path / name), word], "environment": environment}
            for name, word, environment in tasks
        ]
        command = [sys.executable, "-m", "ops.forked"]
        path = {**os.environ, "PYTHONPATH": str(tmp_path), "HOME": "/nobody"}
        return subprocess.run(
            command, input=json.dumps(told), env=path, cwd=REPOSITORY, capture_output=True, text=True, check=False
        )

    return run


def test_given_tasks_when_run_then_each_sees_its_own_environment_alone(forked: Any, tmp_path: Path) -> None:
    done = forked(("one", "a", {"OWN": "1"}), ("two", "b", {"OWN": "2"}), ("three", "c", {}))
    written = [(tmp_path / name).read_text() for name in ("one", "two", "three")]
    assert (0, ["a1-", "b2-", "c--"]) == (done.returncode, written)


def test_given_a_task_that_fails_when_run_then_it_is_told_and_the_others_are_done(forked: Any, tmp_path: Path) -> None:
    done = forked(("one", "fail", {}), ("two", "b", {}), ("three", "c", {}))
    assert (1, "b--", "c--") == (done.returncode, (tmp_path / "two").read_text(), (tmp_path / "three").read_text())
    assert "writer" in done.stderr
    assert "RuntimeError: told to fail" in done.stderr
