"""The case list, the timeline and a unit's desk over HTTP."""

from __future__ import annotations

import base64
from collections import Counter
from typing import Any

import pytest

from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import APPEAL_NO, HAZARD_NO, Teller, a1, at, iso, register, uid

TIMELINE = f"/api/cases/{APPEAL_NO}/timeline"
PAGED = [("lishan", "/api/cases"), ("hewenbin", "/api/desk"), ("hewenbin", "/tasks")]
FORGED = [
    '[null,"a\\u0000b"]',
    '[null,"\\ud800"]',
    '["0001-01-01","x"]',
    '["2024-07-09T15:00:00","x"]',
    '["0001-01-01T00:00:00+14:00","x"]',
    '["","x"]',
    "[null,7]",
    "[" * 3000,
]


def found(pages: Pages, user: str, query: str = "") -> list[str]:
    return [row["number"] for row in pages.as_user(user).get(f"/api/cases{query}").json["items"]]


def many(pages: Pages, count: int) -> list[str]:
    """Registered cases of 李珊's grid, each due an hour after the one before."""
    numbers = [f"S2024070601040000{place:02d}" for place in range(30, 30 + count)]
    for place, number in enumerate(numbers):
        told = Teller(number)
        register(told, uid(number), due_at=100 + place)
        tell(pages.store, told.events)
    return numbers


def test_given_cases_when_listed_then_each_sees_their_own(pages: Pages) -> None:
    users = ("lishan", "lili", "hewenbin", "dianli", "street", "hejing", "shixiuying")
    both = [APPEAL_NO, HAZARD_NO]
    assert [[APPEAL_NO], [HAZARD_NO], both, [], [APPEAL_NO], both, [APPEAL_NO]] == [
        sorted(found(pages, user)) for user in users
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?kind=APPEAL", [APPEAL_NO]),
        ("?kind=HAZARD", [HAZARD_NO]),
        ("?state=SECURED&state=REMOVED", [HAZARD_NO]),
        ("?area_path=yinchuan.xingqing.shandalu", [HAZARD_NO]),
        ("?mine=true", []),
        ("?open=true", [APPEAL_NO, HAZARD_NO]),
        ("?overdue=true", []),
        (f"?due_before={iso(1000).replace('+', '%2B')}", []),
    ],
)
def test_given_a_filter_when_listed_then_it_narrows(pages: Pages, query: str, expected: list[str]) -> None:
    assert expected == sorted(found(pages, "hejing", query))


def test_given_many_cases_when_paged_then_each_comes_once_and_the_earliest_due_first(pages: Pages) -> None:
    numbers, lishan = many(pages, 5), pages.as_user("lishan")
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        answer = lishan.get("/api/cases", query_string=query).json
        seen += [row["number"] for row in answer["items"]]
        if answer["next_cursor"] is None:
            break
        query["cursor"] = answer["next_cursor"]
    assert [*numbers, APPEAL_NO] == seen


@pytest.mark.parametrize("query", ["cursor=nonsense", "limit=0", "limit=x", "state=XX", "colour=red"])
def test_given_a_bad_question_when_asked_then_a_named_error(pages: Pages, query: str) -> None:
    answer = pages.as_user("lishan").get(f"/api/cases?{query}")
    assert (422, "invalid") == (answer.status_code, answer.json["code"])


def test_given_an_unknown_state_when_asked_then_the_field_is_named(pages: Pages) -> None:
    answer = pages.as_user("lishan").get("/api/cases?state=CLOSED&state=XX")
    assert (422, ["state"]) == (answer.status_code, list(answer.json["errors"]))


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize(("user", "path"), PAGED)
def test_given_a_forged_cursor_when_paged_then_a_named_error(pages: Pages, user: str, path: str, forged: str) -> None:
    cursor = base64.urlsafe_b64encode(forged.encode()).decode()
    assert 422 == pages.as_user(user).get(path, query_string={"cursor": cursor}).status_code


@pytest.mark.parametrize("path", ["/api/cases/{}", "/api/cases/{}/timeline", "/cases/{}"])
def test_given_a_number_as_people_type_it_when_asked_then_found(pages: Pages, path: str) -> None:
    typed = f" {APPEAL_NO[0].lower()} {APPEAL_NO[1:9]}-{APPEAL_NO[9:]} "
    answer = pages.as_user("lishan").get(path.format(typed))
    assert (200, True) == (answer.status_code, APPEAL_NO in answer.text)


def test_given_a_number_as_people_type_it_when_streaming_then_its_entries_come(pages: Pages) -> None:
    path = f"/api/cases/{APPEAL_NO.lower()}/timeline/stream"
    answer = pages.as_user("lishan").get(path, buffered=False)
    told = iter(answer.response)
    assert (True, True) == (next(told).startswith(b"retry"), next(told).startswith(b"id: 1\n"))
    answer.close()


