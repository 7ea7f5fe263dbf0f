"""A department's own software, made with the kit: `python -m bench.department FILE` writes when each order came.

`joined` connects a unit of a world and runs that program for as long as the block lasts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ops import department, department_broker, rabbitmq_api
from ops.environment import VHOST
from ops.secret import password
from ops.waiting import wait_until
from ops.world import REPOSITORY, World


class Arrivals:
    """When each task was in the department's hands, by the system's clock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: dict[str, float] = {}
        self._read = 0

    def times(self) -> dict[str, float]:
        with self.path.open(encoding="utf8") as file:
            file.seek(self._read)
            for line in iter(file.readline, ""):
                if not line.endswith("\n"):
                    break
                self._read += len(line)
                moment, task = line.split()
                self._seen.setdefault(task, float(moment))
        return self._seen


@contextmanager
def joined(world: World, unit: str) -> Iterator[Arrivals]:
    """The unit with login, queue and a running consumer."""
    secret, path = password(), world.folder / f"arrivals-{unit}"
    path.write_text("", encoding="utf8")
    department_broker.furnish(world, unit)
    department_broker.admit(world, unit, secret)
    department.switch(world, unit, connected=True)
    uri = f"amqp://department.{unit}:{secret}@127.0.0.1:{world.port('rabbitmq')}/{VHOST}"
    told = {**os.environ, "SHAODAO_AMQP_URI": uri, "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'kit' / 'python'}"}
    consumer = subprocess.Popen([sys.executable, "-m", "bench.department", str(path)], env=told)
    try:
        queue = f"department.{unit}"
        listening = lambda: rabbitmq_api.queues(world)[queue].get("consumers")  # noqa: E731
        wait_until(listening, seconds=20, what="the department listens", every=0.2)
        yield Arrivals(path)
    finally:
        consumer.terminate()
        consumer.wait(20)


def main(path: str) -> None:
    from shaodao_kit import Department

    own: Any = Department.from_environment()
    with Path(path).open("a", encoding="utf8", buffering=1) as file:

        @own.on_whistle
        def handle(task: Any, reply: Any) -> None:
            file.write(f"{time.time():.6f} {task.task_id}\n")

        own.run()


if __name__ == "__main__":
    main(sys.argv[1])
