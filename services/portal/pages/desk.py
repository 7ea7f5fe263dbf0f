"""The first page: what is to be done today, in groups by the time that is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import render_template, request

from chassis.errors import NotFound
from chassis.identity import Principal
from chassis.store import new_id
from contracts.dispatch.tasks import ListTasks
from contracts.notify.rates import READERS
from kernel.codes import Role, TaskState
from services.portal.accounts.current import current_principal, now, process
from services.portal.api import saving
from services.portal.api.answering import next_page
from services.portal.pages import disputes, places, together
from services.portal.pages.acting import done
from services.portal.pages.blueprint import blueprint
from services.portal.pages.peering import gather
from services.portal.pages.todos import Todo, items_of, line, of_case, questions, told
from services.portal.readmodel import desks, kinds, lists, names, scope
from services.portal.readmodel.desks import Line

SHOWN = 100
BESIDE = 20
MOST_COUNTED = 1000
ELSEWHERE = "elsewhere"
AT_ONCE = 200
"""Unsigned tasks of a unit that are asked for."""


@dataclass(frozen=True)
class Section:
    """Some rows of the desk; `count` of them there are in all, `more` than these, at the address of the group."""

    code: str
    name: str
    count: str
    rows: list[Todo]
    rule: str = ""
    more: bool = False


@dataclass
class Seen:
    """What the store knows of a desk at one moment."""

    counts: desks.Desk
    elsewhere: int
    mine: list[Line]
    others: list[Line]
    cursor: str | None
    units: Mapping[str, str]
    newest: int


@blueprint.get("/")
def desk() -> str:
    """Errors: NotFound for a group there is none of; Invalid for a cursor of another page."""
    who, moment, chosen = current_principal(), now(), request.args.get("group", "")
    if chosen and chosen not in (*desks.GROUPS, ELSEWHERE):
        raise NotFound("没有这一组")
    seen = look(who, chosen, moment)
    found = going(who) if not chosen else []
    parts = gather(asked(who, seen))
    views = {str(view.get("id")): view for part in parts.values() for view in items_of(part)}
    mine = [picked(line(who, each, seen.units), views) for each in seen.mine]
    others = [line(who, each) for each in seen.others]
    mine = [as_dispute(item, found) for item in told(mine, parts, by_due=False)]
    others = told(others, parts, by_due=False)
    disputed = [of_dispute(one) for one in found if one.mine and one.matter.id not in {item.key for item in mine}]
    shown = [*mine, *others, *disputed]
    return render_template(
        "desk.html", counts=seen.counts, newest=seen.newest, elsewhere=counted(seen.elsewhere),
        groups=desks.GROUPS.values(), wall=bool(scope.nodes(who, frozenset(READERS.roles))),
        sections=sections(chosen, seen, mine, others, moment), disputes=disputed, chosen=chosen,
        further=next_page(seen.cursor) if seen.cursor and chosen else None,
        forms=together.offered([item.pick for item in shown]), key=new_id(), saved=saving.listed(),
        areas=places.names({item.area_path for item in shown if item.area_path}), moment=moment,
        missing=any(part.missing for part in parts.values()), done=done(request.args.get("done", "")),
    )  # fmt: skip


def look(who: Principal, chosen: str, moment: datetime) -> Seen:
    """What is on the desk: the group that was chosen, or all of it and something of what lies beside."""
    units, cursor = places.units(), request.args.get("cursor") if chosen else None
    mine, others, further = list[Line](), list[Line](), None
    with process().store.transaction() as session:
        newest = desks.newest(session)
        counts, elsewhere = desks.counts(session, who, moment), lists.count_elsewhere(session, who, MOST_COUNTED)
        if chosen != ELSEWHERE:
            page = {"cursor": cursor, "limit": SHOWN}
            mine, further = desks.page(session, who, desks.GROUPS.get(chosen), page, moment)
        if chosen in ("", ELSEWHERE):
            page = {"cursor": cursor, "limit": SHOWN if chosen else BESIDE}
            roots, beyond = lists.elsewhere(session, who, page)
            others, further = [Line(root, root.due_at, None) for root in roots], beyond if chosen else further
        units = names.of_units(session, [each.matter for each in mine if each.matter.kind in kinds.CALLED], units)
    return Seen(counts, elsewhere, mine, others, further, units, newest)


def asked(who: Principal, seen: Seen) -> dict[str, Any]:
    """Titles, and what may be done, are with the owners: a question a kind, and one a unit with tasks to sign."""
    found = questions([each.matter.case_number for each in (*seen.mine, *seen.others)])
    unsigned = [each.matter for each in seen.mine if (each.matter.kind, each.matter.state) == UNSIGNED]
    units = sorted({matter.tally.get("unit", "") for matter in unsigned} & set(scope.units(who)))
    return {**found, **{f"{kinds.TASK} {unit}": (ListTasks, {**TO_SIGN, "unit": unit}) for unit in units}}


UNSIGNED = (kinds.TASK, TaskState.ASSIGNED.value)
TO_SIGN = {"state": [TaskState.ASSIGNED.value], "limit": AT_ONCE}


def picked(item: Todo, views: Mapping[str, Mapping[str, Any]]) -> Todo:
    """With what may be done to it together with others."""
    return replace(item, pick=together.pick(views.get(item.key), item.number))


def sections(chosen: str, seen: Seen, mine: list[Todo], others: list[Todo], moment: datetime) -> list[Section]:
    """The group that was chosen; else all that have something in them, and what lies beside."""
    beside = Section(ELSEWHERE, "辖区内其他在办", counted(seen.elsewhere), others, more=len(others) < seen.elsewhere)
    if chosen == ELSEWHERE:
        return [beside]
    if chosen:
        group = desks.GROUPS[chosen]
        return [Section(chosen, group.name, counted(seen.counts.groups[chosen]), mine, group.rule)]
    groups = [desks.group_of(each, moment) for each in seen.mine]
    found = [
        _section(group, seen.counts, [item for item, code in zip(mine, groups, strict=True) if code == group.code])
        for group in desks.BY_TIME
    ]
    return [each for each in (*found, beside) if each.count != "0"]


def _section(group: desks.Group, counts: desks.Desk, rows: list[Todo]) -> Section:
    count = counts.groups[group.code]
    return Section(group.code, group.name, str(count), rows, group.rule, more=len(rows) < count)


def counted(count: int) -> str:
    """In figures, or that there are more than anybody counts."""
    return str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED} 以上"


def going(who: Principal) -> list[disputes.Dispute]:
    """The mediator's cases are hers to do, under the names of the parties."""
    return disputes.going(who) if Role.MEDIATOR in who.roles else []


def as_dispute(item: Todo, found: list[disputes.Dispute]) -> Todo:
    """A mediation under the names of its parties, where mediation told them."""
    one = next((one for one in found if one.matter.id == item.key and one.title), None)
    return replace(item, title=one.title, what="调解会" if one.session else item.what) if one else item


def of_dispute(one: disputes.Dispute) -> Todo:
    what = "调解会" if one.session else "调解"
    return replace(of_case(one.matter), what=what, due=one.due, title=one.title)
