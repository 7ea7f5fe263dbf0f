"""Counting tries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.portal.accounts import limits
from services.portal.accounts.tables import Attempt
from services.portal.problems import TooManyRequests
from tests.unit.portal.api.fakes import NOW, Portal


def spend(portal: Portal) -> bool:
    """Whether one more try was allowed."""
    try:
        limits.spend(portal.store, "login", "lishan|10.0.0.1", portal.clock())
    except TooManyRequests:
        return False
    return True


def test_tries_at_the_same_moment_cannot_slip_past(portal: Portal) -> None:
    # When
    with ThreadPoolExecutor(4) as pool:
        allowed = list(pool.map(lambda _: spend(portal), range(12)))
    # Then
    assert 5 == sum(allowed)


def test_the_window_slides(portal: Portal) -> None:
    # Given
    spend(portal)
    portal.clock.forward(minutes=10)
    for _ in range(4):
        spend(portal)
    # When
    portal.clock.forward(minutes=5)
    # Then
    assert [True, False] == [spend(portal), spend(portal)]


def test_an_operator_may_allow_more(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    # When
    monkeypatch.setenv("RATE_LIMITS", '{"login": 7}')
    # Then
    assert [True] * 7 + [False] == [spend(portal) for _ in range(8)]


def test_who_tried_cannot_be_read_from_the_rows(portal: Portal) -> None:
    # When
    spend(portal)
    # Then
    with portal.store.transaction() as session:
        assert 64 == len(session.scalars(select(Attempt.key_hash)).one())


def test_old_tries_are_forgotten(portal: Portal) -> None:
    # Given
    spend(portal)
    # When
    with portal.store.transaction() as session:
        limits.forget_old(session, None, NOW + timedelta(days=1, seconds=1))
    # Then
    with portal.store.transaction() as session:
        assert 0 == session.scalar(select(func.count()).select_from(Attempt))


def look_up(portal: Portal, address: str) -> bool:
    try:
        limits.spend_on_number(portal.store, "S1", address, portal.clock())
    except TooManyRequests:
        return False
    return True


@pytest.mark.rule("28")
def test_a_stranger_who_tries_tails_closes_the_way_for_the_own_address_alone(portal: Portal) -> None:
    # When
    stranger = [look_up(portal, "10.0.0.1") for _ in range(11)]
    # Then
    assert ([True] * 10 + [False], True) == (stranger, look_up(portal, "10.0.0.2"))


@pytest.mark.rule("28")
def test_many_strangers_have_few_tries_each_and_a_new_address_still_has_two(portal: Portal) -> None:
    # When
    allowed = [sum(look_up(portal, f"10.0.1.{each}") for _ in range(11)) for each in range(8)]
    # Then
    assert ([10, 10, 5, 5, 5, 5, 2, 2], [True, True, False]) == (
        allowed,
        [look_up(portal, "10.0.0.2") for _ in range(3)],
    )
