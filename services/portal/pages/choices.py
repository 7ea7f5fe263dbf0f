"""What a choice on a form is made from, where the view it stands beside knows and the contract cannot."""

from __future__ import annotations

from collections.abc import Mapping

from kernel import codes
from services.portal.pages.fields import Choices, Chosen, View
from services.portal.pages.wording import said


def _parties(view: View) -> Choices:
    return [
        (party["party_id"], f"{party['masked_name']}（{codes.label(codes.PartySide, party['side'])}）")
        for party in view.get("parties", ())
    ]


def _helpers(view: View) -> Choices:
    return [(helper["helper_id"], helper["unit_name"]) for helper in view.get("helpers", ())]


def _attending(view: View) -> Choices:
    return _helpers({"helpers": [one for one in view.get("helpers", ()) if one.get("may_attend")]})


def _present(view: View) -> Choices:
    return [*_parties(view), *_representatives(view), *_attending(view)]


def _sessions(view: View) -> Choices:
    planned = (one for one in view.get("sessions", ()) if one["state"] == codes.SessionState.SCHEDULED)
    return [(one["session_id"], f"第{one['session_no']}次，{said(one['starts_at'])}") for one in planned]


def _representatives(view: View) -> Choices:
    active = (one for one in view.get("representatives", ()) if one.get("active"))
    return [(one["representative_id"], f"{one['masked_name']}（代理人）") for one in active]


def _signers(view: View) -> Choices:
    parties = [(f"PARTY:{key}", name) for key, name in _parties(view)]
    return [*parties, ("MEDIATOR:", codes.Signer.MEDIATOR.label)]


def _terms(view: View) -> Choices:
    return [
        (str(term["term_no"]), f"第{term['term_no']}项：{term['content'][:30]}")
        for term in view.get("terms", ())
        if not term.get("performed_at")
    ]


def _units(view: View) -> Choices:
    """Every unit by name; the page lays them beside what the service told."""
    return sorted(view.get("units", {}).items(), key=lambda unit: unit[1])


def _handlers(view: View) -> Choices:
    """Who may handle it, with the unit they do it for."""
    return [(f"{one['unit']} {one['id']}", f"{one['name']}（{one['label']}）") for one in view.get("staff", ())]


def _mediators(view: View) -> Choices:
    """Who may mediate, with their dialects, for whoever speaks one of them better."""
    return [(one["id"], one["name"] + _spoken(one["dialects"])) for one in view.get("available", ())]


def _spoken(dialects: list[str]) -> str:
    return f"（{'、'.join(dialects)}）" if dialects else ""


def _issues(view: View) -> Choices:
    """The points taken down before."""
    return [(one["kind"], codes.label(codes.IssueKind, one["kind"])) for one in view.get("issues", ())]


def _whistles(view: View) -> Choices:
    """What the viewer may blow here."""
    return [(kind, codes.label(codes.WhistleKind, kind)) for kind in view.get("whistle_kinds", ())]


def _targets(view: View) -> Choices:
    return [(one["unit_path"], one["name"]) for one in view.get("targets", ())]


def _open_targets(view: View) -> Choices:
    left = [one for one in view.get("targets", ()) if one.get("result") in (None, "NOBODY", "LATER")]
    return _targets({"targets": left})


def _points(view: View) -> Choices:
    """Lines of a checklist that nobody has looked at, or where what was found waits to be raised."""
    found = (one for one in view.get("points", ()) if not one.get("came_of"))
    return [(one["name"], one["name"]) for one in found if one.get("result") in (None, "FOUND")]


def _changes(view: View) -> Choices:
    return [(one["id"], one["words"][:40]) for one in view.get("changes", ()) if one["state"] == "PROPOSED"]


def _objections(view: View) -> Choices:
    return [(one["id"], one["words"][:40]) for one in view.get("objections", ()) if one["reply"] is None]


def _spots(view: View) -> Choices:
    return [(str(one["no"]), f"第{one['no']}处：{one['what'][:40]}") for one in view.get("spots", ())]


def _open_spots(view: View) -> Choices:
    return _spots({"spots": [one for one in view.get("spots", ()) if one["state"] != "SETTLED"]})


def _parts(view: View) -> Choices:
    return [(str(one["no"]), one["name"]) for one in view.get("parts", ()) if not one.get("done_at")]


def _agenda(view: View) -> Choices:
    return [(one["item"], one["item"]) for one in view.get("agenda", ()) if not one.get("decided_by")]


