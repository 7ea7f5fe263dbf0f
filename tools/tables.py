"""All tables of a service, wherever its capabilities keep them."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from sqlalchemy import MetaData


def metadata_of(service: str) -> MetaData:
    """With the service's capabilities imported, and every module whose name ends in `tables`."""
    package = import_module(f"services.{service}")
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith(("tables", f"{service}.service")):
            import_module(module.name)
    metadata: MetaData = import_module(f"services.{service}.tables").Base.metadata
    return metadata
