"""Legal help 法律服务: who in each grid can help with what, questions to the lawyer on duty, answers kept for all."""

from typing import Any

from contracts.fields import Code, Count, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MediationCommand, NumberedFact
from contracts.mediation.hints import KnowledgeHint
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import PersonName, Phone, area, case_no, staff_id
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody, in_states, own, residents

TAG = "法律服务"


class HelperKind(Codes):
    LAWYER = "LAWYER", "公益律师"
    LEGAL_PERSON = "LEGAL_PERSON", "法律明白人"
    JUSTICE = "JUSTICE", "司法所"
    POLICE = "POLICE", "民警"
    VOLUNTEER = "VOLUNTEER", "志愿者"
    MEDIATOR = "MEDIATOR", "人民调解员"


class LegalTopic(Codes):
    HOUSING = "HOUSING", "房屋装修"
    DAMAGE = "DAMAGE", "损害赔偿"
    FAMILY = "FAMILY", "婚姻家庭"
    CONSUMER = "CONSUMER", "消费维权"
    LABOUR = "LABOUR", "劳动争议"
    ASSISTANCE = "ASSISTANCE", "社会救助"
    LEGAL_AID = "LEGAL_AID", "法律援助"
    OTHER = "OTHER", "其他"


class QuestionState(Codes):
    ASKED = "ASKED", "待答复"
    OVERDUE = "OVERDUE", "超时未答"
    ANSWERED = "ANSWERED", "已答复"
    PUBLISHED = "PUBLISHED", "已公开"
    EXPIRED = "EXPIRED", "待复核"
    WITHDRAWN = "WITHDRAWN", "已撤下"


ASKER, ANSWERER = own("asker_id", words="提问人"), own("answerer_id", words="答复人")
OFFICE = at(Role.COMMUNITY, Role.STREET)
READERS = ASKER | ANSWERER | at(Role.COMMUNITY, Role.STREET, Role.GRID, Role.MEDIATOR)
INSIDERS = ASKER | ANSWERER | at(Role.COMMUNITY, Role.GRID)
HINTED = ANSWERER | at(Role.COMMUNITY, Role.GRID, Role.MEDIATOR, Role.STREET)
ON_BOARD = in_states("已公开的", QuestionState.PUBLISHED)


