"""What intake answers about an appeal: for staff of the place, in rows of a list, and in plain words for residents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chassis.identity import Principal
from kernel.rights import is_resident
from services.intake import access, clocks, facts, residents
from services.intake.machines import APPEAL
from services.intake.tables import Appeal, Dispute, Handling

View = dict[str, Any]

MOST_MERGED = 200
"""Of an incident thousands may follow."""

WITHHELD = "（内容仅限办理人员查看）"
"""Stands where the asker may know that there are words, but not read them."""

_HEAD = [
    "id",
    "case_number",
    "version",
    "area_path",
    "created_at",
    "updated_at",
    "state",
    "nature",
    "category",
    "urgency",
]
_PLAIN = [
    "channel",
    "source",
    "outside_number",
    "urgency_reasons",
    "damage_ongoing",
    "danger_flags",
    "secret",
    "against",
    "first_contact_due",
    "first_contacted_at",
    "result_kind",
    "legal_basis",
    "reopen_count",
    "solved",
    "satisfied",
    "closed_at",
]


def summary(appeal: Appeal, who: Principal, now: datetime) -> View:
    """A row of a list."""
    return {
        **{name: getattr(appeal, name) for name in _HEAD},
        "number": appeal.case_number,
        "allowed_commands": APPEAL.allowed_commands(who, appeal),
        "title": _asked_about(appeal.title, who, appeal),
        "lead_unit": appeal.lead_unit,
        "handler": facts.handler(appeal),
        "first_responder": facts.first_responder(appeal),
        "offered_to": appeal.offered_to,
        "promise_at": appeal.promise_at,
        "due_at": appeal.due_at,
        "overdue": clocks.overdue_stages(appeal, now),
    }


def full(appeal: Appeal, who: Principal, now: datetime) -> View:
    """The whole work order. Of a secret reporter nothing is said, nor of those who speak for one."""
    known = access.sees_reporter(who, appeal)
    return {
        **summary(appeal, who, now),
        **{name: getattr(appeal, name) for name in _PLAIN},
        **_files(appeal, who),
        "content": _asked_about(appeal.content, who, appeal),
        "place_text": _words(appeal.place_text, who, appeal),
        "anonymous": appeal.reporter_id is None,
        "reporter": _reporter(appeal) if known else None,
        "contact_person": _contact_person(appeal) if known else None,
        "handling": [_handling(row, who, appeal) for row in appeal.handlings],
        "extensions": [_extension(row) for row in appeal.extensions],
        "dispute": _dispute(appeal.dispute) if appeal.dispute and access.reads_words(who, appeal) else None,
        "need": _need(appeal, who) if appeal.needs else None,
        "result_text": _asked_about(appeal.result_text, who, appeal),
        "merged_into": appeal.merged_into_number,
        "merged": [] if is_resident(who) else [_merged(row, who) for row in appeal.merged[:MOST_MERGED]],
        "supervision_due": appeal.supervision_due,
        "supervision_words": _words(appeal.supervision_words, who, appeal),
        "object_until": appeal.object_until,
        **_ending(appeal, who),
    }


def _merged(row: Appeal, who: Principal) -> View:
    """What came with a case that follows this one. A secret one is a number only, but for those who know of it."""
    plain = {"number": row.case_number, **{name: getattr(row, name) for name in ("created_at", "channel", "urgency")}}
    if not access.sees_reporter(who, row):
        return plain
    return {
        **plain,
        **{name: _words(getattr(row, name), who, row) for name in ("title", "content", "place_text")},
        "attachments": row.attachments,
        "handling": [_handling(each, who, row) for each in row.handlings],
    }


def _files(appeal: Appeal, who: Principal) -> View:
    """Fingerprints are shown to who reads the words: whom a file is shown here may open it."""
    ending = appeal.ending.evidence if appeal.ending else []
    shown = {
        "attachments": appeal.attachments, "result_attachments": appeal.result_attachments, "ending_evidence": ending,
    }  # fmt: skip
    known = access.reads_words(who, appeal)
    return {name: found or [] if known else [] for name, found in shown.items()}


def _words(words: str | None, who: Principal, appeal: Appeal) -> str | None:
    return words if words is None or access.reads_words(who, appeal) else WITHHELD


def _asked_about(words: str | None, who: Principal, appeal: Appeal) -> str | None:
    return words if access.asks_about(who, appeal) else _words(words, who, appeal)


def _reporter(appeal: Appeal) -> View | None:
    person = residents.person_view(appeal.reporter)
    return person and {**person, "contact_preference": appeal.contact_preference}


def _contact_person(appeal: Appeal) -> View | None:
    person = residents.person_view(appeal.contact_person)
    return person and {**person, "relation": appeal.contact_relation, "authorised": appeal.contact_authorised}


def _handling(row: Handling, who: Principal, appeal: Appeal) -> View:
    return {
        "at": row.at,
        "by": facts.person(row.by_id, row.by_name),
        "how": row.how,
        "stage": row.stage,
        "content": _words(row.content, who, appeal),
        "interim_measure": _words(row.interim_measure, who, appeal),
        "told_citizen": row.told_citizen,
        "attachments": row.attachments if access.reads_words(who, appeal) else [],
    }


def _need(appeal: Appeal, who: Principal) -> View:
    item = appeal.needs[-1]
    names = ("listed_at", "meeting_by", "decision", "until", "decided_by", "met_at")
    plain = {name: getattr(item, name) for name in names}
    return {**plain, **{name: _words(getattr(item, name), who, appeal) for name in ("need", "reason")}}


def _extension(row: Any) -> View:
    return {name: getattr(row, name) for name in ("old_due_at", "new_due_at", "reason_code", "reason", "at")}


def _dispute(row: Dispute) -> View:
    names = ("dispute_type", "cause", "cause_text", "losses", "claimed_amount", "risk_level")
    return {name: getattr(row, name) for name in names}


def _ending(appeal: Appeal, who: Principal) -> View:
    """Why it ended; the words of an answer are its result."""
    ending = appeal.ending
    if ending is None:
        return {"reason_code": None, "where_to_go": None}
    said = {"reason_code": ending.reason_code, "where_to_go": ending.where_to_go}
    if ending.kind in ("ANSWERED", "DECLINED"):
        said["result_text"] = _words(ending.words, who, appeal)
    return said
