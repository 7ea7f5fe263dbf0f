"""Ids of replies follow from what is answered and what is said: a repeat has the same, other words another."""

from __future__ import annotations

import pytest
from shaodao_kit.replying import Replies

pytestmark = pytest.mark.rule("40")


class Told:
    """Takes the place of the broker."""

    def __init__(self):
        self.sent = []

    def send(self, verb, data, reply_id):
        self.sent.append(reply_id)


def ids(*acts, because="m-1"):
    told = Told()
    replies = Replies(told, "t-1", None, because)
    for verb, *words in acts:
        getattr(replies, verb)(*words)
    return told.sent


def test_given_a_handler_run_again_when_it_says_the_same_then_the_ids_are_the_same():
    acts = [("sign",), ("report_in",), ("progress", "已到现场"), ("progress", "已到现场")]
    assert (ids(*acts), 4) == (ids(*acts), len(set(ids(*acts))))


def test_given_a_handler_run_again_when_it_says_something_else_then_the_id_is_another():
    assert ids(("progress", "还在路上")) != ids(("progress", "已到现场"))
