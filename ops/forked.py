"""`python -m ops.forked`: runs the tools of the services, each in a process forked from this one.

What they all import is imported once: an interpreter of its own for each costs most of a second. Standard input tells
the tasks: `[{"program": "tools.migrate", "arguments": ["intake"], "environment": {…}}, …]`. A task sees its own
environment and no other's.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections import deque
from importlib import import_module
from typing import Any

import tools.load
import tools.migrate  # noqa: F401 - both for the children

AT_ONCE = 2


def main() -> int:
    """Runs the tasks, in order, two at once. 1 when one failed: what it said is on standard error."""
    waiting, running, failed = deque(json.load(sys.stdin)), 0, False
    while waiting or running:
        while waiting and running < AT_ONCE:
            begin(waiting.popleft())
            running += 1
        _, status = os.wait()
        running, failed = running - 1, failed or status != 0
    return int(failed)


def begin(task: dict[str, Any]) -> None:
    if os.fork():
        return
    status = 1
    try:
        os.environ.clear()
        os.environ.update(task["environment"])
        import_module(task["program"]).main(task["arguments"])
        status = 0
    except BaseException:
        print(f"{task['program']} {' '.join(task['arguments'])} failed:", file=sys.stderr)
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
