"""Each login may do what the design says and not more. Patterns are tried as the broker tries them."""

import base64
import hashlib
import re
from typing import Any

import pytest

from bus import hearing
from contracts import grants, registry, topology
from contracts.listeners import ASKERS, LETTERS, LISTENERS, SERVICES
from services.dispatch import verbs

FURNITURE = topology.template()
EXCHANGES = {entry["name"]: entry for entry in FURNITURE["exchanges"]}
QUEUES = {entry["name"]: entry for entry in FURNITURE["queues"]}
REPLY_KEY = "7baf479e-98b5-41ba-a42e-828f1b66e8f0"


def permission(user: str) -> dict[str, str]:
    return next(entry for entry in FURNITURE["permissions"] if entry["user"] == user)


def may(user: str, right: str, resource: str) -> bool:
    return re.search(permission(user)[right], resource) is not None


def topic(user: str, right: str, key: str) -> bool:
    entry = next(entry for entry in FURNITURE["topic_permissions"] if entry["user"] == user)
    return re.search(entry[right], key) is not None


def writable(user: str) -> set[str]:
    return {name for name in [*EXCHANGES, *QUEUES, "amq.default", "amq.topic"] if may(user, "write", name)}


def readable(user: str) -> set[str]:
    return {name for name in [*EXCHANGES, *QUEUES] if may(user, "read", name)}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_only_calls_and_its_own_waiting_rooms(service: str) -> None:
    waiting = {f"{service}.retry.{delay}" for delay in topology.RETRIES}
    assert writable(service) == {"nameko-rpc", *waiting}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_only_its_own_queues(service: str) -> None:
    letters = {f"{service}.{LETTERS[service][1]}"} if service in LETTERS else set()
    assert readable(service) == {"nameko-rpc", f"{service}.inbox", f"{service}.dead", f"rpc-{service}"} | letters


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_declares_only_its_own_reply_queue(service: str) -> None:
    assert may(service, "configure", f"rpc.reply-{service}-{REPLY_KEY}")
    others = [f"rpc.reply-{other}-{REPLY_KEY}" for other in SERVICES if other != service]
    assert not any(may(service, "configure", name) for name in [*others, *EXCHANGES, *QUEUES])


@pytest.mark.parametrize("service", SERVICES)
def test_a_relay_writes_only_its_service_s_words(service: str) -> None:
    departments = {"departments"} if service == "dispatch" else set()
    assert writable(f"{service}-relay") == {f"{service}.events", f"{service}.replay"} | departments


@pytest.mark.parametrize("service", SERVICES)
def test_a_relay_reads_and_declares_nothing(service: str) -> None:
    assert readable(f"{service}-relay") == set()
    assert not any(may(f"{service}-relay", "configure", name) for name in [*EXCHANGES, *QUEUES])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_binds_only_its_reply_key(service: str) -> None:
    assert topic(service, "read", REPLY_KEY)
    assert not any(topic(service, "read", key) for key in ["#", "*", "intake.*", "intake.get_appeal", f"{REPLY_KEY}.#"])


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "portal"])
def test_a_service_answers_reads_logs_and_asks_no_more_than_it_must(service: str) -> None:
    """What it must is what its code asks (test_askers.py)."""
    assert topic(service, "write", REPLY_KEY)
    assert topic(service, "write", "intake.events_since")
    allowed = {key for key in registry.COMMANDS if topic(service, "write", ".".join(key))}
    assert allowed == {(command.service, command.method) for command in ASKERS[service]}


def test_the_portal_may_ask_everything() -> None:
    assert all(topic("portal", "write", ".".join(key)) for key in registry.COMMANDS)


def test_only_the_operator_is_an_administrator() -> None:
    assert {user["name"] for user in FURNITURE["users"] if user["tags"]} == {"ops"}
    assert "guest" not in topology.users()
    assert sorted(topology.users()) == sorted([*SERVICES, *(f"{name}-relay" for name in SERVICES), "ops"])


def test_a_department_reads_its_queue_and_replies_under_its_key() -> None:
    allowed = topology.department_permissions("gong.an")
    rights, (limit,) = allowed["permissions"], allowed["topic_permissions"]
    assert re.search(rights["read"], "department.gong.an")
    assert not re.search(rights["read"], "department.gongXan")
    assert re.search(rights["write"], "department-replies")
    assert not any(re.search(rights["write"], name) for name in EXCHANGES if name != "department-replies")
    assert re.search(limit["write"], "gong.an.sign")
    assert not any(re.search(limit["write"], key) for key in ["lvhua.sign", "gong.an.fly", "gong.an.sign.more"])
    assert rights["configure"] == limit["read"] == grants.NOTHING


