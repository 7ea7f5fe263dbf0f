"""What is remembered of a process is whole whenever somebody looks."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from ops import processes

TIMES = 300


def test_given_a_process_remembered_again_and_again_when_looked_for_meanwhile_then_it_is_always_found(tmp_path):
    world = SimpleNamespace(folder=tmp_path)
    (tmp_path / "pids").mkdir()
    processes.remember(world, "broker", os.getpid())
    with ThreadPoolExecutor(1) as writing:
        done = writing.submit(lambda: [processes.remember(world, "broker", os.getpid()) for _ in range(TIMES)])
        found = {processes.find(world, "broker").pid for _ in iter(done.done, True)}
    assert {os.getpid()} >= found
