"""The catalogue of policy keys: what a complete pack must hold, and in which form (domain app. A).

`default` holds every key; a locality pack only those it changes. A key outside this list is a typing mistake and is
refused when the pack is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

from kernel.codes import RiskLevel, Urgency, WhistleKind
from kernel.codes.base import Code


@dataclass(frozen=True)
class Shape:
    """What a key must have: a limit, limits by code, a value, or a limit with a value beside it."""

    limit: bool = False
    value: bool = False
    codes: type[Code] | None = None


_LIMIT = Shape(limit=True)
_VALUE = Shape(value=True)
_BOTH = Shape(limit=True, value=True)
_BY_URGENCY = Shape(limit=True, codes=Urgency)
_BY_WHISTLE = Shape(limit=True, codes=WhistleKind)

KEYS: dict[str, Shape] = {
    "telephone.area_code": _VALUE,
    "hours.business": _VALUE,
    "calendar.notice_ahead": _LIMIT,
    "intake.net_accept_within": _LIMIT,
    "intake.danger_words": _VALUE,
    "intake.emergency_hazards": _VALUE,
    "intake.first_contact": _BY_URGENCY,
    "intake.feedback": _BY_URGENCY,
    "intake.consult_answer": _LIMIT,
    "intake.conduct": _VALUE,
    "intake.extension": _VALUE,
    "intake.object_within": _BY_URGENCY,
    "intake.object_decide_within": _LIMIT,
    "intake.reopen_auto_max": _VALUE,
    "intake.reopen_window": _LIMIT,
    "intake.ending_objection": _LIMIT,
    "intake.supervision": _BOTH,
    "intake.on_account": _BOTH,
    "likeness.suggest": _VALUE,
    "booking.slot": _VALUE,
    "booking.ahead": _LIMIT,
    "booking.grace": _LIMIT,
    "errand.promise": _LIMIT,
    "errand.accept": _LIMIT,
    "errand.step": _LIMIT,
    "errand.repeats": _VALUE,
    "person.erase": _LIMIT,
    "person.keep_closed": _LIMIT,
    "person.keep_dossier": _LIMIT,
    "dispatch.sign": _BY_WHISTLE,
    "dispatch.contact": _BY_WHISTLE,
    "dispatch.report": _BY_WHISTLE,
    "dispatch.arrival": _LIMIT,
    "dispatch.finish": _VALUE,
    "dispatch.approval": _VALUE,
    "dispatch.escalation": _VALUE,
    "dispatch.rating": _VALUE,
    "dispatch.rate_within": _BOTH,
    "dispatch.letters_kept": _VALUE,
    "dispatch.task_link": _VALUE,
    "dispatch.appraisal": _VALUE,
    "dispatch.rating_appeal": _LIMIT,
    "duty_request.decide": _LIMIT,
    "duty_request.finish": _LIMIT,
    "mediation.limit": _LIMIT,
    "mediation.extension": _BOTH,
    "mediation.session_notice": _BOTH,
    "mediation.confirm_window": _LIMIT,
    "mediation.perform_reminder": _VALUE,
    "open_day.ahead": _LIMIT,
    "visit.finish": _LIMIT,
    "ledger.settle": Shape(limit=True, codes=RiskLevel),
    "ledger.repeat": _VALUE,
    "ledger.sweep": _LIMIT,
    "ledger.analysis": _LIMIT,
    "legal.answer": _LIMIT,
    "legal.valid": _LIMIT,
    "council.grid_every": _LIMIT,
    "council.notice": _LIMIT,
    "steward.review": _LIMIT,
    "steward.evaluation": _LIMIT,
    "steward.commended": _VALUE,
    "steward.refill": _LIMIT,
    "council.kinds": _VALUE,
    "decision.templates": _VALUE,
    "council.review_share": _VALUE,
    "council.look_back": _LIMIT,
    "election.candidates": _VALUE,
    "project.digest": _LIMIT,
    "site_issue.forward": _LIMIT,
    "site_issue.fix": _LIMIT,
    "site_issue.confirm": _LIMIT,
    "rhythm.templates": _VALUE,
    "wish.review": _LIMIT,
    "wish.open": _LIMIT,
    "wish.promise": _LIMIT,
    "wish.confirm": _LIMIT,
    "wish.cost_limit": _VALUE,
    "shop.front_duties": _VALUE,
    "shop.correct": _LIMIT,
    "visits.campaign": _LIMIT,
    "visits.most_units": _VALUE,
    "analysis.hold": _LIMIT,
    "sweep.propose": _VALUE,
    "sweep.decide": _LIMIT,
    "diary.back": _VALUE,
    "clinic.finish": _LIMIT,
    "rectify.correct": _LIMIT,
    "rectify.longest": _LIMIT,
    "rectify.verify": _LIMIT,
    "rectify.warning": _LIMIT,
    "rectify.hand_over": _LIMIT,
    "rectify.street_orders": _VALUE,
    "enforce.night": _VALUE,
    "patrol.checklists": _VALUE,
    "patrol.from": _VALUE,
    "patrol.late": _LIMIT,
    "patrol.rising": _VALUE,
    "council.publication": _LIMIT,
    "council.objection_answer": _LIMIT,
    "needlist.joint_meeting": _BOTH,
    "follow_up.start": _BOTH,
    "follow_up.attempts": _VALUE,
    "look_back": _VALUE,
    "care.friday_round": _VALUE,
    "care.weekly_visit": _BOTH,
    "care.pairing_visit": _BOTH,
    "care.no_answer": _VALUE,
    "assistance.survey": _LIMIT,
    "assistance.review": _LIMIT,
    "assistance.publication": _LIMIT,
    "assistance.objection": _LIMIT,
    "assistance.decide": _LIMIT,
    "assistance.grant": _LIMIT,
    "pager.answer": _LIMIT,
    "pager.accept": _LIMIT,
    "pager.arrive": _LIMIT,
    "pager.classify": _LIMIT,
    "pager.outcome": _LIMIT,
    "pager.overdue_again": _LIMIT,
    "pager.same_incident": _LIMIT,
    "pager.silent": _LIMIT,
    "message.per_day": _VALUE,
    "quiet_hours": _VALUE,
    "tenure": _VALUE,
    "search.saved": _VALUE,
}
