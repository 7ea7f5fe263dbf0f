"""`init`: what has to be done before services start, and may be done again at any time.

Roles and databases as superuser, tables as each database's owner, reference data, and the broker's furniture with its
logins. A service never sees any of the passwords used here.
"""

from __future__ import annotations

import os
from pathlib import Path

from deploy.compose import nodes
from deploy.compose.world import compose_world
from ops import preparing, provision, rabbitmq
from ops.world import SERVICES, World


def main() -> None:
    world = compose_world()
    say("roles and databases")
    provision.provision(world)
    close_common_databases(world)
    say("tables")
    preparing.migrate(world, SERVICES)
    if district := os.environ.get("DISTRICT"):
        say(f"reference data from {district}")
        preparing.load(world, SERVICES, Path(district))
    say("exchanges, queues, logins")
    rabbitmq.define(world, nodes.definitions(rabbitmq.definitions_of(world)))
    say("done")


def close_common_databases(world: World) -> None:
    """The server is the project's own: a service's login gets into its own database and no other."""
    with provision.connected(world) as server:
        for common in ("postgres", "template1"):
            provision.execute(server, "REVOKE ALL ON DATABASE {} FROM PUBLIC", common)


def say(what: str) -> None:
    print(f"init: {what}", flush=True)


if __name__ == "__main__":
    main()
