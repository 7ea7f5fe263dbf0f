"""What stops the command, said in one sentence."""

from __future__ import annotations

from pathlib import Path


class Problem(RuntimeError):
    """Something an operator has to know. The command prints the sentence and exits 1, without a traceback."""


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log file; empty when there is none yet."""
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 16384))
        text = log.read().decode("utf8", errors="replace")
    return "\n".join(text.splitlines()[-lines:])
