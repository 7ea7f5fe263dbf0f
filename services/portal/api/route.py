"""The routes: every question and order of the contracts that people may give, once."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any

from contracts import registry
from contracts.mediation.cases import GetCase
from contracts.schema import CommandSchema

UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class Route:
    """How a command is reached over HTTP, as its class says."""

    command: type[CommandSchema]

    @property
    def method(self) -> str:
        return self.command.route.partition(" ")[0]

    @property
    def path(self) -> str:
        """Below /api; names in `<>` are fields of the command, the other fields come in the body or query."""
        return self.command.route.partition(" ")[2]

    @property
    def tag(self) -> str:
        """The chapter of its capability."""
        return str(vars(sys.modules[self.command.__module__])["TAG"])

    @property
    def status(self) -> int:
        return 201 if self.command.location else 200

    @property
    def ids(self) -> list[str]:
        """The names in the path."""
        return re.findall(r"<(\w+)>", self.path)

    @property
    def open_path(self) -> str:
        """The path as OpenAPI writes it."""
        return "/api" + re.sub(r"<(\w+)>", r"{\1}", self.path)

    @property
    def taken(self) -> set[str]:
        """Fields of the command that the path fills."""
        return {"case_id", "case_number"} if self.command is GetCase else set(self.ids)

    def fields_of(self, ids: dict[str, Any]) -> dict[str, Any]:
        """The values of the path as fields of the command."""
        return _case_key(ids) if self.command is GetCase else ids


def _case_key(ids: dict[str, Any]) -> dict[str, Any]:
    """A mediation case is found by its id or by the number of the case it came from."""
    field = "case_id" if UUID_FORM.fullmatch(ids["key"]) else "case_number"
    return {field: ids["key"]}


ROUTES = [Route(command) for command in registry.COMMANDS.values() if command.route]
