"""The parts of a case's page by kind: what draws each, and what is asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from contracts.dispatch.whistles import ListWhistles
from contracts.mediation.cases import GetCase
from contracts.notify.care_rounds import ListCareCalls
from contracts.notify.follow_ups import GetFollowUp
from services.portal.pages.peering import Question
from services.portal.readmodel import kinds
from services.portal.readmodel.tables import Matter


class Section(NamedTuple):
    """`name` is what its template calls the answer, `missing` what is said where none came."""

    kinds: set[str]
    name: str
    template: str
    missing: str
    asks: Callable[[Matter], Question]


ROOTS = {
    "APPEAL": "appeals/section.html",
    "HAZARD": "hazards/section.html",
    kinds.MEDIATION: "mediation/section.html",
}
"""What draws a root; any other is drawn by the labels of its view."""
DERIVED = "derived.html"
MORE = {
    "IMPORT": "imports/section.html",
    "COUNCIL": "councils/section.html",
    "COVENANT": "covenants/section.html",
    "CARE_ROUND": "care_rounds/section.html",
}
"""What draws by labels, and something more."""
LISTED: Mapping[str, Callable[[Matter], Question]] = {
    "CARE_ROUND": lambda root: (ListCareCalls, {"round_number": [root.number], "limit": 200}),
}
"""By kind, what lists other roots in its own section; who finds what in it, its service knows."""
# fmt: off
SECTIONS = (
    Section({kinds.WHISTLE, kinds.TASK}, "whistles", "whistles/section.html", "哨单内容",
            lambda root: (ListWhistles, {"source_id": root.id})),
    Section({kinds.MEDIATION}, "mediation", "mediation/section.html", "调解记录",
            lambda root: (GetCase, {"case_number": root.number})),
    Section({kinds.FOLLOW_UP}, "follow_up", "follow_ups/section.html", "回访记录",
            lambda root: (GetFollowUp, {"case_number": root.number})),
)
# fmt: on
MISSING = {
    "detail": "登记和办理内容",
    "alike": "可能是同一件事的诉求",
    "listed": "名单",
    "task": "哨令内容",
    **{each.name: each.missing for each in SECTIONS},
}


def of(matters: Iterable[Matter]) -> list[Section]:
    """Those for what belongs to a case."""
    there = {each.kind for each in matters}
    return [section for section in SECTIONS if section.kinds & there]
