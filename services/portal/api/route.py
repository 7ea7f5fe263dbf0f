"""One line of the table of routes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contracts.schema import CommandSchema

Adapt = Callable[[dict[str, Any]], dict[str, Any]]
STAFF = "该处有相应职责的工作人员"


@dataclass(frozen=True)
class Route:
    """`path` lies below /api; names in `<>` are fields of the command, the other fields come in the body or query.

    `location` is a template over the answer; `adapt` turns path values into command fields where the names differ;
    `public` needs no login; `file` answers with bytes.
    """

    method: str
    path: str
    command: type[CommandSchema]
    tag: str
    who: str = STAFF
    note: str = ""
    status: int = 200
    location: str | None = None
    adapt: Adapt | None = None
    public: bool = False
    file: bool = False

    @property
    def ids(self) -> list[str]:
        """The names in the path."""
        return re.findall(r"<(\w+)>", self.path)

    @property
    def open_path(self) -> str:
        """The path as OpenAPI writes it."""
        return "/api" + re.sub(r"<(\w+)>", r"{\1}", self.path)
