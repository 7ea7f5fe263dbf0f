"""Things to do as lines of a list: what each is called, whose words its title is, how much time is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chassis.identity import Principal
from contracts import registry
from contracts.schema import CommandSchema
from kernel import codes
from services.portal.pages.derived import View, headline
from services.portal.pages.peering import Part, Question
from services.portal.pages.together import Pick
from services.portal.pages.wording import label
from services.portal.readmodel import kinds, names, scope
from services.portal.readmodel.desks import Line
from services.portal.readmodel.tables import Matter

LONG_AGO = datetime(9999, 1, 1, tzinfo=UTC)
MOST_ASKED = 200
"""Titles asked for in one question: more than a page shows."""

NONE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Todo:
    """One thing to do. `due` None: no clock runs. `key` is the matter's id; `pick` what several can be ticked for."""

    what: str
    number: str
    due: datetime | None
    state: str
    title: str = ""
    area_path: str = ""
    urgent: bool = False
    key: str = ""
    pick: Pick | None = None


def line(who: Principal, found: Line, units: Mapping[str, str] = NONE) -> Todo:
    """A matter as a line of a desk. Where nobody has reached the resident yet, that is what comes first."""
    item = of_case(found.matter, units, scope.units(who))
    return replace(item, what="首次联系" if found.contact else item.what, due=found.due)


def of_case(matter: Matter, units: Mapping[str, str] = NONE, mine: Sequence[str] = ()) -> Todo:
    """`mine` are the units of whoever looks."""
    return Todo(
        kinds.todo(matter.kind, matter.state, matter.waits, mine),
        matter.case_number, matter.due_at, kinds.about(matter.kind).state(matter.state),
        title=TITLES[matter.kind](matter, units) if matter.kind in TITLES else "",
        area_path=matter.area_path, urgent=matter.urgency == codes.Urgency.EMERGENCY, key=matter.id,
    )  # fmt: skip


def _of_task(matter: Matter, units: Mapping[str, str]) -> str:
    return f"{_names(matter, units)}：{label(matter.tally.get('action'), 'AskedAction')}"


def _of_whistle(matter: Matter, units: Mapping[str, str]) -> str:
    return f"{label(matter.tally.get('kind'), 'WhistleKind')}：请{_names(matter, units)}"


def _names(matter: Matter, units: Mapping[str, str]) -> str:
    return "、".join(units.get(code, code) for code in names.codes_of(matter))


TITLES = {kinds.TASK: _of_task, kinds.WHISTLE: _of_whistle}
"""Titles that codes tell; the others are asked for by the number of the case."""


def questions(numbers: list[str]) -> dict[str, Question]:
    """Titles are with the owners: one question a kind, as the viewer may see them."""
    asked: dict[str, Question] = {}
    for kind, command in BY_NUMBER.items():
        mine = [number for number in dict.fromkeys(numbers) if kinds.of_number(number) == kind][:MOST_ASKED]
        if mine:
            asked[kind] = (command, {"numbers": mine, "limit": MOST_ASKED})
    return asked


BY_NUMBER: dict[str, type[CommandSchema]] = {
    row.about.kind: command
    for command in registry.COMMANDS.values()
    if "numbers" in command().fields and (row := registry.listed(command.answer)) and row.about
}
"""What lists the aggregates of a kind by number."""


def items_of(part: Part | None) -> Iterable[View]:
    return part.data["items"] if part else ()


def told(items: list[Todo], parts: dict[str, Part], *, by_due: bool = True) -> list[Todo]:
    """With titles; by the time left, or as they came."""
    titles = {
        view["number"]: headline(registry.listed(command.answer), view)
        for kind, command in BY_NUMBER.items()
        for view in items_of(parts.get(kind))
    }
    titled = [replace(item, title=item.title or titles.get(item.number, "")) for item in items]
    return sorted(titled, key=lambda item: (item.due or LONG_AGO, item.number)) if by_due else titled
