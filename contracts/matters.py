"""What an aggregate is called: said once on its view (`about`), read by every page, list and document."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kernel.codes.base import Code


@dataclass(frozen=True)
class Matter:
    """`kind` as its standing tells it (chassis.standing).

    `todo` says, by state, what whoever is awaited has to do, where that is more than the name. `headline` is its line
    in a list: `{field}` is a field of the view in Chinese, as in the sentences of events.
    """

    kind: str
    name: str
    states: type[Code]
    todo: Mapping[str, str] = field(default_factory=dict)
    headline: str = ""

    def state(self, code: str) -> str:
        """In Chinese; a code nobody knows here as it came."""
        found = self.states._value2member_map_.get(code)
        return str(getattr(found, "label", code))
