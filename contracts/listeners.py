"""Who hears what, and who may ask whom. Bindings and permissions are made from these tables; beyond them is nothing."""

from contracts.registry import COMMANDS, EVENTS
from contracts.schema import CommandSchema, EventSchema

SERVICES = ("intake", "dispatch", "mediation", "notify", "portal")
"""Every service, the portal last; it says nothing of its own."""

HEARS_EVERYTHING = frozenset({"portal"})
"""Bound with `#`: the read model also keeps facts that were unknown when it was built."""

_NAMED = {fact.name: fact for fact in EVENTS.values()}


def facts(names: str) -> list[type[EventSchema]]:
    """The events of these names. Errors: KeyError for one that nobody says."""
    return [_NAMED[name] for name in names.split()]


def orders(names: str) -> list[type[CommandSchema]]:
    """What is asked, as `service.method`. Errors: KeyError for what nobody answers."""
    return [COMMANDS[service, method] for service, _, method in (name.partition(".") for name in names.split())]


LISTENERS: dict[str, list[type[EventSchema]]] = {
    "intake": facts("""
        whistle_blown whistle_closed whistle_cancelled mediation_case_opened mediation_case_closed
        mediation_terminated follow_up_completed follow_up_invalid care_need_found dispatch_erased
        mediation_erased notify_erased conference_item_listed conference_item_decided joint_meeting_held
        conference_cancelled council_item_ended
    """),
    "dispatch": facts("""
        appeal_withdrawn appeal_merged appeal_resumed hazard_removed erasure_ordered need_listed need_decided
        dispute_escalation_reported
    """),
    "mediation": facts("""
        dispute_identified appeal_withdrawn appeal_merged appeal_resumed whistle_blown whistle_task_signed
        whistle_task_objection_decided care_advice_given erasure_ordered wish_confirmed
    """),
    "notify": facts("""
        erasure_ordered consent_withdrawn appeal_registered appeal_assigned appeal_result_reported
        appeal_reopened appeal_closed appeal_answered appeal_diverted appeal_declined appeal_merged appeal_joined
        appeal_parted appeal_urgency_raised appeal_withdrawn appeal_resumed appeal_extended appeal_supervised
        appeal_overdue
        handover_offered handover_accepted handover_declined post_left_empty hazard_reported hazard_secured
        hazard_removed shop_faulted shop_passed shop_closed campaign_opened data_change_proposed
        appeal_survey_answered need_listed need_decided diary_change_proposed diary_change_accepted
        diary_change_rejected errand_requested errand_accepted errand_supplement_asked
        errand_delivery_arranged errand_closed errand_failed errand_overdue repeat_failure_detected
        hall_booked errand_escalated booking_made booking_cancelled booking_attended booking_missed
        whistle_drafted whistle_blown whistle_returned whistle_task_assigned
        whistle_task_rejected whistle_task_objection_decided whistle_task_link_asked
        whistle_task_overdue
        whistle_task_confirmed whistle_task_rated whistle_task_rating_appealed whistle_task_rating_appeal_decided
        whistle_task_rating_waived whistle_cancelled whistle_task_cancelled whistle_closed
        mediation_case_opened mediation_session_scheduled mediation_session_moved mediation_session_held
        agreement_term_due agreement_breached performance_urged agreement_taken_to_court performance_check_opened
        performance_check_handed_over performance_check_overdue party_protected dispute_escalation_reported
        mediation_extended agreement_drafted agreement_took_effect mediation_terminated topic_proposed topic_opened
        council_topic_set topic_dropped resolution_drafted council_objected council_objection_answered
        council_task_assigned council_task_finished council_task_accepted council_task_returned council_done
        council_result_reviewed council_item_ended council_overdue decision_objected decision_stage_failed
        election_objected election_concluded project_opened project_digest site_issue_raised
        site_issue_forwarded site_issue_fixed site_issue_confirmed site_issue_rejected site_issue_handed_over
        stop_work_asked site_issue_withdrawn covenant_adopted covenant_filed intake_deadline_approaching
        dispatch_deadline_approaching mediation_deadline_approaching rectification_ordered
        rectification_proof_submitted rectification_overdue rectification_unheeded rectification_verified
        rectification_revoked look_back_due look_back_relapsed patrol_opened patrol_done patrol_missed
        patrol_called_off patrol_findings_rose open_day_opened open_day_moved open_day_host_changed
        open_day_called_off need_on_agenda need_met conference_called sweep_proposed appeal_notice_given
        on_account_asked appeal_put_on_account on_account_refused appeal_taken_off_account analysis_opened
        analysis_held dispute_repeated owner_assigned dispute_settled analysis_drawn legal_question_asked
        legal_question_passed_on legal_question_overdue legal_question_answered legal_answer_expired
        knowledge_review_due knowledge_expired knowledge_renewed knowledge_revised knowledge_withdrawn
        knowledge_handed_over
        duty_requested duty_request_allowed duty_request_refused duty_request_done challenge_ruled
        volunteer_signed_out volunteer_hours_logged supervision_ordered supervision_answered
        supervision_returned supervision_raised supervision_accepted supervision_lifted supervision_overdue
    """),
    "portal": [],
}

LETTERS: dict[str, tuple[str, str]] = {
    "dispatch": ("department-replies", "replies"),
    "notify": ("pagers", "signals"),
}
"""Who reads what outsiders send: service → (exchange, room); the queue is `<service>.<room>`."""

ASKS_EVERYTHING = frozenset({"portal"})
"""Hands on what people ask; each service checks the asker itself."""

ASKERS: dict[str, list[type[CommandSchema]]] = {
    "intake": orders("""
        dispatch.copy_from_dispatch mediation.copy_from_mediation notify.copy_from_notify
        portal.copy_from_portal dispatch.count_due_in_dispatch mediation.count_due_in_mediation
        notify.count_due_in_notify portal.count_due_in_portal
    """),
    "dispatch": orders("""
        intake.get_appeal intake.get_hazard portal.keep_files intake.get_campaign intake.get_shop_record
        mediation.locate_case mediation.locate_site_issue mediation.locate_council
    """),
    "mediation": orders("""
        intake.list_appeals intake.list_hazards intake.list_areas intake.identify_erased
    """),
    "notify": orders("""
        intake.find_addresses intake.reveal_contact mediation.session_place intake.identify_erased
        intake.identify_withdrawn dispatch.make_task_link intake.looks_into_intake mediation.looks_into_mediation
    """),
}
"""Orders a service may give to another, beside `events_since`, which all may ask of all."""
