"""`python -m ops.detach LOG PROGRAM ARGUMENTS…` starts a program in a session of its own and prints its pid."""

from __future__ import annotations

import os
import subprocess
import sys


def main(log: str, *argv: str) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    child = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=descriptor, stderr=subprocess.STDOUT, start_new_session=True
    )
    print(child.pid, flush=True)
    # leaves at once: the program is handed to init, nothing here may wait for it
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
