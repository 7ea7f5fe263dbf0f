"""Where to go and whom to ring: for everybody, at any hour."""

from __future__ import annotations

import pytest

from kernel.reference import data_folder
from services.notify import reference
from tests.unit.notify.facts import COMMUNITY, NIGHT, NOW, SERVICE
from tests.unit.notify.wishing import do


def listed(store, moment=NOW, area_path=COMMUNITY):
    return do(store, "list_service_points", SERVICE, moment, area_path=area_path)["items"]


@pytest.fixture
def loaded(bare_store):
    for _ in range(2):
        with bare_store.transaction() as session:
            reference.load(session, data_folder("district"), NOW)
    return bare_store


@pytest.mark.row("S1.12")
@pytest.mark.parametrize(("moment", "hall"), [(NOW, "OPEN"), (NIGHT, "SHUT")])
def test_given_a_community_when_asked_at_any_hour_then_somebody_can_be_rung(loaded, moment, hall):
    shown = {row["name"]: row for row in listed(loaded, moment)}
    line, counter = shown["兴庆区便民服务热线"], shown["银虹社区便民服务厅"]
    assert ("OPEN", True, "全天", "0951-6000090") == (
        line["state"], line["round_the_clock"], line["opens"], line["phone"],
    )  # fmt: skip
    assert (hall, "工作日 08:30-18:00", "一楼服务厅") == (counter["state"], counter["opens"], counter["rooms"])


def test_given_a_house_when_asked_then_what_answers_for_it_is_shown_and_no_other_community_s_counter(loaded):
    names = [row["name"] for row in listed(loaded, area_path=f"{COMMUNITY}.g3.b5u2")]
    assert ["居家养老呼叫中心", "兴庆区便民服务热线", "银虹社区老饭桌", "银虹社区便民服务厅"] == names


def test_given_points_when_listed_then_what_is_always_manned_comes_first(loaded):
    assert [True, True, False, False] == [row["round_the_clock"] for row in listed(loaded)]
