"""The shortest way to a whistle for the power company, through the portal as in scenario A4."""

from __future__ import annotations

from typing import Any

from tests.stories import people
from tests.stories.steps.hazards import report
from tests.stories.steps.whistles import blow
from tests.stories.talk import Story


def lamp_pole(story: Story, unit: str = "供电公司") -> str:
    """Li Li reports the leaning lamp pole and whistles for a unit; the id of its task."""
    report(story, "李利", "路灯杆倾斜，根部开裂，接线口损坏，下雨有触电危险")
    blow(
        story, "李利", kind="EMERGENCY", reason="灯杆有触电危险",
        asked_action="HANDLE_ON_SITE", asked_action_text="抢修灯杆", asked_place_text="7号楼旁",
        area_path=people.LAMP_AREA, recipients=[{"unit": people.UNITS[unit], "role": "LEAD"}],
    )  # fmt: skip
    return story.tasks[unit]


def task(story: Story, task_id: str) -> dict[str, Any]:
    view: dict[str, Any] = story.ask("李利", f"/api/tasks/{task_id}")
    return view


def reaches(story: Story, task_id: str, state: str) -> dict[str, Any]:
    """The task as soon as it is in this state."""
    return story.soon(f"task {state}", lambda: (seen := task(story, task_id))["state"] == state and seen)  # type: ignore[return-value]
