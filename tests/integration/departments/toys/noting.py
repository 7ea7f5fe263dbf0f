"""A department's program for tests: notes every message in the file named, and signs what it is ordered."""

from __future__ import annotations

import sys

from shaodao_kit import Department, Replies, TaskChanged, WhistleTask

department = Department.from_environment()
notes = open(sys.argv[1], "a", buffering=1)  # noqa: SIM115 — as long as the program lives


@department.on_whistle
def ordered(task: WhistleTask, reply: Replies) -> None:
    print(task.message.id, task.task_id, "ORDERED", file=notes)
    reply.sign()


@department.on_change
def changed(change: TaskChanged) -> None:
    print(change.message.id, change.task_id, change.change, file=notes)


department.run()
