"""Which category an appeal may belong to 类别建议, by words and closed cases that say so; a person decides."""

from contracts import samples
from contracts.fields import Many, Text, some
from contracts.intake.base import IntakeCommand
from contracts.schema import AnswerSchema, Shape
from contracts.tokens import area, case_no, category_code
from kernel.codes import Role
from kernel.rights import anywhere

TAG = "诉求"


class CategoryView(Shape):
    """`words`: what in the text speaks for it. `cases`: closed ones of the category that say the like."""

    code = category_code()
    name = Text(60, label="类别")
    words = Many(Text(40), label="依据的词")
    cases = Many(case_no(), label="相似的办结件")


class CategoryList(AnswerSchema):
    items = some(CategoryView)


class SuggestCategory(IntakeCommand):
    """The likeliest three first; nothing of the words is kept."""

    keeps_answer = False
    title = "类别建议"
    route = "POST /appeals/category-suggestions"
    by = anywhere(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET)
    answer = CategoryList
    content = Text(5000)
    area_path = area()
    example = {"content": "下水道又堵了，污水倒灌到卫生间", "area_path": samples.STAIRWELL}
