"""An errand as the window takes it (A7), and one command at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis.identity import Principal
from contracts import registry, samples
from services.intake.service import IntakeService
from services.intake.tables import Errand
from tests.unit.intake.world import LISHAN, NOW, STAIRWELL, WANG

DESK = WANG
HELPER = LISHAN
PHONE, NAME = "13900000701", "李建国"
OUTSIDE = "新疆社会保险中心"
CARD = {
    "matter": "SOCIAL_CARD",
    "details": "在新疆退休，卡丢了，原卡后四位 4321",
    "area_path": STAIRWELL,
    "applicant": {"name": NAME, "phone": PHONE, "contact_preference": "SMS"},
    "authority": "OUTSIDE",
    "authority_name": OUTSIDE,
}
PAPERS = [{"kind": "ID_CARD", "form": "ORIGINAL"}, {"kind": "PHOTO", "form": "COPY"}]
GIVEN: dict[str, dict[str, Any]] = {
    "register_errand": CARD,
    "accept_errand": {"materials": PAPERS},
    "ask_supplement": {"materials": [*PAPERS, {"kind": "FORM", "form": "COPY"}]},
    "receive_materials": {"received": ["ID_CARD", "PHOTO"]},
    "return_originals": {"returned": ["ID_CARD"]},
    "submit_errand": {"submit_way": "WITH_CITIZEN"},
    "record_authority_contact": {"body": OUTSIDE, "person_named": "古丽", "outcome": "同意邮寄到家"},
    "record_home_visit": {"result": "CERTIFIED", "photos": [samples.PHOTO]},
    "record_decision": {"decision": "同意补卡"},
    "arrange_delivery": {"delivery_way": "MAIL", "carrier": "邮政", "tracking": "EA123456789CN"},
    "fail_errand": {"failure": "REFUSED", "next_way": "带身份证到市民大厅三楼"},
    "escalate_errand": {"superior": "自治区社保局"},
    "book_hall": {"hall_at": (NOW + timedelta(days=3)).isoformat()},
}
SUBMITTED = ("accept_errand", "receive_materials", "submit_errand")
DECIDED = (*SUBMITTED, "record_decision")
DELIVERED = (*DECIDED, "arrange_delivery", "confirm_delivery")
PATHS = {
    "REQUESTED": (),
    "ACCEPTED": SUBMITTED[:1],
    "SUPPLEMENT_ASKED": ("accept_errand", "ask_supplement"),
    "MATERIALS_COMPLETE": SUBMITTED[:2],
    "SUBMITTED": SUBMITTED,
    "DECIDED": DECIDED,
    "DELIVERED": DELIVERED,
    "CLOSED": (*DELIVERED, "return_originals", "close_errand"),
    "FAILED": ("fail_errand",),
}
"""How an errand comes into a state."""


def do(store: Any, method: str, who: Principal = DESK, now: Any = NOW, **asked: Any) -> Any:
    """One command or question as the bus gives it; the answer as it is shown."""
    command = registry.command("intake", method)
    loaded = command().load({**GIVEN.get(method, {}), **asked})
    with store.transaction() as session:
        answer = IntakeService.entrypoints[method].operation(session, who, loaded, now)
        view = IntakeService.shows.get(type(answer))
        return command.answer().dump(view(session, who, answer) if view else answer)


def errand(store: Any, state: str = "REQUESTED", now: Any = NOW, **asked: Any) -> str:
    """The number of an errand in a state; the grid worker registers, the desk does the rest."""
    number = do(store, "register_errand", HELPER, now, **asked)["number"]
    for method in PATHS[state]:
        do(store, method, now=now, number=number)
    return str(number)


def state_of(store: Any, number: str) -> str:
    with store.transaction() as session:
        return str(session.query(Errand).filter_by(case_number=number).one().state)
