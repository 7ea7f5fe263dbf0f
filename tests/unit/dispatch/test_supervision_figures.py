"""Supervision counted by month: shares of the orders they open, no data is not none in a hundred."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Forbidden
from tests.unit.dispatch import world
from tests.unit.dispatch.supervised import BUREAU_CHIEF, do, issued
from tests.unit.dispatch.world import HEWENBIN, NOW, WANGFANG

JULY = {"area_path": world.STREET_PATH, "month": "2024-07"}
WEEK = timedelta(days=7)


def test_given_orders_when_counted_then_the_shares_are_of_the_rows_they_open(store):
    in_time, late, lifted = issued(store), issued(store), issued(store)
    do(store, "reply_supervision", number=in_time)
    do(store, "accept_supervision", number=in_time)
    do(store, "reply_supervision", number=late, now=NOW + WEEK)
    do(store, "lift_supervision", number=lifted)
    found = do(store, "report_supervisions", **JULY, now=NOW + WEEK)["figures"]
    told = {each["name"]: (each["part"], each["whole"], each["value"]) for each in found}
    assert ((1, 2, "50.0%"), (1, 2, "50.0%"), (0, 0, "无数据"), (1, 2, "50.0%")) == (
        told["按时回复率·全部"], told["按时回复率·领导交办或其他"], told["按时回复率·超期"], told["督办办结率·sifasuo"],
    )  # fmt: skip
    rows = do(store, "list_counted_supervisions", **JULY, measure="IN_TIME", cause="OTHER", unit="sifasuo")["items"]
    assert [(in_time, True), (late, False)] == [(row["number"], row["counts"]) for row in rows]
    only = do(store, "list_counted_supervisions", **JULY, measure="IN_TIME", counts=True)["items"]
    assert [in_time] == [row["number"] for row in only]


def test_given_an_order_neither_answered_nor_late_when_counted_then_there_is_no_data_and_not_none_in_a_hundred(store):
    issued(store)
    (first, *_) = do(store, "report_supervisions", **JULY)["figures"]
    assert ("无数据", 0) == (first["value"], first["whole"])


@pytest.mark.parametrize("who", [WANGFANG, HEWENBIN, BUREAU_CHIEF])
def test_given_whoever_is_counted_when_asking_for_figures_then_it_is_forbidden(store, who):
    with pytest.raises(Forbidden):
        do(store, "report_supervisions", who, **JULY)
