"""Knowledge base 知识库: what was asked, what the law says, who answers for it and until when it may be offered."""

from typing import Any

from contracts.fields import Code, Count, Day, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MediationCommand, NumberedFact
from contracts.mediation.hints import ANSWER, BASIS, QUESTION, KnowledgeHint
from contracts.mediation.legal import LegalTopic
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no, staff_id
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, inside, own

TAG = "法律服务"


class KnowledgeState(Codes):
    CURRENT = "CURRENT", "可用"
    REVIEW = "REVIEW", "快到期，待复核"
    EXPIRED = "EXPIRED", "已过期"
    WITHDRAWN = "WITHDRAWN", "已撤下"


OWNER = own("owner_id", words="负责人")
WRITERS = at(Role.LAWYER)
"""Legal helpers, and whoever of the justice office was given that role."""
READERS = OWNER | inside(
    Role.LAWYER, Role.MEDIATOR, Role.COMMUNITY, Role.GRID, Role.STEWARD, Role.WINDOW, Role.STREET, Role.DISTRICT,
    Role.AUDITOR,
)  # fmt: skip
PLAIN = "不写姓名、门牌和电话"


class KnowledgeVersion(Shape):
    no = Count(1, label="第几版")
    question = Text(300, label=QUESTION)
    answer = Text(2000, label=ANSWER)
    legal_basis = Text(500, label=BASIS)
    written_by = One(PersonRef, label="谁写的")
    written_at = Moment(label="什么时候")


class KnowledgeView(AggregateView):
    """`due_at` of an entry under review is the end of the last day on which it is offered."""

    about = Matter(
        "KNOWLEDGE", "知识库", KnowledgeState, {"REVIEW": "复核知识库条目", "EXPIRED": "复核知识库条目"},
        headline="{topic}：{question}",
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(KnowledgeState, label="状态")
    topic = Code(LegalTopic, label="哪一类")
    question = Text(300, label=QUESTION)
    answer = Text(2000, label=ANSWER)
    legal_basis = Text(500, label=BASIS)
    keywords = Many(Text(20), label="关键词")
    owner = One(PersonRef, label="负责人", optional=True)
    expires_on = Day(label="有效到")
    version_no = Count(1, label="第几版")
    versions = some(KnowledgeVersion, label="各版")
    reason = Text(200, label="撤下的原因", optional=True)
    due_at = Moment(label="期限", optional=True)


class KnowledgePage(Page):
    items = some(KnowledgeView)


class KnowledgeHints(Page):
    items = some(KnowledgeHint)


class KnowledgeCommand(VersionedCommand, MediationCommand):
    answer = KnowledgeView
    number = case_no()


class WriteKnowledge(MediationCommand):
    """Whoever writes answers for it until somebody else takes it over."""

    title = "写入知识库"
    route = "POST /knowledge"
    by = WRITERS
    location = "/api/knowledge/{number}"
    answer = KnowledgeView
    topic = Code(LegalTopic, label="哪一类")
    area_path = area(label="用在哪里")
    question = shared_text(300, label=QUESTION, help=PLAIN)
    answer_text = shared_text(2000, label=ANSWER, help=PLAIN)
    legal_basis = shared_text(500, label=BASIS, help="哪部法律、第几条")
    keywords = Many(shared_text(20, shortest=2), most=20, label="关键词", help="群众会怎么说，如：漏水、房顶")
    expires_on = Day(label="有效到", optional=True, help="不填按规定的最长时间")


class ReviseKnowledge(KnowledgeCommand):
    """A new version; those before are kept. The time to expire begins anew."""

    title = "修订"
    route = "POST /knowledge/<number>/versions"
    by = OWNER | WRITERS
    question = shared_text(300, label=QUESTION, help=PLAIN)
    answer_text = shared_text(2000, label=ANSWER, help=PLAIN)
    legal_basis = shared_text(500, label=BASIS, help="哪部法律、第几条")
    keywords = Many(shared_text(20, shortest=2), most=20, label="关键词", help="群众会怎么说，如：漏水、房顶")
    expires_on = Day(label="有效到", optional=True, help="不填按规定的最长时间")


class RenewKnowledge(KnowledgeCommand):
    """The law has not changed: by whoever answers for it."""

    title = "复核，继续使用"
    main = True
    route = "POST /knowledge/<number>/renewal"
    by = OWNER
    expires_on = Day(label="有效到", optional=True, help="不填按规定的最长时间")


class HandOverKnowledge(KnowledgeCommand):
    """To somebody of the place's pool of legal helpers."""

    title = "换负责人"
    route = "POST /knowledge/<number>/owner"
    by = OWNER | at(Role.STREET)
    owner_id = staff_id(label="负责人账号")


class WithdrawKnowledge(KnowledgeCommand):
    title = "撤下"
    route = "POST /knowledge/<number>/withdrawal"
    by = OWNER | at(Role.STREET)
    reason = shared_text(200, label="原因")


class GetKnowledge(MediationCommand):
    title = "查看知识库条目"
    route = "GET /knowledge/<number>"
    by = READERS
    answer = KnowledgeView
    number = case_no()


class ListKnowledge(ListCommand, MediationCommand):
    title = "知识库"
    route = "GET /knowledge"
    page = "knowledge"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = KnowledgePage
    state = Many(Code(KnowledgeState), most=10, label="状态")
    topic = Many(Code(LegalTopic), most=10, label="哪一类")
    numbers = Many(case_no(), most=200)


class FindKnowledge(MediationCommand):
    """Entries in force for a place whose words fit, the best first; what has expired is not among them.

    A post, since what people said stands in no address; nothing of it is kept.
    """

    keeps_answer = False
    title = "按话查知识库"
    route = "POST /knowledge/hints"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = KnowledgeHints
    area_path = area(label="在哪里")
    words = Text(300, label="怎么说的")


class KnowledgeWritten(NumberedFact):
    title = "写入"
    for_staff, for_resident = "{topic}条目写入知识库，{owner}负责，到{expires_on}。", None
    topic, owner, expires_on = Code(LegalTopic), One(PersonRef), Day()


class KnowledgeRevised(NumberedFact):
    title = "修订"
    for_staff, for_resident = "修订为第{version_no}版，到{expires_on}。", None
    version_no, expires_on = Count(1), Day()


class KnowledgeReviewDue(NumberedFact):
    title = "快到期"
    for_staff, for_resident = "{due_at}到期，请{owner}复核。", None
    owner, due_at = One(PersonRef), Moment()


class KnowledgeExpired(NumberedFact):
    title = "过期"
    for_staff, for_resident = "没有复核，不再提供。", None
    owner = One(PersonRef)


class KnowledgeRenewed(NumberedFact):
    title = "复核"
    for_staff, for_resident = "复核后继续使用，到{expires_on}。", None
    expires_on = Day()


class KnowledgeHandedOver(NumberedFact):
    title = "换负责人"
    for_staff, for_resident = "由{owner}负责。", None
    owner = One(PersonRef)


class KnowledgeWithdrawn(NumberedFact):
    title = "撤下"
    for_staff, for_resident = "撤下，不再提供。", None
