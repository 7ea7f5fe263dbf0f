"""One command at a time on the only follow-up, and what was said."""

from __future__ import annotations

from services.notify import follow_ups
from tests.support.events import names_said, said
from tests.unit.notify.facts import (
    HE_JING,
    NOW,
    only_follow_up,
)


def do(store, operation, now=NOW, who=HE_JING, **command):
    """One command on the only follow-up."""
    row = only_follow_up(store)
    with store.transaction() as session:
        return operation(session, who, {"follow_up_id": row.id, "expected_version": None, **command}, now)


def attempt(store, now=NOW, reached=False, method="CALL", **more):
    return do(store, follow_ups.attempt, now, reached=reached, method=method, **more)


def complete(store, solved="YES", satisfied="SATISFIED", **more):
    return do(store, follow_ups.complete, solved=solved, satisfied=satisfied, comment="谢谢社区", **more)


def close(store, reason, now=NOW, **more):
    return do(store, follow_ups.close_invalid, now, reason_code=reason, **more)


def spoken(store, name=None):
    with store.transaction() as session:
        return said(session, name) if name else names_said(session)
