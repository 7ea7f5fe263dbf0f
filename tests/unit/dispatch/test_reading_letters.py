"""What a department reads in the contract is what is taken, no more, no less; what is wrong is called by its name."""

from __future__ import annotations

import copy
import gzip
import json
import zlib

import pytest
from shaodao_kit.conformance.schema import errors

from chassis.identity import Principal
from contracts import envelope as frame
from contracts import jsonschema
from contracts.departments import Finish, Object, Progress, ReportedIn, Sign
from contracts.dispatch.tasks import FinishTask
from letters.letter import Letter
from services.dispatch import letters
from services.dispatch.departments import connect
from services.dispatch.tables import Unit
from tests.unit.dispatch import world
from tests.unit.dispatch.department import envelope, letter, take, told
from tests.unit.dispatch.world import NOW

pytestmark = pytest.mark.rule("42")
REPLIES = [Sign, Object, ReportedIn, Progress, Finish]
GONE = object()
WRONG = [
    GONE,
    None,
    "",
    "x",
    7,
    True,
    [],
    {},
    "长" * 6000,
    ["x"] * 31,
    "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
    "2024-07-05T01:00:00Z",
]
UNIT = Unit(code="judicial", active=True)


def places(value, at=()):
    """Paths to everything inside an example."""
    yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inside:
        yield from places(below, (*at, key))


def changed(value, at, to):
    made = copy.deepcopy(value)
    *above, last = at
    holder = made
    for key in above:
        holder = holder[key]
    if to is GONE:
        del holder[last]
    else:
        holder[last] = to
    return made


def is_taken(content, verb):
    try:
        letters.read(Letter("department.judicial", f"judicial.{verb}", json.dumps(content).encode()), UNIT)
    except letters.Refused:
        return False
    return True


def is_allowed(content, contract):
    """By the published schemas."""
    of_data = jsonschema.shape_of(contract)
    wrong = [*errors(content, frame.reply()), *errors(content.get("data"), of_data)]
    return not wrong and content["type"] == contract.type


@pytest.mark.parametrize("contract", REPLIES, ids=lambda contract: contract.name)
def test_given_any_part_of_a_reply_changed_when_read_then_contract_and_code_say_the_same(contract):
    good = frame.example(contract)
    differ = [
        (at, to)
        for at in places(good)
        if at
        for to in WRONG
        if is_taken(bad := changed(good, at, to), contract.name) is not is_allowed(bad, contract)
    ]
    assert (True, []) == (is_taken(good, contract.name), differ)


@pytest.mark.parametrize("contract", [Finish, FinishTask])
@pytest.mark.parametrize(("files", "told"), [(GONE, "必填"), (None, "办结必须附佐证材料"), ([], "办结必须附佐证材料")])
def test_given_a_task_finished_without_evidence_when_read_then_the_contract_refuses_it_already(contract, files, told):
    content = changed(contract.example, ("evidence",), files)
    said = list(errors(content, jsonschema.shape_of(contract)))
    assert (True, {"evidence": [told]}) == (bool(said), contract().validate(content))


@pytest.fixture
def task(session):
    connect(session, Principal.service("dispatch"), "sifasuo", True, NOW)
    return world.task_of(world.blown(session))


@pytest.mark.parametrize("id", ["reply-1", "urn:uuid:" + "0" * 32, "{01909000-0000-7000-8000-000000000001}", "0" * 32])
def test_given_an_id_that_is_no_uuid_when_received_then_it_is_refused_and_echoed(session, task, id):
    assert "MALFORMED" == take(session, letter(envelope(task, id=id)))
    (refusal,) = told(session)
    assert (id, ["id: 缺少或格式不对"]) == (refusal["message_id"], refusal["errors"])


NAMED = {
    "GBK": ('{"单位": "供电公司"}'.encode("gbk"), "GBK"),
    "UTF-16": ('{"单位": "供电公司"}'.encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": ("{}".encode("utf-16-le"), "UTF-16"),
    "gzip": (gzip.compress(b"{}"), "gzip"),
    "deflate": (zlib.compress(b"{}"), "deflate"),
    "zip": (b"PK\x03\x04", "zip"),
    "XML": (b"<?xml version='1.0'?><a/>", "XML"),
    "nothing": (b" \n", "空"),
    "a list": (b"[1]", "最外层"),
    "an object in a text": (json.dumps(json.dumps({"a": 1})).encode(), "最外层"),
    "cut off": (b'{"a": 1', "第 1 行"),
    "neither": (b"\x80\x81\xff", "UTF-8"),
    "deeply nested": (b"[" * 100_000, "层"),
    "not a number": (b'{"a": NaN}', "NaN"),
}


@pytest.mark.parametrize("name", NAMED)
def test_given_what_is_no_json_in_utf_8_when_refused_then_the_answer_says_what_it_is(session, task, name):
    body, word = NAMED[name]
    assert "MALFORMED" == take(session, letter(body, message_id="m-77"))
    (refusal,) = told(session)
    assert ("m-77", True) == (refusal["message_id"], word in refusal["detail"])


def test_given_a_byte_order_mark_when_received_then_it_is_read(session, task):
    body = b"\xef\xbb\xbf" + json.dumps(envelope(task)).encode()
    assert "DONE" == take(session, letter(body))


def test_given_a_letter_that_is_too_large_when_refused_then_its_amqp_id_is_echoed(session, task):
    take(session, letter(b"x" * 300_000, message_id="m-78"))
    assert ["m-78"] == [refusal["message_id"] for refusal in told(session)]
