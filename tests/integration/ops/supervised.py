"""A supervisor over tiny programs: each name in FOLDER/plan, which is read again after SIGHUP, is one of PROGRAMS.

FOLDER/port, where it is there, is where they accept connections.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ops.programs import Program
from ops.supervisor import Supervisor

PROGRAMS = {
    "steady": "import signal; print('here', flush=True); signal.sigwait([signal.SIGUSR1])",
    "other": "import signal; print('here', flush=True); signal.sigwait([signal.SIGUSR1])",
    "polite": "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print('here', flush=True); "
    "[signal.pause() for _ in iter(int, 1)]",
    "stubborn": "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); "
    "[signal.pause() for _ in iter(int, 1)]",
    "once": "import os, socket; print('here', os.getpid(), flush=True); "
    "one, _ = socket.socket(fileno=int(os.environ['HTTP_SOCKET'])).accept(); one.sendall(str(os.getpid()).encode())",
    "broken": "raise SystemExit(3)",
}


def programs(folder: Path) -> list[Program]:
    names = (folder / "plan").read_text().split()
    environment = {"PATH": os.environ["PATH"]}
    port = int(given.read_text()) if (given := folder / "port").exists() else None
    return [
        Program(name, (sys.executable, "-c", PROGRAMS[name]), environment, folder / f"{name}.log", port=port)
        for name in names
    ]


if __name__ == "__main__":
    place = Path(sys.argv[1])
    sys.exit(Supervisor(lambda: programs(place), place / "state.json", grace=float(sys.argv[2])).run())
