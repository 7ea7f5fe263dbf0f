"""Faults of the wire: intake and its relay live in a network namespace, and a tunnel hands on their packets, or not.

Their settings stay: what they send to 127.0.0.1 at the broker's or the database's port leaves the namespace through
the far TUN device, is late or lost in `tunnel`, and comes out of the near one to the server. Needs root.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ops import packages, postgres, provision
from ops.ports import LOOPBACK
from ops.waiting import wait_until
from ops.world import REPOSITORY
from tests.chaos.row import Fault, Play
from tests.chaos.servers import healed
from tests.chaos.stage import Stage

SPACE, NEAR, FAR = "shaodao-chaos", "shaodao-near", "shaodao-far"
NEAR_ADDRESS, FAR_ADDRESS = "10.199.77.1", "10.199.77.2"
BEHIND = ("intake", "intake-relay")
TOOLS = {"ip": "iproute2", "iptables": "iptables", "nsenter": "util-linux", "sysctl": "procps"}
"""Each with the Debian package that brings it."""
CUT_SECONDS, BAD_SECONDS = 15.0, 20.0


def impossible() -> str | None:
    """Why this machine cannot do it, or None."""
    if os.geteuid() != 0:
        return "needs root"
    if missing := brought():
        return f"needs {', '.join(missing)}"
    if not Path("/dev/net/tun").exists():
        return "needs /dev/net/tun"
    clean_up()
    allowed = run("ip", "netns", "add", SPACE, check=False).returncode == 0
    clean_up()
    return None if allowed else "needs network namespaces"


def brought() -> list[str]:
    """Installs the tools this machine lacks; those that are missing still."""
    absent = lambda: [tool for tool in TOOLS if shutil.which(tool) is None]  # noqa: E731
    if missing := absent():
        packages.install(*(TOOLS[tool] for tool in missing))
    return absent()


def run(*command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=check, capture_output=True, text=True)


def inside(*command: str) -> None:
    run("ip", "netns", "exec", SPACE, *command)


def lead_in(*verb: str, check: bool = True) -> None:
    """What comes out of the near device is for this machine's loopback address: a rule of its own, taken back."""
    where = ("-i", NEAR, "-d", NEAR_ADDRESS, "-p", "tcp", "-j", "DNAT", "--to-destination", LOOPBACK)
    run("iptables", "-w", "-t", "nat", *verb, "PREROUTING", *where, check=check)


def clean_up() -> None:
    """Removes what an earlier run may have left: the rule, the namespace with its device, the near device."""
    lead_in("-D", check=False)
    run("ip", "netns", "del", SPACE, check=False)
    for device in (NEAR, FAR):
        run("ip", "link", "del", device, check=False)


