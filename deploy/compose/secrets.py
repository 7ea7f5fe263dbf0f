"""`docker compose run --rm secrets`: makes what is missing. `… rotate database intake` and its like change one secret.

The folder is closed (0700) and the files in it are readable: an engine mounts each file by itself into the containers
that list it, and there the reader is a user the host does not know.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from deploy.compose.keyring import ORDERS, Refused, Settings, complete, files

FOLDER = Path("/secrets")


def main(words: list[str], folder: Path = FOLDER) -> int:
    """0 when done, 1 when refused."""
    chosen = arguments().parse_args(words)
    settings = complete(kept(folder))
    try:
        if chosen.order:
            order(settings, chosen.order)
    except Refused as refused:
        print(f"secrets: {refused}", file=sys.stderr)
        return 1
    write_all(folder, settings)
    print(f"secrets: {' '.join(chosen.order) or 'complete'}")
    return 0


def arguments() -> argparse.ArgumentParser:
    known = "; ".join(f"{act} {what} NAME" for act, what in ORDERS)
    parser = argparse.ArgumentParser(prog="secrets", description=__doc__, epilog=f"orders: {known}")
    parser.add_argument("order", nargs="*", help="nothing, or an order as below")
    return parser


def order(settings: Settings, words: list[str]) -> None:
    act = ORDERS.get((words[0], words[1])) if len(words) == 3 else None
    if act is None:
        raise Refused("say nothing, or one of: " + "; ".join(f"{first} {second} NAME" for first, second in ORDERS))
    act(settings, words[2])


def kept(folder: Path) -> Settings:
    path = folder / "world.json"
    settings: Settings = json.loads(path.read_text(encoding="utf8")) if path.exists() else {}
    return settings


def write_all(folder: Path, settings: Settings) -> None:
    """Writes every file, each in one step; all belong to the owner of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    owner = folder.stat()
    for name, content in files(settings):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text(content, encoding="utf8")
        fresh.chmod(0o444)
        fresh.replace(path)
        for made in (path.parent, path):
            os.chown(made, owner.st_uid, owner.st_gid)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
