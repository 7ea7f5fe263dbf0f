"""Migrations and reference data: run for every service, and not again while their files stay the same."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from ops import provision
from ops.environment import inherited, migration_environment
from ops.problems import Problem
from ops.secret import write_private_json
from ops.world import REPOSITORY, World

DISTRICT = REPOSITORY / "data" / "district"
# what the services' reference.py read
NEEDED = (
    "accounts.yaml",
    "areas.csv",
    "categories.yaml",
    "duty_catalogue.yaml",
    "mediation_orgs.yaml",
    "owners.csv",
    "posts.csv",
    "receivers.csv",
    "units.csv",
)
# read where they are there
OPTIONAL = (
    "care_shifts.csv",
    "care_stations.csv",
    "clinic_rota.csv",
    "leaves.csv",
    "legal_helpers.yaml",
    "outlines.geojson",
    "roster.csv",
    "service_points.csv",
)


def migrate(world: World, services: Sequence[str], *, again: bool = True) -> None:
    """Brings the tables of each service to the present. With again=False: only where its migrations changed since."""
    due = [name for name in services if again or stamp(world, f"migrated {name}") != digest(migrations(name))]
    run_each(world, "tools.migrate", due)
    for service in due:
        provision.after_migration(world, service)
        write_stamp(world, f"migrated {service}", digest(migrations(service)))


def migrate_and_tell(world: World, services: Sequence[str]) -> list[str]:
    """Migrates; for each service a line that says where its tables were and are."""
    before = {service: revision(world, service) for service in services}
    migrate(world, services)
    after = {service: revision(world, service) for service in services}
    return [f"{service}: {told(before[service], after[service])}" for service in services]


def told(before: str, after: str) -> str:
    return f"{after}, nothing to do" if before == after else f"{after} (was {before})"


def revision(world: World, service: str) -> str:
    """The migration a service's tables are at; `nothing` before the first."""
    with provision.connected(world, service) as database:
        if database.execute("SELECT to_regclass('public.alembic_version')").fetchone() == (None,):
            return "nothing"
        row = database.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else "nothing"


def load(world: World, services: Sequence[str], folder: Path = DISTRICT, *, again: bool = True) -> None:
    """Loads reference data (areas, units, posts, accounts, …) into each service. again=False: only where it changed."""
    refuse_incomplete(folder)
    now = f"{folder} {digest(folder)}"
    due = [name for name in services if again or stamp(world, f"loaded {name}") != now]
    run_each(world, "tools.load", due, str(folder.resolve()))
    for service in due:
        write_stamp(world, f"loaded {service}", now)


def refuse_incomplete(folder: Path) -> None:
    """Errors: Problem naming the files the demo district has and this folder has not."""
    if not folder.is_dir():
        raise Problem(f"there is no folder {folder}")
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise Problem(f"{folder} lacks {', '.join(missing)}; data/district shows what each holds")


def run_each(world: World, program: str, services: Iterable[str], *arguments: str) -> None:
    """Runs a chassis program for each service. Errors: Problem with what the failing ones said."""
    tasks = [
        {"program": program, "arguments": [service, *arguments], "environment": migration_environment(world, service)}
        for service in services
    ]
    if not tasks:
        return
    command, told = [sys.executable, "-m", "ops.forked"], json.dumps(tasks).encode()
    done = subprocess.run(command, cwd=REPOSITORY, env=inherited(), input=told, capture_output=True, check=False)
    if done.returncode:
        raise Problem((done.stdout + done.stderr).decode("utf8", errors="replace").strip()[-4000:])


def migrations(service: str) -> Path:
    return REPOSITORY / "services" / service / "migrations"


def digest(folder: Path) -> str:
    """One hash over names and contents of all files of a folder."""
    sums = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            sums.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return sums.hexdigest()


def stamp(world: World, name: str) -> str | None:
    path = world.folder / "prepared.json"
    return json.loads(path.read_text(encoding="utf8")).get(name) if path.exists() else None


def write_stamp(world: World, name: str, value: str) -> None:
    path = world.folder / "prepared.json"
    known = json.loads(path.read_text(encoding="utf8")) if path.exists() else {}
    write_private_json(path, {**known, name: value})
