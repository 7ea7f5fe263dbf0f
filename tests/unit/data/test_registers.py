"""The registers of sentences and the marks of tests agree."""

import pytest

from tests.marks import ROWS, RULES


def test_given_the_rules_people_met_then_each_is_held_by_a_test_and_every_mark_names_one():
    assert set(RULES.told()) == set(RULES.held())


def test_given_the_rows_of_the_texts_then_every_mark_names_one():
    assert set() == set(ROWS.held()) - set(ROWS.told())


@pytest.mark.parametrize(("register", "rows"), [(RULES, 55), (ROWS, 81)])
def test_given_a_register_when_read_then_no_line_of_it_is_passed_over(register, rows):
    assert rows == len(register.told())
