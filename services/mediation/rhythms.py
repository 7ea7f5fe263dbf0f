"""Work rhythms 工作法 (domain app. F 1): named and nowhere defined, hence templates of the policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.mediation.rhythms import ListRhythms
from kernel.calendar import local_day
from services.mediation.open_days import held
from services.mediation.rules import Rules, rules

TEMPLATES = "rhythm.templates"
SPAN, FARTHEST = timedelta(days=30), timedelta(days=92)


@asked(ListRhythms)
def list_rhythms(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Invalid for days the wrong way round, or too far apart."""
    first = command["from_day"] or local_day(now)
    last = command["to_day"] or first + SPAN
    Invalid.where(to_day=not first <= last <= first + FARTHEST and f"要在开始以后{FARTHEST.days}天以内")
    return {"items": list(_listed(rules(now), first, last)), "next_cursor": None}


def _listed(rules: Rules, first: date, last: date) -> Iterator[dict[str, Any]]:
    for code, template in rules.pack.value(TEMPLATES).items():
        for each in template["occasions"]:
            recurrence = {"on_day_off": template["on_day_off"], **each}
            days = sorted(held(recurrence, first, last, rules.calendar))
            yield {
                "code": code, "state": recurrence["on_day_off"], "title": template["title"], "occasion": each["name"],
                "days": days, "tasks": each.get("tasks", []), "note": template.get("note"),
            }  # fmt: skip
