"""The entrypoints: every question of the contract answered, every fact of the list heard, nothing else."""

from __future__ import annotations

from contracts.listeners import LISTENERS
from contracts.rpc import mediation as rpc
from contracts.schema import CommandSchema
from services.mediation import service
from services.mediation.service import MediationService

SHARED = {"AgreementCommand", "CaseCommand"}
"""Bases of commands, not commands."""


def methods(kind):
    found = vars(MediationService).items()
    return {
        name
        for name, method in found
        if kind in {type(one).__name__ for one in getattr(method, "nameko_entrypoints", ())}
    }


def test_given_the_contract_when_compared_then_every_command_has_its_entrypoint():
    commands = {
        shape.method
        for name in rpc.__all__
        if name not in SHARED and issubclass(shape := getattr(rpc, name), CommandSchema)
    }
    assert commands == methods("Asked")


def test_given_the_list_of_listeners_when_compared_then_every_fact_has_its_handler():
    assert {event.name for event in LISTENERS["mediation"]} == methods("Hears")


def test_given_the_module_when_looked_at_then_it_exposes_one_service():
    assert [MediationService] == [
        one for one in vars(service).values() if isinstance(one, type) and one.__module__ == service.__name__
    ]
