"""A world of three nodes, as far as it exists on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from failover.addresses import of_brokers, of_database
from ops import caretaker, lifecycle, processes, programs, provision, rabbitmq_api, rabbitmq_node
from ops import world as worlds
from ops.cluster import broker, patroni, room
from ops.environment import amqp_uri, process_environment
from ops.problems import Problem
from ops.progress import silent
from ops.world import SERVICES, World


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    for name in worlds.EXTERNAL:
        monkeypatch.delenv(name, raising=False)
    return worlds.load_or_create(tmp_path / "three", nodes=3)


def test_given_a_cluster_when_loaded_again_then_its_nodes_have_the_same_ports_and_no_two_the_same(cluster):
    ports = [port for member in cluster.members for port in member.settings["ports"].values()]
    again = [port for each in worlds.load(cluster.folder).members for port in each.settings["ports"].values()]
    assert (ports, len(set(ports)) + 2) == (again, len(ports))  # the name server is one for all


def test_given_a_world_of_one_node_when_a_cluster_is_wanted_then_it_is_refused(tmp_path, cluster):
    one = worlds.load_or_create(tmp_path / "one")
    with pytest.raises(Problem, match="runs on one node"):
        worlds.load_or_create(one.folder, nodes=3)
    assert ([], 3) == (one.members, len(worlds.load_or_create(cluster.folder).members))


def test_given_a_cluster_when_a_service_is_told_then_it_knows_all_nodes_and_asks_for_the_writable_database(cluster):
    told = process_environment(cluster, "intake")
    brokers = [f"127.0.0.1:{member.port('rabbitmq')}" for member in cluster.members]
    assert brokers == [each.rpartition("@")[2].removesuffix("/shaodao") for each in of_brokers(told["AMQP_URI"])]
    ports = ",".join(str(member.port("postgres")) for member in cluster.members)
    for address in (told["DATABASE_URL"], provision.administrator_url(cluster, "intake")):
        assert address.endswith(
            f"/intake?target_session_attrs=read-write&host=127.0.0.1,127.0.0.1,127.0.0.1&port={ports}"
        )
        assert of_database(address) == address


def test_given_an_operators_several_servers_when_a_service_is_told_then_each_address_has_its_own_login(
    cluster, monkeypatch
):
    monkeypatch.setenv("AMQP_URI", "amqps://admin:pw@b1:5671/;amqps://admin:pw@b2:5671/")
    monkeypatch.setenv("SHAODAO_POSTGRES_URL", "postgresql://admin:pw@d1,d2:6432/postgres")
    world = worlds.load_or_create(cluster.folder.parent / "theirs")
    told, secret = process_environment(world, "intake"), world.settings["amqp"]["intake"]
    assert f"amqps://intake:{secret}@b1:5671/shaodao;amqps://intake:{secret}@b2:5671/shaodao" == told["AMQP_URI"]
    assert (
        "/intake?target_session_attrs=read-write&host=d1,d2&port=5432,6432" == told["DATABASE_URL"].rpartition("@")[2]
    )
    assert provision.administrator_url(world).endswith("&host=d1,d2&port=5432,6432")


def test_given_a_topology_when_it_is_a_clusters_then_every_queue_is_on_a_majority_of_nodes(cluster):
    made = broker.definitions({"queues": [{"name": "rpc-x", "arguments": {"x-queue-type": "classic"}}], "vhosts": []})
    assert {"queues": [{"name": "rpc-x", "arguments": {"x-queue-type": "quorum"}}], "vhosts": []} == made


def test_given_the_nodes_of_a_broker_when_configured_then_each_knows_all_and_they_share_one_secret(cluster):
    for member in cluster.members:
        broker.configure(member)
    homes = [rabbitmq_node.home(member) for member in cluster.members]
    written = [(home / "rabbitmq.conf").read_text() for home in homes]
    names = [rabbitmq_node.node_name(member) for member in cluster.members]
    assert all(name in text and "pause_minority" in text for name in names for text in written)
    assert (1, 3) == (len({(home / ".erlang.cookie").read_text() for home in homes}), len(set(names)))


def test_given_a_database_of_a_cluster_when_configured_then_a_commit_waits_for_one_of_the_two_others(cluster):
    told = patroni.settings(cluster.members[1])
    agreed = told["bootstrap"]["dcs"]
    assert ("quorum", True, 1) == tuple(
        agreed[key] for key in ("synchronous_mode", "synchronous_mode_strict", "synchronous_node_count")
    )
    assert agreed["loop_wait"] + 2 * agreed["retry_timeout"] <= agreed["ttl"]
    assert 3 == len(told["etcd3"]["hosts"])
    assert {"checkpoint": "fast"} == told["postgresql"]["basebackup"]  # a new standby waits for no slow one


def test_given_a_cluster_when_it_comes_up_then_each_service_runs_twice(cluster, monkeypatch):
    for name in ("servers_up", "supervise"):
        monkeypatch.setattr(lifecycle, name, lambda *_: None)
    monkeypatch.setattr(lifecycle.readiness, "wait_ready", lambda *_: None)
    lifecycle.up(cluster, silent())
    lifecycle.up(cluster, silent(), scale={"intake": 3})
    assert {**dict.fromkeys(SERVICES, 2), "intake": 3} == programs.planned_scale(cluster)


def test_given_a_node_that_does_not_answer_when_the_broker_is_asked_then_another_one_is(cluster, monkeypatch):
    first, second, _ = [member.folder.name for member in cluster.members]
    asked, one = [], rabbitmq_api.call

    def call(world, method, path, body=None, *, seconds=30.0):
        if world.members:
            return one(world, method, path, body, seconds=seconds)
        asked.append(world.folder.name)
        if world.folder.name == first:
            raise TimeoutError
        return json.loads("[1]")

    monkeypatch.setattr(rabbitmq_api, "call", call)
    monkeypatch.setattr(rabbitmq_api, "SILENT", set())
    assert ([1], [1], [first, second, second]) == (
        rabbitmq_api.call(cluster, "GET", "nodes"), rabbitmq_api.call(cluster, "GET", "nodes"), asked
    )  # fmt: skip


def test_given_a_broker_when_asked_for_a_login_then_one_node_and_several_are_told_alike(cluster, tmp_path):
    one = worlds.load_or_create(tmp_path / "one")
    assert (0, 2) == (amqp_uri(one, "ops").count(";"), amqp_uri(cluster, "ops").count(";"))


ALL = frozenset({1, 2, 3})


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ({1: {1, 3}, 2: {2}, 3: {1, 3}}, 2),  # it stood still, and came back to nobody
        ({1: ALL, 2: ALL, 3: ALL}, None),
        ({1: {1, 3}, 2: set(), 3: {1, 3}}, None),  # it stands still
        ({1: {1}, 2: {2}, 3: {3}}, None),  # nobody has a majority: whom to believe is not for a program
        ({1: {1, 2}, 2: {1, 2}, 3: set()}, None),
    ],
)
def test_given_what_nodes_see_of_each_other_when_one_belongs_to_nobody_then_it_is_found(
    cluster, monkeypatch, seen, found
):
    names = {member.number: rabbitmq_node.node_name(member) for member in cluster.members}
    monkeypatch.setattr(broker, "running_as_seen_by", lambda member: {names[no] for no in seen[member.number]})
    estranged = broker.estranged(cluster)
    assert found == (estranged.number if estranged else None)


def test_given_a_node_that_belongs_to_nobody_when_looked_for_a_while_then_it_is_started_anew_once(cluster, monkeypatch):
    anew: list[str] = []
    monkeypatch.setattr(broker, "estranged", lambda world: None if anew else world.members[1])
    monkeypatch.setattr(broker, "start_anew", lambda member: anew.append(member.name))
    reunion, after = caretaker.Reunion(cluster), []
    for _ in range(4 * caretaker.ESTRANGED_LOOKS):
        reunion.look()
        after.append(len(anew))
    assert (2 * caretaker.ESTRANGED_LOOKS - 1, [cluster.members[1].name]) == (after.count(0), anew)


@pytest.mark.parametrize(
    ("full", "away", "found"),
    [
        ({2}, set(), 2),
        (set(), set(), None),
        ({2, 3}, set(), None),  # no majority would be left
        ({2}, {3}, None),
        (set(), {3}, None),
    ],
)
def test_given_broker_nodes_when_one_alone_has_a_full_disk_and_the_rest_is_a_majority_then_it_is_found(
    cluster, monkeypatch, full, away, found
):
    told = [
        {
            "name": rabbitmq_node.node_name(each),
            "running": each.number not in away,
            "disk_free_alarm": each.number in full,
        }
        for each in cluster.members
    ]
    monkeypatch.setattr(rabbitmq_api, "call", lambda *_, **__: told)
    choked = room.choked(cluster)
    assert found == (choked.number if choked else None)


def test_given_a_node_with_a_full_disk_when_relieved_then_it_is_out_until_there_is_room(cluster, monkeypatch):
    for member in cluster.members:
        processes.remember(member, "rabbitmq", 0)
    victim, full, started = cluster.members[1], True, []
    monkeypatch.setattr(room, "choked", lambda world: victim if full and not started else None)
    monkeypatch.setattr(broker, "restart", lambda member: started.append(member.number))
    monkeypatch.setattr(room, "burdened", lambda world: None)
    monkeypatch.setattr(room, "take_out", lambda member: processes.pid_file(member, "rabbitmq").unlink())
    monkeypatch.setattr(room.shutil, "disk_usage", lambda folder: Free(0 if full else 1 << 30))
    caretaker.relieve(cluster)
    assert ([1, 3], []) == (remembered(cluster), started)
    full = False
    caretaker.relieve(cluster)
    assert [2] == started


class Free:
    def __init__(self, free: int) -> None:
        self.free = free


def remembered(cluster: World) -> list[int]:
    """The members whose broker node was not stopped on purpose."""
    return [each.number for each in cluster.members if processes.pid_file(each, "rabbitmq").exists()]


@pytest.mark.parametrize(
    ("full", "primary", "away", "found"),
    [
        ({2}, 2, set(), 2),
        ({2}, 1, set(), None),  # it takes no writes
        ({1, 2, 3}, 2, set(), None),  # nobody has room
        ({2}, 2, {1, 3}, None),  # nobody would take over
        (set(), 2, set(), None),
    ],
)
def test_given_databases_when_the_one_that_takes_writes_has_no_room_and_another_has_then_it_is_found(
    cluster, monkeypatch, full, primary, away, found
):
    def state(member: World) -> dict[str, str]:
        number = int(member.name[-1])
        return {} if number in away else {"state": "running", "role": "primary" if number == primary else "replica"}

    monkeypatch.setattr(patroni, "state", state)
    monkeypatch.setattr(room, "free", lambda member: 0 if member.number in full else 1 << 30)
    burdened = room.burdened(cluster)
    assert found == (burdened.number if burdened else None)


def test_given_a_hand_on_the_servers_when_a_node_starts_one_then_it_is_told_the_nodes_folder(cluster):
    assert ([], []) == (cluster.through, cluster.members[0].through)
    cluster.settings["through"] = ["hand"]
    assert ([], ["hand", str(cluster.members[0].folder)]) == (cluster.through, cluster.members[0].through)
