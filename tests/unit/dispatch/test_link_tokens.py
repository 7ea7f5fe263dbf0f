"""Tokens of signed links: whatever is changed in one, it is none."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import samples
from contracts.dispatch.task_links import LINK_PATTERN
from contracts.tokens import Pattern
from services.dispatch import link_tokens

TASK, UNTIL = UUID(samples.TASK), datetime(2024, 8, 1, tzinfo=UTC)
UNIT, WHO = "lijingjie-sifasuo", "u-hewenbin"
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture
def keys(monkeypatch):
    """Sets the seal keys, the current one first."""

    def have(*names: str) -> None:
        kept = {name: base64.b64encode(name.encode().ljust(32, b".")).decode() for name in names}
        monkeypatch.setenv("SEAL_KEYS", json.dumps(kept))

    return have


def made() -> str:
    return link_tokens.make(TASK, UNIT, WHO, UNTIL)


def test_given_a_token_when_read_then_it_says_task_and_expiry_and_is_for_that_receiver_of_that_unit_alone():
    link = link_tokens.read(made())
    assert link is not None
    assert (TASK, UNTIL) == (link.task_id, link.until)
    asked = [(UNIT, WHO), ("paichusuo", WHO), (UNIT, "u-luojuan")]
    assert [True, False, False] == [link.is_for(*each) for each in asked]


def test_given_a_token_when_looked_at_then_nothing_personal_stands_in_it():
    raw = base64.urlsafe_b64decode(made() + "==")
    assert [] == [word for word in (UNIT, WHO, samples.TASK) if word in made() or word.encode() in raw]
    assert Pattern(LINK_PATTERN)(made()) == made()


@given(place=st.integers(0), sign=st.sampled_from(SIGNS))
def test_given_any_sign_of_a_token_changed_when_read_then_it_is_none(place, sign):
    token = made()
    at = place % len(token)
    changed = token[:at] + sign + token[at + 1 :]
    assert changed == token or link_tokens.read(changed) is None


@given(place=st.integers(0), bit=st.integers(0, 7))
def test_given_any_bit_of_a_token_flipped_when_read_then_it_is_none(place, bit):
    raw = bytearray(base64.urlsafe_b64decode(made() + "=" * (-len(made()) % 4)))
    raw[place % len(raw)] ^= 1 << bit
    assert link_tokens.read(base64.urlsafe_b64encode(raw).rstrip(b"=").decode()) is None


@given(st.text(max_size=200) | st.text(SIGNS, max_size=200))
def test_given_any_words_when_read_then_they_are_no_token_and_no_error(words):
    assert link_tokens.read(words) is None


@pytest.mark.parametrize("cut", [1, 4, 16, 60])
def test_given_a_token_cut_short_or_grown_when_read_then_it_is_none(cut):
    assert [None, None] == [link_tokens.read(made()[:-cut]), link_tokens.read(made() + "A" * cut)]


def test_given_a_new_first_key_when_read_then_old_links_hold_until_their_key_is_gone(keys):
    keys("k1")
    old = made()
    keys("k2", "k1")
    new = made()
    assert [True, True] == [link_tokens.read(each) is not None for each in (old, new)]
    keys("k2")
    assert [False, True] == [link_tokens.read(each) is not None for each in (old, new)]


def test_given_another_key_of_the_same_name_when_read_then_it_is_none(keys, monkeypatch):
    keys("k1")
    old = made()
    monkeypatch.setenv("SEAL_KEYS", json.dumps({"k1": base64.b64encode(b"x" * 32).decode()}))
    assert link_tokens.read(old) is None
