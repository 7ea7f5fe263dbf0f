"""The page of one case: its head, what may be done now, and all that happened, of whichever service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import eventlet
from flask import redirect, render_template, request

from chassis.errors import NotFound
from chassis.identity import Principal
from contracts import registry
from contracts.dispatch.tasks import GetTask
from contracts.intake.likeness import ListAlike
from contracts.mediation.cases import GetCase
from kernel import codes
from kernel.numbers import normalise
from services.portal.accounts.current import current_principal, now, process
from services.portal.pages import finding, places, sections, thumbs
from services.portal.pages.acting import Failure, done
from services.portal.pages.beside import buttons
from services.portal.pages.blueprint import blueprint
from services.portal.pages.derived import derived, headline
from services.portal.pages.folding import folded
from services.portal.pages.forms import BEGINNING
from services.portal.pages.peering import Part, Question, gather
from services.portal.pages.sections import DERIVED, MISSING, MORE, ROOTS
from services.portal.readmodel import entries, kinds, lists, names, scope, shapes
from services.portal.readmodel.entries import without_names
from services.portal.readmodel.tables import Entry, Matter

WITHOUT_CLOCK = frozenset(
    {"RESULT_REPORTED", "CLOSED", "ANSWERED", "DIVERTED", "DECLINED", "MERGED", "WITHDRAWN", "REMOVED"}
)
"""States in which the clock a service answers with runs no more."""

UNTIL_RESULT = frozenset({"REGISTERED", "ACCEPTED", "ASSIGNED", "IN_PROGRESS"})
"""States in which an appeal may be merged into another."""

OWN = frozenset({"detail", "listed"})
"""What the service of the root itself tells."""
NEW = frozenset(form.method for form in BEGINNING)


@dataclass(frozen=True)
class Known:
    """What the read model knows of a case, and how much of it this viewer may read."""

    page: Matter
    entries: Sequence[Entry]
    matters: Sequence[Matter]
    names: Mapping[str, str]
    blown: Sequence[dict[str, Any]]
    of_place: bool

    @property
    def tasks(self) -> list[Matter]:
        return [each for each in self.matters if each.kind == kinds.TASK]

    @property
    def nameless(self) -> bool:
        """Whether residents stay unnamed: secrecy was asked for, or the viewer is a called unit."""
        return self.page.secret or not self.of_place

    @property
    def judged_by_owner(self) -> bool:
        """Whether whom it names is for its service to say: nobody asked for secrecy, nobody was called to help."""
        return not self.page.secret and self.page.kind not in ROOTS


@blueprint.get("/cases/<number>")
def case(number: str) -> Any:
    """Whoever has just done her part in what is not hers to see any more goes back to her desk. Errors: as `show`."""
    told = request.args.get("done", "")
    if told in NEW:
        arrived(current_principal(), normalise(number))
    try:
        return show(number)
    except NotFound:
        if not done(told):
            raise
        return redirect(f"/?{urlencode({'done': told})}", 303)


def show(number: str, failure: Failure | None = None, shown: dict[str, Any] | None = None) -> str:
    """The page; with `failure`, also what the service did not take; with `shown`, an answer that stands there once.

    Errors: NotFound, Unauthenticated.
    """
    who, moment = current_principal(), now()
    known = look(who, number)
    asked = gather(questions(who, known))
    parts = {
        name: part if name in OWN and known.judged_by_owner else replace(part, data=discreet(part.data, known))
        for name, part in asked.items()
    }
    views = {name: parts.get(name, Part()).data for name in ("detail", "alike", "mediation", "follow_up", "listed")}
    views["whistles"] = whistles(parts)
    return render_template(
        "case.html", **told(known, parts, views, moment), **buttons(who, known.page, views, failure), failure=failure,
        shown=shown, small=thumbs.of(*views.values()), seen=seen(who, views["listed"]),
    )  # fmt: skip


def seen(who: Principal, listed: Mapping[str, Any] | None) -> set[str]:
    """Which of the matters a page lists its viewer may open."""
    if not listed:
        return set()
    with process().store.transaction() as session:
        return scope.seen_of(session, who, [each["number"] for each in listed["items"]])


ARRIVES_SECONDS, LOOKS_SECONDS = 4.0, 0.1


def arrived(who: Principal, number: str) -> None:
    """Waits a moment for a case that has just been registered: its event is on the way."""
    for _ in range(int(ARRIVES_SECONDS / LOOKS_SECONDS)):
        with process().store.transaction() as session:
            if scope.seen(session, who, number):
                return
        eventlet.sleep(LOOKS_SECONDS)


def look(who: Principal, number: str) -> Known:
    """Errors: NotFound."""
    units = places.units()
    with process().store.transaction() as session:
        page = scope.find(session, who, number)
        found, matters = entries.with_merged(session, page), lists.belonging(session, page)
        people, of_place = names.of_people(session, [page]), scope.of_place(who, page)
        blown = finding.asked_in(session, reversed(matters) if of_place else [], units)
        return Known(page, found, matters, people, blown, of_place)


def questions(who: Principal, known: Known) -> dict[str, Question]:
    """Which services are asked: only those that have something, and that this viewer may ask. What a kind without a
    section of its own shows to whom, its service knows."""
    page, asked = known.page, dict[str, Question]()
    if page.kind in registry.READS and (known.of_place or page.kind not in ROOTS):
        asked["detail"] = (registry.READS[page.kind], {"number": page.number})
    if "detail" in asked and page.kind == codes.CaseKind.APPEAL and page.state in UNTIL_RESULT:
        asked["alike"] = (ListAlike, {"number": page.number})
    if page.kind in sections.LISTED:
        asked["listed"] = sections.LISTED[page.kind](page)
    if known.of_place:
        asked |= {section.name: section.asks(page) for section in sections.of([page, *known.matters])}
    for row in known.tasks:
        if row.tally["unit"] in scope.units(who):
            asked[f"task {row.id}"] = (GetTask, {"task_id": row.id})
    return asked


def discreet(view: Any, known: Known) -> Any:
    """What a service told, without residents' names where they stay unnamed."""
    if view is None or not known.nameless:
        return view
    hidden = without_names(view)
    for agreement in hidden.get("agreements", ()):
        agreement["missing"] = [f"{len(agreement['missing'])} 项签署"] if agreement["missing"] else []
    return hidden


