"""An old producer with new consumers and the reverse: a field one side does not know (`builds`)."""

from __future__ import annotations

from collections.abc import Sequence

from ops.world import SERVICES
from tests.chaos.processes import renewed
from tests.chaos.row import Fault, Play
from tests.chaos.stage import Stage

MEANWHILE = 60


def built(stage: Stage, programs: Sequence[str], *builds: str) -> None:
    """Starts these programs anew as this build; without one, as they are."""
    for name in programs:
        if builds:
            stage.control.tell(f"{name}.build", list(builds))
        else:
            stage.control.take_back(f"{name}.build")
    renewed(stage, list(programs))


def of_another_version(build: str, *programs: str) -> Fault:
    def fault(play: Play) -> None:
        built(play.stage, programs, build)
        try:
            play.load.until(MEANWHILE)
        finally:
            built(play.stage, programs)
        play.is_over()

    return fault


FAULTS: dict[str, Fault] = {
    "new producer, old consumers": of_another_version("says_more", "intake"),
    "old producer, new consumers": of_another_version(
        "expects_more", *(service for service in SERVICES if service not in ("intake", "portal"))
    ),
}
