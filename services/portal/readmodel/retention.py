"""Terms of keeping 保存期限 of what the portal shows of people: names in timelines and the index, files (domain §4.8).

A case loses its names when its root has ended and none of its facts is younger than the term; with a mediation in it
the term is the dossier's. A tombstone of each name keeps it away when the read model is made anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from capability.terms import CLOSED, DOSSIER, Term, Terms
from chassis import erased
from chassis.erased import GONE, NAMED, nameless
from contracts.portal.retention import CountDueInPortal
from kernel import numbers
from kernel.codes import AppealState, HazardState, MediationState
from kernel.codes.errands import ErrandState
from services.portal.accounts.tables import SecondFactor
from services.portal.readmodel.holdings import forget_names
from services.portal.readmodel.kinds import MEDIATION, OF_LETTER
from services.portal.readmodel.tables import ClearedCase, Entry, Matter
from services.portal.saved.tables import SavedSearch
from services.portal.uploads import sweeping
from services.portal.uploads.tables import Upload, UploadUse

RECORDINGS, LOOSE = "retention.recordings", "retention.loose_files"
A, M = AppealState, MediationState
ENDED: dict[str, tuple[str, ...]] = {
    "APPEAL": (A.ANSWERED, A.DIVERTED, A.DECLINED, A.MERGED, A.WITHDRAWN, A.CLOSED),
    "ERRAND": (ErrandState.CLOSED, ErrandState.FAILED),
    "HAZARD": (HazardState.REMOVED,),
    MEDIATION: (M.CLOSED, M.TERMINATED),
}
"""Roots whose end is known here, and in which states they have ended."""

_PART = aliased(Matter)
_LAST = select(func.max(_PART.updated_at)).where(_PART.case_number == Matter.case_number).scalar_subquery()
_MEDIATED = select(_PART.id).where(_PART.case_number == Matter.case_number, _PART.kind == MEDIATION).exists()
_DONE = select(ClearedCase.at).where(ClearedCase.case_number == Matter.case_number, ClearedCase.at >= _LAST).exists()
_OVER = and_(
    Matter.root, ~_DONE, or_(*(and_(Matter.kind == kind, Matter.state.in_(states)) for kind, states in ENDED.items()))
)


def _nobody(session: Session, row: Matter, now: datetime) -> None:
    """Entries, the names matters are found by, and files that no other matter shows."""
    entries = session.scalars(select(Entry).where(Entry.case_number == row.case_number)).all()
    gone = {person for entry in entries for person in (*_people(entry.data), *_resident(entry.actor))}
    erased.remember(session, gone, [row.case_number], now)
    for entry in entries:
        entry.data = nameless(entry.data, gone)
        entry.actor_name = GONE if entry.actor in gone else entry.actor_name
    forget_names(session, [row.case_number])
    numbered = select(Matter.number).where(Matter.case_number == row.case_number, Matter.number != "")
    sweeping.forget(session, {row.case_number, *session.scalars(numbered)}, now)
    done = insert(ClearedCase).values(case_number=row.case_number, at=now)
    session.execute(done.on_conflict_do_update(index_elements=["case_number"], set_={"at": now}))


def _people(data: Any) -> Iterator[str]:
    """The ids of residents whom the facts name."""
    if isinstance(data, dict):
        yield from (each for key, name in NAMED if name in data for each in _resident(data.get(key)))
        data = list(data.values())
    for each in data if isinstance(data, list) else ():
        yield from _people(each)


def _resident(key: Any) -> Iterator[str]:
    """The ids of staff are no UUIDs."""
    try:
        yield str(UUID(str(key)))
    except ValueError:
        return


def _goes(session: Session, row: Upload, now: datetime) -> None:
    row.gone_at, row.content = now, None


def _of_dossier() -> ColumnElement[bool]:
    """A recording that a mediation names is kept with its dossier."""
    letters = [letter for letter in numbers.KINDS if OF_LETTER.get(letter) == MEDIATION]
    named = or_(*(UploadUse.number.op("~")(f"^{letter}[0-9]") for letter in letters))
    return select(UploadUse.number).where(UploadUse.sha256 == Upload.sha256, named).exists()


_HERE = Upload.gone_at.is_(None)
TERMS = Terms(
    Term("时间线里的称呼", CLOSED, Matter, _LAST, and_(_OVER, ~_MEDIATED), {}, _nobody),
    Term("调解时间线里的称呼", DOSSIER, Matter, _LAST, and_(_OVER, _MEDIATED), {}, _nobody),
    Term(
        "通话录音", RECORDINGS, Upload, Upload.attached_at,
        and_(_HERE, Upload.attached_at.is_not(None), Upload.media_type.startswith("audio/"), ~_of_dossier()), {}, _goes,
    ),
    Term(
        "没有附到事项的文件", LOOSE, Upload, Upload.uploaded_at, and_(_HERE, Upload.attached_at.is_(None)), {}, _goes,
    ),
    question=CountDueInPortal,
    kept={
        SavedSearch: "本人保存的查找，本人随时可以删，账号删去时一并删去",
        SecondFactor: "动态验证码的密钥，不是个人信息，本人关闭或账号删去时一并删去",
    },
)  # fmt: skip
