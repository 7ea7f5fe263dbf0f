"""What clients in many languages ask of GeoReport v2, each in its own way."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from chassis.errors import Invalid
from contracts import samples
from services.portal.open311 import reporting
from tests.unit.portal.pages.open311 import (
    BASE,
    DRAIN,
    LAMP,
    REPORT,
    city,
    get,
    ids,
    matter,
)
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.pages.test_beginning import asked

__all__ = ["city"]


DISCOVERY = ["/open311/discovery", f"{BASE}/discovery", f"{BASE}//discovery"]


@pytest.mark.parametrize("address", DISCOVERY)
def test_given_a_client_that_looks_for_the_endpoint_when_it_asks_then_both_forms_tell_it(
    city: Pages, address: str
) -> None:
    told = city.browser().get(f"{address}.json").json
    root = Xml.fromstring(city.browser().get(f"{address}.xml").data)
    (endpoint,) = told["endpoints"]
    assert ("http://localhost/open311/v2", ["text/xml", "application/json"], "production") == (
        endpoint["url"], endpoint["formats"], endpoint["type"],
    )  # fmt: skip
    assert ("discovery", endpoint["url"], 2, told["changeset"]) == (
        root.tag, root.findtext("endpoints/endpoint/url"), len(root.findall("endpoints/endpoint/formats/format")),
        root.findtext("changeset"),
    )  # fmt: skip


def test_given_an_endpoint_and_a_path_joined_by_two_slashes_when_asked_then_it_is_the_same(city: Pages) -> None:
    key = matter(city, samples.uid(1))
    paths = [
        "/services.json",
        f"/services/{DRAIN}.json",
        "/requests.json",
        f"/requests/{key}.xml",
        f"/tokens/{key}.json",
    ]
    assert [200] * 5 == [get(city, path).status_code for path in paths]
    assert 201 == city.browser().post(f"{BASE}//requests.json", data=REPORT).status_code


def test_given_a_page_of_another_site_when_it_reads_then_it_may_and_when_it_writes_then_it_may_not(city: Pages) -> None:
    elsewhere = {"Origin": "https://map.example"}
    read = city.browser().get(f"{BASE}/services.json", headers=elsewhere)
    written = city.browser().post(f"{BASE}/requests.json", data=REPORT, headers=elsewhere)
    assert ("*", 403, []) == (
        read.headers["Access-Control-Allow-Origin"], written.status_code, asked(city, "register_appeal"),
    )  # fmt: skip


ANSWERS: list[dict[str, Any]] = [
    {"data": {**REPORT, "attribute[q1]": "是"}},
    {"data": {**REPORT, "attribute[q1][]": ["是"]}},
    {"data": {**REPORT, "attribute[q1]": "是"}, "content_type": "multipart/form-data"},
    {"json": {**REPORT, "attribute": {"q1": "是"}, "lat": None}},
    {"json": {**REPORT, "attribute[q1]": "是"}},
    {"query_string": {**REPORT, "attribute[q1]": "是"}},
]


@pytest.mark.parametrize("sent", ANSWERS)
def test_given_the_ways_in_which_clients_write_when_posted_then_the_report_is_the_same(
    city: Pages, sent: dict[str, Any]
) -> None:
    answer = city.browser().post(f"{BASE}/requests.json", **sent)
    (told,) = asked(city, "register_appeal")
    assert (201, "污水漫到楼道\n现在还在往外冒水吗？是") == (answer.status_code, told["content"])


def test_given_several_answers_to_one_question_when_posted_then_all_of_them_are_told(city: Pages) -> None:
    city.browser().post(f"{BASE}/requests.json", data={**REPORT, "attribute[q1][]": ["厨房", "卫生间"]})
    (told,) = asked(city, "register_appeal")
    assert told["content"].endswith("厨房、卫生间")


@pytest.mark.parametrize("body", [b"[1]", b"{", b'"words"'])
def test_given_json_that_is_no_report_when_posted_then_it_is_refused_in_the_standards_form(
    city: Pages, body: bytes
) -> None:
    answer = city.browser().post(f"{BASE}/requests.json", data=body, content_type="application/json")
    assert (400, [400]) == (answer.status_code, [each["code"] for each in answer.json])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-07-08", "2024-07-08"),
        ("2024-07-08T07:00+08:00", "2024-07-08T07:20+08:00"),
        ("2024-07-08T07:00:00+0800", "2024-07-08T07:20:00+0800"),
        ("2024-07-07T23:00:00.5Z", "2024-07-07T23:20Z"),
    ],
)
def test_given_the_moments_of_the_standards_note_when_asked_then_they_bound_the_list(
    city: Pages, start: str, end: str
) -> None:
    matter(city, samples.uid(1), 30)
    key = matter(city, samples.uid(2))
    assert [key] == ids(city, start_date=start, end_date=end)


def test_given_a_page_and_its_size_when_listed_then_only_that_page_comes(city: Pages) -> None:
    keys = [matter(city, samples.uid(no), 70 - no) for no in (1, 2, 3)]
    assert (keys[:2], keys[2:], []) == tuple(ids(city, page_size="2", page=page) for page in ("1", "2", "3"))
    assert [400, 400] == [get(city, "requests.json", **{name: "0"}).status_code for name in ("page", "page_size")]


@pytest.mark.parametrize("told", ["12345", "\0", "'", "x" * 500])
def test_given_an_id_of_another_system_when_listed_then_there_is_none(city: Pages, told: str) -> None:
    assert [] == get(city, "requests.json", service_request_id=told).json


def test_given_optional_arguments_that_are_empty_when_asked_then_it_is_as_if_they_were_not_there(city: Pages) -> None:
    key = matter(city, samples.uid(1))
    names = ("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status", "page")
    assert [key] == ids(city, **dict.fromkeys(names, ""))


def test_given_a_point_outside_the_world_when_posted_then_the_field_has_the_standards_name(city: Pages) -> None:
    city.peers.answers["locate_point"] = Invalid.because({"lon": ["应在 -180 至 180 之间"]})
    answer = city.browser().post(f"{BASE}/requests.json", data={"service_code": LAMP, "lat": "38", "long": "181"})
    assert (400, ["long: 应在 -180 至 180 之间"]) == (answer.status_code, [each["description"] for each in answer.json])


TREE = {
    None: [("city", "银川市")], "city": [("city.a", "银虹社区"), ("city.b", "沁苑社区")],
    "city.a": [("city.a.b5", "5号楼")], "city.b": [("city.b.b5", "5号楼"), ("city.b.b15", "15号楼")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("银虹社区5号楼", "city.a.b5"),
        ("沁苑社区15号楼", "city.b.b15"),
        ("银虹社区", "city.a"),
        ("5号楼", "city"),
        ("", "city"),
    ],
)
def test_given_words_of_an_address_when_placed_then_the_area_they_name_best_is_taken_and_none_is_guessed(
    monkeypatch: pytest.MonkeyPatch, words: str, path: str
) -> None:
    monkeypatch.setattr(reporting.places, "children", lambda at: TREE.get(at, []))
    assert path == reporting.place({"address_string": words})
