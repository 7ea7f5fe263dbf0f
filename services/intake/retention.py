"""Terms of keeping 保存期限 of intake's matters, and the dry run over all five stores (domain §4.8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, select, true
from sqlalchemy.orm import Session, aliased

from capability.life import permit
from capability.terms import CLOSED, DOSSIER, Term, Terms
from chassis.entrypoints import Ask, asked
from chassis.erased import GONE
from chassis.errors import ServiceError
from chassis.identity import Principal
from contracts.dispatch.retention import CountDueInDispatch
from contracts.intake.bookings import BookingState
from contracts.intake.campaign_views import ChangeState
from contracts.intake.clinics import ConsultationState
from contracts.intake.diaries import DiaryState
from contracts.intake.erasures import ErasureState
from contracts.intake.imports import ImportState
from contracts.intake.retention import CheckRetention
from contracts.intake.shops import ShopState
from contracts.mediation.retention import CountDueInMediation
from contracts.notify.retention import CountDueInNotify
from contracts.portal.retention import CountDueInPortal
from contracts.retention import DueInStore
from kernel.codes import HazardState
from kernel.codes.holdings import Store
from services.intake import errands, imports, residents
from services.intake.bookings import Booking
from services.intake.clinics import Consultation
from services.intake.conditions import ENDED
from services.intake.diaries import Diary
from services.intake.holdings import OWNED, blank_parts
from services.intake.shops import Shop, ShopCheck
from services.intake.tables import (
    Appeal,
    AuthorityContact,
    Campaign,
    Consent,
    DataChange,
    Dispute,
    Ending,
    Erasure,
    Errand,
    Extension,
    Handling,
    Hazard,
    HomeVisit,
    Import,
    ImportRow,
    Measure,
    NeedItem,
    OnAccount,
    PatrolPoint,
    Person,
    PersonMerge,
    Visit,
)

SHEETS, LOOSE = "retention.care_sheets", "retention.loose_files"
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
    row.applicant_id = row.proxy_id = None
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


ASKING = (ErasureState.ASKED, ErasureState.RUNNING)
_CHANGED = select(Campaign.updated_at).where(Campaign.id == DataChange.campaign_id).scalar_subquery()
_MERGED = aliased(Person)
_NOBODYS = and_(
    Person.erased_at.is_(None),
    *(~exists().where(getattr(model, column) == Person.id) for model, columns in OWNED for column in columns),
    ~exists().where(Consent.person_id == Person.id, Consent.withdrawn_at.is_(None)),
    ~exists().where(Erasure.person_id == Person.id, Erasure.state.in_(ASKING)),
    ~exists().where(_MERGED.merged_into == Person.id, _MERGED.erased_at.is_(None)),
)
"""No matter names the record, and none of those merged into it is left; dossiers find people by it as long as they
are kept."""
TERMS = Terms(
    Term(
        "诉求", CLOSED, Appeal, func.coalesce(Appeal.closed_at, Appeal.updated_at), Appeal.state.in_(ENDED),
        {
            "title": GONE, "content": GONE, "place_text": GONE, "result_text": GONE, "supervision_words": GONE,
            "attachments": [], "result_attachments": [],
        },
        _of_appeal,
        takes=[
            Appeal.reporter_id, Handling.content, Handling.interim_measure, Extension.reason, Ending.words,
            NeedItem.need, NeedItem.reason, OnAccount.reason, OnAccount.words, Dispute.cause_text,
            *(getattr(Dispute, name) for name in OF_DISPUTE), Dispute.respondent_phone,
        ],
    ),
    Term(
        "代办", CLOSED, Errand, Errand.updated_at, Errand.state.in_(errands.ENDED),
        {"details": GONE, "decision": GONE, "tracking": GONE, "authorisation": []},
        _of_errand,
        takes=[Errand.applicant_id, AuthorityContact.person_named, AuthorityContact.outcome, HomeVisit.note],
    ),
    Term(
        "隐患", CLOSED, Hazard, func.coalesce(Hazard.removed_at, Hazard.updated_at),
        Hazard.state == HazardState.REMOVED,
        {"photos": [], "verify_photos": [], "verify_note": GONE, "description": GONE, "place_text": GONE, "geo": None},
        _of_hazard,
        takes=[Hazard.reporter_id, Measure.note],
    ),
    Term(
        "民情诊断", CLOSED, Consultation, Consultation.updated_at, Consultation.state != ConsultationState.RECEIVED,
        {"matter": GONE, "result": GONE},
        _nobodys,
        takes=[Consultation.asker_id],
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
    Term(
        "预约", CLOSED, Booking, Booking.updated_at, Booking.state != BookingState.BOOKED, {"applicant_id": None},
    ),
    Term(
        "商户联系人", CLOSED, Shop, Shop.updated_at, Shop.state == ShopState.CLOSED,
        {"place_text": GONE, "contact_name": GONE, "contact_phone": GONE},
    ),
    Term("门前检查", SHEETS, ShopCheck, ShopCheck.at, true(), {"note": None}),
    Term(
        "更正意见", CLOSED, DataChange, _CHANGED, DataChange.state != ChangeState.PROPOSED,
        {"words": GONE, "why": GONE},
    ),
    Term(
        "没有导入的表格", LOOSE, Import, Import.updated_at, Import.state == ImportState.CHECKED, {}, imports.give_up,
        takes=[Import.content, ImportRow.command],
    ),
    Term(
        "删除请求", CLOSED, Erasure, Erasure.updated_at, Erasure.state.not_in(ASKING), {"proof": GONE, "refusal": GONE},
    ),
    Term(
        "居民档案", DOSSIER, Person, Person.created_at, _NOBODYS, {}, residents.forget,
        takes=[
            Person.name, Person.phone, Person.birth_year, Person.home, Person.masked_name, Person.masked_phone,
            PersonMerge.reason, PersonMerge.undone_reason,
        ],
    ),
)  # fmt: skip


@asked(CheckRetention)
def preview(session: Session, who: Principal, command: dict[str, Any], now: datetime, ask: Ask) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, CheckRetention, None)
    own = {"store": Store.INTAKE, "missing": False, "items": TERMS.due(session, now)}
    return {"stores": [own, *(_asked(ask, store) for store in STORES)]}


def _asked(ask: Ask, store: Store) -> dict[str, Any]:
    try:
        items = COUNTED.load(ask(STORES[store], {}, deadline=SECONDS))["items"]
    except ServiceError:
        return {"store": store, "missing": True, "items": []}
    return {"store": store, "missing": False, "items": items}