class LegalAnswer(Shape):
    """What everybody may read: rewritten, without who asked."""

    about = Matter(
        "LEGAL_QUESTION", "法律咨询", QuestionState,
        {"ASKED": "答复法律咨询", "OVERDUE": "答复法律咨询", "EXPIRED": "复核公开的答复"},
        headline="{topic}[：{public_question}]",
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(QuestionState, label="进展")
    topic = Code(LegalTopic, label="哪一类")
    public_question = shared_text(300, label="问题", optional=True)
    public_answer = shared_text(2000, label="答复", optional=True)
    answerer = One(PersonRef, label="谁答复", optional=True)
    due_at = Moment(label="期限", optional=True)


class QuestionView(AggregateView, LegalAnswer):
    """`reasons`: why it went to this helper. `knowledge`: looked up for one question, not for lists.

    `due_at` of a published answer is the day it has to be looked at again.
    """

    question = Text(1000, label="问的是什么", optional=True, seen_by=INSIDERS)
    answer = Text(2000, label="答复", optional=True, seen_by=INSIDERS)
    asker_name = Text(40, label="谁问的", optional=True, seen_by=INSIDERS)
    reasons = Many(Text(60), label="为什么找他")
    knowledge = some(KnowledgeHint, label="知识库里相近的", seen_by=HINTED)
    asked_at = Moment(label="提问")
    answered_at = Moment(label="答复时间", optional=True)


class QuestionPage(Page):
    items = some(QuestionView)


class AnswerBoard(Page):
    items = some(LegalAnswer)


class LegalHelperView(Shape):
    """Somebody of the pool, with why they fit, the best first."""

    id = staff_id(label="账号")
    name = Text(40, label="谁")
    kind = Code(HelperKind, label="身份")
    area_path = area(label="哪里")
    skills = Many(Code(LegalTopic), label="擅长")
    dialects = Many(Text(20), label="会说")
    in_hand = Count(label="手上")
    reasons = Many(Text(60), label="为什么合适")


class LegalHelpers(Page):
    items = some(LegalHelperView)


class AskLegalQuestion(MediationCommand):
    """Goes straight to the lawyer on duty; where there is none, to whoever fits best."""

    title = "法律咨询"
    route = "POST /legal-questions"
    by = at(Role.STEWARD, Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.MEDIATOR) | residents()
    location = "/api/legal-questions/{number}"
    answer = QuestionView
    topic = Code(LegalTopic, label="哪一类")
    question = Text(1000, label="问什么")
    area_path = area(label="在哪里")
    dialect = Text(20, label="说什么话", optional=True)
    name = PersonName(label="谁问的", optional=True, help="替别人问的，填那个人")
    phone = Phone(label="电话", optional=True)


class QuestionCommand(VersionedCommand, MediationCommand):
    answer = QuestionView
    number = case_no()


class PassOnQuestion(QuestionCommand):
    title = "转给别人答复"
    route = "POST /legal-questions/<number>/answerer"
    by = ANSWERER | OFFICE
    helper_id = staff_id(label="转给谁（账号）")


class AnswerLegalQuestion(QuestionCommand):
    title = "答复"
    main = True
    route = "POST /legal-questions/<number>/answer"
    by = ANSWERER
    words = Text(2000, label="答复")


class PublishLegalAnswer(QuestionCommand):
    """Not by whoever answered: a second pair of eyes looks for names."""

    title = "公开给大家看"
    route = "POST /legal-questions/<number>/publication"
    by = OFFICE.but(ANSWERER)
    public_question = shared_text(300, label="问题", help="不写姓名、门牌和电话")
    public_answer = shared_text(2000, label="答复", help="不写姓名、门牌和电话")


class RenewLegalAnswer(QuestionCommand):
    """By whoever answers for it: the law has not changed."""

    title = "复核，继续公开"
    main = True
    route = "POST /legal-questions/<number>/renewal"
    by = ANSWERER
    public_answer = shared_text(2000, label="答复")


class WithdrawLegalAnswer(QuestionCommand):
    title = "撤下"
    route = "POST /legal-questions/<number>/withdrawal"
    by = ANSWERER | OFFICE


class GetLegalQuestion(MediationCommand):
    title = "查看法律咨询"
    route = "GET /legal-questions/<number>"
    by = READERS
    answer = QuestionView
    number = case_no()


class ListLegalQuestions(ListCommand, MediationCommand):
    title = "法律咨询"
    route = "GET /legal-questions"
    page = "legal-questions"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = QuestionPage
    state = Many(Code(QuestionState), most=10, label="进展")
    numbers = Many(case_no(), most=200)


class ListLegalAnswers(ListCommand, MediationCommand):
    title = "法律问答"
    route = "GET /legal-questions/board"
    page = "legal-answers"
    by = anybody()
    public = True
    answer = AnswerBoard
    area_path = area()


class ListLegalHelpers(MediationCommand):
    """Of a place and of those it lies in."""

    title = "法律力量"
    route = "GET /legal-helpers"
    by = at(Role.GRID, Role.COMMUNITY, Role.STREET, Role.MEDIATOR, Role.WINDOW, Role.LAWYER)
    answer = LegalHelpers
    area_path = area()
    topic = Code(LegalTopic, optional=True)
    dialect = Text(20, optional=True)


class LegalQuestionAsked(NumberedFact):
    title = "提问"
    for_staff, for_resident = "{topic}咨询[，请{answerer}答复]，{due_at}前。", "您的问题已经转给律师。"
    topic = Code(LegalTopic)
    answerer = One(PersonRef, optional=True)
    due_at = Moment()


class LegalQuestionPassedOn(NumberedFact):
    title = "转交"
    for_staff, for_resident = "转给{answerer}答复。", None
    answerer = One(PersonRef)


class LegalQuestionOverdue(NumberedFact):
    title = "超时"
    for_staff, for_resident = "期限内没有答复。", None
    answerer = One(PersonRef, optional=True)


class LegalQuestionAnswered(NumberedFact):
    """`taken_down_by`: who asked for somebody else, and tells them."""

    title = "答复"
    for_staff, for_resident = "{answerer}已答复。", "律师已经答复，请看详情。"
    answerer = One(PersonRef)
    taken_down_by = One(PersonRef, optional=True)


class LegalAnswerPublished(NumberedFact):
    title = "公开"
    for_staff, for_resident = "答复已公开。", None


class LegalAnswerExpired(NumberedFact):
    title = "到期"
    for_staff, for_resident = "公开的答复到期，待复核。", None
    answerer = One(PersonRef)


class LegalAnswerRenewed(NumberedFact):
    title = "复核"
    for_staff, for_resident = "复核后继续公开。", None


class LegalAnswerWithdrawn(NumberedFact):
    title = "撤下"
    for_staff, for_resident = "答复已撤下。", None
