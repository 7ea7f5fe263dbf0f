"""Every process of the world is killed once in the middle of a story; it ends well, and no step happens twice."""

from __future__ import annotations

import os
import signal

import pytest

from ops import programs, readiness
from ops.waiting import wait_until
from tests.stories.sql import FACTS, rows
from tests.stories.steps import hazards, time_and_proof, whistles
from tests.stories.talk import Story

pytestmark = pytest.mark.integration
SENTENCES = [
    lambda story: hazards.lili_reports(story, "路灯杆倾斜，根部开裂，下雨有触电危险"),
    hazards.secured,
    whistles.lili_whistles,
    whistles.power_signs,
    whistles.power_arrives,
    whistles.power_repairs,
    hazards.verified,
    hazards.notice,
    whistles.lili_rates,
    whistles.closed,
]


def kill(story: Story, name: str) -> None:
    before = readiness.pid_of(story.world, name)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: readiness.pid_of(story.world, name) not in (None, before), seconds=60, what=f"{name} again")


def mortal(story: Story) -> list[str]:
    return [program.name for program in programs.programs_of(story.world) if program.name != programs.MAILBOX]


def test_given_each_process_killed_once_when_the_story_is_told_then_it_ends_well_and_nothing_is_doubled(story):
    time_and_proof.today_is(story, 2024, 7, 3, 18, 20)
    victims = mortal(story)
    for turn, sentence in enumerate(SENTENCES):
        sentence(story)
        for name in victims[turn :: len(SENTENCES)]:
            kill(story, name)
    expected = [
        "hazard_reported", "hazard_secured", "whistle_blown", "whistle_task_assigned", "whistle_task_signed",
        "whistle_task_reported_in", "whistle_task_completed", "hazard_removed", "whistle_task_confirmed",
        "whistle_task_rated", "whistle_closed", "public_notice_published",
    ]  # fmt: skip
    story.soon("the whole timeline", lambda: set(expected) <= set(story.events("李利")))
    assert dict.fromkeys(expected, 1) == {name: story.events("李利").count(name) for name in expected}


def test_given_all_that_happened_then_no_fact_of_an_aggregate_was_told_twice(told_in):
    for service in ("intake", "dispatch", "mediation", "notify"):
        doubled = f"select subject, version from {FACTS} group by 1, 2 having count(*) > 1"
        assert [] == rows(told_in, service, doubled)
