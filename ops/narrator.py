"""Tells a story while pytest plays it: each sentence with the world's time, then the facts it caused, as they arrive.

A pytest plugin without pytest's own reporting: `pytest.main([… "-p", "no:terminal"], plugins=[Narrator()])`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest
from rich.console import Console

CLOCK = "%m-%d %H:%M"


class Narrator:
    """Counts stories told and failed, prints them, and keeps the numbers of their cases."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.told = 0
        self.failed = 0
        self.cases: list[str] = []
        self._seen: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """The lamp pole (3 July) before the sewage (5 to 10 July): time goes forward."""
        items.reverse()

    def pytest_bdd_before_scenario(self, request: Any, feature: Any, scenario: Any) -> None:
        self._seen.clear()
        self.console.print(f"\n[bold]{feature.name} — {scenario.name}[/bold]")

    def pytest_bdd_after_step(
        self, request: Any, feature: Any, scenario: Any, step: Any, step_func: Any, step_func_args: Any
    ) -> None:
        story = request.getfixturevalue("story")
        self.console.print(f"[cyan]{story.now().strftime(CLOCK)}[/cyan]  {step.keyword} {step.name}", soft_wrap=True)
        self._facts(story)

    def pytest_bdd_after_scenario(self, request: Any, feature: Any, scenario: Any) -> None:
        if number := request.getfixturevalue("story").number:
            self.cases.append(number)

    def pytest_bdd_step_error(
        self, request: Any, feature: Any, scenario: Any, step: Any, step_func: Any, step_func_args: Any, exception: Any
    ) -> None:
        self.console.print(f"[red]✗ {step.keyword} {step.name}[/red]\n  {type(exception).__name__}: {exception}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed += 1
            if report.when != "call":
                self.console.print(report.longreprtext)
        elif report.when == "call":
            self.told += 1

    def _facts(self, story: Any) -> None:
        """Facts of the case that arrived since the last sentence."""
        if not story.number:
            return
        who = "李利" if story.number.startswith("Y") else "社区"
        answer = story.send(who, "GET", f"/api/cases/{story.number}/timeline", params={"limit": 500})
        for entry in answer.json().get("items", []) if answer.status_code == httpx.codes.OK else []:
            key = f"{entry['seq']}"
            if key not in self._seen:
                self._seen.add(key)
                self._print(story, entry)

    def _print(self, story: Any, entry: dict[str, Any]) -> None:
        time = datetime.fromisoformat(entry["time"]).astimezone(story.now().tzinfo).strftime(CLOCK)
        actor = (entry.get("actor") or {}).get("name") or ""
        fact = f"[green]{entry['name']:<38}[/green] {entry['source']:<10} {actor}"
        self.console.print(f"    [dim]{time}[/dim]  {fact}", soft_wrap=True)
