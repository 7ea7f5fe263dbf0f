"""Operations that do what a word tells them: fail, die, doze; every way a real one can go wrong."""

from __future__ import annotations

import os

import eventlet
from sqlalchemy import text

from chassis import outbox
from chassis.entrypoints import asked, hears
from chassis.errors import Forbidden, Reject
from tests.toys.things.contract import Echo, MakeThing, Nap, ThingChanged, ThingCounted
from tests.toys.things.tables import Effect, Thing


def make(session, who, command, now):
    thing = Thing(word=command["word"], area_path="a.b", case_number="S1")
    session.add(thing)
    session.flush()
    outbox.record(session, ThingChanged, thing, who, now, word=thing.word)
    return thing


def obey(session, event):
    word = event.data["word"]
    session.add(Effect(event_id=event.id, subject=event.subject, word=word))
    session.flush()
    if word.startswith("fail"):
        raise ValueError("told so")
    if word == "reject":
        raise Reject("told so")
    if word == "die":
        os._exit(9)
    if word == "slow":
        session.execute(text("select pg_sleep(1.5)"))


@asked(MakeThing)
def make_thing(session, who, command, now):
    if command["word"] == "forbidden":
        raise Forbidden("不许", word=command["word"])
    made = make(session, who, command, now)
    if command["word"] == "broken":
        raise RuntimeError("secret inside")
    return made


@asked(Echo)
def echo(session, who, command, now):
    return command


@asked(Nap)
def nap(session, who, command, now):
    eventlet.sleep(float(command["word"]))
    return make(session, who, command, now)


@hears(ThingChanged)
def thing_changed(session, who, event, now):
    obey(session, event)


@hears(ThingCounted, together=8)
def thing_counted(session, who, event, now):
    obey(session, event)
