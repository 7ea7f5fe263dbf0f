"""Terms of keeping 保存期限: words about people go when their term is over; counts, states and times stay (§4.8)."""

from __future__ import annotations

from sqlalchemy import select

from capability.terms import CLOSED, DOSSIER, Retention, Term
from chassis.erased import GONE
from contracts.notify.assistance_views import OPEN as ASSISTING
from contracts.notify.care_profiles import CareProfileState
from contracts.notify.pager_alarms import PagerAlarmState
from contracts.notify.pagers import PagerState
from contracts.notify.pairings import PairingState
from contracts.notify.retention import CountDueInNotify
from services.notify.assistance import Assistance
from services.notify.care_profiles import CareProfile
from services.notify.care_rounds import SETTLED, CareCall
from services.notify.hand_deliveries import HandDelivery
from services.notify.holdings import NO_DAY, blank_visits
from services.notify.pager_alarms import PagerAlarm
from services.notify.pagers import Pager
from services.notify.pairings import Pairing
from services.notify.states import FOLLOW_UP, MESSAGE
from services.notify.tables import Attempt, FollowUp, Message
from services.notify.wishes import WAITS, Wish

SHEETS, WORDS = "retention.care_sheets", "retention.messages"
_ENDED_FOLLOW_UPS = select(FollowUp.id).where(FollowUp.state.in_(FOLLOW_UP.terminal))


TERMS = (
    Term(
        "关怀电话记录", SHEETS, CareCall, CareCall.updated_at, CareCall.state.in_(SETTLED),
        {"difficulties": None, "advice": None, "found": None, "birthday": None, "witnesses": []},
        besides=["witnesses"],
    ),
    Term("回访记录", SHEETS, Attempt, Attempt.at, Attempt.follow_up_id.in_(_ENDED_FOLLOW_UPS), {"note": None}),
    Term(
        "回访", CLOSED, FollowUp, FollowUp.updated_at, FollowUp.state.in_(FOLLOW_UP.terminal),
        {"comment": None, "resident_name": GONE},
    ),
    Term(
        "发出的消息", WORDS, Message, Message.updated_at, Message.state.in_({*MESSAGE.terminal, "SENT"}),
        {"title": GONE, "body": GONE, "recipient_name": GONE, "in_person": None},
    ),
    Term(
        "当面送达", WORDS, HandDelivery, HandDelivery.updated_at, HandDelivery.state != "OPEN",
        {"title": GONE, "body": GONE, "masked_name": GONE, "why": None},
    ),
    Term(
        "关怀对象", CLOSED, CareProfile, CareProfile.updated_at, CareProfile.state == CareProfileState.ENDED,
        {
            "masked_name": GONE, "person_key": None, "lunar_birthday": None, "name": GONE, "phone": GONE,
            "born": NO_DAY, "place_text": GONE, "emergency": None, "ended_reason": GONE,
        },
        besides=["name", "phone", "born", "place_text", "ended_reason"],
    ),
    Term(
        "结对帮扶", CLOSED, Pairing, Pairing.updated_at, Pairing.state == PairingState.ENDED,
        {
            "masked_name": GONE, "person_key": None, "phone": None, "name": GONE, "place_text": GONE, "wants": GONE,
            "end_reason": GONE,
        },
        blank_visits, ["name", "place_text", "wants", "end_reason"],
    ),
    Term(
        "呼叫器", CLOSED, Pager, Pager.updated_at, Pager.state == PagerState.RETIRED,
        {
            "masked_name": GONE, "person_key": None, "geo": None, "advice": None, "emergency": None, "found": None,
            "name": GONE, "phone": GONE, "place_text": GONE, "retired_reason": GONE,
        },
        besides=["name", "phone", "place_text", "retired_reason"],
    ),
    Term(
        "呼叫", SHEETS, PagerAlarm, PagerAlarm.updated_at, PagerAlarm.state == PagerAlarmState.RESOLVED,
        {"told": None},
    ),
    Term(
        "微心愿", CLOSED, Wish, Wish.updated_at, Wish.state.not_in(WAITS),
        {
            "poster_name": GONE, "wall_text": GONE, "thanks": GONE, "person_key": None, "refusal": None,
            "content": GONE, "for_whom": GONE, "place_text": GONE, "proof": [],
        },
        besides=["content", "for_whom", "place_text", "proof"],
    ),
    Term(
        "社会救助", DOSSIER, Assistance, Assistance.updated_at, Assistance.state.not_in(ASSISTING),
        {
            "masked_name": GONE, "person_key": None, "survey": None, "opinion": None, "decision": None, "closing": None,
            "granted": None, "name": GONE, "phone": GONE, "place_text": GONE, "circumstances": GONE, "opened": [],
            "filed": [],
        },
        besides=["name", "phone", "place_text", "circumstances", "opened", "filed"],
    ),
)  # fmt: skip
RETENTION = Retention(CountDueInNotify, TERMS)
