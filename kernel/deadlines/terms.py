"""The life of one deadline as pure data: pause, resume, extend, recompute, each leaving a line of history.

Every step works on the date people were last told, so each can be explained by itself. `recompute` goes over all
steps again under another calendar, e.g. when the table of a new year was loaded. A date already told to a citizen
(`told=True`) is never moved later by it: the earlier date is kept and the history says what the calendar would give.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from kernel.calendar import WorkCalendar
from kernel.deadlines.count import due_at, extended, resumed
from kernel.deadlines.limits import BusinessHours, Limit

Line = dict[str, Any]
"""One line of history as JSON: `act`, `at`, and what the act needs; instants are ISO 8601 UTC."""


class DeadlineClosed(ValueError):
    """The step is not possible: the deadline has passed, is paused, or is not paused."""


class ExtensionRefused(ValueError):
    """More extensions, or a longer one, than policy key intake.extension allows."""


@dataclass(frozen=True)
class Term:
    """One running deadline. `due_at` is the date that counts now; while `paused_at` is set it stands still."""

    started_at: datetime
    limit: Limit
    due_at: datetime
    paused_at: datetime | None = None
    history: tuple[Line, ...] = ()

    @property
    def extensions(self) -> int:
        """How often it was extended."""
        return sum(line["act"] == "extended" for line in self.history)


def started(
    start: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    hours: BusinessHours | None = None,
    *,
    not_after: datetime | None = None,
) -> Term:
    """A new deadline; its first line tells the first due date.

    `not_after` caps the date (policy key dispatch.finish: not beyond the source appeal's). A cap that has passed at
    `start` is no cap, since a deadline before its own start would help nobody.
    """
    cap = not_after if not_after is not None and not_after > start else None
    due = _capped(due_at(start, limit, calendar, hours), cap)
    opened = _line("opened", start, limit=str(limit), due_at=_iso(due), not_after=cap and _iso(cap))
    return Term(start.astimezone(UTC), limit, due, history=(opened,))


def pause(term: Term, now: datetime, reason: str) -> Term:
    """Stop the clock. Raises DeadlineClosed when it is already stopped or the date has passed."""
    _require(term.paused_at is None, "期限已暂停")
    _require(now <= term.due_at, "期限已过，不能暂停")
    return replace(term, paused_at=now.astimezone(UTC), history=(*term.history, _line("paused", now, reason=reason)))


def resume(term: Term, now: datetime, calendar: WorkCalendar, hours: BusinessHours | None = None) -> Term:
    """Let the clock run again; the due date moves on by the time it stood. Raises DeadlineClosed."""
    if term.paused_at is None or now < term.paused_at:
        raise DeadlineClosed("期限未暂停")
    due = resumed(term.due_at, term.limit.unit, (term.paused_at, now), calendar, hours)
    line = _line("resumed", now, paused_at=_iso(term.paused_at), was=_iso(term.due_at), due_at=_iso(due))
    return replace(term, due_at=due, paused_at=None, history=(*term.history, line))


def extend(
    term: Term, by: Limit, now: datetime, reason: str, calendar: WorkCalendar, hours: BusinessHours | None = None
) -> Term:
    """Move the date on by a further limit. Only before it ends, because the citizen is told the reason before
    (北京市接诉即办工作条例 art. 15). Raises DeadlineClosed. How often and how long: `check_extension`."""
    _require(term.paused_at is None, "期限暂停中，不能延长")
    _require(now <= term.due_at, "期限已过，不能延长")
    due = extended(term.due_at, by, calendar, hours)
    line = _line("extended", now, by=str(by), reason=reason, was=_iso(term.due_at), due_at=_iso(due))
    return replace(term, due_at=due, history=(*term.history, line))


def check_extension(
    term: Term,
    by: Limit,
    calendar: WorkCalendar,
    hours: BusinessHours | None = None,
    *,
    times: int = 1,
    at_most_original: bool = True,
) -> None:
    """Raise ExtensionRefused when `by` is one extension too many or longer than the original limit.

    In the original's unit the amounts are compared, otherwise the time each would give from the same start.
    """
    if term.extensions >= times:
        raise ExtensionRefused(f"最多延长{times}次")
    if not at_most_original:
        return
    same = by.unit is term.limit.unit
    longest = due_at(term.started_at, term.limit, calendar, hours)
    longer = by.amount > term.limit.amount if same else due_at(term.started_at, by, calendar, hours) > longest
    if longer:
        raise ExtensionRefused(f"延长不得超过原时限{term.limit.label}")


def recompute(
    term: Term, now: datetime, calendar: WorkCalendar, hours: BusinessHours | None = None, *, told: bool = True
) -> Term:
    """The deadline under another calendar. Unchanged dates leave no line; one that was told is never moved later."""
    fresh = _again(term, calendar, hours)
    if fresh == term.due_at:
        return term
    kept = told and fresh > term.due_at
    line = _line("recomputed", now, was=_iso(term.due_at), calendar_gives=_iso(fresh), kept=kept)
    if kept and _already_kept(term, line):
        return term
    return replace(term, due_at=term.due_at if kept else fresh, history=(*term.history, line))


def _again(term: Term, calendar: WorkCalendar, hours: BusinessHours | None) -> datetime:
    due = due_at(term.started_at, term.limit, calendar, hours)
    for line in term.history:
        if line["act"] == "opened" and line["not_after"]:
            due = _capped(due, datetime.fromisoformat(line["not_after"]))
        elif line["act"] == "asked_time":
            due = max(due, datetime.fromisoformat(line["due_at"]))
        elif line["act"] == "extended":
            due = extended(due, Limit.parse(line["by"]), calendar, hours)
        elif line["act"] == "resumed":
            stopped = (datetime.fromisoformat(line["paused_at"]), datetime.fromisoformat(line["at"]))
            due = resumed(due, term.limit.unit, stopped, calendar, hours)
    return due


def _capped(due: datetime, cap: datetime | None) -> datetime:
    return due if cap is None else min(due, cap.astimezone(UTC))


def _already_kept(term: Term, line: Line) -> bool:
    """Whether the last line says the same, so that loading a table twice does not fill the history."""
    last = term.history[-1] if term.history else {}
    return {**last, "at": ""} == {**line, "at": ""}


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DeadlineClosed(otherwise)


def _line(act: str, moment: datetime, **what: Any) -> Line:
    return {"act": act, "at": _iso(moment), **what}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
