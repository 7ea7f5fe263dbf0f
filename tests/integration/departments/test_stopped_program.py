"""A department's program stands still for two hours: nothing is lost, nothing comes twice, what is late says so."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops.waiting import wait_until
from ops.world import REPOSITORY
from tests.integration.departments.plug import Plug
from tests.integration.departments.whistling import lamp_pole, reaches, task
from tests.stories.talk import Story

pytestmark = pytest.mark.integration
PROGRAM = Path(__file__).with_name("toys") / "noting.py"


@contextmanager
def running(power: Plug, notes: Path) -> Iterator[None]:
    """The program, until it is told to stop and has stopped."""
    environment = {**os.environ, "SHAODAO_AMQP_URI": power.uri, "PYTHONPATH": str(REPOSITORY / "kit" / "python")}
    process = subprocess.Popen([sys.executable, str(PROGRAM), str(notes)], env=environment)
    try:
        yield
    finally:
        process.terminate()
        assert 0 == process.wait(30)


def cancel(story: Story, whistle: str) -> None:
    found = story.ask("洪北街道", f"/api/whistles/{whistle}")
    seen = {"expected_version": found["version"], "reason_code": "SOLVED", "reason": "居民已自行处理"}
    story.do("洪北街道", f"/api/whistles/{found['id']}/cancellation", **seen)


def noted(notes: Path, about: set[str]) -> list[list[str]]:
    """What the program wrote of these tasks' orders and their end, in its order: id, task, word."""
    lines = [line.split() for line in notes.read_text(encoding="utf8").splitlines()]
    return [line for line in lines if line[1] in about and line[2] in ("ORDERED", "CANCELLED")]


def late_at_signing(story: Story, task_id: str) -> bool:
    return "SIGN" in {raised["stage"] for raised in task(story, task_id)["overdue"]}


@pytest.fixture
def notes(tmp_path: Path, power: Plug) -> Path:
    """A file to write in, and a queue with nothing of earlier tests in it."""
    with power.connect() as connection:
        connection.channel().queue_purge("department.gongdian")
    found = tmp_path / "notes"
    found.touch()
    return found


def test_given_a_program_that_stood_still_for_two_hours_when_started_again_then_every_order_comes_once_in_order(
    story: Story, power: Plug, notes: Path
) -> None:
    with running(power, notes):
        before = lamp_pole(story)
        reaches(story, before, "SIGNED")
    waiting = [lamp_pole(story) for _ in range(3)]
    settled = lamp_pole(story)
    cancel(story, story.whistle)
    story.later(hours=2)
    wait_until(lambda: all(late_at_signing(story, one) for one in waiting), seconds=90, what="the late ones marked")
    fresh = lamp_pole(story)
    all_of_them = {before, *waiting, settled, fresh}
    with running(power, notes):
        for one in (*waiting, fresh):
            reaches(story, one, "SIGNED")
        wait_until(lambda: len(noted(notes, all_of_them)) == 7, seconds=60, what="all messages")
    heard = noted(notes, all_of_them)
    assert {1} == set(Counter(message for message, _, _ in heard).values())
    assert ["ORDERED", "CANCELLED"] == [word for _, about, word in heard if about == settled]
    assert [before, *waiting, settled, fresh] == [about for _, about, word in heard if word == "ORDERED"]
    assert [True, True, True, False] == [late_at_signing(story, one) for one in (*waiting, fresh)]
