"""The plan: what runs, how often."""

from __future__ import annotations

import pytest

from ops import programs
from ops.problems import Problem
from ops.world import World


def names(world: World) -> list[str]:
    return [program.name for program in programs.programs_of(world)]


def test_everything_is_five_services_the_two_parts_apart_five_relays_and_two_helpers(world: World) -> None:
    programs.plan(world)
    planned = names(world)
    assert len(planned) == 14
    assert planned[:7] == ["intake", "dispatch", "mediation", "notify", "portal", "portal-readmodel", "notify-delivery"]
    assert planned[-2:] == ["caretaker", "mailbox"]


def test_a_scaled_service_runs_several_times_with_one_relay(world: World) -> None:
    programs.plan(world, ["dispatch"], {"dispatch": 3})
    assert names(world) == ["dispatch", "dispatch-2", "dispatch-3", "dispatch-relay", "caretaker"]
    probes = {program.probe for program in programs.programs_of(world)}
    assert len(probes - {None}) == 4


def test_services_are_started_as_chassis_programs(world: World) -> None:
    programs.plan(world, ["intake"])
    service, relay, _ = programs.programs_of(world)
    assert service.argv[1:] == ("-m", "bus.run", "intake")
    assert relay.argv[1:] == ("-m", "relay", "intake")
    assert service.probe == f"http://127.0.0.1:{service.environment['ADMIN_PORT']}/ready"
    assert relay.probe == f"http://127.0.0.1:{relay.environment['RELAY_ADMIN_PORT']}/ready"


def test_given_a_command_to_go_through_when_planned_then_services_and_relays_start_with_it(world: World) -> None:
    programs.plan(world, ["notify"], through=("strace", "-f"))
    service, delivery, relay, *helpers = programs.programs_of(world)
    assert [("strace", "-f")] * 3 == [service.argv[:2], delivery.argv[:2], relay.argv[:2]]
    assert ("-m", "bus.run", "notify") == service.argv[3:]
    assert [] == [each.name for each in helpers if "strace" in each.argv]


def test_the_read_model_is_a_part_of_the_portal_with_an_admin_page_of_its_own(world: World) -> None:
    programs.plan(world, ["portal"])
    portal, readmodel, _, _ = programs.programs_of(world)
    assert ("-m", "bus.run", "portal.readmodel") == readmodel.argv[1:]
    assert portal.environment["DATABASE_URL"] == readmodel.environment["DATABASE_URL"]
    assert portal.probe != readmodel.probe == f"http://127.0.0.1:{readmodel.environment['ADMIN_PORT']}/ready"


@pytest.mark.rule("43")
def test_given_notify_then_only_its_delivery_steps_back_for_others(world: World) -> None:
    programs.plan(world, ["notify"])
    service, delivery, *_ = programs.programs_of(world)
    assert ("-m", "bus.run", "notify.delivery") == delivery.argv[1:]
    assert (0, programs.LATER) == (service.nice, delivery.nice)


def test_given_two_portals_when_planned_then_both_accept_at_the_same_port(world: World) -> None:
    programs.plan(world, ["portal"], {"portal": 2})
    ports = {program.name: program.port for program in programs.programs_of(world) if program.port is not None}
    assert dict.fromkeys(["portal", "portal-2"], world.port("portal")) == ports


@pytest.mark.parametrize(
    ("services", "scale", "sentence"),
    [
        (["kitchen"], {}, "there is no service kitchen"),
        (["intake"], {"kitchen": 2}, "there is no service kitchen"),
        (["intake"], {"intake": 0}, "at least once"),
    ],
)
def test_an_impossible_plan_is_refused(world: World, services: list[str], scale: dict[str, int], sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        programs.plan(world, services, scale)
    assert not programs.plan_file(world).exists()
