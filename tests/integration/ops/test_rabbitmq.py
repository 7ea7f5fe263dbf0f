"""A project-local broker: starts, takes definitions, keeps logins apart, keeps messages over a restart."""

from __future__ import annotations

import amqp
import pytest

from ops import processes, rabbitmq, rabbitmq_api, rabbitmq_node
from ops.ports import LOOPBACK
from ops.waiting import wait_until
from ops.world import SERVICES, World

pytestmark = pytest.mark.integration
LISTENING = ("rabbitmq", "rabbitmq_api", "rabbitmq_distribution", "mqtt")


@pytest.fixture(scope="module")
def world(broker_world: World) -> World:
    rabbitmq.define(broker_world, rabbitmq.definitions_of(broker_world))
    return broker_world


def connect(world: World, login: str, password: str | None = None) -> amqp.Connection:
    secret = password or world.settings["amqp"][login]
    host = f"{LOOPBACK}:{world.port('rabbitmq')}"
    connection = amqp.Connection(host, login, secret, virtual_host="shaodao", connect_timeout=5)
    connection.connect()
    return connection


def publish(connection: amqp.Connection, body: str, exchange: str = "intake.events") -> None:
    """Publishes and waits for the broker's word. Errors: AccessRefused."""
    channel = connection.channel()
    channel.confirm_select()
    message = amqp.Message(body, delivery_mode=2)
    channel.basic_publish_confirm(message, exchange=exchange, routing_key="appeal_registered")


def first_message(world: World) -> str:
    """Takes the first message out of the portal's inbox, where every event goes."""
    with connect(world, "portal") as connection:
        channel = connection.channel()
        message = wait_until(lambda: channel.basic_get("portal.inbox", no_ack=True), seconds=60, what="a message")
        return str(message.body)


def test_there_is_no_guest(world: World) -> None:
    names = {user["name"] for user in rabbitmq_api.call(world, "GET", "users")}
    assert names == {"ops", *SERVICES, *(f"{service}-relay" for service in SERVICES)}
    with pytest.raises(amqp.exceptions.AccessRefused):
        connect(world, "guest", "guest")


@pytest.mark.parametrize("service", SERVICES)
def test_only_its_own_relay_publishes_a_services_events(world: World, service: str) -> None:
    for login in SERVICES:
        refused_to_publish(world, login, f"{service}.events")
        if login != service:
            refused_to_publish(world, f"{login}-relay", f"{service}.events")


def refused_to_publish(world: World, login: str, exchange: str) -> None:
    with connect(world, login) as connection, pytest.raises(amqp.exceptions.AccessRefused):
        publish(connection, "forged", exchange)


@pytest.mark.parametrize("login", ["intake-relay", "dispatch", "portal"])
def test_a_login_cannot_read_anothers_queue(world: World, login: str) -> None:
    with connect(world, login) as connection, pytest.raises(amqp.exceptions.AccessRefused):
        connection.channel().basic_get("intake.inbox")


def test_importing_again_changes_nothing(world: World) -> None:
    before = sorted(rabbitmq_api.queues(world))
    rabbitmq.define(world, rabbitmq.definitions_of(world))
    rabbitmq.start(world)
    assert sorted(rabbitmq_api.queues(world)) == before
    assert "dispatch.retry.30m" in before


def test_queue_depth_is_told(world: World) -> None:
    with connect(world, "intake-relay") as connection:
        publish(connection, "counted")
    wait_until(lambda: rabbitmq_api.queues(world)["portal.inbox"].get("messages") == 1, seconds=60)
    assert first_message(world) == "counted"


def test_everything_of_the_node_lies_in_the_world(world: World) -> None:
    node = processes.find(world, "rabbitmq")
    assert node is not None
    ports = {connection.laddr.port for connection in node.net_connections() if connection.status == "LISTEN"}
    assert ports == {world.port(name) for name in LISTENING}
    addresses = {connection.laddr.ip for connection in node.net_connections() if connection.status == "LISTEN"}
    assert addresses == {LOOPBACK}
    assert rabbitmq_api.call(world, "GET", "overview")["node"] == rabbitmq_node.node_name(world)


def test_a_confirmed_message_outlives_a_killed_node(world: World) -> None:
    with connect(world, "intake-relay") as connection:
        publish(connection, "kept")
    node = processes.find(world, "rabbitmq")
    assert node is not None
    node.kill()
    wait_until(lambda: not rabbitmq.is_running(world), seconds=60, what="the node's death")
    name_server = world.port("epmd")
    rabbitmq.start(world)
    assert world.port("epmd") == name_server
    assert first_message(world) == "kept"
