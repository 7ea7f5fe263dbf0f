"""The ledger of a community: who keeps it, and a dispute in any state."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.mediation import reference, sweeps
from services.mediation.tables import Analysis
from tests.unit.mediation.people import COMMUNITY, DISTRICT, LISHAN, SHI, STAIRWELL, WANG, staff
from tests.unit.mediation.receiving import SERVICE, WEDNESDAY, do

GAO = staff("u-gaoyuan", "高远", "LAWYER", COMMUNITY)
FOUND = {
    "dispute_type": "NEIGHBOUR", "area_path": STAIRWELL, "matter": "为楼道堆物争吵", "persons": 2, "party": "何大勇",
    "risk_level": "YELLOW",
}  # fmt: skip
QUICK = {
    "dispute_type": "NEIGHBOUR", "area_path": STAIRWELL, "claimant": {"name": "何大勇"},
    "respondent": {"name": "田二喜"}, "matter": "为停车位吵，各让半米", "settled": True,
}  # fmt: skip
GIVEN_KNOWLEDGE = {
    "topic": "HOUSING", "area_path": COMMUNITY, "question": "楼上装修损坏天花板，怎么维权",
    "answer_text": "先固定证据，可申请调解，也可以起诉", "legal_basis": "民法典第288条、第1165条",
    "keywords": ["装修", "房顶", "天花板"],
}  # fmt: skip
GIVEN: dict[str, dict[str, Any]] = {
    "assign_owner": {"measures": "上门分头劝"},
    "report_settled": {"result": "双方握手言和"},
    "keep_on_ledger": {"measures": "再谈一次"},
}
WHO = {"assign_owner": SHI, "report_settled": SHI, "strike_off": WANG, "keep_on_ledger": WANG}
PATHS = {"OPEN": ("assign_owner",), "CHECKING": ("assign_owner", "report_settled")}


def furnish(store: Any) -> None:
    with store.transaction() as session:
        reference.load(session, DISTRICT, WEDNESDAY)


def step(store: Any, method: str, number: str, **asked: Any) -> Any:
    return do(store, method, WHO[method], number=number, **{**GIVEN.get(method, {}), **asked})


def listed(store: Any, state: str = "OPEN", **asked: Any) -> str:
    """The number of a dispute in a state, with 石秀英 as its owner."""
    furnish(store)
    number = str(do(store, "enter_dispute", LISHAN, **{**FOUND, **asked})["number"])
    for method in PATHS[state]:
        step(store, method, number)
    return number


def swept(store: Any) -> str:
    furnish(store)
    asked = {"kind": "FOCUSED", "area_path": COMMUNITY, "scope": "装修期住户"}
    return str(do(store, "open_sweep", WANG, **asked)["number"])


def quick(store: Any, **asked: Any) -> str:
    furnish(store)
    return str(do(store, "record_quick_mediation", LISHAN, **{**QUICK, **asked})["number"])


def analysed(store: Any) -> str:
    """The number of the community's analysis of June."""
    furnish(store)
    with store.transaction() as session:
        sweeps.each_month(session, SERVICE, WEDNESDAY)
        return str(session.scalars(select(Analysis.case_number).where(Analysis.area_path == COMMUNITY)).one())


def questioned(store: Any) -> str:
    """The number of a legal question a grid worker took down."""
    furnish(store)
    asked = {"topic": "HOUSING", "question": "楼上装修破坏了房顶，怎么维权？", "area_path": STAIRWELL}
    return str(do(store, "ask_legal_question", LISHAN, **asked)["number"])


def known(store: Any, **asked: Any) -> str:
    """The number of an entry of the knowledge base that 高远 wrote and answers for."""
    furnish(store)
    return str(do(store, "write_knowledge", GAO, **{**GIVEN_KNOWLEDGE, **asked})["number"])