def _options(view: View) -> Choices:
    return [(str(one["no"]), f"{one['no']}．{one['option'][:40]}") for one in view.get("options", ())]


def _items(view: View) -> Choices:
    """Of a council's agenda, what has not ended."""
    left = [one for one in view.get("agenda", ()) if not one.get("outcome")]
    return [(str(one["no"]), f"{one['no']}．{one['subject'][:40]}") for one in left]


def _works(state: str) -> Chosen:
    return lambda view: [(str(one["no"]), f"第{one['no']}步：{one['what'][:40]}") for one in view.get("works", ())
                         if one["state"] == state]  # fmt: skip


def _stage(view: View) -> Choices:
    return [(view["stage"], view["stage_name"])] if view.get("stage") else []


def _people(key: str) -> Chosen:
    return lambda view: [(one["id"], one["name"]) for one in view.get(key, ())]


def _members(view: View) -> Choices:
    return [(one["person"]["id"], one["person"]["name"]) for one in view.get("members", ())]


def _pairs(key: str) -> Chosen:
    return lambda view: list(view.get(key, ()))


def known(key: str) -> Chosen:
    """The one value of what the page knows."""
    return lambda view: [(str(view[key]), "")] if view.get(key) else []


EVERYWHERE: dict[str, Chosen | Choices] = {
    "party_id": _parties,
    "party_ids": _parties,
    "representative_id": _representatives,
    "obligor_party_id": _parties,
    "obligee_party_id": _parties,
    "helper_id": _helpers,
    "helper_ids": _attending,
    "present": _present,
    "session_id": _sessions,
    "term_no": _terms,
    "unit": _units,
    "proposed_unit": _units,
    "new_unit": _units,
    "person_id": _people("people"),
    "mediator_id": _mediators,
    "handler_id": _handlers,
    "failed": lambda view: [(duty, duty) for duty in view.get("duties", ())],
    "unit_path": _targets,
    "unit_paths": _open_targets,
    "open_points": _points,
    "member_id": _members,
    "member_ids": _members,
    "found_point": _points,
    "change_id": _changes,
    "spots": _open_spots,
    "parts": _parts,
    "executor": _units,
    "assistants": _units,
    "invited": _units,
    "contractor": _units,
    "builder": _units,
    "overseer": _units,
    "offered_to": _people("staff"),
    "payer": _units,
    "owner": _units,
    "objection_id": _objections,
    "option_no": _options,
    "item_no": _items,
    "area_path": _pairs("places"),
    "category": _pairs("categories"),
    "template": _pairs("templates"),
}
"""By the name of a field."""

OF_COMMAND: dict[str, dict[str, Chosen | Choices | None]] = {
    "convene_council": {"invited": None},
    "draft_whistle": {"kind": _whistles},
    "finish_work": {"work_no": _works("OPEN")},
    "accept_work": {"work_no": _works("FINISHED")},
    "return_work": {"work_no": _works("FINISHED")},
    "hold_stage": {"stage": _stage},
    "publish_stage": {"stage": _stage},
    "report_decision_work": {"stage": _stage},
    "review_decision": {"stage": _stage},
    "sign_agreement": {"signer": _signers},
    "open_case": {
        "origin": [(each.value, each.label) for each in codes.CaseOrigin if each != codes.CaseOrigin.APPEAL],
    },
    "rule_on_challenge": {
        "ruling": [(each.value, each.label) for each in (codes.Ruling.UPHELD, codes.Ruling.REJECTED)]
    },
    "record_confirmation": {
        "outcome": [
            (each.value, each.label)
            for each in (codes.JudicialState.CONFIRMED, codes.JudicialState.DISMISSED, codes.JudicialState.WITHDRAWN)
        ],
    },
    "take_to_court": {
        "way": [(each.value, each.label) for each in (codes.CourtWay.ENFORCEMENT, codes.CourtWay.SUIT)],
    },
    "protect_party": {
        "chosen": [(each.value, each.label) for each in (codes.SessionKind.SHUTTLE, codes.SessionKind.ONLINE)],
    },
    "settle_issue": {"kind": _issues},
    "record_relapse": {"spots": _spots},
    "decide_item": {"item": _agenda},
    "record_willingness": {
        "willing": [(each.value, each.label) for each in (codes.Willing.YES, codes.Willing.NO)],
    },
}


def of(method: str) -> Mapping[str, Chosen | Choices | None]:
    """None where words are written, whatever a field of that name is chosen from elsewhere."""
    return {**EVERYWHERE, **OF_COMMAND.get(method, {})}
