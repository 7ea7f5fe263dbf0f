"""The accounts of the demo district."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import MetaData, select

from chassis.store import Store
from kernel.reference import data_folder
from services.portal import reference
from services.portal.accounts.passwords import fits
from services.portal.accounts.tables import Account, GrantRow
from services.portal.tables import Base
from tests.unit.portal.api.fakes import NOW

DISTRICT = data_folder("district")


@pytest.fixture
def store(database: Callable[[MetaData], Store]) -> Store:
    return database(Base.metadata)


def load(store: Store, folder: Path = DISTRICT, later: timedelta = timedelta(0)) -> None:
    with store.transaction() as session:
        reference.load(session, folder, NOW + later)


def rows(store: Store) -> list[tuple[object, ...]]:
    """Everything that was loaded."""
    people = select(Account.id, Account.username, Account.name, Account.kind, Account.password_hash, Account.updated_at)
    grants = select(GrantRow.id, GrantRow.account_id, GrantRow.role, GrantRow.node, GrantRow.unit)
    with store.transaction() as session:
        return [tuple(row) for query in (people, grants) for row in sorted(session.execute(query), key=str)]


def small(folder: Path, *grants: dict[str, str], name: str = "李珊") -> Path:
    person = {"id": "u-1", "username": "LiShan", "name": name, "unit": "yinhong", "grants": list(grants)}
    (folder / "accounts.yaml").write_text(yaml.safe_dump({"demo_password": "secret", "accounts": [person]}), "utf8")
    return folder


def test_every_account_of_the_district_can_log_in(store: Store) -> None:
    # Given
    told = yaml.safe_load((DISTRICT / "accounts.yaml").read_text("utf8"))
    # When
    load(store)
    # Then
    with store.transaction() as session:
        hashes = session.scalars(select(Account.password_hash)).all()
    assert (len(told["accounts"]), True) == (len(hashes), fits(hashes[0], told["demo_password"]))


def test_loading_twice_changes_nothing(store: Store) -> None:
    # Given
    load(store)
    once = rows(store)
    # When
    load(store, later=timedelta(days=1))
    # Then
    assert once == rows(store)


def test_a_changed_file_changes_the_accounts_it_names(store: Store, tmp_path: Path) -> None:
    # Given
    old, kept = {"role": "GRID", "node": "yinchuan"}, {"role": "STREET", "node": "yinchuan", "unit": "jie"}
    load(store, small(tmp_path, old, kept))
    # When
    load(store, small(tmp_path, kept, {"role": "DISTRICT", "node": "yinchuan"}, name="李珊珊"))
    # Then
    with store.transaction() as session:
        roles = set(session.scalars(select(GrantRow.role)))
        assert ("李珊珊", {"STREET", "DISTRICT"}) == (session.scalars(select(Account.name)).one(), roles)


def test_a_password_somebody_has_set_stays(store: Store, tmp_path: Path) -> None:
    # Given
    load(store, small(tmp_path))
    with store.transaction() as session:
        session.scalars(select(Account)).one().password_hash = "set by herself"
    # When
    load(store, small(tmp_path, name="李珊珊"))
    # Then
    with store.transaction() as session:
        assert "set by herself" == session.scalars(select(Account.password_hash)).one()


def test_a_role_nobody_knows_is_refused(store: Store, tmp_path: Path) -> None:
    # Given
    folder = small(tmp_path, {"role": "KING", "node": "yinchuan"})
    # When
    with pytest.raises(ValueError, match="KING"):
        load(store, folder)
    # Then
    assert [] == rows(store)
