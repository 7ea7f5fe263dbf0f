"""What a table of news/ can name beside recipients.

A function of `heard` is a step: what notify keeps of an event (`keeps`) or does about it (`does`). A function of
`heard` and `to` is a condition of a message to that recipient, or a word made for it.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from kernel.calendar import last_day_words
from kernel.codes import DueWhen, ObjectionDecision, Role, Urgency
from services.notify import areas, follow_ups, messages, templates
from services.notify.areas import Recipient
from services.notify.files import Heard
from services.notify.messages import TASK_LINK, News, queue
from services.notify.rules import QuietHours, due, policy
from services.notify.sessions import reminders
from services.notify.tables import Message

RATE = "dispatch.rate_within"
TASK_LETTERS = ("whistle_task_assigned", "whistle_task_linked")


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
    follow_ups.supersede(heard.session, heard.who, heard.event, heard.now)
    told = [key for key in templates.FORMS if key.startswith("appeal_")]
    messages.withdraw(heard.session, heard.now, [file.id], *told)


def survivor(heard: Heard) -> None:
    """Its reporter gets the notices of the case it was merged into; its own again where it goes on by itself."""
    heard.appeal.merged_into = heard.data.get("into_id")


def task(heard: Heard) -> None:
    """Of which whistle it is: calling that off takes the task's messages back."""
    whistle = heard.whistle
    heard.task.whistle_id = whistle.id


def blow(heard: Heard) -> None:
    """Nobody is asked to approve it any more."""
    heard.whistle.blown = True


def settled(heard: Heard) -> None:
    """The task is rated or excused; or the whistle is returned or called off, and nobody comes to it."""
    (heard.task if "task_id" in heard.data else heard.whistle).settled = True


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
        begun = after - follow_ups.A_MOMENT  # the next limit counts from the last day of this one
        for to in both[: min(no, 2)]:
            news = News.of(event, heard.task.id, no, send_after=after + follow_ups.A_MOMENT)
            queue(heard.session, "rating_due", to, news, words, heard.now)


def call_to_mind(heard: Heard) -> None:
    """The applicant is reminded of the booking a day and two hours before, unless it is cancelled until then."""
    event, starts_at = heard.event, heard.data["starts_at"]
    to = areas.party(heard.session, heard.data["applicant"], event.area_path)
    words = {"number": heard.data["number"], "starts_at": starts_at}
    for cycle, moment in reminders(starts_at, heard.now).items():
        news = News.of(event, UUID(event.subject), cycle, send_after=moment, send_before=starts_at)
        queue(heard.session, "booking_reminder", to, news, words, heard.now)


def own_doing(heard: Heard, to: Recipient) -> bool:
    """It was the recipient who did it."""
    return heard.event.actor == to.id


def older_assignment(heard: Heard, to: Recipient) -> bool:
    """A newer one has been heard before."""
    return heard.event.aggregate_version < heard.appeal.handler_version


def may_be_objected_to(heard: Heard, to: Recipient) -> bool:
    """Withdrawn by staff on the reporter's behalf, who may still object."""
    return bool(heard.data["object_until"]) and not heard.data["by_complainant"]


def court_too_late(heard: Heard, to: Recipient) -> bool:
    """The court could have confirmed it, and can no more (人民调解法 art. 33)."""
    until = heard.data["judicial_until"]
    return until is not None and until < heard.event.time


def at_once(heard: Heard, to: Recipient) -> bool:
    """At any hour."""
    return True


def term_late(heard: Heard, to: Recipient) -> bool:
    """The day of the term is over."""
    return bool(heard.data["when"] == DueWhen.LATE)


def called_off(heard: Heard, to: Recipient) -> bool:
    """Nobody needs to come to a whistle that was called off."""
    return heard.whistle.settled


def is_decided(heard: Heard, to: Recipient) -> bool:
    """The whistle was blown, returned or called off."""
    return heard.whistle.blown or heard.whistle.settled


def objection_upheld(heard: Heard, to: Recipient) -> bool:
    return bool(heard.data["decision"] == ObjectionDecision.UPHELD)


def emergency_said(heard: Heard, to: Recipient) -> bool:
    """The event itself says that it is one: an appeal's urgency, or the kind of a whistle."""
    return Urgency.EMERGENCY in (heard.data.get("urgency"), heard.data.get("kind"))


def emergency_case(heard: Heard, to: Recipient) -> bool:
    """The appeal is one."""
    return heard.appeal.urgency == Urgency.EMERGENCY


def emergency_matter(heard: Heard, to: Recipient) -> bool:
    """Its owner says so in the envelope."""
    return heard.event.standing is not None and heard.event.standing.urgency == Urgency.EMERGENCY


def emergency_task(heard: Heard, to: Recipient) -> bool:
    """The unit was told of its task at any hour."""
    told = select(Message.id).where(Message.subject_id == heard.data["task_id"], Message.breaks_quiet)
    return heard.session.scalars(told.where(Message.template.in_(TASK_LETTERS)).limit(1)).first() is not None


def task_link(heard: Heard, to: Recipient) -> str:
    """Stands for the recipient's own link, which is made when the letter leaves and kept nowhere."""
    return TASK_LINK


def morning_too_late(heard: Heard, to: Recipient) -> bool:
    """The old date would be over when the quiet hours end (条例 art. 15: told before it)."""
    return QuietHours.on(heard.now).hold_beyond(heard.now, heard.data["old_due_at"])


def last_day_to_object(heard: Heard, to: Recipient) -> str:
    return last_day_words(heard.data["object_until"])


def once(heard: Heard, to: Recipient) -> str:
    """The cycle of what is told a recipient once of one matter."""
    return "1"


def subject(heard: Heard, to: Recipient) -> UUID:
    """What the event is about."""
    return UUID(heard.event.subject)


def goes_on_elsewhere(heard: Heard, to: Recipient) -> bool:
    """Whether an item of a council's agenda is left to the community."""
    return heard.data["outcome"] in ("TO_COMMUNITY", "NEED_LIST")
