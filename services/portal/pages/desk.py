"""The first page: what is to be done today, by the time that is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import render_template, request

from chassis.identity import Principal
from contracts import registry
from contracts.schema import CommandSchema
from kernel import codes
from kernel.codes import Role
from services.portal.accounts.current import current_principal, now, process
from services.portal.api import saving
from services.portal.pages import disputes, finding, places
from services.portal.pages.acting import done
from services.portal.pages.blueprint import blueprint
from services.portal.pages.derived import headline
from services.portal.pages.peering import Part, Question, gather
from services.portal.pages.wording import label
from services.portal.readmodel import kinds, lists, names, scope
from services.portal.readmodel.tables import Matter

LONG_AGO = datetime(9999, 1, 1, tzinfo=UTC)
SHOWN = 100
MOST_ASKED = 200
"""Titles asked for in one question: more than the desk shows."""


NONE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Todo:
    """One thing to do. `due` None: no clock runs."""

    what: str
    number: str
    due: datetime | None
    state: str
    title: str = ""
    area_path: str = ""
    urgent: bool = False


@blueprint.get("/")
def desk() -> str:
    who, moment, units = current_principal(), now(), places.units()
    with process().store.transaction() as session:
        waiting, more = lists.desk(session, who, {"limit": SHOWN}, moment)
        sighted, further = lists.cases(session, who, {"open": True, "limit": SHOWN}, moment)
        contact = finding.contact_clocks(session, [each.number for each in waiting if each.root])
        units = names.of_units(session, [each for each in waiting if each.kind in TITLES], units)
    beside = [case for case in sighted if case.id not in {each.id for each in waiting}]
    todo, others = ([line(who, each, units, contact) for each in found] for found in (waiting, beside))
    if Role.MEDIATOR in who.roles:
        todo, others = with_disputes(who, todo, others)
    parts = gather(questions([item.number for item in (*todo, *others) if not item.title]))
    return render_template(
        "desk.html", todo=told(todo, parts), others=told(others, parts), more=bool(more or further),
        saved=saving.listed(),
        areas=places.names({item.area_path for item in (*todo, *others) if item.area_path}), moment=moment,
        missing=any(part.missing for part in parts.values()), done=done(request.args.get("done", "")),
    )  # fmt: skip


def with_disputes(who: Principal, todo: list[Todo], others: list[Todo]) -> tuple[list[Todo], list[Todo]]:
    """The mediator's cases are hers to do, under the names of the parties."""
    found, mediation = disputes.going(who), kinds.about(kinds.MEDIATION).name
    numbers = {one.matter.case_number for one in found}
    todo = [item for item in todo if item.what != mediation or item.number not in numbers]
    others = [item for item in others if item.number not in numbers]
    mine, rest = ([_of_dispute(one) for one in found if one.mine is hers] for hers in (True, False))
    return [*todo, *mine], [*others, *rest]


def _of_dispute(one: disputes.Dispute) -> Todo:
    state = kinds.about(one.matter.kind).state(one.matter.state)
    what = "调解会" if one.session else "调解"
    return Todo(what, one.matter.case_number, one.due, state, one.title, one.matter.area_path)


def line(who: Principal, matter: Matter, units: Mapping[str, str], contact: Mapping[str, datetime]) -> Todo:
    """A matter as a line of a desk. Where nobody has reached the resident yet, that is what comes first."""
    item = of_case(matter, units, scope.units(who))
    first = contact.get(matter.number) if matter.root else None
    return replace(item, what="首次联系", due=first) if first else item


def of_case(matter: Matter, units: Mapping[str, str] = NONE, mine: Sequence[str] = ()) -> Todo:
    """`mine` are the units of whoever looks."""
    return Todo(
        kinds.todo(matter.kind, matter.state, matter.waits, mine),
        matter.case_number, matter.due_at, kinds.about(matter.kind).state(matter.state),
        title=TITLES[matter.kind](matter, units) if matter.kind in TITLES else "",
        area_path=matter.area_path, urgent=matter.urgency == codes.Urgency.EMERGENCY,
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


def told(items: list[Todo], parts: dict[str, Part], *, by_due: bool = True) -> list[Todo]:
    """With titles; by the time left, or as they came."""
    rows = [
        (registry.listed(BY_NUMBER[kind].answer), view)
        for kind, part in parts.items()
        if part
        for view in part.data["items"]
    ]
    titles = {view["number"]: headline(row, view) for row, view in rows}
    titled = [replace(item, title=item.title or titles.get(item.number, "")) for item in items]
    return sorted(titled, key=lambda item: (item.due or LONG_AGO, item.number)) if by_due else titled
