"""`python -m bench.bare`: a nameko service with one method and nothing of ours, the floor of the RPC figures."""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
from typing import Any  # noqa: E402

from nameko.rpc import rpc  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402


class BareService:
    """Answers its argument."""

    name = "bare"

    @rpc
    def echo(self, payload: Any) -> Any:
        return payload


if __name__ == "__main__":
    runner = ServiceRunner({"AMQP_URI": os.environ["AMQP_URI"], "max_workers": 16})
    runner.add_service(BareService)
    runner.start()
    runner.wait()