def test_given_the_case_when_asked_then_its_head(pages: Pages) -> None:
    row = pages.as_user("lishan").get(f"/api/cases/{APPEAL_NO}").json
    expected = ("诉求", "IN_MEDIATION", "调解中", "紧急", False, "李珊")
    assert expected == (
        row["kind_label"], row["state"], row["state_label"], row["urgency_label"], row["overdue"],
        row["first_responder"]["name"],
    )  # fmt: skip


def test_given_the_case_when_asked_then_what_belongs_to_it_as_its_owners_say(pages: Pages) -> None:
    matters = pages.as_user("lishan").get(f"/api/cases/{APPEAL_NO}").json["matters"]
    assert Counter(
        [("MEDIATION", "调解中"), ("WHISTLE", "已吹哨"), ("TASK", "已签收"), ("TASK", "已签收"), ("TASK", "已送达")]
    ) == Counter((each["kind"], each["state_label"]) for each in matters)


def test_given_the_timeline_when_asked_then_every_event_in_order_in_words(pages: Pages) -> None:
    answer = pages.as_user("lishan").get(TIMELINE).json
    expected = [event.name for event in a1() if event.time <= at(73)]
    times = [item["time"] for item in answer["items"]]
    assert (sorted(expected), sorted(times), len(expected)) == (
        sorted(item["name"] for item in answer["items"]), times, answer["last_seq"],
    )  # fmt: skip
    first = answer["items"][0]
    assert ("诉求登记", {"id": "u-lishan", "name": "李珊"}, True) == (
        first["label"], first["actor"], first["text"].startswith("收到求助（电话）"),
    )  # fmt: skip


@pytest.mark.parametrize("path", ["", "/timeline", "/timeline/stream"])
def test_given_a_case_out_of_sight_when_asked_then_not_found(pages: Pages, path: str) -> None:
    answers = [
        pages.as_user("lili").get(f"/api/cases/{APPEAL_NO}{path}").status_code,
        pages.as_user("lishan").get(f"/api/cases/S000000000000000000{path}").status_code,
        pages.browser().get(f"/api/cases/{APPEAL_NO}{path}").status_code,
    ]
    assert [404, 404, 401] == answers


def test_given_the_stream_when_opened_then_it_goes_on_after_the_last_entry_seen(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    last = lishan.get(TIMELINE).json["last_seq"]
    answer = lishan.get(f"{TIMELINE}/stream", headers={"Last-Event-ID": str(last - 1)}, buffered=False)
    told = iter(answer.response)
    assert ("text/event-stream; charset=utf-8", "no-store") == (answer.content_type, answer.headers["Cache-Control"])
    assert (True, f"id: {last}") == (next(told).startswith(b"retry"), next(told).decode().splitlines()[0])
    answer.close()


def test_given_a_desk_when_its_stream_is_opened_then_what_came_since_is_counted_from_the_id_the_client_has(
    pages: Pages,
) -> None:
    receiver = pages.as_user("hewenbin")
    answer = receiver.get("/api/desk/stream?after=99", headers={"Last-Event-ID": "0"}, buffered=False)
    told = iter(answer.response)
    assert (True, b'id: 0\nevent: news\ndata: {"count": 2}\n\n') == (next(told).startswith(b"retry"), next(told))
    answer.close()
    assert [401, 422] == [
        pages.browser().get("/api/desk/stream").status_code, receiver.get("/api/desk/stream?after=x").status_code,
    ]  # fmt: skip


def test_given_nonsense_as_place_when_streaming_then_a_named_error(pages: Pages) -> None:
    assert 422 == pages.as_user("lishan").get(f"{TIMELINE}/stream?after=x").status_code


def test_given_a_called_unit_when_it_asks_for_its_desk_then_its_tasks_with_the_running_clock(pages: Pages) -> None:
    items = pages.as_user("hewenbin").get("/api/desk").json["items"]
    assert [("TASK", "ASSIGNED", "待签收", True), ("TASK", "SIGNED", "待报到", False)] == [
        (item["kind"], item["state"], item["todo"], item["overdue"]) for item in items
    ]
    signed = pages.as_user("hewenbin").get("/api/desk?state=SIGNED").json["items"]
    assert ["SIGNED"] == [item["state"] for item in signed]


def test_given_the_document_when_read_then_these_routes_are_in_it(pages: Pages) -> None:
    paths = pages.browser().get("/api/openapi.json").json["paths"]
    wanted = {"/api/cases", "/api/cases/{number}", "/api/cases/{number}/timeline", "/api/desk", "/api/desk/stream"}
    assert wanted <= paths.keys()
