"""Who is told when a unit is supervised, answers, is sent back or is late."""

from __future__ import annotations

import pytest

from contracts import samples
from contracts.dispatch import supervisions as say
from tests.unit.notify.facts import NOW, fact, messages, tell, told

ORDER = samples.uid(77)
ABOUT = {"unit": "lijingjie-sifasuo", "level": "STREET"}
ISSUER = {"id": "u-liuwei", "name": "刘伟"}
HOLDER = {"id": "u-hewenbin", "name": "何文彬"}
UNIT = "lijingjie-sifasuo"


def hear(store, contract, version=1, **data):
    tell(store, fact(contract, {**ABOUT, **data}, version, subject=ORDER), NOW)


@pytest.mark.parametrize("contract", [say.SupervisionOrdered, say.SupervisionReturned])
@pytest.mark.parametrize(("holder", "people"), [(HOLDER, {UNIT, "u-hewenbin"}), (None, {UNIT})])
def test_given_an_order_or_a_return_when_heard_then_the_unit_and_its_receiver_are_told(store, contract, holder, people):
    hear(store, contract, holder=holder)
    assert people == {to for _, to in told(store)}


@pytest.mark.parametrize(
    ("issuer", "level", "to"),
    [(ISSUER, "STREET", "u-liuwei"), (None, "STREET", "street-lijingjie"), (None, "DISTRICT", "district-xingqing")],
)
def test_given_an_answer_when_heard_then_who_ordered_it_is_told_and_the_unit_is_asked_no_more(store, issuer, level, to):
    hear(store, say.SupervisionOrdered, holder=HOLDER)
    hear(store, say.SupervisionAnswered, 2, issued_by=issuer, level=level)
    assert {("supervision_to_decide", to)} == told(store)


@pytest.mark.parametrize(
    ("level", "to"), [("DEPT_HEAD", UNIT), ("STREET", "street-lijingjie"), ("DISTRICT", "district-xingqing")]
)
def test_given_a_late_order_when_heard_again_and_again_then_each_level_is_told_once_a_cycle(store, level, to):
    for version, cycle in enumerate((1, 1, 2), 1):
        hear(store, say.SupervisionOverdue, version, told=level, cycle=cycle)
    assert [to, to] == [row.recipient_id for row in messages(store)]


def test_given_a_lifted_order_when_heard_then_nobody_is_asked_for_an_answer_any_more(store):
    hear(store, say.SupervisionOrdered, holder=HOLDER)
    hear(store, say.SupervisionLifted, 2, decided_by=ISSUER)
    assert {("supervision_lifted", UNIT)} == told(store)
