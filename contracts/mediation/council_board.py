"""What anybody may read of councils 议事公开: the board of a place, the page of one, its entry in a calendar."""

from contracts.fields import Code, Count, Flag, Moment, Text
from contracts.mediation import council_views as views
from contracts.mediation.council_views import CouncilBoard, CouncilRecord
from contracts.schema import AnswerSchema, CommandSchema
from contracts.shapes import ListCommand
from contracts.tokens import area, case_no
from kernel.rights import anybody

TAG = "议事协商"


class ListCouncilBoard(ListCommand):
    """Of a place: what is to come, what was decided and how far it is."""

    service = "mediation"
    title = "议事公开栏"
    route = "GET /councils/board"
    page = "council-board"
    by = anybody()
    public = True
    answer = CouncilBoard
    area_path = area()


class GetCouncilRecord(CommandSchema):
    """The page behind the code on the poster."""

    service = "mediation"
    title = "议事会公开页"
    route = "GET /councils/<number>/record"
    by = anybody()
    public = True
    answer = CouncilRecord
    number = case_no()


class CouncilInvitation(AnswerSchema):
    """What a calendar needs; `sequence` grows whenever the hour, the place or the meeting itself changes."""

    number = case_no()
    kind = Code(views.CouncilKind)
    subject = Text(80)
    starts_at = Moment()
    place_text = Text(200)
    invited = Text(200, optional=True)
    sequence = Count()
    changed_at = Moment()
    called_off = Flag()


class GetCouncilInvitation(CommandSchema):
    """Also of one that was called off: calendars that have it take it out."""

    service = "mediation"
    title = "议事会日历"
    route = "GET /councils/<number>/invitation"
    by = anybody()
    public = True
    answer = CouncilInvitation
    number = case_no()
