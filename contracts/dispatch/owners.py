"""Owners 权属单位 of what stands in the street: found by its label, called at once."""

from contracts import samples
from contracts.dispatch.base import DispatchQuestion
from contracts.dispatch.whistles import WhistleView
from contracts.fields import Code, some
from contracts.schema import Shape
from contracts.shapes import Page
from contracts.tokens import case_no, unit_code
from kernel import codes
from kernel.codes import Role
from kernel.rights import anywhere

TAG = "吹哨"
CALLERS = anywhere(Role.GRID, Role.COMMUNITY, Role.WHISTLER, Role.STREET, Role.DISTRICT)
"""Who may blow an emergency for the place; the whistle itself is checked against it."""


class OwnerView(Shape):
    asset = Code(codes.AssetLabel, label="标识")
    unit = unit_code(label="权属单位")


class OwnerPage(Page):
    items = some(OwnerView)


class ListOwners(DispatchQuestion):
    """Whose what is, by its label; UNKNOWN names the unit that acts first."""

    title = "权属单位表"
    route = "GET /owners"
    by = CALLERS
    answer = OwnerPage


class CallOwner(DispatchQuestion):
    """An EMERGENCY whistle to the owner of what the hazard is about.

    Where that is unknown it goes to the municipal unit, which acts first; ownership is settled later (`NameOwner`).
    """

    title = "请权属单位来处置"
    main = True
    route = "POST /hazards/<number>/owner-call"
    by = CALLERS
    hint = "按标识找权属单位，应急处置哨立即吹响；权属不清的，市政先处置。"
    answer = WhistleView
    number = case_no()
    example = {"number": samples.HAZARD_NO}
