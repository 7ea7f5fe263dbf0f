"""Terms of keeping 保存期限 of intake's matters, and the dry run over all five stores (domain §4.8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, true
from sqlalchemy.orm import Session

from capability import terms
from capability.life import permit
from capability.terms import CLOSED, Term
from chassis.entrypoints import Ask, asked, every
from chassis.erased import GONE
from chassis.errors import ServiceError
from chassis.identity import Principal
from contracts.dispatch.retention import CountDueInDispatch
from contracts.intake.clinics import ConsultationState
from contracts.intake.diaries import DiaryState
from contracts.intake.retention import CheckRetention
from contracts.mediation.retention import CountDueInMediation
from contracts.notify.retention import CountDueInNotify
from contracts.portal.retention import CountDueInPortal
from contracts.retention import DueInStore
from kernel.codes import HazardState
from kernel.codes.holdings import Store
from services.intake import errands
from services.intake.clinics import Consultation
from services.intake.conditions import ENDED
from services.intake.diaries import Diary
from services.intake.holdings import blank_parts
from services.intake.tables import Appeal, Errand, Hazard, PatrolPoint, Visit

SHEETS = "retention.care_sheets"
SECONDS = 3.0
"""How long a store may take to count; then it counts as missing."""
STORES = {
    Store.DISPATCH: CountDueInDispatch,
    Store.MEDIATION: CountDueInMediation,
    Store.NOTIFY: CountDueInNotify,
    Store.PORTAL: CountDueInPortal,
}
COUNTED = DueInStore()
OF_DISPUTE = ("respondent_name", "respondent_masked_name", "respondent_place")


def _of_appeal(session: Session, row: Appeal, now: datetime) -> None:
    """Nobody's any more: with the words goes the link to the person's record."""
    blank_parts(session, row, now)
    row.reporter_id = row.contact_person_id = None
    if row.dispute:
        _blank([row.dispute], OF_DISPUTE)
        row.dispute.respondent_phone = None


def _of_errand(session: Session, row: Errand, now: datetime) -> None:
    _blank(row.contacts, ["person_named", "outcome"])
    _blank(row.visits, ["note"])


def _of_hazard(session: Session, row: Hazard, now: datetime) -> None:
    row.reporter_id = None
    for measure in row.measures:
        measure.photos = []
    _blank(row.measures, ["note"])


def _nobodys(session: Session, row: Consultation, now: datetime) -> None:
    row.asker_id = None


def _blank(rows: Iterable[Any], names: Iterable[str]) -> None:
    for row, name in ((row, name) for row in rows for name in names):
        if getattr(row, name) is not None:
            setattr(row, name, GONE)


TERMS = (
    Term(
        "诉求", CLOSED, Appeal, func.coalesce(Appeal.closed_at, Appeal.updated_at), Appeal.state.in_(ENDED),
        {
            "title": GONE, "content": GONE, "place_text": GONE, "result_text": GONE, "supervision_words": GONE,
            "attachments": [], "result_attachments": [],
        },
        _of_appeal,
    ),
    Term(
        "代办", CLOSED, Errand, Errand.updated_at, Errand.state.in_(errands.ENDED),
        {"details": GONE, "decision": GONE, "tracking": GONE, "authorisation": []},
        _of_errand,
    ),
    Term(
        "隐患", CLOSED, Hazard, func.coalesce(Hazard.removed_at, Hazard.updated_at),
        Hazard.state == HazardState.REMOVED,
        {"photos": [], "verify_photos": [], "verify_note": GONE, "description": GONE, "place_text": GONE, "geo": None},
        _of_hazard,
    ),
    Term(
        "民情诊断", CLOSED, Consultation, Consultation.updated_at, Consultation.state != ConsultationState.RECEIVED,
        {"matter": GONE, "result": GONE},
        _nobodys,
    ),
    Term(
        "社情日记", CLOSED, Diary, Diary.updated_at, Diary.state != DiaryState.PROPOSED,
        {"words": GONE, "change": GONE, "why": GONE},
    ),
    Term("走访记录", SHEETS, Visit, Visit.at, true(), {"note": None}),
    Term(
        "巡查记录", SHEETS, PatrolPoint, PatrolPoint.at, PatrolPoint.at.is_not(None),
        {"note": None, "place_text": None, "photos": []},
        besides=["photos"],
    ),
)  # fmt: skip


@asked(CheckRetention)
def preview(session: Session, who: Principal, command: dict[str, Any], now: datetime, ask: Ask) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, CheckRetention, None)
    own = {"store": Store.INTAKE, "missing": False, "items": terms.due(session, TERMS, now)}
    return {"stores": [own, *(_asked(ask, store) for store in STORES)]}


def _asked(ask: Ask, store: Store) -> dict[str, Any]:
    try:
        items = COUNTED.load(ask(STORES[store], {}, deadline=SECONDS))["items"]
    except ServiceError:
        return {"store": store, "missing": True, "items": []}
    return {"store": store, "missing": False, "items": items}


@every(seconds=terms.SECONDS)
def clear_due(session: Session, who: Principal, now: datetime) -> None:
    terms.clear_due(session, who, TERMS, now)
