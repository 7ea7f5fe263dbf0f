"""The table of routes against the contracts."""

from __future__ import annotations

from collections import Counter

import pytest

from contracts import registry
from contracts.dispatch.file_links import OpenFileLink
from contracts.dispatch.holdings import CopyFromDispatch
from contracts.dispatch.rectifications import ProveRectification
from contracts.dispatch.retention import CountDueInDispatch
from contracts.dispatch.task_links import MakeTaskLink, ReadTaskLink, SendTaskLink
from contracts.intake.erasures import IdentifyErased, ReportErased
from contracts.intake.looks import LooksIntoIntake
from contracts.intake.own_data import AskOwnErasure, CorrectOwnData, ShowOwnData, WithdrawOwnConsent
from contracts.intake.persons import IdentifyWithdrawn
from contracts.intake.residents import FindAddresses
from contracts.mediation.cases import LocateCase
from contracts.mediation.holdings import CopyFromMediation
from contracts.mediation.looks import LooksIntoMediation
from contracts.mediation.retention import CountDueInMediation
from contracts.mediation.sessions import SessionPlace
from contracts.mediation.site_issues import LocateSiteIssue
from contracts.mediation.undertakings import LocateCouncil
from contracts.notify.holdings import CopyFromNotify
from contracts.notify.retention import CountDueInNotify
from contracts.portal.files import KeepFiles
from contracts.portal.holdings import CopyFromPortal
from contracts.portal.retention import CountDueInPortal
from services.portal.api.route import ROUTES, Route

FOR_SERVICES = {
    CopyFromDispatch, CopyFromMediation, CopyFromNotify, CopyFromPortal, CountDueInDispatch, CountDueInMediation,
    CountDueInNotify, CountDueInPortal, FindAddresses, IdentifyErased, IdentifyWithdrawn, KeepFiles, LocateCase,
    LocateCouncil, LocateSiteIssue, LooksIntoIntake, LooksIntoMediation, MakeTaskLink, OpenFileLink, ReportErased,
    SessionPlace,
}  # fmt: skip
BEHIND_A_PAGE = {
    ProveRectification, AskOwnErasure, CorrectOwnData, ShowOwnData, WithdrawOwnConsent, ReadTaskLink, SendTaskLink,
}  # fmt: skip
"""Sent by a page that guards it: one a code opens, a resident's own, one a signed link opens."""
REPORTS = (
    "report_crossings",
    "report_appraisal",
    "report_care_coverage",
    "report_rates",
    "report_re_calls",
    "report_returned",
    "report_supervisions",
)


def test_every_command_has_a_route_but_those_for_services() -> None:
    assert set(registry.COMMANDS.values()) - FOR_SERVICES - BEHIND_A_PAGE == {route.command for route in ROUTES}


def test_no_two_routes_share_method_and_path() -> None:
    assert [] == [key for key, times in Counter((route.method, route.path) for route in ROUTES).items() if times > 1]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.command.method)
def test_path_names_are_fields_of_the_command(route: Route) -> None:
    named = route.fields_of(dict.fromkeys(route.ids, "S1"))
    assert set() == set(named) - set(route.command().fields)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.command.method)
def test_what_changes_something_is_a_post(route: Route) -> None:
    reads = route.command.method.startswith(
        ("get_", "list_", "check_", "compare_", "resolve_post", "resolve_responsible", "agreement_document", *REPORTS)
    )
    assert ("GET" if reads else "POST") == route.method


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.command.method)
def test_places_of_new_things_are_made_from_the_answer(route: Route) -> None:
    names = {"number", "id"} & set(route.command.answer().fields)
    assert route.command.location is None or route.command.location.format(**dict.fromkeys(names, "x")).startswith(
        "/api/"
    )
