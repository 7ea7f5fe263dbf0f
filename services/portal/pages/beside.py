"""The forms beside each thing on a case's page, and what they are chosen from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.identity import Principal
from contracts.dispatch.owners import CallOwner
from contracts.notify.care_profiles import RevealCareContact
from contracts.notify.pagers import RevealPagerContact
from contracts.shapes import RevealCommand
from kernel.calendar import local_day
from kernel.codes import AppealState, CaseKind, Role, WhistleKind, WhistleLevel
from services.portal.accounts.current import now, process
from services.portal.accounts.people import staff_at
from services.portal.pages import beginning, places
from services.portal.pages.acting import Action, Failure, actions
from services.portal.pages.forms import ADDRESS, FORMS, REVEAL
from services.portal.readmodel.lists import is_open
from services.portal.readmodel.tables import Matter

View = dict[str, Any]
LEVELS = {
    Role.COMMUNITY: WhistleLevel.COMMUNITY,
    Role.WHISTLER: WhistleLevel.COMMUNITY,
    Role.STREET: WhistleLevel.STREET,
    Role.DISTRICT: WhistleLevel.DISTRICT,
}
"""At which level who blows, as dispatch requires it; a grid worker blows an emergency of the community's level."""
BLOWN_FOR = frozenset({CaseKind.APPEAL, CaseKind.HAZARD, CaseKind.MEDIATION, CaseKind.SITE_ISSUE, CaseKind.COUNCIL})
"""What dispatch takes a whistle for."""
HANDLERS = (Role.GRID, Role.COMMUNITY, Role.STREET)
CHOOSING = frozenset({"assign_appeal", "offer_handover"})
"""Commands that name a colleague."""
SORTING = frozenset(
    form.method for form in FORMS.values() if form.key and any(field.name == "category" for field in form.fields)
)
"""Commands that sort something into the category tree."""
CALLERS = (*HANDLERS, Role.FOLLOWUP)


def buttons(who: Principal, page: Matter, parts: Mapping[str, Any], failure: Failure | None) -> dict[str, Any]:
    """Forms by the id of what they are about. `parts`: what the services told of the case."""
    units, dispute = places.units(), parts["mediation"]
    detail = _of_case(who, page, parts["detail"], units)
    contact = _contact(who, page, parts["detail"], failure)
    beside: dict[str, Any] = {
        "detail": [*contact, *actions(detail, "number", failure)],
        "mediation": actions(dispute, "case_id", failure),
        "follow_up": actions(parts["follow_up"], "follow_up_id", failure),
        **_of_people(who, page, parts["detail"], failure),
    }
    parties = {name: (dispute or {}).get(name, ()) for name in ("parties", "representatives")}
    for agreement in (dispute or {}).get("agreements", ()):
        beside[agreement["id"]] = actions({**parties, **agreement}, "agreement_id", failure)
    for whistle in parts["whistles"]:
        if "id" in whistle:
            beside[whistle["id"]] = actions(whistle, "whistle_id", failure)
        for task in whistle["tasks"]:
            beside[task["id"]] = actions({**task, "units": units}, "task_id", failure)
    return {"beside": beside, "first": contact[0].form.method if contact else ""}


def _of_case(who: Principal, page: Matter, detail: View | None, units: dict[str, str]) -> View | None:
    """The case with what its forms are chosen from, and what other services allow about it."""
    if detail is None:
        return None
    kinds = whistle_kinds(who, page)
    allowed = [*detail.get("allowed_commands", ()), *(["draft_whistle"] if kinds and units else [])]
    if _may_ask_address(who, page, detail):
        allowed.append(ADDRESS.method)
    if kinds and page.kind == CaseKind.HAZARD:
        allowed.append(CallOwner.method)
    staff = _staff(page, HANDLERS) if CHOOSING & {*allowed} else []
    source = {"source_kind": page.kind, "source_id": detail["id"], "source_number": page.number}
    sorts = {"categories": beginning.categories()} if SORTING & {*allowed} else {}
    chosen = {**sorts, "units": units, "whistle_kinds": kinds, "whistle_level": level(who, page), "staff": staff}
    return {**detail, **source, **chosen, "area_path": page.area_path, "allowed_commands": allowed}


def _staff(page: Matter, roles: tuple[Role, ...]) -> list[dict[str, str]]:
    with process().store.transaction() as session:
        return staff_at(session, roles, page.area_path, local_day(now()))


def whistle_kinds(who: Principal, page: Matter) -> list[str]:
    """What `who` may blow for this case, the likeliest first; nothing for one that has ended or is none."""
    if not is_open(page) or page.kind not in BLOWN_FOR:
        return []
    danger = page.kind == "HAZARD" or page.urgency == "EMERGENCY"
    kinds = [kind.value for kind in WhistleKind if kind != WhistleKind.EMERGENCY]
    if any(who.holds(role, at=page.area_path) for role in LEVELS):
        return [WhistleKind.EMERGENCY, *kinds] if danger else [*kinds, WhistleKind.EMERGENCY]
    return [WhistleKind.EMERGENCY] if who.holds(Role.GRID, at=page.area_path) else []


def level(who: Principal, page: Matter) -> str:
    held = [LEVELS[role] for role in LEVELS if who.holds(role, at=page.area_path)]
    return (held[0] if held else WhistleLevel.COMMUNITY).value


def _of_people(who: Principal, page: Matter, detail: View | None, failure: Failure | None) -> dict[str, list[Action]]:
    """A look at the telephone beside each person, for who may call; the service judges again."""
    if not detail or not is_open(page) or not _may_call(who, page):
        return {}
    people = [detail.get("reporter"), detail.get("contact_person")]
    views = [
        {"id": one["person_id"], "allowed_commands": [REVEAL.method]} for one in people if one and one.get("person_id")
    ]
    return {str(view["id"]): actions(view, "person_id", failure) for view in views}


CONTACTS: Mapping[str, type[RevealCommand]] = {
    "profile_number": RevealCareContact, "pager_number": RevealPagerContact,
}  # fmt: skip
"""Fields that name whose telephone is needed, and what reveals it."""


def _contact(who: Principal, page: Matter, detail: View | None, failure: Failure | None) -> list[Action]:
    """A look at the telephone of whom an open matter is about, for who may; the service judges again."""
    asked = ((name, command) for name, command in CONTACTS.items() if detail and detail.get(name) and is_open(page))
    return [
        action
        for name, command in asked
        if detail and command.by.allows(who, page)
        for action in actions({"number": detail[name], "allowed_commands": [command.method]}, "number", failure)
    ]


def _may_call(who: Principal, page: Matter) -> bool:
    involved = who.id in (page.tally.get("handler"), page.tally.get("first"))
    return involved or any(who.holds(role, at=page.area_path) for role in CALLERS)


def _may_ask_address(who: Principal, page: Matter, detail: View) -> bool:
    """Of a reporter who stays unnamed the caller learns the telephone alone."""
    if detail.get("anonymous") or not detail.get("secret") or page.kind != "APPEAL":
        return False
    calls = page.state == AppealState.RESULT_REPORTED and who.holds(Role.FOLLOWUP, at=page.area_path)
    return calls or (is_open(page) and who.id == page.tally.get("first"))
