"""A department reads its own queue and writes its own keys; each other act is refused by a real broker."""

from __future__ import annotations

import stat
from urllib.parse import urlsplit

import amqp
import httpx
import pytest
from amqp.exceptions import AccessRefused, PreconditionFailed

from ops import department_sheet, rabbitmq_api
from ops.problems import Problem
from ops.waiting import wait_until
from tests.integration.departments.plug import Plug, connect, shaodao

pytestmark = pytest.mark.integration


def test_given_a_new_department_when_its_own_queue_and_keys_are_used_then_both_are_open(power):
    with power.connect() as connection:
        channel = connection.channel()
        channel.basic_get("department.gongdian")
        assert channel.is_open
    assert power.say(power.envelope("sign", "none"), "gongdian.sign") is None  # the broker's word came


FORBIDDEN = {
    "read another's queue": lambda c: c.basic_get("department.lijingjie-paichusuo"),
    "consume another's queue": lambda c: c.basic_consume("department.lijingjie-paichusuo"),
    "read dispatch's queue of replies": lambda c: c.basic_get("dispatch.replies"),
    "read a service's inbox": lambda c: c.basic_get("dispatch.inbox"),
    "purge another's queue": lambda c: c.queue_purge("department.lijingjie-paichusuo"),
    "delete the own queue": lambda c: c.queue_delete("department.gongdian"),
    "declare a queue": lambda c: c.queue_declare("department.gongdian.more", durable=True),
    "declare a queue the broker names": lambda c: c.queue_declare("", exclusive=True),
    "declare an exchange": lambda c: c.exchange_declare("department.gongdian", "topic"),
    "bind the own queue to events": lambda c: c.queue_bind("department.gongdian", "dispatch.events", "#"),
    "bind the own queue to another's orders": lambda c: c.queue_bind("department.gongdian", "departments", "#"),
    "bind the own queue to all replies": lambda c: c.queue_bind("department.gongdian", "department-replies", "#"),
    "unbind the own queue": lambda c: c.queue_unbind("department.gongdian", "departments", "gongdian"),
}


@pytest.mark.parametrize("act", FORBIDDEN)
def test_given_a_department_when_it_does_what_is_not_its_own_then_the_broker_refuses(power, police, act):
    with power.connect() as connection, pytest.raises(AccessRefused):
        FORBIDDEN[act](connection.channel())


@pytest.mark.parametrize(
    ("exchange", "key"),
    [
        ("department-replies", "lijingjie-paichusuo.sign"),
        ("department-replies", "gongdian.fly"),
        ("department-replies", "gongdian.sign.more"),
        ("department-replies", "#"),
        ("departments", "lijingjie-paichusuo"),
        ("dispatch.events", "whistle_blown"),
        ("intake.events", "appeal_registered"),
        ("dispatch.replay", ""),
        ("nameko-rpc", "dispatch.list_units"),
        ("amq.topic", "gongdian.sign"),
        ("", "department.lijingjie-paichusuo"),
        ("", "dispatch.inbox"),
    ],
)
def test_given_a_department_when_it_writes_elsewhere_then_the_broker_refuses(power, exchange, key):
    with pytest.raises(AccessRefused):
        power.say({}, key, exchange=exchange)


@pytest.mark.parametrize("forged", ["department.lijingjie-paichusuo", "dispatch", "dispatch-relay", "ops"])
def test_given_a_forged_user_id_when_published_then_the_broker_refuses(power, police, forged):
    with pytest.raises(PreconditionFailed):
        power.say(power.envelope("sign", "none"), "gongdian.sign", user_id=forged)


def test_given_a_department_when_it_asks_the_management_api_then_it_is_refused(power, district):
    at = urlsplit(power.uri)
    api = f"{rabbitmq_api.base(district)}/api/overview"
    assert 401 == httpx.get(api, auth=(at.username, at.password), trust_env=False).status_code


def test_given_the_welcome_sheet_when_written_then_only_its_owner_reads_it(power, district):
    path = department_sheet.folder(district) / "gongdian.md"
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent)]
    text = path.read_text(encoding="utf8")
    assert ([0o600, 0o700], True) == (
        modes,
        all(word in text for word in ("供电公司", "department.gongdian", "第一步")),
    )


def test_given_an_unknown_unit_when_added_then_it_is_a_problem_and_nothing_is_made(district):
    with pytest.raises(Problem, match="no unit"):
        shaodao("department", "add", "nobody")
    assert "department.nobody" not in {user["name"] for user in rabbitmq_api.call(district, "GET", "users")}


def test_given_a_connected_department_when_added_again_then_it_is_a_problem(power):
    with pytest.raises(Problem, match="rotate"):
        shaodao("department", "add", "gongdian")


def closed(connection: amqp.Connection) -> bool:
    try:
        connection.drain_events(timeout=0.2)
    except TimeoutError:
        return False
    except (OSError, amqp.AMQPError):
        return True
    return False


def test_given_an_open_connection_when_rotated_then_it_is_cut_and_the_old_password_is_worth_nothing(district):
    plug = Plug.of(district, "yinhong-falvguwen")
    old = plug.connect()
    before = plug.uri
    shaodao("department", "rotate", "yinhong-falvguwen")
    wait_until(lambda: closed(old), seconds=60, what="the old connection closed")
    assert before != plug.uri
    with pytest.raises(AccessRefused):
        connect(before)
    with plug.connect() as fresh:
        fresh.channel().basic_get("department.yinhong-falvguwen")


def test_given_a_department_when_removed_then_login_and_queue_are_gone_and_it_can_come_again(district):
    plug = Plug.of(district, "hongbei-wuye")
    listed = shaodao("department", "list")
    open_connection = plug.connect()
    shaodao("department", "remove", "hongbei-wuye", "--drop-queue")
    wait_until(lambda: closed(open_connection), seconds=60, what="the connection closed")
    assert (True, False) == ("hongbei-wuye" in listed, "hongbei-wuye" in shaodao("department", "list"))
    assert not (department_sheet.folder(district) / "hongbei-wuye.md").exists()
    assert "department.hongbei-wuye" not in rabbitmq_api.queues(district)
    with plug.of(district, "hongbei-wuye").connect() as again:
        assert None is again.channel().basic_get("department.hongbei-wuye")
