"""Orders and replies through a real broker, relay and dispatch, with plain AMQP as any language would speak it."""

from __future__ import annotations

import base64

import pytest
from shaodao_kit import evidence

from contracts.departments import WhistleTask
from ops.waiting import wait_until
from tests.integration.departments.plug import shaodao
from tests.integration.departments.whistling import lamp_pole, reaches, task
from tests.stories.sql import one, rows

pytestmark = pytest.mark.integration
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
DONE = {"result_text": "底座和接线已修复", "evidence": [evidence(PNG)]}


def ordered(plug, task_id):
    """The order for this task off the department's queue; what else lies before it is taken, too."""
    return wait_until(lambda: (found := plug.heard()).get("subject") == task_id and found, seconds=60, every=0)


def noted(story, task_id, words):
    said = lambda: [note["text"] for note in task(story, task_id)["notes"] if words in note["text"]]  # noqa: E731
    return story.soon(f"a note of {words}", said)


def test_given_a_whistle_when_ordered_signed_reported_in_and_finished_by_program_then_the_task_is_done(story, power):
    task_id = lamp_pole(story)
    order = ordered(power, task_id)
    WhistleTask().load(order["data"])
    power.reply("sign", task_id)
    signed = reaches(story, task_id, "SIGNED")
    power.reply("report_in", task_id, mode="PLACE")
    power.reply("progress", task_id, note="已断电")
    power.reply("finish", task_id, **DONE)
    done = reaches(story, task_id, "FINISHED")
    assert ("吴强", "底座和接线已修复", ["已断电"]) == (
        signed["receiver"]["name"], done["result_text"], [note["text"] for note in done["notes"]],
    )  # fmt: skip


def test_given_all_replies_at_once_when_they_arrive_then_they_are_handled_in_order(story, power):
    task_id = lamp_pole(story)
    for verb, data in (("sign", {}), ("report_in", {"mode": "PLACE"}), ("finish", DONE)):
        power.reply(verb, task_id, **data)
    assert [] == reaches(story, task_id, "FINISHED")["notes"]


def test_given_a_reply_before_its_time_when_the_step_before_comes_then_it_still_counts(story, power, district):
    task_id = lamp_pole(story)
    power.reply("report_in", task_id, mode="PLACE")
    counted = "select count(*) from inbox where handler = 'dispatch.department_replied'"
    before = one(district, "dispatch", counted)
    power.reply("sign", task_id)
    wait_until(lambda: one(district, "dispatch", counted) == before + 1, seconds=60, what="the signature")
    assert [] == reaches(story, task_id, "REPORTED_IN")["notes"]


def test_given_the_same_reply_twice_when_received_then_it_counts_once_and_a_new_one_is_noted(story, power):
    task_id = lamp_pole(story)
    same = power.envelope("sign", task_id)
    for _ in range(2):
        power.say(same, "gongdian.sign")
    power.reply("sign", task_id)
    assert 1 == len(noted(story, task_id, "签收"))


@pytest.mark.rule("6")
def test_given_evidence_nobody_uploaded_when_finished_then_the_department_hears_it_and_the_task_stands(story, power):
    task_id = lamp_pole(story)
    for verb, data in (("sign", {}), ("report_in", {"mode": "PLACE"})):
        power.reply(verb, task_id, **data)
    power.reply("finish", task_id, result_text="已修复", evidence=[{"sha256": "ef" * 32, "kind": "PHOTO"}])
    refused = power.heard_refusal()
    assert ("INVALID", "evidence.0", "REPORTED_IN") == (
        refused["code"], refused["errors"][0].partition(":")[0], task(story, task_id)["state"],
    )  # fmt: skip


@pytest.mark.rule("5")
def test_given_a_reply_that_was_kept_when_an_operator_reads_it_then_the_audit_says_so(story, power, district):
    task_id = lamp_pole(story)
    power.reply("sign", task_id)
    reaches(story, task_id, "SIGNED")
    assert task_id in shaodao("department", "replies", "gongdian", "--bodies")
    assert 1 == one(district, "dispatch", "select count(*) from audit where act = 'read_letters'")


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("malformed", b"\xff{oops", "MALFORMED"),
        ("an unknown version", {"type": "cn.shaodao.department.sign.v7"}, "UNKNOWN_VERSION"),
        ("a wrong task", {"data": {"task_id": "01909000-0000-7000-8000-000000009999"}}, "UNKNOWN_TASK"),
        ("without user-id", {}, "NO_SENDER"),
    ],
)
def test_given_a_wrong_reply_when_received_then_the_department_hears_why_on_its_own_queue(
    story, power, district, name, change, code
):
    content = change if isinstance(change, bytes) else {**power.envelope("sign", lamp_pole(story)), **change}
    # without user_id AMQP proves nothing, whatever a header claims
    properties = {"user_id": None, "application_headers": {"x-sender": "department.gongdian"}}
    power.say(content, "gongdian.sign", **(properties if code == "NO_SENDER" else {}))
    assert code == power.heard_refusal()["code"]
    assert 1 == one(district, "dispatch", f"select count(*) from department_reply where code = '{code}'")
    assert code in shaodao("department", "replies", "gongdian", "--refused")


def test_given_the_task_of_another_when_replied_then_only_who_replied_is_told(story, power, police):
    task_id = lamp_pole(story)
    police.reply("sign", task_id)
    assert "NOT_YOURS" == police.heard_refusal()["code"]
    assert "ASSIGNED" == task(story, task_id)["state"]


def test_given_a_headers_claim_to_be_another_when_received_then_the_broker_s_word_counts(story, power, police):
    task_id = lamp_pole(story)
    police.say(
        police.envelope("sign", task_id), "lijingjie-paichusuo.sign",
        application_headers={"x-sender": "department.gongdian", "x-key": "gongdian.sign"},
    )  # fmt: skip
    assert "NOT_YOURS" == police.heard_refusal()["code"]


@pytest.mark.rule("42")
def test_given_what_cannot_be_read_when_refused_then_its_amqp_message_id_is_echoed(power):
    power.say('{"单位": "供电公司"}'.encode("gbk"), "gongdian.sign", message_id="m-77")
    refused = power.heard_refusal()
    assert ("m-77", True) == (refused["message_id"], "GBK" in refused["detail"])


def test_given_all_that_happened_when_looked_at_then_nothing_is_parked_unsent_or_left(district):
    waiting = "select count(*) from outbox where sent_at is null"
    wait_until(lambda: one(district, "dispatch", waiting) == 0, seconds=60, what="everything sent")
    assert [] == rows(district, "dispatch", "select handler, error from parked")
