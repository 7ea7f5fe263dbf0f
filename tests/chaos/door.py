"""`python -m tests.chaos.door FOLDER PYTHON -m MODULE SERVICE` runs a program of the platform with a hand on it.

The world's plan starts every service and relay through this door. Nothing of the platform knows of it: what dies at a
named point, is broken on purpose or sits behind a bad wire does so by what the driver wrote into FOLDER (`control`).
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

from tests.chaos.control import Control

BEHIND = "CHAOS_BEHIND_PREFIX"


def main(folder: str, *command: str) -> int:
    module, service = command[-2:]
    program = service.replace(".", "-") if module == "bus.run" else f"{service}-relay"
    control = Control(Path(folder))
    prefix = control.told(f"{program}.prefix")
    if prefix and BEHIND not in os.environ:
        os.environ[BEHIND] = "yes"
        os.execvp(prefix[0], [*prefix, sys.executable, "-m", "tests.chaos.door", folder, *command])
    name = "relay.__main__" if module == "relay" else module
    runner = import_module(name)  # first: the services' runner puts eventlet in place
    hands = import_module("tests.chaos.services" if module == "bus.run" else "tests.chaos.relays")
    builds = import_module("tests.chaos.builds")
    hands.lay_on(control, program)
    for name in control.told(f"{program}.build") or []:
        getattr(builds, name)(control, program)
    return int(runner.serve(service) if module == "bus.run" else runner.main(service))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
