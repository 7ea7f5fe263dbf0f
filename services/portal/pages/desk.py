"""The first page: what is to be done today, by the time that is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from chassis.identity import Principal
from contracts.intake.appeals import ListAppeals
from contracts.intake.hazards import ListHazards
from kernel import codes
from kernel.codes import Role
from services.portal.accounts.current import current_principal, now, process
from services.portal.pages import disputes, finding, places
from services.portal.pages.acting import done
from services.portal.pages.blueprint import blueprint
from services.portal.pages.peering import Part, Question, gather
from services.portal.pages.wording import parsed
from services.portal.readmodel import lists, scope, shapes
from services.portal.readmodel.tables import CasePage, TaskRow, WhistleRow

LONG_AGO = datetime(9999, 1, 1, tzinfo=UTC)
CASES_SHOWN = 100
MOST_ASKED = 200
"""Titles asked for in one question: more than the desk shows."""


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
    mine: bool = True

    @property
    def order(self) -> tuple[datetime, str]:
        return self.due or LONG_AGO, self.number


@blueprint.get("/")
def desk() -> str:
    who, moment = current_principal(), now()
    with process().store.transaction() as session:
        pages, more = lists.cases(session, who, {"open": True, "limit": CASES_SHOWN}, moment)
        todo = [*mine(session, who, pages), *duties(session, who)]
        others = rest(who, pages)
    if Role.MEDIATOR in who.roles:
        todo, others = with_disputes(who, todo, others)
    parts = gather(questions([item.number for item in (*todo, *others) if not item.title]))
    return render_template(
        "desk.html", todo=told(todo, parts), others=told(others, parts), more=bool(more),
        areas=places.names({item.area_path for item in (*todo, *others) if item.area_path}), moment=moment,
        missing=any(part.missing for part in parts.values()), done=done(request.args.get("done", "")),
    )  # fmt: skip


def with_disputes(who: Principal, todo: list[Todo], others: list[Todo]) -> tuple[list[Todo], list[Todo]]:
    """The mediator's cases are hers to do, under the names of the parties."""
    found = [_of_dispute(one) for one in disputes.going(who)]
    numbers = {item.number for item in found}
    mine = [item for item in found if item.mine]
    others = [item for item in others if item.number not in numbers]
    return [*todo, *mine], [*others, *(item for item in found if not item.mine)]


def _of_dispute(one: disputes.Dispute) -> Todo:
    state = codes.label(codes.MediationState, one.page.mediation_state or "")
    what = "调解会" if one.session else "调解"
    return Todo(what, one.page.number, one.due, state, one.title, one.page.area_path, mine=one.mine)


def mine(session: Session, who: Principal, pages: list[CasePage]) -> list[Todo]:
    """Her cases; where nobody has reached the resident yet, that is what comes first."""
    hers = [page for page in pages if is_mine(who, page)]
    contact = finding.contact_clocks(session, [page.number for page in hers if page.state not in WAITS])
    return [_first_step(of_case(page), contact.get(page.number)) for page in hers]


def _first_step(item: Todo, contact: datetime | None) -> Todo:
    return replace(item, what="首次联系", due=contact) if contact else item


def rest(who: Principal, pages: list[CasePage]) -> list[Todo]:
    """Cases in sight that are somebody else's to handle, or wait for others."""
    return [of_case(page) for page in pages if not is_mine(who, page)]


WAITS = frozenset({"RESULT_REPORTED"})


def is_mine(who: Principal, page: CasePage) -> bool:
    """The handler's; until there is one, that of whoever answers for the place; under supervision the level above's."""
    if not scope.of_place(who, page):
        return False
    if page.state in WAITS:
        return page.due_at is not None and bool(who.roles & {"STREET", "DISTRICT"})
    handler = page.handler_id or (page.first_responder_id if page.kind == "HAZARD" else None)
    return handler == who.id if handler else bool(who.roles & {"GRID", "COMMUNITY", "STREET"})


def of_case(page: CasePage) -> Todo:
    what, state = "诉求" if page.kind == "APPEAL" else "隐患", shapes.state_label(page.kind, page.state)
    return Todo(
        what, page.number, page.due_at, state,
        area_path=page.area_path, urgent=page.urgency == "EMERGENCY",
    )  # fmt: skip


def duties(session: Session, who: Principal) -> list[Todo]:
    """What the viewer's posts bring beside cases of their own."""
    found = [_of_whistle(row) for row in lists.to_approve(session, who)]
    found += [_of_task(row, "待裁定异议") for row in lists.to_decide(session, who)]
    found += [_of_task(row, CHECKS[row.state]) for row in lists.to_check(session, who) if row.unit not in who.units]
    if scope.units(who):
        rows, _ = lists.tasks(session, who, {"limit": CASES_SHOWN, "state": ["ASSIGNED", "SIGNED", "REPORTED_IN"]})
        found += [_of_task(row, STEPS[row.state]) for row in rows]
    for row in lists.to_follow_up(session, who):
        found.append(Todo("待回访", row.case_number, row.start_by, codes.label(codes.FollowUpState, row.state),
                          area_path=row.area_path))  # fmt: skip
    return found


STEPS = {"ASSIGNED": "待签收", "SIGNED": "待报到", "REPORTED_IN": "待办结"}
CHECKS = {"FINISHED": "待核实", "CONFIRMED": "待赋分"}


def _of_task(row: TaskRow, what: str) -> Todo:
    asked = codes.label(codes.AskedAction, row.asked_action) if row.asked_action else "哨令"
    return Todo(
        what, row.case_number, row.next_due, codes.label(codes.TaskState, row.state), f"{row.unit_name}：{asked}",
        row.area_path, urgent=row.kind == "EMERGENCY",
    )  # fmt: skip


def _of_whistle(row: WhistleRow) -> Todo:
    kind = codes.label(codes.WhistleKind, row.kind) if row.kind else "哨单"
    title = f"{kind}：请{row.units}"
    return Todo("待批准吹哨", row.case_number, row.asked_time, "待审批", title, row.area_path)


def questions(numbers: list[str]) -> dict[str, Question]:
    """Titles are with intake: one question for appeals and one for hazards, as the viewer may see them."""
    asked: dict[str, Question] = {}
    for letter, command in LISTS.items():
        mine = [number for number in dict.fromkeys(numbers) if number.startswith(letter)][:MOST_ASKED]
        if mine:
            asked[letter] = (command, {"numbers": mine, "limit": MOST_ASKED})
    return asked


LISTS: dict[str, Any] = {"S": ListAppeals, "Y": ListHazards}
"""By the kind letter of a number (kernel.numbers)."""


def told(items: list[Todo], parts: dict[str, Part], *, by_due: bool = True) -> list[Todo]:
    """With titles, and with dates that are not on the bus; by the time left, or as they came."""
    views = {view["number"]: view for part in parts.values() if part for view in part.data["items"]}
    filled = [_filled(item, views.get(item.number)) for item in items]
    return sorted(filled, key=lambda item: item.order) if by_due else filled


def _filled(item: Todo, view: dict[str, Any] | None) -> Todo:
    if item.title or view is None:
        return item
    due = item.due if item.due or item.what != "诉求" else parsed(view.get("due_at"))
    return replace(item, title=title_of(view), due=due)


def title_of(view: dict[str, Any]) -> str:
    if "title" in view:
        return str(view["title"])
    return f"{codes.label(codes.HazardKind, view['kind'])}隐患：{view['place_text']}"
