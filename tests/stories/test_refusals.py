"""Bad input gets a named error and changes nothing."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.stories.people import CHEN_PHONE, LAMP_AREA, UNITS
from tests.stories.sql import one
from tests.stories.steps.appeals import SEWAGE, register
from tests.stories.talk import Refused, Story

pytestmark = pytest.mark.integration


def facts(story: Story) -> tuple[int, ...]:
    """How much intake has said and stored."""
    counts = [f"select count(*) from {table}" for table in ("outbox", "appeal", "person")]
    return tuple(one(story.world, "intake", count) for count in counts)


def post(story: Story, path: str, *, token: str | None = None, **more: Any) -> Any:
    more.setdefault("headers", {}).setdefault("Authorization", f"Bearer {token or story.token('lishan')}")
    return story.http.post(path, **more)


def raw(content: str, kind: str = "application/json") -> dict[str, Any]:
    return {"content": content.encode(), "headers": {"Content-Type": kind}}


def wrong(**changes: Any) -> dict[str, Any]:
    return {"json": {**SEWAGE, **changes}}


@pytest.mark.parametrize(
    ("name", "request_parts", "status", "code", "field"),
    [
        ("malformed JSON", raw("{oops"), 400, "malformed", None),
        ("an unknown field", wrong(urgency="EMERGENCY"), 422, "invalid", "urgency"),
        ("a telephone too short", wrong(reporter={"name": "陈桂兰", "phone": "1390000"}), 422, "invalid", "reporter"),
        ("a field left out", wrong(place_text=None), 422, "invalid", "place_text"),
        ("a place that is none", wrong(area_path="yinchuan..x"), 422, "invalid", "area_path"),
        ("a body too long", raw(json.dumps({**SEWAGE, "content": "长" * 600_000})), 413, "too_large", None),
        ("another kind of body", raw("<a/>", "text/xml"), 415, "unsupported_media_type", None),
    ],
)  # fmt: skip
def test_given_a_bad_request_when_sent_then_it_is_named_and_changes_nothing(
    story, name, request_parts, status, code, field
):
    before = facts(story)
    answer = post(story, "/api/appeals", **request_parts)
    problem = answer.json()
    assert (status, code, "application/problem+json") == (
        answer.status_code,
        problem["code"],
        answer.headers["Content-Type"].split(";")[0],
    )
    assert field is None or field in problem["errors"]
    assert before == facts(story)


@pytest.mark.parametrize("token", ["forged.token.here", uuid.uuid4().hex * 2])
def test_given_a_forged_token_when_used_then_nobody_is_let_in(story, token):
    before = facts(story)
    answer = post(story, "/api/appeals", json=SEWAGE, headers={"Authorization": f"Bearer {token}"})
    assert (401, "unauthenticated", before) == (answer.status_code, answer.json()["code"], facts(story))


def test_given_an_expired_session_when_used_then_the_login_is_asked_for_again(story):
    story.set_time(2024, 7, 5, 9, 0)
    token = story.token("lishan")
    story.later(hours=9)
    answer = post(story, "/api/appeals", token=token, json=SEWAGE)
    assert (401, "unauthenticated") == (answer.status_code, answer.json()["code"])


def test_given_somebody_elses_case_when_touched_then_it_is_refused_and_unchanged(story):
    story.set_time(2024, 7, 5, 9, 10)
    story.number = register(story)["number"]
    before = story.appeal()["version"]
    for act in (
        lambda: story.ask("李利", f"/api/appeals/{story.number}"),
        lambda: story.do("李利", f"/api/appeals/{story.number}/contacts", how="PHONE"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.problem["code"] in ("forbidden", "not_found")
    assert before == story.appeal()["version"]


def test_given_a_case_of_another_community_when_whistled_for_then_it_is_refused_and_stays_as_it_was(story):
    story.set_time(2024, 7, 5, 9, 10)
    made = register(story)
    asked = {"kind": "EMERGENCY", "reason": "别处的事", "asked_action": "HANDLE_ON_SITE", "asked_action_text": "抢修"}
    asked |= {"area_path": LAMP_AREA, "recipients": [{"unit": UNITS["供电公司"], "role": "LEAD"}]}
    for source in (
        {"kind": "APPEAL", "id": made["id"], "number": made["number"]},
        {"kind": "APPEAL", "id": str(uuid.uuid4()), "number": made["number"]},
        {"kind": "HAZARD", "id": made["id"], "number": made["number"]},
    ):
        with pytest.raises(Refused) as refused:
            story.do("李利", "/api/whistles", source=source, **asked)
        assert refused.value.problem["code"] in ("invalid", "not_found")
    assert 0 == one(story.world, "dispatch", f"select count(*) from whistle where source_number = '{made['number']}'")


def test_given_a_telephone_told_under_a_key_when_asked_again_then_it_is_judged_and_audited_again(story):
    story.set_time(2024, 7, 5, 9, 10)
    story.number = register(story)["number"]
    path = f"/api/people/{story.appeal()['reporter']['person_id']}/contact"
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Authorization": f"Bearer {story.token('lishan')}"}
    audited = "select count(*) from audit where act = 'reveal_contact'"
    before = one(story.world, "intake", audited)
    told = [story.http.post(path, json={"purpose": "联系"}, headers=headers).json()["phone"] for _ in range(2)]
    assert ([CHEN_PHONE] * 2, before + 2) == (told, one(story.world, "intake", audited))


def test_given_a_state_that_forbids_it_when_ordered_then_the_states_that_allow_it_are_named(story):
    story.set_time(2024, 7, 5, 9, 10)
    story.number = register(story)["number"]
    with pytest.raises(Refused) as refused:
        story.do("社区", f"/api/appeals/{story.number}/accept")
    problem = refused.value.problem
    assert ("conflict", ["REGISTERED"]) == (problem["code"], problem["allowed_states"])


def test_given_an_old_version_when_written_with_if_match_then_it_is_refused(story):
    story.set_time(2024, 7, 5, 9, 10)
    made = register(story)
    body = {"how": "PHONE"}
    path = f"/api/appeals/{made['number']}/contacts"
    answer = post(
        story, path, json=body, headers={"If-Match": '"1"', "Authorization": f"Bearer {story.token('lishan')}"}
    )
    assert (412, "version_mismatch") == (answer.status_code, answer.json()["code"])


def test_given_the_same_request_twice_when_sent_then_the_same_answer_and_one_case(story):
    story.set_time(2024, 7, 5, 9, 10)
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Authorization": f"Bearer {story.token('lishan')}"}
    before = facts(story)[1]
    first, second = (story.http.post("/api/appeals", json=SEWAGE, headers=headers) for _ in range(2))
    assert (201, first.json(), before + 1) == (second.status_code, second.json(), facts(story)[1])


def test_given_the_same_key_for_another_request_when_sent_then_it_is_refused(story):
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Authorization": f"Bearer {story.token('lishan')}"}
    story.http.post("/api/appeals", json=SEWAGE, headers=headers)
    other = story.http.post("/api/appeals", json={**SEWAGE, "title": "别的事"}, headers=headers)
    assert (409, "conflict") == (other.status_code, other.json()["code"])


def test_given_a_stranger_when_a_number_is_tried_often_then_the_door_closes(story):
    story.set_time(2024, 6, 5, 9, 10)  # on a day of its own: all stories come from one address
    path = f"/api/public/cases/{register(story)['number']}"
    tails = [f"{tail:04}" for tail in range(200, 230)]
    codes = [story.http.get(path, params={"phone_tail": tail}).status_code for tail in tails]
    assert {404, 429} == set(codes)
