"""Pauses between restarts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from ops import child as children
from ops.child import Child, rotate
from ops.programs import Program


class Time:
    """A monotonic clock the test moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    moved = Time()
    monkeypatch.setattr(children, "time", moved)
    return moved


def dying(child: Child, after: float, time: Time) -> float:
    """Lets the child live for `after` seconds and die; the pause it then gets."""
    child._born = time.at
    child.process = SimpleNamespace(poll=lambda: 1, returncode=1)  # type: ignore[assignment]
    time.at += after
    assert child.notice_death()
    return child.due - time.at


def fake(tmp_path: Path) -> Child:
    return Child(Program("fake", ("true",), {}, tmp_path / "fake.log"))


def test_pauses_double_up_to_ten_seconds(tmp_path: Path, time: Time) -> None:
    child = fake(tmp_path)
    assert [dying(child, 1, time) for _ in range(7)] == [0.5, 1, 2, 4, 8, 10, 10]
    assert child.restarts == 7


def test_a_life_of_thirty_seconds_resets_the_pause(tmp_path: Path, time: Time) -> None:
    child = fake(tmp_path)
    assert [dying(child, 1, time), dying(child, 1, time), dying(child, 31, time)] == [0.5, 1, 0.5]


def test_a_living_child_is_left_alone(tmp_path: Path) -> None:
    child = fake(tmp_path)
    child.process = SimpleNamespace(poll=lambda: None)  # type: ignore[assignment]
    assert not child.notice_death()


@pytest.mark.rule("43")
def test_a_program_steps_back_once_it_is_on_its_feet(tmp_path: Path, time: Time) -> None:
    sleeper = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        child = Child(Program("fake", ("true",), {}, tmp_path / "fake.log", nice=10))
        child.process, child._born = sleeper, time.at
        child.step_back()
        before = os.getpriority(os.PRIO_PROCESS, sleeper.pid)
        time.at += 31
        child.step_back()
        assert (os.getpriority(os.PRIO_PROCESS, 0), 10) == (before, os.getpriority(os.PRIO_PROCESS, sleeper.pid))
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_long_log_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LOG_BYTES", 10)
    log = tmp_path / "fake.log"
    log.write_text("x" * 11)
    rotate(log)
    assert not log.exists()
    assert (tmp_path / "fake.log.1").exists()
