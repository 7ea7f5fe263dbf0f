"""Areas, posts and categories 区域、岗位、类别."""

from contracts import samples
from contracts.fields import Code, Count, Flag, Many, Moment, One, Text, some
from contracts.intake.base import IntakeCommand
from contracts.schema import AnswerSchema, Shape
from contracts.shapes import Coordinate, Page, PersonRef
from contracts.tokens import area, category_code, unit_code
from kernel import codes
from kernel.points import Datum
from kernel.rights import anybody, everybody

TAG = "区域与类别"


class AreaView(AnswerSchema):
    """A node of the responsibility tree."""

    path = area()
    parent = area(optional=True)
    level = Code(codes.AreaLevel)
    name = Text(60)
    full_name = Text(200, optional=True)
    brand = Text(60, optional=True)


class AreaPage(Page):
    items = some(AreaView, most=5000)


class PostView(AnswerSchema):
    """Who answers for a place: A-holder, B-holder, and who is on duty at the asked moment."""

    area_path = area()
    name = Text(60, optional=True)
    unit = unit_code(optional=True)
    holder = One(PersonRef, optional=True)
    deputy = One(PersonRef, optional=True)
    on_duty = One(PersonRef, optional=True)


class CategoryView(AnswerSchema):
    """A node of the category tree; `questions` are asked while registering."""

    code = category_code()
    parent = category_code(optional=True)
    name = Text(60)
    level = Count(1, 9)
    default_urgency = Code(codes.Urgency, optional=True)
    lead_unit = unit_code(optional=True)
    dispute = Flag(default=False)
    hazard = Flag(default=False)
    sensitive = Flag(default=False)
    questions = Many(Text(200))


class CategoryPage(Page):
    items = some(CategoryView, most=5000)


class ListAreas(IntakeCommand):
    """The children of `parent`, or the roots."""

    title = "区域列表"
    route = "GET /areas"
    by = anybody()
    hint = "不带 parent 时列出最上级。"
    public = True
    answer = AreaPage
    parent = area(optional=True)
    example = {"parent": samples.COMMUNITY}


class OutlineView(Shape):
    """One part of an area: `ring` are its corners as `lon lat`, WGS 84, without the first again at the end."""

    path = area()
    name = Text(60)
    ring = Many(Text(60), least=3, most=5000)


class OutlinePage(Page):
    items = some(OutlineView, most=20_000)


class ListOutlines(IntakeCommand):
    """What is drawn of the place and of what lies in it, as it holds today."""

    title = "区域边界"
    route = "GET /areas/outlines"
    by = anybody()
    hint = "边界是责任网格的范围，不含任何人的信息。"
    public = True
    answer = OutlinePage
    area_path = area()
    example = {"area_path": samples.COMMUNITY}


class LocatePoint(IntakeCommand):
    """The area a point lies in, the smallest that is drawn; on a border the one of the lowest code."""

    title = "按位置查区域"
    route = "POST /areas/point"
    by = anybody()
    hint = "datum 说明坐标系：手机定位是 WGS84，高德、腾讯地图是 GCJ02，在银川相差约 386 米。位置不留存。"
    public = True
    keeps_answer = False
    answer = AreaView
    lat, lon = Coordinate(90), Coordinate(180)
    datum = Code(Datum, default=Datum.WGS84)
    example = {"lat": 38.4662, "lon": 106.2763, "datum": "WGS84"}


class ResolvePost(IntakeCommand):
    """Who answers for a place at `at` (now, if null)."""

    title = "查询责任岗位"
    route = "GET /posts"
    by = everybody()
    hint = "at 为空即现在。"
    answer = PostView
    area_path = area()
    at = Moment(optional=True)
    example = {"area_path": samples.STAIRWELL, "at": samples.MORNING}


class ListCategories(IntakeCommand):
    title = "类别列表"
    route = "GET /categories"
    by = anybody()
    public = True
    answer = CategoryPage
