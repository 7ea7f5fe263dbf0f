"""Browsers of people who have logged in, and what they see."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from chassis.store import Store
from services.portal.accounts.tables import Account, GrantRow
from tests.support.clock import FixedClock
from tests.unit.portal.api.fakes import HASH, NOW, PASSWORD, FakePeers

ORIGIN = {"Origin": "http://localhost"}
VOID = frozenset({"input", "meta", "link", "br", "img", "hr"})


@dataclass
class Pages:
    """The portal; `as_user` gives a browser that has logged in."""

    application: Flask
    store: Store
    clock: FixedClock
    peers: FakePeers
    environ: dict[str, Any]

    def browser(self) -> FlaskClient:
        client = self.application.test_client()
        client.environ_base.update(self.environ)
        return client

    def as_user(self, username: str) -> FlaskClient:
        client = self.browser()
        found = client.post("/login", data={"username": username, "password": PASSWORD}, headers=ORIGIN)
        assert 303 == found.status_code
        return client


def account(store: Store, username: str, name: str, *grants: tuple[str, str, str | None]) -> None:
    times = {"created_at": NOW, "updated_at": NOW}
    with store.transaction() as session:
        session.add(
            Account(id=f"u-{username}", username=username, name=name, kind="person", password_hash=HASH, **times)
        )
        session.flush()
        for role, node, unit in grants:
            session.add(GrantRow(account_id=f"u-{username}", role=role, node=node, unit=unit))


def hidden(html: str, method: str, place: int = 0) -> dict[str, str]:
    """The hidden fields of the form that does `method`, as a browser would send them."""
    forms = re.findall(rf"<form[^>]*/do/{method}[#?].*?</form>", html, flags=re.S)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', forms[place]))


@dataclass
class Outline(HTMLParser):
    """What the tests ask of a page's markup."""

    html: str
    headings: list[str] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    unlabelled: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)
    lang: str | None = None
    skip: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._controls: list[tuple[str, str | None]] = []
        self._open: list[str] = []
        self.feed(self.html)
        self.unbalanced += self._open
        self.unlabelled = [name for name, key in self._controls if key not in self.labels]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag not in VOID:
            self._open.append(tag)
        if told.get("id"):
            self.ids.append(str(told["id"]))
        self._note(tag, told)
        if tag == "style" or "style" in told or any(name.startswith("on") for name in told):
            self.inline.append(tag)
        if tag == "script" and "src" not in told:
            self.inline.append(tag)

    def _note(self, tag: str, told: dict[str, str | None]) -> None:
        if tag == "html":
            self.lang = told.get("lang")
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(tag)
        elif tag == "label":
            self.labels.add(str(told.get("for")))
        elif tag in ("input", "select", "textarea") and told.get("type") != "hidden":
            self._controls.append((str(told.get("name")), told.get("id")))
        elif tag == "a" and told.get("class") == "skip":
            self.skip = told.get("href") == "#main"

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.unbalanced.append(tag)
