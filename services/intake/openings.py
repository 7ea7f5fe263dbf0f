"""Where one can book: the service window of a place, or a room of its rota."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.errors import Invalid
from services.intake.posts import WINDOW
from services.intake.rota import Turn
from services.intake.tables import Post


@dataclass(frozen=True)
class Opening:
    """Its posted hours as posts have them; `room` is empty for the window; `places` is the key of the policy's value
    booking.slot that says how many are received at a time."""

    area_path: str
    name: str
    hours: str
    room: str
    places: str


def opening(session: Session, place: str, room: str | None, *, lock: bool = False) -> Opening:
    """Errors: Invalid where there is none."""
    return _room(session, place, room, lock) if room else _window(session, place, lock)


def _window(session: Session, place: str, lock: bool) -> Opening:
    query = select(Post).where(Post.area_path == place, Post.duty == WINDOW)
    post = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if post is None:
        raise Invalid.because({"area_path": ["这里没有可以预约的窗口"]})
    return Opening(post.area_path, post.name, post.hours, "", "places")


def _room(session: Session, place: str, room: str, lock: bool) -> Opening:
    query = select(Turn).where(Turn.area_path == place, Turn.room == room).order_by(Turn.id)
    turns = session.scalars(query.with_for_update() if lock else query).all()
    if not turns:
        raise Invalid.because({"room": ["这里没有这个接待室"]})
    return Opening(place, room, "; ".join(turn.hours for turn in turns), room, "in_room")
