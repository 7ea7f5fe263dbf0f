"""`python -m shaodao_kit.conformance --unit CODE [--amqp-uri URI] [-- COMMAND …]`: is the consumer right?

Without --amqp-uri a RabbitMQ node is started from an installed rabbitmq-server and goes again at the end.
Exit status: 0 all passed, 1 something is wrong, 2 the check itself could not be run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from shaodao_kit.conformance import broker
from shaodao_kit.conformance.checks import Verdict, run_all
from shaodao_kit.conformance.desk import Desk


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    asked = _parser().parse_args(given[: given.index("--")] if "--" in given else given)
    command = given[given.index("--") + 1 :] if "--" in given else []
    place: Any = nullcontext((asked.amqp_uri, asked.consumer_uri or asked.amqp_uri))
    try:
        with (
            place if asked.amqp_uri else broker.running(asked.unit) as (desk_uri, consumer_uri),
            Desk(desk_uri, consumer_uri, asked.unit, command, asked.patience) as desk,
        ):
            desk.start()
            passed = run_all(desk, tell)
    except (broker.NoBroker, OSError, TimeoutError) as error:
        print(f"无法检查 / cannot be checked: {error}", file=sys.stderr)
        return 2
    print("\n合格 / passed" if passed else "\n不合格 / NOT passed")
    return 0 if passed else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shaodao_kit.conformance", description=__doc__)
    parser.add_argument("--unit", default="gongdian", help="the unit's code")
    parser.add_argument("--amqp-uri", help="a broker of your own, with a login that may declare; default: start one")
    parser.add_argument("--consumer-uri", help="the consumer's address there (login department.CODE)")
    parser.add_argument("--patience", type=float, default=10.0, help="seconds to wait for a reply")
    return parser


def tell(verdict: Verdict) -> None:
    """One line of the table, as soon as it is known."""
    mark = "通过 pass" if verdict.wrong is None else "不合 FAIL"
    mark = "跳过 skip" if verdict.skipped else "未用 not used" if verdict.unused else mark
    why = "" if verdict.wrong is None else f"  ← {verdict.wrong}"
    print(f"{mark}  {verdict.title}{why}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
