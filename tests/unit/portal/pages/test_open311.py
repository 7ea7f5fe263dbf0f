"""GeoReport v2 as its clients speak it, and nothing in it that tells a number, a word or a person."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as Xml

import pytest

from chassis.envelope import rfc3339
from chassis.errors import Invalid
from contracts import samples
from tests.unit.portal.pages.open311 import (
    BASE,
    DRAIN,
    LAMP,
    REPORT,
    SECRET,
    city,
    get,
    ids,
    matter,
)
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.pages.test_beginning import asked
from tests.unit.portal.readmodel.story import APPEAL_NO, STAIRWELL, at

__all__ = ["city"]


def test_given_the_category_tree_when_services_are_listed_then_its_leaves_are_there_in_both_forms(city: Pages) -> None:
    first, *_ = get(city, "services.json").json
    root = Xml.fromstring(get(city, "services.xml").data)
    assert (DRAIN, "下水堵塞", True, "realtime", "住房与物业") == tuple(
        first[name] for name in ("service_code", "service_name", "metadata", "type", "group")
    )
    assert ("services", 3, "true") == (root.tag, len(root.findall("service")), root[0].findtext("metadata"))


def test_given_a_service_when_defined_then_its_questions_are_attributes_and_none_is_required(city: Pages) -> None:
    told = get(city, f"services/{DRAIN}.json").json
    (attribute,) = told["attributes"]
    assert (DRAIN, "q1", "text", False, "现在还在往外冒水吗？") == (
        told["service_code"], *(attribute[name] for name in ("code", "datatype", "required", "description")),
    )  # fmt: skip


def test_given_a_report_when_posted_then_it_goes_the_public_way_and_the_answer_is_an_array_of_one(city: Pages) -> None:
    answer = city.browser().post(
        f"{BASE}/requests.json", data={**REPORT, "attribute[q1]": "是", "phone": "13900000101"}
    )
    (sent,) = asked(city, "register_appeal")
    assert (201, [samples.APPEAL], True) == (
        answer.status_code, [each["service_request_id"] for each in answer.json],
        APPEAL_NO in answer.json[0]["service_notice"],
    )  # fmt: skip
    assert ("OPEN311", STAIRWELL, "污水漫到楼道\n现在还在往外冒水吗？是", "13900000101") == (
        sent["channel"], sent["area_path"], sent["content"], sent["reporter"]["phone"],
    )  # fmt: skip


def test_given_a_point_in_a_grid_when_posted_then_it_lies_there(city: Pages) -> None:
    city.peers.answers["locate_point"] = {"path": STAIRWELL}
    told = {"service_code": LAMP, "lat": "38.47", "long": "106.28", "datum": "gcj02"}
    city.browser().post(f"{BASE}/requests.json", data=told)
    (sent,), (where,) = asked(city, "register_appeal"), asked(city, "locate_point")
    assert (STAIRWELL, {"lat": 38.47, "lon": 106.28, "datum": "GCJ02"}) == (sent["area_path"], where)


def test_given_what_the_standard_leaves_out_when_posted_then_nothing_of_ours_is_required(city: Pages) -> None:
    told = {"service_code": LAMP, "lat": "38.47", "long": "106.28", "jurisdiction_id": "yinchuan.xingqing"}
    answer = city.browser().post(f"{BASE}/requests.xml", data=told)
    (sent,) = asked(city, "register_appeal")
    assert (201, samples.APPEAL) == (
        answer.status_code,
        Xml.fromstring(answer.data).findtext("request/service_request_id"),
    )
    assert ("路灯不亮", "（38.47, 106.28）", None, "yinchuan.xingqing") == (
        sent["content"], sent["place_text"], sent["reporter"], sent["area_path"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "status", "word"),
    [
        ({}, 400, "service_code"),
        ({"service_code": "none", "lat": "1", "long": "1"}, 404, "service_code"),
        ({"service_code": LAMP}, 400, "address_string"),
        ({**REPORT, "phone": "12"}, 400, "phone"),
    ],
)
def test_given_a_wrong_report_when_posted_then_the_error_is_an_array_of_code_and_description(
    city: Pages, told: dict[str, str], status: int, word: str
) -> None:
    answer = city.browser().post(f"{BASE}/requests.json", data=told)
    (error,) = answer.json
    assert (status, status, True) == (answer.status_code, error["code"], word in error["description"])


def test_given_a_refusal_in_xml_when_answered_then_it_is_a_list_of_errors(city: Pages) -> None:
    root = Xml.fromstring(get(city, "requests/none.xml").data)
    assert ("errors", "404") == (root.tag, root.findtext("error/code"))


@pytest.mark.parametrize(
    "path", ["nothing.json", "services.html", "requests", "services/none.json", "tokens/none.json"]
)
def test_given_an_address_that_is_none_when_asked_then_the_answer_is_the_standards_error(
    city: Pages, path: str
) -> None:
    answer = get(city, path)
    assert (404, [404]) == (answer.status_code, [each["code"] for each in answer.json])


@pytest.mark.parametrize("status", [["open", "closed"], ["open,closed"], [], ["open, closed"]])
def test_given_filters_when_repeated_or_joined_then_both_mean_the_same(city: Pages, status: list[str]) -> None:
    keys = {matter(city, samples.uid(1)), matter(city, samples.uid(2), state="CLOSED")}
    assert keys == set(ids(city, status=status))


def test_given_a_status_when_asked_for_then_only_such_requests_come(city: Pages) -> None:
    matter(city, samples.uid(1))
    closed = matter(city, samples.uid(2), state="ANSWERED")
    assert ([closed], 400) == (ids(city, status="closed"), get(city, "requests.json", status="late").status_code)


def test_given_ids_when_asked_for_then_they_override_every_other_filter(city: Pages) -> None:
    first, second = matter(city, samples.uid(1)), matter(city, samples.uid(2), 71)
    matter(city, samples.uid(3))
    assert [second, first] == ids(city, service_request_id=f"{first},{second}", status="closed", service_code=DRAIN)


def test_given_no_dates_when_listed_then_the_last_ninety_days_and_a_thousand_at_most(
    city: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter(city, samples.uid(1), -24 * 91)
    new = [matter(city, samples.uid(no), 70 - no) for no in (2, 3, 4)]
    assert new == ids(city)
    monkeypatch.setattr("services.portal.open311.requests.MOST", 2)
    assert new[:2] == ids(city, service_code=LAMP)


def test_given_dates_when_listed_then_they_bound_the_requests_and_may_not_span_more_than_ninety_days(
    city: Pages,
) -> None:
    old = matter(city, samples.uid(1), -24 * 91)
    start = at(-24 * 92)
    wide = {"start_date": rfc3339(start), "end_date": rfc3339(start + timedelta(days=91))}
    assert ([old], 400, 400) == (
        ids(city, start_date=rfc3339(start)), get(city, "requests.json", **wide).status_code,
        get(city, "requests.json", start_date="yesterday").status_code,
    )  # fmt: skip


def test_given_what_is_not_for_everybody_when_listed_then_it_is_not_there(city: Pages) -> None:
    hidden = [
        matter(city, samples.uid(1), secret=True), matter(city, samples.uid(2), against=["yinhong"]),
        matter(city, samples.uid(3), category=SECRET), matter(city, samples.uid(4), kind="HAZARD"),
    ]  # fmt: skip
    assert [] == ids(city)
    assert [404] * 4 == [get(city, f"requests/{key}.json").status_code for key in hidden]


def test_given_a_request_when_read_then_the_place_ends_at_the_community_and_no_number_is_told(city: Pages) -> None:
    key = matter(city, samples.uid(1), number=APPEAL_NO, case_number=APPEAL_NO)
    answer = get(city, f"requests/{key}.json", extensions="true")
    (told,) = answer.json
    assert (samples.COMMUNITY, "银虹社区", "open", None, "ASSIGNED") == (
        told["address_id"], told["address"], told["status"], told["description"], told["extended_attributes"]["state"],
    )  # fmt: skip
    assert ("2024-07-07T23:10:00Z", False) == (told["requested_datetime"], APPEAL_NO in answer.text)


def test_given_no_moment_and_no_point_when_written_as_xml_then_their_elements_are_left_out_and_words_are_empty(
    city: Pages,
) -> None:
    """Go reads no list at all in which one `<expected_datetime />` is empty."""
    key = matter(city, samples.uid(1))
    request = Xml.fromstring(get(city, f"requests/{key}.xml").data)[0]
    assert (None, None, None, "", "2024-07-07T23:10:00Z") == (
        request.find("lat"), request.find("long"), request.find("expected_datetime"),
        request.findtext("description"), request.findtext("requested_datetime"),
    )  # fmt: skip


def test_given_an_id_when_asked_for_as_a_token_then_it_is_its_own(city: Pages) -> None:
    key = matter(city, samples.uid(1))
    assert [{"service_request_id": key, "token": key}] == get(city, f"tokens/{key}.json").json


def test_given_a_service_that_refuses_when_posted_then_the_names_are_the_standards(city: Pages) -> None:
    city.peers.answers["register_appeal"] = Invalid.because(
        {"reporter": {"phone": ["没有这个号段"]}, "area_path": ["没有"]}
    )
    answer = city.browser().post(f"{BASE}/requests.json", data=REPORT)
    assert ["phone: 没有这个号段", "address_id: 没有"] == [each["description"] for each in answer.json]
