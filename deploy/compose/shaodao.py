"""The `shaodao` command inside a compose project: `docker compose run --rm shaodao parked list`."""

from __future__ import annotations

import os

from deploy.compose.world import FOLDER, compose_world
from ops.cli import app

if __name__ == "__main__":
    compose_world()
    os.environ.update(SHAODAO_RUN_DIR=str(FOLDER.parent), SHAODAO_WORLD=FOLDER.name)
    app()