@contextmanager
def wired(stage: Stage) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Namespace, devices and tunnel; what it gives sets the rules. All of it is gone afterwards, whatever happens."""
    clean_up()
    rules = stage.control.path("rules")
    rule = lambda wanted: stage.control.tell("rules", {str(k): v for k, v in wanted.items()})  # noqa: E731
    rule({})
    for device in (NEAR, FAR):
        run("ip", "tuntap", "add", "dev", device, "mode", "tun")
    tunnel = subprocess.Popen([sys.executable, "-m", "tests.chaos.tunnel", NEAR, FAR, str(rules)], cwd=REPOSITORY)
    try:
        wait_until(carried, seconds=60, what="the tunnel")
        lay(stage)
        yield rule
    finally:
        tunnel.kill()
        tunnel.wait()
        clean_up()


def carried() -> bool:
    """Whether the tunnel holds both devices: they have a carrier then."""
    told = json.loads(run("ip", "-j", "link", "show").stdout)
    flags = {link["ifname"]: link["flags"] for link in told}
    for device in (NEAR, FAR):
        with suppress(KeyError):
            if "UP" not in flags[device]:
                run("ip", "link", "set", device, "up")
    return all("LOWER_UP" in flags.get(device, ()) for device in (NEAR, FAR))


def lay(stage: Stage) -> None:
    run("ip", "netns", "add", SPACE)
    run("ip", "link", "set", FAR, "netns", SPACE)
    run("ip", "addr", "add", f"{NEAR_ADDRESS}/30", "dev", NEAR)
    run("sysctl", "-qw", f"net.ipv4.conf.{NEAR}.route_localnet=1")
    lead_in("-I")
    inside("ip", "link", "set", "lo", "up")
    inside("ip", "addr", "add", f"{FAR_ADDRESS}/30", "dev", FAR)
    inside("ip", "link", "set", FAR, "up")
    inside("sysctl", "-qw", f"net.ipv4.conf.{FAR}.route_localnet=1")
    let_in(stage)
    for port in servers(stage).values():
        where = ("-d", LOOPBACK, "-p", "tcp", "--dport", str(port), "-j", "DNAT", "--to-destination", NEAR_ADDRESS)
        inside("iptables", "-w", "-t", "nat", "-A", "OUTPUT", *where)
    inside("iptables", "-w", "-t", "nat", "-A", "POSTROUTING", "-o", FAR, "-j", "SNAT", "--to-source", FAR_ADDRESS)


def let_in(stage: Stage) -> None:
    """PostgreSQL answers the loopback address alone; here it sees the far end of the wire."""
    access = postgres.data(stage.world) / "pg_hba.conf"
    entry = f"host all all {FAR_ADDRESS}/32 scram-sha-256\n"
    if entry not in access.read_text():
        with access.open("a") as entries:
            entries.write(entry)
    with provision.connected(stage.world) as server:
        server.execute("select pg_reload_conf()")


def servers(stage: Stage) -> dict[str, int]:
    return {"broker": stage.world.port("rabbitmq"), "database": stage.world.port("postgres")}


@contextmanager
def moved(stage: Stage) -> Iterator[None]:
    """intake and its relay live behind the wire; afterwards they are back where they were."""
    for name in BEHIND:
        stage.control.tell(f"{name}.prefix", ["nsenter", f"--net=/run/netns/{SPACE}"])
    try:
        restarted(stage)
        wait_until(lambda: all(ready_inside(stage, name) for name in BEHIND), seconds=60, what="ready behind the wire")
        yield
    finally:
        for name in BEHIND:
            stage.control.take_back(f"{name}.prefix")
        restarted(stage)


def restarted(stage: Stage) -> None:
    """SIGTERM to both; a world's supervisor starts them anew."""
    before = {name: stage.pid(name) for name in BEHIND}
    for name in BEHIND:
        stage.strike(name, 15)
    for name in BEHIND:
        wait_until(lambda: stage.pid(name) not in (None, before[name]), seconds=60, what=f"{name} anew")  # noqa: B023


def ready_inside(stage: Stage, name: str) -> bool:
    """Its pages answer inside the namespace only."""
    probe = next(program.probe for program in stage.programs() if program.name == name)
    code = "import sys; from ops.rabbitmq_api import OPENER; OPENER.open(sys.argv[1], timeout=5)"
    command = ("ip", "netns", "exec", SPACE, sys.executable, "-c", code, str(probe))
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True).returncode == 0


def bad_wire(server: str, seconds: float, **rule: Any) -> Fault:
    """The wire to one server is bad for a while."""

    def fault(play: Play) -> None:
        with wired(play.stage) as set_rules:
            with moved(play.stage):
                play.load.until(10)
                set_rules({servers(play.stage)[server]: rule})
                play.load.go_on(seconds)
                set_rules({})
                play.is_over()
                play.load.until(10)
            healed_at = play.over
            healed(play)
            play.over = healed_at

    return fault


KINDS: dict[str, tuple[float, dict[str, Any]]] = {
    "packets dropped 15 s": (CUT_SECONDS, {"cut": True}),
    "300 ms delay 20 s": (BAD_SECONDS, {"delay": 0.3}),
    "5 % loss 20 s": (BAD_SECONDS, {"loss": 0.05}),
}
FAULTS: dict[str, Fault] = {
    f"intake to {server}: {words}": bad_wire(server, seconds, **rule)
    for server in ("broker", "database")
    for words, (seconds, rule) in KINDS.items()
}
