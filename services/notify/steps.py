"""What notify keeps of an event (`keeps`) or does about it (`does`) where a table of news/ names it."""

from __future__ import annotations

from datetime import timedelta

from kernel.codes import Role
from services.notify import areas, follow_ups, messages, templates
from services.notify.files import Heard
from services.notify.messages import News, When, queue
from services.notify.rules import due, policy

RATE = "dispatch.rate_within"
A_MOMENT = timedelta(minutes=1)


def registration(heard: Heard) -> None:
    """Who reported, who answers for it, how urgent; messages that waited for that get their address."""
    file, data, reporter = heard.appeal, heard.data, heard.data["reporter"]
    file.registered, file.secret, file.anonymous = True, data["secret"], data["anonymous"]
    file.urgency, file.against = file.urgency or data["urgency"], data["against"]
    file.first_responder_id, file.first_responder_name = data["first_responder"]["id"], data["first_responder"]["name"]
    if reporter:
        file.reporter_id, file.reporter_name = str(reporter["person_id"]), reporter["masked_name"]
    messages.address_waiting(heard.session, file)


def urgency(heard: Heard) -> None:
    """How urgent it has become; a registration heard later does not make it less so."""
    heard.appeal.urgency = str(heard.data["urgency"])


def handler(heard: Heard) -> None:
    """Who handles it: the newest assignment counts, also when it comes first."""
    file, version = heard.appeal, heard.event.aggregate_version
    if version > file.handler_version:
        file.handler_id, file.handler_name = heard.data["handler"]["id"], heard.data["handler"]["name"]
        file.handler_version = version


def turn(heard: Heard) -> None:
    """The appeal takes a turn: what waits of what was before is taken back, its follow-up is nobody's work."""
    file, version = heard.appeal, heard.event.aggregate_version
    file.moved_on_version = version
    follow_ups.supersede(heard.session, file.id, version, heard.now)
    told = [key for key in templates.FORMS if key.startswith("appeal_")]
    messages.withdraw(heard.session, heard.now, [file.id], *told)


def join_survivor(heard: Heard) -> None:
    """From now on its reporter gets the notices of the case it was merged into."""
    heard.appeal.merged_into = heard.data["into_id"]


def leave_survivor(heard: Heard) -> None:
    """It goes on by itself, by the date that was promised."""
    heard.appeal.merged_into = None


def task(heard: Heard) -> None:
    """Of which whistle it is: calling that off takes the task's messages back."""
    whistle = heard.whistle
    heard.task.whistle_id = whistle.id


def task_settled(heard: Heard) -> None:
    """No rating is waited for any more, in whatever order the events come."""
    heard.task.settled = True


def whistle_called_off(heard: Heard) -> None:
    """Nobody comes to it, and nobody rates its tasks."""
    heard.whistle.settled = True


def remind_to_rate(heard: Heard) -> None:
    """The whistler has policy key dispatch.rate_within to rate; then reminded, again and again, the street with it.

    Nothing is ever rated by itself. Rating, excusing and calling off take back what waits (`settled`).
    """
    if heard.whistle.settled or heard.task.settled:
        return
    event, by = heard.event, heard.data["confirmed_by"]
    words = {"whistle_number": heard.data["whistle_number"], "unit": heard.data["unit"]["name"]}
    both = areas.person(by["id"], by["name"]), areas.group(heard.session, Role.STREET, event.area_path)
    begun = event.time
    for no in range(1, policy(event.time).value(RATE)["reminders"] + 1):
        after = due(RATE, begun, event.time)
        begun = after - A_MOMENT  # the next limit counts from the last day of this one
        for to in both[: min(no, 2)]:
            news, when = News.of(event, heard.task.id, cycle=no), When(after=after + A_MOMENT)
            queue(heard.session, "rating_due", to, news, words, heard.now, when)
