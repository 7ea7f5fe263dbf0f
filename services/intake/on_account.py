"""On account 挂账 (domain §3.4, §4.6): put off by approval, for a reason the citizen is told, until a date; capped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.intake.on_account import (
    AccountDecision,
    AppealPutOnAccount,
    AppealTakenOffAccount,
    AskOnAccount,
    DecideOnAccount,
    OnAccountAsked,
    OnAccountRefused,
    ResumeFromAccount,
)
from kernel import areas as paths
from kernel.calendar import end_of, local_day
from kernel.codes import AppealState, AreaLevel, Role
from services.intake import areas, clocks, policy
from services.intake.machines import APPEAL
from services.intake.tables import Appeal, OnAccount
from services.intake.tables.appeals import OPEN_PLACE

Command = dict[str, Any]
APPROVERS = (Role.STREET, Role.DISTRICT)
"""From the lowest that policy intake.on_account may name."""


@asked(AskOnAccount)
def ask(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """Errors: as `Life.begin`; Conflict for an emergency, or while one waits; Invalid for a date gone by or too far."""
    appeal, review = APPEAL.begin(session, who, AskOnAccount, command), command["review_on"]
    latest = local_day(now) + timedelta(days=policy.rules(now).limit("intake.on_account").amount)
    Invalid.where(review_on=not local_day(now) < review <= latest and f"要在今天以后，最晚{latest:%Y-%m-%d}")
    appeal.account_asked_at = now
    asker = {"asked_by_id": who.id, "asked_by_name": who.name, "decider": _above(who, appeal, now)}
    appeal.accounts.append(OnAccount(asked_at=now, reason=command["reason"], review_at=end_of(review), **asker))
    told = {"review_at": end_of(review), "level": asker["decider"]}
    return APPEAL.done(session, who, appeal, now, OnAccountAsked, **told)


@asked(DecideOnAccount)
def decide(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """Errors: as `Life.begin`, Forbidden below the level above who asked; Conflict where nothing waits, or above the
    share of open cases of policy intake.on_account."""
    appeal = APPEAL.begin(session, who, DecideOnAccount, command)
    rule, item = policy.rules(now).value("intake.on_account"), appeal.accounts[-1]
    approved = command["decision"] == AccountDecision.APPROVE
    if approved:
        require_room(session, appeal, rule, now)
    item.decision, item.words, item.decided_at = str(command["decision"]), command["words"], now
    item.decided_by_id, item.decided_by_name = who.id, who.name
    appeal.account_asked_at, told = None, {"decided_by": item.decided_by}
    if not approved:
        return APPEAL.done(session, who, appeal, now, OnAccountRefused, **told)
    clocks.put_on_account(session, appeal, item.review_at, now)
    APPEAL.move(appeal, "put_on_account")
    return APPEAL.done(session, who, appeal, now, AppealPutOnAccount, review_at=item.review_at, **told)


@asked(ResumeFromAccount)
def resume(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """The feedback clock begins anew. Errors: as `Life.begin`."""
    appeal = APPEAL.begin(session, who, ResumeFromAccount, command)
    due = clocks.taken_off_account(session, appeal, now)
    appeal.account_asked_at, appeal.accounts[-1].over_at = None, now
    return APPEAL.done(session, who, appeal, now, AppealTakenOffAccount, due_at=due)


def _above(who: Principal, appeal: Appeal, now: datetime) -> Role:
    """Who decides: the level that policy intake.on_account names, and above who asks."""
    own = any(who.holds(role, at=appeal.area_path) for role in APPROVERS)
    return APPROVERS[-1] if own else Role(policy.rules(now).value("intake.on_account")["approver"])


def require_room(session: Session, appeal: Appeal, rule: dict[str, Any], now: datetime) -> None:
    """One after the other, so that two at once do not pass the cap together. Errors: Conflict, with the figures."""
    if appeal.state == AppealState.ON_ACCOUNT:
        return
    above = [*paths.ancestors(appeal.area_path), appeal.area_path]
    street = next((each for each in above if areas.level(session, each, now) == AreaLevel.STREET), above[0])
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"on account {street}"))))
    count = select(func.count()).where(Appeal.area_path.within(street))
    there = session.scalar(count.where(Appeal.state == AppealState.ON_ACCOUNT.value)) or 0
    open_now = session.scalar(count.where(OPEN_PLACE)) or 0
    most = max(rule["least"], open_now * rule["share_percent"] // 100)
    if there >= most:
        raise Conflict(
            f"挂账不得超过未办结件的{rule['share_percent']}%：未办结{open_now}件，最多{most}件，已挂账{there}件",
            on_account=there, open=open_now, most=most,
        )  # fmt: skip
