"""Near-duplicates 相似诉求: what may be the same matter, with the reasons; a person merges, and takes it back."""

from contracts import samples
from contracts.fields import Code, Count, Many, Moment, One, Text, some
from contracts.intake.appeals import AppealCommand
from contracts.intake.base import DESKS, AppealFact, IntakeCommand, about_appeal
from contracts.schema import AnswerSchema, Shape
from contracts.shapes import PersonRef
from contracts.tokens import area, case_no, category_code
from contracts.words import shared_text
from kernel import codes
from kernel.codes import Role
from kernel.rights import anywhere

TAG = "诉求"


class AlikeView(Shape):
    """One open appeal that may be the same matter. `score`: points of 100, the sum of what the reasons give."""

    number = case_no(label="编号")
    state = Code(codes.AppealState, label="进展")
    title = Text(80, label="标题")
    area_path = area()
    created_at = Moment(label="登记时间")
    score = Count(0, 100, label="相似度")
    reasons = Many(Text(120), label="理由")


class AlikeList(AnswerSchema):
    items = some(AlikeView)


class ListAlike(IntakeCommand):
    """The likeliest first; none that the asker may not read."""

    title = "可能是同一件事"
    route = "GET /appeals/<number>/alike"
    by = DESKS
    answer = AlikeList
    number = case_no()


class FindAlike(IntakeCommand):
    """The same before it is registered, by its words; nothing of them is kept."""

    keeps_answer = False
    title = "登记前查同一件事"
    route = "POST /appeals/alike"
    by = anywhere(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET)
    answer = AlikeList
    content = Text(5000)
    area_path = area()
    category = category_code(optional=True)
    example = {
        "content": "下水道又堵了，污水倒灌到卫生间",
        "area_path": samples.STAIRWELL,
        "category": "housing.drain.blocked",
    }


class UnmergeAppeal(AppealCommand):
    """`number` goes on by itself, by the date that was promised; the other goes on as it stands."""

    title = "撤销并单"
    main = True
    route = "POST /appeals/<number>/unmerge"
    by = DESKS
    hint = "不是同一件事：本件恢复单独办理，原来答应群众的时间不变。"
    reason = shared_text(200, label="为什么不是同一件事", help="不写姓名、门牌和电话")


class AppealParted(AppealFact):
    """What was merged into this appeal goes on by itself. A higher urgency that it brought stays: it was told."""

    title = "撤销并单"
    for_staff = "{from_number}不是同一件事，{by}已撤销并单，两件分别办理。"
    for_resident = None
    from_number = case_no()
    by = One(PersonRef)
    example = about_appeal(from_number=samples.MERGED_NO, by=samples.LI_SHAN)