def told(known: Known, parts: dict[str, Part], views: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """What the template shows."""
    page, detail, units = known.page, views["detail"] or {}, places.units()
    state, row = detail.get("state") or page.state, shapes.row(page, moment, known.names, [])
    return {
        **views,
        **drawn(known, views, units),
        **story(known, units),
        "page": page,
        "row": row,
        "state_label": kinds.about(page.kind).state(state),
        "due_at": clock(page, state, detail),
        "contact_due": contact_due(detail, state),
        "handler_name": (detail.get("handler") or row["handler"] or {}).get("name"),
        "tasks": known.tasks,
        "blown": known.blown,
        "area": places.names([page.area_path])[page.area_path],
        "unit_names": units,
        "missing": [MISSING[name.partition(" ")[0]] for name, part in parts.items() if part.missing],
        "moment": moment,
        "done": done(request.args.get("done", "")),
    }


def drawn(known: Known, views: dict[str, Any], units: dict[str, str]) -> dict[str, Any]:
    """Which templates draw the case and what belongs to it; `labelled` where its labels do."""
    page, detail = known.page, views["detail"]
    own, by_labels = ROOTS.get(page.kind) or MORE.get(page.kind, DERIVED), page.kind not in ROOTS
    return {
        "title": title(page, views),
        "situation": own,
        "labelled": derived(registry.READS[page.kind].answer, detail, units) if detail and by_labels else None,
        "sections": [section.template for section in sections.of(known.matters)],
    }


def story(known: Known, units: dict[str, str]) -> dict[str, Any]:
    """The timeline. `last_seq` is the newest entry of the case itself: news come after it."""
    page, own = known.page, [entry.seq for entry in known.entries if entry.case_number == known.page.number]
    items = entries.views(page, known.entries, discreet=known.nameless, units=units)
    return {"days": folded(items), "count": len(items), "last_seq": max(own, default=0)}


def title(page: Matter, views: Mapping[str, Any]) -> str:
    """What its owner calls it; to a called unit, what it is asked to do."""
    about, detail, whistles = kinds.about(page.kind), views["detail"], views["whistles"]
    if detail:
        return headline(registry.READS[page.kind].answer, detail) or f"{about.name} {page.number}"
    if page.kind == kinds.MEDIATION and views["mediation"]:
        return headline(GetCase.answer, views["mediation"])
    if whistles and whistles[-1]["tasks"]:
        action = codes.label(codes.AskedAction, whistles[-1]["asked_action"])
        return f"{about.name}：请{whistles[-1]['tasks'][0]['unit']['name']}{action}"
    return about.name + ("（标题暂时不能显示）" if page.kind in registry.READS else f" {page.number}")


def clock(page: Matter, state: str, detail: dict[str, Any]) -> datetime | None:
    """The service's own answer is newer than its facts here; in a state without clock only theirs of that state."""
    if state in WITHOUT_CLOCK:
        return page.due_at if state == page.state else None
    found: datetime | None = detail.get("due_at", page.due_at)
    return found


def contact_due(detail: dict[str, Any], state: str) -> Any:
    """The clock of the first contact, while nobody has reached the resident."""
    open_clock = state not in WITHOUT_CLOCK and not detail.get("first_contacted_at") and not detail.get("anonymous")
    return detail.get("first_contact_due") if open_clock else None


def whistles(parts: dict[str, Part]) -> list[dict[str, Any]]:
    """The whistles with their tasks; for a called unit, only its own tasks, without the whistle around them."""
    listed = parts.get("whistles", Part())
    if listed:
        return list(reversed(listed.data["items"]))
    own = [part.data for name, part in parts.items() if name.startswith("task ") and part]
    return [{"number": task["whistle_number"], "kind": task["kind"], "tasks": [task], **_asked(task)} for task in own]


def _asked(task: dict[str, Any]) -> dict[str, Any]:
    names = ("reason", "asked_action", "asked_action_text", "asked_time", "asked_place_text")
    return {name: task.get(name) for name in names}
