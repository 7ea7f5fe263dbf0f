"""What a whistle is blown for is proven by who owns it, before anybody is called."""

from __future__ import annotations

from uuid import UUID

import pytest

from chassis.errors import Invalid, NotFound, Unavailable
from services.dispatch import sources
from tests.unit.dispatch.world import LIUWEI, WANGFANG

NUMBER = "S202407050102000013"


def draft(kind="APPEAL", area="yinchuan.xingqing.shandalu.yinhong", source_kind="APPEAL"):
    source = {"kind": source_kind, "id": UUID(int=5), "number": NUMBER}
    recipients = [{"unit": "sifasuo"}]
    return {"source": source, "kind": kind, "area_path": area, "recipients": recipients}


def intake_says(*, no=5, area="yinchuan.xingqing.shandalu.yinhong"):
    return lambda method, question, deadline: {"id": str(UUID(int=no)), "area_path": area}


def complains(*against, area="yinchuan.xingqing.shandalu"):
    return lambda method, question, deadline: {"id": str(UUID(int=5)), "area_path": area, "against": list(against)}


@pytest.mark.rule("1")
def test_given_a_complaint_when_the_street_above_whistles_then_it_is_proven():
    command = draft(area="yinchuan.xingqing.shandalu")
    assert sources.prove(LIUWEI, command, complains("yinhong")) is None


@pytest.mark.rule("1")
@pytest.mark.parametrize(
    ("who", "area"),
    [
        (WANGFANG, "yinchuan.xingqing.shandalu"),
        (LIUWEI, "yinchuan.xingqing.shandalu.yinhong"),
    ],
    ids=["side complained of", "place below"],
)
def test_given_a_complaint_when_whistled_for_from_below_then_there_is_no_such_case(who, area):
    with pytest.raises(NotFound):
        sources.prove(who, draft(area=area), complains("yinhong"))


@pytest.mark.rule("1")
def test_given_a_unit_complained_of_when_called_then_it_is_refused():
    with pytest.raises(Invalid) as refused:
        sources.prove(LIUWEI, draft(area="yinchuan.xingqing.shandalu"), complains("sifasuo"))
    assert ["recipients"] == list(refused.value.details["fields"])


def away(method, question, deadline):
    raise Unavailable("away")


@pytest.mark.parametrize("place", ["yinchuan.xingqing.shandalu", "yinchuan.xingqing.shandalu.yinhong.g2.b7"])
def test_given_a_case_around_or_within_the_place_when_whistled_for_then_it_is_proven(place):
    assert sources.prove(WANGFANG, draft(), intake_says(area=place)) is None


def test_given_a_case_mediation_opened_when_whistled_for_then_mediation_is_asked():
    asked = []

    def ask(command, question, deadline):
        asked.append((command.service, command.method))
        return intake_says()(command, question, deadline)

    sources.prove(WANGFANG, draft(source_kind="MEDIATION"), ask)
    assert [("mediation", "locate_case")] == asked


@pytest.mark.parametrize(
    ("command", "answer", "field"),
    [
        (draft(), intake_says(no=6), "source"),
        (draft(), intake_says(area="yinchuan.xingqing.shandalu.hongbei"), "area_path"),
        (draft(source_kind="WHISTLE"), intake_says(), "source"),
    ],
)
def test_given_another_case_or_place_when_whistled_for_then_the_field_is_named(command, answer, field):
    with pytest.raises(Invalid) as refused:
        sources.prove(WANGFANG, command, answer)
    assert [field] == list(refused.value.details["fields"])


def test_given_intake_away_when_whistled_then_an_emergency_alone_does_not_wait():
    assert sources.prove(WANGFANG, draft(kind="EMERGENCY"), away) is None
    with pytest.raises(Unavailable):
        sources.prove(WANGFANG, draft(), away)
