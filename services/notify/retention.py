"""Terms of keeping 保存期限: words about people go when their term is over; counts, states and times stay (§4.8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis import audit
from chassis.entrypoints import asked, every
from chassis.erased import GONE
from chassis.identity import Principal
from contracts.notify.retention import CheckRetention
from services.notify.care_rounds import SETTLED, CareCall
from services.notify.hand_deliveries import HandDelivery
from services.notify.rules import ended_before
from services.notify.states import FOLLOW_UP, MESSAGE
from services.notify.tables import Attempt, FollowUp, Message

AT_ONCE = 200
ACT = "retention"


@dataclass(frozen=True)
class Term:
    """Rows that ended (`over`, at `ended`): their columns are set to what `clears` says while one of them still says
    something else, and with them those of `besides`, which the database cannot compare (sealed)."""

    what: str
    key: str
    model: Any
    ended: Any
    over: ColumnElement[bool]
    clears: dict[str, Any]
    besides: dict[str, Any] = field(default_factory=dict)

    def due(self, now: datetime) -> list[ColumnElement[bool]]:
        still = [getattr(self.model, name).is_distinct_from(value) for name, value in self.clears.items()]
        return [self.over, self.ended < ended_before(self.key, now), or_(false(), *still)]


SHEETS, WORDS = "retention.care_sheets", "retention.messages"
_ENDED_FOLLOW_UPS = select(FollowUp.id).where(FollowUp.state.in_(FOLLOW_UP.terminal))
TERMS = (
    Term(
        "关怀电话记录", SHEETS, CareCall, CareCall.updated_at, CareCall.state.in_(SETTLED),
        {"difficulties": None, "advice": None, "found": None, "birthday": None},
        {"witnesses": []},
    ),
    Term("回访记录", SHEETS, Attempt, Attempt.at, Attempt.follow_up_id.in_(_ENDED_FOLLOW_UPS), {"note": None}),
    Term(
        "发出的消息", WORDS, Message, Message.updated_at, Message.state.in_({*MESSAGE.terminal, "SENT"}),
        {"title": GONE, "body": GONE, "recipient_name": GONE, "in_person": None},
    ),
    Term(
        "当面送达", WORDS, HandDelivery, HandDelivery.updated_at, HandDelivery.state != "OPEN",
        {"title": GONE, "body": GONE, "masked_name": GONE, "why": None},
    ),
)  # fmt: skip


@asked(CheckRetention)
def preview(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, CheckRetention, None)
    return {"items": [_due(session, term, now) for term in TERMS]}


def _due(session: Session, term: Term, now: datetime) -> dict[str, Any]:
    rows = session.scalar(select(func.count()).select_from(term.model).where(*term.due(now)))
    return {"what": term.what, "key": term.key, "ended_before": ended_before(term.key, now), "rows": rows}


@every(seconds=600)
def clear_due(session: Session, who: Principal, now: datetime) -> None:
    """AT_ONCE rows of each kind a run; what was cleared leaves one audit row, which stands for what is gone."""
    for term in TERMS:
        query = select(term.model).where(*term.due(now)).limit(AT_ONCE).with_for_update(skip_locked=True)
        rows = session.scalars(query).all()
        for row in rows:
            for name, value in (term.clears | term.besides).items():
                setattr(row, name, value)
        if rows:
            audit.note(session, who, now, ACT, term.key, "保存期满", what=term.what, cleared=len(rows))
