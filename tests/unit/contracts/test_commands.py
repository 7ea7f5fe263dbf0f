"""Rules of single commands that go beyond one field."""

from typing import Any

import pytest

from contracts.dispatch.ratings import RateTask
from contracts.dispatch.tasks import SignTask
from contracts.dispatch.whistles import DraftWhistle
from contracts.intake.appeals import RegisterAppeal
from contracts.intake.hazards import ReportHazard
from contracts.mediation.cases import GetCase
from contracts.mediation.parties import NameParty
from contracts.schema import CommandSchema


def wrong(asked: type[CommandSchema], **change: Any) -> dict[str, Any]:
    return asked().validate({**asked.example, **change})


@pytest.mark.parametrize("preference", ["CALL", "SMS"])
def test_who_wants_a_call_has_a_telephone(preference: str) -> None:
    reporter = {"name": "陈阿姨", "phone": None, "contact_preference": preference}
    assert "没有电话" in str(wrong(RegisterAppeal, reporter=reporter))


@pytest.mark.parametrize("preference", ["VISIT", "LETTER"])
def test_who_has_no_telephone_is_visited_or_written_to(preference: str) -> None:
    reporter = {"name": "陈阿姨", "contact_preference": preference}
    assert wrong(RegisterAppeal, reporter=reporter) == {}


def test_an_anonymous_appeal() -> None:
    loaded = RegisterAppeal().load({**RegisterAppeal.example, "reporter": None})
    assert loaded["reporter"] is None


def test_nested_unknown_fields_are_refused() -> None:
    reporter = {"name": "陈阿姨", "phone": "13900000001", "age": 70}
    assert wrong(RegisterAppeal, reporter=reporter) == {"reporter": {"age": ["没有这个字段"]}}
    source = {**DraftWhistle.example["source"], "more": 1}
    assert wrong(DraftWhistle, source=source) == {"source": {"more": ["没有这个字段"]}}
    photo = {**ReportHazard.example["photos"][0], "more": 1}
    assert wrong(ReportHazard, photos=[photo]) == {"photos": {0: {"more": ["没有这个字段"]}}}


def test_a_part_of_the_wrong_form() -> None:
    assert wrong(DraftWhistle, source="S2024") == {"source": {"_schema": ["格式不对，应为一组字段"]}}
    assert wrong(DraftWhistle, recipients=[]) == {"recipients": ["应有 1 到 30 项"]}


@pytest.mark.parametrize("field", ["reason", "asked_action_text", "asked_place_text"])
def test_a_whistle_s_words_hold_no_telephone(field: str) -> None:
    assert "手机号码" in str(wrong(DraftWhistle, **{field: "住户电话 139-0000-0001"}))


@pytest.mark.parametrize("change", [{"case_id": None, "case_number": None}, {"case_id": NameParty.example["case_id"]}])
def test_a_case_is_asked_for_by_one_key(change: dict[str, Any]) -> None:
    assert wrong(GetCase, **change) == {"case_id": ["请只填案件标识或编号中的一项"]}


@pytest.mark.parametrize("item", ["timeliness", "attendance", "cooperation"])
def test_points_have_a_most(item: str) -> None:
    assert item in wrong(RateTask, **{item: 21})
    assert wrong(RateTask, effect=40) == {}
    assert "effect" in wrong(RateTask, effect=41)


def test_expected_version_may_be_left_out() -> None:
    example = {key: value for key, value in SignTask.example.items() if key != "expected_version"}
    assert SignTask().load(example)["expected_version"] is None


def test_class_attributes_and_fields_of_one_name_live_together() -> None:
    assert RegisterAppeal.title == "登记诉求"
    assert RegisterAppeal().load(RegisterAppeal.example)["title"] == "卫生间污水倒灌"