def test_every_reply_of_the_contract_is_allowed_and_no_other() -> None:
    replies = [reply for reply in registry.DEPARTMENT_MESSAGES.values() if reply.exchange == "department-replies"]
    assert {reply.name for reply in replies} == set(grants.VERBS.strip("()").split("|"))
    assert set(replies) == set(verbs.ACTS)


def test_a_department_queue_hears_its_unit_only() -> None:
    made = topology.department_queue("gongdian")
    assert made["queue"]["arguments"] == {"x-queue-type": "quorum"}
    assert (made["binding"]["source"], made["binding"]["routing_key"]) == ("departments", "gongdian")
    assert made["binding"]["destination"] == made["queue"]["name"] == "department.gongdian"


def test_an_inbox_is_bound_to_what_its_service_hears() -> None:
    for service in SERVICES:
        bound = {
            (b["source"], b["routing_key"]) for b in FURNITURE["bindings"] if b["destination"] == f"{service}.inbox"
        }
        heard = {(fact.exchange, f"#.{fact.name}.#") for fact in LISTENERS[service]}
        everything = {(f"{speaker}.events", "#") for speaker in SERVICES} if service == "portal" else set()
        assert bound == heard | everything | {(f"{service}.replay", "")}


def test_every_letter_of_a_department_lies_in_the_queue_of_dispatch() -> None:
    bound = {(b["destination"], b["routing_key"]) for b in FURNITURE["bindings"] if b["source"] == "department-replies"}
    assert bound == {("dispatch.replies", "#")}
    assert policy("dispatch.replies") == policy("dispatch.inbox")


def test_bindings_name_only_furniture_that_exists() -> None:
    for binding in FURNITURE["bindings"]:
        assert binding["source"] in EXCHANGES
        assert binding["destination"] in QUEUES


def policy(queue: str) -> dict[str, Any]:
    found = [entry["definition"] for entry in FURNITURE["policies"] if re.search(entry["pattern"], queue)]
    assert len(found) == 1
    definition: dict[str, Any] = found[0]
    return definition


@pytest.mark.parametrize("service", SERVICES)
def test_what_fails_waits_or_is_given_up_is_never_dropped(service: str) -> None:
    inbox = policy(f"{service}.inbox")
    assert inbox["delivery-limit"] == topology.DELIVERIES - 1
    assert inbox["dead-letter-exchange"] == f"{service}.dead"
    for delay, milliseconds in topology.RETRIES.items():
        waiting = policy(f"{service}.retry.{delay}")
        assert waiting["message-ttl"] == milliseconds
        assert (waiting["dead-letter-exchange"], waiting["dead-letter-routing-key"]) == ("", f"{service}.inbox")


def test_at_least_once_dead_lettering_has_what_it_needs() -> None:
    for name, queue in QUEUES.items():
        if name.startswith("rpc-"):
            assert queue["arguments"] == {"x-queue-type": "classic"}
            continue
        rules = policy(name)
        assert queue["durable"]
        assert queue["arguments"] == {"x-queue-type": "quorum"}
        if "dead-letter-exchange" in rules:
            assert (rules["dead-letter-strategy"], rules["overflow"]) == ("at-least-once", "reject-publish")


def test_nothing_asks_for_what_rabbitmq_4_no_longer_has() -> None:
    used = {key for entry in FURNITURE["policies"] for key in entry["definition"]}
    assert not any(key.startswith("ha-") for key in used)
    assert {entry["apply-to"] for entry in FURNITURE["policies"]} == {"queues"}


def test_the_chassis_waits_in_the_same_rooms() -> None:
    from bus.failing import RETRIES

    assert tuple(topology.RETRIES) == tuple(RETRIES)


def test_passwords_become_salted_hashes() -> None:
    made = topology.definitions({name: f"secret of {name}" for name in topology.users()})
    for user in made["users"]:
        raw = base64.b64decode(user["password_hash"])
        assert raw[4:] == hashlib.sha256(raw[:4] + f"secret of {user['name']}".encode()).digest()
        assert user["hashing_algorithm"] == "rabbit_password_hashing_sha256"
    assert len({user["password_hash"] for user in made["users"]}) == len(made["users"])


def test_a_login_without_a_password_is_refused() -> None:
    with pytest.raises(KeyError):
        topology.definitions({})


@pytest.mark.rule("53")
def test_a_message_is_delivered_as_often_as_the_texts_say() -> None:
    """The broker's limit counts deliveries after the first, ours counts all of them."""
    limits = {entry["definition"].get("delivery-limit", topology.NEVER) for entry in topology.policies()}
    assert ({topology.DELIVERIES - 1, topology.NEVER}, hearing.DELIVERIES) == (limits, topology.DELIVERIES)
    assert str(topology.DELIVERIES) in str(hearing.DIED)
