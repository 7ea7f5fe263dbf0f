"""The network between the nodes of a cluster: packets that go from one to another are dropped, nothing closes.

All nodes listen on one loopback address, so an address tells nobody apart. Each server starts inside a control group
of its node (`machine`); nftables marks what leaves a group, and drops it where the socket it is for belongs to another.
Sockets belong to the group that made them, so both ends of every connection are known, dialled or accepted. Needs root,
nftables and control groups of the second version that may be written.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ops import packages
from ops.world import MEMBER_SERVERS, Member, World
from tests.chaos.machine import CONTROLLED, group, hierarchy

TABLE = "inet shaodao_chaos"
BROKER = ("rabbitmq_distribution",)
DATABASE = ("postgres", "patroni", "etcd", "etcd_peer")
Way = tuple[Member, Member]
"""From whom to whom."""


def impossible() -> str | None:
    """Why this machine cannot do it, or None."""
    if os.geteuid() != 0:
        return "needs root"
    if shutil.which("nft") is None and not packages.install("nftables"):
        return "needs nftables"
    if (top := hierarchy()) is None or not os.access(top, os.W_OK):
        return "needs control groups (version 2)"
    return None if tried("list tables").returncode == 0 else "may not change the packet filter"


def tried(rules: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["nft", "-f", "-"], input=f"{rules}\n", capture_output=True, text=True)


def both_ways(member: Member) -> list[Way]:
    """A node and all others: neither hears the other."""
    return [way for other in others(member) for way in ((member, other), (other, member))]


def to(member: Member) -> list[Way]:
    """A node that is heard and hears nothing."""
    return [(other, member) for other in others(member)]


def others(member: Member) -> list[Member]:
    return [each for each in member.whole.members if each.number != member.number]


@contextmanager
def severed(ways: Iterable[Way], kinds: tuple[str, ...]) -> Iterator[None]:
    """What goes these ways between servers of these kinds (`BROKER`, `DATABASE`) is dropped."""
    made = list(ways)
    world = made[0][0].whole
    drops = [line for source, target in made for line in dropped(source, target, kinds)]
    with filtered(world, drops):
        yield


@contextmanager
def unplugged(member: Member) -> Iterator[None]:
    """Whatever goes into a node or out of it is dropped, clients' packets too: nobody is told that it is gone."""
    ports = ports_of([member], MEMBER_SERVERS)
    drops = [
        f"meta mark {member.number} {socket_of(member)} accept",
        f"meta mark {member.number} drop",
        f"{socket_of(member)} drop",
        f"tcp dport {{ {ports} }} drop",
    ]
    with filtered(member.whole, drops):
        yield


@contextmanager
def filtered(world: World, drops: list[str]) -> Iterator[None]:
    load(world, drops)
    try:
        yield
    finally:
        lift()


def load(world: World, drops: list[str]) -> None:
    """Erlang's name server is everybody's: it lives in the group of who started it, and is let through."""
    epmd = world.port("epmd")
    free = [f"tcp dport {epmd} accept", f"tcp sport {epmd} accept"]
    marks = [f"{socket_of(each)} meta mark set {each.number}" for each in world.members]
    lines = [
        f"add table {TABLE}", f"delete table {TABLE}", f"table {TABLE} {{",
        "chain leaving {", "type filter hook output priority 0;", *free, *marks, "}",
        "chain arriving {", "type filter hook input priority 0;", *free, *drops, "}", "}",
    ]  # fmt: skip
    done = tried("\n".join(lines))
    if done.returncode:
        raise OSError(f"nft: {done.stderr}")


def lift() -> None:
    """All packets pass again, of an earlier run as well."""
    tried(f"add table {TABLE}\ndelete table {TABLE}")


def dropped(source: Member, target: Member, kinds: tuple[str, ...]) -> list[str]:
    """One end of every connection between two servers is the port of one of them."""
    what = f"meta mark {source.number} {socket_of(target)}"
    ports = ports_of([source, target], kinds)
    return [f"{what} tcp {end} {{ {ports} }} drop" for end in ("dport", "sport")]


def ports_of(members: list[Member], kinds: tuple[str, ...]) -> str:
    return ", ".join(str(member.port(kind)) for member in members for kind in kinds)


def socket_of(member: Member) -> str:
    top = hierarchy()
    assert top is not None
    path = top.relative_to(CONTROLLED) / group(member.folder)
    return f'socket cgroupv2 level 1 "{path}"'
