"""docs/rules.md and the tests that carry its numbers."""

from tests import rules


def test_given_the_rules_then_each_has_tests_and_each_mark_a_sentence():
    told, held = set(rules.told()), set(rules.held())
    assert (set(), set()) == (told - held, held - told)
