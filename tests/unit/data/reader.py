"""Reads the demo district straight from its files: no service, no database."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[3] / "data" / "district"

Row = dict[str, str]


def read_csv(name: str) -> list[Row]:
    """Rows of one table; lines beginning with # are its head, not data."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def read_yaml(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class District:
    areas: list[Row]
    posts: list[Row]
    units: list[Row]
    receivers: list[Row]
    accounts: list[dict[str, Any]]
    orgs: list[dict[str, Any]]
    categories: dict[str, Any]
    catalogue: dict[str, Any]

    @property
    def paths(self) -> set[str]:
        return {area["path"] for area in self.areas}

    @property
    def unit_codes(self) -> set[str]:
        return {unit["code"] for unit in self.units}

    @property
    def account_ids(self) -> set[str]:
        return {account["id"] for account in self.accounts}

    def grants(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every grant with the account that holds it."""
        for account in self.accounts:
            for grant in account["grants"]:
                yield account["id"], grant

    def leaves(self) -> Iterator[dict[str, Any]]:
        """Third-level categories."""
        for first in self.categories["categories"]:
            for second in first["children"]:
                yield from second["children"]


def read_district() -> District:
    """Every file of the demo district, as it stands on disk."""
    return District(
        areas=read_csv("areas.csv"),
        posts=read_csv("posts.csv"),
        units=read_csv("units.csv"),
        receivers=read_csv("receivers.csv"),
        accounts=read_yaml("accounts.yaml")["accounts"],
        orgs=read_yaml("mediation_orgs.yaml")["orgs"],
        categories=read_yaml("categories.yaml"),
        catalogue=read_yaml("duty_catalogue.yaml"),
    )
