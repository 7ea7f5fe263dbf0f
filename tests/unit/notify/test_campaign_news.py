"""Who has units to visit hears of it; who asked hears what the sweep found."""

from __future__ import annotations

from contracts import samples
from contracts.intake.campaigns import AppealSurveyAnswered, CampaignOpened, DataChangeProposed
from tests.unit.notify.facts import APPEAL, fact, registered, tell, told

VISITORS = [{"id": "u-zou", "name": "邹丽娟"}, {"id": "u-yu", "name": "喻振华"}]


def test_given_a_campaign_when_opened_then_each_visitor_hears_of_it_once(store):
    opened = fact(CampaignOpened, {"visitors": VISITORS}, subject=samples.uid(61))
    for _ in range(2):
        tell(store, opened)
    assert {("campaign_opened", "u-zou"), ("campaign_opened", "u-yu")} == told(store)


def test_given_a_change_when_proposed_then_the_community_is_asked_to_decide(store):
    tell(store, fact(DataChangeProposed, subject=samples.uid(61)))
    assert {("change_to_decide", "community-yinhong")} == told(store)


def test_given_a_sweep_when_answered_then_who_asked_hears_what_was_found(store):
    registered(store)
    tell(store, fact(AppealSurveyAnswered, {"appeal_id": APPEAL, "visited": 67, "needing": 67}, 9))
    assert ("appeal_survey_answered", samples.RESIDENT) in told(store)
