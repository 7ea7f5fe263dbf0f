"""A relay's pipeline to a peer that takes everything and answers nothing: ends with 0 when the budget is spent."""

from __future__ import annotations

import socket
import sys
import threading
from typing import Any

from relay.log import Row
from relay.pipeline import Pipeline


def main() -> int:
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[Any] = []
    threading.Thread(target=lambda: held.append(listener.accept()), daemon=True).start()
    try:
        with Pipeline(f"amqp://a:b@127.0.0.1:{listener.getsockname()[1]}/x") as pipeline:
            pipeline.publish([Row(1, "m-1", "", "", "{}", {})])
    except OSError:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
