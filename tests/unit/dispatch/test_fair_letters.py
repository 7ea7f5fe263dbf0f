"""Letters of many departments: what can only be refused is known at once, told within a quota, and seen; clocks stop
at arrival."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml

from chassis.identity import Principal
from kernel.codes import OverdueStage
from ops.world import REPOSITORY
from services.dispatch import escalation, letters, metrics, replies
from services.dispatch.departments import connect
from services.dispatch.tables import Clock, Task
from tests.unit.dispatch import world
from tests.unit.dispatch.department import envelope, kept, letter, take, told
from tests.unit.dispatch.world import NOW, PHOTO, later

pytestmark = pytest.mark.rule("41")
SENDER = "department.sifasuo"


@pytest.fixture
def task(session):
    connect(session, Principal.service("dispatch"), "sifasuo", True, NOW)
    return world.task_of(world.blown(session))


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (b"\xff", True),
        ({"type": "cn.shaodao.department.fly.v1"}, True),
        ({"data": {}}, True),
        ({"id": "x"}, True),
        ({}, False),
    ],
)
def test_given_a_letter_when_judged_without_the_store_then_what_can_only_be_refused_is_known(change, verdict):
    content = (
        change if isinstance(change, bytes) else {**envelope({"id": "01909000-0000-7000-8000-000000000001"}), **change}
    )
    assert verdict is letters.hopeless(letter(content))


def test_given_a_letter_without_sender_or_under_another_s_key_when_judged_then_it_can_only_be_refused():
    content = envelope({"id": "01909000-0000-7000-8000-000000000001"})
    assert [True, True] == [letters.hopeless(letter(content, sender=sender)) for sender in ("", "department.paichusuo")]


def test_given_a_reply_that_waited_when_handled_after_the_deadline_then_the_clock_stopped_at_its_arrival(session, task):
    due = session.get(Task, task["id"]).sign_due
    arrived, handled = due - timedelta(seconds=1), due + timedelta(minutes=9)
    escalation.raise_due(session, Principal.service("dispatch"), handled)
    assert "DONE" == take(session, letter(envelope(task), arrived_at=arrived), handled)
    (clock,) = session.query(Clock).filter_by(subject_id=task["id"], stage=OverdueStage.SIGN)
    assert (arrived, arrived, True) == (session.get(Task, task["id"]).signed_at, clock.met_at, clock.in_time)


def test_given_all_steps_that_waited_when_handled_then_each_counts_from_its_arrival(session, task):
    said = {"sign": {}, "report_in": {"mode": "PLACE"}, "finish": {"result_text": "已修复", "evidence": [PHOTO]}}
    for minute, (verb, data) in enumerate(said.items()):
        written = letter(
            envelope(task, verb, sent=later(minutes=minute), **data), verb=verb, arrived_at=later(minutes=minute)
        )
        assert "DONE" == take(session, written, later(hours=3))
    done = session.get(Task, task["id"])
    assert [later(minutes=n) for n in (0, 1, 2)] == [done.signed_at, done.reported_in_at, done.finished_at]


def test_given_more_refusals_than_the_quota_when_received_then_all_are_kept_and_the_last_one_told_says_so(
    session, task
):
    for number in range(replies.TOLD_A_MINUTE + 5):
        take(session, letter(b"\xff %d" % number))
    refusals = told(session)
    assert (replies.TOLD_A_MINUTE, replies.TOLD_A_MINUTE + 5) == (len(refusals), len(kept(session)))
    assert [False, True] == ["其余暂不逐件告知" in refusal["detail"] for refusal in refusals[-2:]]


def test_given_a_used_up_quota_when_a_minute_is_over_then_refusals_are_told_again(session, task):
    for number in range(replies.TOLD_A_MINUTE):
        take(session, letter(b"\xff %d" % number))
    take(session, letter(b"\xff later"), later(minutes=2))
    assert replies.TOLD_A_MINUTE + 1 == len(told(session))


def test_given_a_refused_reply_when_counted_then_an_alert_asks_for_exactly_that_number_by_sender(session, task):
    before = metrics.replies_refused.labels(SENDER)._value.get()
    take(session, letter(b"\xff"))
    rules = yaml.safe_load((REPOSITORY / "deploy/prometheus/alerts.yml").read_text("utf8"))["groups"][0]["rules"]
    (alert,) = [rule for rule in rules if rule["alert"] == "RepliesRefused"]
    name = f"{metrics.replies_refused._name}_total"
    assert (1.0, True) == (
        metrics.replies_refused.labels(SENDER)._value.get() - before,
        f"(sender) (increase({name}" in alert["expr"],
    )
