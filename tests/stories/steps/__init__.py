"""What the sentences of the features do, over HTTP and nothing else."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def sentences() -> dict[str, Any]:
    """The sentences of all rooms here, for the namespace of a conftest: there pytest-bdd finds them."""
    rooms = (vars(import_module(f"{__name__}.{room.name}")) for room in iter_modules(__path__))
    return {name: one for room in rooms for name, one in room.items() if name.startswith("pytestbdd_stepdef")}
