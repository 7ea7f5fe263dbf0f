"""Every alert has a test in which it fires, and a line that says what to do."""

from __future__ import annotations

import yaml

from ops.world import REPOSITORY

PROMETHEUS = REPOSITORY / "deploy" / "prometheus"


def alerts() -> set[str]:
    groups = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text("utf8"))["groups"]
    return {rule["alert"] for group in groups for rule in group["rules"]}


def test_given_an_alert_then_there_is_a_test_in_which_it_fires():
    tests = yaml.safe_load((PROMETHEUS / "alerts_test.yml").read_text("utf8"))["tests"]
    fires = {each["alertname"] for test in tests for each in test["alert_rule_test"] if each["exp_alerts"]}
    assert alerts() == fires


def test_given_an_alert_then_operations_say_what_to_do():
    told = (REPOSITORY / "docs" / "operations.md").read_text("utf8")
    assert set() == {name for name in alerts() if f"\n| {name} |" not in told}
