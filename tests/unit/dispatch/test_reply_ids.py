"""One id, one reply: a repeat that says the same is silent; other words under an old id are refused and kept."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from chassis.identity import Principal
from services.dispatch.departments import connect
from tests.unit.dispatch import world
from tests.unit.dispatch.department import delivered, envelope, kept, letter, state, told
from tests.unit.dispatch.world import NOW, PHOTO, later

pytestmark = pytest.mark.rule("40")
STEPS = {"sign": {}, "report_in": {"mode": "PLACE"}, "finish": {"result_text": "已修复", "evidence": [PHOTO]}}


@pytest.fixture
def blown(store):
    with store.transaction() as session:
        connect(session, Principal.service("dispatch"), "sifasuo", True, NOW)
        return world.task_of(world.blown(session))


def seen(store, task):
    with store.transaction() as session:
        return state(session, task), kept(session), told(session)


def test_given_one_id_for_every_step_when_received_then_the_later_ones_are_refused_by_name_and_kept(store, blown):
    same = str(uuid4())
    outcomes = [
        delivered(store, letter(envelope(blown, verb, id=same, **data), verb=verb)) for verb, data in STEPS.items()
    ]
    stands, rows, refusals = seen(store, blown)
    assert (["DONE", "ID_REUSED", "ID_REUSED"], "SIGNED") == (outcomes, stands)
    assert [("DONE", None), ("REFUSED", "ID_REUSED"), ("REFUSED", "ID_REUSED")] == rows
    assert [(same, "ID_REUSED")] * 2 == [(refusal["message_id"], refusal["code"]) for refusal in refusals]


def test_given_other_words_under_the_id_of_a_refused_reply_when_received_then_refused_too(store, blown):
    same = str(uuid4())
    outcomes = [delivered(store, letter(envelope(blown, verb, id=same))) for verb in ("fly", "sign")]
    assert ["UNKNOWN_TYPE", "ID_REUSED"] == outcomes


@pytest.mark.parametrize(
    "again",
    [
        lambda content: content,
        lambda content: dict(reversed(content.items())),
        lambda content: {**content, "time": later(minutes=3).isoformat()},
    ],
    ids=["the same bytes", "fields in another order", "sent again later"],
)
def test_given_a_repeat_that_says_the_same_when_received_then_it_is_silent(store, blown, again):
    content = envelope(blown)
    outcomes = [delivered(store, letter(each)) for each in (content, again(content))]
    assert (["DONE", None], ("SIGNED", [("DONE", None)], [])) == (outcomes, seen(store, blown))


def test_given_a_refused_letter_twice_when_received_then_it_is_told_and_kept_once(store, blown):
    content = json.dumps(envelope(blown, "fly")).encode()
    outcomes = [delivered(store, letter(content)) for _ in range(2)]
    _, rows, refusals = seen(store, blown)
    assert (["UNKNOWN_TYPE", None], 1, 1) == (outcomes, len(rows), len(refusals))


def test_given_a_letter_refused_for_its_id_twice_when_received_then_it_is_told_once(store, blown):
    same = str(uuid4())
    late = letter(envelope(blown, "report_in", id=same, mode="PLACE"), verb="report_in")
    outcomes = [delivered(store, each) for each in (letter(envelope(blown, id=same)), late, late)]
    assert (["DONE", "ID_REUSED", None], 1) == (outcomes, len(seen(store, blown)[2]))


def test_given_an_id_of_another_unit_when_used_then_it_is_free(store, blown):
    content = envelope(blown)
    outcomes = [delivered(store, letter(content, unit=unit)) for unit in ("paichusuo", "sifasuo")]
    assert ["NOT_YOURS", "DONE"] == outcomes
