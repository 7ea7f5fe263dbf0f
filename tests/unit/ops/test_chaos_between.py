"""The rules by which the network between nodes is cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops import world as worlds
from ops.world import World
from tests.chaos import between, machine


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(between, "hierarchy", lambda: machine.CONTROLLED / "unified")
    return worlds.load_or_create(tmp_path / "three", nodes=3)


def test_given_a_node_cut_off_then_both_directions_to_both_others_are_dropped(cluster):
    ways = [(a.number, b.number) for a, b in between.both_ways(cluster.members[1])]
    assert [(1, 2), (2, 1), (2, 3), (3, 2)] == sorted(ways)
    assert [(1, 2), (3, 2)] == sorted((a.number, b.number) for a, b in between.to(cluster.members[1]))


def test_given_two_nodes_when_cut_then_only_what_goes_from_the_one_to_the_other_at_these_ports_is_dropped(cluster):
    first, second, _ = cluster.members
    ports = f"{first.port('rabbitmq_distribution')}, {second.port('rabbitmq_distribution')}"
    target = f'socket cgroupv2 level 1 "unified/{machine.group(second.folder)}"'
    assert [f"meta mark 1 {target} tcp {end} {{ {ports} }} drop" for end in ("dport", "sport")] == between.dropped(
        first, second, between.BROKER
    )


def test_given_nodes_of_two_worlds_of_one_name_then_their_groups_differ(tmp_path):
    groups = {machine.group(tmp_path / place / "three" / "node-1") for place in ("here", "there")}
    assert 2 == len(groups)


def test_given_mounts_then_the_control_groups_nftables_can_name_are_found(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    monkeypatch.setattr(machine, "MOUNTS", mounts)
    mounts.write_text("proc /proc proc rw 0 0\ncgroup2 /elsewhere cgroup2 rw 0 0\n")
    assert machine.hierarchy() is None
    mounts.write_text("cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n")
    assert Path("/sys/fs/cgroup/unified") == machine.hierarchy()


def test_given_another_time_for_a_server_when_it_changes_its_user_then_it_is_told_the_time_behind_that():
    told = machine.with_environment(
        ["/usr/bin/setpriv", "--reuid=x", "--clear-groups", "python", "-m", "p"], {"T": "1"}
    )
    assert ["/usr/bin/setpriv", "--reuid=x", "--clear-groups", "env", "T=1", "python", "-m", "p"] == told
    assert (["env", "T=1", "a"], ["a"]) == (
        machine.with_environment(["a"], {"T": "1"}), machine.with_environment(["a"], {})
    )  # fmt: skip
