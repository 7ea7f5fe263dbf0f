"""Residents without an account."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Forbidden, Invalid, NotFound
from contracts import registry, samples
from services.portal.accounts.limits import network
from tests.unit.portal.api.fakes import Portal

LOOK_UP = f"/api/public/cases/{samples.APPEAL_NO}"
STAIRWELL = samples.STAIRWELL
REPORT: dict[str, Any] = {
    "content": "楼道的灯坏了。晚上看不见路。",
    "place_text": "5号楼2单元",
    "area_path": STAIRWELL,
    "reporter": {"name": "王永祥", "phone": "139 0000 0003"},
}
REGISTERED = {
    "number": samples.APPEAL_NO,
    "created_at": samples.NOON,
    "promise_at": samples.EVENING,
    "first_responder": samples.LI_SHAN,
    "reporter": {"masked_phone": "139****0003"},
}


def test_number_and_tail_show_the_residents_view(portal: Portal) -> None:
    # Given
    portal.peers.answers["check_resident"] = {"number": samples.APPEAL_NO, "state_text": "社区已经派人"}
    # When
    answer = portal.client.get(f"{LOOK_UP}?phone_tail=0001")
    # Then
    call = portal.peers.last
    assert (200, "社区已经派人") == (answer.status_code, answer.json["state_text"])
    assert ({"number": samples.APPEAL_NO, "phone_tail": "0001"}, None) == (call.command, call.how["identity"])


@pytest.mark.rule("21")
def test_a_tail_typed_in_full_width_is_read(portal: Portal) -> None:
    portal.peers.answers["check_resident"] = {"number": samples.APPEAL_NO}
    portal.client.get(f"{LOOK_UP}?phone_tail=００ ０１")
    assert "0001" == portal.peers.last.command["phone_tail"]


def test_a_wrong_tail_and_an_unknown_number_are_answered_alike(portal: Portal) -> None:
    # Given
    portal.peers.answers["check_resident"] = NotFound("尾号不对", number=samples.APPEAL_NO)
    first = portal.client.get(f"{LOOK_UP}?phone_tail=0002")
    portal.peers.answers["check_resident"] = Forbidden("没有这个编号")
    # When
    second = portal.client.get(f"{LOOK_UP}?phone_tail=0002")
    # Then
    assert (404, first.json) == (second.status_code, second.json)


@pytest.mark.parametrize(("field", "status"), [("number", 404), ("phone_tail", 422)])
def test_a_mistyped_number_is_an_unknown_one(portal: Portal, field: str, status: int) -> None:
    # Given
    portal.peers.answers["check_resident"] = Invalid.because({field: ["格式不对"]})
    # When, Then
    assert status == portal.client.get(f"{LOOK_UP}?phone_tail=0001").status_code


@pytest.mark.parametrize("letter", sorted(registry.LOOK_UPS))
def test_what_answers_for_a_number_is_what_its_contract_says(portal: Portal, letter: str) -> None:
    # Given
    command, number = registry.LOOK_UPS[letter], f"{letter}202407060104000018"
    portal.peers.answers[command.method] = {"number": number, "state_text": "已受理"}
    # When
    answer = portal.client.get(f"/api/public/cases/{number}?phone_tail=0001")
    # Then
    assert (200, command.service, command.method) == (
        answer.status_code, portal.peers.last.service, portal.peers.last.method,
    )  # fmt: skip


def test_a_kind_nobody_looks_up_is_answered_as_an_unknown_number_and_counted(portal: Portal) -> None:
    # Given
    portal.peers.answers["check_resident"] = NotFound("没有")
    unknown = portal.client.get(f"{LOOK_UP}?phone_tail=0001").json
    # When
    tried = [portal.client.get("/api/public/cases/W202407060104000019?phone_tail=0001") for _ in range(11)]
    # Then
    assert ([404] * 10 + [429], unknown["detail"]) == ([each.status_code for each in tried], tried[0].json["detail"])
    assert ["check_resident"] == [call.method for call in portal.peers.calls]


def test_tails_cannot_be_tried_out(portal: Portal) -> None:
    # Given
    portal.peers.answers["check_resident"] = NotFound("尾号不对")
    tried = [_look_up_from(portal, "10.0.0.1", n) for n in range(10)]
    # When
    eleventh = _look_up_from(portal, "10.0.0.1", 11)
    # Then
    assert ([404] * 10, 429) == (tried, eleventh)


def test_given_other_spellings_of_a_number_when_tails_are_tried_then_they_count_as_one(portal: Portal) -> None:
    # Given
    portal.peers.answers["check_resident"] = NotFound("尾号不对")
    kind, digits = samples.APPEAL_NO[0], samples.APPEAL_NO[1:]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in digits)
    for spelling in [f"{kind}{'-' * times}{digits}" for times in range(9)] + [f"{kind.lower()} {wide}"]:
        portal.client.get(f"/api/public/cases/{spelling}?phone_tail=0001")
    # When
    eleventh = _look_up_from(portal, "127.0.0.1", 11)
    # Then
    assert ({samples.APPEAL_NO}, 429) == ({call.command["number"] for call in portal.peers.calls}, eleventh)


def test_one_address_cannot_try_many_numbers(portal: Portal) -> None:
    # Given
    portal.peers.answers["check_resident"] = NotFound("没有")
    tried = {portal.client.get(f"/api/public/cases/S{n}?phone_tail=0001").status_code for n in range(30)}
    # When
    next_one = portal.client.get("/api/public/cases/S31?phone_tail=0001")
    # Then
    assert ({404}, 429) == (tried, next_one.status_code)


def test_right_look_ups_do_not_count(portal: Portal) -> None:
    # Given
    portal.peers.answers["check_resident"] = {"number": samples.APPEAL_NO}
    # When, Then
    assert {200} == {_look_up_from(portal, "10.0.0.1", n) for n in range(12)}


def test_a_report_needs_words_place_and_a_way_to_answer(portal: Portal) -> None:
    # Given
    portal.peers.answers["register_appeal"] = REGISTERED
    # When
    answer = portal.client.post("/api/public/appeals", json=REPORT)
    # Then
    command = portal.peers.last.command
    assert (201, LOOK_UP) == (answer.status_code, answer.headers["Location"])
    assert ("WEB", "RESIDENT", "HELP", "楼道的灯坏了", "other.unsorted.any", "13900000003") == (
        command["channel"], command["source"], command["nature"], command["title"], command["category"],
        command["reporter"]["phone"],
    )  # fmt: skip


def test_the_receipt_holds_what_the_resident_needs_and_no_more(portal: Portal) -> None:
    # Given
    portal.peers.answers["register_appeal"] = REGISTERED
    # When
    receipt = portal.client.post("/api/public/appeals", json=REPORT).json
    # Then
    expected = {
        "number": samples.APPEAL_NO,
        "registered_at": samples.NOON,
        "promise_at": samples.EVENING,
        "first_responder_name": "李珊",
        "look_up": LOOK_UP,
    }
    assert expected == receipt


def test_who_reports_acts_as_a_resident_of_that_place(portal: Portal) -> None:
    # Given
    portal.peers.answers["register_appeal"] = REGISTERED
    # When
    portal.client.post("/api/public/appeals", json=REPORT)
    # Then
    who = portal.verifier.verify(portal.peers.last.how["identity"], portal.clock())
    assert ("resident", "王*祥", [("RESIDENT", STAIRWELL)]) == (
        who.kind, who.name, [(grant.role, grant.node) for grant in who.grants],
    )  # fmt: skip


def test_a_report_sent_twice_is_the_same_residents(portal: Portal) -> None:
    # Given
    portal.peers.answers["register_appeal"] = REGISTERED
    for key in ("key-of-the-first", "key-of-the-first", "key-of-another"):
        portal.client.post("/api/public/appeals", json=REPORT, headers={"Idempotency-Key": key})
    # When
    first, again, other = (portal.verifier.verify(call.how["identity"], portal.clock()) for call in portal.peers.calls)
    # Then
    assert (True, False) == (first.id == again.id, first.id == other.id)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "PHONE"}, "channel"),
        ({"reporter": {"name": "王永祥", "phone": "139"}}, "reporter"),
        ({"reporter": None}, "reporter"),
        ({"content": " "}, "content"),
    ],
)
def test_a_bad_report_is_refused_by_field(portal: Portal, change: dict[str, Any], field: str) -> None:
    # When
    answer = portal.client.post("/api/public/appeals", json={**REPORT, **change})
    # Then
    assert (422, [field], []) == (answer.status_code, list(answer.json["errors"]), portal.peers.calls)


def test_one_address_reports_only_so_often(portal: Portal) -> None:
    # Given
    portal.peers.answers["register_appeal"] = REGISTERED
    sent = {portal.client.post("/api/public/appeals", json=REPORT).status_code for _ in range(30)}
    # When
    refused = portal.client.post("/api/public/appeals", json=REPORT)
    # Then
    assert ({201}, 429, "3600") == (sent, refused.status_code, refused.headers["Retry-After"])


@pytest.mark.parametrize(
    ("address", "expected"),
    [("10.0.0.1", "10.0.0.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), (None, "unknown"), ("odd", "odd")],
)
def test_a_subscribers_whole_network_counts_as_one(address: str | None, expected: str) -> None:
    assert expected == network(address)


def _look_up_from(portal: Portal, address: str, tail: int) -> int:
    where = {"REMOTE_ADDR": address}
    return portal.client.get(f"{LOOK_UP}?phone_tail={tail:04}", environ_overrides=where).status_code
