"""Settings of signing in reach the portal and nobody else."""

from __future__ import annotations

import pytest

from ops.environment import SIGNING_IN, process_environment
from ops.world import World


@pytest.mark.parametrize(("service", "reached"), [("portal", True), ("intake", False)])
def test_given_a_provider_of_sign_ins_when_processes_start_then_the_portal_alone_knows_its_secret(
    world: World, monkeypatch: pytest.MonkeyPatch, service: str, reached: bool
) -> None:
    for name in SIGNING_IN:
        monkeypatch.setenv(name, "any")
    told = process_environment(world, service)
    assert {reached} == {told.get(name) == "any" for name in SIGNING_IN}
