"""Codes: what travels, and what people read."""

import json
import pickle

import pytest

from kernel import codes
from kernel.codes import EscalationLevel, Role, Urgency
from kernel.codes.base import Code

EVERY_CODE = [member for member in vars(codes).values() if isinstance(member, type) and issubclass(member, Code)]
ROLES_OF_THE_DOMAIN = (
    "RESIDENT PROXY STEWARD GRID COMMUNITY WINDOW STREET DISTRICT WHISTLER RECEIVER DEPT_HEAD MEDIATOR LAWYER "
    "SUPERVISOR VOLUNTEER CARE FOLLOWUP AUDITOR ADMIN"
)
EVERY_SET = [members for members in EVERY_CODE if members is not Code]


@pytest.mark.parametrize("members", EVERY_SET, ids=lambda members: members.__name__)
def test_given_any_code_set_then_every_member_has_a_distinct_chinese_label(members: type[Code]) -> None:
    labels = members.labels()
    assert len(members) == len(set(labels))
    assert all(any("一" <= character <= "鿿" for character in label) for label in labels)


@pytest.mark.parametrize("members", EVERY_SET, ids=lambda members: members.__name__)
def test_given_a_stored_value_when_it_is_looked_up_then_it_is_the_same_member(members: type[Code]) -> None:
    assert list(members) == [members(value) for value in members.values()]


def test_given_the_roles_of_the_domain_then_each_is_there() -> None:
    expected = ROLES_OF_THE_DOMAIN.split()
    assert expected == Role.values()


def test_given_a_member_when_it_travels_then_it_is_its_value() -> None:
    assert '{"urgency": "EMERGENCY"}' == json.dumps({"urgency": Urgency.EMERGENCY})
    assert "EMERGENCY" == f"{Urgency.EMERGENCY}"
    assert pickle.loads(pickle.dumps(Urgency.EMERGENCY)) is Urgency.EMERGENCY


def test_given_an_unknown_code_when_it_is_looked_up_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="NOBODY"):
        Role("NOBODY")


def test_given_escalation_levels_then_they_stand_in_the_order_of_raising() -> None:
    assert ["RECEIVER_B", "DEPT_HEAD", "STREET", "DISTRICT"] == EscalationLevel.values()


def test_given_choices_then_they_pair_code_and_label() -> None:
    assert ("EMERGENCY", "紧急") == Urgency.choices()[0]
