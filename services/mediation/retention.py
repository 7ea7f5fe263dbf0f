"""Terms of keeping 保存期限 of dossiers, walk-in registers and legal questions (domain §4.8)."""

from __future__ import annotations

from sqlalchemy import func, select, true

from capability.terms import CLOSED, DOSSIER, Retention, Term
from chassis.erased import GONE
from contracts.mediation.ledger import EntryState
from contracts.mediation.legal import QuestionState
from contracts.mediation.retention import CountDueInMediation
from contracts.mediation.visits import VisitState
from services.mediation.facts import OVER
from services.mediation.holdings import NOBODY, blank_dossier
from services.mediation.tables import Case, Entry, LegalQuestion, Party, Quick, Visit

_OVER = select(Case.id).where(Case.state.in_(OVER), Case.closed_at.is_not(None))
_CLOSED_AT = select(Case.closed_at).where(Case.id == Party.case_id).scalar_subquery()
WAITING = (QuestionState.ASKED, QuestionState.OVERDUE)

TERMS = (
    Term(
        "调解卷宗", DOSSIER, Party, _CLOSED_AT, Party.case_id.in_(_OVER), NOBODY, blank_dossier,
        [name for name in NOBODY if name != "masked_name"],
    ),
    Term(
        "来访登记", CLOSED, Visit, func.coalesce(Visit.done_at, Visit.updated_at), Visit.state != VisitState.RECEIVED,
        {"name": None, "masked_name": None, "phone": None, "matter": GONE, "result": GONE},
    ),
    Term(
        "矛盾纠纷清单", CLOSED, Entry, func.coalesce(Entry.struck_at, Entry.updated_at),
        Entry.state == EntryState.CLOSED,
        {"matter": None, "measures": None, "result": None, "parties": []},
        besides=["parties"],
    ),
    Term(
        "先行调解", CLOSED, Quick, Quick.updated_at, true(),
        {"sides": {}, "first_masked": GONE, "second_masked": GONE, "matter": GONE},
    ),
    Term(
        "法律咨询", CLOSED, LegalQuestion, LegalQuestion.updated_at, LegalQuestion.state.not_in(WAITING),
        {"question": GONE, "answer": GONE, "asker_name": GONE, "phone": None},
    ),
)  # fmt: skip
RETENTION = Retention(CountDueInMediation, TERMS)
