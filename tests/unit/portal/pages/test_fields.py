"""A list of words that stand in no list of choices is entered one a line."""

from __future__ import annotations

from contracts.fields import Many
from contracts.notify.care_profiles import EnrolForCare
from contracts.schema import Shape
from contracts.tokens import case_no
from services.portal.pages import fields
from services.portal.pages.fields import Kind


class Agenda(Shape):
    topics = Many(case_no(), most=20, label="议题编号")


def test_given_a_list_without_choices_when_drawn_and_read_then_it_is_a_word_a_line() -> None:
    (field,) = fields.drawn(Agenda, {})
    entered = {"topics": " U202407060104000011 \r\n\r\nU202407060104000022"}
    expected = (Kind.LINES, ["U202407060104000011", "U202407060104000022"])
    assert expected == (field.kind, fields.read(field, entered))


def test_given_a_list_with_choices_when_drawn_then_it_is_ticked() -> None:
    (field,) = fields.drawn(Agenda, {"topics": [("U202407060104000011", "加装扶手")]})
    assert (Kind.PICKS, ["U202407060104000011"]) == (
        field.kind,
        fields.read(field, {"topics:U202407060104000011": "1"}),
    )


def test_given_a_group_with_a_label_when_drawn_then_its_fields_say_whose_they_are() -> None:
    labels = [field.label for field in fields.drawn(EnrolForCare, {})]
    assert (1, 1, 1) == tuple(labels.count(each) for each in ("姓名", "紧急联系人姓名", "紧急联系人电话"))
