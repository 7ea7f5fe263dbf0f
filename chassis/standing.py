"""How an aggregate stands after a fact, as its owner says it in the envelope: nobody else computes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import singledispatch
from typing import Any

BETWEEN, IS = " ", "="


@dataclass(frozen=True)
class Standing:
    """Codes, ids and times only, never names or words of people.

    `kind` is what it is; `number` its own, empty where people do not number it; `parent` the id of what it belongs to.
    `due` is the clock that runs now. `waits` tells for whom, as `role:CODE` (at its area), `unit:CODE`, `person:ID`;
    nothing where nobody is awaited. `hidden` holds `secret`, and `against:ID` for whom it complains of. `tally` are
    small codes to count by and to find it by.
    """

    kind: str
    state: str
    number: str = ""
    parent: str = ""
    due: datetime | None = None
    waits: tuple[str, ...] = ()
    urgency: str = ""
    hidden: tuple[str, ...] = ()
    tally: Mapping[str, str] = field(default_factory=dict)

    def attributes(self) -> dict[str, str]:
        """Extension attributes of the envelope; what is empty is left out."""
        told = {
            "kind": self.kind,
            "state": self.state,
            "number": self.number,
            "parent": self.parent,
            "due": self.due.astimezone(UTC).isoformat().replace("+00:00", "Z") if self.due else "",
            "waits": BETWEEN.join(self.waits),
            "urgency": self.urgency,
            "hidden": BETWEEN.join(self.hidden),
            "tally": BETWEEN.join(f"{name}{IS}{value}" for name, value in self.tally.items() if value),
        }
        return {name: value for name, value in told.items() if value}

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Standing | None:
        """From an envelope; None where it tells none. Errors: ValueError, TypeError for what is no standing."""
        if "kind" not in raw:
            return None
        told = {name: raw.get(name, "") for name in ATTRIBUTES}
        if not all(isinstance(value, str) for value in told.values()):
            raise TypeError("a standing is told in texts")
        return cls(
            **{name: told[name] for name in ("kind", "state", "number", "parent", "urgency")},
            due=datetime.fromisoformat(told["due"]) if told["due"] else None,
            waits=tuple(told["waits"].split()),
            hidden=tuple(told["hidden"].split()),
            tally=dict(each.split(IS, 1) for each in told["tally"].split()),
        )


@singledispatch
def standing_of(row: Any) -> Standing:
    """How a row stands now; each service registers its aggregates. Errors: TypeError for one nobody registered."""
    raise TypeError(f"nobody says how a {type(row).__name__} stands")


ATTRIBUTES = ("kind", "state", "number", "parent", "due", "waits", "urgency", "hidden", "tally")
