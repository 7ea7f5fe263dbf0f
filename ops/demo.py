"""`shaodao demo`: a fresh world, both told cases played against its HTTP API, the portal left open."""

from __future__ import annotations

import os

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
    console.print(
        f"The portal stays at {demo.portal_url} until `make down`; log in as lishan / shaodao-demo.", soft_wrap=True
    )
    if outcome != pytest.ExitCode.OK or narrator.told == 0:
        raise typer.Exit(1)
