"""Three etcd members: what Patroni agrees on who is the primary with (ADR 24)."""

from __future__ import annotations

import os
import shutil
import urllib.request
from pathlib import Path

from ops import packages, processes
from ops.ports import LOOPBACK
from ops.problems import Problem, tail
from ops.rabbitmq_api import OPENER
from ops.waiting import wait_until
from ops.world import Member, World

START_SECONDS = 60
# generous: the machine is shared, and a vote lost to a slow disk costs more than a second of waiting
HEARTBEAT_MS, ELECTION_MS = 300, 3000


def start(world: World) -> None:
    """Starts the members that do not run and waits for a majority. Errors: Problem."""
    if program() is None and not packages.install("etcd-server"):
        raise Problem("a cluster needs etcd (Debian: etcd-server)")
    for member in world.members:
        start_member(member)
    try:
        wait_until(lambda: healthy(world), seconds=START_SECONDS, what="etcd", every=0.2)
    except TimeoutError as error:
        raise Problem(f"etcd did not start:\n{tail(world.members[0].logs / 'etcd.log')}") from error


def start_member(member: Member) -> None:
    """Starts one member where it does not run. Its ports stay: they are written in the cluster."""
    if processes.find(member, "etcd") is None:
        environment = {"PATH": os.environ.get("PATH", os.defpath), "ETCD_UNSUPPORTED_ARCH": os.uname().machine}
        processes.start_detached(member, "etcd", command(member), environment)


def command(member: Member) -> list[str]:
    members = member.whole.members
    peers = ",".join(f"{each.name}={url(each, 'etcd_peer')}" for each in members)
    client, peer = url(member, "etcd"), url(member, "etcd_peer")
    return [
        str(program()), "--name", member.name, "--data-dir", str(member.folder / "etcd"),
        "--listen-client-urls", client, "--advertise-client-urls", client,
        "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
        "--initial-cluster", peers, "--initial-cluster-token", member.whole.name,
        "--heartbeat-interval", str(HEARTBEAT_MS), "--election-timeout", str(ELECTION_MS), "--logger", "zap",
        "--log-level", "warn", "--auto-compaction-retention", "1h",
    ]  # fmt: skip


def healthy(world: World) -> bool:
    """Whether a majority agrees."""
    return sum(map(answers, world.members)) > len(world.members) // 2


def answers(member: Member) -> bool:
    try:
        with OPENER.open(urllib.request.Request(f"{url(member, 'etcd')}/health"), timeout=2) as answer:
            return b'"true"' in answer.read()
    except OSError:
        return False


def stop(world: World, *, orderly: bool = True) -> None:
    for member in world.members:
        processes.stop(member, "etcd", 10 if orderly else 0)


def url(member: Member, port: str) -> str:
    return f"http://{LOOPBACK}:{member.port(port)}"


def program() -> Path | None:
    found = shutil.which("etcd")
    return Path(found) if found else None
