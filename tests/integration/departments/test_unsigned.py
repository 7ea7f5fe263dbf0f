"""Orders that a department rejects or purges are seen when their sign clock has run out, and come again."""

from __future__ import annotations

import pytest

from ops.waiting import wait_until
from tests.integration.departments.plug import shaodao
from tests.integration.departments.test_replying import ordered
from tests.integration.departments.whistling import lamp_pole
from tests.stories.sql import one

pytestmark = [pytest.mark.integration, pytest.mark.rule("42")]


def reject(channel):
    found = wait_until(lambda: channel.basic_get("department.gongdian"), seconds=60, what="the order")
    channel.basic_reject(found.delivery_tag, requeue=False)


def purge(channel):
    wait_until(lambda: channel.queue_purge("department.gongdian"), seconds=60, what="the order")


@pytest.mark.parametrize("lose", [reject, purge])
def test_given_an_order_that_was_lost_when_its_time_is_over_then_it_is_listed_and_ordered_again(
    story, power, district, lose
):
    with power.connect() as connection:
        connection.channel().queue_purge("department.gongdian")
        task_id = lamp_pole(story)
        lose(connection.channel())
    due = one(district, "dispatch", f"select sign_due from task where id = '{task_id}'")
    story.later(seconds=int((due - district.now()).total_seconds()) + 2)
    assert (True, True) == (task_id in shaodao("department", "unsigned", "gongdian"), "gongdian: " in shaodao("status"))
    shaodao("department", "order-again", "gongdian")
    assert task_id == ordered(power, task_id)["data"]["task_id"]
