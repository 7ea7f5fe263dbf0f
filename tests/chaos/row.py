"""One row of the table: load while a fault happens, then the five invariants."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ops.problems import Problem
from ops.waiting import wait_until
from tests.chaos.invariants import Expected, Findings, Mark, judge
from tests.chaos.load import BEYOND_PACE, Load
from tests.chaos.report import Line
from tests.chaos.stage import Stage
from tests.stories.sql import one, rows

SETTLE_SECONDS, POST_SECONDS, AT_MOST_SECONDS = 60.0, 120.0, 600.0


@dataclass
class Play:
    """What a fault works with: the stage, the load at work, what it breaks on purpose, when it was over."""

    stage: Stage
    load: Load
    mark: Mark
    expected: Expected = field(default_factory=Expected)
    over: float = 0.0
    note: str = ""
    failed: list[str] = field(default_factory=list)

    def is_over(self) -> None:
        """The fault ends now: what was cut is whole again, what was killed has just died."""
        self.over = time.monotonic()


Fault = Callable[[Play], None]


@dataclass(frozen=True)
class Row:
    """`skip` tells why this machine cannot play it, or None. `breaks`: what a broken build must be seen to break.

    `beyond`: a broken cluster breaks these at least; how much else is lost with them nobody can say.
    `after` puts right what had to stay wrong until it was judged.
    """

    name: str
    fault: Fault
    cases: int = 300
    clients: int = 8
    pace: float = 20.0
    later: float = BEYOND_PACE
    settle: float = SETTLE_SECONDS
    skip: Callable[[], str | None] = lambda: None
    breaks: frozenset[str] = frozenset()
    beyond: bool = False
    after: Callable[[Stage], None] = lambda _: None


def play(stage: Stage, row: Row, cases: int | None = None) -> Line:
    """Plays one row; never raises for what the fault did, only says it in the line."""
    if why := row.skip():
        return Line(row.name, note=why, skipped=True)
    load = Load(stage.world.port("portal"), stage.token, cases or row.cases, row.clients, row.pace, row.later)
    acted = Play(stage, load, Mark.of(stage))
    load.start()
    for act in (lambda: row.fault(acted), load.finish):
        try:
            act()
        except (TimeoutError, Problem, OSError) as error:
            acted.failed.append(f"{type(error).__name__}: {error}")
            acted.is_over()
    began = time.monotonic()
    findings = ruined(acted, row.settle) if row.beyond else settled(acted, row.settle, row.breaks)
    line = line_of(row, acted, findings, time.monotonic() - began)
    row.after(stage)
    stop_clocks(stage)
    return line


CLOCKS = {"intake": "deadline", "dispatch": "clock"}


def stop_clocks(stage: Stage) -> None:
    """Of cases that are judged: they would run out a quarter of an hour later, in the midst of another row."""
    for service, table in CLOCKS.items():
        stopped = f"update {table} set cancelled_at = due_at where met_at is null and cancelled_at is null returning id"
        rows(stage.world, service, stopped)


def settled(acted: Play, seconds: float, breaks: frozenset[str]) -> Findings:
    """The findings when nothing (or what a broken build breaks) is wrong, or what is wrong after so many seconds."""
    last: list[Findings] = []

    def as_it_should() -> bool:
        last.append(judge(acted.stage, acted.mark, acted.load.told, acted.expected))
        steady = not breaks or [look.sentences() for look in last[-3:]] == [last[-1].sentences()] * 3
        return last[-1].failed() == breaks and steady  # what is only under way would look lost for a moment

    with suppress(TimeoutError):
        left = lambda: posting(acted.stage)  # noqa: E731
        wait_until(lambda: not left(), seconds=POST_SECONDS, every=0.5, progress=left)
    with suppress(TimeoutError):
        wait_until(as_it_should, seconds=seconds, every=0.5, progress=acted.stage.work_done)
    return last[-1]


def ruined(acted: Play, seconds: float) -> Findings:
    """The findings after so many seconds: what was lost for good is asked for again and again, and never settles."""
    until = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() >= until, seconds=AT_MOST_SECONDS, every=0.5)
    return judge(acted.stage, acted.mark, acted.load.told, acted.expected)


def posting(stage: Stage) -> int:
    """Messages notify has to deliver now: each will be one more event. A claim of a dead process lasts two minutes."""
    now = stage.world.now().isoformat()
    due = f"state = 'QUEUED' and send_after <= '{now}' and (claimed_until is null or claimed_until <= '{now}')"
    return int(one(stage.world, "notify", f"select count(*) from message where {due}"))


def line_of(row: Row, acted: Play, findings: Findings, seconds: float) -> Line:
    lost, doubled = findings.count()
    answers = acted.load.answers
    caught = row.breaks <= findings.failed() if row.beyond else row.breaks == findings.failed()
    if row.breaks and not caught:
        acted.failed.append(f"not caught: {sorted(row.breaks)} should fail, {sorted(findings.failed())} did")
    return Line(
        row.name,
        cases=len(acted.load.told),
        lost=lost,
        doubled=doubled,
        answers=dict(answers.kinds),
        silence=answers.silence(),
        answered=answers.first_after(acted.over),
        settled=seconds,
        note=acted.note,
        breaks=sorted(row.breaks),
        failed=acted.failed,
        findings=findings.sentences(most=20),
    )
