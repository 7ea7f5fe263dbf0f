"""Takes in letters and does what their word says: fail, die, doze."""

from __future__ import annotations

import os

from sqlalchemy import text

from chassis.entrypoints import hears
from letters.letter import receives
from tests.toys.things.contract import ThingChanged
from tests.toys.things.tables import Effect


@hears(ThingChanged)
def thing_changed(session, who, event, now):
    session.add(Effect(event_id=event.id, subject="event", word=event.data["word"]))


@receives("replies", hopeless=lambda letter: letter.content is None)
def letter_came(session, who, letter, now):
    word = (letter.content or {}).get("word", "unreadable")
    session.add(Effect(event_id=letter.id, subject=f"{who.kind} {letter.sender} {letter.key}", word=word))
    session.flush()
    if word == "fail":
        raise ValueError("told to fail")
    if word == "die":
        os._exit(9)
    if word == "slow":
        session.execute(text("select pg_sleep(1.5)"))
    return "done"
