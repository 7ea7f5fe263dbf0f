"""Tells a story while pytest plays it: each sentence with the world's time, then the facts it caused, as they arrive.

A pytest plugin without pytest's own reporting: `pytest.main([… "-p", "no:terminal"], plugins=[Narrator()])`.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

CLOCK = "%m-%d %H:%M"
MOMENT = re.compile(r"今天是(\d+)年(\d+)月(\d+)日(\d+)点(\d+)分")
SCENARIO = re.compile(r"^ *场景: *(.+)$", re.MULTILINE)


class Narrator:
    """Counts stories told and failed, prints them, and keeps of each its name, its case and who may read that."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.told = 0
        self.failed = 0
        self.cases: list[tuple[str, str, str]] = []
        self._seen: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """By the day each begins on: time goes forward."""
        moments = {item.path.parent: begins(item.path.parent / "features") for item in items}
        items.sort(key=lambda item: moments[item.path.parent].get(_plain(item.name), ()))

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
        story = request.getfixturevalue("story")
        if story.number:
            self.cases.append((feature.name, story.number, story.reader))

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
        answer = story.send(story.reader, "GET", f"/api/cases/{story.number}/timeline", params={"limit": 500})
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


def begins(folder: Path) -> dict[str, tuple[int, ...]]:
    """The moment the features of a folder set first, by the names of their scenarios."""
    found: dict[str, tuple[int, ...]] = {}
    for feature in folder.glob("*.feature"):
        words = feature.read_text("utf8")
        named = MOMENT.search(words)
        moment = tuple(map(int, named.groups())) if named else ()
        found |= {_plain(title): moment for title in SCENARIO.findall(words)}
    return found


def _plain(title: str) -> str:
    """As a test is named after it, whatever signs stood in it."""
    return re.sub(r"[\W_]", "", title.removeprefix("test_"))
