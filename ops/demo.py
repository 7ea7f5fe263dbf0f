"""`shaodao demo`: a fresh world, the told cases played against its HTTP API, the portal left open."""

from __future__ import annotations

import os
from importlib import import_module

import pytest
import typer
from rich.console import Console

from ops import lifecycle, world
from ops.narrator import Narrator
from ops.progress import Steps, silent

WORLD = "demo"
STORIES = world.REPOSITORY / "tests" / "stories"


def run() -> None:
    """Plays the told cases in a world of their own. Exit status 0 only when all were told."""
    console = Console()
    place = world.named(WORLD)
    if (place / "settings.json").exists():
        lifecycle.down(world.load(place), silent(), wipe=True)
    demo = world.load_or_create(place, clock=True)
    lifecycle.up(demo, Steps(console))
    narrator = Narrator(console)
    os.environ["SHAODAO_STORY_WORLD"] = WORLD
    # of all installed plugins the stories need one; the others take two seconds to import
    alone = ["-o", "addopts=", "--disable-plugin-autoload", "-p", "pytest_bdd.plugin"]
    quietly = ["-s", "-p", "no:terminal", "-p", "no:cacheprovider"]
    outcome = pytest.main([str(STORIES), "-m", "told", *alone, *quietly], plugins=[narrator])
    console.print(f"\n[bold]{narrator.told} stories told, {narrator.failed} failed[/bold]")
    well = outcome == pytest.ExitCode.OK and narrator.told > 0
    for line in farewell(demo.portal_url, narrator.cases) if well else apology(demo):
        console.print(line, soft_wrap=True, highlight=False)
    if not well:
        raise typer.Exit(1)


def apology(demo: world.World) -> list[str]:
    """What to look at when a story could not be told to its end."""
    return [
        "Not all went well: the sentence marked ✗ above is where a story ended.",
        f"What the programs said: {demo.logs}; what runs: SHAODAO_WORLD={WORLD} .venv/bin/shaodao status",
        f"The portal stays at {demo.portal_url} until `make down`.",
    ]


def farewell(portal: str, cases: list[tuple[str, str, str]]) -> list[str]:
    """Where to look now: told cases are closed, so no desk shows them any more."""
    people = import_module("tests.stories.people")
    lines = [f"The cases are closed; their pages (password {people.PASSWORD}):"]
    for name, number, reader in cases:
        lines.append(f"  {portal}/cases/{number}   {name}: log in as {people.username(reader)}")
        if "陈阿姨" in name:
            lines.append(f"  {portal}/public   as the resident: number {number}, telephone ends in {people.CHEN_TAIL}")
    kept = f"`make down` stops it and keeps the data; SHAODAO_WORLD={WORLD} .venv/bin/shaodao up comes back with them."
    return [*lines, f"The portal stays at {portal}. {kept}"]
